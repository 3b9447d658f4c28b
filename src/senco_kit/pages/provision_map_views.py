"""What the places of the provision map page show that look at one school: map, provisions, pupils, adults, money."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from markupsafe import Markup

from senco_kit.days import in_words
from senco_kit.forms.check import Refused
from senco_kit.forms.screen import View
from senco_kit.pages.drawing import draw
from senco_kit.pages.provision_map_data import OpenSchool, Row, records
from senco_kit.pages.provision_map_planner import priced
from senco_kit.pages.provision_map_trust import how_far
from senco_kit.pages.provision_map_words import DECISIONS, known, number, pounds, pounds_and_pence, year_name

ALL = "all"
_SEN = {"K": "SEN support", "E": "EHC plan", "N": "No SEN now"}
_PUPILS_A_PAGE = 50
_NO_SCORES = "There are no test scores from before and after, so nothing can be said on effect."


def map_of(school: OpenSchool, year: str = ALL, sen: str = ALL) -> View:
    """The whole-school map, for all pupils or for one year group or SEN provision."""
    shown = year != ALL or sen != ALL
    year_options, sen_options = _filters(school, year, sen)
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
        by_year=_by_year(school),
        picture=_picture(school),
        no_picture=_NO_SCORES if school.data.scores is None else "No provision has an effect that can be told.",
        decisions=_decisions(school),
        signals=school.signals,
    )
    return View(f"Provision map: {school.name}", html, focus="map-table" if shown else "")


def _filters(school: OpenSchool, year: str, sen: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    years = [(ALL, "All year groups"), *((each, year_name(each)) for each in school.years)]
    kinds = [(ALL, "All pupils"), ("SEN", "All pupils with SEN"), *_SEN.items()]
    if year not in dict(years) or sen not in dict(kinds):
        raise Refused("There is no such year group or SEN provision in this school.")
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
    enrolled = _enrolled(school)
    through = school.data.pupils.loc[shown_pupils(school, year, sen), "pupil_id"]
    shown = enrolled[enrolled["pupil_id"].isin(through)]
    found: dict[tuple[str, str], Row] = {}
    for tier in (*_tiers(), ALL):
        of_tier = shown if tier == ALL else shown[shown["tier"] == tier]
        for area in (*_areas(), ALL):
            here = of_tier if area == ALL else of_tier[of_tier["area"] == area]
            if len(here):
                found[tier, area] = {
                    "pupils": int(here["pupil_id"].nunique()),
                    "hours": float(here["hours_a_week"].sum()),
                    "cost": float(here["cost"].sum()),
                }
    return found


def _enrolled(school: OpenSchool) -> Any:
    """Each pupil in each provision: tier, area, and the pupil's share of the cost and of the adult's hours a week."""
    if "enrolled" not in school.more:
        from senco_kit.provision.cost import enrolment_costs

        found = enrolment_costs(school.data)
        about = school.data.provisions.set_index("provision_id")
        place = found["provision_id"]
        school.more["enrolled"] = found.assign(
            tier=place.map(about["tier"].astype(str)),
            area=place.map(about["area"].astype(str)),
            hours_a_week=found["hours"] / place.map(about["weeks"]).astype(float),
        )
    return school.more["enrolled"]


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


def _by_year(school: OpenSchool) -> dict[tuple[str, str], Row]:
    """Pupils and cost by (area, year group), where there are any."""
    from senco_kit.provision.whole_map import by_area_and_year

    if "by year" not in school.more:
        rows = records(by_area_and_year(school.data))
        school.more["by year"] = {(str(row["area"]), str(row["year_group"])): row for row in rows if row["pupils"]}
    found: dict[tuple[str, str], Row] = school.more["by year"]
    return found


def _decisions(school: OpenSchool) -> list[tuple[str, int]]:
    found = [row["decision"] for row in school.provisions]
    return [(decision, found.count(decision)) for decision in DECISIONS]


def _picture(school: OpenSchool) -> Markup | None:
    from senco_kit.charts.effect_chart import effect_chart
    from senco_kit.charts.effects import effects_from
    from senco_kit.provision.verdict import Rule

    if "picture" not in school.more:
        effects = effects_from(school.by_provision)
        told = any(each.is_told for each in effects)
        school.more["picture"] = effect_chart(effects, Rule().smallest_effect) if told else None
    picture: Markup | None = school.more["picture"]
    return picture


# ------------------------------------------------------------------------------------------------------ provisions


def provisions(school: OpenSchool) -> View:
    """Every provision in one table."""
    return View("Provisions", draw("provision_map/provisions.html", school=school, rows=school.provisions))


def provision(school: OpenSchool, provision_id: str) -> View:
    """One provision: who and how often, cost, delivery, effect, and the decision with its reason."""
    from senco_kit.provision.data import FEWEST_PUPILS
    from senco_kit.provision.impact import RATIO_GAIN_WARNING

    row = school.provision(provision_id)
    html = draw(
        "provision_map/provision.html",
        school=school,
        row=row | {"dates": _dates(row), "why_not": _why_not(row)},
        steps=_cost_steps(row),
        reliable_change=_reliable_change(school, row),
        meaning=_meaning(row),
        ratio_warning=RATIO_GAIN_WARNING,
        how_far=how_far(int(row["both_scores"])) if row["both_scores"] >= FEWEST_PUPILS else "",
        ratio=_ratio_gain(school, row),
        pupils=_pupils_in(school, row["provision_id"]),
    )
    return View(str(row["name"]), html)


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


def _reliable_change(school: OpenSchool, row: Row) -> float | None:
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
        return "The whole interval lies below 0: they did worse than similar pupils."
    return "The interval holds 0: it may help, or make no difference."


def _ratio_gain(school: OpenSchool, row: Row) -> float | None:
    from senco_kit.provision.impact import impact

    if "ratio" not in school.more:
        found = impact(school.data, ratio_gain=True)
        school.more["ratio"] = dict(zip(found["provision_id"], found["ratio_gain"], strict=True))
    gain = school.more["ratio"].get(row["provision_id"])
    return float(gain) if known(gain) else None


def _pupils_in(school: OpenSchool, provision_id: Any) -> list[Row]:
    enrolments = school.data.enrolments
    here = enrolments[enrolments["provision_id"] == provision_id]
    about = school.data.pupils[["pupil_id", "year_group", "SENprovision"]]
    rows = records(here.merge(about, on="pupil_id", how="left"))
    return sorted((row | {"change": row["exit_score"] - row["entry_score"]} for row in rows), key=_in_order(school))


def _in_order(school: OpenSchool) -> Any:
    place = {year: at for at, year in enumerate(school.years)}
    return lambda row: (place.get(str(row["year_group"]), 99), str(row["pupil_id"]))


# ---------------------------------------------------------------------------------------------------------- pupils


def pupils(school: OpenSchool, year: str = ALL, sen: str = ALL, page: str = "1") -> View:
    """The pupils that a filter lets through, fifty at a time, with what each gets and what it costs."""
    year_options, sen_options = _filters(school, year, sen)
    through = set(school.data.pupils.loc[shown_pupils(school, year, sen), "pupil_id"])
    rows = [row for row in school.pupils if row["pupil_id"] in through]
    pages = max(1, -(-len(rows) // _PUPILS_A_PAGE))
    at = min(max(int(page), 1), pages) if page.isdecimal() else 1
    html = draw(
        "provision_map/pupils.html",
        school=school,
        rows=rows[(at - 1) * _PUPILS_A_PAGE : at * _PUPILS_A_PAGE],
        count=len(rows),
        at=at,
        pages=pages,
        year=year,
        sen=sen,
        year_options=year_options,
        sen_options=sen_options,
    )
    filtered = (year, sen, at) != (ALL, ALL, 1)
    return View("Pupils", html, focus="pupils-table" if filtered else "")


def find_pupil(school: OpenSchool, typed: str) -> str:
    """The place of the pupil with this number. Raises Refused when there is none."""
    wanted = typed.strip()
    for row in school.pupils:
        if school.pupil_name(row["pupil_id"]) == wanted:
            return f"{school.key}/pupil/{row['pupil_id']}"
    raise Refused("There is no pupil with this number or code. Type it as it stands in the table.")


def pupil(school: OpenSchool, pupil_id: str) -> View:
    """One pupil: what they get, what it costs, and how their scores changed."""
    found = next((row for row in school.pupils if str(row["pupil_id"]) == pupil_id), None)
    if found is None:
        raise Refused("There is no pupil with this number in this school.")
    enrolments = school.data.enrolments
    theirs = records(enrolments[enrolments["pupil_id"] == found["pupil_id"]])
    rows = []
    for row in theirs:
        about = school.provision(str(row["provision_id"]))
        change = row["exit_score"] - row["entry_score"]
        bound = _reliable_change(school, about)
        reliable = known(change) and bound is not None and abs(change) > bound
        rows.append(about | row | {"change": change, "reliable": reliable})
    limit = next((row for row in school.threshold if row["pupil_id"] == found["pupil_id"]), None)
    html = draw("provision_map/pupil.html", school=school, pupil=found, rows=rows, limit=limit)
    return View(f"Pupil {school.pupil_name(found['pupil_id'])}", html)


# ---------------------------------------------------------------------------------------------------------- adults


def adults(school: OpenSchool) -> View:
    """Every adult who gives provision: hours, pupils, cost."""
    return View("Adults", draw("provision_map/adults.html", school=school, rows=school.adults))


def adult(school: OpenSchool, staff_id: str) -> View:
    """One adult: what they give, and their week."""
    about: Row = next((row for row in school.adults if str(row["staff_id"]) == staff_id), {})
    staff: Row = {}
    if school.data.staff is not None:
        staff = next((row for row in records(school.data.staff) if str(row["staff_id"]) == staff_id), {})
    if not about and not staff:
        raise Refused("There is no adult with this number in this school.")
    theirs = [row for row in school.provisions if known(row["staff_id"]) and str(int(row["staff_id"])) == staff_id]
    html = draw(
        "provision_map/adult.html",
        school=school,
        adult=staff | about | {"staff_id": staff_id},
        rows=theirs,
        week=_week(school, staff_id),
    )
    return View(f"Adult {staff_id}", html)


def _week(school: OpenSchool, staff_id: str) -> dict[tuple[int, int], str]:
    """What the adult does, by (weekday, period); nothing when the data has no timetable."""
    table = school.data.deployment
    if table is None:
        return {}
    names = {row["provision_id"]: str(row["name"]) for row in school.provisions}
    found = {}
    for row in records(table[table["staff_id"].astype(str) == staff_id]):
        if row["activity"] == "provision" and known(row["provision_id"]):
            words = names.get(row["provision_id"], "provision")
        elif row["activity"] == "pupil" and known(row["pupil_id"]):
            words = f"with pupil {int(row['pupil_id'])}"
        else:
            words = str(row["activity"]) + (f" {row['class_name']}" if known(row["class_name"]) else "")
        found[int(row["weekday"]), int(row["period"])] = words
    return found


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
        dearest=school.threshold[:10],
    )
    return View("Money", html)
