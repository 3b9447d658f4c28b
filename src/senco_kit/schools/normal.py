"""The normal distribution without SciPy, which takes longer to load than a school takes to make."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from senco_kit.schools.model import Floats

_STANDARD = NormalDist()


def share_below(points: Floats) -> Floats:
    """The share of a standard normal distribution below each point, to within 0.0000002.

    Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17.

    >>> share_below(np.array([0.0, 1.96])).round(3).tolist()
    [0.5, 0.975]
    """
    size = np.abs(points)
    t = 1 / (1 + 0.2316419 * size)
    tail = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    tail *= np.exp(-0.5 * points * points) * 0.3989422804014327
    return np.where(points > 0, 1 - tail, tail)


def point_of(share: float) -> float:
    """The point below which this share (between 0 and 1) of a standard normal distribution lies.

    >>> round(point_of(0.975), 2)
    1.96
    """
    return _STANDARD.inv_cdf(share)
