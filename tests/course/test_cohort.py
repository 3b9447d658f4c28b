"""What a facilitator does with a cohort, by Python and by command; and a person alone."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import course_parts
import pytest
from click.testing import CliRunner
from course_parts import SMALL, SMALL_COURSE

from senco_kit.course import answers_file, assignment, read
from senco_kit.course.mark import Marked
from senco_kit.marking import cohort as cohort_room
from senco_kit.marking.alone import mark_own
from senco_kit.marking.cohort import Cohort, cohorts, create_cohort, open_cohort
from senco_kit.marking.commands import cohort as command
from senco_kit.marking.handing_in import zip_of, zip_to_send
from senco_kit.marking.one_at_a_time import held
from senco_kit.marking.problems import MarkingProblem
from senco_kit.marking.sandbox.available import NoSandbox

EARLY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LATE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
NEWER = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cohort]:
    """A cohort of seven: five hand in, one of them twice, one something damaged."""
    folder = tmp_path_factory.mktemp("cohort")
    with create_cohort(
        "seven", seed=8, school="primary", learners=7, folder=folder / "c", modules_folder=SMALL_COURSE
    ) as made:
        made.release(SMALL)
        yield made


@pytest.fixture(scope="module")
def told(cohort: Cohort) -> list[str]:
    """What was said while work was collected and marked."""
    released = course_parts.released(cohort, SMALL)
    package = dict(released.package)
    keys = course_parts.keys_of(cohort, SMALL, SMALL_COURSE)
    right, wrong = course_parts.perfect(package, keys)[0], course_parts.mistaken(package, keys)[0]
    files = dict(zip_to_send(released, learner, right, EARLY) for learner in ("L01", "L02", "L03", "L04"))
    files |= dict([zip_to_send(released, "L02", wrong, LATE)])  # tried again
    damaged = zip_of({f"{SMALL}.ipynb": b"{}", "answers.json": b"{"}, LATE)
    files |= {f"{SMALL}_L04_attempt_2026-11-21-09-00-00.zip": damaged}  # a newer one that cannot be used
    files |= {f"{SMALL}_L05_attempt_2026-11-21-09-00-00.zip": damaged}  # the only one
    own = zip_to_send(released, "L06", right, LATE)[1]
    files |= {f"{SMALL}_L03_attempt_2026-11-22-09-00-00.zip": own}  # another learner's answers
    files |= dict([zip_to_send(released, "L99", right, LATE)])
    says: list[str] = []
    collected = cohort.collect(zip_of(files, LATE), lambda done, of, sentence: says.append(sentence))
    assert collected.taken == {SMALL: ("L01", "L02", "L03", "L04")}
    assert len(collected.unusable) == 4
    assert cohort.mark(SMALL, lambda done, of, sentence: says.append(f"{done:g}/{of:g} {sentence}")).not_marked == {}
    return says + [f"{where}: {why}" for where, why in collected.unusable]


def test_the_newest_attempt_that_can_be_used_wins(cohort: Cohort, told: list[str]) -> None:
    results = cohort.results(SMALL).learners
    states = {learner: by_module[SMALL].state for learner, by_module in results.items()}
    assert states == {
        **dict.fromkeys(("L01", "L02", "L03", "L04"), "marked"),
        "L05": "not marked",
        **dict.fromkeys(("L06", "L07"), "nothing handed in"),
    }
    marks = {learner: results[learner][SMALL].marks for learner in ("L01", "L02", "L03", "L04")}
    assert marks["L01"] == marks["L03"] == marks["L04"]
    assert marks["L02"] is not None
    assert marks["L01"] is not None
    assert marks["L02"] < marks["L01"]
    assert "damaged" in results["L05"][SMALL].why


def test_progress_and_reasons_are_told(told: list[str]) -> None:
    assert any(says.startswith("4/4 ") for says in told)
    everything = "\n".join(told)
    for part in (
        "there is no learner L99",
        "These are the answers of L06, handed in by L03",
        "answers.json is damaged",
    ):
        assert part in everything


def test_marking_again_does_only_what_is_new(cohort: Cohort, told: list[str]) -> None:
    assert cohort.mark(SMALL).marked == ()


def test_a_written_answer_waits_for_a_person(cohort: Cohort, told: list[str]) -> None:
    work = cohort.rubric_work(SMALL)
    assert [each.learner for each in work] == ["L01", "L03", "L04"]
    assert all(each.waiting for each in work)
    assert work[0].answer.startswith("A cause outside the pupil")
    for marks, why in [
        ({"cause": 3, "step": 0}, "0 to 2"),
        ({"cause": 0.1, "step": 0}, "quarters"),
        ({}, "Give marks"),
    ]:
        with pytest.raises(MarkingProblem, match=why):
            cohort.save_rubric(SMALL, "L01", "write", marks)
    with pytest.raises(MarkingProblem, match="no written question"):
        cohort.save_rubric(SMALL, "L01", "count", {})
    with pytest.raises(MarkingProblem, match="mark the module first"):
        cohort.save_rubric(SMALL, "L07", "write", {"cause": 1, "step": 1})
    assert cohort.save_rubric(SMALL, "L03", "write", {"cause": 2, "step": 0.5}, "Good.") == 2.5
    found = {each.learner: each for each in cohort.rubric_work(SMALL)}
    assert (found["L03"].waiting, found["L03"].comment, found["L01"].waiting) == (False, "Good.", True)


def test_results_are_a_table_that_no_cell_of_starts_a_formula(cohort: Cohort, told: list[str]) -> None:
    results = cohort.results()
    rows = list(csv.reader(io.StringIO(results.csv().decode("utf-8-sig"))))
    assert rows[0][:4] == ["Learner", f"{SMALL} state", f"{SMALL} marks", f"{SMALL} out of"]
    assert [row[0] for row in rows[1:]] == list(cohort.learners)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert {outcome.per_cent for outcome in results.outcomes} == {None}  # four learners are too few
    assert "c" in results.outcomes_csv().decode()


def test_the_state_says_how_far_a_module_is(cohort: Cohort, told: list[str]) -> None:
    state = cohort.state()
    (module,) = state.modules
    assert (state.name, len(state.learners), module.module, module.released) == ("seven", 7, SMALL, True)
    assert (module.number("marked"), module.number("not marked"), module.number("nothing handed in")) == (4, 1, 2)


def test_feedback_is_one_page_a_learner_and_a_zip(cohort: Cohort, told: list[str]) -> None:
    assert [page.parents[1].name for page in cohort.feedback(SMALL)] == ["L01", "L02", "L03", "L04"]
    assert cohort.feedback_zip(SMALL).is_file()
    # The learner's own course page reads the marks from the page.
    page = cohort.folder.feedback_page(SMALL, "L01").read_text()
    held = re.search(r'<script type="application/json" id="senco-feedback">(.*)</script>', page)
    assert held is not None
    kept = json.loads(held[1])
    assert (kept["format"], kept["cohort"], kept["assignment"], kept["learner"]) == (
        "senco-feedback",
        "seven",
        SMALL,
        "L01",
    )
    marked = [Marked.from_json(each) for each in kept["marks"].values()]
    assert sum(each.marks for each in marked) == cohort.results(SMALL).learners["L01"][SMALL].marks


def test_questions_do_not_change_under_work_that_was_handed_in(
    cohort: Cohort, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort.release(SMALL)  # the same once more does no harm
    changed = replace(read.module(SMALL, SMALL_COURSE), assignment_title="Another")
    monkeypatch.setattr(cohort_room.read, "module", lambda module_id, place: changed)
    with pytest.raises(MarkingProblem, match="have changed since they were released"):
        cohort.release(SMALL)


def test_an_older_attempt_does_not_take_the_place_of_a_newer_one(cohort: Cohort, told: list[str]) -> None:
    name, data = zip_to_send(course_parts.released(cohort, SMALL), "L02", {}, EARLY)
    before = (cohort.folder.submitted(SMALL, "L02") / "answers.json").read_bytes()
    collected = cohort.collect(zip_of({name: data}, LATE))
    assert (collected.taken, collected.put_right) == ({}, ("L02: a newer attempt was collected before, and stays.",))
    assert (cohort.folder.submitted(SMALL, "L02") / "answers.json").read_bytes() == before


def test_one_at_a_time(cohort: Cohort, told: list[str]) -> None:
    with (
        held(cohort.folder.lock()),
        Cohort(cohort.folder.root, modules_folder=SMALL_COURSE) as other,
        pytest.raises(MarkingProblem, match="Somebody else"),
    ):
        other.mark(SMALL)
    assert cohort.mark(SMALL).marked == ()


def test_a_newer_attempt_is_marked_anew_and_what_a_person_said_of_the_old_one_waits(
    cohort: Cohort, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cohort.save_rubric(SMALL, "L03", "write", {"cause": 2, "step": 0.5}, "Good.")
    cohort.feedback(SMALL)
    released = course_parts.released(cohort, SMALL)
    answers = {"write": "Another."}
    cohort.collect(zip_of(dict([zip_to_send(released, "L03", answers, NEWER)]), NEWER))

    def and_one_comes_meanwhile(*given: Any, **named: Any) -> Iterator[tuple[str, str]]:
        yield from ask_each(*given, **named)
        cohort.folder.take_in(SMALL, "L03", _answers(cohort, {}), None, "2026-11-23 10:00:00")

    ask_each = cohort._nbgrader.ask_each
    with monkeypatch.context() as patch:
        patch.setattr(cohort._nbgrader, "ask_each", and_one_comes_meanwhile)
        assert cohort.mark(SMALL).marked == ("L03",)
    (module,) = cohort.state().modules
    assert module.standings["L03"].state == "handed in"  # what came meanwhile is not taken for marked
    assert not cohort.folder.feedback_page(SMALL, "L03").exists()  # it told of the older attempt
    assert cohort.mark(SMALL).marked == ("L03",)
    # The answer was withdrawn; its marks are there until a person looks.
    found = next(each for each in cohort.rubric_work(SMALL) if each.learner == "L03")
    assert (found.waiting, found.answer, [each.marks for each in found.judged]) == (True, "", [2.0, 0.5])
    cohort.feedback(SMALL)
    page = cohort.folder.feedback_page(SMALL, "L03").read_text()
    assert "still waiting for your facilitator" in page
    assert "Good." not in page
    cohort.save_rubric(SMALL, "L03", "write", {"cause": 0, "step": 0})
    assert not cohort.folder.feedback_page(SMALL, "L03").exists()
    assert not cohort.results(SMALL).learners["L03"][SMALL].waiting
    shutil.rmtree(cohort.folder.autograded(SMALL, "L03"))  # by hand, or by marking that was stopped
    assert cohort.state().modules[0].standings["L03"].state == "handed in"
    assert cohort.mark(SMALL).marked == ("L03",)


def _answers(cohort: Cohort, answers: dict[str, object]) -> bytes:
    return answers_file.write(answers_file.Answers(SMALL, cohort.about.school, cohort.name, "L03", answers))


def test_marking_that_is_stopped_is_taken_up_again(cohort: Cohort, told: list[str]) -> None:
    def stop(done: float, of: float, says: str) -> None:
        if "marked" in says:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cohort.mark(SMALL, stop, again=True)
    waiting = [code for code, each in cohort.state().modules[0].standings.items() if each.state == "handed in"]
    assert len(waiting) == 3
    assert set(waiting) < {"L01", "L02", "L03", "L04"}
    assert cohort.mark(SMALL).marked == tuple(waiting)


def test_codes_that_are_one_folder_on_some_computers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MarkingProblem, match="a code of their own"):
        create_cohort("a", seed=1, school="primary", learners=["L1", "l1"], folder=tmp_path / "c")


def test_marking_without_a_sandbox_is_refused_unless_told(cohort: Cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise NoSandbox("No sandbox here.")

    monkeypatch.setattr(cohort_room, "bubblewrap", none)
    with pytest.raises(NoSandbox):
        cohort.mark(SMALL)
    assert cohort.mark(SMALL, sandbox=False).marked == ()


def test_a_person_alone_is_marked_by_nbgrader() -> None:
    module, school = read.module(SMALL, SMALL_COURSE), "exercise-primary-420-3"
    package, keys = assignment.package(module, school), assignment.keys(module, school)
    answers, predicted = course_parts.mistaken(package, keys)
    says: list[str] = []
    marked = mark_own(
        package,
        {**answers, "write": "Mine."},
        lambda done, of, sentence: says.append(sentence),
        modules_folder=SMALL_COURSE,
    )
    assert {question: each.marks for question, each in marked.items()} == predicted
    assert marked["write"].verdict == "for your facilitator"
    assert marked["choose"].says == ("Red is warm.",)
    assert says[-1] == "Marked."
    other = {**package, "questions": [{**package["questions"][0], "id": "gone"}]}
    with pytest.raises(MarkingProblem, match="have changed since you began"):
        mark_own(other, {}, modules_folder=SMALL_COURSE)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["create", "Autumn 2026", "--seed", "1", "--school", "primary"], "small letters, digits and hyphens"),
        (["create", "a", "--seed", "x", "--school", "primary"], "whole number from 0"),
        (["create", "a", "--seed", "1", "--school", "nursery"], "primary or secondary"),
        (["create", "a", "--seed", "1", "--school", "primary", "--learners", "0"], "whole number from 1"),
        (["create", "a", "--seed", "1", "--school", "primary", "--pupils", "3"], "primary or secondary school of"),
        (["release", "none", "1-small"], "There is no cohort none"),
        (["collect", "../x", "y"], "small letters, digits and hyphens"),
        (["mark", "none", "1-small"], "There is no cohort none"),
        (["feedback", "none", "1-small"], "There is no cohort none"),
        (["results", "none"], "There is no cohort none"),
    ],
)
def test_a_command_that_cannot_be_done_says_why_in_one_sentence(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path))
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code != 0
    assert says in done.output
    assert "Traceback" not in done.output


def test_the_commands_do_the_work(cohort: Cohort, told: list[str], tmp_path: Path) -> None:
    place = ["--folder", str(cohort.folder.root)]
    done = CliRunner().invoke(command, ["results", "seven", SMALL, *place, "--csv", str(tmp_path / "marks.csv")])
    assert done.exit_code == 0, done.output
    assert "L05  1-small  not marked  answers.json is damaged" in done.output
    assert (tmp_path / "marks.csv").read_bytes().startswith(b"\xef\xbb\xbfLearner")
    done = CliRunner().invoke(command, ["mark", "seven", SMALL, *place])
    assert "There was nothing to mark" in done.output
    done = CliRunner().invoke(command, ["collect", "seven", str(tmp_path / "gone"), *place])
    assert (done.exit_code, "There is no file or folder" in done.output) == (1, True)


def test_cohorts_are_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path))
    assert cohorts() == ()
    place = tmp_path / "cohorts" / "spring"
    place.mkdir(parents=True)
    (place / "cohort.json").write_text(
        json.dumps(
            {"format": "senco-cohort", "version": 1, "name": "spring", "seed": 1, "school": "exercise-primary-420-1"}
        )
    )
    assert cohorts() == ("spring",)
    assert open_cohort("spring").about.seed == 1
    (place / "cohort.json").write_text("{}")
    with pytest.raises(MarkingProblem, match=r"its cohort\.json cannot be read"):
        open_cohort("spring")
    with pytest.raises(MarkingProblem, match="There are files in"):
        create_cohort("spring", seed=1, school="primary")
