"""Sessions planned against sessions delivered, a row a provision, as HTML bars beside their figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from senco_kit.charts.drawing import draw
from senco_kit.charts.effects import figure, words

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Delivery:
    """One provision: its pupils' sessions planned and delivered, and how many pupils got under three quarters."""

    name: str
    planned: int
    delivered: int
    pupils: int
    pupils_under_three_quarters: int

    @property
    def share(self) -> float:
        """Delivered sessions as a share of those planned; 0 where none was planned."""
        return self.delivered / self.planned if self.planned else 0.0


def deliveries_from(by_provision: pd.DataFrame) -> list[Delivery]:
    """The provisions of rows of `whole_map.by_provision`."""
    return [
        Delivery(
            words(row["name"]),
            round(figure(row["planned_sessions"]) or 0),
            round(figure(row["delivered_sessions"]) or 0),
            int(row["pupils"]),
            int(row["pupils_under_three_quarters"]),
        )
        for row in by_provision.to_dict("records")
    ]


def delivery_chart(
    deliveries: Iterable[Delivery],
    *,
    enough: float = 0.75,
    name: str = "How much of the plan was delivered",
    chart_id: str = "delivery",
) -> Markup:
    """A bar a provision, the least delivered first: the box is the plan, what is filled was delivered.

    `enough` is the share of the plan under which a provision is marked, with a mark and in words.
    """
    rows = sorted(deliveries, key=lambda each: (each.share if each.planned else 2.0, each.name))
    longest = max([1.0, *(each.share for each in rows)])
    return draw("delivery_chart.html", rows=rows, longest=longest, enough=enough, name=name, chart_id=chart_id)
