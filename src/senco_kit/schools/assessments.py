"""The tests of three times a year, each with its measurement error, and the national results at the end of the year."""

from __future__ import annotations

import numpy as np

from senco_kit.schools import codes
from senco_kit.schools.calendar import RESULT_DAYS, SESSIONS, TEST_DAYS
from senco_kit.schools.model import MEASURES, TERMS, Coded, Cohort, Columns, Ints, Tables
from senco_kit.schools.results import RESULTS, result

#: Mean and standard deviation of all five standardised tools, and the lowest and highest score they give.
MEAN, STANDARD_DEVIATION = 100.0, 15.0
LOWEST, HIGHEST = 40.0, 160.0

#: Assumption: reliability of each tool, in the order of MEASURES, as manuals of such tests report it.
RELIABILITY = np.array([0.91, 0.92, 0.86, 0.80, 0.75])

#: Standard error of measurement in points of standard score: standard deviation x square root of (1 - reliability).
STANDARD_ERROR = STANDARD_DEVIATION * np.sqrt(1 - RELIABILITY)

#: Assumption: who misses a test: a few, and more of those who miss school.
MISSED, MISSED_WITH_ABSENCE = 0.01, 0.25


def test_in_autumn(cohort: Cohort) -> None:
    """Fill in the autumn scores: true standing and measurement error, in whole points. NaN where not tested."""
    _test(cohort, 0)


def test_in_spring_and_summer(cohort: Cohort) -> None:
    """Fill in the later scores, which hold growth and what provision added. To be called after the provisions."""
    _test(cohort, 1)
    _test(cohort, 2)


# The names are the generator's contract; without this, pytest would take them for tests where they are imported.
test_in_autumn.__test__ = test_in_spring_and_summer.__test__ = False  # type: ignore[attr-defined]


def _test(cohort: Cohort, term: int) -> None:
    draw = cohort.order.stream(f"test {TERMS[term]}")
    standing = cohort.ability + (cohort.growth[:, :, :term] + cohort.effect[:, :, :term]).sum(axis=2)
    observed = np.rint(standing + draw.normal(0, 1, standing.shape) * STANDARD_ERROR).clip(LOWEST, HIGHEST)
    absence = 1 - cohort.attendance @ SESSIONS / SESSIONS.sum()
    there = draw.random(cohort.size) >= MISSED + MISSED_WITH_ABSENCE * absence
    cohort.scores[:, :, term] = np.where(cohort.tested & there[:, None], observed, np.nan)


def tables(cohort: Cohort) -> Tables:
    """The tables assessments (one row a score) and tools (what each tool measures, its scale and its error)."""
    return {"assessments": _assessments(cohort), "tools": _tools(cohort)}


def _assessments(cohort: Cohort) -> Columns:
    """Tool by tool; the standardised ones pupil by pupil and term by term."""
    by_tool = np.moveaxis(cohort.scores, 1, 0)
    tool, pupil, term = np.nonzero(~np.isnan(by_tool))
    scores = [by_tool[tool, pupil, term]]
    offsets = cohort.order.stream("test days").integers(-2, 3, (len(TERMS), len(cohort.class_names)))
    days = [np.array([TEST_DAYS[each] for each in TERMS])[term] + offsets[term, cohort.school_class[pupil]]]
    tools: list[Ints] = [tool]
    pupils: list[Ints] = [pupil]
    terms: list[Ints] = [term]
    for name in RESULTS:
        who, outcome = result(cohort, name)
        tools.append(np.full(len(who), codes.place(codes.TOOLS, name)))
        pupils.append(who)
        terms.append(np.full(len(who), len(TERMS) - 1))
        scores.append(outcome)
        days.append(np.full(len(who), RESULT_DAYS[name]))
    return {
        "school_id": np.full(sum(map(len, tools)), cohort.school_id),
        "pupil_id": cohort.pupil_id[np.concatenate(pupils)],
        "tool": Coded(np.concatenate(tools), tuple(codes.TOOLS)),
        "term": Coded(np.concatenate(terms), tuple(codes.TERMS)),
        "date": np.concatenate(days),
        "score": np.concatenate(scores),
    }


#: Lowest and highest score of the national results.
_RANGES = {"EYFSP": (0, 1), "PHON": (0, 40), "MTC": (0, 25), "KS2": (0, 1), "A8": (0, 90)}
_NATIONAL_MEASURES = {
    "EYFSP": "good level of development",
    "PHON": "phonics",
    "MTC": "multiplication tables",
    "KS2": "reading, writing and maths",
    "A8": "attainment in eight subjects",
}


def _tools(cohort: Cohort) -> Columns:
    """The same rows in every school; NaN where a national result has no published mean or error."""
    unknown = [np.nan] * len(_RANGES)
    count = len(codes.TOOLS)
    measures = (*MEASURES, *_NATIONAL_MEASURES.values())
    scales = ("standard score", *(f"{low} to {high}" for low, high in _RANGES.values()))
    names = tuple(text.split(":")[0].split(" (")[0] for text in codes.TOOLS.values())
    return {
        "school_id": np.full(count, cohort.school_id),
        "tool": Coded(np.arange(count), tuple(codes.TOOLS)),
        "name": Coded(np.arange(count), names),
        "measures": Coded(np.arange(count), measures),
        "scale": Coded(np.array([0] * len(MEASURES) + list(range(1, len(scales)))), scales),
        "lowest": np.array([LOWEST] * len(MEASURES) + [low for low, _ in _RANGES.values()], dtype=float),
        "highest": np.array([HIGHEST] * len(MEASURES) + [high for _, high in _RANGES.values()], dtype=float),
        "mean": np.array([MEAN] * len(MEASURES) + unknown),
        "standard_deviation": np.array([STANDARD_DEVIATION] * len(MEASURES) + unknown),
        "reliability": np.array([*RELIABILITY, *unknown]),
        "standard_error": np.array([*STANDARD_ERROR.round(2), *unknown]),
    }
