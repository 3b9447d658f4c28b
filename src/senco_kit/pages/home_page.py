"""The home page: the course and the five headings with what was done, where the work is kept, what can be done with it.

Places of the page: nothing, `delete` (the question before everything is deleted), `backups`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from senco_kit import places
from senco_kit.audit.profile import profile
from senco_kit.days import in_words
from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Answer, Download, GoTo, View
from senco_kit.pages.course_progress import progress
from senco_kit.pages.drawing import draw
from senco_kit.pages.kit_page import KitPage
from senco_kit.pages.leading_plan_words import Progress, progress_of
from senco_kit.pages.work import known_outcomes, latest, said_on_screen, work
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.progress import due_in_words, due_reviews
from senco_kit.standards import read
from senco_kit.standards.model import SPINE
from senco_kit.store import StoreProblem, backups, delete_everything, start_afresh, use_backup


class HomePage(KitPage):
    """Where a person starts, and where their work as a whole is looked after."""

    title = "Home"
    way_on = "Home"

    def show(self, where: str) -> View:
        """The start, the backups, or the question before deleting."""
        try:
            with work() as store:
                audits, course, cycles = store.audits(), progress(store), store.cycles.all()
        except Refused as refusal:
            return View("Home", draw("home/problem.html", says=str(refusal), backups=_newest_backups()))
        match where.strip("/"):
            case "delete":
                return View(
                    "Delete all my work?",
                    draw("home/delete.html", audits=audits, cycles=cycles, folder=places.work_folder()),
                )
            case "backups":
                return View(
                    "Backups", draw("home/backups.html", backups=_newest_backups(), folder=places.work_folder())
                )
        spine = read.framework(SPINE)
        audit = latest(audits, SPINE)
        html = draw(
            "home/home.html",
            course=course,
            spine=spine,
            audit=audit,
            newest=max(audits, key=lambda each: each.changed_at, default=None),
            audits=audits,
            profiles=profile(audit, spine) if audit else (),
            due=_due(cycles),
            cycles=cycles,
            folder=places.work_folder(),
        )
        return View("Home", html)

    def press(self, action: str, values: Mapping[str, str]) -> Answer:
        """Download, bring back or delete the work as a whole."""
        match action:
            case "download-all":
                return _download_all()
            case "use-backup":
                return _use_backup(values.get("path", ""))
            case "start-afresh":
                with said_on_screen():
                    start_afresh()
                return GoTo("", "You begin with an empty file. The old one is kept in the same folder.")
            case "delete-all":
                if values.get("sure") != "yes":
                    raise Refused("Tick the box to say that you are sure. Nothing was deleted.")
                with said_on_screen():
                    delete_everything()
                return GoTo("", "All your work is deleted.", forget=True)
            case _:
                return super().press(action, values)

    def take_file(self, action: str, data: bytes) -> Answer:
        """Read in a file of work that this kit wrote, here or on another computer."""
        from senco_kit.store.portable import import_work

        with work() as store:
            result = import_work(store, data, known_outcomes())
        return GoTo("", result.sentence)


def _due(cycles: Iterable[Cycle]) -> list[tuple[Cycle, Record, str, Progress]]:
    """The reviews of objectives that are due: cycle, objective, when in words, how far it was."""
    today = date.today()
    return [
        (cycle, objective, due_in_words(day, today), progress_of(cycle, objective))
        for cycle, objective, day in due_reviews(cycles, today)
    ]


def _newest_backups() -> tuple[object, ...]:
    try:
        return tuple(backups())
    except StoreProblem:
        return ()


def _download_all() -> Download:
    from senco_kit.store.portable import export_work

    with work() as store:
        data, kept = export_work(store), store.own_schools.all()
    name = f"senco-work-{date.today().isoformat()}.json"
    says = f"{name} is made. Look in your browser's downloads, and keep it safe."
    if kept:
        says += " It holds the school data that you kept: guard it as you guard that data."
    return Download(name, "application/json", data, says)


def _use_backup(path: str) -> Answer:
    chosen = next((each for each in backups() if each.path == Path(path)), None)
    if chosen is None:
        raise Refused("That backup is no longer there. Reload the page and choose another.")
    with said_on_screen():
        use_backup(chosen.path)
    return GoTo(
        "",
        f"The backup of {in_words(chosen.made_at)}, {chosen.made_at.astimezone():%H:%M}, is in use. "
        "What was there before is kept beside it, in the same folder.",
    )
