"""Marks the same submissions with the kit and with stock `nbgrader autograde`, side by side in one run.

    python bench/marking.py                                  1, 10, 30 and 100 submissions to module 1
    python bench/marking.py --submissions 30 --rounds 3 --json marking.json
    python bench/marking.py --submissions 10 --profile       where the time goes, in one process

The kit's is `senco cohort mark`: each notebook runs in the sandbox. Stock is nbgrader's own command in a copy of the
same course folder, with nbgrader's own steps at their own settings and no sandbox; of the kit's settings it has only
those that say which cells count. Both are timed as commands, from nothing to the last mark, one after the other.
Of the learners a quarter answers all right, half by misconceptions, a quarter nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import wraps
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "course"))

import course_parts

from senco_kit import places
from senco_kit.marking.cohort import create_cohort

NAME = "bench"
#: nbgrader's settings for the copy: which cells count is the kit's, and how nbgrader works is its own.
STOCK = f"""
from senco_kit.marking.nbgrader_settings import use

c = get_config()
use(c, cohort="{NAME}")
c.Execute.shutdown_kernel = "graceful"
c.Exporter.optimistic_validation = False
"""


@dataclass
class Run:
    """One command that marked."""

    submissions: int
    who: str
    seconds: float
    processor_seconds: float
    #: Of the command and all that it started, at its highest; what is shared is counted once.
    mebibytes: float

    @property
    def a_minute(self) -> float:
        """Submissions marked in a minute."""
        return 60 * self.submissions / self.seconds


def main() -> None:
    """Measure, print a table, and write it as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--submissions", type=int, nargs="+", default=[1, 10, 30, 100], metavar="N")
    parser.add_argument("--rounds", type=int, default=1, help="runs of each; the table shows medians")
    parser.add_argument("--module", default="1-professional-context")
    parser.add_argument("--profile", action="store_true", help="where the time of one process goes, ours and stock")
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="senco-bench-") as place:
        folder = Path(place)
        cohort = make_cohort(folder / "cohort", max(asked.submissions), asked.module)
        if asked.profile:
            told: dict[str, Any] = profiles(cohort, folder, min(asked.submissions), asked.module)
        else:
            told = compare(cohort, folder, asked.submissions, asked.rounds, asked.module)
    if asked.json:
        asked.json.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def make_cohort(folder: Path, learners: int, module: str) -> Path:
    """A cohort whose learners have all handed in."""
    with create_cohort(NAME, seed=1, school="secondary", learners=learners, folder=folder) as cohort:
        cohort.release(module)
        package = dict(course_parts.released(cohort, module).package)
        keys = course_parts.keys_of(cohort, module, places.MODULES)
        kinds = [course_parts.perfect, course_parts.mistaken, course_parts.mistaken, course_parts.empty]
        known = [kind(package, keys)[0] for kind in kinds]
        inbox = folder.with_name("inbox")
        inbox.mkdir()
        for number, learner in enumerate(cohort.learners):
            name, data = course_parts.sent(cohort, module, learner, known[number % len(known)])
            (inbox / name).write_bytes(data)
        assert len(cohort.collect(inbox).taken[module]) == learners
    return folder


def compare(cohort: Path, folder: Path, submissions: Iterable[int], rounds: int, module: str) -> dict[str, Any]:
    """Ours beside stock for each number of submissions."""
    print(f"{module}, {os.cpu_count()} processors, {rounds} rounds; load {os.getloadavg()[0]:.1f} before\n")
    print(f"{'submissions':>11} {'':<8}{'a minute':>10}{'seconds':>10}{'CPU s':>8}{'CPU s each':>12}{'MiB':>7}   equal")
    runs: list[Run] = []
    equal = {}
    for number in submissions:
        for _ in range(rounds):
            ours, stock = _copy(cohort, folder / "ours", number), _copy(cohort, folder / "stock", number)
            (stock / "nbgrader_config.py").write_text(STOCK, encoding="utf-8")
            runs.append(run("ours", number, ours, "senco_kit", "cohort", "mark", NAME, module, "--folder", str(ours)))
            runs.append(run("stock", number, stock, "nbgrader", "autograde", module))
        equal[number] = {"marks": _marks(ours) == _marks(stock) and len(_marks(ours)) > 0}
        equal[number]["feedback"] = _feedback(ours, stock, module, number)
        for who in ("ours", "stock"):
            _print([each for each in runs if (each.submissions, each.who) == (number, who)], equal[number])
    return {"module": module, "processors": os.cpu_count(), "runs": [asdict(each) for each in runs], "equal": equal}


def _print(runs: list[Run], equal: dict[str, bool]) -> None:
    number, who = runs[0].submissions, runs[0].who
    seconds, used = median(each.seconds for each in runs), median(each.processor_seconds for each in runs)
    same = ", ".join(f"{what} {'yes' if is_so else 'NO'}" for what, is_so in equal.items()) if who == "ours" else ""
    print(
        f"{number:>11} {who:<8}{60 * number / seconds:>10.1f}{seconds:>10.1f}{used:>8.1f}{used / number:>12.2f}"
        f"{max(each.mebibytes for each in runs):>7.0f}   {same}",
        flush=True,
    )


def _copy(cohort: Path, place: Path, learners: int) -> Path:
    """A copy of the course folder in which only the first so many have handed in."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(cohort, place)
    for late in sorted((place / "submitted").iterdir())[learners:]:
        shutil.rmtree(late)
    return place


def run(who: str, submissions: int, folder: Path, *arguments: str) -> Run:
    """Time one command, with all that it starts."""
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    began = time.perf_counter()
    with (folder / "told.txt").open("wb") as told:
        command = [sys.executable, "-m", *arguments]
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=told, stderr=subprocess.STDOUT)
        memory = _Memory(process.pid)
        memory.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    memory.over.set()
    memory.join()
    marked = len(list((folder / "autograded").glob("*/*/*.ipynb")))
    if process.returncode or marked != submissions:
        raise SystemExit(f"{who}: {marked} of {submissions} marked, ended with {process.returncode}: {folder}/told.txt")
    return Run(submissions, who, seconds, used.ru_utime + used.ru_stime, memory.most)


class _Memory(threading.Thread):
    """Looks now and then how much memory a process and its descendants have."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.most = 0.0
        self._process = process

    def run(self) -> None:
        # To look is work too, and more of it where there are more processes.
        while not self.over.wait(2):
            self.most = max(self.most, sum(map(_share, _tree(self._process))) / 1024)


def _tree(process: int) -> list[int]:
    found, waiting = [], [process]
    while waiting:
        found.append(waiting.pop())
        for children in Path(f"/proc/{found[-1]}/task").glob("*/children"):
            try:
                waiting += map(int, children.read_text().split())
            except OSError:
                continue  # it has ended meanwhile
    return found


def _share(process: int) -> int:
    """The memory of a process in KiB; of what it shares with others, its part."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _marks(folder: Path) -> list[tuple[Any, ...]]:
    """Every mark and comment in a gradebook."""
    tables = (("grade", "auto_score, manual_score, needs_manual_grade"), ("comment", "auto_comment, manual_comment"))
    found: list[tuple[Any, ...]] = []
    with closing(sqlite3.connect(folder / "gradebook.db")) as gradebook:
        for table, columns in tables:
            found += gradebook.execute(
                f"select student_id, base_cell.name, {columns} from {table} join base_cell on base_cell.id = cell_id "
                f"join submitted_notebook on submitted_notebook.id = {table}.notebook_id "
                "join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id"
            ).fetchall()
    return sorted(found, key=repr)


def _feedback(ours: Path, stock: Path, module: str, submissions: int) -> bool:
    """Whether the feedback pages are the same, byte for byte."""
    run("ours", submissions, ours, "senco_kit", "cohort", "feedback", NAME, module, "--folder", str(ours))
    run("stock", submissions, stock, "nbgrader", "generate_feedback", module)
    pages = [{page.parts[-3]: page.read_bytes() for page in each.glob("feedback/*/*/*.html")} for each in (ours, stock)]
    return pages[0] == pages[1] and len(pages[0]) == submissions


# ------------------------------------------------------------------------------------------------- where the time goes


def profiles(cohort: Path, folder: Path, submissions: int, module: str) -> dict[str, Any]:
    """The parts of marking one submission after the other in one process: stock's steps, then ours."""
    return {who: _profile(who, _copy(cohort, folder / who, submissions), module) for who in ("stock", "ours")}


def _profile(who: str, folder: Path, module: str) -> dict[str, float]:
    if who == "stock":
        (folder / "nbgrader_config.py").write_text(STOCK, encoding="utf-8")
    program = f"import marking; marking.profile_here({who!r}, {str(folder)!r}, {module!r})"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    parts: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    whole = sum(parts.values())
    print(f"\n{who}: {1000 * whole:.0f} ms for each submission, one process")
    for part, seconds in sorted(parts.items(), key=lambda each: -each[1]):
        print(f"  {part:<42}{1000 * seconds:>7.0f} ms{100 * seconds / whole:>6.0f} %")
    return parts


def profile_here(who: str, folder: str, module: str) -> None:
    """Mark all of a folder in this process, and print how long each part took, in seconds for one submission."""
    from nbgrader.converters import Autograde
    from nbgrader.preprocessors import Execute

    from senco_kit.marking import orders
    from senco_kit.marking.sandbox.execute import SandboxedExecute
    from senco_kit.marking.sandbox.template import MarkingTemplate

    spent: dict[str, float] = {}
    execute = SandboxedExecute if who == "ours" else Execute
    for method, part in (
        ("start_new_kernel", "starting the kernel"),
        ("start_new_kernel_client", "starting the kernel"),
        ("preprocess_cell", "running the cells"),
        ("_cleanup_kernel", "ending the kernel"),
    ):
        _time(execute, method, part, spent)
    after = {*Autograde.autograde_preprocessors.default_args[0]} - {Execute}
    for step in after:
        _time(step, "preprocess", "nbgrader's steps after the kernel", spent)
    # One of them is done before and after: it is counted once.
    for step in {*orders.Worker(Path(folder)).config.Autograde.sanitize_preprocessors} - after:
        _time(step, "preprocess", "nbgrader's steps before the kernel", spent)
    _time(Autograde, "init_assignment", "entering it in the gradebook, copying", spent)
    template = MarkingTemplate()
    work = orders.Marking(Path(folder), module, who == "ours", template.page() if who == "ours" else None)
    mark: Callable[[str], Any] = work if who == "ours" else _plain(Path(folder), module)
    learners = sorted(path.name for path in Path(folder, "submitted").iterdir())
    mark(learners[0])
    spent.clear()
    began = time.perf_counter()
    for learner in learners:
        mark(learner)
    whole = time.perf_counter() - began
    spent["reading, checking and writing notebooks"] = whole - sum(spent.values())
    work.close()
    template.close()
    print(json.dumps({part: seconds / len(learners) for part, seconds in spent.items()}))


def _plain(folder: Path, module: str) -> Callable[[str], Any]:
    from senco_kit.marking.orders import Worker

    worker = Worker(folder)
    return lambda learner: worker.mark_one(module, learner, sandbox=False)


def _time(owner: Any, method: str, part: str, spent: dict[str, float]) -> None:
    """Add up how long a method takes."""
    plain = getattr(owner, method)

    @wraps(plain)
    def timed(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return plain(*given, **named)
        finally:
            spent[part] = spent.get(part, 0.0) + time.perf_counter() - began

    setattr(owner, method, timed)


if __name__ == "__main__":
    main()
