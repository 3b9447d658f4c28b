"""The facilitator's page asked directly, on a real cohort: from making it to the results, with real nbgrader."""

from __future__ import annotations

import html as entities
import io
import itertools
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from senco_kit.course import read
from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Download, GoTo, View
from senco_kit.marking.handing_in import Assignment, read_package, zip_to_send
from senco_kit.marking.sandbox.available import bubblewrap
from senco_kit.pages.facilitator_page import FacilitatorPage
from senco_kit.places import KIT

MODULE = "3-coordinating-provision"
NAME = "autumn-2026"
COHORT = f"cohort/{NAME}"
HERE = {"cohort": NAME, "module": MODULE}
#: A module that one learner hands in: too few to show anything of.
OTHER = {"cohort": NAME, "module": "1-professional-context"}
UNRELEASED = {"cohort": NAME, "module": "2-strategic-development"}
HOSTILE = "<img src=x onerror=alert(1)>"
WRITTEN = f"  The class moved less.\n\n    And so I ask. {HOSTILE}"
#: Marks in the sandbox where there is one, and without it elsewhere.
MARK = {**HERE, f"unsafe/{MODULE}": "yes"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FacilitatorPage, dict[str, Any]]]:
    """A page with a cohort of seven: five marked, one whose work is damaged, one who handed in nothing."""
    home = tmp_path_factory.mktemp("facilitator")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SENCO_HOME", str(home))
        patch.delenv("SENCO_EXCHANGE", raising=False)
        page, told = FacilitatorPage(), list[str]()
        with page.telling(lambda _done, _of, says: told.append(says)):
            seen: dict[str, Any] = {"home": home, "told": told}
            seen["made"] = page.press("make", {"name": NAME, "phase": "primary", "learners": "7", "seed": "7"})
            seen["fresh"] = html(page, COHORT)
            seen["no results"] = html(page, f"{COHORT}/results")
            seen["released"] = page.press("release", HERE)
            page.press("release", OTHER)
            seen["waits"] = html(page, COHORT)
            seen["handed out"] = page.press("zip-to-hand-out", HERE)
            handed_out = [seen["handed out"].data, page.press("zip-to-hand-out", OTHER).data]
            seen["collected"] = page.take_file(f"collect/{NAME}", sent_by_all(*handed_out))
            seen["nothing marked"] = html(page, f"{COHORT}/results")
            seen["to mark"] = html(page, COHORT)
            page.press("mark", {**OTHER, f"unsafe/{OTHER['module']}": "yes"})
            seen["one marked"] = html(page, f"{COHORT}/results")
            seen["marked"] = page.press("mark", MARK)
        yield page, seen
        page._opened.close()


@pytest.fixture
def page(shared: tuple[FacilitatorPage, dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> FacilitatorPage:
    monkeypatch.setenv("SENCO_HOME", str(shared[1]["home"]))
    monkeypatch.delenv("SENCO_EXCHANGE", raising=False)
    return shared[0]


@pytest.fixture
def seen(shared: tuple[FacilitatorPage, dict[str, Any]]) -> dict[str, Any]:
    return shared[1]


def html(page: FacilitatorPage, place: str) -> str:
    shown = entities.unescape(str(page.view(place).html))
    assert "This can't be shown" not in shown, shown
    return shown


def written_question() -> Any:
    return next(question for question in read.module(MODULE).assignment if question.type == "free-text")


def sent_by_all(handed_out: bytes, other: bytes) -> bytes:
    """What a learning platform gives: a zip of zips. Four wrote something, one has no answers, one is damaged."""
    released = Assignment(*read_package(handed_out))
    files = dict([zip_to_send(Assignment(*read_package(other)), "L01", {})])
    for number in range(1, 6):
        answers = {written_question().id: f"{WRITTEN} Answer {number}."} if number < 5 else {}
        name, data = zip_to_send(released, f"L0{number}", answers)
        files[f"Some One_{number}/{name}"] = data
    name, data = zip_to_send(released, "L06", {})
    files[name] = in_zip({"answers.json": b"{", f"{MODULE}.ipynb": b"{}"})
    files[f"{HOSTILE.replace('/', '')}.txt"] = b"x"
    return in_zip(files)


def in_zip(files: dict[str, bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return into.getvalue()


# -- from making a cohort to marked work


def test_a_cohort_is_made_released_collected_and_marked_from_the_page(seen: dict[str, Any]) -> None:
    assert seen["made"] == GoTo(COHORT, f"The cohort {NAME} is made. Its learners are L01 to L07.")
    assert "Invented primary school of 420 pupils, number 7." in seen["fresh"]
    assert seen["fresh"].count("Not released yet.") == 5
    assert "Collect what was handed in" not in seen["fresh"]
    assert isinstance(seen["released"], GoTo)
    assert f"Download {MODULE}_{NAME}.zip" in seen["released"].says
    assert "Released, 0 of 7 collected." in seen["waits"]
    handed_out = seen["handed out"]
    assert (handed_out.file_name, handed_out.media_type) == (f"{MODULE}_{NAME}.zip", "application/zip")
    collected = seen["collected"]
    assert isinstance(collected, View)
    assert collected.focus == "collected"
    shown = entities.unescape(str(collected.html))
    assert "Coordinating provision: 5 (L01, L02, L03, L04, L05)." in shown
    assert "What could not be used" in shown
    assert "It is no part of an assignment." in shown
    assert HOSTILE not in str(collected.html)
    assert "5 to mark, 1 could not be marked." in seen["to mark"]
    assert ">Mark 5 pieces of work<" in seen["to mark"]
    assert seen["marked"] == GoTo(COHORT, "5 marked, 0 could not be marked.")
    assert {f"L0{number}: marked." for number in range(1, 6)} <= set(seen["told"])


def test_the_page_lists_the_cohort_and_every_session(page: FacilitatorPage) -> None:
    shown = html(page, "")
    assert f'href="#/{COHORT}"' in shown
    assert "2 modules released, 6 pieces of work collected" in shown
    for module in read.modules():
        assert f'href="#/session/{module.number}"' in shown


def test_a_module_shows_where_each_learner_stands(page: FacilitatorPage) -> None:
    shown = html(page, f"{COHORT}/{MODULE}")
    assert "6 of 7 collected" in shown or "5 of 7 collected" in shown
    rows = re.findall(r"<tr>\s*<th scope=\"row\">(L\d+)</th>(.*?)</tr>", shown, re.DOTALL)
    assert [learner for learner, _ in rows] == [f"L0{number}" for number in range(1, 8)]
    by_learner = dict(rows)
    assert re.search(r"\d+ \w+ 20\d\d, \d\d:\d\d", by_learner["L01"])
    assert "1 written answer waits" in by_learner["L01"]
    assert "waits" not in by_learner["L05"]
    assert "Not marked" in by_learner["L06"]
    assert re.search(r'"Why not marked">\s*[^<\s]', by_learner["L06"])
    assert "Nothing handed in" in by_learner["L07"]


def test_collecting_again_from_a_folder_and_from_the_exchange_folder(
    page: FacilitatorPage, seen: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused, match="Type the path"):
        page.press("collect-path", {"cohort": NAME, "path": "  "})
    with pytest.raises(Refused, match="There is no file or folder"):
        page.press("collect-path", {"cohort": NAME, "path": str(tmp_path / "nowhere")})
    with pytest.raises(Refused, match="there is no exchange folder"):
        page.press("collect-exchange", {"cohort": NAME})
    assert "Collect from the exchange folder" not in html(page, COHORT)
    empty = page.press("collect-path", {"cohort": NAME, "path": f' "{tmp_path}" '})
    assert "Nothing that could be used was found there." in str(getattr(empty, "html", ""))
    monkeypatch.setenv("SENCO_EXCHANGE", str(tmp_path))
    (tmp_path / NAME / "handed-in").mkdir(parents=True)
    name, data = zip_to_send(Assignment(*read_package(seen["handed out"].data)), "L09", {})
    (tmp_path / NAME / "handed-in" / name).write_bytes(data)
    assert "Collect from the exchange folder" in html(page, COHORT)
    collected = page.press("collect-exchange", {"cohort": NAME})
    assert "There is no learner L09 in this cohort." in str(getattr(collected, "html", ""))
    monkeypatch.setenv("SENCO_EXCHANGE", str(tmp_path / "gone"))
    assert "SENCO_EXCHANGE names" in html(page, COHORT)


def test_without_a_sandbox_marking_asks_first(
    page: FacilitatorPage, seen: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bubblewrap that does not work is put before the real one, as on a computer that forbids it."""
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho no namespaces here >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    bubblewrap.cache_clear()
    try:
        _, data = zip_to_send(Assignment(*read_package(seen["handed out"].data)), "L07", {})
        assert isinstance(page.take_file(f"collect/{NAME}", data), View)
        shown = html(page, COHORT)
        assert "There is no sandbox on this computer." in shown
        assert f'name="unsafe/{MODULE}"' in shown
        refused = page.press("mark", HERE)
        assert isinstance(refused, View)
        assert refused.focus == "errors"
        assert "Nothing was marked." in refused.html
        assert page.press("mark", MARK) == GoTo(COHORT, "1 marked, 0 could not be marked.")
        assert "There is no sandbox" not in html(page, COHORT)
    finally:
        bubblewrap.cache_clear()
    again = page.press("mark", {**OTHER, f"unsafe/{OTHER['module']}": "yes", "again": "yes"})
    assert again == GoTo(COHORT, "1 marked, 0 could not be marked.")
    assert page.press("mark", MARK) == GoTo(COHORT, "There was nothing to mark: all that was handed in is marked.")


# -- marks by rubric


def place_of(learner: str) -> str:
    return f"{COHORT}/{MODULE}/rubric/{learner}/{written_question().id}"


def test_a_written_answer_is_marked_line_by_line_and_kept_at_once(page: FacilitatorPage, seen: dict[str, Any]) -> None:
    assert "4 written answers wait</strong>" in html(page, f"{COHORT}/{MODULE}/rubric").replace(" for your marks.", "")
    here = place_of("L01")
    raw = str(page.view(here).html)
    assert HOSTILE not in raw
    shown = entities.unescape(raw)
    assert f'facilitator-answer">{WRITTEN} Answer 1.</div>' in shown
    lines = written_question().rubric
    for line in lines:
        assert f"{line.text} (up to {line.marks})" in shown
        assert line.look_for.split("{")[0][:40] in shown

    for number, line in enumerate(lines, start=1):
        parts = page.save(here, f"line/{line.id}", "0.5")
        assert parts is not None
        left = len(lines) - number
        assert (f"{left} line" in str(parts["rubric-status"])) == bool(left)
        # Kept between two lines, in a page that is opened anew as well.
        assert entities.unescape(str(page.view(here).html)).count("checked") == number
    assert "3 written answers wait in this module." in str(parts["rubric-status"])
    assert f"#/{place_of('L02')}" in str(parts["rubric-status"])
    page.save(here, "comment", f"Well seen. {HOSTILE}")
    again = str(page.view(here).html)
    assert "Well seen. &lt;img" in again
    assert f"{0.5 * len(lines):g} of {sum(line.marks for line in lines)} marks" in again
    assert not json.loads((seen["home"] / "cohorts" / NAME / "marking" / "half-marked.json").read_text())
    assert f"{0.5 * len(lines):g} of {sum(line.marks for line in lines)} marks" in html(
        page, f"{COHORT}/{MODULE}/rubric"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("line/nothing", "1"), ("line/{}", "9"), ("line/{}", "x"), ("line/{}", ""), ("line/{}", ["1"]), ("other", "1")],
)
def test_marks_that_do_not_fit_are_refused_in_one_sentence(page: FacilitatorPage, name: str, value: Any) -> None:
    before = page.view(place_of("L02")).html
    with pytest.raises(Refused) as refusal:
        page.save(place_of("L02"), name.format(written_question().rubric[0].id), value)
    assert str(refusal.value).endswith(".")
    with pytest.raises(Refused, match="Shorten it"):
        page.save(place_of("L02"), "comment", "x" * 100_000)
    assert page.view(place_of("L02")).html == before


def test_an_answer_that_nobody_wrote_cannot_be_marked(page: FacilitatorPage) -> None:
    for learner in ("L05", "L06", "L07", "L99"):
        with pytest.raises(Refused, match="no such written answer"):
            page.save(place_of(learner), "comment", "x")
    with pytest.raises(Refused):
        page.save(f"{COHORT}/{MODULE}/rubric/L01", "comment", "x")
    with pytest.raises(Refused):
        page.save(f"{COHORT}/../rubric/L01/x", "comment", "x")


def test_marks_of_a_new_attempt_wait_until_one_says_that_they_hold(page: FacilitatorPage, seen: dict[str, Any]) -> None:
    for line in written_question().rubric:
        page.save(place_of("L03"), f"line/{line.id}", str(line.marks))
    assert "These marks still hold" not in html(page, place_of("L03"))
    released = Assignment(*read_package(seen["handed out"].data))
    page.take_file(f"collect/{NAME}", zip_to_send(released, "L03", {written_question().id: "Another text."})[1])
    assert page.press("mark", MARK) == GoTo(COHORT, "1 marked, 0 could not be marked.")
    shown = html(page, place_of("L03"))
    assert ">Another text.</div>" in shown
    assert "You gave these marks before this work was marked again." in shown
    answer = {"learner": "L03", "question": written_question().id}
    went = page.press("marks-hold", {**HERE, **answer})
    assert isinstance(went, GoTo)
    assert went.where != place_of("L03")
    shown = html(page, place_of("L03"))
    assert "These marks still hold" not in shown
    assert "this one included" not in shown
    with pytest.raises(Refused, match="Give marks for"):
        page.press("marks-hold", {**HERE, **answer, "learner": "L04"})
    with pytest.raises(Refused, match="no such written answer"):
        page.press("marks-hold", {**HERE, **answer, "learner": "L05"})


# -- feedback and results


def test_feedback_is_made_and_downloaded(page: FacilitatorPage) -> None:
    with pytest.raises(Refused, match="make it first"):
        page.press("zip-of-feedback", UNRELEASED)
    made = page.press("feedback", HERE)
    assert isinstance(made, GoTo)
    assert "feedback pages are made" in made.says
    shown = html(page, COHORT)
    assert "Download the feedback" in shown
    zipped = page.press("zip-of-feedback", HERE)
    assert isinstance(zipped, Download)
    with zipfile.ZipFile(io.BytesIO(zipped.data)) as packed:
        assert {f"L0{number}.html" for number in range(1, 6)} <= set(packed.namelist())
    with pytest.raises(Refused, match="marked"):
        page.press("feedback", UNRELEASED)


def test_results_show_marks_by_code_and_hide_small_groups(page: FacilitatorPage) -> None:
    cohort = page._opened.open(NAME)
    found = cohort.results()
    shown = html(page, f"{COHORT}/results")
    for learner, by_module in found.learners.items():
        row = re.search(rf">{learner}</th>.*?</tr>", shown, re.DOTALL)
        assert row
        assert all(marks.marks is None or f"<td>{marks.marks:g} of " in row[0] for marks in by_module.values())
    hidden = [each for each in found.outcomes if each.per_cent is None]
    again = [each for each in found.outcomes if each.needs_another_session]
    assert {each.outcome[0] for each in hidden} == {"A"}
    assert again
    for each in found.outcomes:
        row = re.search(
            rf"<th scope=\"row\">{each.outcome} [^<]*</th>\s*<td class=\"number\" data.*?</tr>", shown, re.DOTALL
        )
        assert row
        shows = f"{each.per_cent:.0f}" if each.per_cent is not None else "c"
        assert f'"Per cent of marks">{shows}<' in row[0]
    assert shown.count('class="exhibit-bars"') == 1
    assert shown.count("Needs one") == len(again)
    assert shown.count("Too few to say") == len(hidden)
    assert "The rule: An outcome needs another session when" in shown
    assert 'href="#/session/3"' in shown
    csv = page.press("results-csv", {"cohort": NAME})
    assert isinstance(csv, Download)
    assert (csv.file_name, csv.data) == (f"{NAME}-marks.csv", found.csv())
    by_outcome = page.press("outcomes-csv", {"cohort": NAME})
    assert isinstance(by_outcome, Download)
    assert by_outcome.data == found.outcomes_csv()


def test_results_of_one_learner_show_no_figure_by_outcome(seen: dict[str, Any]) -> None:
    assert "no results" in seen["no results"]
    assert "Nothing has been marked yet." in seen["nothing marked"]
    shown = seen["one marked"]
    assert "That can't be said yet" in shown
    assert "exhibit-bars" not in shown
    assert "Too few to say" in shown
    assert not re.search(r'"(Learners|Per cent of marks|Below half)">\d', shown)


# -- making a cohort


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FacilitatorPage:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path / "work"))
    return FacilitatorPage()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": ""}, "Enter an answer: The cohort's name."),
        ({"name": f"Year 7 {HOSTILE}"}, "A cohort's name has 1 to 40 small letters"),
        ({"name": "../up"}, "A cohort's name has 1 to 40 small letters"),
        ({"name": "x" * 300}, "Shorten it"),
        ({"phase": "nursery"}, "choose one of the answers shown"),
        ({"phase": ""}, "Choose an answer: The phase"),
        ({"learners": ""}, "Enter an answer: How many learners."),
        ({"learners": "0"}, "enter 1 or more"),
        ({"learners": "501"}, "enter 500 or less"),
        ({"learners": "2.5"}, "enter a whole number"),
        ({"seed": "-1"}, "enter 0 or more"),
        ({"seed": "1e400"}, "enter a number"),
    ],
)
def test_a_cohort_that_cannot_be_made_keeps_what_was_typed_and_says_why(
    empty: FacilitatorPage, tmp_path: Path, changed: dict[str, str], says: str
) -> None:
    answer = empty.press("make", {"name": "spring", "phase": "primary", "learners": "8", "seed": "7", **changed})
    assert isinstance(answer, View)
    assert answer.focus == "errors"
    assert says in entities.unescape(str(answer.html))
    assert HOSTILE not in str(answer.html)
    assert not (tmp_path / "work" / "cohorts").exists()


def test_the_phases_of_a_cohort_say_which_years_they_have(empty: FacilitatorPage) -> None:
    shown = html(empty, "new")
    assert "Reception to Year 6, 420 pupils." in shown
    assert "Year 7 to Year 11, 1,050 pupils." in shown


def test_a_name_that_is_taken_is_refused_and_a_damaged_cohort_hides_no_other(
    page: FacilitatorPage, seen: dict[str, Any]
) -> None:
    answer = page.press("make", {"name": NAME, "phase": "primary", "learners": "8", "seed": "7"})
    assert isinstance(answer, View)
    assert "choose another name" in answer.html
    damaged = seen["home"] / "cohorts" / "damaged"
    damaged.mkdir()
    (damaged / "cohort.json").write_text("{")
    try:
        shown = html(page, "")
        assert "Can't be opened" in shown
        assert f'href="#/{COHORT}"' in shown
        assert "This can't be shown" in entities.unescape(str(page.view("cohort/damaged").html))
    finally:
        (damaged / "cohort.json").unlink()
        damaged.rmdir()


# -- session notes


@pytest.mark.parametrize("number", range(1, 6))
def test_a_session_shows_its_run_sheet_with_clock_times(empty: FacilitatorPage, number: int) -> None:
    module = read.modules()[number - 1]
    assert module.session is not None
    for version in module.session.versions:
        went = empty.press("session", {"number": str(number), "version": version.id, "start": "23.50"})
        assert isinstance(went, GoTo)
        assert went.where == f"session/{number}/{version.id}/2350"
        shown = html(empty, went.where)
        minutes = 23 * 60 + 50 + version.minutes
        assert f"{version.minutes} minutes, 23:50 to {minutes // 60 % 24:02}:{minutes % 60:02}" in shown
        for activity in version.activities:
            assert activity.title in shown
        assert "{fact}" not in shown
    assert "15:45" in html(empty, f"session/{number}")
    assert "{source}" not in html(empty, f"session/{number}/hand-out")


def test_a_start_that_is_no_time_keeps_what_was_typed(empty: FacilitatorPage) -> None:
    refused = empty.press("session", {"number": "3", "version": "twilight", "start": f"{HOSTILE}"})
    assert isinstance(refused, View)
    assert refused.focus == "f-start"
    assert "is not a time of day" in refused.html
    assert HOSTILE[:20] not in str(refused.html)
    with pytest.raises(Refused, match="no version"):
        empty.press("session", {"number": "3", "version": "evening", "start": "late"})


# -- all of it


@pytest.mark.parametrize(
    "place",
    [
        *("nowhere", "cohort", "cohort/none", "cohort/..", f"{COHORT}/nowhere", f"{COHORT}/..", f"{COHORT}/{MODULE}/x"),
        *(
            f"{COHORT}/{MODULE}/rubric/L01",
            f"{COHORT}/{MODULE}/rubric/L01/x",
            f"{COHORT}/2-strategic-development/rubric",
        ),
        *("session/0", "session/9", "session/x", "session/3/full/2561", "session/3/x/1545", "session/3/full/late"),
    ],
)
def test_a_place_that_is_not_there_says_so_and_shows_the_way_on(page: FacilitatorPage, place: str) -> None:
    shown = entities.unescape(str(page.view(place).html))
    assert "This can't be shown" in shown
    assert 'href="#/"' in shown


def test_buttons_that_are_not_there_and_files_that_are_none_are_refused(page: FacilitatorPage) -> None:
    for action, values in (
        ("nothing", {}),
        ("nothing", HERE),
        ("mark", {"cohort": NAME}),
        ("mark", {"module": MODULE}),
    ):
        with pytest.raises(Refused):
            page.press(action, values)
    for action, data in (("nothing", b"x"), (f"collect/{NAME}", b""), (f"collect/{NAME}", b"PK broken")):
        with pytest.raises(Refused) as refusal:
            page.take_file(action, data)
        assert str(refusal.value).endswith(".")
    for action in ("release", "mark", "feedback", "zip-to-hand-out", "zip-of-feedback"):
        with pytest.raises(Refused, match="There is no module"):
            page.press(action, {"cohort": NAME, "module": "../../x"})
    with pytest.raises(Refused, match="release"):
        page.press("mark", {**MARK, **UNRELEASED})


def test_headings_are_in_order_and_ids_are_single_everywhere(page: FacilitatorPage) -> None:
    places = ["", "new", COHORT, f"{COHORT}/results", f"{COHORT}/{MODULE}", f"{COHORT}/2-strategic-development"]
    places += [
        f"{COHORT}/{MODULE}/rubric",
        place_of("L01"),
        "session/1",
        "session/5/half-day/0900",
        "session/2/hand-out",
    ]
    for place in places:
        shown = html(page, place)
        levels = [int(level) for level in re.findall(r"<h([1-6])", shown)]
        assert levels[0] == 2, place
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), (place, levels)
        ids = re.findall(r' id="([^"]+)"', shown)
        assert len(ids) == len(set(ids)), place
        assert shown.count("<table") == shown.count("<caption"), place


def test_the_page_opens_without_pandas_and_nbgrader(seen: dict[str, Any]) -> None:
    code = """
import sys
from senco_kit import pages
pages.facilitator()
print(sorted({"pandas", "matplotlib", "nbgrader", "nbformat", "pydantic"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=KIT,
        env={**os.environ, "SENCO_HOME": str(seen["home"])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
