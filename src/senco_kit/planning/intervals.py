"""How sure a figure is: a share, two groups of pupils beside each other, and which of many differences are by chance.

The methods are standard ones:

    a share     Wilson's interval (Journal of the American Statistical Association 22, 1927)
    means       Welch's interval, which lets the two groups differ in size and spread (Welch, Biometrika 34, 1947), or
                Student's where that is wider
    shares      for the difference of two shares Newcombe's hybrid of the intervals of each, which are Wilson's: method
                10 of Newcombe, Statistics in Medicine 17, 1998, which holds for small groups too; its chance of coming
                about by itself by the "N - 1" chi-squared test (Campbell, Statistics in Medicine 26, 2007)
    many        the false alarms among many comparisons are held down as Benjamini and Hochberg do it (Journal of the
                Royal Statistical Society B 57, 1995)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

# numpy and scipy are imported where they are used, because pages import this before they need them.
if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Values = Sequence[float] | npt.NDArray[np.float64]

#: How often an interval holds the truth.
SURE: Final = 0.95
#: The half-width of such an interval in standard errors.
_Z: Final = 1.959964


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """The 95% interval of a share, which stays within 0 and 1 and holds for few tries. Raises ValueError without any.

    >>> [round(end, 3) for end in wilson(8, 10)]
    [0.49, 0.943]
    """
    if tries <= 0 or not 0 <= hits <= tries:
        raise ValueError("A share needs at least one try, and no more hits than tries.")
    square = _Z * _Z
    share = hits / tries
    middle = (share + square / (2 * tries)) / (1 + square / tries)
    half = _Z * math.sqrt(share * (1 - share) / tries + square / (4 * tries * tries)) / (1 + square / tries)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Difference:
    """The first group less the second: the difference, its 95 % interval, and how often chance alone makes as much."""

    difference: float
    low: float
    high: float
    chance: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


def of_means(some: Values, others: Values) -> Difference | None:
    """The difference of two means; None where it cannot be told (under 2 on a side, or no spread at all).

    The interval is the wider of Welch's and Student's. A small group may by chance hold none of the few pupils who are
    hardly ever in school; then its own spread, on which Welch's rests, is far too small, and that of all is nearer.

    >>> found = of_means([1.0, 2.0, 3.0], [4.0, 5.0, 9.0])
    >>> round(found.difference, 2), round(found.low, 2), round(found.high, 2)
    (-4.0, -9.74, 1.74)
    """
    if min(len(some), len(others)) < 2:
        return None
    (mean, square), (other_mean, other_square) = _mean_and_variance(some), _mean_and_variance(others)
    count, other_count = len(some), len(others)
    if square + other_square <= 0:
        return None
    difference = mean - other_mean
    part, other_part = square / count, other_square / other_count
    freedom = (part + other_part) ** 2 / (part**2 / (count - 1) + other_part**2 / (other_count - 1))
    all_freedom = count + other_count - 2
    pooled = ((count - 1) * square + (other_count - 1) * other_square) / all_freedom
    welch = _from_t(difference, math.sqrt(part + other_part), freedom)
    student = _from_t(difference, math.sqrt(pooled * (1 / count + 1 / other_count)), all_freedom)
    return Difference(
        difference, min(welch.low, student.low), max(welch.high, student.high), max(welch.chance, student.chance)
    )


def _from_t(difference: float, error: float, freedom: float) -> Difference:
    import numpy as np
    from scipy import special

    from senco_kit.provision.compare import t_quantile

    half = float(t_quantile(np.array([freedom]), SURE)[0]) * error
    chance = float(2 * special.stdtr(freedom, -abs(difference) / error))
    return Difference(difference, difference - half, difference + half, chance)


def _mean_and_variance(values: Values) -> tuple[float, float]:
    import numpy as np

    array = np.asarray(values, float)
    return float(array.mean()), float(array.var(ddof=1))


def of_shares(those: int, of: int, other_those: int, other_of: int) -> Difference:
    """The difference of two shares with Newcombe's interval; both groups must have someone in them.

    >>> found = of_shares(56, 70, 48, 80)  # the first example of Newcombe's article
    >>> round(found.difference, 2), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    share, other = those / of, other_those / other_of
    (low, high), (other_low, other_high) = wilson(those, of), wilson(other_those, other_of)
    difference = share - other
    return Difference(
        difference,
        difference - math.hypot(share - low, other_high - other),
        difference + math.hypot(high - share, other - other_low),
        _chance_of_shares(those, of, other_those, other_of),
    )


def _chance_of_shares(those: int, of: int, other_those: int, other_of: int) -> float:
    everyone, with_it = of + other_of, those + other_those
    margins = with_it * (everyone - with_it) * of * other_of
    if margins == 0:
        return 1.0
    crossed = those * (other_of - other_those) - other_those * (of - those)
    return math.erfc(math.sqrt((everyone - 1) * crossed**2 / margins / 2))


def stand_out(chances: Sequence[float], level: float) -> list[bool]:
    """Which of many comparisons stand out when at most a share of `level` of those may be false alarms on average.

    Benjamini and Hochberg's step-up rule. It holds for comparisons that lean the same way because they share pupils
    (Benjamini and Yekutieli, Annals of Statistics 29, 2001).

    >>> stand_out([0.001, 0.02, 0.04, 0.9], 0.05)
    [True, True, False, False]
    """
    order = sorted(range(len(chances)), key=chances.__getitem__)
    last = max(
        (rank for rank, place in enumerate(order, 1) if chances[place] <= level * rank / len(chances)), default=0
    )
    chosen = set(order[:last])
    return [place in chosen for place in range(len(chances))]
