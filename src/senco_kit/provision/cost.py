"""What provision costs: the formula of the facts register, with the real groups; preparation shown apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from senco_kit.provision.data import ProvisionData
from senco_kit.standards.read import fact

#: What the threshold means, in the words to show beside any figure that is compared with it.
THRESHOLD_MEANS: Final = (
    "A threshold, not an allocation: no pupil comes with £6,000. A school is expected to meet the cost of a pupil's "
    "SEN support up to £6,000 a year from its own budget, and most pupils' support costs far less. Beyond it the "
    "school may ask the local authority for top-up. The notional SEN budget is a guide within the school's budget, not "
    "a separate grant, and it does not follow the number of pupils recorded."
)

#: The fact that gives each role's planning figure for an hour.
_RATE_OF_ROLE: Final = {
    "teacher": "cost-hour-teacher",
    "SENCO": "cost-hour-teacher",
    "specialist teacher": "cost-hour-teacher",
    "higher level teaching assistant": "cost-hour-higher-level-teaching-assistant",
    "teaching assistant": "cost-hour-teaching-assistant",
    "emotional literacy support assistant": "cost-hour-teaching-assistant",
    "therapist (bought in)": "cost-hour-therapist",
}

#: With fewer other provisions than this, nothing is called usual.
FEWEST_OTHERS: Final = 3

Number = Any  # a float, or a NumPy array of floats


class RunCost(NamedTuple):
    """What one run of a provision takes: groups, hours of the adult, and pounds. Floats or arrays, as given."""

    groups: Number
    hours: Number
    preparation_hours: Number
    staff_cost: Number
    preparation_cost: Number
    resource_cost: Number


def planning_rates() -> dict[str, float]:
    """Pounds for an hour of each role, on-costs included, from the facts register: for where a school's own are
    missing."""
    return {role: float(str(fact(rate).value)) for role, rate in _RATE_OF_ROLE.items()}


def run_cost(
    pupils: Number,
    group_size: Number,
    sessions_per_week: Number,
    minutes: Number,
    weeks: Number,
    hourly_cost: Number,
    preparation_minutes: Number = 0,
    resources_per_pupil: Number = 0,
    groups: Number | None = None,
) -> RunCost:
    """The formula "provision-cost-formula" of the facts register, for numbers or arrays.

    A group costs hourly cost x minutes / 60 x sessions a week x weeks, however many pupils are in it; preparation is
    minutes for each session of each group. `groups` is the real number of groups; without it, as few as hold the
    pupils.

    >>> cost = run_cost(6, 4, sessions_per_week=3, minutes=20, weeks=12, hourly_cost=20, resources_per_pupil=5)
    >>> float(cost.groups), float(cost.hours), float(cost.staff_cost), float(cost.resource_cost)
    (2.0, 24.0, 480.0, 30.0)
    """
    groups = np.ceil(np.divide(pupils, np.maximum(group_size, 1))) if groups is None else np.asarray(groups)
    sessions = np.multiply(groups, sessions_per_week) * weeks
    hours, preparation = sessions * minutes / 60, sessions * preparation_minutes / 60
    return RunCost(
        groups,
        hours,
        preparation,
        hours * hourly_cost,
        preparation * hourly_cost,
        np.multiply(pupils, resources_per_pupil),
    )


def costs(data: ProvisionData) -> pd.DataFrame:
    """What each provision costs, a row for each row of `data.provisions`, in its order and with its index.

    Columns: school_id, provision_id, name, area, tier, role, staff_id, funding_line; pupils, groups (the real ones: the
    last may be smaller); hours_planned and hours_delivered (of the adult; NaN where no delivery is recorded),
    preparation_hours; staff_cost, resource_cost, cost (staff_cost + resource_cost: the formula), preparation_cost
    (apart), cost_with_preparation; cost_per_pupil, cost_per_pupil_with_preparation, cost_per_delivered_hour (cost over
    the adult's delivered hours). Pounds and hours for the whole run of the provision. NaN where there is nothing to
    divide by.
    """
    provisions = data.provisions
    given = _Given(data)
    run = _runs(data, given)
    pupils = given.pupils
    delivered = given.sessions_held * provisions["minutes"].to_numpy(float) / 60
    cost = run.staff_cost + run.resource_cost
    everything = cost + run.preparation_cost
    columns = {name: provisions[name] for name in ("school_id", "provision_id", "name", "area", "tier", "role")}
    return pd.DataFrame(
        {
            **columns,
            "staff_id": provisions["staff_id"],
            "funding_line": provisions["funding_line"],
            "pupils": pupils,
            "groups": run.groups.astype(int),
            "hours_planned": run.hours,
            "hours_delivered": delivered,
            "preparation_hours": run.preparation_hours,
            "staff_cost": run.staff_cost,
            "resource_cost": run.resource_cost,
            "cost": cost,
            "preparation_cost": run.preparation_cost,
            "cost_with_preparation": everything,
            "cost_per_pupil": over(cost, pupils),
            "cost_per_pupil_with_preparation": over(everything, pupils),
            "cost_per_delivered_hour": over(cost, delivered),
        },
        index=provisions.index,
    )


def over(amount: Any, number: Any) -> npt.NDArray[np.float64]:
    """One array over another, NaN where there is nothing to divide by."""
    top, bottom = np.broadcast_arrays(np.asarray(amount, float), np.asarray(number, float))
    quotient: npt.NDArray[np.float64] = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)
    return quotient


def beside_others(found: pd.DataFrame) -> pd.DataFrame:
    """How dear a place in each provision is beside others of its kind, for a frame made by `costs`.

    Columns: usual (pounds a pupil: the median of the other provisions of the school in the same area and tier, or in
    the same tier where the area has fewer than FEWEST_OTHERS), times_usual, others (how many). NaN where too few are
    left.
    """
    value = found["cost_per_pupil"].to_numpy(float)
    keys = [pd.factorize(found[name])[0] for name in ("school_id", "tier", "area")]
    tier = np.unique(np.stack(keys[:2]), axis=1, return_inverse=True)[1]
    kind = np.unique(np.stack([tier, keys[2]]), axis=1, return_inverse=True)[1]
    (usual, others), (wider, more) = _median_of_others(value, kind), _median_of_others(value, tier)
    few = others < FEWEST_OTHERS
    usual, others = np.where(few, wider, usual), np.where(few, more, others)
    usual = np.where(others < FEWEST_OTHERS, np.nan, usual)
    return pd.DataFrame({"usual": usual, "times_usual": over(value, usual), "others": others}, index=found.index)


def _median_of_others(value: npt.NDArray[np.float64], group: Any) -> tuple[npt.NDArray[np.float64], Any]:
    """For each value the median of the other values of its group (NaN left out), and how many those are."""
    known = ~np.isnan(value)
    order = np.lexsort((value, ~known, group))  # by group, values rising, unknown ones last
    size = np.bincount(group[known], minlength=group.max() + 1) if len(group) else np.zeros(0, int)
    total = np.bincount(group) if len(group) else np.zeros(0, int)
    start = np.cumsum(total) - total
    rank = np.empty(len(value), int)
    rank[order] = np.arange(len(value)) - start[group[order]]
    others = size[group] - known
    rank = np.where(known, rank, size[group])
    middle = np.stack([(others - 1) // 2, others // 2])
    # The place of the middle ones among all: one further on when the value itself comes before them.
    place = start[group] + np.clip(middle + (middle >= rank), 0, None)
    safe = np.minimum(place, max(len(value) - 1, 0))
    median = value[order][safe].mean(axis=0) if len(value) else value
    return np.where(others > 0, median, np.nan), others


class _Given:
    """Who is in which group of which provision, and how many sessions each group was held for."""

    def __init__(self, data: ProvisionData) -> None:
        rows = data.enrolments
        count = len(data.provisions)
        place = pd.Index(data.provisions["provision_id"]).get_indexer(rows["provision_id"])
        #: The enrolments whose provision is known, and the place of each one's provision.
        self.rows = np.flatnonzero(place >= 0)
        self.provision = place[self.rows]
        self.pupils = np.bincount(self.provision, minlength=count)
        size = np.maximum(data.provisions["group_size"].to_numpy(float), 1)
        group = (
            rows["group"].to_numpy(float, na_value=np.nan)[self.rows]
            if "group" in rows
            else np.full(len(place), np.nan)
        )
        grouped = np.bincount(self.provision, ~np.isnan(group), count) == self.pupils
        if not grouped.all():
            group = np.where(grouped[self.provision], group, self._filled(size))
        span = np.int64(group.max() + 2) if len(group) else np.int64(1)
        key, self.group = np.unique(self.provision * span + group.astype(np.int64), return_inverse=True)
        #: The provision of each group.
        self.group_provision = key // span
        self.groups = np.bincount(self.group_provision, minlength=count)
        self.in_group = np.bincount(self.group, minlength=len(self.group_provision))
        # A session was held if any pupil of the group was given it: the most that any of them was given.
        delivered = rows["delivered_sessions"].to_numpy(float, na_value=np.nan)[self.rows]
        held = np.full(len(self.group_provision), -1.0)
        np.fmax.at(held, self.group, delivered)
        known = held >= 0
        unknown = np.bincount(self.group_provision, ~known, count) > 0
        total = np.bincount(self.group_provision, np.where(known, held, 0.0), count)
        self.sessions_held = np.where(unknown, np.nan, total)

    def _filled(self, size: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Groups filled one after another where the data name none."""
        order = np.argsort(self.provision, kind="stable")
        starts = np.cumsum(np.r_[0, self.pupils[:-1]])
        number = np.empty(len(order))
        number[order] = np.arange(len(order)) - starts[self.provision[order]]
        filled: npt.NDArray[np.float64] = np.floor(number / size[self.provision])
        return filled


def _runs(data: ProvisionData, given: _Given) -> RunCost:
    provisions = data.provisions
    figures = ("sessions_per_week", "minutes", "weeks", "hourly_cost", "preparation_minutes", "resources_per_pupil")
    values = {name: provisions[name].to_numpy(float, na_value=np.nan) for name in figures}
    return run_cost(given.pupils, provisions["group_size"].to_numpy(float), **values, groups=given.groups)


def enrolment_costs(data: ProvisionData) -> pd.DataFrame:
    """Each pupil's part of each provision: school_id, provision_id, pupil_id, hours (of the adult, planned, the pupil's
    share), pupil_hours_planned, pupil_hours (delivered to the pupil), cost, preparation_cost. The adult of a group is
    shared equally by the pupils in it, so that the parts add up to the provision.
    """
    given = _Given(data)
    run = _runs(data, given)
    rows = data.enrolments.iloc[given.rows]
    place = given.provision
    share = 1.0 / (given.in_group[given.group] * given.groups[place])
    minutes = data.provisions["minutes"].to_numpy(float)[place]
    resources = data.provisions["resources_per_pupil"].to_numpy(float)[place]
    return pd.DataFrame(
        {
            "school_id": data.provisions["school_id"].to_numpy()[place],
            "provision_id": rows["provision_id"].to_numpy(),
            "pupil_id": rows["pupil_id"].to_numpy(),
            "hours": run.hours[place] * share,
            "pupil_hours_planned": rows["planned_sessions"].to_numpy(float, na_value=np.nan) * minutes / 60,
            "pupil_hours": rows["delivered_sessions"].to_numpy(float, na_value=np.nan) * minutes / 60,
            "cost": run.staff_cost[place] * share + resources,
            "preparation_cost": run.preparation_cost[place] * share,
        }
    )


def pupil_costs(data: ProvisionData) -> pd.DataFrame:
    """What each pupil gets: school_id, pupil_id, provisions, hours (delivered to the pupil; what is not recorded counts
    as none), hours_planned, cost, preparation_cost. One row for each row of `data.pupils`, zeros for pupils in none.
    """
    parts = enrolment_costs(data)
    pupils = data.pupils
    place = pd.Index(pupils["pupil_id"]).get_indexer(parts["pupil_id"])
    known = place >= 0

    def total(name: str) -> npt.NDArray[np.float64]:
        sums = np.bincount(place[known], np.nan_to_num(parts[name].to_numpy(float)[known]), len(pupils))
        return sums.astype(float)

    return pd.DataFrame(
        {
            "school_id": pupils["school_id"],
            "pupil_id": pupils["pupil_id"],
            "provisions": np.bincount(place[known], minlength=len(pupils)),
            "hours": total("pupil_hours"),
            "hours_planned": total("pupil_hours_planned"),
            "cost": total("cost"),
            "preparation_cost": total("preparation_cost"),
        },
        index=pupils.index,
    )


def funding(data: ProvisionData) -> pd.DataFrame:
    """Each school's funding lines: school_id, funding_line, budget, planned_cost (of the provisions on the line,
    preparation included), spent, left (budget less planned_cost), share (planned_cost over budget), meant_for.
    budget and spent are NaN where the data have none; provisions on no line are not here.
    """
    keys = ["school_id", "funding_line"]
    found = costs(data)
    named = found["funding_line"].notna()
    parts = {"planned_cost": _totals(found[named], keys, "cost_with_preparation")}
    if data.spending is not None:
        parts["spent"] = _totals(data.spending, keys, "amount")
    if data.budget is not None:
        parts["budget"] = _totals(data.budget, keys, "amount")
    lines = pd.concat(parts, axis=1).reset_index()
    for name in ("budget", "spent"):
        if name not in lines:
            lines[name] = np.nan
    lines["planned_cost"] = lines["planned_cost"].fillna(0.0)
    lines["left"] = lines["budget"] - lines["planned_cost"]
    lines["share"] = over(lines["planned_cost"], lines["budget"])
    lines["meant_for"] = _meant_for(data, lines)
    order = ["school_id", "funding_line", "budget", "planned_cost", "spent", "left", "share", "meant_for"]
    return lines.sort_values(keys, ignore_index=True)[order]


def _totals(table: pd.DataFrame, keys: list[str], amount: str) -> pd.Series[Any]:
    plain = table[[*keys, amount]].astype({keys[-1]: "str"})
    totals: pd.Series[Any] = plain.groupby(keys)[amount].sum()
    return totals


def _meant_for(data: ProvisionData, lines: pd.DataFrame) -> list[str]:
    if data.budget is None:
        return [""] * len(lines)
    table = zip(data.budget["school_id"], data.budget["funding_line"], data.budget["meant_for"], strict=True)
    meant = {(school, str(line)): str(words) for school, line, words in table}
    return [
        meant.get((school, line), "") for school, line in zip(lines["school_id"], lines["funding_line"], strict=True)
    ]


def threshold(data: ProvisionData) -> pd.DataFrame:
    """Pupils with SEN against the threshold: school_id, pupil_id, SENprovision, cost (preparation included), threshold
    (pounds, from the facts register), over (bool), pounds_over. What the threshold means: `THRESHOLD_MEANS`.

    Universal provision is left out: the threshold is about what is additional to or different from what all pupils get.
    """
    pounds = float(str(fact("notional-sen-threshold").value))
    beyond = replace(data, provisions=data.provisions[data.provisions["tier"] != "universal"])
    found = pupil_costs(beyond)
    cost = found["cost"] + found["preparation_cost"]
    table = pd.DataFrame(
        {
            "school_id": data.pupils["school_id"],
            "pupil_id": data.pupils["pupil_id"],
            "SENprovision": data.pupils["SENprovision"],
            "cost": cost,
            "threshold": pounds,
            "over": cost > pounds,
            "pounds_over": np.maximum(cost - pounds, 0.0),
        }
    )
    return table[data.pupils["SENprovision"].isin(["K", "E"])].reset_index(drop=True)
