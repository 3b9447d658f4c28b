"""The invented school that a question or a lesson is about, and what can be shown of it: tables and bars.

The functions of a module's answers.py take an `ExerciseSchool` and give a number, ids, a `Table` or `Bars`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

from senco_kit.schools import keys

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from senco_kit.provision.data import ProvisionData
    from senco_kit.schools.model import Order, Phase

#: The schools that assignments can be about: elsewhere too few pupils or no pupils without SEN to compare with.
EXERCISE_PHASES: tuple[Phase, ...] = ("primary", "secondary")
#: So few pupils and so many: fewer leave groups empty, more make a question slow to open.
FEWEST_PUPILS, MOST_PUPILS = 300, 2000
#: The size of a school that nobody chose.
USUAL_PUPILS: Mapping[str, int] = {"primary": 420, "secondary": 1050}


class NoSuchSchool(ValueError):
    """A key that names no school an exercise can be about; its text is one sentence."""


@dataclass(frozen=True)
class Row:
    """One row of a table: an id that an answer can name, and what its cells show."""

    id: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of words and figures as a teacher reads them."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Bar:
    """One bar: its value, and how far it may reach either way."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Bars:
    """A picture of a few values. `says` tells in a sentence what it shows. It starts at 0 unless `start` says else;
    then points are drawn, because the length of a bar would mislead."""

    title: str
    bars: tuple[Bar, ...]
    unit: str
    says: str
    start: float = 0.0


Exhibit = Table | Bars


@dataclass(eq=False)
class ExerciseSchool:
    """One invented school with its tables, as pandas DataFrames by name (see datasets/DICTIONARY.md)."""

    key: str
    order: Order
    tables: Mapping[str, pd.DataFrame]

    @property
    def phase(self) -> Literal["primary", "secondary", "all-through", "special"]:
        """The phase of the school."""
        return self.order.phase

    @property
    def name(self) -> str:
        """What a learner reads."""
        return school_name(self.order)

    @cached_property
    def data(self) -> ProvisionData:
        """The school's provision, as the rules of provision/ take it."""
        from senco_kit.provision.data import from_tables

        return from_tables(dict(self.tables))

    @cached_property
    def by_provision(self) -> pd.DataFrame:
        """Every provision with costs, delivery, impact and what the data suggests."""
        from senco_kit.provision.whole_map import by_provision

        return by_provision(self.data, ratio_gain=True)

    def draw(self, name: str) -> np.random.Generator:
        """Random numbers for a choice that must be the same each time: by school and name."""
        return self.order.stream(f"exercise {name}")


def school_name(order: Order) -> str:
    """What a school is called, without opening it: "Invented secondary school of 1,050 pupils, number 7"."""
    return f"Invented {order.phase} school of {order.pupils:,} pupils, number {order.seed}"


def exercise_order(key: str) -> Order:
    """The order of the school with this key (see schools/keys.py). Raises NoSuchSchool."""
    order = keys.order_of(key)
    if order is None:
        raise NoSuchSchool(f"There is no invented school “{key[:60]}”.")
    if order.phase not in EXERCISE_PHASES or not FEWEST_PUPILS <= order.pupils <= MOST_PUPILS:
        raise NoSuchSchool(
            f"Exercises are about a primary or secondary school of {FEWEST_PUPILS} to {MOST_PUPILS:,} pupils, "
            f"not “{key[:60]}”."
        )
    return order


def can_be_asked_about(key: str) -> bool:
    """Whether an assignment can be about the school with this key: none of datasets/, which lessons show."""
    try:
        exercise_order(key)
    except NoSuchSchool:
        return False
    return keys.is_exercise(key)


@lru_cache(maxsize=6)
def open_exercise(key: str) -> ExerciseSchool:
    """The school with this key. Raises NoSuchSchool."""
    order = exercise_order(key)
    from senco_kit.schools.files import frames
    from senco_kit.schools.make import make_school

    made = make_school(order, every_truth=keys.has_every_truth(key))
    return ExerciseSchool(key, order, frames(made.tables))
