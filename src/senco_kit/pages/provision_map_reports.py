"""The reports of the provision map: Word and Excel for the person's own use, and a version for others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Download, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.provision_map_data import OpenSchool


def report(school: OpenSchool) -> View:
    """The choice of reports."""
    return View("Report", draw("provision_map/report.html", school=school))


def download(school: OpenSchool, values: Mapping[str, str]) -> Download:
    """The map as Word or Excel; `for=others` hides small counts."""
    # Reports bring large libraries with them, so they are imported when one is asked for.
    from senco_kit import reports

    today, for_others = date.today(), values.get("for") == "others"
    # The name of a file travels further than the file, so it says what and when, and not whose.
    name = f"provision-map-{today.isoformat()}{'-for-others' if for_others else ''}"
    if school.invented:
        name = f"INVENTED-{name}"
    match values.get("as"):
        case "word":
            data = reports.provision_word(school.data, today, for_others=for_others)
            kind, name = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", f"{name}.docx"
        case "excel":
            data = reports.provision_excel(school.data, today, for_others=for_others)
            kind, name = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", f"{name}.xlsx"
        case _:
            raise Refused("Choose Word or Excel.")
    return Download(name, kind, data, f"{name} is made. Look in your browser's downloads.")
