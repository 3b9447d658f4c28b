"""The start of the course, and the start of one module."""

from __future__ import annotations

from senco_kit.course import read
from senco_kit.forms.screen import View
from senco_kit.pages.course_progress import progress
from senco_kit.pages.drawing import draw
from senco_kit.pages.work import work
from senco_kit.places import NOTEBOOKS
from senco_kit.standards import read as standards
from senco_kit.standards.model import SPINE


def overview() -> View:
    """The five modules with what was done in each, and the assignments of cohorts."""
    with work() as store:
        found = progress(store)
        known = {each.module.id for each in found.modules}
        strays = [each for each in store.course.assignments() if not each.is_own and each.module not in known]
    cohorts = [each for module in found.modules for each in module.assignments if not each.assignment.is_own]
    html = draw("course/overview.html", progress=found, cohorts=cohorts, strays=strays)
    return View("Course", html)


def module(module_id: str) -> View:
    """One module: what one can do afterwards, its sections, its assignment."""
    here = read.module(module_id)
    with work() as store:
        found = next(each for each in progress(store).modules if each.module.id == here.id)
    html = draw(
        "course/module.html",
        module=here,
        progress=found,
        heading=standards.framework(SPINE).headings["ABCDE".index(here.heading)],
        own=found.own,
        cohorts=[each for each in found.assignments if not each.assignment.is_own],
        whole_lesson=_page_is_there(here.id),
        session_notes=here.session is not None and _page_is_there("facilitator"),
    )
    return View(here.title, html)


def _page_is_there(name: str) -> bool:
    return (NOTEBOOKS / f"{name}.ipynb").is_file()
