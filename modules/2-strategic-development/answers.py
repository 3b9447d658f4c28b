"""Module 2: what the invented school's money, provision and reviews show, and the right answers worked out from them.

Costs, delivery and effects are those of senco_kit.provision; figures of law and practice come from the facts register.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from senco_kit.course.exercise import Bar, Bars, ExerciseSchool, Row, Table
from senco_kit.in_figures import interval, known, percent, points, pounds
from senco_kit.provision import cost
from senco_kit.schools import codes
from senco_kit.small_counts import is_small
from senco_kit.standards.read import fact

WITH_SEN = ("K", "E")
#: Whom the lines of the invented school's budget that are for certain pupils are meant for; the rest of what such a
#: line pays is worth a question. The inclusive mainstream fund may be spent on barriers of any pupil, so it is not one.
MEANT_FOR = {
    "notional SEN": ("pupils with SEN support", "pupils with EHC plans"),
    "top-up": ("pupils with SEN support", "pupils with EHC plans"),
    "pupil premium": ("disadvantaged pupils",),
}
FUND = "inclusive mainstream fund"
#: A support plan of this example costs so many pounds in a year: a number for a sum, not a published figure.
EXAMPLE_COST = 7_450
#: The heading of the column with the effect and its interval.
BESIDE = "Gain beside similar pupils, in points (interval)"


# ---- choosing provisions ----


def _delivered_enough() -> float:
    return float(str(fact("delivered-enough").value)) / 100


def _most(table: pd.DataFrame, column: str) -> pd.Series[Any]:
    """The row with the largest value; the first of several."""
    return table.iloc[int(np.argmax(table[column].to_numpy(float)))]


def _least(table: pd.DataFrame, column: str) -> pd.Series[Any]:
    """The row with the smallest value; the first of several."""
    return table.iloc[int(np.argmin(table[column].to_numpy(float)))]


def _beyond_all(school: ExerciseSchool) -> pd.DataFrame:
    """Targeted and specialist provisions, by number."""
    table = school.by_provision
    return table[table["tier"].astype("str") != "universal"].sort_values("provision_id")


def _compared(school: ExerciseSchool) -> pd.DataFrame:
    """Those of them whose pupils could be compared with similar pupils."""
    table = _beyond_all(school)
    return table[table["effect"].notna()]


def _missed(school: ExerciseSchool) -> pd.Series[Any]:
    """The compared provision that reached its pupils least: judged too early."""
    table = _compared(school)
    groups = table[table["group_size"] > 1]
    table = groups if len(groups) else table
    return _least(table, "share")


def _given(school: ExerciseSchool) -> pd.DataFrame:
    """Compared provisions that were given as planned, without the one that was not."""
    table = _compared(school)
    table = table[table["provision_id"] != _missed(school)["provision_id"]]
    enough = table[table["share"] >= _delivered_enough()]
    given: pd.DataFrame = enough if len(enough) >= 3 else table
    return given


def _weak(school: ExerciseSchool) -> pd.Series[Any]:
    """Given as planned to a group of some size, and the least to show for it: an interval that reaches 0 or below."""
    table = _given(school)
    table = table[table["provision_id"] != _works(school)["provision_id"]]
    unsure = table[~(table["effect_low"] > 0)]
    table = unsure if len(unsure) else table
    large = table[table["both_scores"] >= 10]
    table = large if len(large) else table
    return _least(table, "effect_high")


def _works(school: ExerciseSchool) -> pd.Series[Any]:
    """Given as planned, with the interval farthest above 0."""
    table = _given(school)
    return _most(table, "effect_low")


def _dear(school: ExerciseSchool) -> pd.Series[Any]:
    """The dearest place in a provision that was given as planned and cannot be told from no effect; one that no test
    fits only where there is none whose pupils could be compared."""
    table = _beyond_all(school)
    table = table[~table["provision_id"].isin([_weak(school)["provision_id"], _missed(school)["provision_id"]])]
    unsure = table[~(table["effect_low"] > 0)]
    given = unsure[unsure["share"] >= _delivered_enough()]
    table = given if len(given) else unsure
    compared = table[table["effect"].notna()]
    table = compared if len(compared) else table
    return _most(table, "cost_per_pupil")


def _beside_similar(one: pd.Series[Any]) -> str:
    if not known(one["effect"]):
        return "Too few scores, or no test fits"
    return f"{points(one['effect'])} ({interval(one['effect_low'], one['effect_high'])})"


def _provision_id(one: pd.Series[Any]) -> str:
    return str(int(one["provision_id"]))


# ---- 1 By lunch ----


def two_for_the_head(school: ExerciseSchool) -> Table:
    """The two provisions of the head's question: A reached few of its pupils, B reached them and shows little."""
    rows = []
    for letter, one in (("A", _missed(school)), ("B", _weak(school))):
        cells = (
            f"{letter}: {one['name']}",
            str(int(one["pupils"])),
            pounds(one["cost_with_preparation"]),
            f"{int(one['delivered_sessions']):,} of {int(one['planned_sessions']):,}",
            _beside_similar(one),
        )
        rows.append(Row(letter, cells))
    return Table(
        "The two provisions the head asks about, in an invented school",
        (
            "Provision",
            "Pupils",
            "Cost of the run, preparation included",
            "Sessions that reached a pupil, of those planned",
            "Gain beside similar pupils, in points of standard score (interval)",
        ),
        tuple(rows),
    )


# ---- 3 Ethos in figures ----


class _Group(NamedTuple):
    """Pupils, and how many of them are counted."""

    name: str
    pupils: int
    counted: int

    @property
    def share(self) -> float:
        return self.counted / max(self.pupils, 1)


def _beside(first: str, others: str, who: npt.NDArray[np.bool_], counted: npt.NDArray[np.bool_]) -> list[_Group]:
    """The pupils who are meant, and all others."""
    groups = ((first, who), (others, ~who))
    return [_Group(name, int(mine.sum()), int((mine & counted).sum())) for name, mine in groups]


def _counts(caption: str, counted: str, groups: list[_Group]) -> Table:
    """Counts only, so that shares have to be worked out."""
    rows = [Row(str(at), (one.name, str(one.pupils), str(one.counted))) for at, one in enumerate(groups, start=1)]
    return Table(caption, ("Pupils", "In school", counted), tuple(rows))


def _among_counted(one: _Group, other: _Group) -> float:
    """Per cent of all who are counted that are in the first group."""
    return 100 * one.counted / max(one.counted + other.counted, 1)


def _sen_by_language(school: ExerciseSchool) -> list[_Group]:
    """Pupils recorded with SEN, those with EAL first."""
    pupils = school.tables["pupils"]
    other, sen = (pupils["Language"] == "OTH").to_numpy(), pupils["SENprovision"].isin(WITH_SEN).to_numpy()
    return _beside("English as an additional language", "First language English", other, sen)


def recorded_by_language(school: ExerciseSchool) -> Table:
    """Pupils and pupils recorded with SEN, by first language."""
    return _counts(
        "Pupils recorded with SEN (SEN support or an EHC plan) by first language, in an invented school",
        "Recorded with SEN",
        _sen_by_language(school),
    )


def language_gap(school: ExerciseSchool) -> float:
    """How many more of every 100 pupils with EAL than of every 100 others are recorded with SEN."""
    eal, others = _sen_by_language(school)
    return 100 * (eal.share - others.share)


def language_counts(school: ExerciseSchool) -> float:
    """The slip: the difference of the two counts."""
    eal, others = _sen_by_language(school)
    return float(others.counted - eal.counted)


def language_share_only(school: ExerciseSchool) -> float:
    """The slip: the share of pupils with EAL alone."""
    eal, _ = _sen_by_language(school)
    return 100 * eal.share


def language_of_sen(school: ExerciseSchool) -> float:
    """The slip: which part of the pupils with SEN has EAL."""
    return _among_counted(*_sen_by_language(school))


def _logged(school: ExerciseSchool) -> npt.NDArray[np.bool_]:
    """Whether each pupil has one behaviour incident or more in the log of the year."""
    everyone = school.tables["pupils"]["pupil_id"]
    logged: npt.NDArray[np.bool_] = everyone.isin(school.tables["incidents"]["pupil_id"]).to_numpy()
    return logged


def _logged_by_sen(school: ExerciseSchool) -> list[_Group]:
    """Pupils with a logged incident, those with SEN first."""
    sen = school.tables["pupils"]["SENprovision"].isin(WITH_SEN).to_numpy()
    return _beside("Pupils with SEN", "Pupils without SEN", sen, _logged(school))


def logged_incidents(school: ExerciseSchool) -> Table:
    """Pupils with a logged behaviour incident, with and without SEN."""
    return _counts(
        "Pupils with one or more behaviour incidents in the log of the year, in an invented school",
        "With an incident in the log",
        _logged_by_sen(school),
    )


def incident_gap(school: ExerciseSchool) -> float:
    """How far apart the shares of pupils with and without SEN in the log lie, in every 100, whichever is larger."""
    sen, others = _logged_by_sen(school)
    return 100 * abs(sen.share - others.share)


def incident_counts(school: ExerciseSchool) -> float:
    """The slip: the difference of the two counts."""
    sen, others = _logged_by_sen(school)
    return float(abs(others.counted - sen.counted))


def incident_share(school: ExerciseSchool) -> float:
    """The slip: the share of pupils with SEN alone."""
    sen, _ = _logged_by_sen(school)
    return 100 * sen.share


def incident_of_the_log(school: ExerciseSchool) -> float:
    """The slip: which part of the pupils in the log has SEN."""
    return _among_counted(*_logged_by_sen(school))


def incident_picture(school: ExerciseSchool) -> Bars:
    """Pupils with a logged incident, in per cent, by SEN and by free school meals."""
    pupils = school.tables["pupils"]
    status, poor = pupils["SENprovision"].astype("str").to_numpy(), pupils["FSMeligible"].to_numpy(bool)
    groups = {
        "All pupils": np.ones(len(pupils), bool),
        "Without SEN": status == "N",
        "SEN support": status == "K",
        "EHC plan": status == "E",
        "Free school meals": poor,
        "No free school meals": ~poor,
    }
    logged = _logged(school)
    bars = tuple(Bar(name, 100 * float(logged[who].mean())) for name, who in groups.items() if who.sum() >= 5)
    told = "; ".join(f"{bar.label} {bar.value:.0f} per cent" for bar in bars)
    return Bars(
        "Pupils with a behaviour incident in the log, by group, in an invented school",
        bars,
        "per cent",
        f"The part of each group with one or more incidents in the year's log: {told}.",
    )


# ---- 4 Four papers ----


def _booked(school: ExerciseSchool) -> pd.DataFrame:
    """What was booked on the fund for each activity of the map: pay, and materials."""
    spending = school.tables["spending"]
    mine = spending[(spending["funding_line"] == FUND) & spending["provision_id"].notna()]
    kind = np.where(mine["kind"].astype("str") == "resources", "materials", "pay")
    table = mine.assign(what=kind).pivot_table(index="provision_id", columns="what", values="amount", aggfunc="sum")
    return table.reindex(columns=["pay", "materials"]).fillna(0.0)


def _fund(school: ExerciseSchool) -> float:
    """What the inclusive mainstream fund line holds."""
    budget = school.tables["budget"]
    return float(budget.loc[budget["funding_line"] == FUND, "amount"].sum())


def strategy_activities(school: ExerciseSchool) -> Table:
    """The activities on the fund with what was booked for each, beside what the fund holds; no total."""
    names = dict(zip(school.by_provision["provision_id"], school.by_provision["name"].astype("str"), strict=True))
    booked = _booked(school)
    numbers = booked.index.to_numpy(int).tolist()
    rows = [
        Row(str(number), (names[number], pounds(pay), pounds(materials)))
        for number, pay, materials in zip(numbers, booked["pay"], booked["materials"], strict=True)
    ]
    rows.append(Row("fund", ("The year's grant", pounds(_fund(school)), "")))
    return Table(
        "Activities that an invented school pays from its inclusive mainstream fund",
        ("Activity", "Pay", "Materials"),
        tuple(rows),
    )


def not_yet_named(school: ExerciseSchool) -> float:
    """Pounds of the grant with no activity behind them."""
    return _fund(school) - float(_booked(school).to_numpy().sum())


def already_named(school: ExerciseSchool) -> float:
    """The slip: the activities' cost and not what is left."""
    return float(_booked(school).to_numpy().sum())


def without_materials(school: ExerciseSchool) -> float:
    """The slip: materials left out."""
    return _fund(school) - float(_booked(school)["pay"].sum())


def kinds_of_need(school: ExerciseSchool) -> Table:
    """Pupils with SEN by main type of need, as a colleague would put them on the website: every count shown."""
    rows = [
        Row(str(need).lower(), (codes.SEN_TYPE_NAMES[str(need)], str(count)))
        for need, count in _main_needs(school).items()
    ]
    return Table(
        "Kinds of need in our school: a colleague's draft for the website of an invented school",
        ("Main type of need", "Pupils"),
        tuple(rows),
    )


def _main_needs(school: ExerciseSchool) -> dict[str, int]:
    needs = school.tables["needs"]
    counts = needs.loc[needs["SENtypeRank"] == 1, "SENtype"].astype("str").value_counts()
    return {name: int(counts[name]) for name in codes.SEN_TYPE_CODES if name in counts.index}


def counts_that_may_stand(school: ExerciseSchool) -> list[str]:
    """Types of need with a count that the kit's rule does not hide."""
    return [need.lower() for need, count in _main_needs(school).items() if not is_small(count)]


def small_but_not_one(school: ExerciseSchool) -> list[str]:
    """The slip: types of need with two to four pupils, as if a second pupil hid the first."""
    return [need.lower() for need, count in _main_needs(school).items() if count > 1 and is_small(count)]


# ---- 5 Inspection ----


def _reviews_by_year(school: ExerciseSchool) -> pd.DataFrame:
    """Reviews held, and those in which a parent took part, by year group: years with 15 reviews or more."""
    year = school.tables["pupils"].set_index("pupil_id")["NCyearActual"].astype("str")
    reviews = school.tables["reviews"]
    table = pd.DataFrame(
        {"year": reviews["pupil_id"].map(year).to_numpy(), "part": reviews["parent_took_part"].to_numpy(bool)}
    )
    counts = table.groupby("year")["part"].agg(["size", "sum"])
    order = [name for name in codes.YEARS if name in counts.index]
    counts = counts.loc[order]
    large = counts[counts["size"] >= 15]
    counts = large if len(large) >= 3 else counts
    return counts.assign(share=counts["sum"] / counts["size"])


def _year_words(year: str) -> str:
    return "Reception" if year == "R" else f"Year {year}"


def reviews_and_parents(school: ExerciseSchool) -> Table:
    """Reviews held and reviews with a parent, by year: counts only."""
    rows = [
        Row(str(year), (_year_words(str(year)), str(int(one["size"])), str(int(one["sum"]))))
        for year, one in _reviews_by_year(school).iterrows()
    ]
    return Table(
        "Reviews of the support of pupils with SEN, in an invented school",
        ("Year", "Reviews held", "With a parent or carer taking part"),
        tuple(rows),
    )


def _reviews_by_class(school: ExerciseSchool) -> pd.DataFrame:
    """Reviews held and reviews with a parent, in eight classes: large ones with a low share and small ones with a high
    share, so that counts and shares tell different stories."""
    name = school.tables["pupils"].set_index("pupil_id")["class_name"].astype("str")
    reviews = school.tables["reviews"]
    part = pd.DataFrame(
        {"class": reviews["pupil_id"].map(name).to_numpy(), "part": reviews["parent_took_part"].to_numpy(bool)}
    )
    counts = part.groupby("class")["part"].agg(["size", "sum"])
    counts = counts[counts["size"] >= 5] if (counts["size"] >= 5).sum() >= 8 else counts
    by_share = counts.assign(share=counts["sum"] / counts["size"]).sort_values("share", kind="stable")
    chosen = _four_and_four(by_share)
    while len(by_share) > 8 and (too_near := _near_the_whole(chosen)):
        by_share = by_share.drop(index=too_near[0])
        chosen = _four_and_four(by_share)
    return chosen.sort_index()


def _four_and_four(by_share: pd.DataFrame) -> pd.DataFrame:
    """The four largest of the half with low shares, and the four smallest of the other half."""
    half = len(by_share) // 2
    return pd.concat([by_share.iloc[:half].nlargest(4, "size"), by_share.iloc[half:].nsmallest(4, "size")])


def _near_the_whole(chosen: pd.DataFrame) -> list[str]:
    """Classes whose share is so near that of all together that rounding could turn the answer."""
    together = float(chosen["sum"].sum() / chosen["size"].sum())
    return [str(name) for name in chosen.index[(chosen["share"] - together).abs() < 0.015]]


def _share_with_parents(school: ExerciseSchool) -> float:
    table = _reviews_by_class(school)
    return float(table["sum"].sum() / table["size"].sum())


def classes_and_parents(school: ExerciseSchool) -> Table:
    """Reviews held and reviews with a parent, by class: counts only."""
    rows = [
        Row(str(name).lower(), (str(name), str(int(one["size"])), str(int(one["sum"]))))
        for name, one in _reviews_by_class(school).iterrows()
    ]
    return Table(
        "Reviews of the support of pupils with SEN in eight classes of an invented school",
        ("Class", "Reviews held", "With a parent or carer taking part"),
        tuple(rows),
    )


def eight_classes_together(school: ExerciseSchool) -> Table:
    """The same two counts for the eight classes together."""
    table = _reviews_by_class(school)
    return Table(
        "The eight classes together",
        ("Reviews held", "With a parent or carer taking part"),
        (Row("all", (str(int(table["size"].sum())), str(int(table["sum"].sum())))),),
    )


def classes_to_ask_about(school: ExerciseSchool) -> list[str]:
    """Classes where parents took part in a smaller share of reviews than in the eight together."""
    table = _reviews_by_class(school)
    return [str(name).lower() for name in table.index[table["share"] < _share_with_parents(school)]]


def classes_with_few(school: ExerciseSchool) -> list[str]:
    """The slip: classes with fewer such reviews than others, though not a smaller share."""
    table = _reviews_by_class(school)
    others = table[table["share"] >= _share_with_parents(school)]
    few = others[others["sum"] <= table["sum"].median()]
    few = few if len(few) else others.nsmallest(1, "sum")
    return [str(name).lower() for name in few.index]


def reviews_picture(school: ExerciseSchool) -> Bars:
    """Reviews held for each pupil with SEN in the year, in per cent of the pupils: one, two, three or more."""
    held = school.tables["reviews"].groupby("pupil_id").size()
    pupils = school.tables["pupils"]
    sen = pupils.loc[pupils["SENprovision"].isin(WITH_SEN), "pupil_id"]
    number = held.reindex(sen).fillna(0).to_numpy()
    three, two = float((number >= 3).mean()), float((number == 2).mean())
    bars = (
        Bar("Three or more", 100 * three),
        Bar("Two", 100 * two),
        Bar("One or none", 100 * (1 - three - two)),
    )
    return Bars(
        "Reviews in the year of each pupil with SEN, in an invented school",
        bars,
        "per cent",
        f"{100 * three:.0f} per cent of the pupils with SEN had three reviews or more, {100 * two:.0f} per cent had "
        f"two, and {100 * (1 - three - two):.0f} per cent one or none.",
    )


# ---- 6 Notional budget and threshold ----


def threshold_picture(school: ExerciseSchool) -> Bars:
    """The ten pupils with SEN whose provision on the map costs most, beside the threshold."""
    table = cost.threshold(school.data).sort_values("cost", ascending=False).head(10)
    limit = float(str(fact("notional-sen-threshold").value))
    each = zip(table["pupil_id"], table["cost"], strict=True)
    bars = tuple(Bar(f"Pupil {int(pupil)}", float(pounds_a_year)) for pupil, pounds_a_year in each)
    return Bars(
        "What groups and one-to-one sessions cost: the ten dearest pupils with SEN of an invented school, beside the "
        "threshold",
        (*bars, Bar("The threshold", limit)),
        "pounds a year",
        f"The ten pupils cost {pounds(table['cost'].min())} to {pounds(table['cost'].max())} each for a year's groups "
        f"and one-to-one sessions. The threshold bar stands at {pounds(limit)}.",
    )


def example_over(school: ExerciseSchool) -> float:
    """The part of the example's cost that lies above the threshold."""
    return EXAMPLE_COST - float(str(fact("notional-sen-threshold").value))


def example_threshold(school: ExerciseSchool) -> float:
    """The slip: the threshold itself, as if it came with the pupil."""
    return float(str(fact("notional-sen-threshold").value))


def example_all(school: ExerciseSchool) -> float:
    """The slip: the whole cost, as if top-up paid for everything."""
    return float(EXAMPLE_COST)


def _with_an_adult(school: ExerciseSchool) -> tuple[int, int, int]:
    """(pupil, adult, lessons a week): the pupil who has an adult alone for most lessons."""
    table = school.tables["deployment"]
    alone = table[table["activity"].astype("str") == "pupil"]
    lessons = alone.groupby(["pupil_id", "staff_id"]).size().sort_values(ascending=False, kind="stable")
    pupil, adult = lessons.index[0]
    return int(pupil), int(adult), int(lessons.iloc[0])


def _rate(school: ExerciseSchool, adult: int) -> float:
    """Pounds for an hour of an adult, to the penny."""
    staff = school.tables["staff"]
    return round(float(staff.loc[staff["staff_id"] == adult, "hourly_cost"].iloc[0]), 2)


def _adult_cost(school: ExerciseSchool) -> float:
    _, adult, lessons = _with_an_adult(school)
    return lessons * _rate(school, adult) * float(str(fact("school-weeks").value))


def _sessions_cost(school: ExerciseSchool) -> float:
    """The pupil's share of groups and one-to-one sessions beyond what all pupils get, in whole pounds."""
    pupil = _with_an_adult(school)[0]
    beyond = cost.threshold(school.data)
    mine = beyond.loc[beyond["pupil_id"] == pupil, "cost"]
    return float(round(mine.iloc[0])) if len(mine) else 0.0


def pupil_with_an_adult(school: ExerciseSchool) -> Table:
    """What the pupil with most one-to-one lessons gets, in hours, rates and pounds; no total."""
    pupil, adult, lessons = _with_an_adult(school)
    rate = _rate(school, adult)
    weeks = float(str(fact("school-weeks").value))
    rows = (
        ("Lessons a week with an adult of their own, each a paid hour", str(lessons)),
        ("Cost of an hour of that adult", f"£{rate:.2f}"),
        ("Weeks in the school year", f"{weeks:g}"),
        ("Their share of groups and other sessions in the year", pounds(_sessions_cost(school))),
        ("The threshold", pounds(float(str(fact("notional-sen-threshold").value)))),
    )
    return Table(
        f"Support of pupil {pupil} beyond what all pupils get, in an invented school",
        ("What", "How much"),
        tuple(Row(str(at), cells) for at, cells in enumerate(rows, start=1)),
    )


def above_threshold(school: ExerciseSchool) -> float:
    """Pounds by which that pupil's support costs more than the threshold."""
    limit = float(str(fact("notional-sen-threshold").value))
    return max(_adult_cost(school) + _sessions_cost(school) - limit, 0.0)


def whole_support(school: ExerciseSchool) -> float:
    """The slip: the whole cost, as if top-up paid for everything."""
    return _adult_cost(school) + _sessions_cost(school)


def without_sessions(school: ExerciseSchool) -> float:
    """The slip: the adult's hours alone, above the threshold."""
    return max(_adult_cost(school) - float(str(fact("notional-sen-threshold").value)), 0.0)


# ---- 7 Costing ----


def _costed(school: ExerciseSchool, name: str) -> pd.Series[Any]:
    """A provision in groups that has preparation and materials, so that each slip gives another figure."""
    table = _beyond_all(school)
    groups = (table["groups"] >= 3) & (table["group_size"] >= 4) & (table["preparation_minutes"] > 0)
    table = table[groups & (table["resources_per_pupil"] > 1)]
    if name == "lesson":
        return _most(table.assign(surely=table["effect_low"].fillna(-99)), "surely")
    left = table[table["provision_id"] != _works(school)["provision_id"]]
    left = left if len(left) else table
    return left.iloc[int(school.draw(name).integers(len(left)))]


def _next_year(school: ExerciseSchool, name: str) -> pd.Series[Any]:
    """The provision as planned for next year: two weeks longer, or two shorter where the year has no room. So its cost
    has to be worked out, and can be read off no other table and no page."""
    one = _costed(school, name).copy()
    now = int(one["weeks"])
    weeks = now + 2 if now + 2 <= float(str(fact("school-weeks").value)) else now - 2
    for by_the_week in ("staff_cost", "preparation_cost"):
        one[by_the_week] = float(one[by_the_week]) * weeks / now
    one["weeks"] = weeks
    one["cost"] = float(one["staff_cost"]) + float(one["resource_cost"])
    one["cost_with_preparation"] = float(one["cost"]) + float(one["preparation_cost"])
    return one


def _bill(one: pd.Series[Any]) -> Table:
    """Hours, rates and materials of one run, as a timetable and the office would give them."""
    article = "an" if str(one["role"])[0] in "aeiou" else "a"
    rows = (
        ("Pupils", str(int(one["pupils"]))),
        ("Groups", str(int(one["groups"]))),
        ("Sessions a week for each group", f"{float(one['sessions_per_week']):g}"),
        ("Minutes a session", str(int(one["minutes"]))),
        ("Weeks", str(int(one["weeks"]))),
        ("Preparation for each session, in minutes", str(int(one["preparation_minutes"]))),
        ("Cost of an hour of the adult, on-costs included", f"£{float(one['hourly_cost']):.2f}"),
        ("Materials a pupil", f"£{float(one['resources_per_pupil']):.2f}"),
    )
    return Table(
        f"{one['name']}: the run planned for next year in an invented school, given by {article} {one['role']}",
        ("What", "How much"),
        tuple(Row(str(at), cells) for at, cells in enumerate(rows, start=1)),
    )


def worked_costing(school: ExerciseSchool) -> Table:
    """One run costed in steps, each with its sum."""
    one = _costed(school, "lesson")
    groups, weekly, weeks = int(one["groups"]), float(one["sessions_per_week"]), int(one["weeks"])
    minutes, before, rate = int(one["minutes"]), int(one["preparation_minutes"]), float(one["hourly_cost"])
    pupils, each = int(one["pupils"]), float(one["resources_per_pupil"])
    sessions = groups * weekly * weeks
    everything, delivered = float(one["cost_with_preparation"]), float(one["hours_delivered"])
    rows = (
        ("Sessions", f"{groups} groups × {weekly:g} a week × {weeks} weeks", f"{sessions:g}"),
        ("Hours with pupils", f"{sessions:g} × {minutes} minutes ÷ 60", f"{one['hours_planned']:.1f}"),
        ("Pay for them", f"{one['hours_planned']:.1f} hours × £{rate:.2f}", pounds(one["staff_cost"])),
        ("Hours of preparation", f"{sessions:g} × {before} minutes ÷ 60", f"{one['preparation_hours']:.1f}"),
        ("Pay for them", f"{one['preparation_hours']:.1f} hours × £{rate:.2f}", pounds(one["preparation_cost"])),
        ("Materials", f"{pupils} pupils × £{each:.2f}", pounds(one["resource_cost"])),
        ("The whole run", "pay + preparation + materials", pounds(everything)),
        ("A pupil", f"{pounds(everything)} ÷ {pupils} pupils", pounds(everything / pupils)),
        (
            "A delivered hour",
            f"{pounds(everything)} ÷ {delivered:.1f} hours that took place",
            f"£{everything / delivered:.2f}",
        ),
    )
    return Table(
        f"{one['name']}, costed in steps, in an invented school",
        ("Step", "Sum", "Comes to"),
        tuple(Row(str(at), cells) for at, cells in enumerate(rows, start=1)),
    )


def cost_picture(school: ExerciseSchool) -> Bars:
    """What a place costs in each provision in groups or one to one, preparation included."""
    table = _beyond_all(school).sort_values("cost_per_pupil_with_preparation")
    bars = tuple(Bar(str(one["name"]), float(one["cost_per_pupil_with_preparation"])) for _, one in table.iterrows())
    return Bars(
        "What a pupil's place costs for one run, preparation included, in an invented school",
        bars,
        "pounds a pupil",
        f"{len(bars)} provisions from {bars[0].label} at {pounds(bars[0].value)} a pupil to {bars[-1].label} at "
        f"{pounds(bars[-1].value)} a pupil.",
    )


def bill_to_practise(school: ExerciseSchool) -> Table:
    """Hours and rates of the run in the check on cost a pupil."""
    return _bill(_next_year(school, "a place"))


def cost_a_place(school: ExerciseSchool) -> float:
    """Pounds a pupil, preparation and materials included."""
    one = _next_year(school, "a place")
    return float(one["cost_with_preparation"]) / float(one["pupils"])


def place_without_preparation(school: ExerciseSchool) -> float:
    """The slip: preparation left out."""
    one = _next_year(school, "a place")
    return float(one["cost"]) / float(one["pupils"])


def place_of_one_group(school: ExerciseSchool) -> float:
    """The slip: one group costed, its pay shared by all the pupils."""
    one = _next_year(school, "a place")
    pay = float(one["staff_cost"] + one["preparation_cost"]) / float(one["groups"])
    return (pay + float(one["resource_cost"])) / float(one["pupils"])


def bill_of_the_run(school: ExerciseSchool) -> Table:
    """Hours and rates of the run in the graded question on cost."""
    return _bill(_next_year(school, "the run"))


def cost_of_the_run(school: ExerciseSchool) -> float:
    """Pounds for the whole run, preparation and materials included (fact provision-cost-formula)."""
    return float(_next_year(school, "the run")["cost_with_preparation"])


def run_without_preparation(school: ExerciseSchool) -> float:
    """The slip: preparation left out."""
    return float(_next_year(school, "the run")["cost"])


def run_of_one_group(school: ExerciseSchool) -> float:
    """The slip: one group costed."""
    one = _next_year(school, "the run")
    return float(one["staff_cost"] + one["preparation_cost"]) / float(one["groups"]) + float(one["resource_cost"])


def run_for_each_pupil(school: ExerciseSchool) -> float:
    """The slip: pay counted for every pupil and not for every group."""
    one = _next_year(school, "the run")
    pay = float(one["staff_cost"] + one["preparation_cost"]) / float(one["groups"])
    return pay * float(one["pupils"]) + float(one["resource_cost"])


def _held(one: pd.Series[Any]) -> int:
    """Sessions of the adult that took place."""
    return round(float(one["hours_delivered"]) * 60 / float(one["minutes"]))


def _planned(one: pd.Series[Any]) -> int:
    """Sessions of the adult that were planned."""
    return round(float(one["hours_planned"]) * 60 / float(one["minutes"]))


def hours_that_happened(school: ExerciseSchool) -> Table:
    """Cost, planned and held sessions of the provision that reached its pupils least; without its name, which is the
    answer to another question."""
    one = _missed(school)
    rows = (
        ("Pay for the sessions, and materials", pounds(one["cost"])),
        ("Pay for preparation", pounds(one["preparation_cost"])),
        ("Minutes a session", str(int(one["minutes"]))),
        ("Sessions planned, all groups", str(_planned(one))),
        ("Sessions that took place, all groups", str(_held(one))),
    )
    return Table(
        "One provision of an invented school: what it cost and what took place",
        ("What", "How much"),
        tuple(Row(str(at), cells) for at, cells in enumerate(rows, start=1)),
    )


def delivered_hour(school: ExerciseSchool) -> float:
    """Pounds for each hour that took place, preparation included."""
    one = _missed(school)
    return float(one["cost_with_preparation"]) / (_held(one) * float(one["minutes"]) / 60)


def planned_hour(school: ExerciseSchool) -> float:
    """The slip: over the hours on paper."""
    one = _missed(school)
    return float(one["cost_with_preparation"]) / float(one["hours_planned"])


def hour_without_preparation(school: ExerciseSchool) -> float:
    """The slip: preparation left out."""
    one = _missed(school)
    return float(one["cost"]) / (_held(one) * float(one["minutes"]) / 60)


def a_session(school: ExerciseSchool) -> float:
    """The slip: a session, and not an hour."""
    one = _missed(school)
    return float(one["cost_with_preparation"]) / max(_held(one), 1)


# ---- 8 Best value ----


def effects_picture(school: ExerciseSchool) -> Bars:
    """What a place costs stands beside how far its pupils moved: the gain beside similar pupils, in reach of chance."""
    table = _shown_effects(school)
    middle = table["effect"].to_numpy(float)
    lift = 100.0
    bars = tuple(
        Bar(
            f"{one['name']} ({pounds(one['cost_per_pupil_with_preparation'])} a pupil)",
            lift + float(one["effect"]),
            lift + float(one["effect_low"]),
            lift + float(one["effect_high"]),
        )
        for _, one in table.iterrows()
    )
    above = int((table["effect_low"] > 0).sum())
    return Bars(
        "Where each group's pupils ended when similar pupils ended at 100, in an invented school",
        bars,
        "points of standard score",
        f"{len(bars)} provisions. Similar pupils without them end at 100. The middle values lie between "
        f"{lift + middle.min():.0f} and {lift + middle.max():.0f}; only {above} of the intervals lie wholly above 100.",
        start=max(60.0, min(100.0, float(np.floor((lift + table["effect_low"].min()) / 5) * 5))),
    )


def _shown_effects(school: ExerciseSchool) -> pd.DataFrame:
    """Up to nine compared provisions, those with most scores."""
    table = _compared(school)
    return table.nlargest(9, "both_scores").sort_values("effect", ascending=False)


def value_table(school: ExerciseSchool) -> Table:
    """The same provisions with cost, delivery and gain."""
    rows = [
        Row(
            _provision_id(one),
            (
                str(one["name"]),
                str(int(one["pupils"])),
                pounds(one["cost_per_pupil_with_preparation"]),
                percent(one["share"]),
                _beside_similar(one),
            ),
        )
        for _, one in _shown_effects(school).iterrows()
    ]
    return Table(
        "Cost and gain side by side, in an invented school",
        (
            "Provision",
            "Pupils",
            "Cost a pupil, preparation included",
            "Sessions that reached pupils",
            BESIDE,
        ),
        tuple(rows),
    )


def _four_to_judge(school: ExerciseSchool) -> pd.DataFrame:
    """Four or five provisions, one of which reached far fewer of its pupils than the others."""
    missed, given = _missed(school), _given(school)
    given = given[given["share"] - float(missed["share"]) >= 0.05]
    others = given.nlargest(4, "both_scores")
    return pd.concat([missed.to_frame().T, others]).sort_values("provision_id")


def before_judging(school: ExerciseSchool) -> Table:
    """Cost, sessions and gain of a few provisions; sessions as counts."""
    rows = [
        Row(
            _provision_id(one),
            (
                str(one["name"]),
                pounds(one["cost_with_preparation"]),
                f"{int(one['planned_sessions']):,}",
                f"{int(one['delivered_sessions']):,}",
                _beside_similar(one),
            ),
        )
        for _, one in _four_to_judge(school).iterrows()
    ]
    return Table(
        "Provisions that the head would like judged, in an invented school",
        (
            "Provision",
            "Cost of the run",
            "Pupil sessions planned",
            "Pupil sessions given",
            BESIDE,
        ),
        tuple(rows),
    )


def judged_options(school: ExerciseSchool) -> list[tuple[str, str]]:
    """Those provisions as options."""
    return [(_provision_id(one), str(one["name"])) for _, one in _four_to_judge(school).iterrows()]


def not_yet_fair(school: ExerciseSchool) -> str:
    """The one whose pupils were given the smallest share of their sessions."""
    return _provision_id(_missed(school))


def dearest_run(school: ExerciseSchool) -> str:
    """The slip: the one that costs most."""
    table = _four_to_judge(school)
    return _provision_id(_most(table, "cost_with_preparation"))


def lowest_gain(school: ExerciseSchool) -> str:
    """The slip: the one with the lowest middle value."""
    table = _four_to_judge(school)
    return _provision_id(_least(table, "effect"))


def _to_run_again(school: ExerciseSchool) -> pd.DataFrame:
    """Up to five provisions given as planned, the one with the best lower end and the one with the best middle in
    them."""
    table = _given(school)
    first = [table["effect_low"].idxmax(), table["effect"].idxmax(), table["cost_with_preparation"].idxmin()]
    order = list(dict.fromkeys([*first, *table.sort_values("both_scores", ascending=False).index]))[:5]
    return table.loc[order].sort_values("provision_id")


def one_to_run_again(school: ExerciseSchool) -> Table:
    """Pupils, cost and gain of provisions that were given as planned. It does not say that they were, and has no cost
    a pupil: both are asked elsewhere."""
    rows = [
        Row(
            _provision_id(one),
            (
                str(one["name"]),
                str(int(one["pupils"])),
                pounds(one["cost_with_preparation"]),
                _beside_similar(one),
            ),
        )
        for _, one in _to_run_again(school).iterrows()
    ]
    return Table(
        "Provisions that the head could run again, in an invented school",
        ("Provision", "Pupils", "Cost of the run", BESIDE),
        tuple(rows),
    )


def again_options(school: ExerciseSchool) -> list[tuple[str, str]]:
    """Those provisions as options."""
    return [(_provision_id(one), str(one["name"])) for _, one in _to_run_again(school).iterrows()]


def most_surely(school: ExerciseSchool) -> str:
    """The one whose interval reaches least far down."""
    table = _to_run_again(school)
    return _provision_id(_most(table, "effect_low"))


def largest_middle(school: ExerciseSchool) -> str:
    """The slip: the one with the largest middle value."""
    table = _to_run_again(school)
    return _provision_id(_most(table, "effect"))


def cheapest_of_them(school: ExerciseSchool) -> str:
    """The slip: the cheapest run, whatever it did."""
    table = _to_run_again(school)
    return _provision_id(_least(table, "cost_with_preparation"))


def dearest_of_them(school: ExerciseSchool) -> str:
    """The slip: the dearest run, as if price were a sign of strength."""
    table = _to_run_again(school)
    return _provision_id(_most(table, "cost_with_preparation"))


def _by_place(school: ExerciseSchool) -> pd.DataFrame:
    """Five provisions whose cost a pupil clearly differs, cheapest place first; of all such fives the one whose total
    costs tell the most different story."""
    table = _beyond_all(school).sort_values("cost_per_pupil_with_preparation")
    place = table["cost_per_pupil_with_preparation"].to_numpy(float)
    run = table["cost_with_preparation"].to_numpy(float)
    best, told = list(range(min(5, len(table)))), -1
    for some in combinations(range(len(table)), min(5, len(table))):
        each, whole = place[list(some)], run[list(some)]
        if (each[1:] < 1.15 * each[:-1]).any():
            continue
        otherwise = sum(whole[i] > 1.05 * whole[j] for i, j in combinations(range(len(some)), 2))
        if otherwise > told:
            best, told = list(some), otherwise
    return table.iloc[best]


def runs_to_order(school: ExerciseSchool) -> Table:
    """Pupils and cost of the whole run; no cost a pupil."""
    rows = [
        Row(_provision_id(one), (str(one["name"]), str(int(one["pupils"])), pounds(one["cost_with_preparation"])))
        for _, one in _by_place(school).sort_values("provision_id").iterrows()
    ]
    return Table(
        "What each run cost, preparation included, in an invented school",
        ("Provision", "Pupils", "Cost of the run"),
        tuple(rows),
    )


def order_options(school: ExerciseSchool) -> list[tuple[str, str]]:
    """The provisions to put in order, by name."""
    return [(_provision_id(one), str(one["name"])) for _, one in _by_place(school).sort_values("name").iterrows()]


def cheapest_place_first(school: ExerciseSchool) -> list[str]:
    """By cost a pupil, lowest first."""
    return [_provision_id(one) for _, one in _by_place(school).iterrows()]


def cheapest_run_first(school: ExerciseSchool) -> list[str]:
    """The slip: by cost of the run."""
    return [_provision_id(one) for _, one in _by_place(school).sort_values("cost_with_preparation").iterrows()]


# ---- 9 Money follows the priority group ----


def _lines(school: ExerciseSchool) -> pd.DataFrame:
    """Pounds of each line that is meant for certain pupils, by whom they were spent for."""
    spending = school.tables["spending"]
    table = spending.assign(
        line=spending["funding_line"].astype("str"), group=spending["spent_for"].astype("str")
    ).pivot_table(index="line", columns="group", values="amount", aggfunc="sum", fill_value=0.0)
    return table.reindex([line for line in MEANT_FOR if line in table.index])


def _off_target(school: ExerciseSchool) -> pd.DataFrame:
    """Of each line: pounds spent, pounds spent on others than those it is meant for, and their share."""
    table = _lines(school)
    spent = table.sum(axis=1)
    meant = pd.Series(
        {line: float(table.loc[line].reindex(list(MEANT_FOR[line])).fillna(0).sum()) for line in table.index}
    )
    return pd.DataFrame({"spent": spent, "others": spent - meant, "share": 1 - meant / spent})


def line_table(school: ExerciseSchool) -> Table:
    """What was spent from each line, by whom it was spent for: pounds, no shares."""
    table = _lines(school)
    groups = [group for group in codes.PRIORITY_GROUPS if group in table.columns]
    rows = [
        Row(str(line), (str(line), " or ".join(MEANT_FOR[str(line)]), *(pounds(one[group]) for group in groups)))
        for line, one in table.iterrows()
    ]
    return Table(
        "What was spent from the lines that are meant for certain pupils, and for whom, in an invented school",
        ("Line", "Meant for", *(group[:1].upper() + group[1:] for group in groups)),
        tuple(rows),
    )


def line_options(school: ExerciseSchool) -> list[tuple[str, str]]:
    """The lines as options."""
    return [(str(line), f"The line “{line}”") for line in _lines(school).index]


def line_to_ask_about(school: ExerciseSchool) -> str:
    """The line with the largest share spent on others than those it is meant for."""
    return str(_off_target(school)["share"].idxmax())


def line_with_most_spent(school: ExerciseSchool) -> str:
    """The slip: the largest line."""
    return str(_off_target(school)["spent"].idxmax())


def line_with_most_pounds_off(school: ExerciseSchool) -> str:
    """The slip: the line with the most pounds on others, though it is a small part of it."""
    table = _off_target(school)
    rest = table.drop(index=line_to_ask_about(school))
    return str(rest["others"].idxmax())


def _premium(school: ExerciseSchool) -> tuple[float, float, float]:
    """Pounds of the pupil premium line spent for disadvantaged pupils, of the whole line, and of all lines."""
    table = _lines(school)
    line = table.index == "pupil premium"
    meant = table.columns == "disadvantaged pupils"
    pounds_spent = table.to_numpy(float)
    return float(pounds_spent[line][:, meant].sum()), float(pounds_spent[line].sum()), float(pounds_spent.sum())


def premium_on_target(school: ExerciseSchool) -> float:
    """Per cent of the pupil premium line that was spent for disadvantaged pupils."""
    reached, line, _ = _premium(school)
    return 100 * reached / line


def premium_off_target(school: ExerciseSchool) -> float:
    """The slip: the other part."""
    return 100 - premium_on_target(school)


def premium_of_all_lines(school: ExerciseSchool) -> float:
    """The slip: over what all lines together spent."""
    reached, _, everything = _premium(school)
    return 100 * reached / everything


def line_picture(school: ExerciseSchool) -> Bars:
    """The share of each line but the pupil premium that went to those it is meant for."""
    table = _off_target(school).drop(index="pupil premium", errors="ignore")
    bars = tuple(Bar(str(line), 100 * (1 - float(one["share"]))) for line, one in table.iterrows())
    told = "; ".join(f"{bar.label} {bar.value:.0f} per cent" for bar in bars)
    return Bars(
        "The part of each line spent on those it is meant for, in an invented school (the pupil premium is for you to "
        "work out)",
        bars,
        "per cent",
        f"The part of each line that was spent on the pupils it is meant for: {told}.",
    )


# ---- sharing out the fund ----


def _trained(school: ExerciseSchool) -> pd.DataFrame:
    """Pupils by main type of need, and adults trained in it beyond awareness; commonest first."""
    pupils = school.data.pupils
    mine = pupils.loc[pupils["SENprovision"].isin(WITH_SEN) & pupils["area"].notna(), "SENtype"].astype("str")
    counts = mine.value_counts()
    training = school.tables["training"]
    deep = training[training["level"].astype("str") != "awareness"]
    kind, area = deep["SENtype"].astype("str"), deep["area"].astype("str")
    adults = {
        need: int(
            deep.loc[
                (kind == need) | (deep["SENtype"].isna() & (area == codes.SEN_TYPE_AREAS[str(need)])), "staff_id"
            ].nunique()
        )
        for need in counts.index
    }
    return pd.DataFrame({"pupils": counts, "adults": pd.Series(adults)}).sort_values("pupils", ascending=False)


def _gap(school: ExerciseSchool) -> str:
    """The commonest type of need with nobody trained in it beyond awareness; else the one with fewest."""
    table = _trained(school)
    nobody = table[table["adults"] == 0]
    return str(nobody.index[0] if len(nobody) else (table["pupils"] / table["adults"]).idxmax())


def _covered(school: ExerciseSchool) -> str:
    """A rarer type of need with the most adults trained in it."""
    table = _trained(school).drop(index=_gap(school))
    return str(table["adults"].idxmax())


def _training_price(school: ExerciseSchool) -> float:
    """One adult in each year group, at about what a place beyond awareness has cost the school, in whole tens."""
    training = school.tables["training"]
    deep = training[(training["level"].astype("str") != "awareness") & (training["cost"] > 0)]
    place = float(deep["cost"].mean()) if len(deep) else 150.0
    years = school.tables["pupils"]["NCyearActual"].astype("str").nunique()
    return float(np.ceil(max(place, 60.0) * years / 10) * 10)


def _whole(one: pd.Series[Any]) -> float:
    """The cost of another run, in pounds rounded up to the next ten."""
    return float(np.ceil(float(one["cost_with_preparation"]) / 10) * 10)


def fund_to_share(school: ExerciseSchool) -> float:
    """What the inclusive mainstream fund line holds, rounded down to hundreds."""
    return float(np.floor(_fund(school) / 100) * 100)


def _cover(one: pd.Series[Any]) -> float:
    """The pay for as many sessions as were lost, in pounds rounded up to the next ten."""
    lost = 1 - _held(one) / max(_planned(one), 1)
    return float(np.ceil(float(one["staff_cost"] + one["preparation_cost"]) * lost / 10) * 10)


def fund_options(school: ExerciseSchool) -> list[tuple[str, str]]:
    """What the fund could pay for, with prices; the letters stay the same whatever the school."""
    missed, works, weak, dear = (pick(school) for pick in (_missed, _works, _weak, _dear))
    names = codes.SEN_TYPE_NAMES
    price = pounds(_training_price(school))
    everyone = "for one adult in each year group"
    return [
        ("a", f"{weak['name']}, another run ({pounds(_whole(weak))})"),
        ("b", f"Training in {_lower(names[_covered(school)])} {everyone} ({price})"),
        ("c", f"{works['name']}, another run ({pounds(_whole(works))})"),
        ("d", f"{dear['name']}, another run ({pounds(_whole(dear))})"),
        ("e", f"Training in {_lower(names[_gap(school)])} {everyone} ({price})"),
        ("f", f"Cover for the provision that lost most sessions, so that they take place ({pounds(_cover(missed))})"),
        ("g", "Kept back until the spring review"),
    ]


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def fund_evidence(school: ExerciseSchool) -> Table:
    """Delivery and gain of the provisions that ask for money."""
    chosen = [pick(school) for pick in (_weak, _works, _dear, _missed)]
    rows = [
        Row(
            _provision_id(one),
            (
                str(one["name"]),
                str(int(one["pupils"])),
                f"{int(one['delivered_sessions']):,} of {int(one['planned_sessions']):,}",
                _beside_similar(one),
            ),
        )
        for one in sorted(chosen, key=lambda one: int(one["provision_id"]))
    ]
    return Table(
        "Provisions that ask for money from the fund, in an invented school",
        ("Provision", "Pupils", "Pupil sessions given, of those planned", BESIDE),
        tuple(rows),
    )


def fund_training(school: ExerciseSchool) -> Table:
    """Pupils by main need and the adults trained in it, for the needs that are commonest or asked for."""
    table = _trained(school)
    shown = list(dict.fromkeys([*table.index[:4], _gap(school), _covered(school)]))
    rows = [
        Row(
            str(need),
            (codes.SEN_TYPE_NAMES[str(need)], str(int(table.loc[need, "pupils"])), str(int(table.loc[need, "adults"]))),
        )
        for need in sorted(shown, key=lambda need: codes.SEN_TYPE_NAMES[str(need)])
    ]
    return Table(
        "Main types of need, and who is trained, in an invented school",
        ("Type of need", "Pupils with SEN for whom it is the main need", "Adults trained in it beyond awareness"),
        tuple(rows),
    )


def price_of_what_works(school: ExerciseSchool) -> float:
    """Another run of the provision with a clear gain."""
    return _whole(_works(school))


def price_of_training(school: ExerciseSchool) -> float:
    """Training for the commonest need that nobody is trained for."""
    return _training_price(school)


def a_tenth_of_the_fund(school: ExerciseSchool) -> float:
    """The most that goes to what was given and cannot be told from no effect."""
    return fund_to_share(school) / 10
