"""What difference provision made: change in score, reliable change, and a comparison with similar pupils without it.

Pupils are mostly chosen for a low score, and a low score is partly bad luck: the next one is higher by itself. So the
average gain of a provision says little. Here each provision's pupils are compared with pupils of the same school,
measure and test days who were not in it and began at a like score. What is left after the entry score, the pupil's
other scores, year, SEN status, attendance, other provision on the same measure and the class are allowed for is the
effect (analysis of covariance). Its interval widens where few pupils carry it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from senco_kit.provision.compare import Places, regress, t_quantile
from senco_kit.provision.data import FEWEST_PUPILS, USUAL_STANDARD_ERROR, YEAR_GROUPS, ProvisionData
from senco_kit.provision.pool import About, Pairs, Pool, Rows, paired
from senco_kit.standards.read import fact

#: A change of more than this many standard errors of one score is more than measurement error explains, 19 times in 20.
RELIABLE: Final = 1.96 * np.sqrt(2.0)

MONTHS_CAUTION: Final = (
    "Months of progress are averages over many studies. They are no promise for one school, and hide how unsure the "
    "effect of one group is: look at the interval first."
)
RATIO_GAIN_WARNING: Final = (
    "Ratio gain is shown because many programmes quote it; do not judge by it. Test ages are coarse and noisy steps, "
    "short spans inflate it, and pupils who were chosen for a low score rise by chance. 1 is the usual pace, not “no "
    "progress”. Here it is only a rough figure, worked out from standard scores with the Education Endowment "
    "Foundation's table of months, which we have not checked against the source. Do not compare it with a publisher's."
)

#: How often an interval holds the truth.
SURE: Final = 0.95

#: Points of a standard score in one standard deviation.
STANDARD_DEVIATION: Final = 15.0


@dataclass(frozen=True)
class Method:
    """The choices of the comparison, in one place."""

    fewest_comparison_pupils: int = 10
    #: How far beyond the range of the provision's own entry scores a comparison pupil may begin, in points.
    margin: float = 15.0
    #: Compare within classes when at least this share of the provision's pupils have a comparison pupil in their class.
    share_with_classmate: float = 0.8
    #: Where this share of the classmates of a provision's pupils was in it too, it cannot be told from the teaching.
    whole_class: float = 0.7
    #: How many rows are worked on at once.
    rows_at_once: int = 150_000


def impact(data: ProvisionData, *, ratio_gain: bool = False, method: Method = Method()) -> pd.DataFrame:
    """A row for each row of `data.provisions`, in its order and with its index.

    Columns: school_id, provision_id, measure; pupils, both_scores (pupils with entry and exit score); mean_change,
    change_low, change_high (points, 95 % interval); reliably_up, reliably_down (pupils whose change is more than
    measurement error explains); comparison_pupils; effect, effect_low, effect_high (points of standard score against
    similar pupils, 95 % interval); ratio_gain (NaN unless asked for); method ("same class", "same year", "none"), why
    (a sentence where the method is "none", else ""). NaN where something cannot be said.
    """
    pairs = paired(data)
    found = _changes(data, pairs)
    found = found.assign(**_comparisons(data, pairs, found, method))
    found["ratio_gain"] = _ratio_gain(data, found["mean_change"].to_numpy()) if ratio_gain else np.nan
    return found


def _changes(data: ProvisionData, pairs: Pairs) -> pd.DataFrame:
    """What happened to the pupils themselves, without a comparison."""
    provisions = data.provisions
    count = len(provisions)
    both = pairs.both
    place, change = pairs.provision[both], (pairs.leave - pairs.entry)[both]
    scored = np.bincount(place, minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(place, change, count) / scored
        squares = np.bincount(place, (change - mean[place]) ** 2, count)
        half = t_quantile(scored.astype(float) - 1.0, SURE) * np.sqrt(squares / (scored - 1) / scored)
    few = scored < FEWEST_PUPILS
    errors = provisions["measure"].map(dict(data.standard_errors)).astype(float).fillna(USUAL_STANDARD_ERROR).to_numpy()
    reliable = RELIABLE * errors[place]
    return pd.DataFrame(
        {
            "school_id": provisions["school_id"],
            "provision_id": provisions["provision_id"],
            "measure": provisions["measure"],
            "pupils": np.bincount(pairs.provision, minlength=count),
            "both_scores": scored,
            "mean_change": mean,
            "change_low": np.where(few, np.nan, mean - half),
            "change_high": np.where(few, np.nan, mean + half),
            "reliably_up": np.bincount(place, change > reliable, count).astype(int),
            "reliably_down": np.bincount(place, change < -reliable, count).astype(int),
        },
        index=provisions.index,
    )


def _comparisons(data: ProvisionData, pairs: Pairs, found: pd.DataFrame, method: Method) -> dict[str, Any]:
    """The effect of each provision against pupils like its own, with its interval, and how it was found."""
    out = _Compared(len(found))
    both = found["both_scores"].to_numpy()
    measured = data.provisions["measure"].notna().any()
    if data.scores is None or not measured or not data.scores[["entry_score", "exit_score"]].notna().all(axis=1).any():
        return out.columns(_why(data, both, out))
    pool = Pool(data, pairs)
    about = About(data, pairs, pool)
    can = np.flatnonzero((pool.right > pool.left) & (both >= FEWEST_PUPILS))
    for batch in pool.batches(can, method.rows_at_once):
        rows = pool.rows(batch)
        out.whole_class[batch] = _share_of_class(rows, about, len(batch)) >= method.whole_class
        rows = rows.take(~out.whole_class[rows.provision])
        _compare(_near(rows, about, method.margin, len(batch)), batch, about, pool, method, out)
    return out.columns(_why(data, both, out))


class _Compared:
    """What the comparison says of each provision, filled in batch by batch."""

    def __init__(self, count: int) -> None:
        self.pupils = np.zeros(count, int)
        self.effect, self.low, self.high = (np.full(count, np.nan) for _ in range(3))
        self.method = np.full(count, "none", dtype=object)
        self.whole_class = np.zeros(count, bool)

    def columns(self, why: list[str]) -> dict[str, Any]:
        return {
            "comparison_pupils": self.pupils,
            "effect": self.effect,
            "effect_low": self.low,
            "effect_high": self.high,
            "method": self.method.astype(str),
            "why": why,
        }


def _share_of_class(rows: Rows, about: About, batch: int) -> npt.NDArray[np.float64]:
    """How large a share of their own classes the pupils of each provision are, on average."""
    school_class = about.school_class[rows.pupil]
    _, level = np.unique(rows.number * np.int64(about.school_class.max() + 2) + school_class + 1, return_inverse=True)
    share = np.bincount(level, rows.treated) / np.bincount(level)
    treated = rows.treated & (school_class >= 0)
    own = np.bincount(rows.number[treated], minlength=batch)
    return np.bincount(rows.number[treated], share[level[treated]], batch) / np.maximum(own, 1)


def _near(rows: Rows, about: About, margin: float, batch: int) -> Rows:
    """The treated, and the others of their year groups whose entry score lies in their range."""
    treated = rows.take(rows.treated)
    lowest, highest = np.full(batch, np.inf), np.full(batch, -np.inf)
    np.minimum.at(lowest, treated.number, treated.entry)
    np.maximum.at(highest, treated.number, treated.entry)
    years = np.zeros((batch, len(YEAR_GROUPS) + 1), bool)
    years[treated.number, about.year[treated.pupil]] = True
    near = (rows.entry >= lowest[rows.number] - margin) & (rows.entry <= highest[rows.number] + margin)
    return rows.take(rows.treated | (near & years[rows.number, about.year[rows.pupil]]))


def _compare(rows: Rows, batch: Places, about: About, pool: Pool, method: Method, out: _Compared) -> None:
    """Put the effects of a batch of provisions into `out`."""
    if not len(rows.number):
        return
    level, by_class = _levels(rows, about, len(batch), method)
    # Only classes (or years) with pupils of both kinds say anything about the difference between them.
    _, level = np.unique(level, return_inverse=True)
    told = np.bincount(level[rows.treated], minlength=level.max() + 1) > 0
    told &= np.bincount(level[~rows.treated], minlength=level.max() + 1) > 0
    kept = np.flatnonzero(told[level])
    kept = kept[np.argsort(level[kept], kind="stable")]
    rows, level = rows.take(kept), level[kept]
    others = np.bincount(rows.number[~rows.treated], minlength=len(batch))
    own = np.bincount(rows.number[rows.treated], minlength=len(batch))
    enough = (others >= method.fewest_comparison_pupils) & (own >= FEWEST_PUPILS)
    out.pupils[batch] = others
    if not enough.any():
        return
    rows, level = rows.take(enough[rows.number]), level[enough[rows.number]]
    _, level = np.unique(level, return_inverse=True)
    problem = np.cumsum(enough)[rows.number] - 1
    found = regress(rows.leave, _covariates(rows, problem, about, pool), problem, level, int(enough.sum()))
    half = t_quantile(found.freedom, SURE) * found.standard_error
    good = np.isfinite(half)
    place = batch[enough][good]
    out.effect[place] = found.effect[good]
    out.low[place], out.high[place] = (found.effect - half)[good], (found.effect + half)[good]
    out.method[place] = np.where(by_class[enough][good], "same class", "same year")


def _levels(rows: Rows, about: About, batch: int, method: Method) -> tuple[Places, npt.NDArray[np.bool_]]:
    """The class of each row, or its year where too few of a provision's pupils have a classmate to be compared with."""
    school_class = about.school_class[rows.pupil]
    size = np.int64(about.school_class.max() + 2)
    key = rows.number * size + school_class + 1
    with_other = np.isin(key[rows.treated], key[~rows.treated & (school_class >= 0)])
    own = np.bincount(rows.number[rows.treated], minlength=batch)
    share = np.bincount(rows.number[rows.treated], with_other, batch) / np.maximum(own, 1)
    by_class = share >= method.share_with_classmate
    years = len(YEAR_GROUPS) + 1
    level = np.where(by_class[rows.number], school_class + 1, about.year[rows.pupil] + 1)
    return rows.number * np.maximum(size, years + 1) + level, by_class


def _covariates(rows: Rows, problem: Places, about: About, pool: Pool) -> npt.NDArray[np.float64]:
    """Treated, then what could make the treated differ: scores, year, SEN, need, poverty, attendance, other
    provision."""
    pupil = rows.pupil
    return np.column_stack(
        [
            rows.treated.astype(float),
            rows.entry,
            _filled(rows.other_entry, problem),
            _filled(rows.earlier, problem),
            about.year[pupil].astype(float),
            about.support[pupil],
            about.plan[pupil],
            about.has_need(rows),
            about.poor[pupil],
            _filled(about.attendance[pupil], problem),
            about.in_another(rows, pool),
        ]
    )


def _filled(values: npt.NDArray[np.float64], problem: Places) -> npt.NDArray[np.float64]:
    """Values with the mean of the same comparison where one is missing, 0 where all are."""
    known = ~np.isnan(values)
    count = np.maximum(np.bincount(problem[known], minlength=problem.max() + 1), 1)
    means = np.bincount(problem[known], values[known], problem.max() + 1) / count
    return np.where(known, values, means[problem])


def _ratio_gain(data: ProvisionData, change: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Months of test age gained for each month between the tests, roughly: the months that passed, and those that the
    change in standard score is worth. Only for showing beside `RATIO_GAIN_WARNING`.
    """
    days = pd.to_datetime(data.provisions["end_date"]) - pd.to_datetime(data.provisions["start_date"])
    passed = days.dt.days.to_numpy(float) / (365.25 / 12)
    extra = np.array([np.nan if np.isnan(points) else months(points) or np.nan for points in change], dtype=float)
    extra = np.where(np.abs(change) / STANDARD_DEVIATION < _month_bounds()[0], 0.0, extra)
    # Months of age mean nothing for wellbeing or engagement.
    extra = np.where(data.provisions["measure"].isin(["reading", "maths", "language"]), extra, np.nan)
    return np.where(passed > 0, (passed + extra) / np.where(passed > 0, passed, 1.0), np.nan)


def months(effect: float) -> int | None:
    """Months of progress that the Education Endowment Foundation's table gives an effect in points (15 = 1 standard
    deviation); negative for a negative effect; None beyond the table. Show it only with `MONTHS_CAUTION`.

    >>> months(4.0), months(0.5), months(30.0)
    (4, 0, None)
    """
    size = round(abs(effect) / STANDARD_DEVIATION, 2)
    if size > float(str(fact("eef-months-highest").value)):
        return None
    count = sum(size >= bound for bound in _month_bounds())
    return count if effect >= 0 else -count


@cache
def _month_bounds() -> tuple[float, ...]:
    return tuple(float(str(fact(f"eef-months-{number}").value)) for number in range(1, 9))


def _why(data: ProvisionData, both: npt.NDArray[Any], out: _Compared) -> list[str]:
    """Why there is no comparison, for each provision that has none."""
    provisions = data.provisions
    said = []
    for place, (measure, method) in enumerate(zip(provisions["measure"].isna(), out.method, strict=True)):
        if method != "none":
            said.append("")
        elif measure:
            said.append("No test measures what this provision is for.")
        elif both[place] < FEWEST_PUPILS:
            said.append(f"Fewer than {FEWEST_PUPILS} pupils have both an entry and an exit score.")
        elif data.scores is None:
            said.append("There are no scores of pupils outside the provision to compare with.")
        elif out.whole_class[place]:
            said.append("Whole classes were in it, so that its effect cannot be told apart from their teaching.")
        elif out.pupils[place] < Method.fewest_comparison_pupils:
            said.append("Too few similar pupils were outside the provision to compare with.")
        else:
            said.append("The pupils in the provision differ too much from the others to tell its effect apart.")
    return said
