"""What the provision map is worked out from: plain tables of pupils, provision, enrolments, scores, adults and
money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from senco_kit import small_counts
from senco_kit.schools import codes

#: Fewer pupils than this never support a verdict, and are never shown to others.
FEWEST_PUPILS: Final = small_counts.THRESHOLD

AREAS: Final = tuple(codes.AREAS)
TIERS: Final = tuple(codes.TIERS)
FUNDING_LINES: Final = tuple(codes.FUNDING_LINES)
TERMS: Final = tuple(codes.TERMS)
YEAR_GROUPS: Final = tuple(codes.YEARS)

#: Which measure each tool of an invented school tests.
MEASURE_OF_TOOL: Final[Mapping[str, str]] = {
    "READ": "reading",
    "MATH": "maths",
    "LANG": "language",
    "WELL": "wellbeing",
    "ENGA": "engagement",
}

#: The standard error of a score, in points, where a test's own is not known: 15 x sqrt(1 - 0.91), a good reading test.
USUAL_STANDARD_ERROR: Final = 4.5

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class ProvisionData:
    """The tables behind a provision map, of one school or of any number of schools.

    pupils      school_id, pupil_id, year_group (R, 1 ... 13), SENprovision (N, K, E), SENtype (primary need, may be
                missing), area (its broad area, may be missing), FSMeligible (may be missing), class_name (may be
                missing), attendance (share of sessions of the year attended, 0 to 1; may be missing)
    provisions  school_id, provision_id, name, area, tier, measure (missing where no test fits), staff_id, role,
                hourly_cost (pounds), group_size, sessions_per_week, minutes, weeks, preparation_minutes (a session),
                resources_per_pupil (pounds), first_term, last_term, start_date, end_date, funding_line; in own
                data also rate_is_ours (whether hourly_cost is the kit's estimate, because the file gave none)
    enrolments  school_id, enrolment_id, provision_id, pupil_id, group (may be missing), planned_sessions,
                delivered_sessions, entry_date, entry_score, exit_date, exit_score (NaN where not tested)
    scores      school_id, pupil_id, measure, first_term, last_term, entry_score, exit_score: everyone with both scores;
                None without any. If they are known: other_entry (the mean of the pupil's scores on other measures at
                the entry test) and earlier_score (the pupil's score on the measure one term earlier), else NaN or left
                out
    staff, deployment, budget, spending   the tables of the same names in an invented school, or None

    `standard_errors` is the standard error of each measure's test, in points. `invented` says whether the pupils are;
    `special` whether it is a special school, which has no notional SEN budget.
    """

    pupils: pd.DataFrame
    provisions: pd.DataFrame
    enrolments: pd.DataFrame
    scores: pd.DataFrame | None = None
    staff: pd.DataFrame | None = None
    deployment: pd.DataFrame | None = None
    budget: pd.DataFrame | None = None
    spending: pd.DataFrame | None = None
    standard_errors: Mapping[str, float] = field(default_factory=dict)
    invented: bool = False
    special: bool = False
    name: str = ""

    def school(self, school_id: int) -> ProvisionData:
        """The same tables for one school only."""
        names = ("pupils", "provisions", "enrolments", "scores", "staff", "deployment", "budget", "spending")
        tables = {name: getattr(self, name) for name in names}
        kept: dict[str, Any] = {
            name: None if table is None else table[table["school_id"] == school_id].reset_index(drop=True)
            for name, table in tables.items()
        }
        return replace(self, **kept)


def from_tables(frames: Frames, *, name: str = "", invented: bool = True) -> ProvisionData:
    """The provision map's data from an invented school's tables, of any number of schools at once.

    `frames` are the tables by name as in schools/schema.py; pupils, provisions and enrolments must be there.
    """
    provisions = _provisions(frames)
    pupils = _pupils(frames)
    return ProvisionData(
        pupils=pupils,
        provisions=provisions,
        enrolments=frames["enrolments"],
        scores=_scores(frames["assessments"], pupils, provisions) if "assessments" in frames else None,
        staff=frames.get("staff"),
        deployment=frames.get("deployment"),
        budget=frames.get("budget"),
        spending=frames.get("spending"),
        standard_errors=_standard_errors(frames.get("tools")),
        invented=invented,
        special="schools" in frames and bool((frames["schools"]["phase"] == "special").all()),
        name=name or _name(frames.get("schools")),
    )


def _name(schools: pd.DataFrame | None) -> str:
    if schools is None or schools.empty:
        return "Invented schools"
    return str(schools["school_name"].iloc[0]) if len(schools) == 1 else f"{len(schools):,} invented schools"


def _pupils(frames: Frames) -> pd.DataFrame:
    table = frames["pupils"]
    pupils = pd.DataFrame(
        {
            "school_id": table["school_id"],
            "pupil_id": table["pupil_id"],
            "year_group": table["NCyearActual"],
            "SENprovision": table["SENprovision"],
            "FSMeligible": table["FSMeligible"],
            "class_name": table["class_name"],
        }
    )
    place = pd.Index(pupils["pupil_id"])
    need = pd.Series(pd.NA, index=pupils.index, dtype="str")
    if "needs" in frames:
        first = frames["needs"][frames["needs"]["SENtypeRank"] == 1]
        need.iloc[place.get_indexer(first["pupil_id"])] = first["SENtype"].astype("str").to_numpy()
    pupils["SENtype"] = need
    pupils["area"] = need.map(codes.SEN_TYPE_AREAS)
    pupils["attendance"] = _attendance(frames.get("attendance"), place)
    return pupils


def _attendance(table: pd.DataFrame | None, place: pd.Index) -> npt.NDArray[np.float64]:
    if table is None:
        return np.full(len(place), np.nan)
    at = place.get_indexer(pd.Index(table["pupil_id"]))
    possible, attended = (
        np.bincount(at, table[f"sessions_{what}"].to_numpy(float), len(place)) for what in ("possible", "attended")
    )
    share: npt.NDArray[np.float64] = np.divide(attended, possible, out=np.full(len(place), np.nan), where=possible > 0)
    return share


def _provisions(frames: Frames) -> pd.DataFrame:
    provisions = frames["provisions"].copy()
    if "hourly_cost" not in provisions:
        staff = frames["staff"]
        at = pd.Index(staff["staff_id"]).get_indexer(provisions["staff_id"])
        for column in ("hourly_cost", "role"):
            provisions[column] = staff[column].astype("str" if column == "role" else "float").reindex().to_numpy()[at]
    return provisions


def _standard_errors(tools: pd.DataFrame | None) -> dict[str, float]:
    if tools is None:
        return {}
    once = tools.drop_duplicates("tool")
    pairs = zip(once["tool"], once["standard_error"], strict=True)
    return {MEASURE_OF_TOOL[tool]: float(error) for tool, error in pairs if tool in MEASURE_OF_TOOL}


def _scores(assessments: pd.DataFrame, pupils: pd.DataFrame, provisions: pd.DataFrame) -> pd.DataFrame:
    """Everyone's paired scores for each measure and window that some provision of their school uses."""
    grid = score_grid(assessments, pupils)
    schools, school = np.unique(pupils["school_id"].to_numpy(), return_inverse=True)
    measures = list(MEASURE_OF_TOOL.values())
    used = provisions.dropna(subset=["measure"]).drop_duplicates(["school_id", "measure", "first_term", "last_term"])
    parts: list[pd.DataFrame] = []
    keys = ["measure", "first_term", "last_term"]
    for (measure, first, last), group in used.groupby(keys, observed=True, sort=True):
        wanted = np.isin(schools, group["school_id"])[school]
        at, start, end = measures.index(str(measure)), TERMS.index(str(first)), TERMS.index(str(last))
        entry_scores = grid[:, :, start]
        entry, leave = entry_scores[:, at], grid[:, at, end]
        rows = np.flatnonzero(wanted & ~np.isnan(entry) & ~np.isnan(leave))
        others = np.delete(entry_scores[rows], at, axis=1)
        seen = (~np.isnan(others)).sum(axis=1)
        total = np.nansum(others, axis=1)
        parts.append(
            pd.DataFrame(
                {
                    "school_id": pupils["school_id"].to_numpy()[rows],
                    "pupil_id": pupils["pupil_id"].to_numpy()[rows],
                    "measure": _one_word(measures, at, len(rows)),
                    "first_term": _one_word(TERMS, start, len(rows)),
                    "last_term": _one_word(TERMS, end, len(rows)),
                    "entry_score": entry[rows].astype(float),
                    "exit_score": leave[rows].astype(float),
                    "earlier_score": _earlier(grid, at, start)[rows],
                    "other_entry": np.divide(total, seen, out=np.full(len(rows), np.nan), where=seen > 0),
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else empty_scores()


def _one_word(words: Sequence[str], place: int, rows: int) -> pd.Categorical[Any]:
    column: pd.Categorical[Any] = pd.Categorical.from_codes(np.full(rows, place).tolist(), categories=pd.Index(words))
    return column


def _earlier(grid: npt.NDArray[np.float32], measure: int, term: int) -> npt.NDArray[np.float64]:
    """Each pupil's score of the term before on this measure; NaN in the first term."""
    scores = grid[:, measure, term - 1] if term else np.full(len(grid), np.nan)
    return scores.astype(float)


def empty_scores() -> pd.DataFrame:
    """The table of paired scores with no row in it."""
    columns: dict[str, Any] = dict.fromkeys(("school_id", "pupil_id"), np.empty(0, np.int64))
    columns |= dict.fromkeys(("measure", "first_term", "last_term"), np.empty(0, object))
    columns |= dict.fromkeys(("entry_score", "exit_score", "earlier_score", "other_entry"), np.empty(0))
    return pd.DataFrame(columns)


def score_grid(assessments: pd.DataFrame, pupils: pd.DataFrame) -> npt.NDArray[np.float32]:
    """Scores as (pupils, measures, terms), NaN where not tested. Scattered, not pivoted: a million pupils have 12
    million scores."""
    measures = list(MEASURE_OF_TOOL)
    tool = pd.Categorical(assessments["tool"])
    term = pd.Categorical(assessments["term"])
    tool_place = np.array([measures.index(str(word)) if word in measures else -1 for word in tool.categories])[
        tool.codes
    ]
    term_place = np.array([TERMS.index(str(word)) for word in term.categories])[term.codes]
    keep = np.flatnonzero(tool_place >= 0)
    pupil = pd.Index(pupils["pupil_id"]).get_indexer(assessments["pupil_id"].to_numpy()[keep])
    grid = np.full((len(pupils), len(measures), len(TERMS)), np.nan, np.float32)
    grid[pupil, tool_place[keep], term_place[keep]] = assessments["score"].to_numpy()[keep]
    return grid
