"""The provision map page: what provision costs, whether it was given, whether it helped, and how sure one can be.

Places of the page (what stands in the address after "#/"); KEY names a school as provision_map_data says:

    (nothing)                     choose a school, make one, or bring your own data
    KEY, KEY/map/YEAR/SEN         the whole-school map, for all pupils or for some
    KEY/provisions, KEY/provision/ID
    KEY/pupils, KEY/pupils/YEAR/SEN/PAGE, KEY/pupil/ID
    KEY/adults, KEY/adult/ID
    KEY/money                     funding lines, the notional budget, the threshold
    KEY/planner, KEY/planner/...  see provision_map_planner
    KEY/report                    Word and Excel, and the version for others
    KEY/read, KEY/read/compare    what the learner makes of the data, beside what was planted (invented schools)
    KEY/how-sure                  how the page works things out, and how far to trust it
    own/keep, KEY/delete          own data: keep it, forget it, delete it
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from senco_kit.forms.check import Refused
from senco_kit.forms.fields import Value
from senco_kit.forms.screen import Answer, GoTo, Parts, View
from senco_kit.pages import provision_map_own_data as own_data
from senco_kit.pages import provision_map_people as people
from senco_kit.pages import provision_map_planner as planner
from senco_kit.pages import provision_map_reading as reading
from senco_kit.pages import provision_map_reports as reports
from senco_kit.pages import provision_map_start as start
from senco_kit.pages import provision_map_trust as trust
from senco_kit.pages import provision_map_views as views
from senco_kit.pages.kit_page import KitPage
from senco_kit.pages.provision_map_data import OpenSchool, OpenSchools

_PLACES: dict[str, Callable[[OpenSchool], View]] = {
    "provisions": views.provisions,
    "pupils": people.pupils,
    "adults": people.adults,
    "money": views.money,
    "report": reports.report,
    "how-sure": trust.how_sure,
    "read": reading.questions,
}


class ProvisionMapPage(KitPage):
    """Everything a person does with a provision map. Opened schools stay in memory, so that filters answer at once."""

    title = "Provision map"
    way_on = "All schools"

    def __init__(self) -> None:
        self._schools = OpenSchools()

    # --------------------------------------------------------------------------------------- what is shown

    def show(self, where: str) -> View:
        """One place of the page; see the list above."""
        key, *rest = [part for part in where.split("/") if part] or [""]
        if not key:
            return start.choose(self._schools)
        if rest == ["delete"]:
            return own_data.delete_question(key)
        return self._in_school(self._schools.open(key), rest)

    def _in_school(self, school: OpenSchool, rest: list[str]) -> View:
        match rest:
            case []:
                return views.map_of(school)
            case ["keep"]:
                return own_data.keep_question(school)
            case ["map", year, sen]:
                return views.map_of(school, year, sen)
            case ["provision", provision_id]:
                return views.provision(school, provision_id)
            case ["pupils", year, sen, *page]:
                return people.pupils(school, year, sen, *page[:1])
            case ["pupil", pupil_id]:
                return people.pupil(school, pupil_id)
            case ["adult", staff_id]:
                return people.adult(school, staff_id)
            case ["planner", *planned]:
                return planner.show(school, planned)
            case ["read", "compare"]:
                return reading.comparison(school)
            case [place] if place in _PLACES:
                return _PLACES[place](school)
            case _:
                raise Refused("There is no such place on this page.")

    # ---------------------------------------------------------------------------------------- what is kept

    def save(self, form: str, name: str, value: Value) -> Parts | None:
        """Keep one answer: `reading:KEY` holds what a learner makes of a school, `scenario:KEY:ID` a plan."""
        if not isinstance(value, str):
            raise Refused("This answer is not text. Reload the page and answer again.")
        match form.split(":"):
            case ["reading", key]:
                return reading.save(self._schools.open(key), name, value)
            case ["scenario", key, scenario_id]:
                return planner.save(self._schools.open(key), scenario_id, name, value)
            case _:
                raise Refused("The page sent an answer that the kit does not ask for. Reload the page.")

    # ------------------------------------------------------------------------------------- what buttons do

    def press(self, action: str, values: Mapping[str, str]) -> Answer:
        """Filter, find, make a school, plan, make a report, keep or delete own data."""
        match action:
            case "make":
                return start.make(self._schools, values)
            case "template":
                return own_data.template(values.get("as", ""))
            case "keep":
                return own_data.keep(self._schools, values)
            case "forget":
                self._schools.forget("own")
                return GoTo("", "Your data is no longer in memory. Plans that you made for it are still saved.")
            case "delete-kept":
                return own_data.delete(self._schools, values.get("key", ""))
        if "school" in values:
            return self._press_in_school(self._schools.open(values["school"]), action, values)
        return super().press(action, values)

    def _press_in_school(self, school: OpenSchool, action: str, values: Mapping[str, str]) -> Answer:
        year, sen = values.get("year", views.ALL), values.get("sen", views.ALL)
        match action:
            case "filter":
                return GoTo(f"{school.key}/map/{year}/{sen}")
            case "filter-pupils":
                return GoTo(f"{school.key}/pupils/{year}/{sen}/1")
            case "find-pupil":
                return GoTo(people.find_pupil(school, values.get("pupil", "")))
            case "report":
                return reports.download(school, values)
            case "read-again":
                return reading.begin_again(school)
        return planner.press(school, action, values)

    def take_file(self, action: str, data: bytes) -> Answer:
        """Read the person's own data into memory, or say all that is wrong in the file."""
        if action != "upload":
            return super().take_file(action, data)
        return own_data.take(self._schools, data)
