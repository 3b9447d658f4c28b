"""Marks the submissions of a cohort: two at a time, each by itself, so that a bad one stops no other."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence

from senco_kit.marking.nbgrader_process import NbgraderProcess, NbgraderStopped
from senco_kit.marking.problems import MarkingProblem

#: How many submissions are marked side by side.
SIDE_BY_SIDE = 2
#: A submission gets this long in nbgrader's process; the sandbox ends what runs in it much sooner.
_PATIENCE = 180.0

#: What to do with one submission, given the process: raises MarkingProblem.
Work = Callable[[NbgraderProcess, str], None]


def side_by_side(
    processes: Sequence[NbgraderProcess], learners: Sequence[str], work: Work
) -> Iterator[tuple[str, str]]:
    """Each learner's code as it is done, with the reason why it could not be done, or an empty text."""
    waiting: queue.Queue[str] = queue.Queue()
    done: queue.Queue[tuple[str, str]] = queue.Queue()
    for learner in learners:
        waiting.put(learner)
    stop = threading.Event()
    threads = [
        threading.Thread(target=_one_after_the_other, args=(process, waiting, done, work, stop), daemon=True)
        for process in processes[: len(learners)]
    ]
    for thread in threads:
        thread.start()
    try:
        for _ in learners:
            yield done.get()
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _one_after_the_other(
    process: NbgraderProcess,
    waiting: queue.Queue[str],
    done: queue.Queue[tuple[str, str]],
    work: Work,
    stop: threading.Event,
) -> None:
    while not stop.is_set():
        try:
            learner = waiting.get_nowait()
        except queue.Empty:
            return
        done.put((learner, _why_not(work, process, learner)))


def _why_not(work: Work, process: NbgraderProcess, learner: str) -> str:
    try:
        work(process, learner)
    except NbgraderStopped as problem:
        return f"Marking was stopped: {problem}"
    except MarkingProblem as problem:
        return str(problem)
    except Exception as problem:  # one submission must never stop the others
        return f"Something unexpected went wrong ({type(problem).__name__})."
    return ""


def mark_one(module: str, *, sandbox: bool) -> Work:
    """The work of marking one submission to a module."""

    def work(process: NbgraderProcess, learner: str) -> None:
        process.ask("mark", module=module, learner=learner, sandbox=sandbox, patience=_PATIENCE)

    return work


def feedback_one(module: str) -> Work:
    """The work of making one feedback page."""

    def work(process: NbgraderProcess, learner: str) -> None:
        process.ask("feedback", module=module, learner=learner, patience=_PATIENCE)

    return work
