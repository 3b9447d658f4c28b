"""How long a cohort of 30 takes from release to results, beside plain `nbgrader autograde` of the same submissions.

    python bench/marking_cohort.py                       30 learners, module 1
    python bench/marking_cohort.py --learners 10 --module 3-coordinating-provision

Both run one after the other on this computer, in one run. The kit marks two side by side, each in a sandbox, and throws
away all that was handed in but the answers; nbgrader's own command marks one after the other in a copy of the folder,
with the settings that nbgrader has by itself, so that it takes the notebooks as they were handed in, and again with the
kit's settings.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from senco_kit.course import read
from senco_kit.marking.cohort import Cohort, create_cohort
from senco_kit.marking.handing_in import Assignment, read_package, zip_to_send

#: nbgrader's settings without the kit's.
STOCK = 'c = get_config()\nc.CourseDirectory.course_id = "bench"\n'


def main() -> None:
    """Time each step and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--learners", type=int, default=30)
    parser.add_argument("--module", default="1-professional-context")
    parser.add_argument("--without-sandbox", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="senco-bench-") as folder:
        measure(Path(folder), asked.learners, asked.module, sandbox=not asked.without_sandbox)


def measure(folder: Path, learners: int, module: str, *, sandbox: bool) -> None:
    """All the steps for one cohort, then plain nbgrader for the same submissions."""
    print(f"{learners} learners, {module}, {os.cpu_count()} processors; seconds\n{'step':<52}{'wall':>8}")
    began = time.perf_counter()
    with timed("make the cohort (once)"):
        cohort = create_cohort("bench", seed=1, school="secondary", learners=learners, folder=folder / "c")
    with cohort:
        with timed("release"):
            handed_out = cohort.release(module)
        inbox = folder / "inbox"
        inbox.mkdir()
        with timed("answer and send (the answers file, no form)"):
            answer(cohort, module, handed_out, inbox)
        with timed("collect"):
            cohort.collect(inbox)
        with timed(f"mark, {'in the sandbox' if sandbox else 'without a sandbox'}, two side by side"):
            done = cohort.mark(module, sandbox=sandbox)
        with timed("feedback"):
            cohort.feedback(module)
        with timed("results"):
            cohort.results(module)
        print(f"{'end to end':<52}{time.perf_counter() - began:>8.1f}")
        print(f"{len(done.marked)} marked, {len(done.not_marked)} not marked\n")
    plain("nbgrader autograde, the kit's settings, no sandbox", folder, module, lambda copy: None)
    plain("nbgrader autograde, its own settings, no sandbox", folder, module, stock)


def answer(cohort: Cohort, module: str, handed_out: Path, inbox: Path) -> None:
    """Every learner answers: some right, some wrong, some nothing."""
    given = Assignment(*read_package(handed_out.read_bytes()))
    for number, learner in enumerate(cohort.learners):
        answers = {question["id"]: some_answer(question, number) for question in given.package["questions"]}
        name, data = zip_to_send(given, learner, answers)
        (inbox / name).write_bytes(data)


def some_answer(question: dict[str, Any], number: int) -> Any:
    """An answer that differs from learner to learner."""
    options = [option["id"] for option in question.get("options", [])]
    match question["type"]:
        case "choose-one":
            return options[number % len(options)]
        case "choose-many":
            return options[: number % len(options) + 1]
        case "put-in-order":
            return options
        case "pick-pupils":
            return [row[0] for row in question["table"]["rows"]][:: number % 4 + 1]
        case "share-out":
            return dict.fromkeys(options, "2")
        case "number":
            return str(number)
    return "" if number % 5 == 0 else f"What I would say first, and why ({number})."


def stock(copy: Path) -> None:
    """Only nbgrader's own settings."""
    (copy / "nbgrader_config.py").write_text(STOCK)


def plain(what: str, folder: Path, module: str, change: Callable[[Path], None]) -> None:
    """nbgrader's own command in a copy of the folder."""
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder / "c", copy, ignore=shutil.ignore_patterns("autograded", "feedback"))
    change(copy)
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", "autograde", module]
    with timed(what):
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
    marked = len(list((copy / "autograded").glob(f"*/{module}/{module}.ipynb")))
    print(f"{marked} marked" + ("" if done.returncode == 0 else f"; it ended with {done.returncode}"))


@contextmanager
def timed(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{what:<52}{time.perf_counter() - began:>8.1f}", flush=True)


if __name__ == "__main__":
    read.modules()  # read before the clock starts
    main()
