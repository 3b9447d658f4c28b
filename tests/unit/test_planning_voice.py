"""Pupils' and parents' short forms: the files, what is counted, what stays hidden, and typing in from paper."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from senco_kit.course.reading_age import reading_age
from senco_kit.forms.check import errors_of
from senco_kit.places import KIT
from senco_kit.planning import voice
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.voice_file import FORMS, VOICE, check, form
from senco_kit.small_counts import HIDDEN

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def forms(who: str, values: list[Mapping[str, str]]) -> Cycle:
    records = [
        Record(f"{number:032x}", voice.KIND_OF[who], NOW, NOW, {"done": "yes", **each})
        for number, each in enumerate(values)
    ]
    return Cycle("c", "2026 to 2027", "", NOW, NOW, records=tuple(records))


def answered(who: str, *answers: str) -> Cycle:
    """Forms that answer the first question so, and the second all alike."""
    first, second = (question.id for question in form(who).questions[:2])
    good = form(who).answers[0].id
    return forms(who, [{f"answer/{first}": each, f"answer/{second}": good} for each in answers])


def test_the_forms_are_short_easy_and_pupils_have_pictures() -> None:
    assert check() == []
    for who in FORMS:
        assert 6 <= len(form(who).questions) <= 9
        assert form(who).own_words
        assert reading_age("\n".join(each.says for each in form(who).questions)) < 7
    assert all(each.picture for each in form("pupils").questions)
    assert all(each.face for each in form("pupils").answers)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("picture: book", "picture: boook", 'did you mean "book"'),
        ("{id: teacher,", "{id: work,", 'The id "work" stands twice'),
        ("counts_as: good", "counts_as: great", '"counts_as" is "great"'),
        ("own_words: What", "own: What", "own_words"),
        ("  - {id: safe, says: Do you feel safe at school?, picture: school}\n", "", ""),
    ],
)
def test_a_mistake_in_a_form_is_told(tmp_path: Path, old: str, new: str, says: str) -> None:
    folder = tmp_path / VOICE.relative_to(KIT)
    folder.mkdir(parents=True)
    for who in FORMS:
        text = (VOICE / f"{who}.yml").read_text(encoding="utf-8")
        (folder / f"{who}.yml").write_text(text.replace(old, new, 1) if who == "pupils" else text, encoding="utf-8")
    found = check(tmp_path)
    assert (not found) if not says else any(says in each.says for each in found)


def test_what_is_answered_fits_the_fields_of_the_kind() -> None:
    for kind, who in zip(voice.KINDS, FORMS, strict=True):
        asked = kind.field(f"answer/{form(who).questions[0].id}")
        assert not errors_of([asked], {asked.name: form(who).answers[0].id})
        assert errors_of([asked], {asked.name: "something else"})
        with pytest.raises(KeyError):
            kind.field("answer/unknown")


@pytest.mark.parametrize("who", FORMS)
def test_nothing_is_told_of_fewer_than_five_forms(who: str) -> None:
    good = form(who).answers[0].id
    few = forms(who, [{"answer/" + form(who).questions[0].id: good, "own_words": "mine", "year": "5"}] * 4)
    assert (voice.summary(few, who), voice.own_words(few, who), voice.reached(few, who)) == ([], (), ())
    assert voice.count_in_words(few, who) == "fewer than 5"
    unfinished = forms(who, [{"answer/" + form(who).questions[0].id: good, "done": ""}] * 9)
    assert voice.summary(unfinished, who) == []
    assert len(voice.unfinished(unfinished, who)) == 9


def test_counts_are_shown_where_none_is_small() -> None:
    first, second, *_ = voice.summary(answered("pupils", *["yes"] * 7, *["no"] * 5), "pupils")
    assert dict(first.counts) == {"Yes": 7, "Sometimes": 0, "No": 5, "I am not sure": 0, "No answer": 0}
    assert (first.total, first.is_shown, first.mostly) == (12, True, "Yes")
    assert dict(second.counts)["Yes"] == 12
    offer = voice.offer("pupils", first, date(2026, 11, 22))
    assert offer["what"] == "12 pupils were asked “Can you do the work in lessons?”: 7 “Yes”, 5 “No”."
    assert (offer["source"], offer["effect"], offer["ref"]) == ("pupils", "hinders", "voice/pupils/work")


def test_a_small_count_and_what_would_give_it_away_are_hidden() -> None:
    first = voice.summary(answered("pupils", *["yes"] * 8, *["no"] * 3), "pupils")[0]
    assert dict(first.counts) == {"Yes": HIDDEN, "Sometimes": 0, "No": HIDDEN, "I am not sure": 0, "No answer": 0}
    offer = voice.offer("pupils", first, date(2026, 11, 22))
    assert "3" not in offer["what"]
    assert "8" not in offer["what"].replace("“", "")
    assert offer["effect"] == "helps"


def test_no_hidden_count_can_be_worked_out_from_the_others_and_the_number_of_forms() -> None:
    choose = random.Random(6)
    options = [answer.id for answer in form("pupils").answers] + [""]
    ids = [question.id for question in form("pupils").questions]
    for number in range(500):
        if number % len(ids) == 0:  # another school; each of its questions is a table of its own
            people = choose.randint(5, 14)
            given_to = [choose.choices(options, [choose.random() ** 3 + 0.01 for _ in options], k=people) for _ in ids]
            school = [
                {f"answer/{which}": given[one] for which, given in zip(ids, given_to, strict=True)}
                for one in range(people)
            ]
            lines = voice.summary(forms("pupils", [{**each, "own_words": "x"} for each in school]), "pupils")
        given, line = given_to[number % len(ids)], lines[number % len(ids)]
        hidden = [label for label, count in line.counts if count == HIDDEN]
        shown = sum(int(count) for _, count in line.counts if count != HIDDEN)
        truth = {answer.label: given.count(answer.id) for answer in form("pupils").answers} | {
            "No answer": given.count("")
        }
        assert all(count in (HIDDEN, truth[label]) for label, count in line.counts)
        assert all(count == HIDDEN or count == 0 or int(count) >= 5 for _, count in line.counts)
        least = 0 if len(hidden) == len(line.counts) else 1
        for label in hidden:
            rest = line.total - shown
            most = rest - least * (len(hidden) - 1)
            lowest = max(least, line.total // 2 + 1) if label == line.mostly else least
            if line.mostly in hidden and label != line.mostly:
                most = min(most, rest - (line.total // 2 + 1) - least * (len(hidden) - 2))
            if len(hidden) == 1:
                lowest = rest
            assert most > lowest, (given, line)  # at least two numbers are possible


def test_own_words_stand_in_no_order_and_without_the_year() -> None:
    cycle = forms("parents", [{"own_words": f"text {number}", "year": "5"} for number in range(20)])
    told = voice.own_words(cycle, "parents")
    assert sorted(told) == sorted(f"text {number}" for number in range(20))
    assert list(told) != [f"text {number}" for number in range(20)]
    assert dict(voice.reached(cycle, "parents")) == {"Year 5": 20, "Not noted": 0}


def test_paper_forms_are_typed_a_line_each() -> None:
    typed = voice.read_typed("pupils", "1 2 3 4 0 1 1 1 | More books\n\n11111111\n", "7")
    assert typed.wrong == ()
    assert len(typed.forms) == 2
    assert typed.forms[0] == {
        "answer/work": "yes",
        "answer/teacher": "sometimes",
        "answer/try": "no",
        "answer/join-in": "not-sure",
        "answer/listen": "yes",
        "answer/extra": "yes",
        "answer/safe": "yes",
        "own_words": "More books",
        "year": "7",
        "done": "yes",
    }


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("1 2", "has 2 figures; the form has 8 questions"),
        ("1 2 3 4 5 1 1 1", "numbered 1 to 4"),
        ("yes no", "figures only"),
        ("0 0 0 0 0 0 0 0", "Nothing is answered"),
        ("1 1 1 1 1 1 1 1 | " + "x" * 4001, "too long"),
    ],
)
def test_a_wrong_line_keeps_all_out(line: str, says: str) -> None:
    typed = voice.read_typed("pupils", f"11111111\n{line}\n")
    assert typed.forms == ()
    assert [number for number, _ in typed.wrong] == [2]
    assert says in typed.wrong[0][1]
    many = voice.read_typed("pupils", "11111111\n" * 501)
    assert many.forms == ()
    assert "500 forms at most" in many.wrong[0][1]


def test_five_forms_that_all_differ_give_nothing_away() -> None:
    ids = [answer.id for answer in form("parents").answers]
    assert len(ids) == 5
    question = form("parents").questions[0].id
    years = ["R", "1", "2", "3", "4"]
    cycle = forms(
        "parents", [{f"answer/{question}": each, "year": year} for each, year in zip(ids, years, strict=True)]
    )
    # Shown beside a zero, five hidden counts of five forms could only be one each.
    assert {count for _, count in voice.summary(cycle, "parents")[0].counts} == {HIDDEN}
    assert {count for _, count in voice.reached(cycle, "parents")} == {HIDDEN}
