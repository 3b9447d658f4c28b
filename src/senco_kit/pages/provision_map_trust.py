"""How the provision map works things out, and how often its decisions were right where the truth is known."""

from __future__ import annotations

from collections.abc import Mapping
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
    "teaching-not-pupils": "A class whose teaching needs help",
    "attached-adult": "An adult with one pupil all day",
    "training-gap": "A gap in training",
    "wrong-group": "Money spent on another group",
}
#: Shares of fewer provisions than this say nothing.
_FEWEST = 20
_TRUTHS = {"works": "Truly worth having", "a little": "Truly helped a little", "nothing": "Truly did nothing"}


def how_sure(school: OpenSchool) -> View:
    """The method, its limits, and how often it was right."""
    from senco_kit.provision.verdict import Rule

    html = draw("provision_map/how_sure.html", school=school, rule=Rule(), **_measured())
    return View("How sure?", html)


def how_far(both_scores: int) -> str:
    """How far to trust a decision on a provision of this size, in two sentences; "" when it has not been measured."""
    from senco_kit.provision import trust

    try:
        return trust.how_far(both_scores)
    except (OSError, KeyError):  # no figures yet, or none for provisions of this size
        return ""


def _measured() -> dict[str, Any]:
    from senco_kit.provision import trust

    if not trust.TRUST.is_file():
        return {"decisions": [], "kinds": [], "schools": ""}
    figures = trust.figures()
    rows = sorted(figures["decisions"], key=lambda row: (list(_TRUTHS).index(row["truth"]), -int(row["pupils"][:2])))
    return {
        "schools": figures.get("schools", ""),
        "decisions": [_decision_row(row) for row in rows if row["provisions"] >= _FEWEST],
        "kinds": [_kind_row(row) for row in figures["kinds"] if row["planted"]],
    }


def _decision_row(row: Mapping[str, Any]) -> list[str]:
    said = [percent(row[decision] / row["provisions"]) for decision in DECISIONS]
    naive = percent(row["naive_works"] / row["provisions"])
    return [_TRUTHS[row["truth"]], row["pupils"], f"{row['provisions']:,}", *said, naive]


def _kind_row(row: Mapping[str, Any]) -> list[str]:
    false = f"in {row['schools_with_false']:,} schools" if "schools_with_false" in row else "see above"
    naive = percent(row["naive_found"] / row["planted"]) if "naive_found" in row else "does not look"
    name = _PLANTED.get(row["kind"], row["kind"])
    return [name, str(row["phase"]), f"{row['planted']:,}", percent(row["found"] / row["planted"]), naive, false]
