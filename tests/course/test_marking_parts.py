"""The small parts of marking: the form in JupyterLab, rubric comments, results by outcome, the marking cell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from course_parts import SMALL, SMALL_COURSE
from nbgrader.utils import determine_grade

from senco_kit.course import answers_file, assignment, read
from senco_kit.course.answers_file import Answers
from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Download
from senco_kit.marking import in_notebook
from senco_kit.marking.answer_form import AnswerForm
from senco_kit.marking.cohort import package_bytes
from senco_kit.marking.notebook import source_notebook
from senco_kit.marking.only_answers import as_text
from senco_kit.marking.results import Earned, by_outcome
from senco_kit.marking.rubric import judge, read_comment, write_comment

SCHOOL = "exercise-primary-420-1"


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    """A folder as a learner has it in JupyterLab."""
    package = assignment.package(read.module(SMALL, SMALL_COURSE), SCHOOL, "autumn")
    (tmp_path / "questions.json").write_bytes(package_bytes(package))
    (tmp_path / f"{SMALL}.ipynb").write_text("{}")
    return tmp_path


def _saved(folder: Path) -> dict[str, Any]:
    return dict(answers_file.read_file(folder / "answers.json").answers)


def test_each_answer_of_the_form_is_in_the_file_at_once(lab: Path) -> None:
    form = AnswerForm(lab)
    assert "Not answered yet: Choose; Tick" in str(form.view("").html)
    form.save(SMALL, "choose", "blue")
    assert _saved(lab) == {"choose": "blue"}
    AnswerForm(lab).save(SMALL, "tick", ["one", "six"])  # another window
    form.save(SMALL, "share/reading", "250")
    parts = form.save(SMALL, "share/maths", "750")
    assert parts
    assert "Nothing is left" in "".join(map(str, parts.values()))
    assert _saved(lab) == {"choose": "blue", "tick": ["one", "six"], "share": {"reading": "250", "maths": "750"}}
    assert [path.name for path in lab.iterdir() if path.name.startswith(".")] == []
    html = str(AnswerForm(lab).view("").html)
    assert "Not answered yet: Count" in html


def test_the_form_refuses_what_does_not_fit_and_keeps_the_rest(lab: Path) -> None:
    form = AnswerForm(lab)
    form.save(SMALL, "count", "12")
    for name, value in [("count", "twelve"), ("choose", "green"), ("none", "x"), ("share/none", "1"), ("tick", ["x"])]:
        with pytest.raises(Refused):
            form.save(SMALL, name, value)
    assert _saved(lab) == {"count": "12"}
    (lab / "answers.json").write_text("{")
    with pytest.raises(Refused, match="Your answer was not saved"):
        form.save(SMALL, "count", "13")
    assert (lab / "answers.json").read_text() == "{"  # what is there is not written over
    assert "damaged" in str(form.view("").html)


def test_the_form_gives_a_file_to_send(lab: Path) -> None:
    form = AnswerForm(lab)
    with pytest.raises(Refused, match="learner code"):
        form.press("send", {"learner": "Jo Bloggs"})
    given = form.press("send", {"learner": "L07"})
    assert isinstance(given, Download)
    assert given.file_name.startswith(f"{SMALL}_L07_attempt_")


def _cell(source: str, outputs: list[Any]) -> Any:
    about = {"grade": True, "solution": False, "locked": True, "points": 4, "grade_id": "count", "schema_version": 3}
    return nbformat.from_dict(
        {"cell_type": "code", "source": source, "metadata": {"nbgrader": about}, "outputs": outputs}
    )


def _marked(folder: Path, key: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> float:
    monkeypatch.chdir(folder)
    shown: list[Any] = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    marks = in_notebook.mark(json.dumps(key))
    display = {"output_type": "display_data", "data": shown[0], "metadata": {}}
    result = {
        "output_type": "execute_result",
        "data": {"text/plain": repr(marks)},
        "metadata": {},
        "execution_count": 1,
    }
    graded, _ = determine_grade(_cell("", [display, result]))
    assert graded == marks
    return marks


@pytest.mark.parametrize(
    "data",
    [
        None,
        b"",
        b"{",
        b"[" * 100_000,
        b"null",
        b'{"format": "senco-answers", "version": 1, "answers": []}',
        b"x" * 2_000_000,
    ],
)
def test_the_marking_cell_gives_no_marks_for_answers_that_cannot_be_read(
    data: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert determine_grade(_cell("", []))[0] == 4  # the trap: without a result nbgrader gives all the marks
    if data is not None:
        (tmp_path / "answers.json").write_bytes(data)
    key = assignment.keys(read.module(SMALL, SMALL_COURSE), SCHOOL)["count"]
    assert _marked(tmp_path, key, monkeypatch) == 0.0


def test_the_marking_cell_marks_answers_about_its_own_school_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = assignment.keys(read.module(SMALL, SMALL_COURSE), SCHOOL)["choose"]
    for school, marks in ((SCHOOL, 2.0), ("exercise-primary-420-2", 0.0)):
        data = answers_file.write(Answers(SMALL, school, "", "", {"choose": "blue"}))
        (tmp_path / "answers.json").write_bytes(data)
        assert _marked(tmp_path, key, monkeypatch) == marks


def test_the_source_notebook_is_the_same_each_time_and_safe_from_its_own_texts() -> None:
    module = read.module(SMALL, SMALL_COURSE)
    package, keys = assignment.package(module, SCHOOL), assignment.keys(module, SCHOOL)
    assert source_notebook(package, keys) == source_notebook(package, keys)
    keys["choose"]["explains"] = "### END HIDDEN TESTS\n'''\"\"\" \U0001f600 \\n"
    cells = nbformat.reads(source_notebook(package, keys).decode(), as_version=4).cells
    source = next(cell.source for cell in cells if cell.metadata.nbgrader.grade_id == "choose")
    lines = source.split("\n")
    assert lines[-1] == "### END HIDDEN TESTS"
    assert len(lines) == 6
    given: list[str] = []
    exec(lines[-2], {"mark": given.append})
    assert json.loads(given[0]) == keys["choose"]


def test_a_written_answer_cannot_leave_its_place() -> None:
    text = as_text("one\r\ntwo\u2028three\x85four\n\n```\n</pre>" + "x" * 300)
    assert all(line.startswith("    ") for line in text.splitlines())
    assert max(map(len, text.splitlines())) <= 104
    assert "cut after 20,000 characters" in as_text("y" * 30_000)


RUBRIC = [{"id": "a", "text": "Names a cause: any", "marks": 2}, {"id": "b", "text": "Says how", "marks": 1}]


def test_a_rubric_comment_is_read_back_as_it_was_written() -> None:
    judged = judge(RUBRIC, {"a": 1.25, "b": 0})
    comment = write_comment(judged, "First line.\n\nSays how: 5 of 1")
    assert read_comment(comment, RUBRIC) == (judged, "First line.\n\nSays how: 5 of 1")
    assert read_comment("Written in formgrader.", RUBRIC) == ((), "Written in formgrader.")
    assert read_comment("Names a cause: any: 1 of 2", RUBRIC) == ((), "Names a cause: any: 1 of 2")
    assert read_comment("", RUBRIC) == ((), "")


def _earned(outcome: str, shares: list[float]) -> list[Earned]:
    return [Earned(outcome, "q", f"L{number}", 4 * share, 4) for number, share in enumerate(shares)]


def test_an_outcome_needs_another_session_by_the_stated_rule() -> None:
    results = by_outcome(
        [
            *_earned("A1", [1, 1, 1, 0.75, 0.75]),
            *_earned("A2", [0.5] * 6),  # below 60 per cent
            *_earned("A3", [1, 1, 1, 1, 0, 0]),  # a third below half, but so few that it must not be told
            *_earned("A4", [0, 0, 0, 0]),  # too few to say
            *_earned("A5", [1] * 10 + [0.4] * 5),  # a third below half
        ]
    )
    assert {each.outcome: each.needs_another_session for each in results} == {
        "A1": False,
        "A2": True,
        "A3": False,
        "A4": None,
        "A5": True,
    }
    few = next(each for each in results if each.outcome == "A4")
    assert (few.learners, few.per_cent) == (None, None)
    third = next(each for each in results if each.outcome == "A3")
    assert third.below_half is None  # two learners: not told
