"""The provisions and enrolments of an invented school as the model knows them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from senco_kit.schools.catalogue import Offer
from senco_kit.schools.model import Bools, Floats, Ints


@dataclass(frozen=True)
class Provided:
    """The provisions and enrolments of a school as the model knows them, what they truly do included.

    The first block has one row a provision: `adult` is a row of Adults, the terms are places in TERMS, `measure` in
    MEASURES (-1 for none). The second has one row an enrolment: `provision` is a row of the first, `pupil` of the
    cohort, `effect` what it adds to the score between the two tests.
    """

    offers: tuple[Offer, ...]
    planted: tuple[str | None, ...]
    provision_id: Ints
    adult: Ints
    measure: Ints
    group_size: Ints
    weeks: Ints
    resources: Floats
    first_term: Ints
    last_term: Ints
    start: Ints  # days since 1970
    end: Ints
    funding_line: Ints
    full_effect: Floats
    pupils: Ints
    groups: Ints
    weekly_hours: Floats
    cost_per_pupil: Floats

    provision: Ints
    pupil: Ints
    group: Ints
    planned: Ints
    delivered: Ints
    effect: Floats

    @property
    def beyond_lessons(self) -> Bools:
        """Which provisions take adults and pupils beside lessons; whole-class provision does not."""
        return np.array([offer.tier != "universal" for offer in self.offers], dtype=bool)
