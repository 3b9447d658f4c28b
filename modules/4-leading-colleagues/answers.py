"""What the exhibits and right answers of module 4 are, worked out from the invented school that is asked about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from senco_kit.course.exercise import Bar, Bars, ExerciseSchool, Row, Table
from senco_kit.provision.data import TERMS, score_grid
from senco_kit.schools import codes
from senco_kit.standards.read import fact

Floats = npt.NDArray[np.floating[Any]]

SUPPORT_ROLES: Final = (
    "teaching assistant",
    "higher level teaching assistant",
    "emotional literacy support assistant",
)
#: The activities of the timetable, in the order in which they are shown, as a teacher reads them.
ACTIVITIES: Final = {
    "class": "With a class in a lesson",
    "provision": "Giving a provision of the map",
    "pupil": "With one pupil in a lesson",
    "planning": "Planning, preparation and meetings",
    "break duty": "On duty at break or lunch",
}
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
#: Hours of help from an adult that the invented plan of the pupil asks for in a week.
HOURS_IN_THE_PLAN: Final = 15
MOST_ROWS, FEWEST_ROWS = 20, 8
#: By how many points the growth of the other classes that are shown lies above that of the slowest.
CLEARLY_APART: Final = 1.5


# --- Records that support staff hand back to the teacher ---------------------------------------------------------


def _beyond_lessons(school: ExerciseSchool) -> pd.DataFrame:
    """Places in provision beyond whole-class teaching, with the class, the provision and how much was given."""
    provisions = school.data.provisions.set_index("provision_id")
    places = school.tables["enrolments"]
    kept: pd.DataFrame = places[
        places["provision_id"].map(provisions["tier"].astype("str")).to_numpy() != "universal"
    ].copy()
    pupils = school.tables["pupils"].set_index("pupil_id")
    kept["class_name"] = kept["pupil_id"].map(pupils["class_name"].astype("str"))
    for name in ("name", "role", "staff_id", "measure"):
        kept[name] = kept["provision_id"].map(provisions[name].astype("object"))
    kept["share"] = kept["delivered_sessions"] / kept["planned_sessions"]
    kept["tested"] = kept["measure"].notna()
    kept["both_scores"] = kept["entry_score"].notna() & kept["exit_score"].notna()
    kept["enough"] = kept["share"] >= float(str(fact("delivered-enough").value)) / 100
    kept["thin"] = ~kept["enough"] | (kept["tested"] & ~kept["both_scores"])
    kept["no_higher"] = ~kept["thin"] & kept["tested"] & (kept["exit_score"] <= kept["entry_score"])
    return kept


def _one_class_of_records(school: ExerciseSchool) -> pd.DataFrame:
    """The records of one class of a size to read: the one where full and thin records are most evenly mixed."""
    best, most = None, -1
    for _, rows in _beyond_lessons(school).groupby("class_name"):
        rows = rows.head(MOST_ROWS)
        thin, no_higher = int(rows["thin"].sum()), int(rows["no_higher"].sum())
        mixed = min(thin, len(rows) - thin, 6) * 2 + min(no_higher, 2) * 4
        if len(rows) >= FEWEST_ROWS and thin >= 2 and mixed > most:
            best, most = rows, mixed
    if best is None:
        best = _beyond_lessons(school).sort_values(["thin", "no_higher"], ascending=False).iloc[:FEWEST_ROWS]
    return best


def _score(row: Any, name: str) -> str:
    if not row["tested"]:
        return "no test for this"
    return "not recorded" if pd.isna(row[name]) else f"{row[name]:.0f}"


def records_of_a_class(school: ExerciseSchool) -> Table:
    """What came back to one class teacher about pupils who were taught by other adults."""
    records = _one_class_of_records(school)
    rows = tuple(
        Row(
            str(row["enrolment_id"]),
            (
                str(row["pupil_id"]),
                str(row["name"]),
                f"{row['role']} {row['staff_id']}",
                str(row["planned_sessions"]),
                str(row["delivered_sessions"]),
                _score(row, "entry_score"),
                _score(row, "exit_score"),
            ),
        )
        for _, row in records.iterrows()
    )
    name = records["class_name"].iloc[0]
    return Table(
        f"What was recorded about pupils of class {name} in provision beyond lessons (invented pupils)",
        ("Pupil", "Provision", "Given by", "Sessions planned", "Sessions given", "Score before", "Score after"),
        rows,
    )


def _ids(records: pd.DataFrame, column: str) -> list[str]:
    return [str(number) for number in records.loc[records[column], "enrolment_id"]]


def records_too_thin(school: ExerciseSchool) -> list[str]:
    """Records from which nobody can judge: under the share of sessions in the register, or a test score missing."""
    return _ids(_one_class_of_records(school), "thin")


def records_that_did_not_rise(school: ExerciseSchool) -> list[str]:
    """Full records whose score did not rise: a result to talk about, and not a gap in the record."""
    return _ids(_one_class_of_records(school), "no_higher")


def records_without_a_test(school: ExerciseSchool) -> list[str]:
    """Records with enough sessions of provision that no test suits: nothing is missing from them."""
    records = _one_class_of_records(school)
    return _ids(records.assign(none=~records["tested"] & records["enough"]), "none")


# --- The week of support staff -----------------------------------------------------------------------------------


def _timetable(school: ExerciseSchool) -> pd.DataFrame:
    """The timetable of adults with their roles."""
    roles = school.tables["staff"].set_index("staff_id")["role"].astype("str")
    week = school.tables["deployment"]
    return week.assign(role=week["staff_id"].map(roles), activity=week["activity"].astype("str"))


def _lessons(school: ExerciseSchool, roles: tuple[str, ...]) -> dict[str, int]:
    """How many lessons of the week adults with these roles spend on each activity, all together."""
    week = _timetable(school)
    counts = week.loc[week["role"].isin(roles), "activity"].value_counts()
    return {activity: int(counts.get(activity, 0)) for activity in ACTIVITIES}


def week_of_support_staff(school: ExerciseSchool) -> Table:
    """Where support staff and teachers are in a usual week, in lessons."""
    support, teachers = _lessons(school, SUPPORT_ROLES), _lessons(school, ("teacher",))
    rows = tuple(
        Row(activity.replace(" ", "-"), (name, f"{support[activity]:,}", f"{teachers[activity]:,}"))
        for activity, name in ACTIVITIES.items()
    )
    return Table(
        "Lessons of a usual week, all adults of a kind together (invented school)",
        ("What the adults do", "Teaching assistants of all kinds", "Teachers"),
        rows,
    )


def week_of_support_staff_picture(school: ExerciseSchool) -> Bars:
    """The same week as a picture: the share of support staff's lessons that goes to each activity."""
    lessons = _lessons(school, SUPPORT_ROLES)
    shares = {activity: 100 * count / sum(lessons.values()) for activity, count in lessons.items()}
    least = min(shares, key=lambda activity: shares[activity])
    return Bars(
        "Where the lessons of teaching assistants go in a usual week (invented school)",
        tuple(Bar(name, round(shares[activity], 1)) for activity, name in ACTIVITIES.items()),
        "per cent of lessons",
        f"Most of the week is spent with classes; the smallest part goes to “{ACTIVITIES[least].lower()}”.",
    )


def _share(part: int, lessons: dict[str, int]) -> float:
    return 100 * part / sum(lessons.values())


def planning_share(school: ExerciseSchool) -> float:
    """Share of support staff's timetabled lessons that is for planning, preparation and meetings, in per cent."""
    lessons = _lessons(school, SUPPORT_ROLES)
    return _share(lessons["planning"], lessons)


def planning_share_of_teachers(school: ExerciseSchool) -> float:
    """The same share for teachers: the wrong column."""
    lessons = _lessons(school, ("teacher",))
    return _share(lessons["planning"], lessons)


def planning_and_duty_share(school: ExerciseSchool) -> float:
    """Planning and break duty together: duty counted as time to plan."""
    lessons = _lessons(school, SUPPORT_ROLES)
    return _share(lessons["planning"] + lessons["break duty"], lessons)


def planning_beside_class_lessons(school: ExerciseSchool) -> float:
    """Planning over lessons with a class: the wrong whole."""
    lessons = _lessons(school, SUPPORT_ROLES)
    return 100 * lessons["planning"] / max(lessons["class"], 1)


def _closest_pair(school: ExerciseSchool) -> tuple[int, int, int]:
    """The teaching assistant who spends most lessons with one pupil, that pupil, and how many lessons."""
    week = _timetable(school)
    pairs = week[week["role"].isin(SUPPORT_ROLES)].dropna(subset=["pupil_id"]).groupby(["staff_id", "pupil_id"]).size()
    staff, pupil = cast(tuple[float, float], pairs.idxmax())
    return int(staff), int(pupil), int(pairs.max())


def week_of_one_adult(school: ExerciseSchool) -> Table:
    """The timetable of the adult who is most with one pupil."""
    staff, pupil, _ = _closest_pair(school)
    week = _timetable(school)
    mine = week[week["staff_id"] == staff].set_index(["weekday", "period"])
    periods = sorted(week["period"].unique())

    def cell(day: int, period: int) -> str:
        if (day, period) not in mine.index:
            return "not in school"
        activity = str(mine.loc[(day, period), "activity"])
        return "with the pupil" if activity == "pupil" else ACTIVITIES[activity].lower()

    rows = tuple(
        Row(name.lower(), (name, *(cell(day, period) for period in periods))) for day, name in enumerate(DAYS, start=1)
    )
    return Table(
        f"The week of teaching assistant {staff}; the pupil is {pupil} (both invented)",
        ("Day", *(f"Lesson {period}" for period in periods)),
        rows,
    )


def _pair_figures(school: ExerciseSchool) -> tuple[float, float, int]:
    """Hours a week in the contract of the adult who is most with one pupil, the cost of an hour, and lessons."""
    staff, _, lessons = _closest_pair(school)
    adult = school.tables["staff"][school.tables["staff"]["staff_id"] == staff]
    return float(adult["weekly_hours"].iloc[0]), float(adult["hourly_cost"].iloc[0]), lessons


def _school_weeks() -> float:
    return float(str(fact("school-weeks").value))


def one_adult_in_figures(school: ExerciseSchool) -> Table:
    """What is needed to work out what the pattern of one adult and one pupil takes."""
    staff, pupil, _ = _closest_pair(school)
    hours, rate, lessons = _pair_figures(school)
    rows = (
        Row("contract", ("Hours a week in the adult's contract", f"{hours:g}")),
        Row("lessons", ("Lessons a week with this one pupil", f"{lessons}")),
        Row("plan", ("Hours of adult help a week that the pupil's plan asks for", f"{HOURS_IN_THE_PLAN}")),
        Row("rate", ("Cost of an hour to the school", f"£{rate:.2f}")),
        Row("weeks", ("Weeks in the school year", f"{_school_weeks():g}")),
    )
    return Table(f"Teaching assistant {staff} and pupil {pupil} (both invented)", ("Figure", "Value"), rows)


def planning_time_in_steps(school: ExerciseSchool) -> Table:
    """What half an hour a week with the teacher would take for every member of the support staff, step by step."""
    staff = school.tables["staff"]
    support = staff[staff["role"].astype("str").isin(SUPPORT_ROLES)]
    rate, number, weeks = round(float(support["hourly_cost"].mean()), 2), len(support), _school_weeks()
    hours = number * 0.5 * weeks
    rows = (
        Row("adults", ("Support staff", "count them in the staff list", f"{number}")),
        Row("week", ("Hours in a week", f"{number} × half an hour", f"{number * 0.5:g}")),
        Row("year", ("Hours in a year", f"{number * 0.5:g} × {weeks:g} weeks", f"{hours:g}")),
        Row("cost", ("Cost in a year", f"{hours:g} × £{rate:.2f}", f"£{hours * rate:,.0f}")),
    )
    return Table(
        "Half an hour a week with the teacher, for all support staff (invented school)", ("Step", "How", "Result"), rows
    )


def cost_beyond_the_plan(school: ExerciseSchool) -> float:
    """Pounds a year for the contract hours beyond those that the plan asks for: hours x cost of an hour x weeks."""
    hours, rate, _ = _pair_figures(school)
    return (hours - HOURS_IN_THE_PLAN) * rate * _school_weeks()


def cost_of_every_hour(school: ExerciseSchool) -> float:
    """Pounds a year for all contract hours, as if the plan asked for none."""
    hours, rate, _ = _pair_figures(school)
    return hours * rate * _school_weeks()


def cost_beyond_the_plan_by_lessons(school: ExerciseSchool) -> float:
    """Pounds a year beyond the plan, from lessons in place of paid hours."""
    _, rate, lessons = _pair_figures(school)
    return (lessons - HOURS_IN_THE_PLAN) * rate * _school_weeks()


def cost_beyond_the_plan_a_week(school: ExerciseSchool) -> float:
    """Pounds beyond the plan in one week."""
    hours, rate, _ = _pair_figures(school)
    return (hours - HOURS_IN_THE_PLAN) * rate


def lessons_with_the_pupil(school: ExerciseSchool) -> float:
    """How many lessons a week the adult who is most with one pupil spends with that pupil."""
    return float(_closest_pair(school)[2])


# --- What was seen in lessons ------------------------------------------------------------------------------------


def _looks(school: ExerciseSchool) -> pd.DataFrame:
    """For each point of teaching how often it was seen, seen in part and not seen, the weakest share first."""
    table = school.tables["observations"]
    counts = pd.crosstab(table["focus"].astype("str"), table["seen"].astype("str"))
    counts = counts.reindex(columns=["yes", "partly", "no"], fill_value=0)
    shares = counts["yes"] / counts.sum(axis=1)
    looks: pd.DataFrame = counts.assign(share=shares).sort_values(["share", "no"], ascending=[True, False])
    return looks


def _five_points(school: ExerciseSchool) -> pd.DataFrame:
    """The weakest point of teaching and up to four others that are not level with it."""
    looks = _looks(school)
    others: pd.DataFrame = looks[looks["share"] > looks["share"].iloc[0] + 0.01].sort_values("no", ascending=False)
    return pd.concat([looks.iloc[:1], others.iloc[:4]])


def looks_at_teaching(school: ExerciseSchool) -> Table:
    """How often each point of teaching was looked for in lessons of the year, and whether it was seen."""
    points = _five_points(school).sort_index()
    rows = tuple(
        Row(_slug(name), (str(name).capitalize(), *(str(int(row[seen])) for seen in ("yes", "partly", "no"))))
        for name, row in points.iterrows()
    )
    return Table(
        "Looks at teaching in this year's lesson visits (invented school)",
        ("What was looked for", "Seen", "Seen in part", "Not seen"),
        rows,
    )


def looks_picture(school: ExerciseSchool) -> Bars:
    """The share of looks in which each point of teaching was seen."""
    looks = _looks(school)
    bars = tuple(Bar(str(name).capitalize(), round(100 * float(row["share"]), 1)) for name, row in looks.iterrows())
    return Bars(
        "How often each point of teaching was fully seen in lesson visits (invented school)",
        bars,
        "per cent of looks",
        f"From {bars[0].value:.0f} per cent for {bars[0].label.lower()} to {bars[-1].value:.0f} per cent for "
        f"{bars[-1].label.lower()}. Each point was looked for only a few times.",
    )


def _slug(name: object) -> str:
    return str(name).replace(" ", "-")


def points_of_teaching(school: ExerciseSchool) -> list[tuple[str, str]]:
    """The points of teaching to choose from."""
    return [(_slug(name), str(name).capitalize()) for name in _five_points(school).sort_index().index]


def weakest_point(school: ExerciseSchool) -> str:
    """The point of teaching with the smallest share of looks in which it was fully seen."""
    return _slug(_five_points(school).index[0])


def point_most_often_not_seen(school: ExerciseSchool) -> str:
    """Of the other points, the one with the most looks "not seen", however often it was looked for."""
    return _slug(_five_points(school).index[1])


def _counts_of_all(school: ExerciseSchool) -> pd.Series[Any]:
    return school.tables["observations"]["seen"].astype("str").value_counts()


def looks_in_all(school: ExerciseSchool) -> Table:
    """All looks at teaching of the year, by what was seen."""
    counts = _counts_of_all(school)
    rows = tuple(
        Row(seen, (words, str(int(counts.get(seen, 0)))))
        for seen, words in (("yes", "Seen"), ("partly", "Seen in part"), ("no", "Not seen"))
    )
    return Table("All looks at teaching in this year's lesson visits (invented school)", ("Result", "Looks"), rows)


def share_fully_seen(school: ExerciseSchool) -> float:
    """The share of all looks in which the point was fully seen, in per cent."""
    counts = _counts_of_all(school)
    return float(100 * counts.get("yes", 0) / counts.sum())


def share_seen_at_all(school: ExerciseSchool) -> float:
    """The share of all looks with "seen" or "seen in part": parts counted as whole."""
    counts = _counts_of_all(school)
    return float(100 * (counts.get("yes", 0) + counts.get("partly", 0)) / counts.sum())


# --- Teaching quality and targeted intervention --------------------------------------------------------------------


def _growth(school: ExerciseSchool) -> tuple[Floats, Floats]:
    """Each pupil's autumn score in reading and maths, and the change to summer beside pupils who began alike.

    A low score rises by chance alone, so what pupils with that autumn score usually gain is taken off.
    """
    grid = score_grid(school.tables["assessments"], school.data.pupils)[:, :2].astype(float)
    entry = _row_means(grid[:, :, 0])
    change = _row_means(grid[:, :, TERMS.index("summer")] - grid[:, :, 0])
    known = ~np.isnan(change) & ~np.isnan(entry)
    slope, middle = np.polyfit(entry[known], change[known], 1)
    return entry, np.where(known, change - middle - slope * entry, np.nan)


def _classes(school: ExerciseSchool) -> pd.DataFrame:
    """For each class: looks, those fully seen, places in provision per ten pupils, autumn score, growth."""
    pupils = school.data.pupils
    entry, growth = _growth(school)
    taken = pupils["pupil_id"].map(_beyond_lessons(school).groupby("pupil_id").size()).fillna(0)
    by_class = pd.DataFrame({"entry": entry, "growth": growth, "places": taken}).groupby(
        pupils["class_name"].astype("str").to_numpy()
    )
    found = by_class["growth"].agg(["mean", "std", "count"])
    half = 2.6 * found["std"] / np.sqrt(found["count"].clip(lower=2))
    looks = school.tables["observations"]
    seen = (looks["seen"] == "yes").groupby(looks["class_name"].astype("str"))
    columns = {
        "growth": found["mean"],
        "low": found["mean"] - half,
        "high": found["mean"] + half,
        "entry": by_class["entry"].mean(),
        "places": 10 * by_class["places"].mean(),
        "looks": seen.size(),
        "seen": seen.sum(),
    }
    return pd.DataFrame(columns).fillna({"looks": 0, "seen": 0})


def _row_means(values: Floats) -> Floats:
    known = ~np.isnan(values)
    total, count = np.where(known, values, 0.0).sum(axis=1), known.sum(axis=1)
    means: Floats = np.divide(total, count, out=np.full(len(values), np.nan), where=count > 0)
    return means


def _five_classes(school: ExerciseSchool) -> pd.DataFrame:
    """The class that grew least; of the others those with least provision, lowest start, most provision; one more."""
    classes = _classes(school).dropna(subset=["growth"])
    least = classes["growth"].idxmin()
    others = classes.drop(index=least)
    apart = others[others["growth"] > classes["growth"].min() + CLEARLY_APART]
    others = apart if len(apart) >= 4 else others
    fewest = others["places"].idxmin()
    lowest = others.drop(index=fewest)["entry"].idxmin()
    most = others.drop(index=[fewest, lowest])["places"].idxmax()
    rest = others.drop(index=[fewest, lowest, most])
    more = school.draw("one more class").permutation(list(rest.index))[:1]
    return classes.loc[[least, fewest, lowest, most, *more]]


def classes_compared(school: ExerciseSchool) -> Table:
    """Five classes: what was seen of their teaching, how much provision they have, where they began, how they grew."""
    rows = tuple(
        Row(
            str(name),
            (
                str(name),
                f"{row['seen']:.0f} of {row['looks']:.0f}",
                f"{row['places']:.1f}",
                f"{row['entry']:.0f}",
                f"{row['growth']:+.1f} (from {row['low']:+.1f} to {row['high']:+.1f})",
            ),
        )
        for name, row in _five_classes(school).sort_index().iterrows()
    )
    return Table(
        "Five classes of the invented school. Growth is in points of standard score in reading and maths, "
        "beside pupils who began alike: below 0 is slower",
        (
            "Class",
            "Points of teaching fully seen",
            "Places in provision for every 10 pupils",
            "Average score in autumn",
            "Growth over the year (and its likely range)",
        ),
        rows,
    )


def classes_picture(school: ExerciseSchool) -> Bars:
    """Places in provision beyond lessons for every ten pupils, in the five classes."""
    classes = _five_classes(school)
    bars = tuple(Bar(str(name), round(float(row["places"]), 1)) for name, row in classes.sort_index().iterrows())
    most = max(bars, key=lambda bar: bar.value)
    return Bars(
        "Places in provision beyond lessons, for every 10 pupils of the class (invented school)",
        bars,
        "places",
        f"The most places for every 10 pupils are in {most.label} ({most.value:g}). Whether the pupils there learn "
        "more than others is another question.",
    )


def class_names(school: ExerciseSchool) -> list[tuple[str, str]]:
    """The five classes to choose from."""
    return [(str(name), f"Class {name}") for name in sorted(_five_classes(school).index)]


def class_that_needs_teaching_first(school: ExerciseSchool) -> str:
    """The class whose growth lies furthest below that of pupils who began alike, whatever provision it has."""
    return str(_five_classes(school).index[0])


def class_with_least_provision(school: ExerciseSchool) -> str:
    """Of the other classes, the one with the fewest places in provision for its size."""
    return str(_five_classes(school).index[1])


def class_that_began_lowest(school: ExerciseSchool) -> str:
    """Of the other classes, the one with the lowest scores in autumn."""
    return str(_five_classes(school).index[2])


def visits_to_one_class(school: ExerciseSchool) -> Table:
    """What the observer wrote about the class that grew least, or about the class seen most where it was not seen."""
    looks = school.tables["observations"]
    names = looks["class_name"].astype("str")
    wanted = class_that_needs_teaching_first(school)
    if not (names == wanted).any():
        wanted = str(names.mode().iloc[0])
    mine = looks[names == wanted].sort_values(["date", "observation_id"])
    rows = tuple(
        Row(
            str(row["observation_id"]),
            (
                _day(row["date"]),
                str(row["subject"]),
                str(row["focus"]).capitalize(),
                {"yes": "seen", "partly": "in part", "no": "not seen"}[str(row["seen"])],
                "no note" if pd.isna(row["note"]) else str(row["note"]),
            ),
        )
        for _, row in mine.iterrows()
    )
    return Table(
        "Lesson visits to one class this year (invented)",
        ("Date", "Subject", "What was looked for", "Seen?", "The observer's note"),
        rows,
    )


def _day(when: Any) -> str:
    day = pd.Timestamp(when)
    return f"{day.day} {day.month_name()} {day.year}"


# --- Training against need -----------------------------------------------------------------------------------------


def _needs(school: ExerciseSchool) -> pd.DataFrame:
    """For each type of need with a broad area: pupils who have it as main need, and adults trained beyond awareness."""
    pupils = school.data.pupils
    counts = pupils.loc[pupils["area"].notna(), "SENtype"].astype("str").value_counts()
    training = school.tables["training"]
    deep = training[training["level"].astype("str") != "awareness"]
    trained = deep.groupby(deep["SENtype"].astype("str"))["staff_id"].nunique()
    needs = pd.DataFrame({"pupils": counts, "trained": trained.reindex(counts.index).fillna(0).astype(int)})
    needs["each"] = np.where(needs["trained"] > 0, needs["pupils"] / needs["trained"].clip(lower=1), np.inf)
    return needs.sort_values("each", ascending=False)


def _differences(order: list[str], other: list[str]) -> int:
    return sum(abs(place - other.index(need)) for place, need in enumerate(order))


def _five_needs(school: ExerciseSchool) -> pd.DataFrame:
    """Five needs that stand in another order by pupils for each trained adult than by pupils alone.

    Of the needs for which nobody is trained the one with most pupils is always there, the others never. The rest lie
    clearly apart.
    """
    needs = _needs(school)
    untrained = needs[needs["trained"] == 0].sort_values("pupils", ascending=False).iloc[:1]
    trained = needs[(needs["trained"] > 0) & (needs["pupils"] > 1)]
    best, most = pd.concat([untrained, trained]).iloc[:4], -1
    for some in _choices(trained, (5 - len(untrained), 4 - len(untrained))):
        each = some["each"].to_numpy()
        rows = pd.concat([untrained, some])
        unlike = _differences([str(need) for need in rows.index], _by_pupils(rows)) * 100 + int(rows["pupils"].sum())
        if unlike > most and len(rows) >= min(len(best), 5) and (each[:-1] >= 1.15 * each[1:]).all():
            best, most = rows, unlike
    return best


def _choices(needs: pd.DataFrame, sizes: tuple[int, ...]) -> Iterator[pd.DataFrame]:
    """Every choice of so many of the first nine needs, the larger choices first."""
    for size in sizes:
        for some in combinations(needs.index[:9], size):
            yield needs.loc[list(some)]


def _by_pupils(needs: pd.DataFrame) -> list[str]:
    return [str(need) for need in needs.sort_values("pupils", ascending=False, kind="stable").index]


def needs_and_training(school: ExerciseSchool) -> Table:
    """Pupils by main need beside adults who are trained in it beyond awareness."""
    rows = tuple(
        Row(
            str(need),
            (codes.SEN_TYPE_NAMES[str(need)], str(int(row["pupils"])), str(int(row["trained"]))),
        )
        for need, row in _five_needs(school).sort_values("pupils", ascending=False, kind="stable").iterrows()
    )
    return Table(
        "Main needs of pupils and training of adults (invented school)",
        ("Type of need", "Pupils", "Adults trained in it beyond awareness"),
        rows,
    )


def needs_picture(school: ExerciseSchool) -> Bars:
    """How many pupils there are for each adult trained beyond awareness; a need with no such adult shows all pupils."""
    needs = _five_needs(school)
    bars = tuple(
        Bar(codes.SEN_TYPE_NAMES[str(need)], round(float(row["pupils"] / max(row["trained"], 1)), 1))
        for need, row in needs.iterrows()
    )
    return Bars(
        "Pupils for each adult trained beyond awareness in their main need (invented school)",
        bars,
        "pupils",
        f"{bars[0].label} stands first with {bars[0].value:g}. Where nobody is trained beyond awareness, the bar "
        "shows every pupil with that need.",
    )


def needs_to_order(school: ExerciseSchool) -> list[tuple[str, str]]:
    """The needs to put in order."""
    return [(str(need), codes.SEN_TYPE_NAMES[str(need)]) for need in sorted(_five_needs(school).index)]


def needs_by_gap(school: ExerciseSchool) -> list[str]:
    """The needs with the most pupils for each trained adult first; one with no trained adult before all others."""
    return [str(need) for need in _five_needs(school).index]


def needs_by_pupils(school: ExerciseSchool) -> list[str]:
    """The needs by pupils alone."""
    return _by_pupils(_five_needs(school))


def needs_from_the_rarest(school: ExerciseSchool) -> list[str]:
    """The needs with the fewest pupils first: the unusual course wins."""
    return needs_by_pupils(school)[::-1]


def need_with_the_widest_gap(school: ExerciseSchool) -> str:
    """The need with the most pupils for each trained adult."""
    return needs_by_gap(school)[0]


def need_with_fewest_pupils(school: ExerciseSchool) -> str:
    """Of the other needs, the one with the fewest pupils."""
    return next(need for need in needs_from_the_rarest(school) if need != need_with_the_widest_gap(school))


# --- Who gives what, and with which training -----------------------------------------------------------------------


def _support_staff(school: ExerciseSchool) -> pd.DataFrame:
    """Up to seven support staff with training beyond awareness and up to seven without; givers of provision first."""
    staff = school.tables["staff"]
    staff = staff[staff["role"].astype("str").isin(SUPPORT_ROLES)].copy()
    training = school.tables["training"]
    deep = training[training["level"].astype("str") != "awareness"]
    staff["hours"] = staff["staff_id"].map(deep.groupby("staff_id")["hours"].sum()).fillna(0.0)
    outside = deep[deep["kind"].astype("str") == "external"]
    staff["outside"] = staff["staff_id"].isin(outside["staff_id"])
    staff["gives"] = staff["staff_id"].isin(school.data.provisions["staff_id"])
    staff = staff.sort_values(["gives", "staff_id"], ascending=[False, True])
    some = [staff[staff["hours"] > 0].iloc[:7], staff[staff["hours"] == 0].iloc[:7]]
    return pd.concat(some).sort_values("staff_id")


def _training_in_words(school: ExerciseSchool, staff: int) -> str:
    training = school.tables["training"]
    parts = [
        f"{codes.SEN_TYPE_NAMES.get(str(row.SENtype), str(row.area).capitalize())}: "
        f"{row.level}, {row.kind}, {row.hours:g} {'hour' if row.hours == 1 else 'hours'}, "
        f"{pd.Timestamp(str(row.date)).year}"
        for row in training[training["staff_id"] == staff].sort_values("date").itertuples()
    ]
    return "; ".join(parts) or "nothing on record"


def support_staff_and_training(school: ExerciseSchool) -> Table:
    """Support staff, what they give, and what the training record says about each."""
    provisions = school.data.provisions
    rows = tuple(
        Row(
            str(row["staff_id"]),
            (
                f"{row['role']} {row['staff_id']}",
                "; ".join(provisions.loc[provisions["staff_id"] == row["staff_id"], "name"].astype("str"))
                or "works in lessons",
                _training_in_words(school, int(row["staff_id"])),
            ),
        )
        for _, row in _support_staff(school).iterrows()
    )
    return Table(
        "Support staff: what they give and what training is on record (invented adults)",
        ("Adult", "Gives", "Training on record: need, level, given by, hours, year"),
        rows,
    )


def support_staff_not_trained(school: ExerciseSchool) -> list[str]:
    """Support staff with nothing on record beyond awareness."""
    staff = _support_staff(school)
    return [str(number) for number in staff.loc[staff["hours"] == 0, "staff_id"]]


def support_staff_trained_in_house_or_briefly(school: ExerciseSchool) -> list[str]:
    """Support staff trained beyond awareness by the school alone; where there are none, the two with fewest hours."""
    staff = _support_staff(school)
    trained = staff[staff["hours"] > 0]
    chosen = trained[~trained["outside"]]
    if chosen.empty:
        chosen = trained.sort_values(["hours", "staff_id"]).iloc[:2]
    return [str(number) for number in chosen["staff_id"]]


# --- Training that runs out, and what it costs ---------------------------------------------------------------------


def _dated_training(school: ExerciseSchool) -> pd.DataFrame:
    """Training beyond awareness: what runs out first, and a few that do not run out; 12 rows at most."""
    training = school.tables["training"]
    deep = training[training["level"].astype("str") == "enhanced"]
    ends = deep[deep["expires"].notna()].sort_values(["expires", "staff_id"]).iloc[:9]
    lasts = deep[deep["expires"].isna()].sort_values(["date", "staff_id"]).iloc[:3]
    return pd.concat([ends, lasts])


def _renew_by(school: ExerciseSchool) -> date:
    """The end of the first school year by which some of it, but not all, has run out and something must be paid."""
    rows = _dated_training(school)
    ends = rows.dropna(subset=["expires"])
    for year in (2026, 2027, 2028, 2029):
        due = ends["expires"] <= pd.Timestamp(year, 8, 31)
        if due.sum() >= 2 and ends.loc[due, "cost"].sum() > 0:
            return date(year, 8, 31)
    return date(2029, 8, 31)


def training_that_runs_out(school: ExerciseSchool) -> Table:
    """Training beyond awareness with the day on which it runs out and what a place cost."""
    roles = school.tables["staff"].set_index("staff_id")["role"].astype("str")
    rows = tuple(
        Row(
            f"training-{place}",
            (
                f"{roles[row['staff_id']]} {row['staff_id']}",
                codes.SEN_TYPE_NAMES[str(row["SENtype"])] if pd.notna(row["SENtype"]) else str(row["area"]),
                f"{row['hours']:g}",
                f"£{row['cost']:,.0f}",
                "does not run out" if pd.isna(row["expires"]) else _day(row["expires"]),
            ),
        )
        for place, (_, row) in enumerate(_dated_training(school).iterrows(), start=1)
    )
    return Table(
        f"Training beyond awareness (invented school). Renew what runs out on or before {_day(_renew_by(school))}",
        ("Adult", "Training in", "Hours", "Cost of a place last time", "Runs out"),
        rows,
    )


def renewal_cost(school: ExerciseSchool) -> float:
    """Pounds to renew, at last time's price, all training of the table that runs out by the day in its heading."""
    rows = _dated_training(school)
    return float(rows.loc[rows["expires"] <= pd.Timestamp(_renew_by(school)), "cost"].sum())


def cost_of_all_in_the_table(school: ExerciseSchool) -> float:
    """Pounds for every row of the table, run out or not."""
    return float(_dated_training(school)["cost"].sum())


def cost_of_all_with_a_date(school: ExerciseSchool) -> float:
    """Pounds for every row that ever runs out."""
    rows = _dated_training(school)
    return float(rows.loc[rows["expires"].notna(), "cost"].sum())


def cost_of_what_runs_out_later(school: ExerciseSchool) -> float:
    """Pounds for what runs out after the day: the date read the wrong way round."""
    rows = _dated_training(school)
    return float(rows.loc[rows["expires"] > pd.Timestamp(_renew_by(school)), "cost"].sum())


COURSE_HOURS, ADULTS_ON_COURSE, HOURS_OF_PRACTICE = 12, 2, 6


def _hour_of_a_course(school: ExerciseSchool) -> int:
    """What an hour of training from outside, beyond awareness, has cost the school for one adult, in whole pounds."""
    training = school.tables["training"]
    outside = training[(training["level"].astype("str") == "enhanced") & (training["cost"] > 0)]
    return round(float(outside["cost"].sum() / outside["hours"].sum())) if len(outside) else 22


def _hour_of_cover(school: ExerciseSchool) -> int:
    """What an hour of a teaching assistant costs the school on average, in whole pounds."""
    staff = school.tables["staff"]
    return round(float(staff.loc[staff["role"].astype("str") == "teaching assistant", "hourly_cost"].mean()))


def price_of_a_programme(school: ExerciseSchool) -> Table:
    """What is needed to work out the cost of training two adults in the need for which nobody is trained enough."""
    rows = (
        Row("adults", ("Adults who take part", str(ADULTS_ON_COURSE))),
        Row("hours", ("Hours of the course for each adult", str(COURSE_HOURS))),
        Row("price", ("Price of an hour of the course for one adult", f"£{_hour_of_a_course(school)}")),
        Row("practice", ("Hours of practice and coaching for each adult that need cover", str(HOURS_OF_PRACTICE))),
        Row("cover", ("Cost of an hour of cover", f"£{_hour_of_cover(school)}")),
    )
    return Table(
        "A term's programme in the need with the widest gap in training (invented school)", ("Figure", "Value"), rows
    )


def programme_cost(school: ExerciseSchool) -> float:
    """Pounds for the programme: adults x (course hours x price + practice hours x cover)."""
    each = COURSE_HOURS * _hour_of_a_course(school) + HOURS_OF_PRACTICE * _hour_of_cover(school)
    return float(ADULTS_ON_COURSE * each)


def course_without_practice(school: ExerciseSchool) -> float:
    """Pounds for the course alone: nobody gets time to try it out."""
    return float(ADULTS_ON_COURSE * COURSE_HOURS * _hour_of_a_course(school))


def programme_for_one(school: ExerciseSchool) -> float:
    """Pounds for one adult in place of two."""
    return programme_cost(school) / ADULTS_ON_COURSE


def training_budget(school: ExerciseSchool) -> float:
    """Pounds that leaders gave for training: enough for renewals and the programme, with about a fifth to spare."""
    return float(50 * np.ceil(1.2 * (renewal_cost(school) + programme_cost(school)) / 50))


def most_for_a_talk(school: ExerciseSchool) -> float:
    """A tenth of the budget: what leaders allow for a single talk."""
    return training_budget(school) / 10


# --- Counts that quick checks ask for --------------------------------------------------------------------------------


def number_of_thin_records(school: ExerciseSchool) -> float:
    """How many records of the class are too thin to judge from."""
    return float(len(records_too_thin(school)))


def number_of_thin_or_not_risen(school: ExerciseSchool) -> float:
    """The same count with full records whose score did not rise: results mistaken for gaps."""
    return float(len(records_too_thin(school)) + len(records_that_did_not_rise(school)))


def number_with_a_score_missing(school: ExerciseSchool) -> float:
    """How many records lack a score of a test that there is: sessions that did not happen overlooked."""
    records = _one_class_of_records(school)
    return float((records["tested"] & ~records["both_scores"]).sum())


def number_fully_seen(school: ExerciseSchool) -> float:
    """In how many looks the point was fully seen: a count where a share is asked for."""
    return float(_counts_of_all(school).get("yes", 0))
