"""The words and figures that the Word and the Excel report of a provision map share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from senco_kit import in_figures
from senco_kit.in_figures import pounds
from senco_kit.reports.words import counted, facts_behind
from senco_kit.standards import read
from senco_kit.standards.model import Duty

if TYPE_CHECKING:
    from senco_kit.reports.provision_figures import ProvisionFigures

#: What stands where a figure does not exist, and where it is hidden.
NONE: Final = "–"
HIDDEN: Final = "c"

TOO_FEW: Final = "Too few pupils, here or in a provision beside it, to show figures to others."
BY_ROLE: Final = "Your file names roles, not adults. Each row adds up everyone in that role."
KEEP_IT_SAFE: Final = (
    "For use in the school: rows about single pupils and adults are in it. To others, give the version for others."
)

NO_THRESHOLD: Final = (
    "The notional SEN budget and the threshold are for mainstream schools, so they are not shown for a special school."
)
OUR_RATES: Final = (
    "Where no hourly cost was given, the kit used its own estimate from 2025 pay, which is to be checked with your "
    "payroll."
)

#: How far the figures can be trusted, in sentences.
HOW_SURE: Final = (
    "An effect is an estimate. The 95% interval says how far chance alone could have moved it. Where it holds 0, the "
    "provision may have done nothing, or may have worked a little.",
    "The comparison is with similar pupils of the school without the provision. Pupils are chosen for reasons that "
    "data do not hold, so a difference is no proof of a cause.",
    "Part of a low score is often bad luck, so the next score tends to be higher, with or without help. The comparison "
    "allows for that; a plain gain from entry to exit does not.",
    "A provision that was not delivered has not been tried. Look at the sessions before you judge the effect.",
    "Fewer than 5 pupils never support a decision here, and an effect on a test is not all that a provision is for. "
    "Ask pupils, parents and staff as well.",
    "Costs follow the hours planned, the hourly cost of the adult and the resources; preparation is shown apart.",
    "“Keep”, “adapt” and “stop” are suggestions by a rule. They are not the school's decision.",
    "If an EHC plan names a provision (section F), do not stop or cut it because of this report: raise it at the "
    "annual review with the parents and the local authority. For SEN support, decide at a review with the pupil and "
    "parents.",
)


def how_sure(invented: bool) -> tuple[str, ...]:
    """`HOW_SURE`, with how often the decisions were right on schools whose truth is known."""
    from senco_kit.provision import trust

    return (*HOW_SURE, trust.how_far(20), *(() if invented else (trust.IN_A_REAL_SCHOOL,)))


_THRESHOLD_FACTS = (
    "notional-sen-threshold",
    "notional-sen-indicative",
    "notional-sen-no-allocation",
    "notional-sen-not-codes",
)


def whose(figures: ProvisionFigures) -> str:
    """What stands at the head of every page and sheet: whether the school is invented, and for whom the report is."""
    if figures.invented:
        return "INVENTED SCHOOL: no real pupils"
    return "For others: small counts hidden" if figures.for_others else "Pupil data: for use in the school only"


def text(value: Any) -> str:
    """A value as text; empty where it is missing. Whole numbers have no decimals."""
    if value is None or value != value or type(value).__name__ == "NAType":
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def begun(value: Any) -> str:
    """A text with a capital at its beginning and otherwise as it is.

    >>> begun("notional SEN")
    'Notional SEN'
    """
    said = text(value)
    return said[:1].upper() + said[1:]


def number(value: Any) -> float | None:
    """A number from a frame; None where it is missing."""
    if value is None or type(value).__name__ == "NAType":
        return None
    found = float(value)
    return found if math.isfinite(found) else None


def count(value: Any, decimals: int = 0) -> str:
    """A count or a number of hours; "c" stays as it is, a dash stands for a missing one."""
    if value == HIDDEN:
        return HIDDEN
    found = number(value)
    return NONE if found is None else f"{found:,.{decimals}f}"


def money(value: Any) -> str:
    """Pounds, or a dash where there is no sum."""
    found = number(value)
    return NONE if found is None else pounds(found)


def percent(value: Any) -> str:
    """A share in whole per cent; a dash where there is none."""
    found = number(value)
    return NONE if found is None else in_figures.percent(found)


def year_name(year: str) -> str:
    """A year group as the head of a narrow column."""
    return year if year in {"R", "Total"} else f"Y{year}"


def counted_how(figures: ProvisionFigures) -> str:
    """How pupils are counted on the map: for others so that no total gives away who is in two provisions."""
    if figures.for_others:
        return "A pupil in two provisions is counted in each, so totals count places."
    return "A pupil in two kinds of provision is counted in each, so totals of all kinds count places."


def pupil_name(row: Mapping[Any, Any]) -> str:
    """What a pupil is called: the code that a school gave in its own file, else the number in an invented school."""
    return text(row.get("code")) or text(row["pupil_id"])


def cell_of_map(figures: ProvisionFigures, area: str, tier: str) -> str:
    """What one cell of the map says: how many provisions, for how many pupils, at what cost; "c" where hidden."""
    if (area, tier) not in figures.costs.index:
        return NONE
    row: Any = figures.costs.loc[(area, tier), :]
    pupils = figures.places["Total"].get((area, tier), 0)
    said = counted(int(row["provisions"]), "provision", "provisions")
    if pupils == HIDDEN:
        return f"{said}\npupils: {HIDDEN}"
    costs = f"cost: {HIDDEN}" if row["is_hidden"] else money(row["cost"])
    return f"{said}\n{counted(int(pupils), 'pupil', 'pupils')}\n{costs}"


def who_and_how_often(row: Mapping[str, Any], *, is_hidden: bool = False) -> str:
    """For how many, by whom and how often, on three lines; without the number of pupils where it is hidden."""
    lines = [f"{HIDDEN} pupils" if is_hidden else counted(int(row["pupils"]), "pupil", "pupils")]
    size = number(row["group_size"])
    if size is not None:
        lines[0] += ", one to one" if size == 1 else f" in groups of {size:.0f}"
    if text(row["role"]):
        lines.append(text(row["role"]))
    sessions, minutes, weeks = (number(row[name]) for name in ("sessions_per_week", "minutes", "weeks"))
    if None not in (sessions, minutes, weeks):
        times = "once" if sessions == 1 else f"{sessions:g} times"
        lines.append(f"{times} a week, {minutes:g} minutes, {weeks:g} weeks")
    return "\n".join(lines)


def threshold_counts(figures: ProvisionFigures) -> str:
    """How many pupils with SEN have provision on this map that costs more than the threshold."""
    over, total = figures.over["over"], figures.over["Total"]
    if over == HIDDEN:
        return f"Pupils with SEN whose provision on this map costs more: {HIDDEN} (too few to show)."
    among = "" if total == HIDDEN else f" of {total} pupils with SEN"
    return (
        f"On this map the provision of {over}{among} costs more, preparation included. Support in class, and services "
        "that are not on the map, come on top."
    )


def threshold_facts(made_on: date) -> tuple[float, list[str]]:
    """The threshold in pounds, and the facts behind it with their sources."""
    facts = read.facts()
    return float(str(facts[_THRESHOLD_FACTS[0]].value)), facts_behind(Duty("", _THRESHOLD_FACTS), facts, made_on)
