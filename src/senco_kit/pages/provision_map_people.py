"""What the provision map page shows of people: the pupils, what each gets, and the adults or roles who give it."""

from __future__ import annotations

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import View
from senco_kit.in_figures import known
from senco_kit.pages.drawing import draw
from senco_kit.pages.provision_map_data import OpenSchool, Row, records
from senco_kit.pages.provision_map_views import ALL, filters, reliable_change, shown_pupils

_PUPILS_A_PAGE = 50


def pupils(school: OpenSchool, year: str = ALL, sen: str = ALL, page: str = "1") -> View:
    """The pupils that a filter lets through, fifty at a time, with what each gets and what it costs."""
    year_options, sen_options = filters(school, year, sen)
    through = set(school.data.pupils.loc[shown_pupils(school, year, sen), "pupil_id"])
    rows = [row for row in school.pupils if row["pupil_id"] in through]
    pages = max(1, -(-len(rows) // _PUPILS_A_PAGE))
    at = min(max(int(page[:6]), 1), pages) if page.isdecimal() else 1
    html = draw(
        "provision_map/pupils.html",
        school=school,
        rows=rows[(at - 1) * _PUPILS_A_PAGE : at * _PUPILS_A_PAGE],
        count=len(rows),
        at=at,
        pages=pages,
        year=year,
        sen=sen,
        year_options=year_options,
        sen_options=sen_options,
    )
    filtered = (year, sen, at) != (ALL, ALL, 1)
    return View("Pupils", html, focus="pupils-table" if filtered else "")


def find_pupil(school: OpenSchool, typed: str) -> str:
    """The place of the pupil with this number. Raises Refused when there is none."""
    wanted = typed.strip().casefold()
    for row in school.pupils:
        if school.pupil_name(row["pupil_id"]).casefold() == wanted:
            return f"{school.key}/pupil/{row['pupil_id']}"
    raise Refused("There is no pupil with this number or code. Type it as it stands in the table.")


def pupil(school: OpenSchool, pupil_id: str) -> View:
    """One pupil: what they get, what it costs, and how their scores changed."""
    found = next((row for row in school.pupils if str(row["pupil_id"]) == pupil_id), None)
    if found is None:
        raise Refused("There is no pupil with this number in this school.")
    enrolments = school.data.enrolments
    theirs = records(enrolments[enrolments["pupil_id"] == found["pupil_id"]])
    rows = []
    for row in theirs:
        about = school.provision(str(row["provision_id"]))
        change = row["exit_score"] - row["entry_score"]
        bound = reliable_change(school, about)
        reliable = known(change) and bound is not None and abs(change) > bound
        rows.append(about | row | {"change": change, "reliable": reliable})
    limit = next((row for row in school.threshold if row["pupil_id"] == found["pupil_id"]), None)
    html = draw("provision_map/pupil.html", school=school, pupil=found, rows=rows, limit=limit)
    return View(f"Pupil {school.pupil_name(found['pupil_id'])}", html)


# ---------------------------------------------------------------------------------------------------------- adults


def adults(school: OpenSchool) -> View:
    """Every adult who gives provision, or every role where the data names no adults: hours, pupils, cost."""
    title = "Adults" if school.has_adults else "Roles"
    return View(title, draw("provision_map/adults.html", school=school, title=title, rows=school.adults))


def adult(school: OpenSchool, staff_id: str) -> View:
    """One adult: what they give, and their week. Raises Refused where the data names roles only."""
    if not school.has_adults:
        raise Refused("Your file names roles, not adults. Go back to the list of roles.")
    about: Row = next((row for row in school.adults if str(row["staff_id"]) == staff_id), {})
    staff: Row = {}
    if school.data.staff is not None:
        staff = next((row for row in records(school.data.staff) if str(row["staff_id"]) == staff_id), {})
    if not about and not staff:
        raise Refused("There is no adult with this number in this school.")
    theirs = [row for row in school.provisions if known(row["staff_id"]) and str(int(row["staff_id"])) == staff_id]
    html = draw(
        "provision_map/adult.html",
        school=school,
        adult=staff | about | {"staff_id": staff_id},
        rows=theirs,
        week=_week(school, staff_id),
    )
    return View(f"Adult {staff_id}", html)


def _week(school: OpenSchool, staff_id: str) -> dict[tuple[int, int], str]:
    """What the adult does, by (weekday, period); nothing when the data has no timetable."""
    table = school.data.deployment
    if table is None:
        return {}
    names = {row["provision_id"]: str(row["name"]) for row in school.provisions}
    found = {}
    for row in records(table[table["staff_id"].astype(str) == staff_id]):
        if row["activity"] == "provision" and known(row["provision_id"]):
            words = names.get(row["provision_id"], "provision")
        elif row["activity"] == "pupil" and known(row["pupil_id"]):
            words = f"with pupil {int(row['pupil_id'])}"
        else:
            words = str(row["activity"]) + (f" {row['class_name']}" if known(row["class_name"]) else "")
        found[int(row["weekday"]), int(row["period"])] = words
    return found
