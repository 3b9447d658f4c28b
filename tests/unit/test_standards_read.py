"""Reading the standards: what ships, what is refused, and how frameworks correspond."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from senco_kit.standards import read
from senco_kit.standards.model import SPINE, UnknownId
from senco_kit.standards.read import ContentProblem

OWN = """\
id: {id}
title: {id} in full
short_title: {id}
issuer: Our school
status: {status}
source: A test
about: A test.
headings:
  - id: S
    title: The only heading
    about: A test.
    outcomes:
      - id: S1
        title: Knows every pupil
        statement: I know every pupil with SEN.
        wording: confirmed
        duty: null
"""


def write(folder: Path, framework_id: str, status: str) -> Path:
    path = folder / f"{framework_id}.yml"
    path.write_text(OWN.format(id=framework_id, status=status), encoding="utf-8")
    return path


def test_the_spine_ships_with_five_headings_and_19_items_that_can_be_rated() -> None:
    spine = read.framework(SPINE)
    assert [heading.id for heading in spine.headings] == ["A", "B", "C", "D", "E"]
    assert len(spine.outcomes()) == 19
    assert spine.status == "historic"
    assert {len(outcome.levels) for outcome in spine.outcomes()} == {4}
    assert all(outcome.heading_id == outcome.id[0] for outcome in spine.outcomes())


def test_no_two_descriptors_next_steps_or_statements_of_the_spine_are_the_same() -> None:
    texts = [
        text for item in read.framework(SPINE).outcomes() for text in (item.statement, *item.levels, *item.next_steps)
    ]
    assert len(set(texts)) == len(texts)


def test_the_shipped_frameworks_begin_with_the_spine_and_then_what_is_current() -> None:
    found = list(read.frameworks().values())
    assert found[0].id == SPINE
    statuses = [framework.status for framework in found[1:]]
    assert statuses == sorted(statuses, key=["current", "proposed", "historic"].index)
    assert {"national-award-2014", "npq-senco", "code-senco-duties", "teachers-standard-5"} < set(read.frameworks())
    assert len(read.framework("npq-senco").outcomes()) == 8
    assert len(read.framework("code-senco-duties").outcomes()) == 11


def test_every_item_of_the_spine_corresponds_to_something_in_the_award_that_replaced_it() -> None:
    for outcome in read.framework(SPINE).outcomes():
        assert read.corresponding(SPINE, outcome.id, "national-award-2014"), outcome.id


def test_the_four_levels_ship_in_order() -> None:
    assert [(level.number, level.name) for level in read.levels()] == [
        (1, "Starting"),
        (2, "Developing"),
        (3, "Secure"),
        (4, "Leading"),
    ]
    assert read.level(3).name == "Secure"
    with pytest.raises(UnknownId, match="no level 0"):
        read.level(0)


def test_facts_keep_their_kind_of_value() -> None:
    assert read.fact("npq-mandatory").value == date(2024, 9, 1)
    assert (read.fact("ehc-20-weeks").value, read.fact("ehc-20-weeks").unit) == (20, "weeks")
    assert read.fact("experts-at-hand").value == 1.8
    assert read.fact("code-6-36").unit is None
    with pytest.raises(UnknownId, match='no "code-6-63"'):
        read.fact("code-6-63")


def test_frameworks_of_another_folder_come_in_order_of_status(tmp_path: Path) -> None:
    for framework_id, status in [
        ("alpha", "historic"),
        (SPINE + "-x", "proposed"),
        ("zeta", "current"),
        ("beta", "current"),
    ]:
        write(tmp_path, framework_id, status)
    assert list(read.frameworks(tmp_path)) == ["beta", "zeta", SPINE + "-x", "alpha"]


def test_one_framework_is_read_without_the_others(tmp_path: Path) -> None:
    write(tmp_path, "good", "current")
    (tmp_path / "bad.yml").write_text("title: [", encoding="utf-8")
    assert read.framework("good", tmp_path).outcome("S1").title == "Knows every pupil"
    with pytest.raises(ContentProblem):
        read.frameworks(tmp_path)


def test_unknown_ids_are_told_in_a_sentence(tmp_path: Path) -> None:
    write(tmp_path, "good", "current")
    with pytest.raises(KeyError) as framework_error:
        read.framework("../good", tmp_path)
    assert str(framework_error.value) == 'There is no framework "../good".'
    with pytest.raises(KeyError) as outcome_error:
        read.framework("good", tmp_path).outcome("S9")
    assert str(outcome_error.value) == '"good" has no outcome "S9".'


def test_a_wrong_file_is_refused_with_file_line_and_sentence(tmp_path: Path) -> None:
    path = write(tmp_path, "good", "current")
    path.write_text(
        path.read_text(encoding="utf-8").replace("title: Knows every pupil", "titel: Knows"), encoding="utf-8"
    )
    with pytest.raises(ContentProblem) as error:
        read.framework("good", tmp_path)
    assert (error.value.file, error.value.line) == (path, 14)
    assert error.value.says == 'Outcome S1 has "titel", which is not a field: did you mean "title"?'
    assert str(error.value) == f"{path.as_posix()}:14: {error.value.says}"


@pytest.mark.parametrize("reader", [read.levels, read.facts, read.crosswalk, read.frameworks])
def test_a_missing_place_is_a_content_problem(tmp_path: Path, reader: object) -> None:
    assert callable(reader)
    with pytest.raises(ContentProblem):
        reader(tmp_path / "nowhere")


def test_changing_what_was_given_out_does_not_change_the_register() -> None:
    read.facts().clear()
    assert read.facts()


@pytest.fixture
def crosswalk(tmp_path: Path) -> Path:
    path = tmp_path / "crosswalk.csv"
    path.write_text(
        "framework,outcome,other_framework,other_outcome\n"
        f"{SPINE},A1,one,1\n{SPINE},A2,one,1\n{SPINE},A1,one,2\n"
        f"{SPINE},A1,two,x\n{SPINE},A2,two,y\n{SPINE},A2,two,x\n"
        "two,y,three,T1\n",
        encoding="utf-8",
    )
    return path


def test_a_row_counts_in_both_directions(crosswalk: Path) -> None:
    assert read.corresponding(SPINE, "A1", "one", crosswalk) == ("1", "2")
    assert read.corresponding("one", "1", SPINE, crosswalk) == ("A1", "A2")


def test_frameworks_that_no_row_joins_are_compared_through_the_spine_each_outcome_once(crosswalk: Path) -> None:
    assert read.corresponding("one", "1", "two", crosswalk) == ("x", "y")
    assert read.corresponding("one", "2", "two", crosswalk) == ("x",)


def test_frameworks_that_a_row_joins_are_not_compared_through_the_spine(crosswalk: Path) -> None:
    assert read.corresponding("two", "y", "three", crosswalk) == ("T1",)
    assert read.corresponding("two", "x", "three", crosswalk) == ()


def test_nothing_corresponds_to_an_outcome_that_no_row_names(crosswalk: Path) -> None:
    assert read.corresponding(SPINE, "E4", "one", crosswalk) == ()
    assert read.corresponding("one", "1", "nowhere", crosswalk) == ()


def test_an_outcome_corresponds_to_itself_in_its_own_framework(crosswalk: Path) -> None:
    assert read.corresponding("one", "1", "one", crosswalk) == ("1",)
