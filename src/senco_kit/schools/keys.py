"""Keys that name an invented school wherever one is spoken of: in an address, a file of answers, a saved plan.

primary-420             a school of datasets/, with every truth that suits it planted
primary-420-7           another invented school: phase, pupils, seed; its seed decides what is planted
exercise-primary-420-7  the school of an assignment: every truth that suits it is planted
"""

from __future__ import annotations

import re

from senco_kit.schools.model import PHASES, Order, Phase
from senco_kit.schools.package import PACKAGES

EXERCISE = "exercise-"
_INVENTED = re.compile(rf"({'|'.join(PHASES)})-([1-9][0-9]{{0,4}})-(0|[1-9][0-9]{{0,8}})")


def key_of(order: Order) -> str:
    """The key of an invented school that is not one of datasets/."""
    return f"{order.phase}-{order.pupils}-{order.seed}"


def exercise_key(order: Order) -> str:
    """The key of the school of an assignment."""
    return EXERCISE + key_of(order)


def is_exercise(key: str) -> bool:
    """Whether the key names the school of an assignment."""
    return key.startswith(EXERCISE)


def order_of(key: str) -> Order | None:
    """The order of an invented school's key; None when the key is none of those."""
    if key in PACKAGES:
        return PACKAGES[key]
    found = _INVENTED.fullmatch(key.removeprefix(EXERCISE))
    if found is None:
        return None
    phase: Phase = next(each for each in PHASES if each == found[1])
    return Order(phase, int(found[2]), int(found[3]))


def has_every_truth(key: str) -> bool:
    """Whether every truth that suits the school is planted in it, where else its seed decides."""
    return key in PACKAGES or is_exercise(key)
