"""nbgrader's own commands and formgrader work in a cohort's folder, and do the same as the kit's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import course_parts
import pytest
from course_parts import SMALL, SMALL_COURSE

from senco_kit.marking.cohort import Cohort, create_cohort

#: One process for several commands: nbgrader takes seconds to start.
COMMANDS = """
import json, sys
from nbgrader import apps
for name, *arguments in json.loads(sys.argv[1]):
    kind = getattr(apps, name)
    app = kind.instance()
    app.initialize(arguments)
    app.start()
    kind.clear_instance()
"""

#: What formgrader's pages ask of nbgrader.
FORMGRADER = """
import json, sys
from traitlets.config import PyFileConfigLoader
from nbgrader.apps.api import NbGraderAPI
config = PyFileConfigLoader("nbgrader_config.py", path=sys.argv[1]).load_config()
config.CourseDirectory.root = sys.argv[1]
api = NbGraderAPI(config=config)
print(json.dumps({"assignments": api.get_assignments(), "students": api.get_students(),
                  "submissions": api.get_submissions(sys.argv[2])}, default=str))
"""


def _python(folder: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cohort]:
    """A cohort whose learners' zips lie where nbgrader's zip_collect looks; nbgrader did all the rest."""
    with create_cohort(
        "plain",
        seed=6,
        school="primary",
        learners=["L01", "Jo-2", "L03"],
        folder=tmp_path_factory.mktemp("plain") / "c",
        modules_folder=SMALL_COURSE,
    ) as made:
        made.release(SMALL)
        package = dict(course_parts.released(made, SMALL).package)
        keys = course_parts.keys_of(made, SMALL, SMALL_COURSE)
        archive = made.folder.root / "downloaded" / SMALL / "archive"
        archive.mkdir(parents=True)
        for learner, kind in (("L01", course_parts.perfect), ("Jo-2", course_parts.mistaken)):
            name, data = course_parts.sent(made, SMALL, learner, kind(package, keys)[0])
            (archive / name).write_bytes(data)
        commands = [["ZipCollectApp", SMALL], ["AutogradeApp", SMALL], ["GenerateFeedbackApp", SMALL]]
        done = _python(made.folder.root, COMMANDS, json.dumps(commands))
        assert done.returncode == 0, done.stderr[-3000:]
        yield made


def test_zip_collect_takes_what_learners_send(cohort: Cohort) -> None:
    for learner in ("L01", "Jo-2"):
        files = {path.name for path in cohort.folder.submitted(SMALL, learner).iterdir()}
        assert files == {f"{SMALL}.ipynb", "answers.json", "timestamp.txt"}


def test_what_nbgrader_collected_is_marked_by_the_kit_with_the_same_marks(cohort: Cohort) -> None:
    before = cohort._nbgrader.ask("grades", module=SMALL, learners=["L01", "Jo-2"])
    pages = {
        learner: cohort.folder.feedback_page(SMALL, learner).read_text() for learner in ("L01", "Jo-2")
    }  # nbgrader's own command made them
    assert cohort.mark(SMALL).marked == ("Jo-2", "L01")
    after = cohort._nbgrader.ask("grades", module=SMALL, learners=["L01", "Jo-2"])
    assert {code: {q: g["marks"] for q, g in each.items()} for code, each in before.items()} == {
        code: {q: g["marks"] for q, g in each.items()} for code, each in after.items()
    }
    cohort.feedback(SMALL)
    assert {code: cohort.folder.feedback_page(SMALL, code).read_text() for code in pages} == pages


def test_formgrader_shows_the_cohort_and_its_marks(cohort: Cohort) -> None:
    cohort.mark(SMALL)
    cohort.save_rubric(SMALL, "L01", "write", {"cause": 1.5, "step": 1}, "Clear. <b>Look again</b> at the bars.")
    done = _python(cohort.folder.root, FORMGRADER, str(cohort.folder.root), SMALL)
    assert done.returncode == 0, done.stderr[-3000:]
    shown = json.loads(done.stdout.splitlines()[-1])
    assert [each["name"] for each in shown["assignments"]] == [SMALL]
    assert shown["assignments"][0]["num_submissions"] == 2
    assert {each["id"] for each in shown["students"]} == {"L01", "Jo-2", "L03"}
    by_learner = {each["student"]: each for each in shown["submissions"]}
    package = course_parts.released(cohort, SMALL).package
    assert by_learner["L01"]["score"] == package["out_of"] - 0.5  # 2.5 of 3 by the rubric, all else right
    assert by_learner["L01"]["needs_manual_grade"] is False
    cohort.feedback(SMALL)
    page = cohort.folder.feedback_page(SMALL, "L01").read_text()
    assert "Names a cause: 1.5 of 2" in page
    assert "Clear. &lt;b&gt;Look again&lt;/b&gt; at the bars." in page


def test_marks_by_a_person_are_kept_when_all_is_marked_again(cohort: Cohort) -> None:
    cohort.mark(SMALL)
    cohort.save_rubric(SMALL, "L01", "write", {"cause": 2, "step": 0.25}, "")
    cohort.mark(SMALL, again=True)
    work = cohort.rubric_work(SMALL)
    assert [(each.learner, each.waiting, [one.marks for one in each.judged]) for each in work] == [
        ("L01", True, [2.0, 0.25])
    ]
