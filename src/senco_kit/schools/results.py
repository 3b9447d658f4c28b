"""National results at the end of the year, drawn from true standing: EYFSP, phonics, times tables, KS2, Attainment 8.

Each result has its own index: the measures that matter to it, less what being young for the year costs, and some luck.
Where on that index the standard lies is set for each SEN status by England's published share, because published results
also hold who was entered and with which arrangements, which the model does not know.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from senco_kit.schools import published
from senco_kit.schools.model import Cohort, Floats, Ints
from senco_kit.schools.normal import point_of


@dataclass(frozen=True)
class _Result:
    """`year` as in codes.YEARS; `weights` over MEASURES; `young`: points lost for each month after September; `index`:
    mean and spread of the index by SEN status.
    """

    year: int
    weights: tuple[float, float, float, float, float]
    young: float
    index: tuple[tuple[float, float], ...]


#: Assumption: luck of the day and of the tasks, in points of standard score.
LUCK = 5.0

#: Weights and what youth costs are assumptions. Means and spreads were measured on 8,400 schools with nothing planted,
#: in England's mix; a mean is placed so that the published share comes out where the index is not normal. Whoever
#: changes the model measures them anew with `index_of`: tests/unit/test_schools_likeness.py fails until it is done.
RESULTS: dict[str, _Result] = {
    "EYFSP": _Result(0, (0.25, 0.25, 0.25, 0.25, 0.0), 0.6, ((104.0, 11.8), (87.7, 11.2), (75.4, 13.4))),
    "PHON": _Result(1, (0.7, 0.0, 0.3, 0.0, 0.0), 0.4, ((104.3, 13.1), (86.4, 12.5), (73.9, 16.2))),
    "MTC": _Result(4, (0.0, 1.0, 0.0, 0.0, 0.0), 0.2, ((104.9, 14.0), (89.1, 13.7), (75.2, 17.5))),
    "KS2": _Result(6, (0.5, 0.5, 0.0, 0.0, 0.0), 0.3, ((105.1, 13.0), (88.7, 12.6), (74.6, 16.9))),
    "A8": _Result(11, (0.5, 0.5, 0.0, 0.0, 0.0), 0.1, ((103.4, 13.5), (85.6, 13.2), (75.6, 17.1))),
}

#: Assumption: points of Attainment 8 for each point of the index, by SEN status.
ATTAINMENT_8_SLOPE = np.array([1.25, 1.1, 0.8])


def index_of(cohort: Cohort, tool: str) -> tuple[Ints, Floats]:
    """Who gets this result (places of pupils) and their index: true standing at the end of the year, and luck."""
    result = RESULTS[tool]
    who = np.flatnonzero(cohort.year == result.year)
    standing = cohort.ability[who] + cohort.growth[who].sum(axis=2) + cohort.effect[who].sum(axis=2)
    luck = cohort.order.stream(f"result {tool}").normal(0, LUCK, len(who))
    months = (cohort.birth_month[who] - 9) % 12
    return who, np.asarray(standing @ np.array(result.weights) - result.young * (months - 5.5) + luck)


def result(cohort: Cohort, tool: str) -> tuple[Ints, Floats]:
    """Who gets this result (places of pupils) and the result. Pupils who did not take part have 0, as in England."""
    who, index = index_of(cohort, tool)
    sen = cohort.sen[who]
    mean, spread = np.array(RESULTS[tool].index).T
    target = published.attainment()[tool]
    if tool == "A8":
        points = target[sen] + ATTAINMENT_8_SLOPE[sen] * (index - mean[sen])
        return who, np.rint(2 * points.clip(0, 90)) / 2
    cut = mean - spread * np.array([point_of(share) for share in target])
    above = index - cut[sen]
    if tool == "PHON":
        return who, np.where(above >= 0, np.rint(32 + 8 * -np.expm1(-above.clip(0) / 8)), _below(31, 1.6, above))
    if tool == "MTC":
        return who, np.where(above >= 0, 25.0, _below(24, 0.7, above))
    return who, (above >= 0).astype(float)


def _below(best: float, each: float, above: Floats) -> Floats:
    """A score below the standard: `best` just below it, and `each` less for each point of the index."""
    return np.rint(best + each * np.minimum(above, 0)).clip(0, best)
