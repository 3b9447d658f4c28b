"""How the provision map works things out, and how often its suggestions were right where the truth is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from senco_kit.forms.screen import View
from senco_kit.pages.drawing import draw
from senco_kit.pages.provision_map_data import OpenSchool
from senco_kit.pages.provision_map_words import DECISIONS, percent

#: What each planted truth is called in the table.
_PLANTED = {
    "does-nothing": "A provision that does nothing",
    "under-delivered": "A provision that works but was seldom given",
    "chosen-on-low-score": "Pupils chosen for one low score",
    "cost-outlier": "A provision that costs too much",
    "under-identified": "A group recorded too seldom",
    "over-identified": "A group recorded too often",
    "absence-explains": "Absence explains low scores",
    "teaching-not-pupils": "A class where whole-class teaching is the better place to look",
    "attached-adult": "An adult with one pupil all day",
    "training-gap": "A gap in training",
    "wrong-group": "Money spent on another group",
}
_TRUTHS = {"works": "Truly worth having", "a little": "Truly helped a little", "nothing": "Truly did nothing"}


def how_sure(school: OpenSchool) -> View:
    """The method, its limits, and how often it was right."""
    from senco_kit.provision.verdict import Rule

    html = draw("provision_map/how_sure.html", school=school, rule=Rule(), **_measured())
    return View("How sure?", html)


def _measured() -> dict[str, Any]:
    from senco_kit.provision import trust

    figures = trust.figures()
    missed = next(row for row in figures["decisions"] if (row["truth"], row["pupils"]) == ("works", "5 to 9"))
    rows = sorted(figures["decisions"], key=lambda row: (list(_TRUTHS).index(row["truth"]), -int(row["pupils"][:2])))
    return {
        "missed_by_average_gain": percent(1 - missed["naive_works"] / missed["provisions"]),
        "girls": _planted_and_found(figures["kinds"], "girls with autism"),
        "in_a_real_school": trust.IN_A_REAL_SCHOOL,
        "decisions": [_decision_row(row) for row in rows if row["provisions"] >= trust.FEWEST_PROVISIONS],
        "kinds": [_kind_row(row) for row in figures["kinds"] if row["planted"]],
    }


def _planted_and_found(kinds: Iterable[Mapping[str, Any]], group: str) -> tuple[int, int]:
    """In how many schools, of all phases, this group was recorded too seldom, and in how many the page said so."""
    groups = [row.get("by_group", {}).get(group, {}) for row in kinds if row["kind"] == "under-identified"]
    return sum(each.get("planted", 0) for each in groups), sum(each.get("found", 0) for each in groups)


def _decision_row(row: Mapping[str, Any]) -> list[str]:
    said = [percent(row[decision] / row["provisions"]) for decision in DECISIONS]
    naive = percent(row["naive_works"] / row["provisions"])
    return [_TRUTHS[row["truth"]], row["pupils"], f"{row['provisions']:,}", *said, naive]


def _kind_row(row: Mapping[str, Any]) -> list[str]:
    false = f"in {row['schools_with_false']:,} schools" if "schools_with_false" in row else "see above"
    naive = percent(row["naive_found"] / row["planted"]) if "naive_found" in row else "does not look"
    name = _PLANTED.get(row["kind"], row["kind"])
    return [name, str(row["phase"]), f"{row['planted']:,}", percent(row["found"] / row["planted"]), naive, false]
