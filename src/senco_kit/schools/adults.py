"""The adults of an invented school, as the parts of the generator hand them to one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from senco_kit.schools import codes
from senco_kit.schools.catalogue import ASSISTANT, HIGHER, LITERACY, SENCO, SPECIALIST, TEACHER, THERAPIST
from senco_kit.schools.model import Bools, Floats, Ints
from senco_kit.schools.training import Training

ROLES = tuple(codes.STAFF_ROLES)
LESSONS_IN_A_WEEK = 30

#: The part of an adult's hours that provisions may take. Teachers who have a class to themselves give none.
_ROOM_FOR_PROVISION = {ASSISTANT: 0.6, HIGHER: 0.75, LITERACY: 0.9, SPECIALIST: 0.9, THERAPIST: 1.0, SENCO: 0.2}
_ROOM_OF_A_FREE_TEACHER = 4.0


@dataclass(frozen=True)
class Adults:
    """The adults of a school, one row each. `role` is a place in ROLES; `school_class` is -1 for those of no one class.

    `attached` is the adult who is with `attached_pupil` (a row of the cohort) all week, -1 where there is none.
    """

    staff_id: Ints
    role: Ints
    school_class: Ints
    weekly_hours: Floats
    hourly_cost: Floats
    start_year: Ints
    attached: int
    attached_pupil: int
    training: Training

    @property
    def size(self) -> int:
        """How many adults there are."""
        return len(self.staff_id)

    def with_roles(self, *roles: str) -> Bools:
        """Which adults have one of these roles."""
        return np.isin(self.role, [ROLES.index(role) for role in roles])

    def lessons(self) -> Ints:
        """For how many of the week's 30 lessons each adult is there."""
        return np.minimum(self.weekly_hours, LESSONS_IN_A_WEEK).astype(np.int64)

    def room_for_provision(self) -> Floats:
        """Hours of the week that each adult can give to provisions."""
        part = np.array([_ROOM_FOR_PROVISION.get(role, 0.0) for role in ROLES])[self.role]
        room: Floats = part * self.lessons().astype(np.float64)
        room[self.with_roles(TEACHER) & (self.school_class < 0)] = _ROOM_OF_A_FREE_TEACHER
        if self.attached >= 0:
            room[self.attached] = 0
        return room
