"""An axis with round numbers: from where to where it runs, where its ticks stand, and where a value falls on it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ROUND_STEPS = (1, 2, 5, 10)
# Amounts crowd where their median stands in the lowest fifth of the axis.
_CROWDED = 5
# The ticks of a stretched axis stand at least this share of its length apart.
_LEAST_GAP = 0.075


@dataclass(frozen=True)
class Scale:
    """An axis. `ticks` are the values written beside it, the first at its start and the last at its end.

    With `is_stretched` places go by the square root of the distance from the start, which gives low values more room.
    """

    ticks: tuple[float, ...]
    is_stretched: bool = False

    @property
    def start(self) -> float:
        """The value at its lower end."""
        return self.ticks[0]

    @property
    def end(self) -> float:
        """The value at its upper end."""
        return self.ticks[-1]

    def share(self, value: float) -> float:
        """How far along the axis a value stands: 0 at the start, 1 at the end. Never outside the axis."""
        straight = min(max((value - self.start) / (self.end - self.start), 0.0), 1.0)
        return math.sqrt(straight) if self.is_stretched else straight

    def percent(self, value: float) -> float:
        """The same in per cent with two decimals, as style sheets want it."""
        return round(100 * self.share(value), 2)


def scale_for(values: Iterable[float], *, ticks: int = 6) -> Scale:
    """An axis with about so many round steps that holds all the values and 0.

    Values that are not finite are left out. With no values, or only 0, it runs from 0 to 1.

    >>> scale_for([3, 412]).ticks
    (0, 100, 200, 300, 400, 500)
    >>> scale_for([-2.4, 6.1]).ticks
    (-4, -2, 0, 2, 4, 6, 8)
    """
    held = [0.0, *(value for value in values if math.isfinite(value))]
    low, high = min(held), max(held)
    if low == high:
        high = 1.0
    step = _round_step((high - low) / ticks)
    first, last = math.floor(low / step), math.ceil(high / step)
    return Scale(tuple(_plain(number * step) for number in range(first, last + 1)))


def scale_with_room(values: Iterable[float]) -> Scale:
    """An axis from 0 for amounts: stretched where most of them would otherwise crowd at its lower end.

    >>> scale_with_room([20, 40, 60, 80, 1000]).ticks
    (0, 20, 50, 100, 200, 500, 1000)
    """
    held = sorted(value for value in values if math.isfinite(value) and value > 0)
    straight = scale_for(held)
    if not held or held[len(held) // 2] > straight.end / _CROWDED:
        return straight
    rooted = Scale((0, straight.end), is_stretched=True)
    ticks = [straight.end]
    for tick in _one_two_fives_down_from(straight.end):
        if rooted.share(tick) < _LEAST_GAP:
            break
        if rooted.share(ticks[-1]) - rooted.share(tick) >= _LEAST_GAP:
            ticks.append(tick)
    return Scale((0, *(_plain(tick) for tick in reversed(ticks))), is_stretched=True)


def _one_two_fives_down_from(end: float) -> Iterator[float]:
    size = 10.0 ** math.floor(math.log10(end))
    while True:
        yield from (step * size for step in (5, 2, 1) if step * size < end)
        size /= 10


def _round_step(least: float) -> float:
    size = 10.0 ** math.floor(math.log10(least))
    return next(step * size for step in _ROUND_STEPS if step * size >= least * (1 - 1e-9))


def _plain(number: float) -> float:
    """Without the dust of binary fractions, and whole where it is whole."""
    rounded = round(number, 10)
    return int(rounded) if rounded == int(rounded) else rounded
