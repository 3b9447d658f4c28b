"""Every module, three cohorts: learners whose marks are known get them, from the kit and from plain nbgrader alike.

One cohort goes through nbgrader whole, and again through nbgrader's own command. Of the two others each module goes
through nbgrader for the mistaken learner, and the marking rules alone mark the rest: a submission takes nbgrader one to
two seconds. With --every-learner all of them go through nbgrader.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import course_parts
import pytest

from senco_kit.course import read
from senco_kit.course.mark import mark
from senco_kit.marking.cohort import Cohort, create_cohort
from senco_kit.marking.outputs import read_marked
from senco_kit.places import MODULES as MODULES_FOLDER

MODULES = [module.id for module in read.modules() if module.assignment]
LEARNERS = {"L01": course_parts.perfect, "L02": course_parts.empty, "L03": course_parts.mistaken}
SCHOOLS = {3: "primary", 5: "secondary", 11: "primary"}

#: nbgrader's own command, for one assignment after the other: starting it takes longer than marking.
PLAIN = """
import sys
from nbgrader.apps import AutogradeApp
for module in sys.argv[1:]:
    AutogradeApp.clear_instance()
    app = AutogradeApp.instance()
    app.initialize([module, "--force"])
    app.start()
"""


def marks_in(gradebook: Path) -> dict[tuple[str, str, str], float | None]:
    """What nbgrader's gradebook holds: the marks by learner, module and question, read past nbgrader."""
    query = """
        select submitted_assignment.student_id, assignment.name, base_cell.name, grade.auto_score
        from grade join submitted_notebook on grade.notebook_id = submitted_notebook.id
        join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
        join assignment on submitted_assignment.assignment_id = assignment.id
        join base_cell on grade.cell_id = base_cell.id"""
    connection = sqlite3.connect(gradebook)
    try:
        return {(learner, module, cell): marks for learner, module, cell, marks in connection.execute(query)}
    finally:
        connection.close()


@pytest.fixture(scope="module", params=list(SCHOOLS))
def marked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cohort]:
    """A cohort in which the three learners have handed in every module, and all is marked."""
    folder = tmp_path_factory.mktemp("cohort")
    whole = request.param == min(SCHOOLS) or request.config.getoption("--every-learner")
    with create_cohort(
        f"seed-{request.param}", seed=request.param, school=SCHOOLS[request.param], learners=3, folder=folder / "c"
    ) as cohort:
        inbox = folder / "inbox"
        inbox.mkdir()
        for module in MODULES:
            cohort.release(module)
            package = course_parts.released(cohort, module).package
            keys = course_parts.keys_of(cohort, module, MODULES_FOLDER)
            for learner, kind in LEARNERS.items():
                if whole or learner == "L03":
                    name, data = course_parts.sent(cohort, module, learner, kind(dict(package), keys)[0])
                    (inbox / name).write_bytes(data)
        assert cohort.collect(inbox).unusable == ()
        for module in MODULES:
            assert cohort.mark(module).not_marked == {}
        yield cohort


def test_each_learner_gets_the_marks_that_were_predicted(
    marked: Cohort, record_property: pytest.FixtureRequest
) -> None:
    told = []
    got = marks_in(marked.folder.root / "gradebook.db")
    for module in MODULES:
        package = dict(course_parts.released(marked, module).package)
        keys = course_parts.keys_of(marked, module, MODULES_FOLDER)
        for learner, kind in LEARNERS.items():
            answers, predicted = kind(package, keys)
            if (learner, module, next(iter(predicted))) in got:
                graded = {question: got[learner, module, question] or 0.0 for question in predicted}
            else:
                graded = {question: mark(keys[question], answers.get(question)).marks for question in predicted}
            assert graded == predicted, (module, learner)
            told.append(f"{module} {learner} {sum(graded.values()):g} of {package['out_of']}")
    record_property("told", f"{marked.name}: " + "; ".join(told))  # type: ignore[operator]


def test_the_mistaken_learner_reads_what_was_written_for_the_misconception(marked: Cohort) -> None:
    for module in MODULES:
        keys = course_parts.keys_of(marked, module, MODULES_FOLDER)
        package = dict(course_parts.released(marked, module).package)
        said = read_marked(marked.folder.autograded(module, "L03") / f"{module}.ipynb")
        answers, _ = course_parts.mistaken(package, keys)
        for question, result in said.items():
            if answers[question]:
                assert result.says, (module, question)
                assert result.misconceptions or keys[question]["type"] == "choose-many", (module, question)


def test_the_perfect_learner_is_told_so_and_only_a_person_is_waited_for(marked: Cohort) -> None:
    if not marked.folder.autograded(MODULES[0], "L01").exists():
        pytest.skip("the perfect learner of this cohort goes through nbgrader with --every-learner")
    for module in MODULES:
        for result in read_marked(marked.folder.autograded(module, "L01") / f"{module}.ipynb").values():
            assert (result.marks, result.verdict) == (result.out_of, "right")
        waiting = {work.learner for work in marked.rubric_work(module)}
        assert waiting == {"L01"}  # the others wrote nothing


def test_plain_nbgrader_gives_the_same_marks(marked: Cohort, tmp_path: Path) -> None:
    if marked.about.seed != min(SCHOOLS):
        pytest.skip("one cohort is enough: nbgrader's own command takes long to start")
    copy = tmp_path / "copy"
    shutil.copytree(marked.folder.root, copy, ignore=shutil.ignore_patterns("autograded", "feedback"))
    before = marks_in(copy / "gradebook.db")
    connection = sqlite3.connect(copy / "gradebook.db")
    connection.execute("update grade set auto_score = null")
    connection.commit()
    connection.close()
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [sys.executable, "-c", PLAIN, *MODULES], cwd=copy, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert marks_in(copy / "gradebook.db") == before
