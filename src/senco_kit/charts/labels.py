"""Where the number of a point can stand so that it covers no other point, number or interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_NEAR, _FAR = 17.0, 30.0
_LETTER_WIDTH, _LETTER_HEIGHT = 9.5, 16.0
_POINT = 8.0
_SIDES = ((1, 0), (-1, 0), (1, -1), (1, 1), (-1, -1), (-1, 1))
_COVERS_NUMBER, _COVERS_POINT, _COVERS_LINE, _OUTSIDE = 10.0, 8.0, 3.0, 50.0


@dataclass(frozen=True)
class Spot:
    """A point with its interval, in pixels from the top left: its place, and the two ends of its upright line."""

    x: float
    y: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Label:
    """Where the middle of a number stands, and whether a line leads to its point because it stands far off."""

    x: float
    y: float
    is_far: bool


def place_labels(spots: Sequence[Spot], texts: Sequence[str], width: float, height: float) -> list[Label]:
    """A place for each number beside its point: the first, in a fixed order of places, that covers least."""
    placed: list[tuple[Label, float]] = []
    for spot, text in zip(spots, texts, strict=True):
        half = _LETTER_WIDTH * len(text) / 2
        tried = [
            Label(spot.x + across * (reach + half - 5), spot.y + down * reach * 0.75, reach == _FAR)
            for reach in (_NEAR, _FAR)
            for across, down in _SIDES
        ]
        best = min(tried, key=lambda label: _covers(label, half, spots, placed, width, height) + 0.5 * label.is_far)
        placed.append((best, half))
    return [label for label, _ in placed]


def _covers(
    label: Label,
    half: float,
    spots: Sequence[Spot],
    placed: Sequence[tuple[Label, float]],
    width: float,
    height: float,
) -> float:
    tall = _LETTER_HEIGHT / 2
    covered = 0.0
    for other, other_half in placed:
        if abs(label.x - other.x) < half + other_half + 2 and abs(label.y - other.y) < 2 * tall:
            covered += _COVERS_NUMBER
    for spot in spots:
        beside = abs(label.x - spot.x) < half + 3
        if beside and spot.top - tall < label.y < spot.bottom + tall:
            covered += _COVERS_LINE
        if abs(label.x - spot.x) < half + _POINT and abs(label.y - spot.y) < tall + _POINT:
            covered += _COVERS_POINT
    if not (half <= label.x <= width - half and tall <= label.y <= height - tall):
        covered += _OUTSIDE
    return covered
