"""The files of a module: what they hold is read as written, and each mistake is named with its file and line."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from senco_kit.build import BuildProblem, lesson_notebooks
from senco_kit.course import markdown, read, show
from senco_kit.course.answers import work_out
from senco_kit.course.check import check_module
from senco_kit.course.exercise import open_exercise
from senco_kit.course.run_sheet import run_sheet
from senco_kit.course.session_text import session_text
from senco_kit.standards.problems import ContentProblem

SMALL = Path(__file__).parent / "small_course"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path / "course")
    return tmp_path / "course"


def test_a_module_is_read_as_it_is_written() -> None:
    module = read.module("1-small", SMALL)
    assert (module.number, module.minutes, [section.id for section in module.sections]) == (1, 22, ["first", "second"])
    assert [block.kind for block in module.sections[0].blocks] == ["prose", "decision", "show", "check"]
    tried = module.sections[1].blocks[3]
    assert (tried.title, tried.minutes, tried.outcomes, tried.on_data) == ("Count again", 5, ("D2",), True)
    assert tried.text == "Count the rows."
    assert module.sections[1].blocks[4].outcomes == ("D2",)
    assert [question.out_of for question in module.assignment] == [2, 4, 3, 4, 3, 4, 3]
    assert [question.is_on_data for question in module.assignment] == [False, False, True, True, False, True, False]
    assert module.session is not None
    assert [version.minutes for version in module.session.versions] == [60, 20, 180]


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "says"),
    [
        ("module.yml", "id: 1-small", "id: 2-small", 1, "the folder is"),
        ("module.yml", "title: A small module", "titel: A small module", 3, 'did you mean "title"'),
        ("module.yml", "minutes: 20", "minutes: soon", 13, "whole number"),
        ("questions.yml", "type: put-in-order", "type: put-in-line", 61, "did you mean"),
        ("questions.yml", 'tolerance: "1%"', 'tolerance: "some"', 43, "tolerance"),
        ("questions.yml", "answer: with_support", "answer: With-Support", 42, "characters"),
        ("questions.yml", "worth: 0.75", "worth: 7.5", 87, "part of the marks"),
        ("questions.yml", "    unit: pupils\n", "", 35, 'no "unit"'),
        ("questions.yml", "rows: all, at_most: 1000", "rows: all", 86, "at_least or at_most"),
        ("questions.yml", "right: true", "right: perhaps", 9, "true or false"),
        ("lesson.md", '{#first minutes="10"', '{#first minutes="ten"', 2, "no minutes"),
        ("lesson.md", '{#first minutes="10" outcomes="D1"}', "", 2, "no id"),
        ("lesson.md", ":::{decision}", ":::{desicion}", 6, 'did you mean "decision"'),
        ("lesson.md", "## The first", "Too early.\n\n## The first", 2, "before the first section"),
        ("session.md", 'minutes="25"', 'minutes="24"', 9, "add up to 59"),
        ("session.md", "{#twilight", "{#evening", 1, "there must be full, twilight, half-day"),
        ("session.md", "## Hand-out", "## Handout", 45, 'did you mean "Hand-out"'),
        ("session.md", "title:", "- title:", 3, "not valid YAML"),
        ("session.md", "title: ", "title: \x07", 1, "not valid YAML"),
        ("lesson.md", '{#first minutes="10"', '{#first minutes="²"', 2, "no minutes"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(
    course: Path, file: str, old: str, new: str, line: int, says: str
) -> None:
    path = course / "1-small" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentProblem, match=says) as caught:
        read.module("1-small", course)
    assert (caught.value.file.name, caught.value.line) == (file, line)


def test_raw_html_in_a_text_stays_text() -> None:
    drawn = markdown.html("Say <script>alert(1)</script> [x](javascript:alert(1)) ![p](http://elsewhere/p.png)")
    assert "<script" not in drawn
    assert "<img" not in drawn
    assert 'href="javascript' not in drawn


def test_a_fact_that_is_not_confirmed_says_so_everywhere() -> None:
    text = "So {fact}`notional-sen-threshold` and {fact}`ehc-20-weeks` {source}`code-6-36`."
    assert markdown.html(text).count("Check the source") == 1
    assert markdown.plain(text).startswith(
        "So £6,000 a pupil a year (*check the source*) and 20 weeks (source: SEND Code"
    )
    assert "{" not in markdown.words(text)


def test_blocks_say_what_they_are_and_2009_stands_apart() -> None:
    module = read.module("1-small", SMALL)
    then, now = module.sections[1].blocks[1:3]
    assert "What the award taught in 2009: Then" in show.block_html(module, then)
    assert "What holds in 2026: Now" in show.block_html(module, now)
    assert show.block_html(module, module.sections[0].blocks[2]).count("<table") == 1


def test_the_run_sheet_counts_from_the_start_and_over_midnight() -> None:
    module = read.module("1-small", SMALL)
    assert module.session is not None
    times = [(line.begins, line.ends) for line in run_sheet(module.session.versions[0], "23:20")]
    assert times == [("23:20", "23:45"), ("23:45", "00:20")]
    for wrong in ("25:00", "noon", "", "15:7"):
        with pytest.raises(ValueError, match="time of day"):
            run_sheet(module.session.versions[0], wrong)


def test_the_session_prints_with_clock_times() -> None:
    module = read.module("1-small", SMALL)
    text = session_text(module, "full", "9.05")
    assert "09:05-09:30  Talk in pairs (25 min, pairs)  [D1]" in text
    assert "£6,000 a pupil a year (check the source)" in text
    with pytest.raises(ValueError, match="no version"):
        session_text(module, "evening", "9.05")


@pytest.mark.parametrize(
    "hostile",
    [
        '{style="background:url(https://example.org/x)" data-press="remove" onclick="x()"}\nText.',
        "{#errors .callout}\n# Text",
        '{style="x"}\n| a |\n|---|\n| b |',
    ],
)
def test_a_text_brings_no_attributes_of_its_own(hostile: str) -> None:
    shown = markdown.html(hostile)
    assert not re.search(r"<[^>]*(style|data-|onclick|id=|callout)", shown)
    assert shown.count("<div") == shown.count("</div>")


@pytest.mark.parametrize("link", ["https://example.org", "//example.org", "mailto:a@example.org", "javascript:x()"])
def test_a_link_out_of_the_kit_shows_as_text_and_is_found_by_the_check(link: str) -> None:
    for text in (f"[here]({link})", f"<{link}>", f"[here]: {link}\n\n[here]"):
        assert "<a " not in markdown.html(text)
    assert '<a href="/self-audit#/new">' in markdown.html("[here](/self-audit#/new)")
    module = read.module("1-small", SMALL)
    asked = replace(module.assignment[0], hint=f"Look [here]({link}).")
    linked = replace(module, assignment=(asked, *module.assignment[1:]))
    assert [each.line for each in check_module(linked) if "leads out of the kit" in each.says] == [asked.line]


def test_a_function_that_fails_is_named_with_its_file_and_line(course: Path) -> None:
    path = course / "1-small" / "answers.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n\ndef fails(school):\n    return 1 / 0\n", encoding="utf-8")
    module = read.module("1-small", course)
    with pytest.raises(ContentProblem, match=r'"fails" fails for the school .*: ZeroDivisionError') as found:
        work_out(module, "fails", open_exercise("exercise-primary-420-1"))
    assert found.value.problem.line == len(path.read_text(encoding="utf-8").splitlines())


def test_a_lesson_on_a_school_that_is_not_there_is_told_when_notebooks_are_built(course: Path) -> None:
    path = course / "1-small" / "module.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("lesson_school: ", "lesson_school: x"), encoding="utf-8")
    course.rename(course.with_name("modules"))
    with pytest.raises(BuildProblem, match=r"^The lesson 1-small cannot be built: .* no invented school “x"):
        list(lesson_notebooks(course.parent))
