"""What a provision map would cost if it were changed: groups, time, who delivers, how many pupils, or none at all.

A scenario is a list of changes to a school's provisions. `price` gives each provision's cost and adult hours now and
then, by the one formula of cost.py; `share_out` holds amounts against a limit. Nothing here says whether the changed
provision would work: fewer minutes may cost less and do nothing.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from senco_kit.provision import cost, sensible
from senco_kit.provision.data import TERMS, ProvisionData
from senco_kit.schools import codes
from senco_kit.standards.read import fact
from senco_kit.typed_numbers import number_typed

#: What can be changed, with its name in words and between which numbers; the role is one of codes.STAFF_ROLES.
FIELDS: Final[Mapping[str, tuple[str, sensible.Ends | None]]] = {
    "pupils": ("Pupils", sensible.PUPILS),
    "group_size": ("Group size", sensible.GROUP_SIZE),
    "sessions_per_week": ("Sessions a week", sensible.SESSIONS_PER_WEEK),
    "minutes": ("Minutes", sensible.MINUTES),
    "weeks": ("Weeks", sensible.WEEKS),
    "role": ("Delivered by", None),
    "hourly_cost": ("Hourly cost", sensible.HOURLY_COST),
    "runs": ("Runs in the year", sensible.RUNS),
}


@dataclass(frozen=True)
class Change:
    """What is changed about one provision; None leaves it as it is. `runs` 0 leaves the provision out.

    A role without an hourly cost gets the usual cost of that role in the school, or the kit's planning rate.
    """

    provision_id: int
    pupils: int | None = None
    group_size: int | None = None
    sessions_per_week: float | None = None
    minutes: int | None = None
    weeks: int | None = None
    role: str | None = None
    hourly_cost: float | None = None
    runs: int | None = None

    def __post_init__(self) -> None:
        """Raise ValueError with a sentence for what cannot sensibly be."""
        for name in FIELDS:
            value = getattr(self, name)
            if value is not None:
                _check(name, value)


@dataclass(frozen=True)
class Scenario:
    """A named list of changes, at most one for each provision. `school` names the data that it is about."""

    id: str
    name: str
    school: str = ""
    changes: tuple[Change, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError when two changes are about one provision."""
        twice = [number for number, count in Counter(one.provision_id for one in self.changes).items() if count > 1]
        if twice:
            raise ValueError(f"The plan changes provision {twice[0]} twice. Keep one of the two changes.")


@dataclass(frozen=True)
class Price:
    """What a provision, or all of them, takes: pupils, groups, adult hours (preparation included) and pounds a year."""

    pupils: int
    groups: int
    hours_a_week: float
    hours_a_year: float
    cost: float
    preparation_cost: float

    @property
    def cost_with_preparation(self) -> float:
        """Pounds a year, preparation included."""
        return self.cost + self.preparation_cost

    @property
    def per_pupil(self) -> float | None:
        """Pounds a place, preparation included; None without pupils."""
        return self.cost_with_preparation / self.pupils if self.pupils else None


@dataclass(frozen=True)
class Row:
    """One provision now and in the scenario. `halves` are the halves of the year in which it runs, 0 and 1."""

    provision_id: int
    name: str
    role_now: str
    role_then: str
    now: Price
    then: Price
    changed: bool
    halves_now: tuple[int, ...]
    halves_then: tuple[int, ...]


@dataclass(frozen=True)
class Priced:
    """A whole map now and in the scenario. Hours a week are those of the busier half of the year."""

    scenario: Scenario
    rows: tuple[Row, ...]
    now: Price
    then: Price
    role_hours_now: Mapping[str, float]
    role_hours_then: Mapping[str, float]
    says: str


@dataclass(frozen=True)
class Shared:
    """An amount held against its limit: what is given, what is left (below 0: over), and a sentence that says so."""

    what: str
    limit: float
    given: float
    left: float
    says: str


def typed_value(field: str, text: str) -> float | int | str | None:
    """What a person typed for one of FIELDS; None for an empty box. Raises ValueError with a sentence.

    >>> typed_value("hourly_cost", "£18.50"), typed_value("weeks", "12"), typed_value("weeks", " ")
    (18.5, 12, None)
    """
    words, ends = FIELDS[field]
    written = text.strip()
    if not written:
        return None
    if ends is None:
        _check(field, written)
        return written
    try:
        number = number_typed(written)
    except ValueError as problem:
        raise ValueError(f"{words}: enter {ends.in_words()}.") from problem
    _check(field, number)
    return int(number) if ends.whole else number


def from_plain(kept: Mapping[str, Any]) -> Scenario:
    """A scenario from what the store keeps: id, name, school, and changes as typed texts by provision and field.

    Raises ValueError with a sentence for anything that is not such a scenario.
    """
    if not isinstance(kept, Mapping) or set(kept) != {"id", "name", "school", "changes"}:
        raise ValueError("This plan cannot be read: it must have an id, a name, a school and changes.")
    if not all(isinstance(kept[name], str) for name in ("id", "name", "school")) or not kept["name"].strip():
        raise ValueError("This plan cannot be read: its id, name and school must be text.")
    changes = kept["changes"]
    if not isinstance(changes, Mapping):
        raise ValueError("This plan cannot be read: its changes must stand by provision.")
    return Scenario(kept["id"], kept["name"], kept["school"], tuple(_change(*one) for one in changes.items()))


def price(data: ProvisionData, scenario: Scenario) -> Priced:
    """What each provision of one school costs now and in the scenario, and all of them together.

    Raises ValueError with a sentence when the scenario changes a provision that the school does not have.
    """
    changes = {change.provision_id: change for change in scenario.changes}
    strangers = sorted(set(changes) - {int(number) for number in data.provisions["provision_id"]})
    if strangers:
        raise ValueError(
            f"The plan {scenario.name} changes provision {strangers[0]}, which this school does not have. Take that "
            "change out, or choose the school that the plan was made for."
        )
    rates = rates_of(data)
    groups = cost.costs(data)[["pupils", "groups"]].astype(int)
    provisions = data.provisions.assign(pupils=groups["pupils"], groups=groups["groups"])
    rows = tuple(_row(one, changes.get(int(one["provision_id"])), rates) for one in _records(provisions))
    now, then = (_total(rows, which) for which in ("now", "then"))
    return Priced(scenario, rows, now, then, _role_hours(rows, "now"), _role_hours(rows, "then"), difference(now, then))


def difference(now: Price, then: Price) -> str:
    """What a change comes to, in a sentence.

    >>> now = Price(8, 2, 3.0, 36.0, 700.0, 100.0)
    >>> difference(now, Price(8, 1, 1.5, 18.0, 350.0, 50.0))
    'This costs £400 less a year (£400, now £800) and takes 1.5 adult hours a week fewer (1.5, now 3).'
    """
    pounds_now, pounds_then = round(now.cost_with_preparation), round(then.cost_with_preparation)
    hours_now, hours_then = round(now.hours_a_week, 1), round(then.hours_a_week, 1)
    if pounds_then == pounds_now:
        money = f"This costs the same ({_pounds(pounds_now)} a year)"
    else:
        word = "less" if pounds_then < pounds_now else "more"
        money = (
            f"This costs {_pounds(abs(pounds_then - pounds_now))} {word} a year ({_pounds(pounds_then)}, now "
            f"{_pounds(pounds_now)})"
        )
    if hours_then == hours_now:
        return f"{money} and takes as many adult hours a week ({hours_now:g})."
    word = "fewer" if hours_then < hours_now else "more"
    change = round(abs(hours_then - hours_now), 1)
    hours = "1 adult hour" if change == 1 else f"{change:g} adult hours"
    return f"{money} and takes {hours} a week {word} ({hours_then:g}, now {hours_now:g})."


def share_out(amounts: Mapping[int, float], limit: float, *, unit: str = "pounds", what: str = "The budget") -> Shared:
    """Amounts given to provisions against what there is: what is left or over. `unit` is "pounds" or "hours".

    Raises ValueError with a sentence for amounts or a limit below 0 or no number.

    >>> share_out({1: 300, 2: 450}, 700).says
    'The budget: £750 of £700 is shared out, £50 too much.'
    """
    if not all(math.isfinite(amount) and amount >= 0 for amount in (*amounts.values(), limit)):
        raise ValueError(f"{what}: enter amounts of 0 or more, in figures.")
    show = _pounds if unit == "pounds" else _hours
    given = sum(amounts.values())
    left = limit - given
    if abs(left) < 0.005:
        left, end = 0.0, "nothing left"
    else:
        end = f"{show(left)} left" if left > 0 else f"{show(-left)} too much"
    verb = "is" if unit == "pounds" else "are"
    start = show(given) if unit == "pounds" else f"{round(given, 1):,g}"
    return Shared(what, limit, given, left, f"{what}: {start} of {show(limit)} {verb} shared out, {end}.")


def _check(field: str, value: object) -> None:
    words, ends = FIELDS[field]
    if ends is None:
        if value not in codes.STAFF_ROLES:
            raise ValueError(f"{words}: choose one of {', '.join(codes.STAFF_ROLES)}.")
    elif isinstance(value, bool) or not isinstance(value, int | float) or not ends.fit(value):
        raise ValueError(f"{words}: enter {ends.in_words()}.")


def _change(provision_id: object, typed: object) -> Change:
    if not isinstance(provision_id, str) or not re.fullmatch("[0-9]{1,18}", provision_id):
        raise ValueError("This plan cannot be read: it changes a provision without a number.")
    if not isinstance(typed, Mapping) or not all(isinstance(text, str) for text in typed.values()):
        raise ValueError("This plan cannot be read: what was typed must be text.")
    unknown = sorted(str(name) for name in set(typed) - set(FIELDS))
    if unknown:
        raise ValueError("This plan cannot be read: it changes something that the planner does not know.")
    values: dict[str, Any] = {name: typed_value(name, text) for name, text in typed.items()}
    return Change(int(provision_id), **values)


def rates_of(data: ProvisionData) -> dict[str, float]:
    """Pounds an hour by role: the middle of the school's own, else the planning rate."""
    rates = cost.planning_rates()
    if data.staff is not None:
        own = data.staff.groupby(data.staff["role"].astype("str"))["hourly_cost"].median().dropna()
        rates.update({str(role): float(rate) for role, rate in own.items()})
    return rates


def _records(provisions: pd.DataFrame) -> Sequence[Mapping[str, Any]]:
    return [{str(name): value for name, value in record.items()} for record in provisions.to_dict("records")]


def _row(provision: Mapping[str, Any], change: Change | None, rates: Mapping[str, float]) -> Row:
    halves = tuple(range(TERMS.index(provision["first_term"]), TERMS.index(provision["last_term"])))
    role = str(provision["role"])
    now = _price(provision, provision["groups"], runs=1)
    number, name = int(provision["provision_id"]), str(provision["name"])
    if change is None:
        return Row(number, name, role, role, now, now, False, halves, halves)
    given = {field: getattr(change, field) for field in FIELDS if getattr(change, field) is not None}
    runs = given.pop("runs", 1)
    if change.role is not None and change.role != role and change.hourly_cost is None:
        given["hourly_cost"] = rates[change.role]
    then_provision = {**provision, **given}
    same_groups = all(then_provision[field] == provision[field] for field in ("pupils", "group_size"))
    then = _price(then_provision, provision["groups"] if same_groups else None, runs)
    halves_then = () if runs == 0 else halves if runs == 1 else tuple(range(len(TERMS) - 1))
    return Row(number, name, role, str(then_provision["role"]), now, then, now != then, halves, halves_then)


def _price(provision: Mapping[str, Any], groups: int | None, runs: int) -> Price:
    """One provision's price. Runs follow one another; those that the year has no room for run at the same time."""
    run = cost.run_cost(
        pupils=provision["pupils"],
        group_size=provision["group_size"],
        sessions_per_week=provision["sessions_per_week"],
        minutes=provision["minutes"],
        weeks=provision["weeks"],
        hourly_cost=provision["hourly_cost"],
        preparation_minutes=provision["preparation_minutes"],
        resources_per_pupil=provision["resources_per_pupil"],
        groups=groups,
    )
    in_turn = max(1, int(float(str(fact("school-weeks").value)) // provision["weeks"]))
    at_once = math.ceil(runs / in_turn)
    hours = float(run.hours + run.preparation_hours)
    return Price(
        pupils=int(provision["pupils"]) * runs,
        groups=int(run.groups) * runs,
        hours_a_week=hours / float(provision["weeks"]) * at_once,
        hours_a_year=hours * runs,
        cost=float(run.staff_cost + run.resource_cost) * runs,
        preparation_cost=float(run.preparation_cost) * runs,
    )


def _sides(rows: Iterable[Row], which: str) -> list[tuple[Price, str, tuple[int, ...]]]:
    if which == "now":
        return [(row.now, row.role_now, row.halves_now) for row in rows]
    return [(row.then, row.role_then, row.halves_then) for row in rows]


def _total(rows: Iterable[Row], which: str) -> Price:
    sides = _sides(rows, which)
    prices = [side[0] for side in sides]
    return Price(
        pupils=sum(one.pupils for one in prices),
        groups=sum(one.groups for one in prices),
        hours_a_week=_busiest(sides),
        hours_a_year=sum(one.hours_a_year for one in prices),
        cost=sum(one.cost for one in prices),
        preparation_cost=sum(one.preparation_cost for one in prices),
    )


def _role_hours(rows: Iterable[Row], which: str) -> dict[str, float]:
    """Hours a week of each role in its busier half of the year, in the order of the code list."""
    sides = _sides(rows, which)
    roles = {role for _, role, _ in sides}
    return {role: _busiest([side for side in sides if side[1] == role]) for role in codes.STAFF_ROLES if role in roles}


def _busiest(sides: Sequence[tuple[Price, str, tuple[int, ...]]]) -> float:
    halves = range(len(TERMS) - 1)
    return max(sum(one.hours_a_week for one, _, runs_in in sides if half in runs_in) for half in halves)


def _pounds(amount: float) -> str:
    return f"£{amount:,.0f}" if abs(amount - round(amount)) < 0.005 else f"£{amount:,.2f}"


def _hours(amount: float) -> str:
    shown = f"{round(amount, 1):,g}"
    return f"{shown} {'hour' if shown == '1' else 'hours'}"
