"""Staff and training in Excel: the template, all of it going out, a workbook coming in."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Answer, Download, GoTo, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.work import work
from senco_kit.planning.model import Cycle
from senco_kit.reports.words import counted

if TYPE_CHECKING:
    from senco_kit.provision.own_data.mistakes import Mistakes

_FILE, _TEMPLATE = "staff-and-training.xlsx", "staff-and-training-template.xlsx"


def page(cycle: Cycle, mistakes: Mistakes | None = None) -> View:
    """What can be done with Excel, and what is wrong with a file that was just chosen."""
    from senco_kit.reports import planning_training_excel as excel

    html = draw(
        "leading/staff_excel.html",
        cycle=cycle,
        mistakes=mistakes,
        problems=excel.problems(cycle),
        has_staff=bool(cycle.of("staff")),
    )
    return View("Staff and training in Excel", html, focus="mistakes-box" if mistakes else "")


def template() -> Download:
    """The empty template."""
    from senco_kit.reports import planning_training_excel as excel

    return _download(_TEMPLATE, excel.template())


def export(cycle: Cycle) -> Answer:
    """All staff and training, if they can come in again as they are."""
    from senco_kit.reports import planning_training_excel as excel

    if excel.problems(cycle):
        raise Refused("Something has to be put right first. Open “Excel in and out” again: it says what.")
    return _download(_FILE, excel.workbook(cycle))


def _download(name: str, data: bytes) -> Download:
    from senco_kit.reports.planning_training_excel import MEDIA_TYPE

    return Download(name, MEDIA_TYPE, data, f"{name} is made. Look in your browser's downloads.")


def take(cycle: Cycle, data: bytes) -> Answer:
    """Bring a workbook in; when anything is wrong in it, say all of it and keep nothing."""
    from senco_kit.provision.own_data.mistakes import Mistakes
    from senco_kit.reports import planning_training_excel as excel

    try:
        brought = excel.read(data, [each.text("label") for each in cycle.of("staff")])
    except Mistakes as wrong:
        return page(cycle, wrong)
    changes = excel.changes(cycle, brought, lambda: secrets.token_hex(16))
    with work() as store:
        store.cycles.add_many(cycle.id, changes.new, changes.changed)
    staff = sum(1 for each in changes.new if each.kind == "staff")
    trainings = counted(len(changes.new) - staff, "training", "trainings")
    answers = counted(changes.answers, "answer", "answers")
    return GoTo(f"{cycle.id}/staff", f"Your file is in: {staff} staff and {trainings} added, {answers} changed.")
