"""The school that the provision map page shows: opened once, then kept in memory with all that follows from it.

A school has a key, which stands in the page's address:

    primary-420-7     an invented school; schools/keys.py says how its key is made
    own               the person's own data, as read from the file they chose; in memory only
    own-ID            own data that the person keeps on this computer
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from senco_kit.forms.check import Refused
from senco_kit.pages.work import work
from senco_kit.schools.keys import has_every_truth, is_exercise, order_of
from senco_kit.schools.model import Order, Phase
from senco_kit.schools.package import PACKAGES

if TYPE_CHECKING:
    import pandas as pd

    from senco_kit.provision.data import ProvisionData
    from senco_kit.provision.signals import Signal
    from senco_kit.schools.make import School
    from senco_kit.schools.model import Truth

OWN = "own"
KEPT = "own-"

#: The sizes of school that can be made on the page. Larger ones are for the command line.
FEWEST_PUPILS, MOST_PUPILS = 60, 2000
#: So many opened schools are kept in memory.
_MOST_OPEN = 4

#: The parts of a school, as they stand in its trail: place and label.
_PLACES = (
    ("", "Map"),
    ("provisions", "Provisions"),
    ("pupils", "Pupils"),
    ("adults", "Adults"),
    ("money", "Money"),
    ("planner", "Planner"),
    ("report", "Report"),
)
_READ = ("read", "Read it yourself")
_HOW_SURE = ("how-sure", "How sure?")

PHASE_NAMES: dict[Phase, str] = {
    "primary": "Primary school",
    "secondary": "Secondary school",
    "all-through": "All-through school",
    "special": "Special school",
}

#: The year groups of each phase.
YEARS_OF: dict[Phase, str] = {
    "primary": "Reception to Year 6",
    "secondary": "Year 7 to Year 11",
    "all-through": "Reception to Year 11",
    "special": "Reception to Year 13",
}

#: One row of a table, by the name of the column.
Row = dict[str, Any]


def records(frame: pd.DataFrame) -> list[Row]:
    """The rows of a frame as dictionaries."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


@dataclass(eq=False)
class OpenSchool:
    """One school and what the rules say of it, each worked out when it is first asked for and then kept.

    `tables` are all of an invented school's tables; None for own data. `file` is the person's own file.
    """

    key: str
    data: ProvisionData
    tables: Mapping[str, pd.DataFrame] | None = None
    order: Order | None = None
    file: bytes = b""
    shown_name: str = ""

    @property
    def invented(self) -> bool:
        """Whether the school is invented."""
        return self.order is not None

    @property
    def can_be_compared(self) -> bool:
        """Whether a reading of it may be compared with the truth: never for the school of an assignment."""
        return self.invented and not is_exercise(self.key)

    @property
    def plans_key(self) -> str:
        """What the plans for this school are kept under: own data is known by its file, kept or not."""
        return self.key if self.invented else plans_key_of(self.file)

    @property
    def is_kept(self) -> bool:
        """Whether the person keeps this data of their own on this computer."""
        return self.key.startswith(KEPT)

    @property
    def name(self) -> str:
        """What the school is called on the page."""
        if self.order:
            seed = "" if self.key in PACKAGES else f", seed {self.order.seed}"
            return f"{PHASE_NAMES[self.order.phase]} of {self.order.pupils:,} pupils{seed}"
        return self.shown_name

    @property
    def is_special(self) -> bool:
        """Whether it is an invented special school. What phase a school of own data is in, nobody says."""
        return self.order is not None and self.order.phase == "special"

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """The parts of the page that this school has: place and label."""
        named = dict(_PLACES) | ({} if self.has_adults else {"adults": "Roles"})
        return (*named.items(), *((_READ,) if self.can_be_compared else ()), _HOW_SURE)

    @property
    def has_adults(self) -> bool:
        """Whether the data has a list of adults; own data names roles only."""
        return self.data.staff is not None and not self.data.staff.empty

    @cached_property
    def by_provision(self) -> pd.DataFrame:
        """Every provision with costs, delivery, impact and what the data suggests."""
        from senco_kit.provision.whole_map import by_provision

        return by_provision(self.data, ratio_gain=True)

    @cached_property
    def provisions(self) -> list[Row]:
        """The rows of `by_provision`, the highest cost first."""
        return sorted(records(self.by_provision), key=lambda row: -(row["cost"] if row["cost"] == row["cost"] else 0))

    def provision(self, provision_id: str) -> Row:
        """One of `provisions`. Raises Refused when there is none with this id."""
        for row in self.provisions:
            if str(row["provision_id"]) == provision_id:
                return row
        raise Refused("There is no provision with this number in this school.")

    @cached_property
    def by_area_and_year(self) -> dict[tuple[str, str], Row]:
        """Pupils and cost by (area, year group), where there are any."""
        from senco_kit.provision.whole_map import by_area_and_year

        rows = records(by_area_and_year(self.data))
        return {(str(row["area"]), str(row["year_group"])): row for row in rows if row["pupils"]}

    @cached_property
    def picture(self) -> Markup | None:
        """Cost against effect; None where no provision has an effect that can be told."""
        from senco_kit.charts.effect_chart import effect_chart
        from senco_kit.charts.effects import effects_from
        from senco_kit.provision.verdict import Rule

        effects = effects_from(self.by_provision)
        return effect_chart(effects, Rule().smallest_effect) if any(each.is_told for each in effects) else None

    @cached_property
    def pupil_costs(self) -> pd.DataFrame:
        """What each pupil gets, and what it costs."""
        from senco_kit.provision.cost import pupil_costs

        return pupil_costs(self.data)

    @cached_property
    def pupils(self) -> list[Row]:
        """Every pupil with provisions, hours and cost, by year group and number."""
        joined = self.data.pupils.merge(self.pupil_costs.drop(columns="school_id"), on="pupil_id", how="left")
        years = {year: place for place, year in enumerate(self.years)}
        rows = records(joined)
        return sorted(rows, key=lambda row: (years.get(str(row["year_group"]), 99), str(row["pupil_id"])))

    @cached_property
    def _codes(self) -> dict[Any, str]:
        pupils = self.data.pupils
        if "code" not in pupils:
            return {}
        return dict(zip(pupils["pupil_id"], pupils["code"].astype(str), strict=True))

    def pupil_name(self, pupil_id: Any) -> str:
        """How a pupil is named: with the person's own code, or else the number."""
        return self._codes.get(pupil_id, str(pupil_id))

    @cached_property
    def years(self) -> list[str]:
        """The year groups that the school has, the youngest first."""
        from senco_kit.schools.codes import YEARS

        here = {str(year) for year in self.data.pupils["year_group"].dropna().unique()}
        return [year for year in YEARS if year in here]

    @cached_property
    def adults(self) -> list[Row]:
        """Every adult who gives provision, with hours and cost."""
        from senco_kit.provision.whole_map import by_adult

        return records(by_adult(self.data))

    @cached_property
    def funding(self) -> list[Row]:
        """The funding lines with what is planned on them."""
        from senco_kit.provision.cost import funding

        return records(funding(self.data))

    @cached_property
    def threshold(self) -> list[Row]:
        """Pupils with SEN against the threshold, the highest cost first."""
        from senco_kit.provision.cost import threshold

        return sorted(records(threshold(self.data)), key=lambda row: -row["cost"])

    @cached_property
    def signals(self) -> list[Signal]:
        """The questions worth asking of this school's data."""
        from senco_kit.provision.signals import signals

        return signals(self.data, self.tables or {})

    @cached_property
    def truths(self) -> tuple[Truth, ...]:
        """What was planted in an invented school, made anew from its order; nothing for own data."""
        if self.order is None:
            return ()
        return _make(self.key, self.order).truths


class OpenSchools:
    """The schools that one page has opened. Own data lives here and nowhere else, unless the person keeps it."""

    def __init__(self) -> None:
        self._open: dict[str, OpenSchool] = {}
        self.own: OpenSchool | None = None

    def open(self, key: str) -> OpenSchool:
        """The school with this key. Raises Refused with a sentence when there is none."""
        if key == OWN:
            if self.own is None:
                raise Refused(
                    "Your own data is no longer in this page's memory, because the page was loaded anew. "
                    "Choose the file again."
                )
            return self.own
        if key.startswith(KEPT) and not any(kept["key"] == key for kept in kept_schools()):
            self.forget(key)  # it may have been deleted in another tab
        school = self._open.pop(key, None) or open_school(key)
        self._open[key] = school  # last in the order, so that the school longest unused goes first
        if len(self._open) > _MOST_OPEN:
            del self._open[next(iter(self._open))]
        return school

    def forget(self, key: str) -> None:
        """Let a school go from memory."""
        self._open.pop(key, None)
        if key == OWN:
            self.own = None


def open_school(key: str) -> OpenSchool:
    """Make or read the school with this key. Raises Refused with a sentence when there is none."""
    order = order_of(key)
    if order is not None:
        return _invented(key, order)
    if key.startswith(KEPT):
        return _kept(key)
    raise Refused("There is no such school.")


def _invented(key: str, order: Order) -> OpenSchool:
    if not FEWEST_PUPILS <= order.pupils <= MOST_PUPILS:
        raise Refused(f"The page makes schools of {FEWEST_PUPILS} to {MOST_PUPILS:,} pupils. Choose such a number.")
    from senco_kit.provision.data import from_tables
    from senco_kit.schools.files import frames

    tables = frames(_make(key, order).tables)
    return OpenSchool(key, from_tables(tables), tables, order)


def _make(key: str, order: Order) -> School:
    from senco_kit.schools.make import make_school

    return make_school(order, every_truth=has_every_truth(key))


def kept_schools() -> list[Row]:
    """Own data that the person keeps on this computer: key, name, and since when."""
    with work() as store:
        found = store.own_schools.all()
    return [{"key": f"{KEPT}{each.id}", "name": each.name, "made_at": each.kept_at} for each in found]


def _kept(key: str) -> OpenSchool:
    from senco_kit.provision.own_data import Mistakes

    with work() as store:
        school_id = key.removeprefix(KEPT)
        about = next((each for each in store.own_schools.all() if each.id == school_id), None)
        data = store.own_schools.data(school_id)
    name = about.name if about else ""
    try:
        opened = read_own(data)
    except Mistakes as wrong:
        raise Refused(
            f"The kit can no longer read “{name}”, perhaps because a newer version checks more: go to all schools, "
            "delete it there, and choose your file again."
        ) from wrong
    opened.key, opened.shown_name = key, name
    return opened


def plans_key_of(file: bytes) -> str:
    """What the plans for own data are kept under: nothing in it tells what the file holds."""
    return f"file-{hashlib.sha256(file).hexdigest()[:32]}"


def kind_of_file(data: bytes) -> str:
    """How the name of a file with these bytes ends: an Excel workbook is a zip that holds a workbook."""
    if not data.startswith(b"PK"):
        return "csv"
    return "xlsx" if b"xl/workbook.xml" in data or b"[Content_Types].xml" in data else "zip"


def read_own(data: bytes) -> OpenSchool:
    """The person's own data from the bytes of their file. Raises own_data.Mistakes with all that is wrong in it."""
    from senco_kit.provision import own_data

    read = own_data.read(data, f"own.{kind_of_file(data)}")
    return OpenSchool(OWN, read, file=data, shown_name=read.name or "Your own data")
