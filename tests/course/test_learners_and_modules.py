"""Every module, three cohorts: learners whose marks are known get them, from the kit and from plain nbgrader alike.

The perfect and the mistaken learner of one cohort go through nbgrader with every module, and with two modules again
through nbgrader's own command; of the empty learner and of the secondary school, one module. The marking rules alone
mark the rest, from keys and answers as nbgrader hands them over: a submission takes nbgrader one to two seconds. With
--every-learner all of them go through nbgrader, and all modules through its own command.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import course_parts
import pytest

from senco_kit.course import assignment, read
from senco_kit.course.mark import Marked, mark
from senco_kit.marking.cohort import PUPILS, Cohort, create_cohort
from senco_kit.marking.course_folder import About, CourseFolder
from senco_kit.marking.outputs import read_marked
from senco_kit.places import MODULES as MODULES_FOLDER

MODULES = [module.id for module in read.modules() if module.assignment]
LEARNERS = {"L01": course_parts.perfect, "L02": course_parts.empty, "L03": course_parts.mistaken}
SCHOOLS = {3: "primary", 5: "secondary", 11: "primary"}

#: The module of the others that goes through nbgrader, and those that go through its own command.
ONE, SOME = MODULES[2], MODULES[1:3]

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
    if not gradebook.exists():
        return {}
    connection = sqlite3.connect(gradebook)
    try:
        return {(learner, module, cell): marks for learner, module, cell, marks in connection.execute(query)}
    finally:
        connection.close()


@cache
def _asked(module: str, school: str, cohort: str) -> tuple[str, str]:
    found = read.module(module, MODULES_FOLDER)
    package, keys = assignment.package(found, school, cohort), assignment.keys(found, school)
    return json.dumps(package), json.dumps(keys)


def asked(cohort: Cohort, module: str) -> tuple[course_parts.Plain, dict[str, course_parts.Plain]]:
    """The questions of a module to a cohort, and their keys, as JSON gives them back."""
    package, keys = _asked(module, cohort.about.school, cohort.name)
    return json.loads(package), json.loads(keys)


def by_the_rules(key: course_parts.Plain, answer: object) -> Marked:
    """Marked by the rules alone, with the answer as answers.json gives it back."""
    return mark(key, json.loads(json.dumps(answer)))


@pytest.fixture(scope="module", params=list(SCHOOLS))
def marked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cohort]:
    """A cohort in which the three learners have handed in every module, and all is marked."""
    folder = tmp_path_factory.mktemp("cohort")
    seed, every = request.param, request.config.getoption("--every-learner")
    through = [
        (module, learner)
        for module in MODULES
        for learner in LEARNERS
        if every
        or (seed == min(SCHOOLS) and (learner != "L02" or module == ONE))
        or (SCHOOLS[seed] == "secondary" and (module, learner) == (ONE, "L03"))
    ]
    modules = sorted({module for module, _ in through})
    if not through:  # the rules alone: nbgrader need not start
        place = CourseFolder(folder / "c")
        place.make(About(f"seed-{seed}", seed, f"exercise-{SCHOOLS[seed]}-{PUPILS[SCHOOLS[seed]]}-{seed}"))
        yield Cohort(place.root)
        return
    with create_cohort(
        f"seed-{request.param}", seed=request.param, school=SCHOOLS[request.param], learners=3, folder=folder / "c"
    ) as cohort:
        inbox = folder / "inbox"
        inbox.mkdir()
        for module in modules:
            cohort.release(module)
        for module, learner in through:
            name, data = course_parts.sent(cohort, module, learner, LEARNERS[learner](*asked(cohort, module))[0])
            (inbox / name).write_bytes(data)
        assert cohort.collect(inbox).unusable == ()
        for module in modules:
            assert cohort.mark(module).not_marked == {}
        yield cohort


def test_each_learner_gets_the_marks_that_were_predicted(
    marked: Cohort, record_property: pytest.FixtureRequest
) -> None:
    told = []
    got = marks_in(marked.folder.root / "gradebook.db")
    for module in MODULES:
        package, keys = asked(marked, module)
        for learner, kind in LEARNERS.items():
            answers, predicted = kind(package, keys)
            if (learner, module, next(iter(predicted))) in got:
                graded = {question: got[learner, module, question] or 0.0 for question in predicted}
            else:
                graded = {question: by_the_rules(keys[question], answers.get(question)).marks for question in predicted}
            assert graded == predicted, (module, learner)
            told.append(f"{module} {learner} {sum(graded.values()):g} of {package['out_of']}")
    record_property("told", f"{marked.name}: " + "; ".join(told))  # type: ignore[operator]


def test_the_mistaken_learner_reads_what_was_written_for_the_misconception(marked: Cohort) -> None:
    for module in MODULES:
        package, keys = asked(marked, module)
        answers, _ = course_parts.mistaken(package, keys)
        notebook = marked.folder.autograded(module, "L03") / f"{module}.ipynb"
        automatic = [each["id"] for each in package["questions"] if each["type"] != "free-text"]
        by_rules = {question: by_the_rules(keys[question], answers[question]) for question in automatic}
        said = read_marked(notebook) if notebook.exists() else by_rules
        assert said == by_rules
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


def test_plain_nbgrader_gives_the_same_marks(marked: Cohort, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    modules = MODULES if request.config.getoption("--every-learner") else SOME
    if marked.about.seed != min(SCHOOLS):
        pytest.skip("one cohort is enough: nbgrader's own command takes long to start")
    copy = tmp_path / "copy"
    shutil.copytree(marked.folder.root, copy, ignore=shutil.ignore_patterns("autograded", "feedback"))
    before = marks_in(copy / "gradebook.db")
    connection = sqlite3.connect(copy / "gradebook.db")
    connection.execute("update grade set auto_score = null")  # of all: the others must not be taken for marked again
    connection.commit()
    connection.close()
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [sys.executable, "-c", PLAIN, *modules], cwd=copy, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    after = marks_in(copy / "gradebook.db")
    assert {key: marks for key, marks in after.items() if marks is not None} == {
        key: marks for key, marks in before.items() if key[1] in modules and marks is not None
    }
