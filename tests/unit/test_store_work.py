"""A person's work: each change saved by itself, each tab's answers kept."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from senco_kit.audit.model import Action, Evidence, Rating
from senco_kit.store import BadValue, NoLongerThere, Store, StoreProblem, database, open_store, prepare

FRAMEWORK = "national-award-2009"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    assert prepare(tmp_path / "work") is None
    return open_store(tmp_path / "work")


def test_an_audit_is_there_after_opening_again(store: Store) -> None:
    made = store.create_audit(" Autumn  2026 ", FRAMEWORK)
    assert (made.name, made.framework_id, made.started_from, made.ratings, made.actions) == (
        "Autumn 2026",
        FRAMEWORK,
        None,
        {},
        (),
    )
    assert made.created_at == made.changed_at
    assert made.created_at.tzinfo is UTC
    again = open_store(store.file.parent)
    assert again.audits() == (made,)
    assert again.audit(made.id) == made


def test_audits_come_newest_first(store: Store) -> None:
    names = ["first", "second", "third"]
    for name in names:
        store.create_audit(name, FRAMEWORK)
    assert [audit.name for audit in store.audits()] == names[::-1]


def test_each_field_of_a_rating_is_saved_by_itself(store: Store) -> None:
    audit = store.create_audit("Autumn", FRAMEWORK)
    store.save_rating(audit.id, "A1", "note", "line 1\r\nline 2")
    store.save_rating(audit.id, "A1", "standing", "3")
    saved_at = store.save_rating(audit.id, "A1", "matters_now", "yes")
    now = store.audit(audit.id)
    assert now.ratings == {"A1": Rating("A1", 3, False, True, "line 1\nline 2")}
    assert now.changed_at == saved_at > now.created_at
    store.save_rating(audit.id, "A1", "standing", "unsure")
    assert store.audit(audit.id).rating("A1") == Rating("A1", None, True, True, "line 1\nline 2")
    store.save_rating(audit.id, "A1", "standing", "2")
    assert store.audit(audit.id).rating("A1").unsure is False
    store.save_rating(audit.id, "A1", "standing", "")
    store.save_rating(audit.id, "A1", "matters_now", "")
    assert store.audit(audit.id).rating("A1") == Rating("A1", note="line 1\nline 2")


def test_a_bad_value_changes_nothing(store: Store) -> None:
    audit = store.create_audit("Autumn", FRAMEWORK)
    for field, value in (("standing", "7"), ("note", "x" * 20_001), ("matters_now", "perhaps")):
        with pytest.raises(BadValue):
            store.save_rating(audit.id, "A1", field, value)
    with pytest.raises(BadValue):
        store.save_rating(audit.id, "", "standing", "1")
    with pytest.raises(BadValue):
        store.rename_audit(audit.id, " ")
    assert store.audits() == (audit,)


def test_evidence_is_added_changed_and_removed(store: Store) -> None:
    audit = store.create_audit("Autumn", FRAMEWORK)
    first = store.add_evidence(audit.id, "A1")
    second = store.add_evidence(audit.id, "A1")
    store.save_evidence(second, "what", "Minutes")
    store.save_evidence(second, "kept_where", "Shared drive")
    store.save_evidence(second, "dated", "24/9/2026")
    expected = Evidence(second, "Minutes", "Shared drive", date(2026, 9, 24))
    assert store.audit(audit.id).rating("A1").evidence == (Evidence(first), expected)
    store.remove_evidence(first)
    assert store.remove_evidence(first) > audit.created_at  # once more is harmless
    assert store.audit(audit.id).rating("A1").evidence == (expected,)


def test_actions_are_added_changed_and_removed(store: Store) -> None:
    audit = store.create_audit("Autumn", FRAMEWORK)
    last = store.add_action(audit.id, "B2", "Visit class 3")
    fields = {
        "action": "Visit class 4",
        "success": "Seen",
        "by_when": "1 May 2027",
        "with_whom": "Head",
        "evidence": "Log",
    }
    for field, value in fields.items():
        store.save_action(last, field, value)
    other = store.add_action(audit.id, "A1")
    expected = Action(last, "B2", "Visit class 4", "Seen", date(2027, 5, 1), "Head", "Log")
    assert store.audit(audit.id).actions == (expected, Action(other, "A1"))
    store.remove_action(other)
    assert store.audit(audit.id).actions == (expected,)


def test_adding_the_same_row_twice_is_harmless(store: Store) -> None:
    audit = store.create_audit("Autumn", FRAMEWORK)
    made_by_browser = str(uuid4())
    row = store.add_evidence(audit.id, "A1", made_by_browser)
    assert row == made_by_browser.replace("-", "")
    store.save_evidence(row, "what", "Minutes")
    assert store.add_evidence(audit.id, "A1", made_by_browser) == row
    assert store.audit(audit.id).rating("A1").evidence == (Evidence(row, "Minutes"),)
    line = store.add_action(audit.id, "A1", "Visit", made_by_browser)
    assert store.add_action(audit.id, "A1", "Other", made_by_browser) == line
    assert store.audit(audit.id).actions == (Action(line, "A1", "Visit"),)


def test_an_id_of_another_item_or_of_no_kind_is_refused(store: Store) -> None:
    audit = store.create_audit("Autumn", FRAMEWORK)
    row = store.add_evidence(audit.id, "A1")
    with pytest.raises(BadValue, match="belongs to another item"):
        store.add_evidence(audit.id, "A2", row)
    with pytest.raises(BadValue, match="could not be recognised"):
        store.add_action(audit.id, "A1", "", "'; DROP TABLE audit")
    assert len(store.audits()) == 1


def test_saving_to_what_was_removed_says_so(store: Store) -> None:
    audit = store.create_audit("Autumn", FRAMEWORK)
    row = store.add_evidence(audit.id, "A1")
    line = store.add_action(audit.id, "A1")
    store.remove_evidence(row)
    store.remove_action(line)
    with pytest.raises(NoLongerThere, match=r"^This row is no longer here"):
        store.save_evidence(row, "what", "Minutes")
    with pytest.raises(NoLongerThere):
        store.save_action(line, "action", "Visit")
    store.delete_audit(audit.id)
    store.delete_audit(audit.id)  # once more is harmless
    for change in (
        lambda: store.audit(audit.id),
        lambda: store.rename_audit(audit.id, "Spring"),
        lambda: store.save_rating(audit.id, "A1", "standing", "1"),
        lambda: store.add_evidence(audit.id, "A1"),
        lambda: store.add_action(audit.id, "A1"),
        lambda: store.create_audit("Spring", FRAMEWORK, audit.id),
    ):
        with pytest.raises(NoLongerThere, match=r"^This audit is no longer here"):
            change()
    assert store.audits() == ()


def test_deleting_an_audit_takes_all_that_belongs_to_it_and_nothing_else(store: Store) -> None:
    audits = [_filled(store), _filled(store)]
    kept = store.audit(audits[1])
    store.delete_audit(audits[0])
    assert store.audits() == (kept,)
    with closing(database.connect(store.file, "ro")) as connection:
        for table in ("rating", "evidence", "action"):
            assert {row[0] for row in connection.execute(f"SELECT audit_id FROM {table}")} == {kept.id}


def _filled(store: Store) -> str:
    audit = store.create_audit("Filled", FRAMEWORK)
    store.save_rating(audit.id, "A1", "standing", "3")
    store.save_rating(audit.id, "A1", "matters_now", "yes")
    store.save_rating(audit.id, "A1", "note", "A note")
    store.save_rating(audit.id, "A2", "standing", "unsure")
    store.save_evidence(store.add_evidence(audit.id, "A1"), "what", "Minutes")
    store.add_action(audit.id, "A2", "Visit")
    return audit.id


@pytest.mark.parametrize("copy_levels", [False, True])
def test_the_next_audit_starts_from_the_last(store: Store, copy_levels: bool) -> None:
    earlier = store.audit(_filled(store))
    new = store.create_audit("Next", FRAMEWORK, earlier.id, copy_levels)
    assert store.audit(new.id) == new
    assert new.started_from == earlier.id
    assert new.id != earlier.id
    rating = new.rating("A1")
    assert (rating.note, rating.matters_now, [one.what for one in rating.evidence]) == ("A note", True, ["Minutes"])
    assert rating.level == (3 if copy_levels else None)
    assert new.rating("A2").unsure is copy_levels
    assert [line.action for line in new.actions] == ["Visit"]
    assert store.audit(earlier.id) == earlier
    store.remove_action(new.actions[0].id)
    store.remove_evidence(rating.evidence[0].id)
    assert store.audit(earlier.id).actions == earlier.actions
    assert store.audit(earlier.id).ratings == earlier.ratings


def test_an_audit_of_another_standard_is_no_start(store: Store) -> None:
    earlier = store.create_audit("Autumn", FRAMEWORK)
    with pytest.raises(BadValue, match="another standard"):
        store.create_audit("Spring", "code-duties", earlier.id)
    assert store.audits() == (earlier,)


def test_renaming_changes_the_name_alone(store: Store) -> None:
    before = store.audit(_filled(store))
    store.rename_audit(before.id, "Spring 2027")
    after = store.audit(before.id)
    assert after.name == "Spring 2027"
    assert (after.ratings, after.actions, after.created_at) == (before.ratings, before.actions, before.created_at)


def test_two_tabs_do_not_undo_each_other(store: Store) -> None:
    other_tab = open_store(store.file.parent)
    audit = store.create_audit("Autumn", FRAMEWORK)
    store.audits()
    other_tab.save_rating(audit.id, "A1", "standing", "4")
    store.save_rating(audit.id, "A1", "note", "Mine")
    other_tab.save_rating(audit.id, "A1", "matters_now", "yes")
    assert store.audit(audit.id).rating("A1") == Rating("A1", 4, False, True, "Mine")


def test_risky_text_stays_text(store: Store) -> None:
    audit = store.create_audit("<img src=x onerror=alert(1)>", FRAMEWORK)
    for text in ("'); DROP TABLE rating; --", "=HYPERLINK(1)", "\u202eright to left", "😀" * 10_000, "%s {x} :name ?"):
        store.save_rating(audit.id, "A1", "note", text)
        assert store.audit(audit.id).rating("A1").note == text
    assert store.audit(audit.id).name == "<img src=x onerror=alert(1)>"


def test_times_are_kept_in_utc(store: Store) -> None:
    before = datetime.now(UTC)
    audit = store.create_audit("Autumn", FRAMEWORK)
    with closing(database.connect(store.file, "ro")) as connection:
        (text,) = connection.execute("SELECT created_at FROM audit").fetchone()
    assert datetime.fromisoformat(text).replace(tzinfo=UTC) == audit.created_at
    assert before <= audit.created_at <= datetime.now(UTC)


def test_the_tables_refuse_what_must_never_be(store: Store) -> None:
    audit = store.create_audit("Autumn", FRAMEWORK)
    rating = "INSERT INTO rating (audit_id, outcome_id, level, unsure) VALUES"
    with closing(database.connect(store.file)) as connection:
        for statement in (
            f"{rating} ('{audit.id}', 'A1', 5, 0)",
            f"{rating} ('{audit.id}', 'A1', 0, 0)",
            f"{rating} ('{audit.id}', 'A1', 3, 1)",
            f"{rating} ('{audit.id}', 'A1', NULL, 2)",
            f"{rating} ('nobody', 'A1', 3, 0)",
            "UPDATE audit SET name = ''",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)


def test_what_was_saved_survives_a_power_cut(store: Store) -> None:
    with closing(database.connect(store.file)) as connection:
        settings = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        }
    # 2 is FULL: a commit waits until the disk has it.
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "secure_delete": 1,
    }


def test_a_full_disk_is_said_in_one_sentence(store: Store) -> None:
    audit = store.create_audit("Autumn", FRAMEWORK)
    with pytest.raises(StoreProblem, match=r"^There is no space left on the disk .*free some space, then try again\.$"):
        _write_too_much(store)
    assert store.audits() == (audit,)


def _write_too_much(store: Store) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1")  # SQLite's own way to be full
        connection.exec_driver_sql("UPDATE audit SET framework_id = hex(zeroblob(1000000))")


def test_a_file_that_vanished_is_not_made_anew(store: Store) -> None:
    store.file.unlink()
    with pytest.raises(StoreProblem, match="cannot be opened"):
        store.create_audit("Autumn", FRAMEWORK)
    assert not store.file.exists()


def test_opening_needs_neither_alembic_nor_pydantic(store: Store) -> None:
    code = (
        "import sys, pathlib; from senco_kit.store import open_store; "
        "store = open_store(pathlib.Path(sys.argv[1])); store.create_audit('Autumn', 'x'); "
        "print(sorted({'alembic', 'pydantic', 'sqlalchemy.orm', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(store.file.parent)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_change_that_breaks_off_half_way_leaves_nothing(store: Store) -> None:
    before = store.create_audit("Autumn", FRAMEWORK)
    with pytest.raises(ZeroDivisionError):
        _break_off(store)
    assert store.audits() == (before,)


def _break_off(store: Store) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE audit SET name = 'half done'")
        raise ZeroDivisionError
