"""The figures of a school that documents show, with small counts hidden so that nobody can work them out.

All documents of a school show parts of the same few tables, so two documents side by side tell no more than one. Three
rules make the tables safe together (small_counts.suppress makes each safe by itself):

1. How many pupils have SEN comes first (`status`): without and with SEN; then, where both are shown, SEN support and
   EHC plans. A school of fewer than `FEWEST_FOR_BREAKDOWNS` pupils gets the first step only.
2. Every other count splits those same groups up (`years`, `needs`, `suspensions`). It is shown only when all the groups
   are shown, and only when its own totals of them stay shown too. Otherwise the table is left out whole.
3. Means and shares (`attendance`, `scores`) are of those groups or of none, each of 5 pupils at least, and rounded.

Why that is enough: the tables have nothing in common but totals that everybody sees. Any way to fill the hidden cells
of one goes with any way to fill those of another, so what `suppress` leaves open in one stays open beside the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from senco_kit.in_figures import known
from senco_kit.reports.provision_words import begun, count, money, percent, who_and_how_often
from senco_kit.schools import codes
from senco_kit.small_counts import HIDDEN, THRESHOLD, TOTAL, is_small, suppress

if TYPE_CHECKING:
    import pandas as pd

    from senco_kit.provision.data import ProvisionData

    Frames = Mapping[str, pd.DataFrame]

#: Smaller schools get fewer tables: in them a year and a need together are soon a child (domain: Wakefield's advice).
FEWEST_FOR_BREAKDOWNS: Final = 100

WITHOUT, WITH, ALL = "Without SEN", "With SEN", "All pupils"
SUPPORT, PLAN = "SEN support", "EHC plan"
_NOT_RECORDED = "Not recorded"
#: What stands below a table in which something is hidden.
HOW_HIDDEN: Final = f"“{HIDDEN}” stands for a count under {THRESHOLD}, or one that would give such a count away."


@dataclass(frozen=True)
class FigureTable:
    """One table as it is shown: every cell is text. `says` tells where its figures come from."""

    id: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    says: str

    @property
    def hides_some(self) -> bool:
        """Whether a cell of it is hidden."""
        return any(HIDDEN in row[1:] for row in self.rows)


@dataclass(frozen=True)
class SchoolFigures:
    """What documents may show of a school. `name` is that of its data; `tables` are by id, those that may be shown."""

    name: str
    invented: bool
    special: bool
    tables: Mapping[str, FigureTable]

    def table(self, table_id: str) -> FigureTable | None:
        """The table, None when it may not be shown or the data do not hold it."""
        return self.tables.get(table_id)


def school_figures(data: ProvisionData, tables: Frames | None = None, name: str = "") -> SchoolFigures:
    """The figures of one school: `tables` are an invented school's own (schools/schema.py), None for own data."""
    status = _status(data)
    groups = _groups(data, status)
    split = set(groups.values()) == {WITHOUT, SUPPORT, PLAN} and _all_open(status)
    large = split and len(data.pupils) >= FEWEST_FOR_BREAKDOWNS
    made = [
        _status_table(status),
        _years(data) if large else None,
        _needs(data) if large else None,
        _suspensions(data, tables) if large else None,
        _attendance(data, groups),
        _scores(data, groups),
        _provisions(data),
        _money(data, plans_open=split),
    ]
    return SchoolFigures(
        name=name or data.name,
        invented=data.invented,
        special=data.special,
        tables={table.id: table for table in made if table is not None},
    )


# ------------------------------------------------------------------------------------------------- who has SEN


def _statuses(data: ProvisionData) -> list[str]:
    """N, K or E of every pupil."""
    return [str(status) for status in data.pupils["SENprovision"].tolist()]


def _status(data: ProvisionData) -> dict[str, int | str]:
    """Rule 1: the groups that are shown and how many pupils are in each, or "c"."""
    has = Counter(_statuses(data))
    support, plan = has["K"], has["E"]
    without = len(data.pupils) - support - plan
    first = _suppressed({WITHOUT: without, WITH: support + plan})
    shown: dict[str, int | str] = {WITHOUT: first[WITHOUT], WITH: first[WITH], ALL: first[TOTAL]}
    if len(data.pupils) < FEWEST_FOR_BREAKDOWNS or HIDDEN in shown.values():
        return shown
    second = _suppressed({SUPPORT: support, PLAN: plan})
    if second[TOTAL] == HIDDEN:  # the first step shows it
        return shown
    return {WITHOUT: shown[WITHOUT], SUPPORT: second[SUPPORT], PLAN: second[PLAN], WITH: shown[WITH], ALL: shown[ALL]}


def _suppressed(counts: Mapping[str, int]) -> dict[str, int | str]:
    import pandas as pd

    hidden = suppress(pd.Series(dict(counts)))
    return {str(name): value if value == HIDDEN else int(value) for name, value in hidden.items()}


def _all_open(status: Mapping[str, int | str]) -> bool:
    return HIDDEN not in status.values()


def _groups(data: ProvisionData, status: Mapping[str, int | str]) -> dict[str, str]:
    """In which of the groups that are shown a pupil with N, K or E is; nothing when even the two are hidden."""
    if not _all_open({name: status[name] for name in (WITHOUT, WITH)}):
        return {}
    if SUPPORT in status and HIDDEN not in (status[SUPPORT], status[PLAN]):
        return {"N": WITHOUT, "K": SUPPORT, "E": PLAN}
    return {"N": WITHOUT, "K": WITH, "E": WITH}


def _status_table(status: Mapping[str, int | str]) -> FigureTable:
    rows = tuple((name, count(value)) for name, value in status.items())
    return FigureTable(
        "status", "Pupils by SEN status", ("Group", "Pupils"), rows, "The school’s data: SEN status of every pupil."
    )


# -------------------------------------------------------------------------------------- counts that split them up


def _split(
    table_id: str, caption: str, first_column: str, data: ProvisionData, row_of: Sequence[str], says: str
) -> FigureTable | None:
    """Rule 2 for pupils with SEN: `row_of` says in which row each is. None when a shared total would be hidden."""
    counts = Counter(zip(row_of, _statuses(data), strict=True))
    with_sen = {row for row, status in counts if status != "N"}
    rows = [row for row in (*codes.YEARS.values(), *codes.SEN_TYPE_NAMES.values(), _NOT_RECORDED) if row in with_sen]
    shown = _with_totals({row: [counts[row, "K"], counts[row, "E"]] for row in rows})
    if not rows or HIDDEN in shown[TOTAL]:
        return None
    body = tuple((WITH if row == TOTAL else row, *map(count, cells)) for row, cells in shown.items())
    return FigureTable(table_id, caption, (first_column, SUPPORT, PLAN, WITH), body, says)


def _with_totals(counts: Mapping[str, list[int]]) -> dict[str, list[int | str]]:
    """The rows with their totals, and the row of totals; "c" stands for what is hidden."""
    import pandas as pd

    if not counts:
        return {TOTAL: []}
    shown = suppress(pd.DataFrame(list(counts.values()), index=list(counts)))
    return {str(name): cells for name, cells in zip(shown.index, shown.to_numpy().tolist(), strict=True)}


def _years(data: ProvisionData) -> FigureTable | None:
    years = [codes.YEARS.get(str(year), _NOT_RECORDED) for year in data.pupils["year_group"].tolist()]
    says = "The school’s data: SEN status and year group of every pupil."
    return _split("years", "Pupils with SEN by year group", "Year", data, years, says)


def _needs(data: ProvisionData) -> FigureTable | None:
    needs = [codes.SEN_TYPE_NAMES.get(str(need), _NOT_RECORDED) for need in data.pupils["SENtype"].tolist()]
    says = "The school’s data: SEN status and main type of need of every pupil."
    return _split("needs", "Pupils with SEN by main need", "Main need", data, needs, says)


def _suspensions(data: ProvisionData, tables: Frames | None) -> FigureTable | None:
    """Pupils suspended at least once; a part of each group, with its total, so rule 2 holds of the rows."""
    if tables is None or "suspensions" not in tables:
        return None
    groups = {"N": WITHOUT, "K": SUPPORT, "E": PLAN}
    suspended = data.pupils["pupil_id"].isin(tables["suspensions"]["pupil_id"])
    counts = Counter(zip(_statuses(data), suspended.tolist(), strict=True))
    shown = _with_totals({name: [counts[status, True], counts[status, False]] for status, name in groups.items()})
    if HIDDEN in [cells[-1] for cells in shown.values()]:
        return None
    return FigureTable(
        "suspensions",
        "Pupils suspended at least once in the school year",
        ("Group", "Suspended", "Pupils"),
        tuple((ALL if name == TOTAL else name, count(yes), count(total)) for name, (yes, _, total) in shown.items()),
        "The school’s data: suspensions of the school year.",
    )


# --------------------------------------------------------------------------------------------- means and shares


def _attendance(data: ProvisionData, groups: Mapping[str, str]) -> FigureTable | None:
    """Rule 3: the mean share of sessions attended, in whole per cent."""
    return _means(
        "attendance",
        "Attendance: mean share of sessions attended",
        {"Attendance": data.pupils["attendance"]},
        data,
        groups,
        percent,
        "The school’s data: sessions attended of those possible, mean of the pupils of each group.",
    )


def _scores(data: ProvisionData, groups: Mapping[str, str]) -> FigureTable | None:
    """Rule 3: the mean of the newest standard scores, of the measures on which at least half the pupils were tested."""
    if data.scores is None or data.scores.empty:
        return None
    place = {term: number for number, term in enumerate(codes.TERMS)}
    scores = data.scores.assign(at=data.scores["last_term"].astype("str").map(place))
    scores["measure"] = scores["measure"].astype("str")
    newest = scores.sort_values("at").drop_duplicates(["pupil_id", "measure"], keep="last")
    wide = newest.pivot(index="pupil_id", columns="measure", values="exit_score")
    by_pupil = wide.reindex(data.pupils["pupil_id"]).set_axis(data.pupils.index)
    return _means(
        "scores",
        "Newest test scores: mean standard score",
        {begun(measure): by_pupil[measure] for measure in codes.MEASURES if _most_tested(by_pupil, measure)},
        data,
        groups,
        lambda mean: count(mean, 1),
        "The school’s data: each pupil’s newest score, mean of the pupils tested in each group.",
    )


def _most_tested(by_pupil: pd.DataFrame, measure: str) -> bool:
    """Whether a mean is of the pupils rather than of those who were worth a closer look."""
    return measure in by_pupil and 2 * int(by_pupil[measure].notna().sum()) >= len(by_pupil)


def _means(
    table_id: str,
    caption: str,
    columns: Mapping[str, pd.Series[Any]],
    data: ProvisionData,
    groups: Mapping[str, str],
    shown: Any,
    says: str,
) -> FigureTable | None:
    """A row for each group with the means of 5 pupils or more; None when there is no mean to show."""
    of = [groups.get(status) for status in _statuses(data)]
    rows = []
    for name in dict.fromkeys(each for each in groups.values() if each in of):
        is_in = [each == name for each in of]
        cells = []
        for values in columns.values():
            there = values[is_in].astype(float).dropna()
            mean = float(there.mean()) if len(there) else None
            cells.append(HIDDEN if is_small(len(there)) else shown(mean))
        rows.append((name, *cells))
    if not any(cell not in (HIDDEN, "–") for row in rows for cell in row[1:]):
        return None
    return FigureTable(table_id, caption, ("Group", *columns), tuple(rows), says)


# --------------------------------------------------------------------------------------------- provision and money


def _provisions(data: ProvisionData) -> FigureTable | None:
    """The provisions, as the provision map shows them to others (reports/provision_figures.py)."""
    if data.provisions.empty or data.enrolments.empty:
        return None
    rows = []
    for row in _for_others(data).provisions.to_dict("records"):
        hidden = bool(row["is_hidden"])
        how = who_and_how_often({str(name): value for name, value in row.items()}, is_hidden=hidden)
        pupils, _, rest = how.partition("\n")
        rows.append(
            (
                str(row["name"]),
                pupils.replace(f"{HIDDEN} pupils", HIDDEN),
                rest.replace("\n", ", "),
                HIDDEN if hidden else money(row["cost"]),
                HIDDEN if hidden else _effect(row),
            )
        )
    return FigureTable(
        "provisions",
        "Provision on the map",
        ("Provision", "For whom", "By whom and how often", "Cost", "Effect in points of standard score"),
        tuple(rows),
        "The provision map, as it is shown to others.",
    )


def _for_others(data: ProvisionData) -> Any:
    from senco_kit.reports.provision_figures import provision_figures

    return provision_figures(data, for_others=True)


def _effect(row: Mapping[Any, Any]) -> str:
    from senco_kit.in_figures import interval, points

    if not (known(row["effect"]) and known(row["effect_low"])):
        return "Cannot be told"
    return f"{points(float(row['effect']))} ({interval(float(row['effect_low']), float(row['effect_high']))})"


def _money(data: ProvisionData, *, plans_open: bool) -> FigureTable | None:
    """Budget and spending by funding line. Top-up is paid for single pupils, so it follows their count."""
    from senco_kit.provision.cost import funding

    if data.budget is None and data.spending is None:
        return None
    lines = funding(data)
    has_any = lines["budget"].notna() | lines["spent"].notna()
    rows = []
    for row in lines[has_any].to_dict("records"):
        hidden = row["funding_line"] == "top-up" and not plans_open
        cells = [HIDDEN if hidden else money(row[name]) for name in ("budget", "spent")]
        rows.append((begun(row["funding_line"]), *cells))
    if not rows:
        return None
    return FigureTable(
        "money",
        "Funding lines: budget and spending",
        ("Funding line", "Budget", "Spent on inclusion"),
        tuple(rows),
        "The school’s data: budget and accounts of the school year.",
    )
