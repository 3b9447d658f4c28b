"""The provision map in its five views: tier by area, area by year, by pupil, by provision, by adult. Plain tables."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from senco_kit.provision.cost import costs, enrolment_costs, over, pupil_costs
from senco_kit.provision.data import AREAS, TERMS, TIERS, YEAR_GROUPS, ProvisionData
from senco_kit.provision.delivery import delivery
from senco_kit.provision.impact import impact
from senco_kit.provision.verdict import verdicts

#: Stands for all areas, or all tiers, together.
ALL: Final = "all"


def by_tier_and_area(data: ProvisionData, through: npt.NDArray[np.bool_] | None = None) -> pd.DataFrame:
    """school_id, area, tier, provisions, pupils, hours (of adults, planned), hours_a_week, cost, cost_per_pupil; every
    combination of area and tier, zeros where nothing runs, with "all" for the sums (a pupil counts once in each).

    `through` says of each row of `data.pupils` whether it counts; the others' share of hours and cost is left out.
    """
    parts = _parts(data)
    if through is not None:
        parts = parts[through[parts["pupil"].to_numpy()]]
    sums = (parts, parts.assign(area=ALL), parts.assign(tier=ALL), parts.assign(area=ALL, tier=ALL))
    schools = pd.unique(data.pupils["school_id"])
    every = pd.MultiIndex.from_product([schools, (*AREAS, ALL), (*TIERS, ALL)], names=["school_id", "area", "tier"])
    keys = ["school_id", "area", "tier"]
    return pd.concat([_summed(some, keys) for some in sums]).reindex(every).pipe(_finished)


def by_area_and_year(data: ProvisionData) -> pd.DataFrame:
    """school_id, area (of the provision), year_group, and figures as in `by_tier_and_area`; every area, and
    every year that the school has.
    """
    years = data.pupils[["school_id", "year_group"]].drop_duplicates()
    years["year_group"] = years["year_group"].astype("str")
    every = years.merge(pd.DataFrame({"area": pd.array(AREAS, dtype="str")}), how="cross")
    place = every["year_group"].map(YEAR_GROUPS.index)
    every = every.iloc[np.lexsort((place, every["area"].map(AREAS.index), every["school_id"]))]
    keys = ["school_id", "area", "year_group"]
    return _summed(_parts(data), keys).reindex(pd.MultiIndex.from_frame(every[keys])).pipe(_finished)


def by_pupil(data: ProvisionData) -> pd.DataFrame:
    """Pupils in some provision or with SEN: school_id, pupil_id, code (a school's own, where the data have it),
    year_group, class_name, SENprovision, SENtype, area, provisions, names (joined by "; "), hours, hours_planned, cost,
    preparation_cost, share (delivered of planned hours; NaN for pupils in none).
    """
    names = ("school_id", "pupil_id", "code", "year_group", "class_name", "SENprovision", "SENtype", "area")
    known = [name for name in names if name in data.pupils or name != "code"]
    money = pupil_costs(data)
    table = data.pupils[known].join(money.drop(columns=["school_id", "pupil_id"]))
    table["share"] = over(table["hours"], table["hours_planned"])
    table = table[(table["provisions"] > 0) | table["SENprovision"].isin(["K", "E"])]
    table.insert(len(known) + 1, "names", _names(data)[table.index])
    return table.reset_index(drop=True)


def _names(data: ProvisionData) -> npt.NDArray[np.object_]:
    """The names of each pupil's provisions, joined; by the first of every pupil, then the second, and so on."""
    rows, pupils = data.enrolments, len(data.pupils)
    provision = pd.Index(data.provisions["provision_id"]).get_indexer(pd.Index(rows["provision_id"]))
    pupil = pd.Index(data.pupils["pupil_id"]).get_indexer(pd.Index(rows["pupil_id"]))
    names = data.provisions["name"].astype("str").to_numpy(object)
    order = np.argsort(pupil, kind="stable")
    order = order[(pupil[order] >= 0) & (provision[order] >= 0)]
    owner = pupil[order]
    first = np.searchsorted(owner, np.arange(pupils))
    turn = np.arange(len(owner)) - first[owner]
    joined = np.full(pupils, "", dtype=object)
    for number in range(int(turn.max(initial=-1)) + 1):
        at = turn == number
        joined[owner[at]] += ("; " if number else "") + names[provision[order[at]]]
    return joined


def by_provision(data: ProvisionData, *, ratio_gain: bool = False) -> pd.DataFrame:
    """A row a provision: its columns in `data.provisions`, then those of costs, delivery, impact and verdicts."""
    spent, given, worked = costs(data), delivery(data), impact(data, ratio_gain=ratio_gain)
    table = data.provisions
    for more in (spent, given, worked, verdicts(spent, given, worked)):
        table = table.join(more[[name for name in more if name not in table]])
    return table


def by_adult(data: ProvisionData) -> pd.DataFrame:
    """school_id, staff_id, role, weekly_hours, provisions, pupils, hours_a_week (the most in any half of the year,
    preparation included), share (hours_a_week / weekly_hours), over (bool), cost (preparation included). weekly_hours
    is NaN where not known. Adults who give no provision are left out.
    """
    spent = costs(data)
    provisions = data.provisions
    weeks = np.maximum(provisions["weeks"].to_numpy(float), 1)
    weekly = (spent["hours_planned"] + spent["preparation_hours"]).to_numpy() / weeks
    first, last = (_term(provisions[name]) for name in ("first_term", "last_term"))
    halves = {f"half_{half}": weekly * ((first <= half) & (last > half)) for half in range(len(TERMS) - 1)}
    frame = pd.DataFrame(
        {"school_id": spent["school_id"], "staff_id": spent["staff_id"], "role": spent["role"].astype("str"), **halves}
    )
    frame["provisions"], frame["cost"] = 1, spent["cost_with_preparation"]
    keys = ["school_id", "staff_id"]
    sums = frame.groupby(keys).agg(
        {"role": "first", "provisions": "sum", "cost": "sum", **dict.fromkeys(halves, "sum")}
    )
    staff = dict(zip(provisions["provision_id"], provisions["staff_id"], strict=True))
    pupils = data.enrolments[["school_id", "pupil_id"]].assign(staff_id=data.enrolments["provision_id"].map(staff))
    sums["pupils"] = pupils.drop_duplicates().groupby(keys).size()
    table = sums.reset_index()
    table["weekly_hours"] = np.nan
    if data.staff is not None:
        table["weekly_hours"] = table["staff_id"].map(data.staff.set_index("staff_id")["weekly_hours"]).astype(float)
    table["hours_a_week"] = table[list(halves)].max(axis=1)
    table["share"] = over(table["hours_a_week"], table["weekly_hours"])
    table["over"] = table["share"] > 1
    table["pupils"] = table["pupils"].fillna(0).astype(int)
    return table[[*keys, "role", "weekly_hours", "provisions", "pupils", "hours_a_week", "share", "over", "cost"]]


def _term(column: pd.Series[Any]) -> npt.NDArray[np.intp]:
    return pd.Index(TERMS).get_indexer(pd.Index(column.astype("str")))


def _parts(data: ProvisionData) -> pd.DataFrame:
    """Each pupil's part of each provision with the area and tier of the provision and the pupil's year group."""
    parts: pd.DataFrame = enrolment_costs(data)
    provision = pd.Index(data.provisions["provision_id"]).get_indexer(parts["provision_id"])
    pupil = pd.Index(data.pupils["pupil_id"]).get_indexer(parts["pupil_id"])
    parts = parts.assign(provision=provision, pupil=pupil)
    parts = parts.iloc[np.flatnonzero(pupil >= 0)]
    for name in ("area", "tier"):
        parts[name] = _words(data.provisions[name], parts["provision"])
    parts["year_group"] = _words(data.pupils["year_group"], parts["pupil"])
    parts["hours_a_week"] = parts["hours"] / data.provisions["weeks"].to_numpy(float)[parts["provision"].to_numpy()]
    return parts


def _words(column: pd.Series[Any], rows: pd.Series[Any]) -> pd.Categorical[Any]:
    words = pd.Categorical(column)
    categories = words.categories.astype("str")
    return pd.Categorical.from_codes(words.codes[rows.to_numpy()], categories=categories)


def _summed(parts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Provisions, pupils (each once), hours and cost by these keys."""
    groups = parts.groupby(keys, observed=True)
    table = groups[["hours", "hours_a_week", "cost"]].sum()
    for what in ("provision", "pupil"):
        once = parts[[*keys, what]].drop_duplicates()
        table[f"{what}s"] = once.groupby(keys, observed=True).size()
    return table


def _finished(table: pd.DataFrame) -> pd.DataFrame:
    table = table.fillna(0.0).reset_index()
    for name in ("provisions", "pupils"):
        table[name] = table[name].astype(int)
    table["cost_per_pupil"] = over(table["cost"], table["pupils"])
    figures = ["provisions", "pupils", "hours", "hours_a_week", "cost", "cost_per_pupil"]
    shown: pd.DataFrame = table[[*(name for name in table if name not in figures), *figures]]
    return shown
