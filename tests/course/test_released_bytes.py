"""No byte that is handed out holds an answer: not of the notebook, the questions, the zip, the form or the feedback."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import course_parts
import pytest
from course_parts import SMALL, SMALL_COURSE

from senco_kit.course import assignment, read
from senco_kit.course.model import Module, Option, Question
from senco_kit.marking.answer_form import AnswerForm
from senco_kit.marking.cohort import Cohort, create_cohort

#: Words that only keys have.
KEY_WORDS = (
    "misconception",
    "tolerance",
    "otherwise",
    "explains",
    '"right"',
    "worth",
    "at_least",
    "look_for",
    "HIDDEN",
)


def _turned(question: Question) -> Question:
    """The same question with another right answer, other slips and other feedback."""
    options = question.options
    if isinstance(options, tuple) and question.type in ("choose-one", "choose-many"):
        options = tuple(Option(each.id, each.text, not each.right, "Other.", "more-is-better") for each in options)
        if question.type == "choose-one":
            options = tuple(replace(each, right=place == 1) for place, each in enumerate(options))
    if isinstance(options, tuple) and question.type == "put-in-order":
        options = tuple(reversed(options))
    other: dict[str, str | float] = {"number": 4711.0, "pick-pupils": "some_without"}
    return replace(
        question,
        options=options,
        answer=other.get(question.type, question.answer),
        slips=(),
        rules=tuple(replace(rule, at_least=1.0, at_most=None, says="Other.") for rule in question.rules),
        explains="Other.",
        otherwise="Other.",
        rubric=tuple(replace(line, look_for="Other.") for line in question.rubric),
    )


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cohort]:
    """A cohort to which every module of the course is released."""
    folder = tmp_path_factory.mktemp("leaks") / "c"
    with create_cohort("leaks", seed=9, school="secondary", learners=["A", "B"], folder=folder) as made:
        for module in read.modules():
            made.release(module.id)
        yield made


def _release(cohort: Cohort, module: Module, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The bytes that nbgrader releases for this module, by file; and those of the source."""
    with monkeypatch.context() as patched:
        patched.setattr(read, "module", lambda module_id, place: module)
        path = cohort.release(module.id)
    with zipfile.ZipFile(path) as archive:
        released = {name: archive.read(name) for name in archive.namelist()}
    return {"SOURCE": (cohort.folder.source(module.id) / f"{module.id}.ipynb").read_bytes(), **released}


def test_other_right_answers_give_the_same_released_bytes(cohort: Cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    module = read.module(SMALL, SMALL_COURSE)
    turned = replace(module, assignment=tuple(map(_turned, module.assignment)))
    first = _release(cohort, turned, monkeypatch)
    second = _release(cohort, module, monkeypatch)
    assert first.pop("SOURCE") != second.pop("SOURCE")  # the keys do differ
    assert set(first) == {f"{SMALL}/{SMALL}.ipynb", f"{SMALL}/questions.json"}
    assert first == second


def _handed_out(cohort: Cohort, module: str, tmp_path: Path) -> str:
    """All that a learner gets before handing in, as one text: the zip's files and the form as it is drawn."""
    data = (cohort.folder.to_hand_out() / f"{module}_{cohort.name}.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(tmp_path)
        texts = [archive.read(name).decode() for name in archive.namelist()]
    return "\n".join([*texts, str(AnswerForm(tmp_path / module).view("").html)])


def test_no_computed_value_and_no_field_of_a_key_is_handed_out(cohort: Cohort, tmp_path: Path) -> None:
    searched = 0
    for module in read.modules():
        text = _handed_out(cohort, module.id, tmp_path)
        assert "HIDDEN" not in text
        for word in KEY_WORDS:
            assert f'"{word}"' not in text, (module.id, word)
            assert f'\\"{word}\\"' not in text, (module.id, word)
        keys = assignment.keys(module, cohort.about.school)
        for key in keys.values():
            for sentence in _sentences(key):
                assert sentence not in text, (module.id, key["id"])
                assert json.dumps(sentence)[1:-1] not in text, (module.id, key["id"])
            if key["type"] == "number" and key["answer"] != int(key["answer"]):
                searched += 1
                # With one decimal or more a value is its own and no coincidence.
                found = re.findall(rf"(?<![\d.]){re.escape(repr(key['answer'])[:6])}\d*", text)
                assert not found, (module.id, key["id"])
    assert searched


def _sentences(key: course_parts.Plain) -> Iterator[str]:
    """The feedback that a key holds."""
    for part in [key, *key.get("options", {}).values(), *key.get("slips", []), *key.get("rules", [])]:
        for name in ("says", "explains", "otherwise"):
            if part.get(name):
                yield part[name]


def test_each_cell_says_nothing_of_its_key(cohort: Cohort) -> None:
    for module in read.modules():
        cells = json.loads((cohort.folder.released(module.id) / f"{module.id}.ipynb").read_text())["cells"]
        tests = [cell for cell in cells if cell["metadata"]["nbgrader"]["grade"] and cell["cell_type"] == "code"]
        assert len({"".join(cell["source"]) for cell in tests}) == 1  # the same for every question
        assert all(cell["outputs"] == [] for cell in tests)


def test_the_feedback_page_gives_no_right_answer(
    cohort: Cohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _release(cohort, read.module(SMALL, SMALL_COURSE), monkeypatch)
    package = dict(course_parts.released(cohort, SMALL).package)
    keys = course_parts.keys_of(cohort, SMALL, SMALL_COURSE)
    for learner, kind in (("A", course_parts.mistaken), ("B", course_parts.empty)):
        name, data = course_parts.sent(cohort, SMALL, learner, kind(package, keys)[0])
        (tmp_path / name).write_bytes(data)
    cohort.collect(tmp_path)
    cohort.mark(SMALL)
    wrong, nothing = (page.read_text() for page in cohort.feedback(SMALL))
    for page in (wrong, nothing):
        assert f"{keys['count']['answer']:g}" not in page
        assert "Blue" not in page  # the right option's text
        assert "mark(" not in page
        assert '<html lang="en-GB">' in page
        assert page.count("<h1>") == 1
        assert "<main" in page
        assert not re.search(r"""(src|href)=["'](?!#)""", page)  # nothing is asked of anywhere
        assert "http" not in page.replace("http-equiv", "")
    assert "Red is warm." in wrong
    assert "No answer yet" in nothing
