"""Published figures against those of invented schools, a row a figure, with the interval of chance."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from markupsafe import Markup

from senco_kit.charts.drawing import draw
from senco_kit.charts.scale import Scale, scale_for

if TYPE_CHECKING:
    from senco_kit.schools.likeness import Likeness

# The groups in their order: name, unit of the axis, and the ids of the facts. A figure goes to the first that fits.
_GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Pupils with SEN", "%", ("sen-all-*", "sen-support-*", "ehc-[!i]*")),
    ("Special schools, and plans in mainstream", "%", ("sen-special-*", "ehc-in-mainstream-*")),
    ("Main need, pupils with SEN support", "%", ("need-*-sen-support-*",)),
    ("Main need, pupils with an EHC plan", "%", ("need-*",)),
    ("Boys and girls", "%", ("boys-*",)),
    ("Free school meals", "%", ("fsm-*",)),
    ("Sessions missed", "%", ("absence-overall-*",)),
    ("Persistent absence: a tenth of sessions or more", "%", ("absence-persistent-*",)),
    ("Severe absence: half of the sessions or more", "%", ("absence-severe-*",)),
    ("Suspensions", "for each 100 pupils", ("suspensions-*",)),
    ("Suspended at least once", "%", ("suspended-once-*",)),
    ("Attainment 8", "points", ("attainment-8-*",)),
    ("Attainment: pupils who reach the standard", "%", ("eyfsp-*", "phonics-*", "mtc-*", "ks2-*")),
)
_REST = ("Other figures", "%")


@dataclass(frozen=True)
class Group:
    """Figures of one kind, which share an axis from 0."""

    name: str
    unit: str
    rows: Sequence[Likeness]

    @property
    def scale(self) -> Scale:
        """The axis from 0 that holds every figure of the group with its interval. No share goes beyond 100%."""
        most = 100.0 if self.unit == "%" else math.inf
        values = (value for row in self.rows for value in (row.compared, row.invented, row.low, row.high))
        return scale_for((min(max(value, 0.0), most) for value in values), ticks=5)


def grouped(likenesses: Iterable[Likeness]) -> list[Group]:
    """The figures by kind, each kind with its unit; within one, in the order given."""
    found: dict[tuple[str, str], list[Likeness]] = {(name, unit): [] for name, unit, _ in _GROUPS}
    for row in likenesses:
        fits = ((name, unit) for name, unit, ids in _GROUPS if any(fnmatch(row.fact_id, each) for each in ids))
        found.setdefault(next(fits, _REST), []).append(row)
    return [Group(name, unit, rows) for (name, unit), rows in found.items() if rows]


def likeness_chart(
    likenesses: Iterable[Likeness],
    *,
    name: str = "Published figures and invented ones",
    chart_id: str = "likeness",
) -> Markup:
    """A row a figure under the name of its kind: the published figure, and the invented one with its 95% interval."""
    return draw("likeness_chart.html", groups=grouped(likenesses), name=name, chart_id=chart_id)
