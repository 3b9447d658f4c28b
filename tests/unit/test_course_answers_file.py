"""answers.json survives the way there and back, and whatever else arrives is refused with one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from senco_kit.course import answers_file
from senco_kit.course.answers_file import Answers, BadAnswers

GOOD = Answers("1-small", "exercise-primary-420-1", "autumn", "L07", {"a": "x", "b": ["1"], "c": {"r": "5"}})

_ANSWERS = some.text() | some.lists(some.text()) | some.dictionaries(some.text(), some.text())


@settings(max_examples=60)
@given(some.dictionaries(some.text(max_size=20), _ANSWERS, max_size=8))
def test_any_answers_come_back_as_they_were(answers: dict[str, object]) -> None:
    given_ = Answers("1-small", "exercise-primary-420-1", "", "", answers)
    assert answers_file.read(answers_file.write(given_)) == given_


def _bytes(**changed: object) -> bytes:
    return json.dumps(json.loads(answers_file.write(GOOD)) | changed).encode()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "damaged"),
        (b"\xff\xfe{", "damaged"),
        (b"{", "damaged"),
        (b"[" * 100_000, "nested"),
        (b'{"a":' * 50 + b"1" + b"}" * 50, "nested"),
        (b"[]", "not a file of answers"),
        (b'"answers"', "not a file of answers"),
        (_bytes(format="other"), "not a file of answers"),
        (_bytes(version=2), "another version"),
        (_bytes(learner="../L01"), "whose answers"),
        (_bytes(learner=["L01"]), "whose answers"),
        (_bytes(answers=[]), "no answer"),
        (_bytes(answers={"a": 5}), "no answer"),
        (_bytes(answers={"a": {"b": {"c": "d"}}}), "no answer"),
        (_bytes(answers={str(each): "x" for each in range(500)}), "no answer"),
        (_bytes(answers={"a": "x" * 1_000_000}), "larger than"),
    ],
    ids=range(16),
)
def test_other_bytes_are_refused(data: bytes, says: str) -> None:
    with pytest.raises(BadAnswers, match=says):
        answers_file.read(data)


@settings(max_examples=100)
@given(some.binary(max_size=300))
def test_arbitrary_bytes_never_do_more_than_be_refused(data: bytes) -> None:
    with pytest.raises(BadAnswers):
        answers_file.read(data)


def test_a_file_is_not_followed_to_elsewhere_and_not_read_when_too_large(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_bytes(answers_file.write(GOOD))
    link = tmp_path / answers_file.NAME
    link.symlink_to(tmp_path / "real.json")
    with pytest.raises(BadAnswers, match="There is no"):
        answers_file.read_file(link)
    link.unlink()
    with link.open("wb") as file:
        file.truncate(100_000_000_000)  # takes no room on the disk; reading it would take all memory
    with pytest.raises(BadAnswers, match="larger than"):
        answers_file.read_file(link)
    link.unlink()
    link.write_bytes(answers_file.write(GOOD))
    assert answers_file.read_file(link) == GOOD
