"""The invented schools page: what they are, what each holds, how to make one, how like England they are.

Places of the page: nothing; PACKAGE (one of datasets/, with what each field means); `make`; `likeness`; `how-made`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Answer, Download, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.kit_page import KitPage
from senco_kit.pages.provision_map_data import PHASE_NAMES, YEARS_OF
from senco_kit.pages.provision_map_start import MAKE_FIELDS, USUAL_ANSWERS, order_typed
from senco_kit.schools import package
from senco_kit.schools.files import DESCRIPTION, PackageProblem
from senco_kit.schools.keys import order_of

if TYPE_CHECKING:
    from senco_kit.schools.likeness import Likeness


class InventedSchoolsPage(KitPage):
    """Where invented schools are explained, looked into and downloaded."""

    title = "Invented schools"
    way_on = "Invented schools"

    def show(self, where: str) -> View:
        """One place of the page."""
        match [part for part in where.split("/") if part]:
            case []:
                html = draw("invented_schools/start.html", packages=_packages())
                return View("Invented schools", html)
            case ["make"]:
                return _make_form({}, {})
            case ["likeness"]:
                return _likeness()
            case ["how-made"]:
                return View("How they are made", draw("invented_schools/how_made.html"))
            case [name] if name in package.PACKAGES:
                return _dictionary(name)
            case _:
                raise Refused("There is no such place on this page.")

    def press(self, action: str, values: Mapping[str, str]) -> Answer:
        """Download one of the packages, or make a school and download it."""
        match action:
            case "download":
                return _download(values.get("package", ""))
            case "make":
                return _make(values)
            case _:
                return super().press(action, values)


def _packages() -> list[dict[str, Any]]:
    return [
        {"name": name, "title": PHASE_NAMES[order.phase], "pupils": f"{order.pupils:,}", "years": YEARS_OF[order.phase]}
        for name, order in package.PACKAGES.items()
    ]


@cache
def likenesses() -> tuple[Likeness, ...]:
    """Published figures beside those of 100,000 invented pupils, made for this: it takes two seconds or so."""
    from senco_kit.schools.likeness import measure

    return tuple(measure())


def _likeness() -> View:
    """The picture and the table of likeness."""
    from senco_kit.charts.likeness_chart import grouped, likeness_chart

    rows = likenesses()
    pupils = max(row.pupils for row in rows)
    html = draw(
        "invented_schools/likeness.html",
        rows=rows,
        bounded=[(row, *_bounds(row, group.unit)) for group in grouped(rows) for row in group.rows],
        picture=likeness_chart(rows),
        pupils=pupils,
    )
    return View("How like England?", html)


def _bounds(row: Likeness, unit: str) -> tuple[float, float]:
    """The interval of an invented figure as it is shown: no figure lies below 0, and no share above 100%."""
    most = 100.0 if unit == "%" else math.inf
    return max(row.low, 0.0), min(row.high, most)


def _described(name: str) -> dict[str, Any]:
    try:
        text = (package.DATASETS / name / DESCRIPTION).read_text(encoding="utf-8")
        described: dict[str, Any] = json.loads(text)
    except (OSError, ValueError) as problem:
        raise Refused("This school's files are not there. Run `senco build` to make them again.") from problem
    return described


def _dictionary(name: str) -> View:
    """What a package holds, table by table and field by field."""
    about = next(each for each in _packages() if each["name"] == name)
    html = draw("invented_schools/dictionary.html", about=about, tables=_described(name)["resources"])
    return View(f"{about['title']}, invented", html)


def _download(name: str) -> Download:
    try:
        data = package.download(name)
    except PackageProblem as problem:
        raise Refused(str(problem)) from problem
    return _zip(f"INVENTED-{name}.zip", data)


def _zip(file_name: str, data: bytes) -> Download:
    says = f"{file_name} is made. Look in your browser's downloads. Nothing in it is real."
    return Download(file_name, "application/zip", data, says)


def _make_form(values: Mapping[str, str], errors: Mapping[str, str]) -> View:
    html = draw("invented_schools/make.html", fields=MAKE_FIELDS, values=USUAL_ANSWERS | dict(values), errors=errors)
    return View("Make an invented school", html, focus="errors" if errors else "")


def _make(values: Mapping[str, str]) -> Answer:
    key, errors = order_typed(values)
    if errors:
        return _make_form(values, errors)
    order = order_of(key)
    assert order is not None
    return _zip(f"INVENTED-{key}.zip", package.download_made(order))
