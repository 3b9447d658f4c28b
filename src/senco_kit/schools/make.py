"""One invented school from one order: the parts of the generator, in the order in which each needs the one before.

The causal model behind them, with its assumptions, is written down in datasets/README.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from senco_kit.schools import assessments, behaviour, cohort, money, provisions, reviews, staffing, truths
from senco_kit.schools.model import Order, Tables, Truth


@dataclass(frozen=True)
class School:
    """One invented school: its tables, and what was planted in them, which learners never get."""

    order: Order
    tables: Tables
    truths: tuple[Truth, ...]


def make_school(order: Order, *, every_truth: bool = False) -> School:
    """Make the school that the order describes: the same for the same order, on every machine.

    `every_truth` plants every truth that suits the phase; otherwise the seed decides which.
    """
    plan = truths.draw_plan(order, every_truth=every_truth)
    pupils = cohort.make_cohort(order, plan)
    assessments.test_in_autumn(pupils)
    adults = staffing.make_staff(pupils)
    provided = provisions.make_provisions(pupils, adults)  # adds to pupils.effect and pupils.truths
    assessments.test_in_spring_and_summer(pupils)
    tables: Tables = {
        **cohort.tables(pupils),
        **assessments.tables(pupils),
        **behaviour.tables(pupils),
        **staffing.tables(pupils, adults, provided),
        **provisions.tables(pupils, provided),
        **reviews.tables(pupils, provided),
        **money.tables(pupils, adults, provided),
    }
    return School(order, tables, tuple(pupils.truths))
