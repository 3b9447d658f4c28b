"""One piece of work on a cohort at a time: two that mark the same submissions would take away each other's results."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from senco_kit.marking.problems import MarkingProblem


@contextmanager
def held(lock: Path) -> Iterator[None]:
    """Nobody else is inside with this file. Raises MarkingProblem when somebody is.

    The operating system holds the lock, so it ends with the process, however that ends.
    """
    lock.parent.mkdir(exist_ok=True)
    with lock.open("ab") as file:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise MarkingProblem(
                "Somebody else is releasing, collecting or marking for this cohort now: wait until that is done."
            ) from problem
        yield
