"""What the parts of the generator hand to one another. How the parts work together is in make.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

Phase = Literal["primary", "secondary", "all-through", "special"]
PHASES: tuple[Phase, ...] = get_args(Phase)

#: What the model's pupils can do, each on a scale of standard scores: mean 100, standard deviation 15 in England.
#: "engagement" is used in special schools for pupils whom standardised tests do not suit.
MEASURES = ("reading", "maths", "language", "wellbeing", "engagement")

#: When the whole school is tested. A provision runs between two of these.
TERMS = ("autumn", "spring", "summer")

Ints: TypeAlias = npt.NDArray[np.integer[Any]]
Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Bools: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Coded:
    """A column of words, kept as places in a short list: -1 stands for no value."""

    codes: Ints
    words: tuple[str, ...]


#: The columns of a table by name, all of one length. Numbers that may be missing are floats with NaN.
Columns: TypeAlias = dict[str, npt.NDArray[Any] | Coded]

#: The tables of one school by name, in the order of schools/schema.py.
Tables: TypeAlias = dict[str, Columns]


@dataclass(frozen=True)
class Order:
    """Which school is wanted: the `number`-th (from 1) of this phase under this seed, with so many pupils."""

    phase: Phase
    pupils: int
    seed: int
    number: int = 1

    def stream(self, part: str) -> np.random.Generator:
        """The random numbers of one part of the generator, the same whatever other parts and schools draw."""
        key = (PHASES.index(self.phase), self.number, *part.encode())
        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=key))


@dataclass(frozen=True)
class Truth:
    """Something planted in a school that its data can show: `rows` are the ids touched, by table.

    `kind` is a name from truths.KINDS; `says` is the sentence that tells a learner what is so; `about` holds the
    figures behind it, for example the true effect in points of standard score.
    """

    kind: str
    says: str
    rows: Mapping[str, tuple[int | str, ...]]
    about: Mapping[str, float | int | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """Which truths a school gets, decided before its pupils are made; None where one is not planted.

    Groups are names from truths.GROUPS. Classes and years are chosen by a place in 0..1 of those that can be used.
    """

    under_identified: str | None
    over_identified: str | None
    absence_explains: float | None
    teaching_not_pupils: float | None
    does_nothing: bool
    under_delivered: bool
    chosen_on_low_score: bool
    attached_adult: bool
    training_gap: bool
    cost_outlier: bool
    wrong_group: bool


@dataclass
class Cohort:
    """The pupils of one school as the model knows them, its hidden part included. All arrays have one row a pupil.

    `year` is 0 for Reception; `sen` is 0 none, 1 SEN support (K), 2 EHC plan (E); `need` and `second_need` are places
    in codes.SEN_TYPES, -1 for none; `school_class` is a place in `class_names`. `attendance` is the share of sessions
    attended in each of six half-terms. `ability` is the true standing (not the score) on each of MEASURES in autumn;
    `growth` the true change autumn to spring and spring to summer without any provision; `effect` what provision adds
    to each of the two. `tested` says who sits each measure's test; `scores` are the observed standard scores at the
    three TERMS, NaN where not tested.
    """

    order: Order
    plan: Plan
    school_id: int
    pupil_id: Ints
    year: Ints
    girl: Bools
    birth_month: Ints
    fsm: Bools
    fsm_ever: Bools
    eal: Bools
    in_care: Bools
    service_child: Bools
    young_carer: Bools
    social_worker: Bools
    school_class: Ints
    class_names: tuple[str, ...]
    class_years: Ints
    sen: Ints
    need: Ints
    second_need: Ints
    attendance: Floats  # (pupils, 6)
    ability: Floats  # (pupils, measures)
    growth: Floats  # (pupils, measures, 2)
    effect: Floats  # (pupils, measures, 2)
    tested: Bools  # (pupils, measures)
    scores: Floats  # (pupils, measures, 3)
    truths: list[Truth] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many pupils there are."""
        return len(self.pupil_id)
