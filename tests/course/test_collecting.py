"""What comes back from learning platforms: zips of zips, renamed files, and zips that were made to do harm."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from senco_kit.course import answers_file
from senco_kit.marking import collecting
from senco_kit.marking.handing_in import Assignment, exchange_folder, hand_in, read_package, zip_of, zip_to_send
from senco_kit.marking.problems import MarkingProblem
from senco_kit.marking.unpacking import BadZip, Unpacking

PACKAGE = {
    "format": "senco-assignment",
    "version": 1,
    "id": "1-small",
    "cohort": "autumn",
    "title": "T",
    "about": "A",
    "school": "exercise-primary-420-1",
    "school_name": "S",
    "questions": [],
}
ASSIGNMENT = Assignment(PACKAGE, b'{"cells": []}')
AT = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 11, 45, tzinfo=UTC)


def _zip(files: dict[str, bytes]) -> bytes:
    return zip_of(files, AT)


def _found(data: bytes) -> tuple[list[str], list[str]]:
    found = collecting.find(data)
    return [f"{each.module} {each.learner} {each.time}" for each in found.pieces], [why for _, why in found.unusable]


def test_what_is_sent_is_named_for_nbgrader_and_says_whose_it_is() -> None:
    name, data = zip_to_send(ASSIGNMENT, " L07 ", {"count": "5"}, AT)
    assert name == "1-small_L07_attempt_2026-11-22-10-15-00.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert sorted(archive.namelist()) == ["1-small.ipynb", "answers.json", "timestamp.txt"]
        given = answers_file.read(archive.read("answers.json"))
    assert (given.learner, given.cohort, given.answers) == ("L07", "autumn", {"count": "5"})


@pytest.mark.parametrize("code", ["", "Jo Bloggs", "../L01", "L" * 21, "L01\n", "-", "É1", "L_1"])
def test_a_learner_code_that_is_none_is_refused(code: str) -> None:
    if code == "L01\n":
        code = "L0\n1"
    with pytest.raises(MarkingProblem, match="1 to 20 letters, digits and hyphens"):
        zip_to_send(ASSIGNMENT, code, {})


def test_one_zip_a_folder_of_zips_and_a_download_of_zips(tmp_path: Path) -> None:
    one = zip_to_send(ASSIGNMENT, "L07", {}, AT)
    two = zip_to_send(ASSIGNMENT, "L08", {}, LATER)
    expected = ["1-small L07 2026-11-22-10-15-00", "1-small L08 2026-11-22-11-45-00"]
    moodle = _zip({f"Jo Bloggs_9{n}_assignsubmission_file_/{name}": data for n, (name, data) in enumerate([one, two])})
    renamed = _zip({f"student {n} ({name}) .zip": data for n, (name, data) in enumerate([one, two])})
    for name, data in (one, two):
        (tmp_path / "deep" / "er").mkdir(parents=True, exist_ok=True)
        (tmp_path / "deep" / "er" / name).write_bytes(data)
    assert _found(one[1])[0][0].startswith("1-small L07")
    assert (sorted(_found(moodle)[0]), _found(moodle)[1]) == (expected, [])
    assert (sorted(_found(renamed)[0]), _found(renamed)[1]) == (expected, [])
    found = collecting.find(tmp_path)
    assert sorted(f"{each.module} {each.learner} {each.time}" for each in found.pieces) == expected


def test_unpacked_and_renamed_files_are_known_by_what_is_in_them() -> None:
    _, data = zip_to_send(ASSIGNMENT, "L07", {"count": "5"}, AT)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    unpacked = _zip({"jo_12_answers.json": files["answers.json"], "jo_12_Copy of 1.ipynb": files["1-small.ipynb"]})
    pieces = collecting.find(unpacked).pieces
    assert [(each.module, each.learner, each.notebook) for each in pieces] == [("1-small", "L07", b'{"cells": []}')]


def test_a_newer_attempt_comes_first() -> None:
    zips = dict(zip_to_send(ASSIGNMENT, "L07", {}, at) for at in (LATER, AT))
    first = collecting.newest_first(collecting.find(_zip(zips)).pieces)[0]
    assert first.time == "2026-11-22-11-45-00"


def test_files_that_cannot_be_used_are_listed_with_a_reason() -> None:
    pieces, reasons = _found(_zip({"essay.docx": b"x", "sub/answers.json": b"{}", "b.zip": b"not a zip"}))
    assert pieces == []
    assert sorted(reasons) == sorted(
        [
            "it is no part of an assignment",
            "neither its name nor its answers say whose it is",
            "b.zip is not a zip that can be read: get it again from where it came.",
        ]
    )


def _hostile_zip(name: str, mode: int = 0, data: bytes = b"x") -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        entry = zipfile.ZipInfo("replaced-later")
        entry.filename = name
        entry.external_attr = mode << 16
        archive.writestr(entry, data)
    return whole.getvalue()


@pytest.mark.parametrize(
    ("name", "mode", "why"),
    [
        ("../../escape/answers.json", 0, "leads out of the zip"),
        ("/etc/answers.json", 0, "leads out of the zip"),
        ("..\\..\\answers.json", 0, "leads out of the zip"),
        ("C:\\answers.json", 0, "leads out of the zip"),
        ("answers.json", stat.S_IFLNK | 0o777, "a link"),
        ("answers.json", stat.S_IFIFO | 0o644, "a link"),
    ],
)
def test_a_zip_cannot_lead_out_of_itself(name: str, mode: int, why: str) -> None:
    found = collecting.find(_hostile_zip(name, mode))
    assert found.pieces == []
    assert [why in reason for _, reason in found.unusable] == [True]


def test_a_zip_that_unpacks_to_far_more_is_not_read_whole() -> None:
    bomb = _zip({f"{n}.json": b"0" * 3_000_000 for n in range(5)})
    assert len(bomb) < 50_000
    with pytest.raises(BadZip, match="more than 10 MB"):
        list(Unpacking(largest_all=10_000_000).files(bomb))
    with pytest.raises(BadZip, match="more than 3 files"):
        list(Unpacking(most_files=3).files(bomb))
    small = Unpacking(largest_file=1_000_000)
    assert list(small.files(bomb)) == []
    assert len(small.left_out) == 5


@pytest.mark.parametrize("in_a_folder", [False, True], ids=["in one zip", "in a folder"])
def test_a_zip_bomb_stops_no_other(in_a_folder: bool, tmp_path: Path) -> None:
    bomb = _zip({f"{n}.json": b"0" * 24_000_000 for n in range(3 if not in_a_folder else 18)})
    files = {
        "0_bomb.zip": bomb,
        "many.zip": _zip({f"{n}/": b"" for n in range(3)} | {f"{n}": b"" for n in range(6000)}),
    }
    files |= dict([zip_to_send(ASSIGNMENT, "L07", {}, AT)])
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    found = collecting.find(tmp_path if in_a_folder else _zip(files))
    assert [each.learner for each in found.pieces] == ["L07"]
    assert sorted(why.partition(" than ")[0] for _, why in found.unusable) == [
        "It unpacks to more",
        "There are more",
    ]


def test_a_way_of_packing_that_may_take_all_memory_is_not_unpacked() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("answers.json", b"{}")
    data = bytearray(whole.getvalue())
    data[data.index(b"answers.json") + 20] ^= 255  # damaged too: Python's own message is none that zips usually give
    assert _found(bytes(data)) == ([], ["it is packed in an unusual way"])


def test_a_file_without_a_name_is_a_damaged_zip() -> None:
    with pytest.raises(BadZip, match="not a zip that can be read"):
        collecting.find(_hostile_zip(""))


def test_a_time_that_does_not_exist_is_none() -> None:
    data = bytearray(_zip({"answers.json": answers_file.write(answers_file.Answers("1-small", "", "", "L07", {}))}))
    at = zipfile.ZipFile(io.BytesIO(data)).start_dir
    data[at + 12 : at + 16] = bytes(4)  # month 0, day 0: many programs write no date
    assert [each.time for each in collecting.find(bytes(data)).pieces] == [collecting.NO_TIME]
    named = _zip({"1-small_L07_attempt_9999-99-99-99-99-99/answers.json": b"{}"})
    assert [each.time for each in collecting.find(named).pieces] == ["2026-11-22-10-15-00"]


def test_names_that_others_chose_are_safe_to_show_in_a_terminal() -> None:
    found = collecting.find(_zip({"\x1b]0;owned\x07\n" + "x" * 500: b""}))
    assert [where[:12] for where, _ in found.unusable] == ["]0;owned xxx"]
    assert len(found.unusable[0][0]) == 200


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    name, data = zip_to_send(ASSIGNMENT, "L07", {}, AT)
    (tmp_path / name).write_bytes(data)
    (tmp_path / "0.zip").write_bytes(data)
    (tmp_path / "0.zip").chmod(0)
    found = collecting.find(tmp_path)
    assert [each.learner for each in found.pieces] == ["L07"]
    assert found.unusable == [("0.zip", "it cannot be read (Permission denied)")]


def test_zips_in_zips_are_read_so_far_and_no_further() -> None:
    data = zip_to_send(ASSIGNMENT, "L07", {}, AT)[1]
    for number in range(2):
        data = _zip({f"{number}.zip": data})
    assert len(collecting.find(data).pieces) == 1
    pieces, reasons = _found(_zip({"3.zip": data}))
    assert (pieces, reasons) == ([], ["it is a zip in a zip in a zip"])


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "answers.json").symlink_to(tmp_path / "secret.json")
    assert collecting.find(tmp_path / "in").unusable == [("answers.json", "it is a link, not a file")]


def test_handing_in_puts_the_zip_into_the_exchange_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENCO_EXCHANGE", str(tmp_path))
    path = hand_in(ASSIGNMENT, "L07", {"count": "5"}, AT)
    assert path.relative_to(tmp_path).as_posix() == "autumn/handed-in/1-small_L07_attempt_2026-11-22-10-15-00.zip"
    assert [each.learner for each in collecting.find(path.parent).pieces] == ["L07"]
    monkeypatch.setenv("SENCO_EXCHANGE", str(tmp_path / "gone"))
    with pytest.raises(MarkingProblem, match=r"SENCO_EXCHANGE names .* not a folder"):
        hand_in(ASSIGNMENT, "L07", {}, AT)
    monkeypatch.delenv("SENCO_EXCHANGE")
    assert exchange_folder() is None
    with pytest.raises(MarkingProblem, match="no exchange folder"):
        hand_in(ASSIGNMENT, "L07", {}, AT)


def test_what_was_handed_out_is_read_back_or_refused_in_one_sentence() -> None:
    import json

    questions = json.dumps(PACKAGE).encode()
    package, notebook = read_package(_zip({"1-small/questions.json": questions, "1-small/1-small.ipynb": b"{}"}))
    assert (package["id"], notebook) == ("1-small", b"{}")
    for files, why in [
        ({"x.txt": b""}, "holds no questions.json"),
        ({"questions.json": questions}, "holds no notebook"),
        ({"questions.json": b"[" * 100_000}, "damaged"),
        ({"questions.json": questions.replace(b"senco-assignment", b"other")}, "not an assignment"),
        ({"questions.json": questions.replace(b'"version": 1', b'"version": 2')}, "another version"),
        ({"questions.json": questions.replace(b'"1-small"', b'"../../x"')}, "damaged"),
        ({"questions.json": questions.replace(b'"autumn"', b'"../x"')}, "damaged"),
    ]:
        with pytest.raises(MarkingProblem, match=why):
            read_package(_zip(files))
    with pytest.raises(MarkingProblem, match="not a zip"):
        read_package(b"PK\x03\x04 and then nothing")
