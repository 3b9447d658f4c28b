"""The processes of one server, whoever their parent is: their processor time, their memory, what is left of them.

Each server is started with a mark of its own in its environment, which all that it starts inherit. A kernel that
outlived its parent is so still found.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped]

MARK = "BENCH_PAGES_MARK"
MIB = 1024 * 1024
#: A quiet server uses less than this many seconds of the processor in WINDOW seconds.
QUIET = 0.05
WINDOW = 1.5


@dataclass(frozen=True)
class Memory:
    """Of one process, in MiB: what would be free again if it ended, and its share of everything that it uses."""

    uss: float
    pss: float


def marked(marks: Iterable[str]) -> list[psutil.Process]:
    """Every live process whose environment has one of these marks."""
    wanted = set(marks)
    return [process for process in psutil.process_iter() if _mark_of(process) in wanted]


def _mark_of(process: psutil.Process) -> str | None:
    with suppress(psutil.Error, OSError):
        if process.status() != psutil.STATUS_ZOMBIE:
            mark: str | None = process.environ().get(MARK)
            return mark
    return None


def pids(mark: str) -> set[int]:
    """The numbers of a server's processes."""
    return {process.pid for process in marked([mark])}


def processor_seconds(marks: Iterable[str]) -> dict[int, float]:
    """Processor time of each live process with one of these marks, with the children that it has seen end."""
    found = {}
    for process in marked(marks):
        with suppress(psutil.Error):
            found[process.pid] = sum(process.cpu_times()[:4])  # user, system, and both of the children that have ended
    return found


def memory(numbers: Iterable[int]) -> list[Memory]:
    """The memory of each of these processes that still lives."""
    return list(_memory(numbers))


def _memory(numbers: Iterable[int]) -> Iterator[Memory]:
    for number in numbers:
        with suppress(psutil.Error):
            full = psutil.Process(number).memory_full_info()
            yield Memory(full.uss / MIB, full.pss / MIB)


def until(true: Callable[[], bool], seconds: float) -> bool:
    """Wait until it is true; says whether it became so in time."""
    end = time.perf_counter() + seconds
    while not true():
        if time.perf_counter() > end:
            return False
        time.sleep(0.05)
    return True


def wait_until_quiet(marks: Iterable[str], seconds: float = 60) -> bool:
    """Wait until these servers do nothing, such as refilling a pool; says whether they came to rest in time."""
    watched = list(marks)
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        before = sum(processor_seconds(watched).values())
        time.sleep(WINDOW)
        if abs(sum(processor_seconds(watched).values()) - before) < QUIET:
            return True
    return False


def end_all(marks: Iterable[str]) -> int:
    """End what is left of these servers; returns how many processes that were."""
    left = marked(marks)
    for process in left:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(left, timeout=5)
    return len(left)
