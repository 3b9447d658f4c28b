"""Whether a group of pupils is recorded with SEN more or less often than others who score alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from senco_kit.provision.compare import Floats, regress, t_quantile
from senco_kit.provision.data import MEASURE_OF_TOOL, YEAR_GROUPS, Frames, ProvisionData, score_grid

Bools = npt.NDArray[np.bool_]

#: Five groups are looked at, each for two directions: a wide interval keeps chance findings to about one school in ten.
SURE: Final = 0.99
#: Fewest pupils in a group and outside it.
FEWEST_IN_GROUP: Final = 15
#: Below this score needs usually show, so that the chance of SEN may rise faster.
LOW: Final = 90.0
#: How many fewer girls than boys are recorded anyway, as shares of all, from England's figures: of about 2.5 in 100
#: pupils with autism a good quarter are girls, of about 3.5 in 100 with SEMH a good third.
USUAL_GAP: Final = {"autism": 0.02, "SEMH": 0.01}

_MEASURES = tuple(MEASURE_OF_TOOL.values())
_READING, _MATHS, _WELLBEING = (_MEASURES.index(name) for name in ("reading", "maths", "wellbeing"))


@dataclass(frozen=True)
class Compared:
    """How often one group is recorded beside others who score alike: a difference of shares, with its interval."""

    group: str
    recorded_as: str
    pupils: int
    share: float
    share_of_others: float
    difference: float
    low: float
    high: float
    usual_gap: float


def compare_groups(data: ProvisionData, frames: Frames) -> list[Compared]:
    """The groups of one school that can be compared, by regression on autumn scores, year, sex and free school meals.

    Needs the pupils and assessments tables of an invented school; an empty list without them.
    """
    if not {"pupils", "assessments"} <= set(frames) or not {"Sex", "birth_month", "Language"} <= set(frames["pupils"]):
        return []
    about = _About(data, frames)
    summer, autumn = (about.birth_month >= 5) & (about.birth_month <= 8), about.birth_month >= 9
    birth = {"summer": summer, "autumn": autumn}
    sen = about.recorded()
    asks = [
        ("girls with autism", about.girl, about.recorded("ASD"), "autism", True, {}),
        ("girls with SEMH", about.girl, about.recorded("SEMH"), "SEMH", True, {}),
        ("pupils with EAL", about.eal, sen, "SEN", False, birth),
        ("summer-born pupils", summer, sen, "SEN", False, {"autumn": autumn}),
        ("autumn-born pupils", autumn, sen, "SEN", False, {"summer": summer}),
    ]
    found = [about.compare(*ask) for ask in asks]
    return [one for one in found if one is not None]


class _About:
    def __init__(self, data: ProvisionData, frames: Frames) -> None:
        table = frames["pupils"]
        self.girl = (table["Sex"] == "F").to_numpy()
        self.eal = (table["Language"] == "OTH").to_numpy()
        self.birth_month = table["birth_month"].to_numpy()
        self.poor = table["FSMeligible"].to_numpy(float)
        self.year = pd.Index(YEAR_GROUPS).get_indexer(pd.Index(table["NCyearActual"].astype("str")))
        self._status = table["SENprovision"].isin(["K", "E"]).to_numpy()
        self._need = data.pupils["SENtype"].astype("str").to_numpy()
        scores = score_grid(frames["assessments"], table)[:, :, 0].astype(float)
        self.wellbeing = scores[:, _WELLBEING]
        both = scores[:, [_READING, _MATHS]]
        self.attainment = np.where(np.isnan(both).any(axis=1), np.nan, both.mean(axis=1))

    def recorded(self, need: str | None = None) -> Bools:
        """Who is recorded with SEN, or with this primary need."""
        return self._status if need is None else self._status & (self._need == need)

    def compare(
        self, name: str, group: Bools, recorded: Bools, as_what: str, wellbeing: bool, others: Mapping[str, Bools]
    ) -> Compared | None:
        main, second = (self.wellbeing, self.attainment) if wellbeing else (self.attainment, self.wellbeing)
        kept = ~np.isnan(main)
        inside = group & kept
        if min(inside.sum(), (kept & ~group).sum()) < FEWEST_IN_GROUP:
            return None
        columns = [group, main, np.maximum(LOW - main, 0), *_with_gaps(second), self.poor, *others.values()]
        if not wellbeing:
            columns.append(self.girl)
        order = np.flatnonzero(kept)[np.argsort(self.year[kept], kind="stable")]
        covariates: Floats = np.column_stack(columns)[order].astype(float)
        level = np.unique(self.year[order], return_inverse=True)[1]
        estimate = regress(recorded[order].astype(float), covariates, np.zeros(len(order), np.intp), level, 1)
        half = t_quantile(estimate.freedom, SURE) * estimate.standard_error
        if not np.isfinite(half[0]):
            return None
        difference = float(estimate.effect[0])
        share, rest = float(recorded[inside].mean()), float(recorded[kept & ~group].mean())
        low, high = difference - float(half[0]), difference + float(half[0])
        return Compared(
            name, as_what, int(inside.sum()), share, rest, difference, low, high, USUAL_GAP.get(as_what, 0.0)
        )


def _with_gaps(score: Floats) -> tuple[Floats, Floats, Bools]:
    """A score that not everyone has, as covariates: itself (the mean where missing), how far it is low, and whether
    missing."""
    missing = np.isnan(score)
    filled = np.where(missing, 100.0 if missing.all() else np.nanmean(np.where(missing, np.nan, score)), score)
    return filled, np.maximum(LOW - filled, 0), missing
