"""All work out in one file and back again: nothing lost or overwritten, every broken file told in one sentence."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from senco_kit.audit.model import Action, Evidence, Rating, SelfAudit
from senco_kit.forms import screen
from senco_kit.plain_text import LONGEST_TEXT, clean
from senco_kit.planning.model import Cycle, Record, Review
from senco_kit.store import (
    Store,
    StoreProblem,
    answers,
    course_rows,
    course_values,
    cycles,
    database,
    open_store,
    own_schools,
    prepare,
    rows,
    tables,
)
from senco_kit.store import readings as store_readings
from senco_kit.store import scenarios as store_scenarios
from senco_kit.store.course_rows import Assignment, Kept, KeptAnswer, KeptMark, SectionDone
from senco_kit.store.own_schools import OwnSchool
from senco_kit.store.portable import (
    LARGEST_FILE,
    ImportProblem,
    Work,
    export_audit,
    export_work,
    import_work,
    read_work,
)
from senco_kit.store.portable.bringing_in import Tally
from senco_kit.store.portable.work import all_work
from senco_kit.store.readings import Reading
from senco_kit.store.scenarios import SavedScenario

BROKEN = Path(__file__).parent / "broken_imports"
FRAMEWORK = "national-award-2009"
OUTCOMES = ("A1", "A2", "B1")
KNOWN = {FRAMEWORK: OUTCOMES, "code-duties": ("6-90-1",)}

# What a teacher cannot act on; words that a file has brought along are no words of ours.
PROGRAMMERS_WORDS = re.compile(
    r"json|utf|\bbytes?\b|null|brace|bracket|quotation|\btrue\b|\bfalse\b|“format”|column|_", re.IGNORECASE
)

# Files in which no place can be named: they are not of the kind that has places.
WITHOUT_PLACE = {
    "a_list", "another_format", "byte_order_mark", "deep_groups", "deep_nesting", "deep_nesting_closed", "empty",
    "format_is_a_list", "huge_number", "infinity", "latin_1", "many_entries", "nan", "newer_version", "no_format",
    "not_json", "null", "only_spaces", "truncated", "truncated_in_text", "utf_16", "utf_16_without_mark",
    "word_document",
}  # fmt: skip


@pytest.fixture(scope="module")
def module_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("work")
    assert prepare(folder) is None
    return open_store(folder)


@pytest.fixture
def store(module_store: Store) -> Store:
    _empty(module_store)
    return module_store


def _empty(store: Store) -> None:
    with store.writing() as connection:
        for table in reversed(tables.IN_ORDER):
            connection.execute(table.delete())


def _counts(tally: Tally) -> tuple[int, int, int]:
    return tally.added, tally.already_here, tally.as_copy


def _filled(store: Store) -> SelfAudit:
    audit = store.create_audit("Autumn 2026", FRAMEWORK)
    store.save_rating(audit.id, "A1", "standing", "3")
    store.save_rating(audit.id, "A1", "note", "<b>=1+1</b>\n\u202e“é”😀")
    store.save_rating(audit.id, "A2", "standing", "unsure")
    store.save_rating(audit.id, "B1", "matters_now", "yes")
    evidence = store.add_evidence(audit.id, "A1")
    store.save_evidence(evidence, "dated", "2026-09-24")
    store.save_action(store.add_action(audit.id, "A1", "Visit"), "by_when", "2027-05-01")
    return store.audit(audit.id)


def _without_time(exported: bytes) -> bytes:
    return b"\n".join(line for line in exported.split(b"\n") if not line.startswith(b' "made_at"'))


# -- there and back

_TEXT = st.one_of(
    st.text(max_size=60), st.sampled_from(["=1+1", "<img src=x>", "\ud800", "\x00", "\u202e", "a\r\nb", "😀" * 999])
)
_WORDS = _TEXT.map(clean)
_DAYS = st.none() | st.dates(date(1950, 1, 1), date(2100, 12, 31))
_IDS = st.builds(rows.new_id)
_MOMENTS = st.datetimes(datetime(1951, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))


@st.composite
def _ratings(draw: st.DrawFn, outcome_id: str) -> Rating:
    level, unsure = draw(st.sampled_from([(None, False), (None, True), (1, False), (2, False), (3, False), (4, False)]))
    evidence = draw(st.lists(st.builds(Evidence, _IDS, _WORDS, _WORDS, _DAYS), max_size=3))
    return Rating(outcome_id, level, unsure, draw(st.booleans()), draw(_WORDS), tuple(evidence))


@st.composite
def _audits(draw: st.DrawFn) -> SelfAudit:
    touched = draw(st.lists(st.sampled_from(OUTCOMES), unique=True))
    lines = st.builds(Action, _IDS, st.sampled_from(OUTCOMES), _WORDS, _WORDS, _DAYS, _WORDS, _WORDS)
    return SelfAudit(
        draw(_IDS),
        draw(st.text("ab é=<", min_size=1, max_size=200).map(lambda text: " ".join(("x" + text)[:200].split()))),
        FRAMEWORK,
        draw(_MOMENTS),
        draw(_MOMENTS),
        draw(st.none() | _IDS),
        {outcome_id: draw(_ratings(outcome_id)) for outcome_id in touched},
        tuple(draw(st.lists(lines, max_size=3))),
    )


_SHORT = st.text("ab é=<-/7", min_size=1, max_size=12).map(lambda text: " ".join(("x" + text).split()))
_ANSWERS = _WORDS.map(lambda text: "x" + text + "x")
_CHANGES = st.dictionaries(_SHORT, st.dictionaries(_SHORT, _ANSWERS, min_size=1, max_size=3), max_size=3)
_SCENARIOS = st.builds(SavedScenario, _IDS, _SHORT, _SHORT, _MOMENTS, _MOMENTS, _CHANGES)
_READINGS = st.builds(Reading, _SHORT, _SHORT, _ANSWERS, _MOMENTS)


@st.composite
def _own_schools(draw: st.DrawFn) -> tuple[OwnSchool, bytes]:
    data = draw(st.binary(min_size=1, max_size=300))
    kind = draw(st.sampled_from(answers.OWN_SCHOOL_KINDS))
    return OwnSchool(draw(_IDS), draw(_SHORT), kind, draw(_MOMENTS), len(data)), data


_TEXTS = st.text("ab é=<\u2028\x85\n", min_size=1, max_size=12).map(lambda text: "x" + text + "x")
_COURSE_ANSWERS = st.one_of(
    _WORDS.filter(str.strip), st.lists(_SHORT, min_size=1, max_size=4), st.dictionaries(_SHORT, _TEXTS, min_size=1)
)
_JSON_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_NUMBERS = st.floats(0, 1000)


@st.composite
def _assignments(draw: st.DrawFn) -> Assignment:
    inside = st.dictionaries(_JSON_TEXTS, _JSON_TEXTS | st.floats(-9e99, 9e99) | st.none() | st.booleans(), max_size=3)
    cohort, module = draw(st.sampled_from(["", "autumn-2026", "B.2"])), draw(st.sampled_from("123"))
    package = {"format": "senco-assignment", "id": module, "cohort": cohort, "school": "s", "title": draw(_JSON_TEXTS)}
    package["questions"] = [{**each, "id": "q"} for each in draw(st.lists(inside, max_size=2))]
    notebook, handed_in = draw(st.none() | st.binary(max_size=50)), draw(st.none() | _MOMENTS)
    learner = draw(st.sampled_from(["", "L07", "Zoë <b>"]))
    name = course_values.assignment_id(package)
    return Assignment(name, package, notebook, learner, draw(_MOMENTS), handed_in, draw(_WORDS))


@st.composite
def _marks(draw: st.DrawFn) -> KeptMark:
    says = st.lists(_WORDS, max_size=2)
    marked = {"marks": draw(_NUMBERS), "out_of": draw(_NUMBERS), "verdict": draw(st.sampled_from(["right", "partly"]))}
    marked |= {name: draw(says) for name in ("says", "look_again", "misconceptions")}
    return KeptMark(draw(_SHORT), draw(_SHORT), marked, draw(_COURSE_ANSWERS | st.just("")), draw(_MOMENTS))


_KEPT = st.builds(
    Kept,
    st.lists(
        st.builds(KeptAnswer, _SHORT, _SHORT, _COURSE_ANSWERS, _MOMENTS),
        max_size=3,
        unique_by=lambda one: (one.work, one.question),
    ),
    st.lists(
        st.builds(SectionDone, _SHORT, _SHORT, _MOMENTS), max_size=3, unique_by=lambda one: (one.module, one.section)
    ),
    st.lists(_assignments(), max_size=2, unique_by=lambda one: one.id),
    st.lists(_marks(), max_size=3, unique_by=lambda one: (one.work, one.question)),
    st.dictionaries(_SHORT, _TEXTS, max_size=3),
)

_VALUES = st.dictionaries(
    st.from_regex("[A-Za-z0-9_.-]{1,9}(/[A-Za-z0-9_.-]{1,9})?", fullmatch=True), _WORDS.filter(str.strip), max_size=3
)
_CYCLES = st.builds(
    Cycle,
    _IDS,
    _SHORT,
    st.just("") | _SHORT,
    _MOMENTS,
    _MOMENTS,
    st.none() | _IDS,
    st.lists(
        st.builds(Record, _IDS, _SHORT, _MOMENTS, _MOMENTS, _VALUES), max_size=3, unique_by=lambda one: one.id
    ).map(tuple),
    st.lists(
        st.builds(Review, _IDS, _IDS, _MOMENTS, _VALUES, st.dictionaries(_IDS, _VALUES, max_size=2)),
        max_size=2,
        unique_by=lambda one: one.id,
    ).map(lambda those: tuple(sorted(those, key=lambda one: (one.made_at, one.id)))),
)

_WORK = st.builds(
    Work,
    st.lists(_audits(), max_size=3),
    st.lists(_SCENARIOS, max_size=3),
    st.lists(_own_schools(), max_size=2),
    st.lists(_READINGS, max_size=3, unique_by=lambda one: (one.school, one.question)),
    _KEPT,
    st.lists(_CYCLES, max_size=2, unique_by=lambda one: one.id),
)


def _write(store: Store, work: Work) -> None:
    with store.writing() as connection:
        rows.write(connection, work.audits)
        store_scenarios.write(connection, work.scenarios)
        own_schools.write(connection, work.own_schools)
        store_readings.write(connection, work.readings)
        course_rows.write(connection, work.course)
        cycles.write(connection, work.cycles)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(work=_WORK)
def test_export_and_import_lose_nothing(store: Store, work: Work) -> None:
    _empty(store)
    _write(store, work)
    there, before = export_work(store), all_work(store)
    for kind in ("audits", "scenarios", "readings", "cycles"):
        assert sorted(getattr(before, kind), key=repr) == sorted(getattr(work, kind), key=repr)
    assert {one.id: (one, data) for one, data in before.own_schools} == {
        one.id: (one, data) for one, data in work.own_schools
    }
    for kind in ("answers", "sections_done", "assignments", "marks"):
        assert sorted(getattr(before.course, kind), key=repr) == sorted(getattr(work.course, kind), key=repr)
    assert before.course.settings == work.course.settings
    _empty(store)
    result = import_work(store, there, KNOWN)
    assert _counts(result.audits) == (len(work.audits), 0, 0)
    assert _counts(result.scenarios) == (len(work.scenarios), 0, 0)
    assert _counts(result.own_schools) == (len(work.own_schools), 0, 0)
    assert _counts(result.readings) == (len(work.readings), 0, 0)
    assert sum(tally.added for tally in result.course) == sum(
        len(kind)
        for kind in (
            *(work.course.answers, work.course.sections_done, work.course.assignments),
            *(work.course.marks, work.course.settings),
        )
    )
    assert all_work(store) == before
    assert _without_time(export_work(store)) == _without_time(there)
    assert import_work(store, there, KNOWN).audits.added == 0
    assert all_work(store) == before


def test_a_file_of_the_first_version_is_read_without_loss(store: Store) -> None:
    audit = _filled(store)
    content = json.loads(export_work(store))
    first = {"format": content["format"], "version": 1, "made_at": content["made_at"], "audits": content["audits"]}
    _empty(store)
    result = import_work(store, json.dumps(first).encode(), KNOWN)
    assert result.sentence == "1 audit was added."
    assert all_work(store) == Work(audits=(audit,))
    with pytest.raises(ImportProblem, match="does not know this entry"):
        read_work(json.dumps({**first, "readings": []}).encode(), KNOWN)
    with pytest.raises(ImportProblem, match=r"\(scenarios: this entry is missing\)"):
        read_work(json.dumps({**first, "version": 2}).encode(), KNOWN)


def test_a_file_of_the_second_version_is_read_without_loss(store: Store) -> None:
    audit = _filled(store)
    store.readings.save("secondary-1050", "7", "keep")
    before, content = all_work(store), json.loads(export_work(store))
    second = {name: part for name, part in content.items() if name not in ("course", "cycles")} | {"version": 2}
    _empty(store)
    store.course.mark_done("3-coordinating-provision", "before-break")
    import_work(store, json.dumps(second).encode(), KNOWN)
    assert (store.audits(), store.readings.all()) == ((audit,), before.readings)
    assert list(store.course.done("3-coordinating-provision")) == ["before-break"]
    with pytest.raises(ImportProblem, match=r"\(course: this entry is missing\)"):
        read_work(json.dumps(second | {"version": 3}).encode(), KNOWN)


def test_a_file_of_the_third_version_is_read_without_loss(store: Store) -> None:
    store.course.mark_done("3-coordinating-provision", "before-break")
    before, content = all_work(store), json.loads(export_work(store))
    third = {name: part for name, part in content.items() if name != "cycles"} | {"version": 3}
    _empty(store)
    import_work(store, json.dumps(third).encode(), KNOWN)
    assert all_work(store) == before
    with pytest.raises(ImportProblem, match=r"\(cycles: this entry is missing\)"):
        read_work(json.dumps(third | {"version": 4}).encode(), KNOWN)


def test_all_that_may_be_kept_can_be_brought_in_again() -> None:
    most = (answers.LARGEST_OWN_SCHOOLS + course_values.LARGEST_ASSIGNMENTS) * 4 / 3
    assert most + 10_000_000 < LARGEST_FILE <= screen.LARGEST_PART * screen.MOST_PARTS


def test_the_most_school_data_goes_there_and_back(store: Store) -> None:
    chance = random.Random(30)
    largest = answers.LARGEST_OWN_SCHOOL
    for size in (largest, answers.LARGEST_OWN_SCHOOLS - largest):
        store.own_schools.keep("School", "xlsx", chance.randbytes(size))
    with pytest.raises(answers.BadValue, match="keeps 30 MB of school data in all; delete one"):
        store.own_schools.keep("School", "csv", b"x")
    before, exported = all_work(store), export_work(store)
    assert len(exported) < LARGEST_FILE
    _empty(store)
    store.own_schools.keep("Other", "csv", b"x")
    with pytest.raises(ImportProblem, match="the file would bring more; delete school data"):
        import_work(store, exported, KNOWN)
    assert len(store.own_schools.all()) == 1
    _empty(store)
    assert import_work(store, exported, KNOWN).sentence == "2 sets of school data were added."
    assert all_work(store) == before


def test_the_file_says_what_it_is(store: Store) -> None:
    audit = _filled(store)
    exported = export_audit(audit)
    content = json.loads(exported)
    assert (content["format"], content["version"]) == ("senco-course-kit work", 4)
    assert datetime.fromisoformat(content["made_at"]).tzinfo is not None
    assert "é".encode() in exported
    assert exported.startswith(b'{\n "format"')
    assert read_work(exported, KNOWN) == Work(audits=(audit,))


def test_the_longest_texts_go_there_and_back(store: Store) -> None:
    audit = store.create_audit("n" * 200, FRAMEWORK)
    store.save_rating(audit.id, "A1", "note", "😀" * LONGEST_TEXT)
    audit = store.audit(audit.id)
    exported = export_work(store)
    _empty(store)
    import_work(store, exported, KNOWN)
    assert store.audits() == (audit,)


# -- beside what is here


def test_importing_twice_adds_nothing(store: Store) -> None:
    _filled(store)
    store.create_audit("Spring", "code-duties")
    exported, before = export_work(store), store.audits()
    result = import_work(store, exported, KNOWN)
    assert _counts(result.audits) == (0, 2, 0)
    assert result.sentence == "2 audits were already here and not changed."
    assert store.audits() == before


def test_an_answer_typed_and_taken_back_is_the_same_content(store: Store) -> None:
    audit = store.create_audit("Autumn", FRAMEWORK)
    exported = export_audit(audit)
    store.save_rating(audit.id, "A1", "note", "typed")
    store.save_rating(audit.id, "A1", "note", "")
    assert import_work(store, exported, KNOWN).audits.already_here == 1


def test_other_content_comes_in_as_a_copy_and_never_overwrites(store: Store) -> None:
    earlier = _filled(store)
    later = store.create_audit("Next", FRAMEWORK, earlier.id)
    exported = export_work(store)
    store.save_rating(earlier.id, "A1", "standing", "4")
    store.delete_audit(later.id)
    here = store.audit(earlier.id)
    result = import_work(store, exported, KNOWN)
    assert _counts(result.audits) == (1, 0, 1)
    assert result.sentence == (
        "1 audit was added; 1 audit was added as a copy, because the one here has other content."
    )
    assert store.audit(earlier.id) == here
    (copy,) = (audit for audit in store.audits() if audit.name == "Autumn 2026 (imported)")
    assert copy.id != earlier.id
    assert copy.rating("A1").level == 3
    assert copy.actions[0].id != earlier.actions[0].id
    assert store.audit(later.id).started_from == copy.id
    before = store.audits()
    again = import_work(store, export_audit(earlier), KNOWN)
    assert _counts(again.audits) == (0, 1, 0)
    assert store.audits() == before


def test_the_name_of_a_copy_has_room(store: Store) -> None:
    audit = store.create_audit("n" * 200, FRAMEWORK)
    exported = export_audit(audit)
    store.rename_audit(audit.id, "Other")
    import_work(store, exported, KNOWN)
    (copy,) = (one for one in store.audits() if one.id != audit.id)
    assert len(copy.name) == 200
    assert copy.name.endswith("n… (imported)")


def test_rows_whose_ids_are_taken_get_new_ones(store: Store) -> None:
    audit = _filled(store)
    result = import_work(store, export_audit(replace(audit, id=rows.new_id())), KNOWN)
    assert result.audits.added == 1
    assert len({line.id for one in store.audits() for line in one.actions}) == 2
    assert store.audit(audit.id) == audit


def test_evidence_and_an_action_may_have_one_id(store: Store) -> None:
    audit = store.create_audit("Autumn", FRAMEWORK)
    row = store.add_evidence(audit.id, "A1")
    store.add_action(audit.id, "A1", "", row)
    exported, before = export_work(store), store.audits()
    _empty(store)
    import_work(store, exported, KNOWN)
    assert store.audits() == before


def test_times_of_another_zone_are_the_same_moments(store: Store) -> None:
    audit = store.create_audit("Autumn", FRAMEWORK)
    summer = replace(audit, created_at=audit.created_at.astimezone(timezone(timedelta(hours=1))))
    assert import_work(store, export_audit(summer), KNOWN).audits.already_here == 1


def test_a_file_without_audits_adds_nothing(store: Store) -> None:
    assert import_work(store, export_work(store), KNOWN).sentence == "The file holds no work, so nothing was added."


def test_scenarios_school_data_and_answers_never_overwrite_what_is_here(store: Store) -> None:
    scenario = store.scenarios.create("Smaller groups", "secondary-1050")
    store.scenarios.save_change(scenario.id, "7", "weeks", "10")
    store.scenarios.create("The same", "own")
    school = store.own_schools.keep("My school", "csv", b"pupil_id")
    store.readings.save("secondary-1050", "7", "keep")
    store.readings.save("secondary-1050", "8", "stop")
    exported = export_work(store)
    store.scenarios.save_change(scenario.id, "7", "weeks", "12")
    store.readings.save("secondary-1050", "7", "adapt")
    store.own_schools.delete(school.id)
    result = import_work(store, exported, KNOWN)
    assert result.sentence == (
        "1 plan was already here and not changed; "
        "1 plan was added as a copy, because the one here has other content; "
        "1 set of school data was added; "
        "1 answer about an invented school was already here and not changed; "
        "1 answer about an invented school was left out, because you have another answer here."
    )
    assert {one.name: one.changes for one in store.scenarios.all()} == {
        "Smaller groups": {"7": {"weeks": "12"}},
        "Smaller groups (imported)": {"7": {"weeks": "10"}},
        "The same": {},
    }
    assert store.own_schools.all() == (school,)
    assert store.own_schools.data(school.id) == b"pupil_id"
    assert store.readings.of("secondary-1050") == {"7": "adapt", "8": "stop"}
    before = all_work(store)
    assert import_work(store, exported, KNOWN).scenarios == Tally(("plan", "plans"), 0, 2)
    assert all_work(store) == before


def test_school_data_with_other_content_comes_in_as_a_copy(store: Store) -> None:
    school = store.own_schools.keep("My school", "csv", b"pupil_id")
    content = json.loads(export_work(store))
    content["own_schools"][0]["data"] = "cHVwaWw="
    changed = json.dumps(content).encode()
    assert _counts(import_work(store, changed, KNOWN).own_schools) == (0, 0, 1)
    assert _counts(import_work(store, changed, KNOWN).own_schools) == (0, 1, 0)
    kept = {one.name: store.own_schools.data(one.id) for one in store.own_schools.all()}
    assert kept == {"My school": b"pupil_id", "My school (imported)": b"pupil"}
    assert store.own_schools.data(school.id) == b"pupil_id"


# -- broken files


def _content(store: Store) -> tuple[bytes, list[str]]:
    with closing(database.connect(store.file, "ro")) as connection:
        return store.file.read_bytes(), list(connection.iterdump())


@pytest.mark.parametrize("file", sorted(BROKEN.iterdir()), ids=lambda path: path.stem)
def test_a_broken_file_gets_one_sentence_and_changes_nothing(store: Store, file: Path) -> None:
    _filled(store)
    before = _content(store)
    with pytest.raises(ImportProblem) as problem:
        import_work(store, file.read_bytes(), KNOWN)
    told = str(problem.value)
    assert told.endswith(".")
    assert ". " not in told
    assert told.isprintable()
    assert len(told) < 250
    assert not PROGRAMMERS_WORDS.search(told)
    assert (": " not in told or "newer" in told) == (file.stem in WITHOUT_PLACE)
    assert _content(store) == before


def test_there_is_a_broken_file_of_every_kind() -> None:
    assert {path.stem for path in BROKEN.iterdir()} > WITHOUT_PLACE


def test_the_place_of_a_mistake_is_named() -> None:
    changed = (
        "This is not a file that the kit made, or it was changed since{}; "
        "choose the file that “Download all my work” saved."
    )
    expected = {
        "level_five": changed.format(" (audits, number 2, item A1, level: this is not a level from 1 to 4)"),
        "bad_date": changed.format(
            " (audits, number 2, actions, number 1, by when: this is not a date from 1950 to 2100)"
        ),
        "duplicate_keys": changed.format(" (audits, number 2, item A1, level: this entry stands twice)"),
        "lone_surrogate": changed.format(" (audits, number 2, item A1, note: this text holds half of a character)"),
        "level_and_unsure": changed.format(
            " (audits, number 2, item A1: a level and “I don't know yet” cannot stand together)"
        ),
        "note_too_long": changed.format(" (audits, number 2, item A1, note: this text is longer than the kit keeps)"),
        "invisible_name": changed.format(" (audits, number 2, name: this name is empty or too long)"),
        "not_json": changed.format(" (line 1)"),
        "word_document": changed.format(""),
        "unknown_outcome": "audits, number 2, item Z9: the standard has no item “Z9”; update the kit, then choose the "
        "file again.",
        "newer_version": "This file was made by a newer version of the kit: update the kit, then import again.",
        "scenario_without_school": changed.format(" (scenarios, number 1, school: this entry is missing)"),
        "scenario_change_empty": changed.format(
            " (scenarios, number 1, changes, number 1, value: this answer is empty or begins or ends with a space)"
        ),
        "school_data_cut": changed.format(" (school data, number 1, data: this school data is not whole)"),
        "reading_twice": changed.format(
            " (answers about schools, number 2: the id of an answer stands twice in the file)"
        ),
        "truncated": "This is not a file that the kit made, or it was cut short (line 28); choose the file that "
        "“Download all my work” saved.",
    }
    for name, sentence in expected.items():
        with pytest.raises(ImportProblem) as problem:
            read_work((BROKEN / f"{name}.json").read_bytes(), KNOWN)
        assert str(problem.value) == sentence


def test_a_file_of_70_mb_is_refused_at_once(store: Store) -> None:
    before = _content(store)
    with pytest.raises(ImportProblem, match="larger than 64 MB"):
        import_work(store, b"x" * 70_000_000, KNOWN)
    assert _content(store) == before


def test_a_mistake_in_the_last_audit_keeps_the_first_out(store: Store) -> None:
    audit = _filled(store)
    content = json.loads(export_work(store))
    _empty(store)
    content["audits"].append({**content["audits"][0], "id": "f" * 32})
    with pytest.raises(ImportProblem, match="stands twice"):
        import_work(store, json.dumps(content).encode(), KNOWN)
    assert store.audits() == ()
    assert read_work(export_audit(audit), KNOWN).audits == (audit,)


def test_a_store_that_cannot_be_used_is_no_problem_of_the_file(tmp_path: Path) -> None:
    missing = Store(tmp_path / "senco.sqlite")
    exported = export_audit(SelfAudit("a" * 32, "Autumn", FRAMEWORK, datetime.now(UTC), datetime.now(UTC)))
    with pytest.raises(StoreProblem) as problem:
        import_work(missing, exported, KNOWN)
    assert not isinstance(problem.value, ImportProblem)


def _read(data: bytes) -> Work:
    try:
        return read_work(data, KNOWN)
    except ImportProblem as problem:
        assert str(problem).endswith(".")  # noqa: PT017 (arbitrary content may also be sound)
        return Work()


@settings(deadline=None)
@given(st.binary())
@example(b"\xff")
@example(b'{"a":' * 2000)
def test_no_bytes_do_more_than_be_refused(data: bytes) -> None:
    assert _read(data) == Work()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=6,
)


def _places(content: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield place
    if isinstance(content, dict | list):
        for key, value in content.items() if isinstance(content, dict) else enumerate(content):
            yield from _places(value, (*place, key))


def _sound() -> dict[str, object]:
    now = datetime(2026, 9, 24, tzinfo=UTC)
    rating = Rating("A1", 3, False, True, "A note", (Evidence("1" * 32, "Minutes", "Drive", date(2026, 9, 24)),))
    action = Action("2" * 32, "A1", "Visit", "Seen", date(2027, 5, 1), "Head", "Log")
    content = json.loads(
        export_audit(SelfAudit("a" * 32, "Autumn", FRAMEWORK, now, now, None, {"A1": rating}, (action,)))
    )
    assert isinstance(content, dict)
    time = now.isoformat()
    change = {"provision_id": "7", "field": "weeks", "value": "10"}
    scenario = {"id": "3" * 32, "name": "Smaller", "school": "own", "created_at": time, "changed_at": time}
    school = {"id": "4" * 32, "name": "Mine", "kind": "csv", "kept_at": time, "data": "cHVwaWw="}
    answer = {"school": "primary/420/7", "question": "7", "answer": "keep", "changed_at": time}
    return content | {
        "scenarios": [scenario | {"changes": [change]}],
        "own_schools": [school],
        "readings": [answer],
        "course": {
            "answers": [
                {"work": "checks/3-x", "question": "q", "answer": "a", "changed_at": time},
                {"work": "checks/3-x", "question": "r", "answer": ["a", "b"], "changed_at": time},
                {"work": "reflections/3-x", "question": "s", "answer": {"a": "1"}, "changed_at": time},
            ],
            "sections_done": [{"module": "3-x", "section": "before-break", "done_at": time}],
            "assignments": [
                {
                    "id": "own-3-x",
                    "notebook": "cHVwaWw=",
                    "learner": "L07",
                    "brought_at": time,
                    "handed_in_at": time,
                    "handed_in_as": "a zip",
                    "package": '{"format":"senco-assignment","id":"3-x","school":"s","cohort":"","title":"",'
                    '"questions":[{"id":"q"}]}',
                }
            ],
            "marks": [
                {
                    "work": "checks/3-x",
                    "question": "q",
                    "answer": "a",
                    "marked_at": time,
                    "marked": {
                        "marks": 0.5,
                        "out_of": 1,
                        "verdict": "partly",
                        "says": ["Look"],
                        "look_again": ["x"],
                        "misconceptions": [],
                    },
                }
            ],
            "settings": [{"name": "own-school", "value": "secondary"}],
        },
    }


def test_the_sound_file_of_these_tests_is_sound() -> None:
    work = read_work(json.dumps(_sound()).encode(), KNOWN)
    assert (len(work.audits), len(work.scenarios), len(work.own_schools), len(work.readings)) == (1, 1, 1, 1)
    assert [len(kind) for kind in vars(work.course).values()] == [3, 1, 1, 1, 1]


@settings(deadline=None)
@given(st.data())
def test_no_entry_put_in_another_does_more_than_be_refused(data: st.DataObject) -> None:
    content: object = _sound()
    place = data.draw(st.sampled_from(list(_places(content))))
    changed = data.draw(_JSON)
    if place:
        inside: object = content
        for step in place[:-1]:
            inside = inside[step]  # type: ignore[index]
        inside[place[-1]] = changed  # type: ignore[index]
    else:
        content = changed
    _read(json.dumps(content).encode())


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9))
def test_no_sound_file_with_bytes_changed_does_more_than_be_refused(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(json.dumps(_sound()).encode())
    for _ in range(chance.choice([1, 1, 2, 5])):
        at = chance.randrange(len(data))
        data[at : at + chance.choice([0, 1, 4])] = chance.choice(
            [b"", b'"', b"{", b"]", b",", b"\\ud800", b"\xc3", b"9", b"-"]
        )
    _read(bytes(data))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_accepted_can_be_kept(store: Store, data: st.DataObject) -> None:
    _empty(store)
    content = _sound()
    text = data.draw(st.text(max_size=30))
    audit = content["audits"][0]  # type: ignore[index]
    audit["ratings"]["A1"]["note"] = audit["actions"][0]["success"] = text
    content["scenarios"][0]["name"] = content["readings"][0]["answer"] = "x" + text + "x"  # type: ignore[index]
    course = content["course"]
    course["answers"][0]["answer"] = course["assignments"][0]["handed_in_as"] = text  # type: ignore[index]
    course["answers"][1]["answer"][1] = course["answers"][2]["answer"]["a"] = text  # type: ignore[index]
    course["marks"][0]["marked"]["says"] = [text]  # type: ignore[index]
    written = json.dumps(content).encode()
    work = _read(written)
    if work != Work():
        import_work(store, written, KNOWN)
        assert all_work(store) == work
