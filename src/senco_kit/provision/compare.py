"""The comparison behind `impact`: many small regressions at once, with intervals that are honest when few carry them.

For one provision: exit score on treated (1 in the provision, 0 not) and covariates, with a level of its own for each
class (or year). The variance is the heteroskedasticity-robust HC2; its degrees of freedom are those of Bell and
McCaffrey (2002), which fall towards the number of pupils in the provision as the comparison grows. All of it is sums
over rows, so thousands of provisions take one pass.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Estimates:
    """One figure for each regression: the effect, its standard error, degrees of freedom and residual spread."""

    effect: Floats
    standard_error: Floats
    freedom: Floats


def t_quantile(freedom: Floats, sure: float) -> Floats:
    """How many standard errors an interval reaches to either side that holds the truth with probability `sure`."""
    from scipy import special  # here, because pages import this room before they need it

    quantile: Floats = special.stdtrit(np.maximum(freedom, 1.0), (1 + sure) / 2)
    return quantile


def within(values: Floats, level: Places, levels: int) -> Floats:
    """Values (rows, columns) less the mean of their level."""
    count = np.bincount(level, minlength=levels).astype(float)
    means = np.stack([np.bincount(level, column, levels) for column in values.T], axis=1) / count[:, None]
    centred: Floats = values - means[level]
    return centred


def regress(outcome: Floats, covariates: Floats, problem: Places, level: Places, problems: int) -> Estimates:
    """The coefficient of the first covariate in each problem's regression.

    outcome (rows,), covariates (rows, k) with no NaN, problem (rows,) ascending from 0 with every number present, level
    (rows,) ascending from 0: the class or year, numbered over all problems. NaN where it cannot be told.
    """
    levels = int(level[-1]) + 1
    rows = within(np.column_stack([covariates, outcome]), level, levels)
    in_level = np.bincount(level, minlength=levels).astype(float)
    starts = np.flatnonzero(np.r_[True, problem[1:] != problem[:-1]])
    level_starts = np.flatnonzero(np.r_[True, level[1:] != level[:-1]])
    x, y = rows[:, :-1], rows[:, -1]
    squares = _products(x, starts)
    inverse = _inverse(squares)
    slopes = np.einsum("pij,pj->pi", inverse, _products_with(x, y, starts))
    residual = y - np.einsum("ri,ri->r", x, slopes[problem])
    bent_rows = np.einsum("ri,rij->rj", x, inverse[problem])
    leverage = np.minimum(np.einsum("ri,ri->r", x, bent_rows) + 1.0 / in_level[level], 1.0)
    weight = bent_rows[:, 0]
    slack = 1.0 - leverage
    free = slack > 1e-9
    d = np.divide(weight**2, slack, out=np.zeros_like(weight), where=free)
    variance = np.add.reduceat(d * residual**2, starts)
    trace = np.add.reduceat(weight**2 * free, starts)
    # Bell and McCaffrey: 2 E(V)^2 / Var(V) for equal variances. The square of the hat matrix splits into the part of
    # the levels, the part of the covariates, and twice their product.
    square = np.add.reduceat(d**2 * (1.0 - 2.0 * leverage), starts)
    spread = _products(x * np.sqrt(d)[:, None], starts)
    mixed = inverse @ spread
    square += np.einsum("pij,pji->p", mixed, mixed)
    level_problem = problem[level_starts]
    total = np.add.reduceat(d, level_starts)
    pull = np.add.reduceat(x * d[:, None], level_starts, axis=0)
    bent = np.einsum("li,lij,lj->l", pull, inverse[level_problem], pull)
    by_level = (total / in_level) ** 2 + 2.0 * bent / in_level
    square += np.bincount(level_problem, by_level, problems)
    with np.errstate(invalid="ignore", divide="ignore"):
        freedom = np.where(square > 0, trace**2 / square, np.nan)
    # Where being in the provision goes with other covariates so closely that the two cannot be told apart, say nothing.
    alone = np.einsum("pi,pi->p", inverse[:, 0], squares[:, :, 0])
    told = (alone > 0.999) & (variance > 0)
    nothing = np.full(problems, np.nan)
    return Estimates(
        np.where(told, slopes[:, 0], nothing),
        np.where(told, np.sqrt(np.maximum(variance, 0.0)), nothing),
        np.where(told, freedom, nothing),
    )


def _products(x: Floats, starts: Places) -> Floats:
    """X'X of each problem: (problems, k, k)."""
    size = x.shape[1]
    out = np.empty((len(starts), size, size))
    for i in range(size):
        for j in range(i + 1):
            out[:, i, j] = out[:, j, i] = np.add.reduceat(x[:, i] * x[:, j], starts)
    return out


def _products_with(x: Floats, y: Floats, starts: Places) -> Floats:
    return np.stack([np.add.reduceat(column * y, starts) for column in x.T], axis=1)


def _inverse(squares: Floats) -> Floats:
    """The inverse of each matrix; a covariate that does not vary, or repeats others, is left out (pseudo-inverse)."""
    scale = np.sqrt(np.einsum("pii->pi", squares))
    scale = np.where(scale > 1e-6, scale, 1.0)
    both = scale[:, :, None] * scale[:, None, :]
    inverse: Floats = np.linalg.pinv(squares / both, rcond=1e-8, hermitian=True)
    scaled: Floats = inverse / both
    return scaled
