"""Hostile and damaged submissions beside honest ones, in one run: each ends as it should, and nothing else changes."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import course_parts
import pytest
from course_parts import SMALL, SMALL_COURSE
from hostile import CODE, KINDS, MARKED

from senco_kit.marking.cohort import Cohort, MarkedCohort, create_cohort
from senco_kit.marking.outputs import read_marked

#: The first two are honest.
HONEST = 2
#: Of the submissions with code these few are sent through nbgrader (with --every-learner all are): what they would do
#: does not matter to it, for none of it runs. test_sandbox.py lets all of it run.
FEW = ("reads source/", "writes the gradebook", "marks itself")


@dataclass(frozen=True)
class Run:
    """What was there before, and what the run did."""

    cohort: Cohort
    done: MarkedCohort
    kinds: dict[str, str]
    marks: dict[str, float]
    host: Path
    source: str
    seconds: float


def _fingerprint(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


@pytest.fixture(scope="module")
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A cohort with one learner for each kind, all marked in one run."""
    every = request.config.getoption("--every-learner")
    names = [kind for kind in KINDS if every or kind not in CODE or kind in FEW]
    assert len(names) >= 25
    folder = tmp_path_factory.mktemp("hostile")
    host = folder / "host"
    host.mkdir()
    with create_cohort(
        "hostile",
        seed=4,
        school="primary",
        learners=HONEST + len(names),
        folder=folder / "c",
        modules_folder=SMALL_COURSE,
    ) as cohort:
        cohort.release(SMALL)
        package = dict(course_parts.released(cohort, SMALL).package)
        answers, marks = course_parts.perfect(package, course_parts.keys_of(cohort, SMALL, SMALL_COURSE))
        inbox = folder / "inbox"
        inbox.mkdir()
        for learner in cohort.learners:
            name, data = course_parts.sent(cohort, SMALL, learner, answers)
            (inbox / name).write_bytes(data)
        assert cohort.collect(inbox).unusable == ()
        kinds = dict(zip(names, cohort.learners[HONEST:], strict=True))
        for kind, learner in kinds.items():
            KINDS[kind][0](cohort.folder.submitted(SMALL, learner), host)
        source = _fingerprint(cohort.folder.root / "source")
        began = time.monotonic()
        done = cohort.mark(SMALL)
        yield Run(cohort, done, kinds, marks, host, source, time.monotonic() - began)


def test_each_kind_ends_as_it_should(run: Run, record_property: Callable[[str, str], None]) -> None:
    table = []
    for kind, learner in run.kinds.items():
        expected = KINDS[kind][1]
        why = run.done.not_marked.get(learner, MARKED)
        assert expected in why, (kind, why)
        table.append(f"{kind}: {why}")
    record_property("told", f"{len(table)} kinds in {run.seconds:.0f} s\n  " + "\n  ".join(table))
    kept = json.loads(run.cohort.folder.standing(SMALL).read_text())
    assert {learner: each["why"] for learner, each in kept.items() if each["why"]} == dict(run.done.not_marked)


def test_what_was_marked_has_the_marks_of_its_answers(run: Run) -> None:
    for learner in run.done.marked:
        found = read_marked(run.cohort.folder.autograded(SMALL, learner) / f"{SMALL}.ipynb")
        assert {question: each.marks for question, each in found.items()} == {
            question: marks for question, marks in run.marks.items() if question != "write"
        }
    by_learner = run.cohort.results(SMALL).learners
    assert all(by_learner[learner][SMALL].marks == sum(run.marks.values()) for learner in run.done.marked)
    assert all(by_learner[learner][SMALL].marks is None for learner in run.done.not_marked)


def test_honest_submissions_are_marked_beside_them(run: Run) -> None:
    assert {"L01", "L02"} <= set(run.done.marked)


def test_nothing_on_the_markers_computer_was_touched(run: Run) -> None:
    assert list(run.host.iterdir()) == []
    assert _fingerprint(run.cohort.folder.root / "source") == run.source


def test_no_cell_that_was_handed_in_is_in_the_marked_notebook(run: Run) -> None:
    own = run.cohort.folder.autograded(SMALL, "L01") / f"{SMALL}.ipynb"
    ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in json.loads(own.read_text())["cells"]]
    for learner in run.done.marked:
        path = run.cohort.folder.autograded(SMALL, learner) / f"{SMALL}.ipynb"
        cells = json.loads(path.read_text())["cells"]
        assert [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells] == ids
        assert {each.name for each in path.parent.iterdir()} == {
            path.name,
            "answers.json",
            "questions.json",
            "timestamp.txt",
        }


def test_hostile_text_stays_text_in_the_cell_and_on_the_feedback_page(run: Run) -> None:
    learner = run.kinds["HTML and Markdown in an answer"]
    cells = json.loads((run.cohort.folder.autograded(SMALL, learner) / f"{SMALL}.ipynb").read_text())["cells"]
    written = next(cell for cell in cells if cell["metadata"]["nbgrader"]["grade_id"] == "write")
    assert all(line.startswith("    ") for line in "".join(written["source"]).split("\n"))
    run.cohort.feedback(SMALL)
    page = run.cohort.folder.feedback_page(SMALL, learner).read_text()
    assert page.count("<script") == page.count('<script type="application/json" id="senco-feedback">') == 1  # our own
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
