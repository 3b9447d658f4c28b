"""Lessons seen: the foci, what many visits say together, and when there is not enough to say."""

from __future__ import annotations

import math
import random
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from senco_kit.pages.provision_map_data import OpenSchool, open_school
from senco_kit.places import KIT
from senco_kit.planning import observations, observations_file
from senco_kit.planning.competences_file import competences
from senco_kit.planning.intervals import wilson
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.observations import NOT_ENOUGH, Looks, year_named
from senco_kit.planning.observations_file import foci
from senco_kit.schools import codes

MOMENT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def visits(*said: dict[str, str]) -> Cycle:
    records = tuple(Record(f"{n:032x}", "observation", MOMENT, MOMENT, values) for n, values in enumerate(said))
    return Cycle("c", "2026 to 2027", "", MOMENT, MOMENT, None, records)


def pattern(cycle: Cycle, focus: str) -> observations.FocusPattern:
    return next(each for each in observations.patterns(cycle) if each.focus.id == focus)


@pytest.fixture(scope="module")
def school() -> OpenSchool:
    return open_school("secondary-1050")


def test_every_focus_is_in_order_and_those_of_the_invented_schools_are_all_there() -> None:
    assert observations_file.check() == []
    assert {each.code for each in foci().values()} - {""} == set(codes.OBSERVATION_FOCUSES)
    for code in codes.OBSERVATION_FOCUSES:
        assert code.replace(" ", "-") in foci()
    for each in foci().values():
        assert set(each.competences) <= set(competences())
        assert each.look_for


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("competences: [independence]", "competences: [indepence]", 'did you mean "independence"'),
        ("outcomes: [T5b]", "outcomes: [T5z]", 'no outcome "T5z"'),
        ("    code: talk\n", "", 'No focus has the code "talk"'),
        ("  - id: dignity", "  - id: talk", "twice"),
        ("    group: Adults\n", "    groop: Adults\n", "not a field"),
    ],
)
def test_a_mistake_in_the_foci_is_told(tmp_path: Path, old: str, new: str, says: str) -> None:
    shutil.copytree(KIT / "audit", tmp_path / "audit")
    path = tmp_path / "audit" / "observation-foci.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(says in problem.says for problem in observations_file.check(tmp_path))


def test_wilsons_interval_agrees_with_published_values_and_stays_within_0_and_1() -> None:
    # Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998, table I.
    for hits, tries, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert wilson(hits, tries) == pytest.approx((low, high), abs=5e-5)
    for tries in range(1, 40):
        for hits in range(tries + 1):
            low, high = wilson(hits, tries)
            assert 0 <= low <= hits / tries <= high <= 1 or math.isclose(high, 1) or math.isclose(low, 0, abs_tol=1e-12)
    with pytest.raises(ValueError, match="at least one try"):
        wilson(0, 0)


def test_only_what_was_looked_for_counts_and_four_looks_are_not_enough() -> None:
    said = [{"seen/dignity": word} for word in ("yes", "yes", "partly", "no", "not-looked", "", "nonsense")]
    few = pattern(visits(*said), "dignity")
    assert few.looks == Looks(2, 1, 1)
    assert few.looks.in_words == NOT_ENOUGH
    enough = pattern(visits(*said, {"seen/dignity": "no"}), "dignity")
    assert enough.looks.in_words == "40% seen in full (11% to 76%)"
    assert "not enough" not in enough.as_finding()
    assert pattern(visits(*said), "talk").looks == Looks(0, 0, 0)


def test_a_share_is_called_clear_only_when_its_whole_interval_lies_on_one_side_of_half() -> None:
    sides = {Looks(seen, 0, 10 - seen): Looks(seen, 0, 10 - seen).side for seen in range(11)}
    assert [looks.seen for looks, side in sides.items() if side == "few"] == [0, 1]
    assert [looks.seen for looks, side in sides.items() if side == "most"] == [9, 10]
    assert Looks(4, 0, 0).side == Looks(0, 0, 4).side == ""


def test_the_least_and_most_seen_are_told_of_foci_with_enough_looks_only() -> None:
    said = [{"seen/talk": "no", "seen/dignity": "yes", "seen/independence": "partly"}] * 5
    found = observations.least_and_most(observations.patterns(visits(*said[:4], {"seen/talk": "yes"})))
    assert found is None
    found = observations.least_and_most(observations.patterns(visits(*said, {"seen/talk": "yes"})))
    assert found is not None
    assert [each.focus.id for each in found] == ["independence", "dignity"]


def test_groups_add_up_to_all_looks_whose_year_or_subject_is_known() -> None:
    draw = random.Random(7)
    said = [
        {"seen/talk": draw.choice(["yes", "partly", "no"]), "year": year, "subject": subject}
        for year, subject in [("8B", "maths"), ("Year 8", "maths"), ("11A", "English"), ("lunch", ""), ("R", "other")]
        * 4
    ]
    found = pattern(visits(*said), "talk")
    assert {year: looks.all for year, looks in found.by_year.items()} == {"R": 4, "8": 8, "11": 4}
    assert list(found.by_year) == ["R", "8", "11"]
    assert {subject: looks.all for subject, looks in found.by_subject.items()} == {"English": 4, "maths": 8, "other": 4}
    assert found.by_year["8"].are_enough
    assert not found.by_year["R"].are_enough


@pytest.mark.parametrize(
    ("text", "year"),
    [
        *(
            ("8B", "8"),
            ("Year 10 set 2", "10"),
            ("reception", "R"),
            ("YR", "R"),
            ("y7", "7"),
            ("Yr 9", "9"),
            (" 11 ", "11"),
        ),
        *(
            ("", ""),
            ("Years 7 and 8", ""),
            ("Year 7 and 8", ""),
            ("7/8", ""),
            ("Rabbits", ""),
            ("Year 14", ""),
            ("0", ""),
        ),
    ],
)
def test_the_year_is_read_from_what_people_type(text: str, year: str) -> None:
    assert year_named(text) == year


def test_a_visit_asks_for_what_was_chosen_or_answered_or_for_all() -> None:
    none, some = visits({}, {"focus/talk": "yes", "seen/dignity": "no"}).records
    assert len(observations.looked_for(none)) == len(foci())
    assert [focus.id for focus in observations.looked_for(some)] == ["talk", "dignity"]


def test_the_invented_observations_come_in_whole_and_say_what_the_table_says(school: OpenSchool) -> None:
    assert school.tables is not None
    table = school.tables["observations"]
    records = observations.observation_records(table, school.key)
    assert len({one.id for one in records}) == len(records) == 80
    cycle = visits(*(dict(one.values) for one in records))
    for code in codes.OBSERVATION_FOCUSES:
        rows = table[table["focus"] == code]["seen"].value_counts()
        looks = pattern(cycle, code.replace(" ", "-")).looks
        assert (looks.seen, looks.partly, looks.not_seen) == tuple(int(rows.get(word, 0)) for word in codes.SEEN)
    notes = sum(len(one.under("note")) for one in cycle.records)
    assert notes == int(table["note"].notna().sum())


def test_two_lessons_of_one_class_on_one_day_stay_two_visits(school: OpenSchool) -> None:
    assert school.tables is not None
    row = school.tables["observations"].head(1)
    twice = row.loc[row.index.repeat(2)].assign(observation_id=[1, 2])
    records = observations.observation_records(twice, school.key)
    assert [dict(one.values) for one in records] == [dict(records[0].values)] * 2
