"""A person's own work: every change is one transaction, kept on disk before the answer is called saved."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects.sqlite import insert

from senco_kit import places
from senco_kit.audit.model import Rating, SelfAudit
from senco_kit.store import answers, copies, database, rows, tables
from senco_kit.store.copies import Backup
from senco_kit.store.course_work import CourseWork
from senco_kit.store.cycles import Cycles
from senco_kit.store.own_schools import OwnSchools
from senco_kit.store.problems import BACKUPS_FOLDER, BadValue, NoLongerThere, StoreProblem, plain_words
from senco_kit.store.readings import Readings
from senco_kit.store.scenarios import Scenarios
from senco_kit.store.work_file import WorkFile, now

_HOUR = 3600.0


def prepare(folder: Path | None = None) -> str | None:
    """Make the work folder ready: check the file, keep a copy of it, bring its tables up to date.

    The server calls it once at its start. Returns None when all is well, else one sentence for the person: what is
    wrong, where, and what to do; the file was then left as it is.
    """
    try:
        _prepare(folder or places.work_folder())
    except StoreProblem as problem:
        return str(problem)
    return None


def _prepare(folder: Path) -> None:
    file = folder / database.FILE_NAME
    with plain_words(file):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _try_to_write(folder)
        database.make_private(file)
    found = database.revision(file)
    if found is None and copies.has_backups(folder):
        raise StoreProblem(
            f"The file that keeps your work is missing or empty ({file}); "
            f"go back to an earlier copy, kept in {folder / BACKUPS_FOLDER}."
        )
    if found is not None:
        copies.back_up(folder)
    if found != database.HEAD:
        database.migrate(file)
    database.check_writable(file)
    copies.tidy(folder, older_than=time.time() - _HOUR)


def _try_to_write(folder: Path) -> None:
    """Raises OSError when files cannot be made in the folder."""
    import tempfile

    with tempfile.TemporaryFile(dir=folder) as trial:
        trial.write(b"x" * 65536)


def open_store(folder: Path | None = None) -> Store:
    """The person's work, made ready first when it is not. Raises StoreProblem when it is damaged or newer."""
    folder = folder or places.work_folder()
    file = folder / database.FILE_NAME
    if database.revision(file) != database.HEAD:
        _prepare(folder)
    return Store(file)


def backups(folder: Path | None = None) -> tuple[Backup, ...]:
    """The earlier copies of the work, newest first; works when the present file is damaged."""
    return copies.backups(folder or places.work_folder())


def use_backup(path: Path, folder: Path | None = None) -> None:
    """Put the present work aside and go back to an earlier copy; works when the present file is damaged.

    Raises StoreProblem, and then the present work stays as it is.
    """
    copies.use_backup(path, folder or places.work_folder())


def start_afresh(folder: Path | None = None) -> None:
    """Put a file that cannot be used aside (kept, not deleted) and begin with an empty one.

    Raises StoreProblem; also when the file can be used, because a page may show a problem that has passed.
    """
    folder = folder or places.work_folder()
    if copies.is_sound(folder / database.FILE_NAME):
        raise StoreProblem("Your work can be opened again, so nothing was put aside; reload the page.")
    copies.put_aside(folder)
    database.migrate(folder / database.FILE_NAME)


def delete_everything(folder: Path | None = None) -> None:
    """Delete all work and all earlier copies for good; works when the file is damaged. Raises StoreProblem."""
    copies.delete_all(folder or places.work_folder())


class Store(WorkFile):
    """The work in one file. Several may be open at once, in one process or in many; none keeps the file open.

    The audits are reached by its own methods, other things by their noun: `store.scenarios`, `store.own_schools`,
    `store.readings`, `store.course`, `store.cycles`. What their methods raise and return is the same, and WorkFile says
    it.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.scenarios = Scenarios(self)
        self.own_schools = OwnSchools(self)
        self.readings = Readings(self)
        self.course = CourseWork(self)
        self.cycles = Cycles(self)

    # -- audits ------------------------------------------------------------------------------------------------

    def audits(self) -> tuple[SelfAudit, ...]:
        """All audits, newest first."""
        with self.reading() as connection:
            return rows.read(connection)

    def audit(self, audit_id: str) -> SelfAudit:
        """The audit with this id."""
        with self.reading() as connection:
            return _the_one(rows.read(connection, audit_id))

    def create_audit(
        self, name: str, framework_id: str, started_from: str | None = None, copy_levels: bool = False
    ) -> SelfAudit:
        """A new audit, kept at once.

        Started from an earlier one of the same framework, it begins with that one's notes, evidence, marks of what
        matters now, and actions; with its levels (and "I don't know yet") only when `copy_levels` is true.
        """
        moment = now()
        new = SelfAudit(rows.new_id(), answers.name(name), answers.short_id(framework_id), moment, moment)
        with self.writing() as connection:
            if started_from is not None:
                earlier = _the_one(rows.read(connection, started_from))
                new = _from_earlier(new, earlier, copy_levels)
            rows.write(connection, [new])
        return new

    def rename_audit(self, audit_id: str, name: str) -> datetime:
        """Give an audit another name."""
        name = answers.name(name)
        with self.writing() as connection:
            moment = _touch(connection, audit_id)
            connection.execute(tables.audit.update().where(tables.audit.c.id == audit_id).values(name=name))
        return moment

    def delete_audit(self, audit_id: str) -> None:
        """Delete an audit with all that belongs to it; harmless when it is gone. Earlier copies still hold it."""
        with self.writing() as connection:
            connection.execute(tables.audit.delete().where(tables.audit.c.id == audit_id))

    # -- one answer at a time ------------------------------------------------------------------------------------

    def save_rating(self, audit_id: str, outcome_id: str, field: str, value: str) -> datetime:
        """Save one answer about one outcome; other fields stay as they are, whoever changed them.

        Fields: "standing" ("1" to "4", "unsure", or "" for cleared), "matters_now" ("yes" or ""), "note".
        """
        columns = answers.rating(field, value)
        key = {"audit_id": audit_id, "outcome_id": answers.short_id(outcome_id)}
        upsert = (
            insert(tables.rating).values(key | columns).on_conflict_do_update(index_elements=list(key), set_=columns)
        )
        with self.writing() as connection:
            moment = _touch(connection, audit_id)
            connection.execute(upsert)
        return moment

    def add_evidence(self, audit_id: str, outcome_id: str, evidence_id: str | None = None) -> str:
        """Add an empty piece of evidence and return its id; the same id again changes nothing."""
        return self._add(tables.evidence, audit_id, outcome_id, evidence_id, {})

    def save_evidence(self, evidence_id: str, field: str, value: str) -> datetime:
        """Save one field of a piece of evidence: "what", "kept_where" or "dated"."""
        return self._save(tables.evidence, evidence_id, answers.evidence(field, value))

    def remove_evidence(self, evidence_id: str) -> datetime:
        """Remove a piece of evidence; harmless when it is gone."""
        return self._remove(tables.evidence, evidence_id)

    def add_action(self, audit_id: str, outcome_id: str, action: str = "", action_id: str | None = None) -> str:
        """Add a line to the action plan and return its id; the same id again changes nothing."""
        return self._add(tables.action, audit_id, outcome_id, action_id, answers.action("action", action))

    def save_action(self, action_id: str, field: str, value: str) -> datetime:
        """Save one field of an action: "action", "success", "by_when", "with_whom" or "evidence"."""
        return self._save(tables.action, action_id, answers.action(field, value))

    def remove_action(self, action_id: str) -> datetime:
        """Remove an action; harmless when it is gone."""
        return self._remove(tables.action, action_id)

    def _add(self, table: Table, audit_id: str, outcome_id: str, row_id: str | None, columns: dict[str, object]) -> str:
        key = answers.row_id(row_id) if row_id else rows.new_id()
        whose = (audit_id, answers.short_id(outcome_id))
        with self.writing() as connection:
            there = connection.execute(select(table.c.audit_id, table.c.outcome_id).where(table.c.id == key)).first()
            if there is None:
                _touch(connection, audit_id)
                last = select(func.coalesce(func.max(table.c.position), -1)).where(table.c.audit_id == audit_id)
                position = connection.scalars(last).one() + 1
                row = {"id": key, "audit_id": audit_id, "outcome_id": whose[1], "position": position}
                connection.execute(table.insert().values(row | columns))
            elif tuple(there) != whose:
                raise BadValue("This row belongs to another item; reload the page, then try again.")
        return key

    def _save(self, table: Table, row_id: str, columns: dict[str, object]) -> datetime:
        key = answers.row_id(row_id)
        change = table.update().where(table.c.id == key).values(columns).returning(table.c.audit_id)
        with self.writing() as connection:
            audit_id = connection.scalars(change).one_or_none()
            if audit_id is None:
                raise NoLongerThere(
                    "This row is no longer here, perhaps it was removed in another tab; reload the page."
                )
            return _touch(connection, audit_id)

    def _remove(self, table: Table, row_id: str) -> datetime:
        removal = table.delete().where(table.c.id == answers.row_id(row_id)).returning(table.c.audit_id)
        with self.writing() as connection:
            audit_id = connection.scalars(removal).one_or_none()
            return _touch(connection, audit_id) if audit_id else now()

    # -- the file as a whole -------------------------------------------------------------------------------------

    def backups(self) -> tuple[Backup, ...]:
        """The earlier copies of the work, newest first."""
        return copies.backups(self.file.parent)

    def use_backup(self, path: Path) -> None:
        """Put the present work aside (kept beside it) and go back to an earlier copy."""
        copies.use_backup(path, self.file.parent)

    def delete_everything(self) -> None:
        """Delete all work and all earlier copies for good; an empty, working store remains."""
        copies.delete_all(self.file.parent)


def _touch(connection: Connection, audit_id: str) -> datetime:
    """Note that the audit changed now. Raises NoLongerThere."""
    moment = now()
    change = tables.audit.update().where(tables.audit.c.id == audit_id).values(changed_at=rows.as_kept(moment))
    if connection.execute(change).rowcount == 0:
        raise _gone()
    return moment


def _the_one(found: tuple[SelfAudit, ...]) -> SelfAudit:
    if not found:
        raise _gone()
    return found[0]


def _gone() -> NoLongerThere:
    return NoLongerThere(
        "This audit is no longer here, perhaps it was deleted in another tab; go back to the list of audits."
    )


def _from_earlier(new: SelfAudit, earlier: SelfAudit, copy_levels: bool) -> SelfAudit:
    if earlier.framework_id != new.framework_id:
        raise BadValue("The earlier audit uses another standard; choose one that uses the same.")
    kept = rows.with_new_ids(earlier)
    ratings = kept.ratings if copy_levels else {key: _without_level(value) for key, value in kept.ratings.items()}
    return replace(new, started_from=earlier.id, ratings=ratings, actions=kept.actions)


def _without_level(rating: Rating) -> Rating:
    return replace(rating, level=None, unsure=False)
