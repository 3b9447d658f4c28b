"""A provision map as a Word report for leaders and governors: what it says. How Word is told is in word_file.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from senco_kit.charts.effects import DECISIONS, IN_WORDS, effects_from, plot_of
from senco_kit.charts.levels_picture import WIDTH_CM
from senco_kit.days import in_words
from senco_kit.in_figures import interval, points, pounds
from senco_kit.reports.provision_words import (
    BY_ROLE,
    HIDDEN,
    KEEP_IT_SAFE,
    NO_THRESHOLD,
    NONE,
    OUR_RATES,
    TOO_FEW,
    begun,
    cell_of_map,
    count,
    counted_how,
    how_sure,
    money,
    percent,
    pupil_name,
    text,
    threshold_counts,
    threshold_facts,
    who_and_how_often,
    whose,
    year_name,
)
from senco_kit.reports.words import KIT_NAME, counted

if TYPE_CHECKING:
    import pandas as pd

    from senco_kit.provision.data import ProvisionData
    from senco_kit.reports.provision_figures import ProvisionFigures
    from senco_kit.reports.word_file import WordFile

_Row = Mapping[Any, Any]


def provision_word(data: ProvisionData, made_on: date, *, for_others: bool) -> bytes:
    """The provision map of one school as a Word document (.docx).

    `for_others` hides counts under 5 and those that would give them away, and leaves out all rows about one pupil or
    one adult.
    """
    from senco_kit.reports.provision_figures import provision_figures

    return word_of(provision_figures(data, for_others=for_others), made_on)


def word_of(figures: ProvisionFigures, made_on: date) -> bytes:
    """The Word document of figures that are worked out already."""
    from senco_kit.reports.word_file import WordFile

    page = WordFile(f"Provision map: {figures.name}", made_on, footer="Provision map", header=whose(figures))
    _front(page, figures, made_on)
    _at_a_glance(page, figures)
    _cost_and_effect(page, figures)
    page.turn(sideways=True)
    _whole_map(page, figures)
    _each_provision(page, figures)
    page.turn(sideways=False)
    _money(page, figures, made_on)
    _how_sure(page, figures)
    if figures.pupils is not None or figures.adults is not None:
        page.turn(sideways=True)
        _by_adult(page, figures)
        _by_pupil(page, figures)
    return page.contents()


def _front(page: WordFile, figures: ProvisionFigures, made_on: date) -> None:
    page.title(f"Provision map: {figures.name}")
    page.subtitle(f"Made on {in_words(made_on)} with the {KIT_NAME}.")
    if figures.invented:
        page.text("This school, its pupils and all its figures are invented. No real child is in them.")
    if figures.for_others:
        page.text(
            "For others to read: counts under 5, and counts that would give one of them away, are hidden. "
            "“c” stands in their place. No row is about one pupil or one adult."
        )
    elif not figures.invented:
        page.text(KEEP_IT_SAFE)


def _at_a_glance(page: WordFile, figures: ProvisionFigures) -> None:
    provisions, shown = figures.provisions, figures.open_provisions
    whose_cost = ", of the provisions shown" if figures.for_others else ""
    page.heading("At a glance", 1)
    page.text(f"{_decisions(figures)}.", label=counted(len(provisions), "provision", "provisions"))
    costs = f"{money(shown['cost'].sum())}, and {money(shown['preparation_cost'].sum())} more to prepare it"
    page.text(f"{costs}{whose_cost}." if len(shown) or provisions.empty else TOO_FEW, label="What it costs")
    if figures.delivered is not None:
        page.text(f"{percent(figures.delivered)} of the sessions planned for pupils{whose_cost}.", label="Delivered")
    page.text(
        "an interval stands beside every effect. Where it is wide, the data cannot say much, whatever the number in "
        "its middle.",
        label="How sure",
    )


def _decisions(figures: ProvisionFigures) -> str:
    counts = figures.open_provisions["decision"].value_counts()
    said = [f"{counts[one]} {IN_WORDS[one].lower()}" for one in DECISIONS if counts.get(one)]
    if hidden := int(figures.provisions["is_hidden"].sum()):
        said.append(f"{hidden} not shown")
    return ", ".join(said) or "none yet"


def _cost_and_effect(page: WordFile, figures: ProvisionFigures) -> None:
    from senco_kit.charts.effect_picture import MOST_ROWS, points_picture, rows_picture
    from senco_kit.provision.verdict import Rule

    plot = plot_of(effects_from(figures.open_provisions), Rule().smallest_effect)
    page.heading("What each provision costs a pupil, and what it adds", 1)
    if not plot.told:
        page.text("No provision here has an effect that can be told.")
        return
    page.text(
        "The effect is how much more pupils gained than similar pupils without the provision, in points of standard "
        "score. The line through each mark is its 95% interval: the true effect most likely lies somewhere on it. The "
        "numbers are those of the rows below."
    )
    if len(plot.told) > 1:
        drawn = points_picture(plot)
        page.picture(drawn.png, drawn.alt, WIDTH_CM)
    for start in range(0, len(plot.told), MOST_ROWS):
        drawn = rows_picture(plot, plot.told[start : start + MOST_ROWS])
        page.picture(drawn.png, drawn.alt, WIDTH_CM)
    if plot.not_told:
        page.text("", label="Cannot be told", keep_with_next=True)
        page.points([f"{each.name}: {each.why_not}" if each.why_not else each.name for each in plot.not_told])


def _whole_map(page: WordFile, figures: ProvisionFigures) -> None:
    page.heading("The whole-school map", 1)
    areas = list(dict.fromkeys(area for area, _ in figures.costs.index))
    tiers = list(dict.fromkeys(tier for _, tier in figures.costs.index))
    tiers.sort(key=lambda tier: ("universal", "targeted", "specialist", tier).index(tier))
    if not areas:
        page.text("No provision is on the map yet.")
        return
    page.table(
        f"Provision by area of need and tier: provisions, pupils, cost without preparation. {counted_how(figures)}",
        ["Area of need", *map(begun, tiers)],
        [[begun(area), *(cell_of_map(figures, area, tier) for tier in tiers)] for area in areas],
        [7.1, *[18.6 / len(tiers)] * len(tiers)],
    )
    years = list(figures.places.columns)
    page.table(
        f"Pupils by year group. {counted_how(figures)}",
        ["Area and tier", *(year_name(year) for year in years)],
        [
            [begun(f"{area}, {tier}") if tier else area, *(count(number) for number in row)]
            for (area, tier), row in zip(figures.places.index, figures.places.to_numpy(), strict=True)
        ],
        [25.7 - 1.45 * len(years), *[1.45] * len(years)],
    )


def _each_provision(page: WordFile, figures: ProvisionFigures) -> None:
    page.heading("Each provision", 1)
    for decision in DECISIONS:
        rows = figures.provisions[figures.provisions["decision"] == decision]
        if rows.empty:
            continue
        _provisions(page, IN_WORDS[decision], rows)
    if not (hidden := figures.provisions[figures.provisions["is_hidden"]]).empty:
        _provisions(page, "Not shown to others", hidden)


def _provisions(page: WordFile, name: str, rows: pd.DataFrame) -> None:
    page.heading(f"{name}: {counted(len(rows), 'provision', 'provisions')}", 2)
    page.table(
        f"{name}: cost of the whole run, delivery and effect in points of standard score",
        ["Provision", "Who and how often", "Cost", "Delivered", "Effect, with 95% interval", "Why"],
        [_provision(row) for row in rows.to_dict("records")],
        [4.6, 5.3, 3.6, 2.7, 3.4, 6.1],
    )


def _provision(row: _Row) -> list[str]:
    name = f"{row['name']}\n{begun(row['area'])}, {text(row['tier'])}"
    if row["is_hidden"]:
        return [name, who_and_how_often(row, is_hidden=True), HIDDEN, HIDDEN, HIDDEN, TOO_FEW]
    costs = f"{money(row['cost'])}\n{money(row['cost_per_pupil'])} a pupil"
    if (row["preparation_cost"] or 0) > 0:
        costs += f"\nPreparation: {money(row['preparation_cost'])}"
    delivered = percent(row["share"])
    if row.get("planned_sessions"):  # not there for others
        delivered += f"\n{count(row['delivered_sessions'])} of {count(row['planned_sessions'])} sessions"
    return [name, who_and_how_often(row), costs, delivered, _effect(row), text(row["reason"])]


def _effect(row: _Row) -> str:
    if row["effect"] != row["effect"] or row["effect_low"] != row["effect_low"]:
        return "Cannot be told"
    measure = f" of {row['measure']}" if text(row["measure"]) else ""
    return f"{points(row['effect'])} points{measure}\n({interval(row['effect_low'], row['effect_high'])})"


def _money(page: WordFile, figures: ProvisionFigures, made_on: date) -> None:
    page.heading("Money", 1)
    page.text(
        "The cost of provision here includes preparation. A dash stands where the data say nothing. Spending on a line "
        "may be for more than the provision on this map."
    )
    cost = "Cost of the provisions shown" if figures.for_others else "Cost of the provision on it"
    # What is left of a budget would give the cost of hidden provisions away.
    columns = {"budget": "Budget", "planned_cost": cost, "spent": "Spent"}
    columns |= {} if figures.for_others else {"left": "Left of the budget"}
    page.table(
        "Funding lines",
        ["Funding line", *columns.values()],
        [
            [begun(row["funding_line"]), *(money(row[name]) for name in columns)]
            for row in figures.funding.to_dict("records")
        ],
        [5.4, *[11.6 / len(columns)] * len(columns)],
    )
    if figures.our_rates:
        page.text(OUR_RATES)
    if figures.special:
        page.text(NO_THRESHOLD)
        return
    page.heading(f"The threshold of {pounds(threshold_facts(made_on)[0])}", 2)
    from senco_kit.provision.cost import THRESHOLD_MEANS

    page.text(THRESHOLD_MEANS)
    page.text(threshold_counts(figures))
    page.points(threshold_facts(made_on)[1])


def _how_sure(page: WordFile, figures: ProvisionFigures) -> None:
    page.heading("How sure one can be", 1)
    page.points(how_sure(figures.invented))


def _by_adult(page: WordFile, figures: ProvisionFigures) -> None:
    if figures.adults is None or figures.adults.empty:
        return
    columns: list[tuple[str, str, Callable[[Any], str], float]] = [
        ("Adult", "staff_id", text, 3.2),
        ("Role", "role", text, 7.5),
        ("Provisions", "provisions", count, 2.6),
        ("Pupils", "pupils", count, 2.4),
        ("Hours a week on provision", "hours_a_week", _hours, 3.8),
        ("Hours a week paid", "weekly_hours", _hours, 3.4),
        ("Cost", "cost", money, 2.8),
    ]
    if figures.by_role:
        columns = [column for column in columns if column[1] not in ("staff_id", "weekly_hours")]
    page.heading("Appendix: by role" if figures.by_role else "Appendix: by adult", 1)
    if figures.by_role:
        page.text(BY_ROLE)
    page.table(
        f"{'Roles' if figures.by_role else 'Adults'} who give provision. Hours a week are the most in any term, "
        "preparation included.",
        [title for title, *_ in columns],
        [[shown(row[name]) for _, name, shown, _ in columns] for row in figures.adults.to_dict("records")],
        [width for *_, width in columns],
    )


def _hours(value: Any) -> str:
    return count(value, 1)


def _by_pupil(page: WordFile, figures: ProvisionFigures) -> None:
    if figures.pupils is None:
        return
    page.heading("Appendix: by pupil", 1)
    rows = figures.pupils[figures.pupils["SENprovision"].isin(["K", "E"])].to_dict("records")
    page.text(
        f"{counted(len(rows), 'pupil', 'pupils')} with SEN. The Excel file has every pupil who is in some provision. "
        "Costs are without preparation."
    )
    page.table(
        "Pupils with SEN and the provision they are in",
        ["Pupil", "Year", "SEN", "Main need", "Provisions", "Hours", "Delivered", "Cost"],
        [
            [
                pupil_name(row),
                text(row["year_group"]),
                text(row["SENprovision"]),
                text(row["SENtype"]) or NONE,
                text(row["names"]) or "None on this map",
                count(row["hours"], 1),
                percent(row["share"]),
                money(row["cost"]),
            ]
            for row in rows
        ],
        [3.6, 1.6, 1.6, 2.4, 9.9, 2.0, 2.4, 2.2],
    )
