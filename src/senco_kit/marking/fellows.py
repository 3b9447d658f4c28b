"""Processes that work side by side: each is forked from this one, and so has what this one has imported.

Each gets one piece of work at a time. When one is killed, or takes too long, that piece alone is not done; another
process takes its place.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

#: Elsewhere than on Linux a forked process may not use much of the system: there each begins from nothing.
_context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")

#: Seconds for a process that has nothing more to do.
_LONGEST_END = 2.0

#: Why a piece of work was not done; an empty text when it was.
Why = str


class Work(Protocol):
    """What one process does, again and again. It is made here, and used there."""

    def __call__(self, piece: str) -> Why:
        """Do one piece of work."""

    def close(self) -> None:
        """The process is over."""


def processors() -> int:
    """How many processes this one may run at the same time."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def side_by_side(
    pieces: Sequence[str], new_work: Callable[[], Work], *, patience: float, most: int, stop: Sequence[Any] = ()
) -> Iterator[tuple[str, Why]]:
    """Each piece as it is done, with the reason when it was not, by as many processes as `most`.

    `patience` is how many seconds a piece may take. When one of `stop` can be read nothing more is done.
    """
    waiting = deque(pieces)
    fellows: list[_Fellow] = []
    try:
        while waiting or fellows:
            while waiting and len(fellows) < most:
                fellows.append(_Fellow(new_work()))
                fellows[-1].give(waiting.popleft(), patience)
            ready = wait([*stop, *(each.connection for each in fellows)], _soonest(fellows))
            if any(each in ready for each in stop):
                return
            for fellow in list(fellows):
                if fellow.connection in ready or fellow.is_late():
                    yield fellow.piece, fellow.answer()
                    if not waiting or not fellow.is_well:
                        fellows.remove(fellow)
                        fellow.end()
                    else:
                        fellow.give(waiting.popleft(), patience)
    finally:
        for fellow in fellows:
            fellow.end()


def _soonest(fellows: Sequence[_Fellow]) -> float:
    return max(0.0, min(each.until for each in fellows) - time.monotonic())


class _Fellow:
    """One of the processes, as it is seen from here."""

    def __init__(self, work: Work) -> None:
        self.connection, theirs = _context.Pipe()
        self.piece = ""
        self.until = 0.0
        self.is_well = True
        self._is_busy = False
        self._patience = 0.0
        self._work = work
        # A fork has all that is open here; it keeps its own end alone, so that it is told when this process ends.
        not_its_own = self.connection if _context.get_start_method() == "fork" else None
        self._process = _context.Process(target=_serve, args=(theirs, not_its_own, work), daemon=True)
        self._process.start()
        theirs.close()

    def give(self, piece: str, patience: float) -> None:
        """Give it a piece of work."""
        self.piece, self._patience, self.until = piece, patience, time.monotonic() + patience
        self._is_busy = True
        try:
            self.connection.send(piece)
        except OSError:
            self.is_well = False  # its end is read as its answer

    def is_late(self) -> bool:
        """Whether it has taken longer than it may."""
        return time.monotonic() > self.until

    def answer(self) -> Why:
        """What became of its piece of work; that it has ended, or is late, when that is so."""
        try:
            if self.connection.poll():
                why = str(self.connection.recv())
                self._is_busy = False
                return why
            why = f"nbgrader did not answer within {self._patience:g} seconds."
        except (EOFError, OSError):
            why = "nbgrader ended before it answered."
        self.is_well = False
        return f"Marking was stopped: {why}"

    def end(self) -> None:
        """End it, whatever it does."""
        self.connection.close()
        self._process.join(0 if self._is_busy else _LONGEST_END)
        self._process.kill()
        self._process.join()
        self._process.close()
        self._work.close()


def _serve(orders: Connection, not_its_own: Connection | None, work: Work) -> None:
    """What runs in the process: do each piece until there are no more."""
    if not_its_own is not None:
        not_its_own.close()
    while True:
        try:
            piece = orders.recv()
        except (EOFError, KeyboardInterrupt):
            return
        orders.send(work(piece))
