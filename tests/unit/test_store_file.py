"""The file that holds the work: made ready, checked, copied, brought back, deleted; harmed by nothing."""

from __future__ import annotations

import errno
import os
import random
import sqlite3
import sys
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, create_engine
from sqlalchemy.pool import NullPool

from senco_kit import store as room
from senco_kit.audit.model import Action, Evidence, Rating, SelfAudit
from senco_kit.store import Store, StoreProblem, copies, database, open_store, prepare, rows, tables
from senco_kit.store.problems import plain_words

SECRET = "Jörg's note, which nobody else reads"

# The tables as first released, as SQLite tells them. Never edited: work that was begun with them must open for ever.
FIRST_SCHEMA = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
CREATE TABLE audit (
    id VARCHAR(32) NOT NULL, name VARCHAR(200) NOT NULL, framework_id VARCHAR(100) NOT NULL, started_from VARCHAR(32),
    created_at DATETIME NOT NULL, changed_at DATETIME NOT NULL, PRIMARY KEY (id),
    CONSTRAINT audit_name_length CHECK (length(name) BETWEEN 1 AND 200));
CREATE TABLE rating (
    audit_id VARCHAR(32) NOT NULL, outcome_id VARCHAR(100) NOT NULL, level INTEGER,
    unsure BOOLEAN DEFAULT 0 NOT NULL, matters_now BOOLEAN DEFAULT 0 NOT NULL, note TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (audit_id, outcome_id),
    CONSTRAINT rating_level CHECK (level BETWEEN 1 AND 4),
    CONSTRAINT rating_unsure CHECK (unsure IN (0, 1)),
    CONSTRAINT rating_matters_now CHECK (matters_now IN (0, 1)),
    CONSTRAINT rating_level_or_unsure CHECK (NOT (unsure AND level IS NOT NULL)),
    FOREIGN KEY(audit_id) REFERENCES audit (id) ON DELETE CASCADE);
CREATE TABLE evidence (
    id VARCHAR(32) NOT NULL, audit_id VARCHAR(32) NOT NULL, outcome_id VARCHAR(100) NOT NULL, position INTEGER NOT NULL,
    what TEXT DEFAULT '' NOT NULL, kept_where TEXT DEFAULT '' NOT NULL, dated DATE, PRIMARY KEY (id),
    FOREIGN KEY(audit_id) REFERENCES audit (id) ON DELETE CASCADE);
CREATE INDEX ix_evidence_audit_id ON evidence (audit_id);
CREATE TABLE action (
    id VARCHAR(32) NOT NULL, audit_id VARCHAR(32) NOT NULL, outcome_id VARCHAR(100) NOT NULL, position INTEGER NOT NULL,
    action TEXT DEFAULT '' NOT NULL, success TEXT DEFAULT '' NOT NULL, by_when DATE, with_whom TEXT DEFAULT '' NOT NULL,
    evidence TEXT DEFAULT '' NOT NULL, PRIMARY KEY (id),
    FOREIGN KEY(audit_id) REFERENCES audit (id) ON DELETE CASCADE);
CREATE INDEX ix_action_audit_id ON action (audit_id);
INSERT INTO alembic_version VALUES ('0001');
INSERT INTO audit VALUES ('0123456789abcdef0123456789abcdef', 'Autumn 2026', 'national-award-2009', NULL,
    '2026-09-24 10:42:00.000000', '2026-09-24 10:42:00.000000');
INSERT INTO rating VALUES ('0123456789abcdef0123456789abcdef', 'A1', 3, 0, 1, 'A note');
INSERT INTO evidence VALUES ('00000000000000000000000000000001', '0123456789abcdef0123456789abcdef', 'A1', 0,
    'Minutes', 'Shared drive', '2026-09-24');
INSERT INTO action VALUES ('00000000000000000000000000000002', '0123456789abcdef0123456789abcdef', 'A1', 0,
    'Visit', 'Seen', '2027-05-01', 'Head', 'Log');
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "work"


@pytest.fixture
def store(folder: Path) -> Store:
    assert prepare(folder) is None
    return open_store(folder)


def _fill(store: Store, items: int = 30) -> SelfAudit:
    """One audit with a secret in every place that takes text, written in one go."""
    now = datetime.now(UTC)
    ratings = {
        f"A{number}": Rating(
            f"A{number}", 3, note=f"{SECRET} {number} " * 20, evidence=(Evidence(rows.new_id(), SECRET),)
        )
        for number in range(items)
    }
    actions = tuple(Action(rows.new_id(), outcome_id, SECRET) for outcome_id in ratings)
    audit = SelfAudit(rows.new_id(), "Autumn", "national-award-2009", now, now, None, ratings, actions)
    with store.writing() as connection:
        rows.write(connection, [audit])
    assert store.audit(audit.id) == audit
    return audit


def _fill_the_rest(store: Store) -> None:
    """A secret in every place that takes text and belongs to no audit."""
    store.scenarios.save_change(store.scenarios.create(SECRET, "own").id, "7", "note", SECRET)
    store.own_schools.keep(SECRET, "csv", SECRET.encode())
    store.readings.save("own", "7", SECRET)
    package = {
        "format": "senco-assignment",
        "id": "3-x",
        "school": "s",
        "cohort": "c",
        "title": SECRET,
        "about": SECRET,
        "questions": [],
    }
    kept = store.course.bring_in(package, SECRET.encode())
    store.course.set_learner(kept.id, SECRET)
    store.course.handed_in(kept.id, SECRET)
    store.course.save_answer(kept.work, "q", {"row": SECRET})
    store.course.save_mark(kept.work, "q", {"verdict": "right", "marks": 1, "out_of": 1, "says": [SECRET]}, SECRET)
    store.course.mark_done("3-x", SECRET)
    store.course.set_setting("school", SECRET)


def _is_one_sentence(told: str | None, folder: Path) -> bool:
    assert told is not None
    without_place = told.replace(str(folder), "FOLDER")
    return without_place.endswith(".") and ". " not in without_place and "\n" not in told and told != without_place


def _bytes(folder: Path) -> dict[str, bytes]:
    """Every file that holds work; the -shm beside the database holds none, SQLite makes it to coordinate readers."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("-shm")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.stat().st_size}


def test_the_first_start_makes_a_private_folder_and_an_empty_store(folder: Path) -> None:
    assert prepare(folder) is None
    assert open_store(folder).audits() == ()
    assert not (folder / "backups").exists()
    if os.name == "posix":
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / database.FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_copies_are_private_too(store: Store, folder: Path) -> None:
    _fill(store, 1)
    (folder / database.FILE_NAME).chmod(0o644)  # such as unpacked from an archive
    assert prepare(folder) is None
    store.use_backup(store.backups()[0].path)
    if os.name == "posix":
        assert {path.stat().st_mode & 0o777 for path in folder.rglob("*.sqlite")} == {0o600}


def test_opening_makes_the_store_ready_when_nobody_did(folder: Path) -> None:
    assert open_store(folder).audits() == ()


def test_the_work_folder_is_the_default(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENCO_HOME", str(folder))
    assert prepare() is None
    assert open_store().file == folder / "senco.sqlite"
    assert room.backups() == ()
    room.delete_everything()


def test_any_folder_name_will_do(tmp_path: Path) -> None:
    folder = tmp_path / "50% of Zoë's work? #1 & more"
    assert prepare(folder) is None
    _fill(open_store(folder), 1)
    assert prepare(folder) is None
    assert len(open_store(folder).backups()) == 1


# -- migrations


def test_the_list_of_revisions_is_alembics_own() -> None:
    config = Config()
    config.set_main_option("script_location", "senco_kit.store:migrations")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [database.HEAD]
    assert [step.revision for step in scripts.walk_revisions()][::-1] == list(database.REVISIONS)


def test_the_migrations_make_the_tables_that_the_code_knows(store: Store) -> None:
    with closing(database.connect(store.file)) as connection:
        made = connection.execute("SELECT group_concat(sql) FROM sqlite_master").fetchone()[0]
        engine = create_engine("sqlite://", creator=lambda: connection, poolclass=NullPool)
        with engine.connect() as alembic_connection:
            assert compare_metadata(MigrationContext.configure(alembic_connection), tables.metadata) == []
    checks = [one for table in tables.IN_ORDER for one in table.constraints if isinstance(one, CheckConstraint)]
    assert made.count(" CHECK (") == len(checks)  # Alembic does not compare these
    assert all(str(one.sqltext) in made for one in checks)


def _make_first_schema(folder: Path) -> Path:
    folder.mkdir()
    file = folder / database.FILE_NAME
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(FIRST_SCHEMA)
    return file


def test_work_begun_with_the_first_release_opens(folder: Path) -> None:
    _make_first_schema(folder)
    assert prepare(folder) is None
    (audit,) = open_store(folder).audits()
    assert audit.created_at == datetime(2026, 9, 24, 10, 42, tzinfo=UTC)
    rating = audit.rating("A1")
    assert (rating.level, rating.unsure, rating.matters_now, rating.note) == (3, False, True, "A note")
    assert rating.evidence[0].what == "Minutes"
    assert audit.actions[0].with_whom == "Head"
    assert len(room.backups(folder)) == 1  # made before anything was changed
    before = sqlite3.connect(room.backups(folder)[0].path)
    with closing(before):
        assert before.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)
    store = open_store(folder)
    scenario = store.scenarios.create("Smaller groups", "own")
    assert (store.scenarios.all(), store.own_schools.all(), store.readings.all()) == ((scenario,), (), ())
    assert (store.course.all_answers(), store.course.assignments(), store.course.results()) == ({}, (), {})
    store.use_backup(room.backups(folder)[0].path)  # a copy of the first release comes back as it is now
    assert (store.audits(), store.scenarios.all()) == ((audit,), ())


def test_the_first_migration_makes_the_first_schema(store: Store, folder: Path, tmp_path: Path) -> None:
    first = _make_first_schema(tmp_path / "first")
    told = []
    store.file.unlink()
    database.migrate(store.file, "0001")
    for file in (first, store.file):
        with closing(database.connect(file, "ro")) as connection:
            names = [
                row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
            ]
            told.append({name: connection.execute(f"PRAGMA table_info({name})").fetchall() for name in names})
    assert told[0] == told[1]


def test_an_empty_file_becomes_a_store(folder: Path) -> None:
    folder.mkdir()
    (folder / database.FILE_NAME).touch()
    assert prepare(folder) is None
    assert open_store(folder).audits() == ()


# -- what can be wrong


@pytest.mark.parametrize("harm", ["start", "first page", "middle", "cut", "text"])
def test_a_damaged_file_is_told_and_left_as_it_is(store: Store, folder: Path, harm: str) -> None:
    _fill(store)
    assert prepare(folder) is None
    content = bytearray(store.file.read_bytes())
    middle = len(content) // 8192 * 4096
    if harm == "start":
        content[:16] = b"x" * 16
    elif harm == "first page":
        content[100:160] = b"\xff" * 60
    elif harm == "middle":
        content[middle : middle + 4096] = b"\xa5" * 4096
    elif harm == "cut":
        del content[middle:]
    else:
        content = bytearray(b"These are my notes, not a database.\n" * 200)
    store.file.write_bytes(content)
    before = _bytes(folder)
    told = [prepare(folder) for _ in range(12)]
    assert len(set(told)) == 1
    assert _is_one_sentence(told[0], folder)
    with pytest.raises(StoreProblem, match=r"\.$") as problem:
        open_store(folder)
    assert str(problem.value) == told[0]
    assert _bytes(folder) == before
    assert len(room.backups(folder)) == 1


def test_no_damage_anywhere_gives_more_than_one_sentence(store: Store, folder: Path) -> None:
    _fill(store, 60)
    content = store.file.read_bytes()
    chance = random.Random(2009)
    refused = 0
    for _ in range(60):
        harmed = bytearray(content)
        start = chance.randrange(len(harmed))
        length = chance.choice([1, 16, 512])
        harmed[start : start + length] = chance.randbytes(len(harmed[start : start + length]))
        store.file.write_bytes(harmed)
        try:
            open_store(folder).audits()
        except StoreProblem as problem:
            assert _is_one_sentence(str(problem), folder)  # noqa: PT017 (not every damage can be seen)
            refused += 1
    assert refused > 10


def test_changes_that_only_the_log_holds_are_not_lost_with_a_damaged_file(store: Store, folder: Path) -> None:
    with closing(database.connect(store.file)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM audit").fetchone()  # keeps SQLite from tidying the log away
        audit = _fill(store)
        log = store.file.with_name("senco.sqlite-wal").read_bytes()
        main = store.file.read_bytes()
    assert SECRET.encode() in log
    store.file.write_bytes(main)
    store.file.with_name("senco.sqlite-wal").write_bytes(log)
    assert prepare(folder) is None  # as after a power cut
    assert open_store(folder).audit(audit.id) == audit
    store.file.write_bytes(b"x" * 8192)
    store.file.with_name("senco.sqlite-wal").write_bytes(log)
    told = prepare(folder)
    assert _is_one_sentence(told, folder)
    assert store.file.with_name("senco.sqlite-wal").read_bytes() == log


def test_an_emptied_or_missing_file_is_told_when_there_is_an_earlier_copy(store: Store, folder: Path) -> None:
    audit = _fill(store)
    assert prepare(folder) is None
    for harm in (lambda: store.file.write_bytes(b""), store.file.unlink):
        harm()
        told = prepare(folder)
        assert _is_one_sentence(told, folder)
        assert told is not None
        assert "missing or empty" in told
        assert len(room.backups(folder)) == 1
    room.use_backup(room.backups(folder)[0].path, folder)
    assert open_store(folder).audits() == (audit,)


def test_work_of_a_newer_kit_is_left_as_it_is(store: Store, folder: Path) -> None:
    _fill(store)
    with closing(database.connect(store.file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = _bytes(folder)
    told = prepare(folder)
    assert _is_one_sentence(told, folder)
    assert told is not None
    assert "newer version of the kit" in told
    with pytest.raises(StoreProblem, match="update the kit"):
        open_store(folder)
    assert _bytes(folder) == before


def test_the_database_of_another_program_is_left_as_it_is(folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / database.FILE_NAME)) as connection:
        connection.execute("CREATE TABLE bookmarks (address TEXT)")
    before = _bytes(folder)
    told = prepare(folder)
    assert _is_one_sentence(told, folder)
    assert told is not None
    assert "another program" in told
    assert _bytes(folder) == before


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("I am no folder")
    told = prepare(tmp_path / "file" / "work")
    assert _is_one_sentence(told, tmp_path)
    told = prepare(tmp_path / "file")
    assert _is_one_sentence(told, tmp_path)
    with pytest.raises(StoreProblem):
        open_store(tmp_path / "file")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(store: Store, folder: Path) -> None:
    folder.chmod(0o500)
    told = prepare(folder)
    folder.chmod(0o700)
    assert _is_one_sentence(told, folder)
    store.file.chmod(0o400)
    assert prepare(folder) is None  # the kit's own file in a folder of the person's: made writable again


@pytest.mark.skipif(sys.platform != "linux", reason="a limit on the size of files, as Linux keeps it")
def test_no_space_for_a_copy_is_told_and_harms_nothing(store: Store, folder: Path) -> None:
    import resource
    import signal

    _fill(store)
    before = _bytes(folder)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, limits[1]))
    try:
        told = prepare(folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert _is_one_sentence(told, folder)
    assert room.backups(folder) == ()
    assert not list(folder.rglob("senco-unfinished-*"))
    assert {name: content for name, content in _bytes(folder).items() if name in before} == before
    assert prepare(folder) is None


def test_errors_of_the_file_system_become_one_sentence(folder: Path) -> None:
    for code in (errno.ENOSPC, errno.EROFS, errno.EACCES):
        with pytest.raises(StoreProblem, match="SENCO_HOME") as problem, plain_words(folder / "senco.sqlite"):
            raise OSError(code, os.strerror(code), str(folder))
        assert _is_one_sentence(str(problem.value), folder)


# -- earlier copies


def test_every_start_that_finds_new_work_keeps_a_copy_and_ten_are_kept(store: Store, folder: Path) -> None:
    for number in range(13):
        store.create_audit(f"Audit {number}", "x")
        assert prepare(folder) is None
    kept = store.backups()
    assert [one.audits for one in kept] == list(range(13, 3, -1))
    assert [one.made_at for one in kept] == sorted((one.made_at for one in kept), reverse=True)
    assert kept == room.backups(folder)
    assert len(list((folder / "backups").iterdir())) == 10


def test_idle_starts_push_no_copy_out(store: Store, folder: Path) -> None:
    _fill(store)
    for _ in range(12):
        assert prepare(folder) is None
        open_store(folder).audits()
    assert len(store.backups()) == 1
    for audit in store.audits():
        store.delete_audit(audit.id)
    for _ in range(12):
        assert prepare(folder) is None
    assert [one.audits for one in store.backups()] == [1]


@pytest.mark.parametrize("noun", ["scenario", "own school", "reading", "course"])
def test_work_without_audits_is_copied_too(store: Store, folder: Path, noun: str) -> None:
    if noun == "scenario":
        store.scenarios.create("Smaller groups", "own")
    elif noun == "own school":
        store.own_schools.keep("Mine", "csv", b"x")
    elif noun == "course":
        store.course.mark_done("3-coordinating-provision", "before-break")
    else:
        store.readings.save("own", "7", "keep")
    assert prepare(folder) is None
    assert [one.audits for one in store.backups()] == [0]


def test_a_copy_is_whole_while_another_page_writes(store: Store, folder: Path) -> None:
    audit = _fill(store)
    with closing(database.connect(store.file)) as writer:
        writer.execute("BEGIN")
        writer.execute("UPDATE audit SET name = 'unfinished'")
        copies.back_up(folder)
        writer.execute("ROLLBACK")
    store.rename_audit(audit.id, "Later")
    store.use_backup(store.backups()[0].path)
    assert store.audits() == (audit,)


@pytest.mark.parametrize("harm", [None, b"not a database" * 1000, b""])
def test_going_back_puts_the_present_work_aside(store: Store, folder: Path, harm: bytes | None) -> None:
    audit = _fill(store)
    assert prepare(folder) is None
    store.rename_audit(audit.id, "Later")
    if harm is not None:
        store.file.write_bytes(harm)
    room.use_backup(room.backups(folder)[0].path, folder)
    assert store.audits() == (audit,)  # a page that was open before sees it too
    assert prepare(folder) is None
    (aside,) = folder.glob("senco-put-aside-*")
    if harm is None:
        with closing(database.connect(aside, "ro")) as connection:
            assert connection.execute("SELECT name FROM audit").fetchall() == [("Later",)]
    else:
        assert aside.read_bytes() == harm
    assert not list(folder.rglob("senco-unfinished-*"))


def test_going_back_to_what_is_no_copy_changes_nothing(store: Store, folder: Path, tmp_path: Path) -> None:
    audit = _fill(store)
    assert prepare(folder) is None
    copy = store.backups()[0].path
    for path in (tmp_path / "elsewhere.sqlite", folder / "backups" / "gone.sqlite", store.file):
        with pytest.raises(StoreProblem, match="no longer there"):
            store.use_backup(path)
    copy.write_bytes(copy.read_bytes()[:9000])
    with pytest.raises(StoreProblem, match="damaged"):
        store.use_backup(copy)
    assert store.audits() == (audit,)
    assert not list(folder.glob("senco-put-aside-*"))


def test_a_person_without_a_copy_can_start_afresh(store: Store, folder: Path) -> None:
    store.file.write_bytes(b"x" * 5000)
    assert prepare(folder) is not None
    room.start_afresh(folder)
    assert prepare(folder) is None
    assert open_store(folder).audits() == ()
    (aside,) = folder.glob("senco-put-aside-*.sqlite")
    assert aside.read_bytes() == b"x" * 5000


def test_copies_left_unfinished_are_removed_in_time(store: Store, folder: Path) -> None:
    left = folder / "senco-unfinished-abc"
    left.write_text(SECRET)
    assert prepare(folder) is None
    assert left.exists()  # another start may be making it at this moment
    os.utime(left, (0, 0))
    assert prepare(folder) is None
    assert not left.exists()


# -- deleting


@pytest.mark.parametrize("harm", [False, True])
def test_deleting_everything_leaves_no_text_in_any_file(store: Store, folder: Path, harm: bool) -> None:
    audit = _fill(store)
    _fill_the_rest(store)
    assert prepare(folder) is None
    store.save_rating(audit.id, "A1", "note", SECRET)
    store.use_backup(store.backups()[0].path)
    (folder / "senco-unfinished-abc").write_text(SECRET)
    (folder / "holiday.txt").write_text("not the kit's")
    if harm:
        store.file.write_bytes(SECRET.encode() + store.file.read_bytes()[50:])
    assert any(SECRET.encode() in content for content in _bytes(folder).values())
    room.delete_everything(folder) if harm else store.delete_everything()
    for path in folder.rglob("*"):
        assert not path.is_file() or SECRET[:5].encode() not in path.read_bytes(), path
    assert {path.name for path in folder.iterdir()} - {"senco.sqlite-shm", "senco.sqlite-wal"} == {
        "senco.sqlite",
        "holiday.txt",
    }
    with closing(database.connect(store.file, "ro")) as connection:
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert (store.audits(), store.backups()) == ((), ())
    assert prepare(folder) is None
    assert open_store(folder).create_audit("New", "x").name == "New"


def test_deleting_says_so_when_another_page_reads_the_old_text(store: Store, folder: Path) -> None:
    _fill(store)
    with closing(sqlite3.connect(store.file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM audit").fetchall()
        wait, database.WAIT = database.WAIT, 0.1
        try:
            with pytest.raises(StoreProblem, match="delete once more"):
                store.delete_everything()
        finally:
            database.WAIT = wait
    store.delete_everything()
    assert all(SECRET[:5].encode() not in content for content in _bytes(folder).values())


def test_deleted_text_does_not_stay_in_the_file(store: Store) -> None:
    audit = _fill(store)
    store.delete_audit(audit.id)
    with closing(database.connect(store.file)) as connection, suppress(sqlite3.Error):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert SECRET.encode() not in store.file.read_bytes()
