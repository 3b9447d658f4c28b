"""The person's own data on the provision map page: templates, reading a file, keeping it, forgetting it."""

from __future__ import annotations

from collections.abc import Mapping

from senco_kit.forms.check import Refused, check
from senco_kit.forms.fields import ShortText
from senco_kit.forms.screen import Answer, Download, GoTo, View
from senco_kit.pages import provision_map_start as start
from senco_kit.pages.drawing import draw
from senco_kit.pages.provision_map_data import (
    KEPT,
    OWN,
    OpenSchool,
    OpenSchools,
    kept_schools,
    kind_of_file,
    plans_key_of,
    read_own,
)
from senco_kit.pages.work import work

_NAME = ShortText(
    name="name",
    label="A name for this data",
    hint="For example “Provision, autumn 2026”. No pupil's name.",
    required=True,
    longest=100,
)


def template(kind: str) -> Download:
    """The empty template as an Excel workbook or as a zip of CSV files."""
    from senco_kit.provision import own_data

    if kind == "excel":
        name, media = "provision-map-template.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        data = own_data.template_excel()
    else:
        name, media, data = "provision-map-template.zip", "application/zip", own_data.template_csv()
    return Download(name, media, data, f"{name} is made. Look in your browser's downloads.")


def take(schools: OpenSchools, data: bytes) -> Answer:
    """Read a file into memory; when anything is wrong in it, say all of it and keep nothing."""
    from senco_kit.provision.own_data import Mistakes

    try:
        opened = read_own(data)
    except Mistakes as wrong:
        return start.choose(schools, mistakes=wrong)
    schools.own = opened
    return GoTo(OWN, "Your file is read. It is in this page's memory only.")


def keep_question(school: OpenSchool) -> View:
    """The question whether to keep own data on this computer."""
    if school.key != OWN:
        raise Refused("This data is not in memory only, so there is nothing to keep.")
    return _keep_form(school, "", "")


def _keep_form(school: OpenSchool, typed: str, error: str) -> View:
    html = draw("provision_map/keep.html", school=school, name=_NAME, typed=typed, error=error)
    return View("Keep this data?", html, focus="errors" if error else "")


def keep(schools: OpenSchools, values: Mapping[str, str]) -> Answer:
    """Keep own data on this computer, because the person says so."""
    school = schools.open(OWN)
    name = values.get("name", "")
    try:
        check(_NAME, name)
    except Refused as refusal:
        return _keep_form(school, name, str(refusal))
    with work() as store:
        kept = store.own_schools.keep(name, kind_of_file(school.file), school.file)
    schools.forget(OWN)
    return GoTo(f"{KEPT}{kept.id}", "Your data is kept on this computer.")


def delete_question(key: str) -> View:
    """The question before kept data is deleted."""
    about = next((each for each in kept_schools() if each["key"] == key), None)
    if about is None:
        raise Refused("This data is not kept here, so there is nothing to delete.")
    return View("Delete this data?", draw("provision_map/delete.html", about=about))


def delete(schools: OpenSchools, key: str) -> Answer:
    """Delete kept data, with its plans unless the same file is kept twice."""
    school_id = key.removeprefix(KEPT)
    with work() as store:
        plans_key = plans_key_of(store.own_schools.data(school_id))
        others = [each.id for each in store.own_schools.all() if each.id != school_id]
        if not any(plans_key_of(store.own_schools.data(other)) == plans_key for other in others):
            for plan in store.scenarios.all(plans_key):
                store.scenarios.delete(plan.id)
        # Last, because it may end with a sentence on a backup that could not be changed.
        schools.forget(key)
        store.own_schools.delete(school_id)
    return GoTo("", "The data is deleted, and its plans with it.")
