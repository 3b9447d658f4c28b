"""What the places of the provision map page show that look at one school: its map, provisions and money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from senco_kit.days import in_words
from senco_kit.forms.check import Refused
from senco_kit.forms.screen import View
from senco_kit.in_figures import MINUS, known
from senco_kit.pages.drawing import draw
from senco_kit.pages.provision_map_data import OpenSchool, Row, records
from senco_kit.pages.provision_map_planner import priced
from senco_kit.pages.provision_map_words import DECISIONS, number, pounds, pounds_and_pence, year_name

ALL = "all"
_SEN = {"K": "SEN support", "E": "EHC plan", "N": "No SEN now"}
_STANDARD_SCORE = "A standard score has an average of 100; about two pupils in three score between 85 and 115."
#: The facts behind the kit's own hourly costs, and behind its rough ratio gain.
_RATE_FACTS = (
    "cost-hour-teaching-assistant",
    "cost-hour-higher-level-teaching-assistant",
    "cost-hour-teacher",
    "cost-hour-therapist",
)
_RATIO_FACTS = ("ratio-gain", *(f"eef-months-{count}" for count in range(1, 9)))
_NO_SCORES = "There are no test scores from before and after, so nothing can be said on effect."


def map_of(school: OpenSchool, year: str = ALL, sen: str = ALL) -> View:
    """The whole-school map, for all pupils or for one year group or SEN status."""
    shown = year != ALL or sen != ALL
    year_options, sen_options = filters(school, year, sen)
    html = draw(
        "provision_map/map.html",
        school=school,
        year=year,
        sen=sen,
        year_options=year_options,
        sen_options=sen_options,
        shown_words=_shown_words(year, sen),
        cells=_cells(school, year, sen),
        areas=_areas(),
        tiers=_tiers(),
        totals=_totals(school),
        by_year=school.by_area_and_year,
        picture=school.picture,
        standard_score_words=_STANDARD_SCORE,
        no_picture=_NO_SCORES if school.data.scores is None else "No provision has an effect that can be told.",
        decisions=_decisions(school),
        signals=school.signals,
        has_universal=any(row["tier"] == "universal" for row in school.provisions),
    )
    return View(f"Provision map: {school.name}", html, focus="map-table" if shown else "")


def filters(school: OpenSchool, year: str, sen: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The year groups and SEN statuses to choose from, as (value, label). Raises Refused for another choice."""
    years = [(ALL, "All year groups"), *((each, year_name(each)) for each in school.years)]
    kinds = [(ALL, "All pupils"), ("SEN", "All pupils with SEN"), *_SEN.items()]
    if year not in dict(years) or sen not in dict(kinds):
        raise Refused("There is no such year group or SEN status in this school.")
    return years, kinds


def _shown_words(year: str, sen: str) -> str:
    who = {ALL: "all pupils", "SEN": "pupils with SEN", "K": "pupils with SEN support", "E": "pupils with EHC plans"}
    kind = who.get(sen, "pupils with no SEN now")
    return f"Tier by area of need: {kind}{'' if year == ALL else ', ' + year_name(year)}"


def shown_pupils(school: OpenSchool, year: str, sen: str) -> Any:
    """For each row of the pupils table, whether the filter lets it through."""
    pupils = school.data.pupils
    kind = pupils["SENprovision"].astype(str)
    through = kind.eq(kind) if sen == ALL else kind.isin(["K", "E"]) if sen == "SEN" else kind.eq(sen)
    return through if year == ALL else through & pupils["year_group"].astype(str).eq(year)


def _cells(school: OpenSchool, year: str, sen: str) -> dict[tuple[str, str], Row]:
    """Pupils, hours a week and cost by (tier, area), with "all" for the sums; only cells that hold a pupil."""
    from senco_kit.provision.whole_map import by_tier_and_area

    rows = records(by_tier_and_area(school.data, shown_pupils(school, year, sen).to_numpy()))
    return {(row["tier"], row["area"]): row for row in rows if row["pupils"]}


def _areas() -> list[str]:
    from senco_kit.provision.data import AREAS

    return list(AREAS)


def _tiers() -> list[str]:
    from senco_kit.provision.data import TIERS

    return list(TIERS)


def _totals(school: OpenSchool) -> Row:
    return {
        "provisions": len(school.provisions),
        "pupils": int(school.data.enrolments["pupil_id"].nunique()),
        "hours_a_week": priced(school, None).now.hours_a_week,
        "cost": school.by_provision["cost"].sum(),
        "preparation": school.by_provision["preparation_cost"].sum(),
    }


def _decisions(school: OpenSchool) -> list[tuple[str, int]]:
    found = [row["decision"] for row in school.provisions]
    return [(decision, found.count(decision)) for decision in DECISIONS]


# ------------------------------------------------------------------------------------------------------ provisions


def provisions(school: OpenSchool) -> View:
    """Every provision in one table."""
    html = draw(
        "provision_map/provisions.html",
        school=school,
        rows=school.provisions,
        standard_score_words=_STANDARD_SCORE,
    )
    return View("Provisions", html)


def provision(school: OpenSchool, provision_id: str) -> View:
    """One provision: who and how often, cost, delivery, effect, and what the data suggests, with its reason."""
    from senco_kit.provision import trust
    from senco_kit.provision.data import FEWEST_PUPILS
    from senco_kit.provision.impact import MONTHS_CAUTION, RATIO_GAIN_WARNING

    row = school.provision(provision_id)
    html = draw(
        "provision_map/provision.html",
        school=school,
        row=row | {"dates": _dates(row), "why_not": _why_not(row)},
        steps=_cost_steps(row),
        reliable_change=reliable_change(school, row),
        meaning=_meaning(row),
        ratio_warning=RATIO_GAIN_WARNING,
        how_far=trust.how_far(int(row["both_scores"])) if row["both_scores"] >= FEWEST_PUPILS else "",
        in_a_real_school="" if school.invented else trust.IN_A_REAL_SCHOOL,
        ratio=float(row["ratio_gain"]) if known(row["ratio_gain"]) else None,
        ratio_facts=_RATIO_FACTS,
        months=_months(row),
        months_caution=MONTHS_CAUTION,
        rate_facts=_RATE_FACTS,
        pupils=_pupils_in(school, row["provision_id"]),
    )
    return View(str(row["name"]), html)


def _months(row: Row) -> str:
    """The interval of the effect in months of progress; "" where there is none or the table does not reach so far."""
    from senco_kit.provision.impact import months

    if not known(row["effect"]):
        return ""
    low, high = months(row["effect_low"]), months(row["effect_high"])
    if low is None or high is None:
        return ""
    return f"{low} to {high}".replace("-", MINUS)


def _dates(row: Row) -> str:
    start, end = row.get("start_date"), row.get("end_date")
    return f"{_day(start)} to {_day(end)}" if known(start) and known(end) else ""


def _day(value: Any) -> str:
    return in_words(date.fromisoformat(str(value)[:10]))


def _why_not(row: Row) -> str:
    why = row.get("why")
    return str(why) if known(why) and str(why) else _NO_SCORES


def _cost_steps(row: Row) -> list[Row]:
    sessions = row["groups"] * row["sessions_per_week"] * row["weeks"]
    hourly = pounds_and_pence(row["hourly_cost"])
    preparation = row.get("preparation_minutes")
    return [
        _step(
            "Sessions",
            f"{number(row['groups'], 0)} groups × {number(row['sessions_per_week'])} a week × "
            f"{number(row['weeks'], 0)} weeks",
            number(sessions, 0),
        ),
        _step(
            "Adult hours",
            f"{number(sessions, 0)} sessions × {number(row['minutes'], 0)} minutes ÷ 60",
            number(row["hours_planned"]),
        ),
        _step("Adult", f"{number(row['hours_planned'])} hours × {hourly}", pounds(row["staff_cost"])),
        _step(
            "Resources",
            f"{number(row['pupils'], 0)} pupils × {pounds_and_pence(row.get('resources_per_pupil'))}",
            pounds(row["resource_cost"]),
        ),
        _step("Cost", "adult + resources", pounds(row["cost"]), total=True),
        _step("A pupil", f"÷ {number(row['pupils'], 0)} pupils", pounds(row["cost_per_pupil"]), total=True),
        _step(
            "Preparation, apart",
            f"{number(sessions, 0)} sessions × {number(preparation, 0)} minutes ÷ 60 × {hourly}",
            pounds(row["preparation_cost"]),
        ),
        _step("A pupil, with preparation", "", pounds(row["cost_per_pupil_with_preparation"])),
    ]


def _step(name: str, sum_of: str, result: str, *, total: bool = False) -> Row:
    return {"name": name, "sum": sum_of, "result": result, "total": total}


def reliable_change(school: OpenSchool, row: Row) -> float | None:
    """How many points of a provision's measure are more than chance in the test explains; None without a measure."""
    from senco_kit.provision.data import USUAL_STANDARD_ERROR
    from senco_kit.provision.impact import RELIABLE

    if not known(row["measure"]):
        return None
    return float(school.data.standard_errors.get(str(row["measure"]), USUAL_STANDARD_ERROR) * RELIABLE)


def _meaning(row: Row) -> str:
    """What the interval says, in words."""
    if not known(row["effect"]):
        return ""
    if row["effect_low"] > 0:
        return "The whole interval lies above 0: it seems to help."
    if row["effect_high"] < 0:
        return "The whole interval lies below 0: their scores grew less than those of similar pupils."
    return "The interval includes 0: it may help, make no difference, or hold pupils back a little."


def _pupils_in(school: OpenSchool, provision_id: Any) -> list[Row]:
    enrolments = school.data.enrolments
    here = enrolments[enrolments["provision_id"] == provision_id]
    about = school.data.pupils[["pupil_id", "year_group", "SENprovision"]]
    rows = records(here.merge(about, on="pupil_id", how="left"))
    return sorted((row | {"change": row["exit_score"] - row["entry_score"]} for row in rows), key=_in_order(school))


def _in_order(school: OpenSchool) -> Any:
    place = {year: at for at, year in enumerate(school.years)}
    return lambda row: (place.get(str(row["year_group"]), 99), str(row["pupil_id"]))


# ----------------------------------------------------------------------------------------------------------- money


def money(school: OpenSchool) -> View:
    """The funding lines, what is planned on each, and the threshold explained."""
    over = [row for row in school.threshold if row["over"]]
    notional: Mapping[str, Any] = next((row for row in school.funding if row["funding_line"] == "notional SEN"), {})
    html = draw(
        "provision_map/money.html",
        school=school,
        lines=school.funding,
        notional=notional,
        with_sen=len(school.threshold),
        over=over,
        most=school.threshold[:10],
        has_fund=any(row["funding_line"] == "inclusive mainstream fund" for row in school.funding),
    )
    return View("Money", html)
