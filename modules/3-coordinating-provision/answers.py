"""What module 3 asks of an invented school: who is found, reviewed and helped, by whom, and with what result."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from senco_kit.course.exercise import Bar, Bars, ExerciseSchool, Row, Table
from senco_kit.in_figures import interval
from senco_kit.provision.impact import RELIABLE
from senco_kit.schools import codes
from senco_kit.standards.read import fact

#: A table of pandas. Its columns have no types that a checker could know, so nothing is claimed of them.
Frame: TypeAlias = Any

#: A pupil who misses this share of sessions or more is persistently absent (the Department for Education's measure).
PERSISTENT = 0.10
#: Both tests stand this many points lower in summer: the rule that the termly meeting of the exercise works by.
FALL = 5
#: Fewest pupils with low scores for a group to be compared with others.
FEWEST_ALIKE = 5
#: Fewest pupils with scores for a class to be shown.
FEWEST_IN_CLASS = 12

_BIRTH = {
    "autumn": ("Born September to December", (9, 10, 11, 12)),
    "spring": ("Born January to April", (1, 2, 3, 4)),
    "summer": ("Born May to August", (5, 6, 7, 8)),
}
_LANGUAGES = {"english": ("First language English", "ENG"), "eal": ("English as an additional language", "OTH")}
_TERMS = ("Autumn", "Spring", "Summer")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@lru_cache(maxsize=8)
def _pupils(school: ExerciseSchool) -> Frame:
    """Every pupil by number, with year in words, scores in reading and maths, and the share of sessions missed."""
    pupils = school.tables["pupils"].set_index("pupil_id")
    tests = school.tables["assessments"]
    tests = tests[tests["tool"].isin(["READ", "MATH"])]
    scores: Frame = tests.pivot_table(index="pupil_id", columns=["tool", "term"], values="score", observed=True)
    scores.columns = [f"{tool}_{term}" for tool, term in scores.columns]
    sessions = school.tables["attendance"].groupby("pupil_id")[["sessions_possible", "sessions_attended"]].sum()
    pupils = pupils.join(scores).join(sessions)
    pupils["missed"] = pupils["sessions_possible"] - pupils["sessions_attended"]
    pupils["absence"] = pupils["missed"] / pupils["sessions_possible"]
    pupils["autumn"] = pupils[["READ_autumn", "MATH_autumn"]].mean(axis=1, skipna=False)
    pupils["summer"] = pupils[["READ_summer", "MATH_summer"]].mean(axis=1, skipna=False)
    pupils["class_name"] = pupils["class_name"].astype("str")
    return pupils


def _some(school: ExerciseSchool, name: str, rows: Frame, number: int) -> Frame:
    """So many rows by luck, the same each time; as far as can be, no two pupils of one class."""
    mixed = rows.iloc[school.draw(name).permutation(len(rows))]
    first = mixed[~mixed["class_name"].duplicated()] if "class_name" in mixed else mixed
    return pd.concat([first, mixed.drop(first.index)]).head(number)


def _whole(value: float) -> str:
    return f"{value:.0f}"


def _sessions(number: float, minutes: float) -> str:
    """How often and how long: "3 sessions of 20 minutes"."""
    return f"{number:g} {'session' if number == 1 else 'sessions'} of {minutes:.0f} minutes"


# --- C1a: a first look at scores, absence and groups --------------------------------------------------------------


@lru_cache(maxsize=8)
def _concerns(school: ExerciseSchool) -> Frame:
    """The pupils of the exercise: both tests fell, fell and often away, low but steady, and one test fell."""
    every = _pupils(school)
    every = every[(every["SENprovision"] == "N") & every["autumn"].notna() & every["summer"].notna()]
    falls = [every[f"{tool}_autumn"].round() - every[f"{tool}_summer"].round() for tool in ("READ", "MATH")]
    every = every.assign(least_fall=np.minimum(*falls), most_fall=np.maximum(*falls))
    both, away = every["least_fall"] >= FALL, every["absence"].round(2) >= PERSISTENT
    steady = (every["most_fall"] <= 2) & ~away
    low = steady & every.index.isin(every[steady].nsmallest(20, "summer").index)
    one = (every["most_fall"] >= FALL) & ~both & ~away & (every["least_fall"] <= 3)
    parts = [(both & ~away, 4), (both & away, 3), (low, 4), (one, 3)]
    chosen = [_some(school, f"concern {at}", every[rows], number) for at, (rows, number) in enumerate(parts)]
    return pd.concat(chosen).sort_index()


def concern_table(school: ExerciseSchool) -> Table:
    """Pupils without SEN whom the termly meeting looks at, with scores at both ends of the year and absence."""
    rows = [
        Row(
            str(number),
            (
                str(number),
                one.class_name,
                "English" if one.Language == "ENG" else "Other",
                _whole(one.READ_autumn),
                _whole(one.READ_summer),
                _whole(one.MATH_autumn),
                _whole(one.MATH_summer),
                f"{one.absence:.0%}",
            ),
        )
        for number, one in zip(_concerns(school).index, _concerns(school).itertuples(), strict=True)
    ]
    columns = (
        "Pupil",
        "Class",
        "First language",
        "Reading, autumn",
        "Reading, summer",
        "Maths, autumn",
        "Maths, summer",
        "Sessions missed",
    )
    return Table("Invented pupils with no SEN recorded, for the termly meeting (standard scores)", columns, tuple(rows))


def concern_pupils(school: ExerciseSchool) -> list[str]:
    """Both tests stand 5 points or more lower, and less than 10 % of sessions missed (compare the Code, 6.17)."""
    table = _concerns(school)
    found = (table["least_fall"] >= FALL) & (table["absence"].round(2) < PERSISTENT)
    return [str(number) for number in table.index[found]]


def concern_lowest(school: ExerciseSchool) -> list[str]:
    """The slip: the pupils with the lowest scores, as many as are right."""
    lowest = _concerns(school).nsmallest(len(concern_pupils(school)), "summer")
    return [str(number) for number in sorted(lowest.index)]


def concern_with_absent(school: ExerciseSchool) -> list[str]:
    """The slip: everyone whose two tests fell, however often away."""
    table = _concerns(school)
    return [str(number) for number in table.index[table["least_fall"] >= FALL]]


@lru_cache(maxsize=8)
def _alike(school: ExerciseSchool) -> tuple[int, dict[str, tuple[str, int, int, int, int]]]:
    """Groups by birth and language: pupils, recorded, pupils who score under a limit, and recorded of those.

    The limit is the first at which the group recorded least often is clear of the next.
    """
    pupils = _pupils(school)
    pupils = pupils[pupils["autumn"].notna()]
    recorded = pupils["SENprovision"].isin(["K", "E"])
    members = {name: (label, pupils["birth_month"].isin(months)) for name, (label, months) in _BIRTH.items()}
    members |= {name: (label, pupils["Language"] == code) for name, (label, code) in _LANGUAGES.items()}
    best: tuple[float, int, dict[str, tuple[str, int, int, int, int]]] = (-1.0, 0, {})
    for limit in (90, 88, 92, 94, 86, 96):
        low = pupils["autumn"] < limit
        found: dict[str, tuple[str, int, int, int, int]] = {}
        for name, (label, of) in members.items():
            counts = [int(rows.sum()) for rows in (of, of & recorded, of & low, of & low & recorded)]
            if counts[2] >= FEWEST_ALIKE:
                found[name] = (label, counts[0], counts[1], counts[2], counts[3])
        shares = sorted(row[4] / row[3] for row in found.values())
        clear = shares[1] - shares[0]
        if clear > best[0]:
            best = (clear, limit, found)
        if clear >= 0.04:
            break
    return best[1], best[2]


def alike_table(school: ExerciseSchool) -> Table:
    """How many of each group are recorded with SEN: of all, and of those who score alike."""
    limit, groups = _alike(school)
    rows = tuple(
        Row(name, (label, *(f"{number:,}" for number in numbers))) for name, (label, *numbers) in groups.items()
    )
    columns = ("Group", "Pupils", "Recorded with SEN", f"Pupils who score under {limit}", "Of these, recorded with SEN")
    caption = "Who is recorded with SEN: all pupils, and those who score alike (autumn, reading and maths together)"
    return Table(f"{caption}. Each invented pupil counts twice: by birth and by language", columns, rows)


def alike_options(school: ExerciseSchool) -> list[tuple[str, str]]:
    """The groups."""
    return [(name, label) for name, (label, *_) in _alike(school)[1].items()]


def alike_least(school: ExerciseSchool) -> str:
    """The group recorded least often among pupils who score alike."""
    groups = _alike(school)[1]
    return min(groups, key=lambda name: groups[name][4] / groups[name][3])


def alike_fewest(school: ExerciseSchool) -> str:
    """The slip: the group with the fewest recorded, whatever its size."""
    groups = _alike(school)[1]
    return min(groups, key=lambda name: groups[name][4])


def alike_most_low(school: ExerciseSchool) -> str:
    """The slip: the group with the most pupils who score low."""
    groups = _alike(school)[1]
    return max(groups, key=lambda name: groups[name][3])


def alike_least_of_all(school: ExerciseSchool) -> str:
    """The slip: the group with the lowest share of all its pupils, whatever they score."""
    groups = _alike(school)[1]
    return min(groups, key=lambda name: groups[name][2] / max(groups[name][1], 1))


def recorded_by_birth(school: ExerciseSchool) -> Bars:
    """Share of the pupils born in each third of the school year who are recorded with SEN."""
    pupils = _pupils(school)
    recorded = pupils["SENprovision"].isin(["K", "E"])
    bars = []
    for label, months in _BIRTH.values():
        mine = recorded[pupils["birth_month"].isin(months)]
        bars.append(_share_bar(label, int(mine.sum()), len(mine)))
    says = "; ".join(f"{bar.label}: {bar.value:.0f} per cent" for bar in bars)
    return Bars("Invented pupils recorded with SEN, by month of birth", tuple(bars), "per cent", f"{says}.")


def _share_bar(label: str, some: int, of: int) -> Bar:
    """A share in per cent with its 95 % interval (Wilson), which never leaves 0 to 100."""
    share, z = some / of, 1.96
    middle = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z * np.sqrt(share * (1 - share) / of + z**2 / (4 * of**2)) / (1 + z**2 / of)
    low, high = max(middle - half, 0.0), min(middle + half, 1.0)
    return Bar(label, round(100 * share, 1), round(100 * float(low), 1), round(100 * float(high), 1))


@lru_cache(maxsize=8)
def _low_scorers(school: ExerciseSchool) -> Frame:
    """Twelve pupils with low summer scores: some often away, some nearly always there."""
    pupils = _pupils(school)
    pupils = pupils[(pupils["SENprovision"] == "N") & pupils["summer"].notna() & pupils["autumn"].notna()]
    low = pupils.nsmallest(max(60, len(pupils) // 5), "summer")
    share = low["missed"] / low["sessions_possible"]
    # Nobody stands so near the line that rounding decides.
    away, there = low[share >= PERSISTENT + 0.01], low[share < PERSISTENT - 0.02]
    chosen = [_some(school, "away", away, 4), _some(school, "there", there, 8)]
    return pd.concat(chosen).sort_index()


def low_scorers(school: ExerciseSchool) -> Table:
    """Pupils with low scores in summer, with the sessions they could have attended and missed."""
    rows = tuple(
        Row(
            str(number),
            (
                str(number),
                one.class_name,
                _whole(one.summer),
                f"{one.sessions_possible:.0f}",
                f"{one.missed:.0f}",
                "English" if one.Language == "ENG" else "Other",
            ),
        )
        for number, one in zip(_low_scorers(school).index, _low_scorers(school).itertuples(), strict=True)
    )
    columns = ("Pupil", "Class", "Summer score", "Possible sessions", "Sessions missed", "First language")
    return Table(
        "Twelve invented pupils with low scores and no SEN recorded (reading and maths together)", columns, rows
    )


def often_away(school: ExerciseSchool) -> list[str]:
    """Low scorers who missed 10 % of sessions or more: the measure of persistent absence."""
    table = _low_scorers(school)
    return [str(number) for number in table.index[table["absence"] >= PERSISTENT]]


def lowest_of_low(school: ExerciseSchool) -> list[str]:
    """The slip: the lowest scores, as many as are often away."""
    lowest = _low_scorers(school).nsmallest(len(often_away(school)), "summer")
    return [str(number) for number in sorted(lowest.index)]


# --- C1c: teaching first ------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _classes(school: ExerciseSchool) -> Frame:
    """Each class with enough scores: pupils, places beyond lessons, mean scores, who kept pace, teaching seen."""
    pupils = _pupils(school)
    tier = school.tables["provisions"].set_index("provision_id")["tier"].astype("str")
    enrolments = school.tables["enrolments"]
    beyond = enrolments[enrolments["provision_id"].map(tier) != "universal"].groupby("pupil_id").size()
    pupils = pupils.assign(places=beyond.reindex(pupils.index).fillna(0))
    both = pupils[pupils["autumn"].notna() & pupils["summer"].notna()]
    kept = both["summer"] >= both["autumn"]
    table = pd.DataFrame(
        {
            "pupils": pupils.groupby("class_name").size(),
            "places": pupils.groupby("class_name")["places"].sum().astype(int),
            "scored": both.groupby("class_name").size(),
            "autumn": both.groupby("class_name")["autumn"].mean().round(1),
            "summer": both.groupby("class_name")["summer"].mean().round(1),
            "kept": kept.groupby(both["class_name"]).sum(),
        }
    )
    looks = school.tables["observations"]
    seen = pd.crosstab(looks["class_name"].astype("str"), looks["seen"].astype("str"))
    for word in ("yes", "partly", "no"):
        table[word] = seen[word].reindex(table.index).fillna(0).astype(int) if word in seen else 0
    table = table[(table["scored"] >= FEWEST_IN_CLASS) & table[["yes", "partly", "no"]].any(axis=1)]
    return table.assign(change=(table["summer"] - table["autumn"]).round(1), each=table["places"] / table["pupils"])


@lru_cache(maxsize=8)
def _four_classes(school: ExerciseSchool) -> Frame:
    """The class that fell furthest behind, the lowest scoring, the one with fewest places a pupil, and one more."""
    table = _classes(school)
    behind = table["change"].idxmin()
    others = table.drop(index=behind)
    others = others[others["change"] > table["change"].min() + 1.5]
    lowest = others["summer"].idxmin()
    fewest = others.drop(index=lowest)["each"].idxmin()
    more = others.drop(index=[lowest, fewest]).index
    another = more[int(school.draw("another class").integers(len(more)))]
    return table.loc[sorted([behind, lowest, fewest, another])]


def _class_table(table: Frame, caption: str) -> Table:
    rows = tuple(
        Row(
            str(name),
            (
                str(name),
                str(one.pupils),
                str(one.places),
                f"{one.autumn:.1f}",
                f"{one.summer:.1f}",
                f"{one.yes} / {one.partly} / {one.no}",
            ),
        )
        for name, one in zip(table.index, table.itertuples(), strict=True)
    )
    columns = (
        "Class",
        "Pupils",
        "Places in provision beyond lessons",
        "Mean score, autumn",
        "Mean score, summer",
        "Points of teaching: seen / in part / not",
    )
    return Table(caption, columns, rows)


def class_requests(school: ExerciseSchool) -> Table:
    """The four classes whose teachers ask for one more group."""
    caption = "Four invented classes that ask for one more group (reading and maths together, standard scores)"
    return _class_table(_four_classes(school), caption)


def class_options(school: ExerciseSchool) -> list[tuple[str, str]]:
    """The four classes."""
    return [(str(name), f"Class {name}") for name in _four_classes(school).index]


def class_behind(school: ExerciseSchool) -> str:
    """The class whose mean fell furthest over the year."""
    return str(_four_classes(school)["change"].idxmin())


def class_lowest(school: ExerciseSchool) -> str:
    """The slip: the class with the lowest mean in summer."""
    return str(_four_classes(school)["summer"].idxmin())


def class_fewest_places(school: ExerciseSchool) -> str:
    """The slip: the class with the fewest places a pupil."""
    return str(_four_classes(school)["each"].idxmin())


@lru_cache(maxsize=8)
def _year_of_behind(school: ExerciseSchool) -> Frame:
    """Six to eight classes around the one that fell furthest behind, for one picture."""
    table = _classes(school)
    at = table.index.get_loc(table["change"].idxmin())
    start = max(0, min(int(at) - 3, len(table) - 8))
    return table.iloc[start : start + 8]


def kept_pace_by_class(school: ExerciseSchool) -> Bars:
    """Share of each class whose summer score is at least the autumn score, with its interval."""
    table = _year_of_behind(school)
    bars = tuple(
        _share_bar(str(name), int(one.kept), int(one.scored))
        for name, one in zip(table.index, table.itertuples(), strict=True)
    )
    says = "; ".join(f"{bar.label}: {bar.value:.0f} per cent" for bar in bars)
    return Bars("Pupils who kept pace or did better, autumn to summer, by invented class", bars, "per cent", f"{says}.")


def classes_and_places(school: ExerciseSchool) -> Table:
    """The same classes with their places in provision and what was seen of teaching."""
    caption = "The same invented classes: provision beyond lessons, scores, and what was seen of teaching"
    return _class_table(_year_of_behind(school), caption)


def places_each_in_class_behind(school: ExerciseSchool) -> float:
    """Places beyond lessons for each pupil of the class that fell furthest behind."""
    table = _classes(school)
    row = table.loc[table["change"].idxmin()]
    return round(float(row["places"] / row["pupils"]), 2)


def places_in_class_behind(school: ExerciseSchool) -> float:
    """The slip: the places of the whole class."""
    table = _classes(school)
    return float(table.loc[table["change"].idxmin(), "places"])


# --- C1b: who needs to know ---------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _class_day(school: ExerciseSchool) -> tuple[str, int, Frame]:
    """A class and a day on which many different adults, an assistant among them, are with the class."""
    week = school.tables["deployment"]
    week = week[week["class_name"].notna() & (week["activity"].astype("str") == "class")]
    roles = school.tables["staff"].set_index("staff_id")["role"].astype("str")
    week = week.assign(role=week["staff_id"].map(roles), class_name=week["class_name"].astype("str"))
    pupils = _pupils(school)
    supported = set(pupils.loc[pupils["SENprovision"].isin(["K", "E"]), "class_name"])
    best: tuple[tuple[int, float], str, int, Frame] | None = None
    luck = school.draw("class day")
    for (name, weekday), rows in week.groupby(["class_name", "weekday"], sort=True):
        teaches = rows["role"].isin(["teacher", "SENCO", "specialist teacher"])
        adults, teachers = rows["staff_id"].nunique(), rows.loc[teaches, "staff_id"].nunique()
        place = (min(adults, 9), float(luck.random()))
        fits = name in supported and 0 < teachers < adults < len(rows) and rows["period"].nunique() >= 4
        if fits and (best is None or place > best[0]):
            best = (place, str(name), int(str(weekday)), rows.assign(teaches=teaches))
    if best is None:  # every class has a teacher and an assistant on some day; kept for schools of other shapes
        name, weekday = week.iloc[0][["class_name", "weekday"]]
        rows = week[(week["class_name"] == name) & (week["weekday"] == weekday)]
        best = ((0, 0.0), str(name), int(weekday), rows.assign(teaches=rows["role"] == "teacher"))
    return best[1], best[2], best[3]


def class_day(school: ExerciseSchool) -> Table:
    """The adults who are with one class on one day, lesson by lesson."""
    name, weekday, rows = _class_day(school)
    by_period = {
        int(str(period)): ", ".join(f"{one.role} {one.staff_id % 1000}" for one in part.itertuples())
        for period, part in rows.sort_values(["period", "staff_id"]).groupby("period")
    }
    shown = tuple(Row(f"lesson-{period}", (f"Lesson {period}", adults)) for period, adults in sorted(by_period.items()))
    return Table(
        f"{_DAYS[weekday - 1]} in invented class {name}: adults by role and number", ("Lesson", "Adults"), shown
    )


def adults_that_day(school: ExerciseSchool) -> float:
    """Different adults who are with the class that day."""
    return float(_class_day(school)[2]["staff_id"].nunique())


def teachers_that_day(school: ExerciseSchool) -> float:
    """The slip: the teachers only."""
    rows = _class_day(school)[2]
    return float(rows.loc[rows["teaches"], "staff_id"].nunique())


def names_that_day(school: ExerciseSchool) -> float:
    """The slip: every entry of the table, the same adult more than once."""
    return float(len(_class_day(school)[2]))


def pupil_record(school: ExerciseSchool) -> Table:
    """What the SENCO's record holds about one pupil on SEN support who has a full review."""
    reviews = school.tables["reviews"].dropna(subset=["pupil_view", "parent_view"])
    pupils = _pupils(school)
    needs: Frame = school.tables["needs"]
    needs = needs[needs["SENtypeRank"] == 1].set_index("pupil_id")["SENtype"].astype("str")
    supported = pupils[(pupils["SENprovision"] == "K") & pupils.index.isin(reviews["pupil_id"])]
    supported = supported[supported["summer"].notna() & supported.index.isin(needs.index)]
    number = int(supported.index[int(school.draw("record").integers(len(supported)))])
    one, last = supported.loc[number], reviews[reviews["pupil_id"] == number].iloc[-1]
    lines = (
        ("Type of need", codes.SEN_TYPE_NAMES.get(str(needs[number]), "not recorded")),
        ("What was found out", str(last["assess"])),
        ("Plan", str(last["plan"])),
        ("What was done", str(last["do"])),
        ("The pupil says", str(last["pupil_view"])),
        ("The parents say", str(last["parent_view"])),
        ("Reading and maths, summer", f"{one['READ_summer']:.0f} and {one['MATH_summer']:.0f}"),
        ("Sessions missed", f"{one['absence']:.0%}"),
        ("Free school meals", "yes" if one["FSMeligible"] else "no"),
        ("Social worker", "yes" if one["social_worker"] else "no"),
    )
    rows = tuple(Row(f"line-{at}", line) for at, line in enumerate(lines, 1))
    return Table(
        f"From the SENCO's record of invented pupil {number}, class {one['class_name']}", ("Line", "Entry"), rows
    )


# --- C1d: recording and reviewing ---------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _support_reviews(school: ExerciseSchool) -> Frame:
    """Pupils on SEN support by number: reviews held, parents there, pupil's views, each of three terms."""
    pupils = _pupils(school)
    table = pupils.loc[pupils["SENprovision"] == "K", ["class_name"]].copy()
    reviews = school.tables["reviews"]
    for cycle in (1, 2, 3):
        mine = reviews[reviews["cycle"] == cycle].set_index("pupil_id")
        table[f"held_{cycle}"] = table.index.isin(mine.index)
        table[f"parent_{cycle}"] = mine["parent_took_part"].astype(bool).reindex(table.index).eq(True)
        table[f"view_{cycle}"] = mine["pupil_view"].notna().reindex(table.index).eq(True)
    table["held"] = table[["held_1", "held_2", "held_3"]].sum(axis=1)
    table["parent"] = table[["parent_1", "parent_2", "parent_3"]].sum(axis=1)
    return table


def reviews_by_term(school: ExerciseSchool) -> Table:
    """Pupils on SEN support, reviews held, and reviews with a parent and with the pupil's view, by term."""
    table = _support_reviews(school)
    rows = tuple(
        Row(
            term.lower(),
            (
                term,
                f"{len(table)}",
                *(str(int(table[f"{what}_{cycle}"].sum())) for what in ("held", "parent", "view")),
            ),
        )
        for cycle, term in enumerate(_TERMS, 1)
    )
    columns = ("Term", "Pupils on SEN support", "Reviews held", "With a parent", "With the pupil's view")
    return Table("Reviews of invented pupils on SEN support, three terms", columns, rows)


def parents_share_of_three(school: ExerciseSchool) -> float:
    """Meetings with a parent as per cent of three for each pupil on SEN support (Code 6.65)."""
    table = _support_reviews(school)
    return round(100 * float(table["parent"].sum()) / (3 * len(table)), 1)


def parents_share_of_held(school: ExerciseSchool) -> float:
    """The slip: as per cent of the reviews that were held."""
    table = _support_reviews(school)
    return round(100 * float(table["parent"].sum()) / float(table["held"].sum()), 1)


def parents_by_term(school: ExerciseSchool) -> Bars:
    """Share of pupils on SEN support whose parents took part in a review, by term."""
    table = _support_reviews(school)
    bars = tuple(
        _share_bar(term, int(table[f"parent_{cycle}"].sum()), len(table)) for cycle, term in enumerate(_TERMS, 1)
    )
    says = "; ".join(f"{bar.label}: {bar.value:.0f} per cent" for bar in bars)
    title = "Invented pupils on SEN support whose parents took part in a review that term"
    return Bars(title, bars, "per cent", f"{says}.")


@lru_cache(maxsize=8)
def _review_rows(school: ExerciseSchool) -> Frame:
    table = _support_reviews(school)
    parts = [(table["parent"] <= 1, 4), (table["parent"] == 2, 5), (table["parent"] == 3, 3)]
    chosen = [_some(school, f"reviews {at}", table[rows], number) for at, (rows, number) in enumerate(parts)]
    return pd.concat(chosen).sort_index()


def four_voices(school: ExerciseSchool) -> Table:
    """The last reviews of four pupils on SEN support: two with both views, one without each of them."""
    reviews: Frame = school.tables["reviews"]
    pupils = _pupils(school)
    reviews = reviews[reviews["pupil_id"].isin(pupils.index[pupils["SENprovision"] == "K"]) & (reviews["cycle"] == 3)]
    pupil, parent = reviews["pupil_view"].notna(), reviews["parent_view"].notna()
    parts = [
        (pupil & parent & (reviews["outcome"] == "not met"), 1),
        (pupil & parent & (reviews["outcome"] == "met"), 1),
    ]
    parts += [(pupil & ~parent, 1), (~pupil & parent, 1)]
    chosen = [_some(school, f"voices {at}", reviews[rows], number) for at, (rows, number) in enumerate(parts)]
    rows = tuple(
        Row(str(one.pupil_id), (str(one.pupil_id), *_said(one.pupil_view, one.parent_view, one.outcome, one.review)))
        for one in pd.concat(chosen).sort_values("pupil_id").itertuples()
    )
    columns = ("Pupil", "The pupil says", "The parents say", "Outcome", "Review, and what is next")
    return Table("Last reviews of four invented pupils on SEN support", columns, rows)


def _said(*texts: Any) -> tuple[str, ...]:
    """Texts as cells, a dash where nothing was written."""
    return tuple("–" if pd.isna(text) else str(text) for text in texts)


def review_records(school: ExerciseSchool) -> Table:
    """Twelve pupils on SEN support: what each term's record shows."""
    rows = []
    for number, one in _review_rows(school).iterrows():
        cells = [str(number), str(one["class_name"])]
        for cycle in (1, 2, 3):
            if not one[f"held_{cycle}"]:
                cells.append("no review")
                continue
            parent = "parent there" if one[f"parent_{cycle}"] else "no parent"
            view = "pupil's view" if one[f"view_{cycle}"] else "no pupil's view"
            cells.append(f"{parent}; {view}")
        rows.append(Row(str(number), tuple(cells)))
    return Table("Twelve invented pupils on SEN support", ("Pupil", "Class", *_TERMS), tuple(rows))


def parents_seldom_met(school: ExerciseSchool) -> list[str]:
    """Pupils whose parents took part in at most one review of the year."""
    table = _review_rows(school)
    return [str(number) for number in table.index[table["parent"] <= 1]]


def review_missing(school: ExerciseSchool) -> list[str]:
    """The slip: pupils of whom a review is missing."""
    table = _review_rows(school)
    return [str(number) for number in table.index[table["held"] < 3]]


def any_parent_missing(school: ExerciseSchool) -> list[str]:
    """The slip: pupils of whom any meeting with a parent is missing."""
    table = _review_rows(school)
    return [str(number) for number in table.index[table["parent"] < 3]]


# --- C1e: did it happen, did it work ------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _tested(school: ExerciseSchool) -> Frame:
    """Targeted and specialist provisions with a measure and ten pupils or more."""
    table = school.by_provision
    return table[(table["tier"] != "universal") & table["measure"].notna() & (table["pupils"] >= 10)]


@lru_cache(maxsize=8)
def _five_given(school: ExerciseSchool) -> Frame:
    """The provision of which least was given, and four more."""
    table = _tested(school)
    least = table.loc[[table["share"].idxmin()]]
    others = table.drop(index=least.index)
    order = school.draw("given").permutation(len(others))
    return pd.concat([least, others.iloc[order].head(4)]).sort_index()


def planned_and_given(school: ExerciseSchool) -> Table:
    """Who gives five provisions, and the pupils' sessions planned and given."""
    rows = tuple(
        Row(
            str(one.provision_id),
            (
                str(one.name),
                str(one.role),
                _sessions(one.sessions_per_week, one.minutes),
                f"{one.planned_sessions:,.0f}",
                f"{one.delivered_sessions:,.0f}",
            ),
        )
        for one in _five_given(school).itertuples(index=False)
    )
    columns = ("Provision", "Given by", "Each week", "Pupils' sessions planned", "Pupils' sessions given")
    return Table("Invented provisions: planned and given", columns, rows)


def _least_given(school: ExerciseSchool) -> Frame:
    table = _tested(school)
    return table.loc[table["share"].idxmin()]


def minutes_given(school: ExerciseSchool) -> float:
    """Minutes a week that pupils of the least-given provision really had."""
    one = _least_given(school)
    planned = float(one["sessions_per_week"]) * float(one["minutes"])
    return round(planned * float(one["delivered_sessions"]) / float(one["planned_sessions"]), 1)


def minutes_planned(school: ExerciseSchool) -> float:
    """The slip: the minutes a week on the timetable."""
    one = _least_given(school)
    return float(one["sessions_per_week"]) * float(one["minutes"])


def minutes_missed(school: ExerciseSchool) -> float:
    """The slip: the minutes a week that were missed."""
    return round(minutes_planned(school) - minutes_given(school), 1)


def shares_given(school: ExerciseSchool) -> Bars:
    """Share of the planned sessions that pupils were given, provision by provision."""
    table = _tested(school).sort_values("share")
    bars = tuple(
        Bar(str(name), round(100 * share, 0)) for name, share in zip(table["name"], table["share"], strict=True)
    )
    says = "; ".join(f"{bar.label}: {bar.value:.0f} per cent" for bar in bars)
    return Bars("Sessions given of those planned, by invented provision", bars, "per cent", f"{says}.")


@lru_cache(maxsize=8)
def _similar(school: ExerciseSchool) -> tuple[str, int, tuple[float, float], tuple[float, float]]:
    """The provision beside which similar pupils without it rose most, with the means of both."""
    best: tuple[float, str, int, tuple[float, float], tuple[float, float]] | None = None
    for one in _tested(school).itertuples():
        found = _matched(school, int(one.provision_id))
        if one.tier != "targeted" or found is None:
            continue
        number, mine, theirs = found
        if mine[1] - mine[0] < 1.0 or abs(mine[0] - theirs[0]) > 1.0:
            continue
        if best is None or theirs[1] - theirs[0] > best[0]:
            best = (theirs[1] - theirs[0], str(one.name), number, mine, theirs)
    if best is None:  # no provision with a gain and good matches: the first that can be matched at all
        one = _tested(school).iloc[0]
        number, mine, theirs = _matched(school, int(one["provision_id"])) or (0, (0.0, 0.0), (0.0, 0.0))
        best = (0.0, str(one["name"]), number, mine, theirs)
    return best[1], best[2], best[3], best[4]


def _matched(school: ExerciseSchool, provision_id: int) -> tuple[int, tuple[float, float], tuple[float, float]] | None:
    """Pupils with both scores, and their means before and after beside those of the nearest pupils without it."""
    provision = school.by_provision.set_index("provision_id").loc[provision_id]
    scores = school.data.scores
    if scores is None:
        return None
    keys = ["measure", "first_term", "last_term"]
    scores = scores[(scores[keys].astype("str") == provision[keys].astype("str")).all(axis=1)].set_index("pupil_id")
    places: Frame = school.tables["enrolments"]
    mine = scores[scores.index.isin(places.loc[places["provision_id"] == provision_id, "pupil_id"])]
    pupils = _pupils(school)
    # Whoever had other provision for the same measure is no comparison.
    helped = _helped_with(school, str(provision["measure"]))
    pool = scores[~scores.index.isin(helped)]
    years = set(pupils.loc[mine.index, "NCyearActual"])
    pool = pool[pupils.loc[pool.index, "NCyearActual"].isin(years)]
    if len(mine) < 10 or len(pool) < 2 * len(mine):
        return None
    left, nearest = pool.sort_index(), []
    for entry in mine.sort_index()["entry_score"]:
        at = (left["entry_score"] - entry).abs().idxmin()
        nearest.append(at)
        left = left.drop(index=at)
    theirs = pool.loc[nearest]
    means = [
        (round(float(t["entry_score"].mean()), 1), round(float(t["exit_score"].mean()), 1)) for t in (mine, theirs)
    ]
    return len(mine), means[0], means[1]


def _helped_with(school: ExerciseSchool, measure: str) -> set[int]:
    """Pupils with a place beyond lessons in some provision for this measure."""
    table: Frame = school.by_provision
    numbers = table.loc[(table["measure"] == measure) & (table["tier"] != "universal"), "provision_id"]
    places: Frame = school.tables["enrolments"]
    return set(places.loc[places["provision_id"].isin(numbers), "pupil_id"])


@lru_cache(maxsize=8)
def _bands(school: ExerciseSchool) -> Frame:
    """Pupils without any provision for reading, by autumn score: how many, and mean scores in autumn and spring."""
    pupils = _pupils(school).dropna(subset=["READ_autumn", "READ_spring"])
    pupils = pupils[~pupils.index.isin(_helped_with(school, "reading"))]
    edges = [0, 85, 100, 115, 200]
    labels = ["Under 85", "85 to 99", "100 to 114", "115 and over"]
    bands = pd.cut(pupils["READ_autumn"], edges, right=False, labels=labels)
    groups = pupils.groupby(bands, observed=True)
    means = groups[["READ_autumn", "READ_spring"]].mean().round(1)
    return means.assign(pupils=groups.size())


def bands_without_help(school: ExerciseSchool) -> Table:
    """How pupils who had no provision for reading scored in autumn and spring, by where they began."""
    table = _bands(school)
    rows = tuple(
        Row(f"band-{at}", (str(band), str(one.pupils), f"{one.READ_autumn:.1f}", f"{one.READ_spring:.1f}"))
        for at, (band, one) in enumerate(zip(table.index, table.itertuples(), strict=True), 1)
    )
    columns = ("Reading score in autumn", "Pupils", "Mean, autumn", "Mean, spring")
    return Table("Invented pupils who had no provision for reading beyond lessons", columns, rows)


def rise_without_help(school: ExerciseSchool) -> float:
    """How much the mean of the lowest band rose without any provision for reading."""
    lowest = _bands(school).iloc[0]
    return round(float(lowest["READ_spring"] - lowest["READ_autumn"]), 1)


def gain_and_similar(school: ExerciseSchool) -> Table:
    """Mean scores before and after of a provision's pupils, and of as many who began alike and had none."""
    name, number, mine, theirs = _similar(school)
    rows = tuple(
        Row(key, (label, str(number), f"{means[0]:.1f}", f"{means[1]:.1f}"))
        for key, label, means in (("in", f"Pupils in {name}", mine), ("similar", "Similar pupils without it", theirs))
    )
    columns = ("Pupils", "Number", "Mean score before", "Mean score after")
    return Table(f"{name}, and invented pupils who began at a like score (standard scores)", columns, rows)


def gain_beyond_similar(school: ExerciseSchool) -> float:
    """How much more the provision's pupils gained than similar pupils without it."""
    _, _, mine, theirs = _similar(school)
    return round((mine[1] - mine[0]) - (theirs[1] - theirs[0]), 1)


def own_gain(school: ExerciseSchool) -> float:
    """The slip: the provision's own gain."""
    mine = _similar(school)[2]
    return round(mine[1] - mine[0], 1)


def gain_of_similar(school: ExerciseSchool) -> float:
    """The slip: the gain of the similar pupils."""
    theirs = _similar(school)[3]
    return round(theirs[1] - theirs[0], 1)


@lru_cache(maxsize=8)
def _entry_and_exit(school: ExerciseSchool) -> tuple[str, float, Frame]:
    """A reading or maths provision's pupils with both scores: some changed more than error explains, most did not."""
    best: tuple[tuple[bool, int], str, float, Frame] | None = None
    for one in _tested(school).itertuples():
        error = float(school.data.standard_errors.get(str(one.measure), 4.5))
        rows = school.tables["enrolments"]
        rows = rows[rows["provision_id"] == one.provision_id].dropna(subset=["entry_score", "exit_score"])
        change = (rows["exit_score"].round() - rows["entry_score"].round()).to_numpy(float)
        up = rows[change > RELIABLE * error + 0.5]
        # No one whose change lies so near the limit that rounding it decides.
        rest = rows[change < RELIABLE * error - 0.5]
        place = (len(up) >= 2 and len(rest) >= 6 and str(one.tier) == "targeted", len(up))
        if best is None or place > best[0]:
            chosen = [_some(school, "up", up, 4), _some(school, "rest", rest, 8)]
            best = (place, str(one.name), error, pd.concat(chosen).sort_values("pupil_id"))
    assert best is not None  # _tested is never empty: every school has targeted groups
    return best[1], best[2], best[3]


def entry_and_exit(school: ExerciseSchool) -> Table:
    """Pupils of one provision with their scores before and after; the test's standard error is in the caption."""
    name, error, rows = _entry_and_exit(school)
    shown = tuple(
        Row(str(one.pupil_id), (str(one.pupil_id), _whole(one.entry_score), _whole(one.exit_score)))
        for one in rows.itertuples()
    )
    caption = f"{name}, invented pupils: standard scores. Standard error of one score on this test: {error:g} points"
    return Table(caption, ("Pupil", "Before", "After"), shown)


def reliably_up(school: ExerciseSchool) -> list[str]:
    """Pupils whose rise is more than 1.96 x standard error x square root of 2 (the register's reliable-change)."""
    _, error, rows = _entry_and_exit(school)
    up = rows["exit_score"].round() - rows["entry_score"].round() > RELIABLE * error
    return [str(number) for number in rows.loc[up, "pupil_id"]]


def any_rise(school: ExerciseSchool) -> list[str]:
    """The slip: every pupil whose score rose."""
    rows = _entry_and_exit(school)[2]
    return [str(number) for number in rows.loc[rows["exit_score"] > rows["entry_score"], "pupil_id"]]


@lru_cache(maxsize=8)
def _five_effects(school: ExerciseSchool) -> Frame:
    """At most one provision that surely helped and was given, and up to four that cannot be said to have."""
    table = school.by_provision
    table = table[(table["tier"] != "universal") & table["effect"].notna()]
    surely = table[(table["effect_low"] > 0.05) & (table["share"] >= _enough())].nlargest(1, "effect_low")
    unsure = table[table["effect_low"] <= -0.05]
    big = unsure.nlargest(2, "mean_change")
    others = unsure.drop(index=big.index)
    order = school.draw("effects").permutation(len(others))
    return pd.concat([surely, big, others.iloc[order].head(2)]).sort_index()


def _enough() -> float:
    return float(str(fact("delivered-enough").value)) / 100


def who_what_result(school: ExerciseSchool) -> Table:
    """Who gave what to how many, how much was given, the pupils' own gain, and the effect with its interval."""
    rows = tuple(
        Row(
            str(one.provision_id),
            (
                str(one.name),
                str(one.role),
                str(one.pupils),
                f"{one.delivered_sessions:,.0f} of {one.planned_sessions:,.0f}",
                f"{one.mean_change:+.1f}".replace("-", "−"),
                interval(one.effect_low, one.effect_high),
            ),
        )
        for one in _five_effects(school).itertuples()
    )
    columns = (
        "Provision",
        "Given by",
        "Pupils",
        "Sessions given of planned",
        "Pupils' own mean gain, in points",
        "Against similar pupils: interval, in points",
    )
    return Table("Who gives what, and with what result (invented provisions)", columns, rows)


def effect_options(school: ExerciseSchool) -> list[tuple[str, str]]:
    """The provisions, and none of them."""
    named = [(str(one.provision_id), str(one.name)) for one in _five_effects(school).itertuples()]
    return [*named, ("none", "None of these")]


def surely_helped(school: ExerciseSchool) -> str:
    """The provision whose whole interval lies above 0 and that was given as planned; "none" where there is none."""
    table = _five_effects(school)
    found = table[(table["effect_low"] > 0) & (table["share"] >= _enough())]
    return str(found["provision_id"].iloc[0]) if len(found) else "none"


def biggest_own_gain(school: ExerciseSchool) -> str:
    """The slip: the provision whose pupils gained most, compared with nobody."""
    table = _five_effects(school)
    unsure = table[table["provision_id"].astype("str") != surely_helped(school)]
    return str(unsure.loc[unsure["mean_change"].idxmax(), "provision_id"])


def most_pupils(school: ExerciseSchool) -> str:
    """The slip: the provision with the most pupils."""
    table = _five_effects(school)
    unsure = table[table["provision_id"].astype("str") != surely_helped(school)]
    return str(unsure.loc[unsure["pupils"].idxmax(), "provision_id"])


# --- C2: the adults' week -----------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _assistants(school: ExerciseSchool) -> Frame:
    """Each assistant's week in lessons: with classes, giving provision, with their one pupil, and the rest."""
    staff = school.tables["staff"].set_index("staff_id")
    staff = staff[staff["role"].astype("str") == "teaching assistant"]
    week = school.tables["deployment"]
    week = week[week["staff_id"].isin(staff.index)]
    counts = pd.crosstab(week["staff_id"], week["activity"].astype("str"))
    for activity in ("class", "provision", "pupil", "planning", "break duty"):
        if activity not in counts:
            counts[activity] = 0
    most = week.dropna(subset=["pupil_id"]).groupby(["staff_id", "pupil_id"]).size().groupby("staff_id").max()
    counts["one_pupil"] = most.reindex(counts.index).fillna(0).astype(int)
    counts["lessons"] = counts[["class", "provision", "pupil", "planning", "break duty"]].sum(axis=1)
    return counts.join(staff["weekly_hours"])


@lru_cache(maxsize=8)
def _eight_assistants(school: ExerciseSchool) -> Frame:
    table = _assistants(school)
    attached = table.loc[[table["one_pupil"].idxmax()]]
    others = table.drop(index=attached.index)
    some = others.iloc[school.draw("assistants").permutation(len(others))].head(7)
    return pd.concat([attached, some]).sort_index()


def adults_week(school: ExerciseSchool) -> Table:
    """How eight assistants spend the lessons of a week."""
    rows = tuple(
        Row(
            str(number),
            (
                f"Assistant {int(str(number)) % 1000}",
                *(str(int(one[what])) for what in ("class", "provision", "pupil", "planning", "break duty")),
            ),
        )
        for number, one in _eight_assistants(school).iterrows()
    )
    columns = ("Adult", "With a class", "Giving provision", "With one pupil", "Preparing", "On duty")
    return Table("A usual week of eight invented teaching assistants, in lessons", columns, rows)


def with_one_pupil(school: ExerciseSchool) -> Bars:
    """Share of each assistant's lessons that are spent with one and the same pupil."""
    table = _eight_assistants(school)
    bars = tuple(
        Bar(f"Assistant {int(str(number)) % 1000}", round(100 * one["one_pupil"] / one["lessons"], 0))
        for number, one in table.iterrows()
    )
    says = "; ".join(f"{bar.label}: {bar.value:.0f} per cent" for bar in bars)
    return Bars("Lessons with one and the same pupil, by invented assistant", bars, "per cent", f"{says}.")


def preparation_share(school: ExerciseSchool) -> float:
    """Lessons for preparing, as per cent of all the lessons of the eight assistants' weeks."""
    table = _eight_assistants(school)
    return round(100 * float(table["planning"].sum()) / float(table["lessons"].sum()), 1)


def preparation_lessons(school: ExerciseSchool) -> float:
    """The slip: the lessons for preparing, as a count."""
    return float(_eight_assistants(school)["planning"].sum())


def hours_free(school: ExerciseSchool) -> float:
    """The weekly hours of the assistant who is with one pupil most."""
    table = _assistants(school)
    return float(np.floor(table.loc[table["one_pupil"].idxmax(), "weekly_hours"]))


def _hours_missed(school: ExerciseSchool) -> float:
    """Hours a week of the least-given provision that did not take place, preparation not counted."""
    one = _least_given(school)
    weekly = float(one["groups"]) * float(one["sessions_per_week"]) * float(one["minutes"]) / 60
    return weekly * (1 - float(one["delivered_sessions"]) / float(one["planned_sessions"]))


def hours_to_repair(school: ExerciseSchool) -> float:
    """What the sharing-out must give to the missed sessions: all of them, a quarter of an hour of rounding allowed."""
    return round(max(_hours_missed(school) - 0.25, 0.25), 2)


def pupil_at_least(school: ExerciseSchool) -> float:
    """Two fifths of the assistant's hours: what was agreed with the parents as the least."""
    return round(0.4 * hours_free(school), 1)


def pupil_at_most(school: ExerciseSchool) -> float:
    """Three fifths of the assistant's hours: what was agreed as the most."""
    return round(0.6 * hours_free(school), 1)


def hours_to_share(school: ExerciseSchool) -> Table:
    """The week to be shared out, and what the least-given provision would need."""
    one, table = _least_given(school), _assistants(school)
    adult = table["one_pupil"].idxmax()
    lines = (
        (f"Assistant {int(str(adult)) % 1000}: hours a week", f"{hours_free(school):.0f}"),
        ("Lessons of the week with one and the same pupil", f"{int(table.loc[adult, 'one_pupil'])}"),
        ("Agreed with parents, pupil and teachers: time with the pupil", "two fifths to three fifths of the hours"),
        ("A provision with missed sessions", str(one["name"])),
        ("Its groups", f"{one['groups']:.0f}"),
        ("Each group, each week", _sessions(one["sessions_per_week"], one["minutes"])),
        ("Pupils' sessions planned", f"{one['planned_sessions']:,.0f}"),
        ("Pupils' sessions given", f"{one['delivered_sessions']:,.0f}"),
    )
    rows = tuple(Row(f"line-{at}", line) for at, line in enumerate(lines, 1))
    return Table("The invented assistant's week, and the sessions that were missed", ("What", "Figure"), rows)
