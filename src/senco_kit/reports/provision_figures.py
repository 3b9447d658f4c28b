"""What the Word and the Excel report of a provision map say, worked out once, with small counts hidden for others.

For others, one table holds all counts of pupils: area and tier by year group, with totals, its small counts and those
that would give them away hidden together. No second table counts the same pupils another way, since the two together
could give away what neither does alone. Wherever the total of an area and tier is hidden, every figure of the
provisions there from which a count could be worked out is hidden too, and no row is about one pupil or one adult.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from senco_kit.provision import cost, whole_map
from senco_kit.provision.data import AREAS, TIERS, YEAR_GROUPS, ProvisionData
from senco_kit.small_counts import HIDDEN, TOTAL, is_small, suppress

# A count of pupils inside a sentence, but not the limit in "fewer than 5 pupils".
_PUPILS_IN_WORDS = r"(?<!than )\b[0-9][0-9,]* (?=pupils?\b)"


@dataclass(frozen=True)
class ProvisionFigures:
    """The figures of one report.

    provisions  rows of whole_map.by_provision, with the column `is_hidden`: for others, its counts stay hidden
    places      pupils by (area, tier) down and year group across, with totals; "c" stands for a hidden count. A pupil
                in two kinds of provision is counted in each.
    costs       by (area, tier): provisions, hours, cost
    funding     one row a funding line: budget, planned_cost, spent, left
    over        how many pupils with SEN are over the threshold, how many not, and both; "c" for a hidden count
    pupils, adults   rows of whole_map.by_pupil and by_adult; None for others, and for an
                     empty map
    """

    name: str
    invented: bool
    for_others: bool
    provisions: pd.DataFrame
    places: pd.DataFrame
    costs: pd.DataFrame
    funding: pd.DataFrame
    over: pd.Series[Any]
    pupils: pd.DataFrame | None
    adults: pd.DataFrame | None

    @property
    def open_provisions(self) -> pd.DataFrame:
        """The provisions whose figures may be shown: all of them unless the report is for others."""
        return self.provisions[~self.provisions["is_hidden"]]


def provision_figures(data: ProvisionData, *, for_others: bool) -> ProvisionFigures:
    """Work out the figures of a report on one school, or on several taken together."""
    provisions = whole_map.by_provision(data)
    places = _places(data, for_others=for_others)
    hidden = _hidden_provisions(provisions, places) if for_others else False
    has_rows = not (for_others or data.enrolments.empty)
    return ProvisionFigures(
        name=data.name,
        invented=data.invented,
        for_others=for_others,
        provisions=_without_counts(provisions).assign(is_hidden=hidden)
        if for_others
        else provisions.assign(is_hidden=False),
        places=places,
        costs=provisions.groupby(["area", "tier"], observed=True)
        .agg(provisions=("provision_id", "size"), hours=("hours_planned", "sum"), cost=("cost", "sum"))
        .pipe(_in_order),
        funding=_funding(data),
        over=_over(data, for_others=for_others),
        pupils=whole_map.by_pupil(data) if has_rows else None,
        adults=whole_map.by_adult(data) if has_rows else None,
    )


def _places(data: ProvisionData, *, for_others: bool) -> pd.DataFrame:
    """Pupils by area and tier of provision and by year group: each pupil once in each cell."""
    enrolled = (
        data.enrolments[["provision_id", "pupil_id"]]
        .merge(data.provisions[["provision_id", "area", "tier"]], on="provision_id")
        .merge(data.pupils[["pupil_id", "year_group"]], on="pupil_id")
        .drop_duplicates(["pupil_id", "area", "tier"])
    )
    for column in ("area", "tier", "year_group"):
        enrolled[column] = enrolled[column].astype("str")
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


def _hidden_provisions(provisions: pd.DataFrame, places: pd.DataFrame) -> pd.Series[Any]:
    """Which provisions must not be counted: those of few pupils, and all of an area and tier whose total is hidden.

    One hidden provision alone could be worked out from the total of its area and tier, so the next larger joins it.
    """
    hidden_rows = {row for row, total in places[TOTAL].items() if total == HIDDEN}
    kinds = pd.Series(
        list(zip(provisions["area"].astype("str"), provisions["tier"].astype("str"), strict=True)),
        index=provisions.index,
        dtype=object,
    )
    pupils = provisions["pupils"].astype(int)
    hidden = pupils.map(is_small).astype(bool) | kinds.isin(list(hidden_rows))
    for kind in kinds[hidden].unique():
        of_kind = kinds == kind
        if (hidden & of_kind).sum() == 1 and (shown := pupils[of_kind & ~hidden & (pupils > 0)]).size:
            hidden[shown.idxmin()] = True
    return hidden


def _without_counts(provisions: pd.DataFrame) -> pd.DataFrame:
    """The provisions without counts of pupils in their sentences.

    "Its 9 pupils with both scores" beside 11 pupils would say that 2 were not tested.
    """
    sentences = {
        name: provisions[name].astype("str").str.replace(_PUPILS_IN_WORDS, "", regex=True) for name in ("reason", "why")
    }
    return provisions.assign(**sentences)


def _funding(data: ProvisionData) -> pd.DataFrame:
    """The funding lines of all schools of the data together."""
    lines = cost.funding(data)
    amounts = ["budget", "planned_cost", "spent", "left"]
    summed = lines.groupby("funding_line", observed=True, sort=False)[amounts].sum(min_count=1)
    return summed.reset_index().astype({"funding_line": "str"})


def _over(data: ProvisionData, *, for_others: bool) -> pd.Series[Any]:
    over = cost.threshold(data)["over"].astype(bool)
    counts = pd.Series({"over": int(over.sum()), "not over": int((~over).sum())})
    if for_others:
        return suppress(counts)
    return pd.concat([counts, pd.Series({TOTAL: int(counts.sum())})])
