"""What the Word and the Excel report of a provision map say, worked out once, with small counts hidden for others.

For others, four rules together keep every count from 1 to 4 hidden:

1. Pupils are counted once in each provision. So the total of an area and tier is the plain sum of its provisions, and
   no difference between printed figures is a number of pupils who are in one provision and not in another.
2. `places` (area and tier by year group) goes through `small_counts.suppress`.
3. So do the provisions of each area and tier under their total. Where that total is hidden, all of them are.
4. Every sum of money and every share is over shown provisions only, and an area and tier with a hidden provision has no
   cost.

Why that is enough: a hidden provision stands in one printed equation only, "the provisions of this area and tier add up
to its total", and `suppress` leaves open what stands in it. The provisions and the years of an area and tier are two
ways to split one total; any split by years goes with any split by provisions, so neither tells anything of the other.

Money is as telling as a count (cost = groups x what a group costs + pupils x resources), so it follows the same rules.
Nothing else that depends on who is in a hidden provision is in the tables: no decision, no place in an order by cost,
and in sentences no count of pupils and no comparison with what others cost. Numbers of sessions are left out, because
pupils without a record are not in them. No row is about one pupil or one adult.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from senco_kit.provision import cost, reasons, whole_map
from senco_kit.provision.data import AREAS, TIERS, YEAR_GROUPS, ProvisionData
from senco_kit.small_counts import HIDDEN, TOTAL, suppress

#: What of a provision says nothing about how many pupils are in it.
_ALWAYS_SHOWN: Final = (
    *("name", "area", "tier", "role", "group_size"),
    *("sessions_per_week", "minutes", "weeks", "funding_line"),
)
#: What is shown to others of a provision that is not hidden.
SHOWN_IF_OPEN: Final = (
    *("pupils", "cost", "cost_per_pupil", "preparation_cost", "share", "measure"),
    *("effect", "effect_low", "effect_high", "decision", "reason", "why"),
)


@dataclass(frozen=True)
class ProvisionFigures:
    """The figures of one report.

    our_rates   whether some hourly cost is the kit's own estimate
    provisions  rows of whole_map.by_provision, in the order to show them, with the column `is_hidden`; for others only
                with columns that may be shown, and those that could give a count away empty in hidden rows
    delivered   delivered sessions over planned ones, of the provisions shown; None where nothing is recorded
    places      pupils by (area, tier) down and year group across, with totals; "c" stands for a hidden count. A pupil
                is counted once in each area and tier; for others once in each provision.
    costs       by (area, tier): provisions, cost (NaN where hidden), is_hidden
    funding     one row a funding line: budget, planned_cost, spent, left; for others planned_cost is of the provisions
                shown (NaN without one) and `left` is not there
    over        how many pupils with SEN are over the threshold, how many not, and both; "c" for a hidden count
    pupils, adults   rows of whole_map.by_pupil and by_adult; None for others, and for an
                     empty map
    by_role     whether the rows of `adults` are roles, because the data do not tell single adults apart
    """

    name: str
    invented: bool
    special: bool
    our_rates: bool
    for_others: bool
    provisions: pd.DataFrame
    delivered: float | None
    places: pd.DataFrame
    costs: pd.DataFrame
    funding: pd.DataFrame
    over: pd.Series[Any]
    pupils: pd.DataFrame | None
    adults: pd.DataFrame | None
    by_role: bool

    @property
    def open_provisions(self) -> pd.DataFrame:
        """The provisions whose figures may be shown: all of them unless the report is for others."""
        return self.provisions[~self.provisions["is_hidden"]]


def provision_figures(data: ProvisionData, *, for_others: bool) -> ProvisionFigures:
    """Work out the figures of a report on one school, or on several taken together."""
    places = _places(data, for_others=for_others)
    whole = whole_map.by_provision(data)
    whole["is_hidden"] = _hidden(whole, places) if for_others else False
    provisions = _for_others(whole) if for_others else whole
    has_rows = not (for_others or data.enrolments.empty)
    return ProvisionFigures(
        name=data.name,
        invented=data.invented,
        special=data.special,
        our_rates="rate_is_ours" in data.provisions and bool(data.provisions["rate_is_ours"].any()),
        for_others=for_others,
        provisions=_to_show(provisions, for_others=for_others),
        delivered=_delivered(whole[~whole["is_hidden"]]),
        places=places,
        costs=_costs(provisions),
        funding=_funding_for_others(data, ~whole["is_hidden"]) if for_others else _funding(data),
        over=_over(data, for_others=for_others),
        pupils=whole_map.by_pupil(data) if has_rows else None,
        adults=whole_map.by_adult(data) if has_rows else None,
        by_role=data.staff is None,
    )


def _places(data: ProvisionData, *, for_others: bool) -> pd.DataFrame:
    """Pupils by area and tier of provision and by year group: each pupil once in each, for others in each provision."""
    enrolled = (
        data.enrolments[["provision_id", "pupil_id"]]
        .merge(data.provisions[["provision_id", "area", "tier"]], on="provision_id")
        .merge(data.pupils[["pupil_id", "year_group"]], on="pupil_id")
    )
    for column in ("area", "tier", "year_group"):
        enrolled[column] = enrolled[column].astype("str")
    if not for_others:
        enrolled = enrolled.drop_duplicates(["pupil_id", "area", "tier"])
    counts = enrolled.groupby(["area", "tier", "year_group"]).size().unstack("year_group", fill_value=0)
    years = [year for year in YEAR_GROUPS if year in set(data.pupils["year_group"].astype("str"))]
    counts = _in_order(counts).reindex(columns=years, fill_value=0)
    if for_others:
        hidden = suppress(counts)
        return hidden.set_axis(pd.MultiIndex.from_tuples([*counts.index, (TOTAL, "")], names=["area", "tier"]))
    counts.loc[(TOTAL, ""), :] = counts.sum()
    counts[TOTAL] = counts.sum(axis=1)
    return counts.astype(int)


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """The rows (area, tier) in the order of the areas and tiers; rows of other names come last."""
    places = {name: number for number, name in enumerate((*AREAS, *TIERS))}
    ordered = sorted(table.index, key=lambda row: [(places.get(part, len(places)), str(part)) for part in row])
    return table.reindex(pd.MultiIndex.from_tuples(ordered, names=["area", "tier"])) if ordered else table


def _hidden(provisions: pd.DataFrame, places: pd.DataFrame) -> pd.Series[bool]:
    """Which provisions must not be counted: rule 3 above."""
    hidden = pd.Series(False, index=provisions.index, dtype=bool)
    kinds = [provisions[name].astype("str") for name in ("area", "tier")]
    for kind, pupils in provisions["pupils"].astype(int).groupby(kinds):
        counts = (suppress(pupils) == HIDDEN).to_numpy()
        # The total is printed with the years: where it would have to be hidden here, hiding all has the same effect.
        closed = counts[-1] or places[TOTAL].get(kind) == HIDDEN
        hidden[pupils.index] = True if closed else counts[:-1]
    return hidden


def _for_others(provisions: pd.DataFrame) -> pd.DataFrame:
    """The provisions with what others may see only.

    Shares are cut to whole per cent: an exact one gives away how many sessions it is a share of.
    """
    table = provisions[[*_ALWAYS_SHOWN, *SHOWN_IF_OPEN, "is_hidden"]].copy()
    table["share"] = np.floor(100 * table["share"].astype(float) + 1e-9) / 100
    for name in ("reason", "why"):
        table[name] = table[name].astype("str").map(reasons.for_others)
    shown = list(SHOWN_IF_OPEN)
    table[shown] = table[shown].where(~table["is_hidden"])
    return table


def _to_show(provisions: pd.DataFrame, *, for_others: bool) -> pd.DataFrame:
    """By decision, then the dearest first; for others by name, as an order by cost gives hidden costs away."""
    by = ["decision", "name"] if for_others else ["decision", "cost", "name"]
    named = provisions.assign(name=provisions["name"].astype("str"))
    return named.sort_values(by, ascending=[name != "cost" for name in by], ignore_index=True)


def _delivered(provisions: pd.DataFrame) -> float | None:
    planned, delivered = (float(provisions[f"{what}_sessions"].sum()) for what in ("planned", "delivered"))
    return delivered / planned if planned else None


def _costs(provisions: pd.DataFrame) -> pd.DataFrame:
    costs = provisions.groupby(["area", "tier"], observed=True).agg(
        provisions=("name", "size"), cost=("cost", "sum"), is_hidden=("is_hidden", "any")
    )
    costs["cost"] = costs["cost"].where(~costs["is_hidden"].astype(bool))
    return _in_order(costs)


def _funding(data: ProvisionData) -> pd.DataFrame:
    """The funding lines of all schools of the data together."""
    lines = cost.funding(data)
    amounts = ["budget", "planned_cost", "spent", "left"]
    summed = lines.groupby("funding_line", observed=True, sort=False)[amounts].sum(min_count=1)
    return summed.reset_index().astype({"funding_line": "str"})


def _funding_for_others(data: ProvisionData, is_open: pd.Series[bool]) -> pd.DataFrame:
    """The funding lines with the cost of shown provisions only; what is left of a budget would give the rest away."""
    provisions = data.provisions[is_open]
    lines = _funding(replace(data, provisions=provisions)).drop(columns="left")
    has_some = lines["funding_line"].isin(provisions["funding_line"].astype("str"))
    lines["planned_cost"] = lines["planned_cost"].where(has_some)
    return lines


def _over(data: ProvisionData, *, for_others: bool) -> pd.Series[Any]:
    over = cost.threshold(data)["over"].astype(bool)
    counts = pd.Series({"over": int(over.sum()), "not over": int((~over).sum())})
    if for_others:
        return suppress(counts)
    return pd.concat([counts, pd.Series({TOTAL: int(counts.sum())})])
