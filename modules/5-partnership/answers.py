"""What module 5 shows of an invented school, and the right answers to its questions on data.

Reviews come from the table of reviews, specialist provision from the provision map. Dates of EHC plans are not in the
invented data: they are drawn for the exercise, and every caption says so. Limits in weeks come from the facts register.
"""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd

from senco_kit.course.exercise import Bar, Bars, ExerciseSchool, Row, Table
from senco_kit.days import in_words
from senco_kit.in_figures import pounds
from senco_kit.schools import codes
from senco_kit.schools.calendar import school_days
from senco_kit.standards.read import fact

TURNS = {1: "Autumn", 2: "Spring", 3: "Summer"}
#: Meetings with parents in a year that the Code speaks of (fact code-6-65), and the reviews that the data can hold.
MEETINGS_A_YEAR = 3
#: With fewer reviews than this a group is left out: its share would be luck.
FEWEST_REVIEWS = 12
#: Share of sessions missed from which absence is called persistent (fact absence-persistent-all-2025).
PERSISTENT = 0.10
#: Share from which it is called severe (fact absence-severe-all-2025).
SEVERE = 0.50
MORE_OR_LESS_SURE = 1.96

#: "Today" in the questions about dates, the first day for meetings after half-term, and days to draw from.
TODAY = date(2026, 1, 12)
AFTER_HALF_TERM = date(2026, 2, 23)
REQUEST_MONDAYS = tuple(date(2026, 1, 12) + timedelta(weeks=week) for week in range(5))

#: Hours that the therapist in the sharing-out asks for, as its scene says.
TRAINING_HOURS, PARENT_HOURS, SPARE_HOURS = 4, 2, 6


# --- The pupils and their reviews ---------------------------------------------------------------------------------


def _pupils(school: ExerciseSchool) -> pd.DataFrame:
    """Every pupil, by id, with plain words for the codes, primary need, sessions and suspensions."""
    pupils = school.tables["pupils"].set_index("pupil_id")
    for name in ("NCyearActual", "SENprovision"):
        pupils[name] = pupils[name].astype(str)
    needs = school.tables["needs"]
    pupils["need"] = needs[needs["SENtypeRank"] == 1].set_index("pupil_id")["SENtype"].astype(str)
    sessions = school.tables["attendance"].groupby("pupil_id")[["sessions_possible", "sessions_attended"]].sum()
    pupils = pupils.join(sessions)
    pupils["missed"] = 1 - pupils["sessions_attended"] / pupils["sessions_possible"]
    pupils["suspended"] = school.tables["suspensions"].groupby("pupil_id").size()
    pupils["suspended"] = pupils["suspended"].fillna(0).astype(int)
    pupils["known"] = pupils["social_worker"] | pupils["in_care"]
    return pupils


def _reviews(school: ExerciseSchool) -> pd.DataFrame:
    """Every review with its pupil's SEN provision and primary need."""
    reviews = school.tables["reviews"].copy()
    reviews["outcome"] = reviews["outcome"].astype(str)
    reviews["asked"] = reviews["pupil_view"].notna()
    reviews["parent"] = reviews["parent_took_part"].astype(bool)
    return reviews.join(_pupils(school)[["SENprovision", "need", "NCyearActual"]], on="pupil_id")


def _on_support(school: ExerciseSchool) -> int:
    return int((_pupils(school)["SENprovision"] == "K").sum())


def _year(code: str) -> str:
    return "Reception" if code == "R" else f"Year {code}"


def _sen(code: str) -> str:
    return {"K": "SEN support", "E": "EHC plan"}.get(code, "No SEN")


def _shuffled(school: ExerciseSchool, name: str, rows: list[Row]) -> tuple[Row, ...]:
    return tuple(rows[int(place)] for place in school.draw(name).permutation(len(rows)))


def _some(school: ExerciseSchool, name: str, rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """Up to so many rows, drawn, the same each time."""
    if len(rows) <= most:
        return rows
    return rows.iloc[np.sort(school.draw(name).permutation(len(rows))[:most])]


def _share_with_interval(label: str, part: int, whole: int) -> Bar:
    """A share in per cent with its 95 per cent interval (Wilson's, which also suits small groups)."""
    share, z = part / whole, MORE_OR_LESS_SURE
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    reach = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return Bar(label, 100 * share, max(0.0, 100 * (middle - reach)), min(100.0, 100 * (middle + reach)))


# --- Parents at reviews (E4) --------------------------------------------------------------------------------------


def parents_by_turn(school: ExerciseSchool) -> Table:
    """Reviews of pupils on SEN support, term by term, and in how many a parent took part."""
    reviews = _reviews(school)
    reviews = reviews[reviews["SENprovision"] == "K"]
    rows = []
    for turn, name in TURNS.items():
        held = reviews[reviews["cycle"] == turn]
        rows.append(Row(name.lower(), (name, str(len(held)), str(int(held["parent"].sum())))))
    caption = f"Invented school: reviews in the year of its {_on_support(school)} pupils on SEN support"
    return Table(caption, ("Term", "Reviews that took place", "Reviews in which a parent took part"), tuple(rows))


def parents_of_expected(school: ExerciseSchool) -> float:
    """Per cent of the meetings the Code speaks of (three a pupil, fact code-6-65) in which a parent took part."""
    reviews = _reviews(school)
    took_part = reviews.loc[reviews["SENprovision"] == "K", "parent"].sum()
    return float(100 * took_part / (MEETINGS_A_YEAR * _on_support(school)))


def parents_of_held(school: ExerciseSchool) -> float:
    """The same over the reviews that took place: what did not happen drops out of sight."""
    reviews = _reviews(school)
    return float(100 * reviews.loc[reviews["SENprovision"] == "K", "parent"].mean())


def parents_for_each_pupil(school: ExerciseSchool) -> float:
    """The same over the pupils: more than one meeting a pupil makes it look too good."""
    reviews = _reviews(school)
    return float(100 * reviews.loc[reviews["SENprovision"] == "K", "parent"].sum() / _on_support(school))


def meetings_with_parents(school: ExerciseSchool) -> Bars:
    """In how many reviews of the year a parent took part: shares of pupils on SEN support."""
    pupils = _pupils(school)
    on_support = pupils.index[pupils["SENprovision"] == "K"]
    times = _reviews(school).groupby("pupil_id")["parent"].sum().reindex(on_support, fill_value=0).astype(int)
    counts = [int((times == number).sum()) for number in range(MEETINGS_A_YEAR + 1)]
    labels = ("No review", "One review", "Two reviews", "All three")
    bars = tuple(Bar(label, 100 * count / len(times)) for label, count in zip(labels, counts, strict=True))
    says = (
        f"Of the invented pupils on SEN support, {100 * counts[3] / len(times):.0f} per cent had a parent in all three "
        f"reviews of the year, and {100 * (counts[0] + counts[1]) / len(times):.0f} per cent in one or in none."
    )
    return Bars("Reviews of the year in which a parent took part", bars, "per cent of pupils on SEN support", says)


def _calls_of_all(school: ExerciseSchool) -> pd.DataFrame:
    """Pupils of three kinds, by id: to ring first, parents seldom seen but going well, seen and stuck."""
    pupils = _pupils(school)
    by_pupil = _reviews(school).sort_values(["pupil_id", "cycle"]).groupby("pupil_id")
    found = pd.DataFrame({"last": by_pupil["outcome"].last(), "times": by_pupil["parent"].sum()})
    found = found.join(pupils[["NCyearActual", "SENprovision"]])
    found = found[(found["SENprovision"] == "K") & (by_pupil.size() >= 2)]
    seldom, stuck = found["times"] <= 1, found["last"] != "met"
    kinds = {"first": seldom & stuck, "going well": seldom & ~stuck, "seen": ~seldom & stuck}
    return pd.concat([found[rows].assign(kind=kind) for kind, rows in kinds.items()])


def _calls(school: ExerciseSchool) -> pd.DataFrame:
    """Up to four pupils of each kind, for the table."""
    kinds = _calls_of_all(school).groupby("kind", sort=False)
    return pd.concat([_some(school, f"calls {kind}", pupils, 4) for kind, pupils in kinds])


def calls_table(school: ExerciseSchool) -> Table:
    """Twelve pupils on SEN support: who took part when, and how the last review ended."""
    reviews = _reviews(school).set_index(["pupil_id", "cycle"])["parent"]
    rows = []
    for pupil, one in _calls(school).iterrows():
        took_part = [_word(reviews.get((pupil, turn))) for turn in TURNS]
        rows.append(Row(str(pupil), (str(pupil), _year(one["NCyearActual"]), *took_part, one["last"].capitalize())))
    return Table(
        "Invented school: pupils on SEN support, whether a parent took part in each review, and the last outcome",
        ("Pupil", "Year", "Autumn", "Spring", "Summer", "Outcome at the last review"),
        _shuffled(school, "calls order", rows),
    )


def _word(took_part: object) -> str:
    return "No review" if took_part is None else "Parent took part" if took_part else "No parent"


def _calls_of_kind(school: ExerciseSchool, kind: str) -> list[str]:
    found = _calls(school)
    return [str(pupil) for pupil in found.index[found["kind"] == kind]]


def calls_first(school: ExerciseSchool) -> list[str]:
    """Pupils whose parents took part in one review or none, and whose last outcome was not fully met."""
    return _calls_of_kind(school, "first")


def calls_only_because_stuck(school: ExerciseSchool) -> list[str]:
    """Pupils whose outcome was not met, though their parents have been there."""
    return _calls_of_kind(school, "seen")


def calls_only_because_unseen(school: ExerciseSchool) -> list[str]:
    """Pupils whose parents were seldom there, whose outcome was met."""
    return _calls_of_kind(school, "going well")


def letter_pupil(school: ExerciseSchool) -> Table:
    """The last review of one pupil like those to ring first, if possible one who is not in the table of calls.

    Without the pupil's number: the letter must not tell whom to tick there.
    """
    found = _calls_of_all(school)
    first = found.index[found["kind"] == "first"]
    others = first.difference(_calls(school).index)
    first = others if len(others) else first
    reviews = _reviews(school).sort_values("cycle")
    lasts = reviews[reviews["pupil_id"].isin(first)].groupby("pupil_id").tail(1)
    last = lasts.sort_values(["asked", "parent", "pupil_id"], ascending=[False, True, True]).iloc[0]
    said = last["pupil_view"] if last["asked"] else "Nothing was written down."
    lines = (
        ("Year", _year(last["NCyearActual"])),
        ("What was found out", last["assess"]),
        ("What was planned", last["plan"]),
        ("What was done", last["do"]),
        ("How it went", last["review"]),
        ("Outcome", last["outcome"].capitalize()),
        ("What the pupil said", said),
    )
    rows = tuple(Row(f"line-{number}", tuple(line)) for number, line in enumerate(lines, 1))
    caption = "Invented school: the last review of one pupil on SEN support"
    return Table(caption, ("Part of the record", "What it says"), rows)


# --- Pupils' own views (E3) ---------------------------------------------------------------------------------------


def _views_of_all(school: ExerciseSchool) -> pd.DataFrame:
    """By primary need, the five largest groups first: reviews, views recorded, views missing."""
    reviews = _reviews(school)
    found = reviews.groupby("need")["asked"].agg(["size", "sum"]).rename(columns={"size": "held", "sum": "asked"})
    found = found[found["held"] >= FEWEST_REVIEWS].sort_values(["held", "asked"], ascending=False).head(5)
    found["share"] = found["asked"] / found["held"]
    found["missing"] = found["held"] - found["asked"]
    return found


def _views(school: ExerciseSchool) -> pd.DataFrame:
    """The same groups for the question: the lowest share stands alone."""
    found = _views_of_all(school)
    while len(found) > 3 and found["share"].nsmallest(2).diff().iloc[-1] < 0.02:
        # Two groups share the lowest place, or nearly: keep the lower one.
        found = found.drop(found["share"].nsmallest(2, keep="all").index[-1])
    return found


def views_table(school: ExerciseSchool) -> Table:
    """Reviews and recorded views by primary need, as counts."""
    rows = tuple(
        Row(str(need), (codes.SEN_TYPE_NAMES[str(need)], str(int(one["held"])), str(int(one["asked"]))))
        for need, one in _views(school).iterrows()
    )
    return Table(
        "Invented school: reviews of the year, and reviews in which the pupil's own view is recorded",
        ("Primary type of need", "Reviews that took place", "With the pupil's own view"),
        rows,
    )


def views_options(school: ExerciseSchool) -> list[tuple[str, str]]:
    """The needs of the table, to choose from."""
    return [(str(need), codes.SEN_TYPE_NAMES[str(need)]) for need in _views(school).index]


def views_lowest(school: ExerciseSchool) -> str:
    """The need with the lowest share of reviews that hold the pupil's own view."""
    return str(_views(school)["share"].idxmin())


def views_most_missing(school: ExerciseSchool) -> str:
    """The need with the largest number of reviews without it: mostly just the largest group."""
    return str(_views(school)["missing"].idxmax())


def views_fewest(school: ExerciseSchool) -> str:
    """The need with the smallest number of recorded views: mostly just the smallest group."""
    return str(_views(school)["asked"].idxmin())


def views_most_recorded(school: ExerciseSchool) -> str:
    """The need with the largest number of recorded views."""
    return str(_views(school)["asked"].idxmax())


def views_by_need(school: ExerciseSchool) -> Bars:
    """The share of reviews with the pupil's own view, by primary need, with what chance alone could do."""
    found = _views_of_all(school)
    bars = tuple(
        _share_with_interval(codes.SEN_TYPE_NAMES[str(need)], int(one["asked"]), int(one["held"]))
        for need, one in found.iterrows()
    )
    lowest, highest = (choose(bars, key=lambda bar: bar.value) for choose in (min, max))
    overlap = (lowest.high or 0.0) >= (highest.low or 0.0)
    says = (
        f"In the invented school the pupil's own view is recorded in {lowest.value:.0f} to {highest.value:.0f} "
        "per cent of reviews, by type of need. "
        + ("The intervals overlap, so the order of the groups may be chance." if overlap else "")
    ).strip()
    return Bars("Reviews in which the pupil's own view is recorded", bars, "per cent of reviews", says)


def reviews_without_a_voice(school: ExerciseSchool) -> float:
    """Reviews in which neither the pupil's view nor a parent's part is recorded."""
    reviews = _reviews(school)
    return float((~reviews["asked"] & ~reviews["parent"]).sum())


def reviews_without_parent(school: ExerciseSchool) -> float:
    """All reviews without a parent, whether the pupil was heard or not."""
    return float((~_reviews(school)["parent"]).sum())


def voices_table(school: ExerciseSchool) -> Table:
    """All reviews of pupils with SEN: those with the pupil's view, with a parent, with both."""
    reviews = _reviews(school)
    counts = (
        ("Reviews that took place", len(reviews)),
        ("With the pupil's own view", int(reviews["asked"].sum())),
        ("With a parent taking part", int(reviews["parent"].sum())),
        ("With both", int((reviews["asked"] & reviews["parent"]).sum())),
    )
    rows = tuple(Row(f"row-{number}", (label, str(count))) for number, (label, count) in enumerate(counts, 1))
    return Table("Invented school: whose views are in the reviews of the year", ("Reviews", "Number"), rows)


def three_turns(school: ExerciseSchool) -> Table:
    """One invented pupil through a year: the plan, the pupil's words, the parent's words, the outcome."""
    reviews = _reviews(school).sort_values(["pupil_id", "cycle"])
    whole = reviews.groupby("pupil_id").filter(
        lambda turns: len(turns) == MEETINGS_A_YEAR and turns["asked"].sum() == 2
    )
    reviews = whole if len(whole) else reviews
    one = reviews[reviews["pupil_id"] == reviews["pupil_id"].iloc[0]]
    rows = tuple(
        Row(
            TURNS[turn["cycle"]].lower(),
            (
                TURNS[turn["cycle"]],
                turn["plan"],
                turn["pupil_view"] if turn["asked"] else "(nothing recorded)",
                turn["parent_view"] if turn["parent"] else "(no parent took part)",
                turn["outcome"].capitalize(),
            ),
        )
        for _, turn in one.iterrows()
    )
    return Table(
        f"Invented pupil {one['pupil_id'].iloc[0]}, {_year(one['NCyearActual'].iloc[0])}: three reviews",
        ("Term", "What was planned", "What the pupil said", "What the parent said", "Outcome"),
        rows,
    )


# --- Pupils whom other agencies may know (E1) ---------------------------------------------------------------------


def absence_by_group(school: ExerciseSchool) -> Bars:
    """Persistent absence by SEN, and among young carers and pupils with a social worker; small groups left out."""
    pupils = _pupils(school)
    late = pupils["missed"] >= PERSISTENT
    groups = {
        "All pupils": late.notna(),
        "No SEN": pupils["SENprovision"] == "N",
        "SEN support": pupils["SENprovision"] == "K",
        "EHC plan": pupils["SENprovision"] == "E",
        "Young carers": pupils["young_carer"],
        "With a social worker": pupils["social_worker"],
    }
    kept = {label: rows for label, rows in groups.items() if rows.sum() >= 10}
    bars = tuple(_share_with_interval(label, int(late[rows].sum()), int(rows.sum())) for label, rows in kept.items())
    says = "Persistent absence, one tenth of sessions or more, in the invented school. " + " ".join(
        f"{bar.label}: {bar.value:.0f} per cent." for bar in bars
    )
    return Bars("Pupils who missed a tenth or more of their sessions", bars, "per cent of pupils", says)


def _early_help(school: ExerciseSchool) -> pd.DataFrame:
    """Up to 14 pupils of four kinds: two signs or more, the same but known to social care, known with few, one sign."""
    pupils = _pupils(school)
    away = pupils["missed"] >= PERSISTENT
    # Left out: a share so near a tenth that rounding decides, and absence so long that it needs more than an offer.
    clear = ((pupils["missed"] - PERSISTENT).abs() > 0.005) & (pupils["missed"] < SEVERE)
    sen = pupils["SENprovision"] != "N"
    signs = away.astype(int) + (pupils["suspended"] > 0) + pupils["young_carer"] + sen
    known = pupils["known"]
    kinds = {
        "talk": clear & ~known & (signs >= 2) & away,
        "talk too": clear & ~known & (signs >= 2) & ~away,
        "known": clear & known & (signs >= 2),
        "known too": clear & known & (signs == 1),
        "one sign": clear & ~known & (signs == 1) & away,
        "one sign too": clear & ~known & (signs == 1) & ~away,
    }
    most = {"talk": 3, "talk too": 2, "known": 2, "known too": 2, "one sign": 2, "one sign too": 3}
    parts = [
        _some(school, f"early help {kind}", pupils[rows], most[kind]).assign(kind=kind) for kind, rows in kinds.items()
    ]
    return pd.concat(parts)


def early_help_table(school: ExerciseSchool) -> Table:
    """What the school knows of each pupil, with sessions as counts."""
    rows = [
        Row(
            str(pupil),
            (
                str(pupil),
                _year(one["NCyearActual"]),
                _sen(one["SENprovision"]),
                f"{one['sessions_possible']:.0f}",
                f"{one['sessions_attended']:.0f}",
                "Yes" if one["suspended"] else "No",
                "Yes" if one["young_carer"] else "No",
                "In care" if one["in_care"] else "Social worker" if one["social_worker"] else "No",
            ),
        )
        for pupil, one in _early_help(school).iterrows()
    ]
    return Table(
        "Invented school: what is known of some pupils after a year",
        (
            "Pupil",
            "Year",
            "SEN",
            "Sessions possible",
            "Sessions attended",
            "Suspended",
            "Young carer",
            "Known to social care",
        ),
        _shuffled(school, "early help order", rows),
    )


def _early_help_of(school: ExerciseSchool, *kinds: str) -> list[str]:
    found = _early_help(school)
    return [str(pupil) for pupil in found.index[found["kind"].isin(kinds)]]


def early_help_first(school: ExerciseSchool) -> list[str]:
    """Two of the four signs or more, and nobody from social care."""
    return _early_help_of(school, "talk", "talk too")


def early_help_known(school: ExerciseSchool) -> list[str]:
    """Pupils in care or with a social worker: there is a plan and a lead already."""
    return _early_help_of(school, "known", "known too")


def early_help_one_sign(school: ExerciseSchool) -> list[str]:
    """Pupils with one sign: the guide of this area asks for two."""
    return _early_help_of(school, "one sign", "one sign too")


# --- Specialist provision (E2) ------------------------------------------------------------------------------------


def _specialist(school: ExerciseSchool) -> pd.DataFrame:
    """Provision of the specialist tier whose delivery is known, by share delivered."""
    found = school.by_provision
    found = found[(found["tier"].astype(str) == "specialist") & (found["hours_delivered"] > 0)]
    return found.sort_values(["share", "provision_id"])


def _dear_hour(school: ExerciseSchool) -> pd.Series:
    """The provision of the number question: a bought-in therapist's if there is one, else a specialist teacher's."""
    found = _specialist(school)
    lost = found["hours_delivered"] < 0.97 * found["hours_planned"]
    for role in ("therapist (bought in)", "specialist teacher"):
        of_role = found[(found["role"].astype(str) == role) & lost]
        if len(of_role):
            return of_role.iloc[0]
    return found.iloc[0]


def hour_table(school: ExerciseSchool) -> Table:
    """What was agreed for one specialist provision, and how many sessions took place."""
    one = _dear_hour(school)
    planned, held = (round(one[f"hours_{what}"] * 60 / one["minutes"]) for what in ("planned", "delivered"))
    lines = (
        ("Given by", str(one["role"]).capitalize()),
        ("Pupils", str(int(one["pupils"]))),
        ("Length of a session", f"{int(one['minutes'])} minutes"),
        ("Sessions agreed, all groups together", str(planned)),
        ("Sessions that took place", str(held)),
        ("Cost as agreed, paid whether or not a session took place", pounds(one["cost"])),
    )
    rows = tuple(Row(f"line-{number}", line) for number, line in enumerate(lines, 1))
    return Table(f"Invented school: {one['name']}", ("What", "Figure"), rows)


def cost_of_held_hour(school: ExerciseSchool) -> float:
    """Pounds for each hour of the specialist that took place."""
    one = _dear_hour(school)
    return float(round(one["cost"]) / one["hours_delivered"])


def cost_of_agreed_hour(school: ExerciseSchool) -> float:
    """Pounds for each hour that was agreed, as if all had taken place."""
    one = _dear_hour(school)
    return float(round(one["cost"]) / one["hours_planned"])


def cost_of_held_session(school: ExerciseSchool) -> float:
    """Pounds for each session: a session is not an hour."""
    one = _dear_hour(school)
    return float(round(one["cost"]) * one["minutes"] / 60 / one["hours_delivered"])


def lost_hours(school: ExerciseSchool) -> float:
    """Hours of the same provision that were agreed and did not take place."""
    one = _dear_hour(school)
    return float(one["hours_planned"] - one["hours_delivered"])


def lost_sessions(school: ExerciseSchool) -> float:
    """The same in sessions."""
    return lost_hours(school) * 60 / float(_dear_hour(school)["minutes"])


def specialist_provision(school: ExerciseSchool) -> Table:
    """The specialist tier of the map: who gives it, to how many, at what cost, and what took place."""
    rows = tuple(
        Row(
            str(one["provision_id"]),
            (
                str(one["name"]),
                str(one["role"]).capitalize(),
                str(int(one["pupils"])),
                f"{one['hours_planned']:.0f}",
                f"{one['hours_delivered']:.0f}",
                pounds(one["cost_per_pupil"]),
            ),
        )
        for _, one in _specialist(school).iterrows()
    )
    columns = ("Provision", "Given by", "Pupils", "Hours agreed", "Hours that took place", "Cost a pupil")
    return Table("Invented school: provision of the specialist tier", columns, rows)


def specialist_share(school: ExerciseSchool) -> Bars:
    """How much of each specialist provision took place."""
    found = _specialist(school)
    bars = tuple(
        Bar(str(one["name"]), 100 * one["hours_delivered"] / one["hours_planned"]) for _, one in found.iterrows()
    )
    lowest = min(bars, key=lambda bar: bar.value)
    says = (
        "Hours of specialist provision that took place, of those agreed, in the invented school. Lowest: "
        f"{lowest.label}, {lowest.value:.0f} per cent."
    )
    return Bars("Specialist hours that took place, of those agreed", bars, "per cent of the hours agreed", says)


def _section_f(school: ExerciseSchool) -> pd.DataFrame:
    """Up to six pupils with an EHC plan, talk and language first, and hours drawn for section F of their plans."""
    pupils = _pupils(school)
    found = pupils[pupils["SENprovision"] == "E"].copy()
    found["talk"] = found["need"].isin(["SLCN", "ASD"])
    found = found.sort_values("talk", ascending=False, kind="stable").head(6)
    found["hours"] = school.draw("section F").choice([1.5, 2.0, 3.0], len(found))
    return found


def section_f_table(school: ExerciseSchool) -> Table:
    """The pupils whose plans name hours with a therapist."""
    rows = tuple(
        Row(
            str(pupil),
            (str(pupil), _year(one["NCyearActual"]), codes.SEN_TYPE_NAMES[one["need"]], f"{one['hours']:g} hours"),
        )
        for pupil, one in _section_f(school).iterrows()
    )
    return Table(
        "Invented school: pupils whose EHC plan names time with a therapist (hours made up for the exercise)",
        ("Pupil", "Year", "Primary type of need", "With the therapist, as section F says"),
        rows,
    )


def therapist_direct_hours(school: ExerciseSchool) -> float:
    """The hours that section F of these plans names, together."""
    return float(_section_f(school)["hours"].sum())


def therapist_total_hours(school: ExerciseSchool) -> float:
    """The hours bought: what the plans name, what the therapist asks for, and some to decide on."""
    return therapist_direct_hours(school) + TRAINING_HOURS + PARENT_HOURS + SPARE_HOURS


# --- The dates of an EHC plan (E1, E4) ----------------------------------------------------------------------------


def _number(fact_id: str) -> int:
    return int(str(fact(fact_id).value))


def _later(start: date, fact_id: str) -> date:
    """So many weeks (or calendar days) later, as the fact says."""
    number = _number(fact_id)
    return start + (timedelta(weeks=number) if "week" in str(fact(fact_id).unit) else timedelta(days=number))


def _day(day: date) -> str:
    return f"{day:%A} {in_words(day)}"


def _request(school: ExerciseSchool) -> date:
    return REQUEST_MONDAYS[int(school.draw("request").integers(len(REQUEST_MONDAYS)))]


def request_table(school: ExerciseSchool) -> Table:
    """One request for an EHC needs assessment: the day it was received."""
    pupils = _pupils(school)
    pupil = _some(school, "request pupil", pupils[pupils["SENprovision"] == "K"], 1).index[0]
    lines = (
        ("Who asked", "The parent, in an email to the local authority"),
        ("Received by the local authority", _day(_request(school))),
        ("Exceptions to the time limits", "None apply in this exercise"),
    )
    rows = tuple(Row(f"line-{number}", line) for number, line in enumerate(lines, 1))
    caption = f"Invented school: the request for pupil {pupil}, on SEN support (dates made up for the exercise)"
    return Table(caption, ("What", "When or who"), rows)


def _plan_day(school: ExerciseSchool) -> date:
    return _later(_request(school), "ehc-20-weeks")


def _no_plan_day(school: ExerciseSchool) -> date:
    return _later(_request(school), "ehc-refuse-16-weeks")


def _statement_day(school: ExerciseSchool) -> date:
    return _request(school) + timedelta(weeks=26)


def _school_weeks_day(school: ExerciseSchool) -> date:
    """The Monday after as many school weeks of five days, holidays left out, but no later than the end of the year."""
    open_days: list[date] = [day for day in school_days().tolist() if day >= _request(school)]
    last = open_days[min(5 * _number("ehc-20-weeks"), len(open_days)) - 1]
    return last + timedelta(days=7 - last.weekday())


def plan_day_options(school: ExerciseSchool) -> list[tuple[str, str]]:
    """Four days to choose from, in an order that tells nothing."""
    days = [_plan_day(school), _no_plan_day(school), _statement_day(school), _school_weeks_day(school)]
    days = list(dict.fromkeys(days))
    return [(days[int(at)].isoformat(), _day(days[int(at)])) for at in school.draw("plan days").permutation(len(days))]


def plan_day(school: ExerciseSchool) -> str:
    """The last day for the final plan (fact ehc-20-weeks)."""
    return _plan_day(school).isoformat()


def plan_day_by_old_limit(school: ExerciseSchool) -> str:
    """What the figure remembered from the days of statements would give."""
    return _statement_day(school).isoformat()


def plan_day_of_refusal(school: ExerciseSchool) -> str:
    """The last day to say that there will be no plan (fact ehc-refuse-16-weeks)."""
    return _no_plan_day(school).isoformat()


def plan_day_in_school_weeks(school: ExerciseSchool) -> str:
    """What comes out when holidays are left out of the count."""
    return _school_weeks_day(school).isoformat()


def ehc_dates(_school: ExerciseSchool) -> Table:
    """The limits of an assessment worked out from a request of 8 September 2025, a worked example."""
    start = date(2025, 9, 8)
    asked = _later(start, "ehc-decide-6-weeks")
    steps = (
        ("The request is received", start),
        ("The authority has decided whether to assess", asked),
        ("Advice is in, if it was asked for on the day of that decision", _later(asked, "ehc-advice-6-weeks")),
        ("The authority has said so, if there will be no plan", _later(start, "ehc-refuse-16-weeks")),
        ("The final plan is issued", _later(start, "ehc-20-weeks")),
    )
    rows = tuple(Row(f"step-{number}", (step, _day(day))) for number, (step, day) in enumerate(steps, 1))
    return Table("A made-up request, and the last day for each step", ("Step", "By"), rows)


_WAITS, _SQUEEZED, _EARLY = "waits", "squeezed", "early"
#: In which order pupils get a kind of date, and the days from which it is drawn: first day, days to choose from.
_PATTERN = (_WAITS, _WAITS, _SQUEEZED, _EARLY, _SQUEEZED, _WAITS, _EARLY, _WAITS, _SQUEEZED, _EARLY)
_DRAWN = {_WAITS: (date(2025, 4, 28), 80), _SQUEEZED: (date(2025, 3, 3), 12), _EARLY: (date(2025, 1, 27), 24)}


def _annual_reviews(school: ExerciseSchool) -> pd.DataFrame:
    """Up to ten pupils with a plan, and a drawn day of the last review; and pupils on SEN support, who have none.

    Children in Reception and pupils in the last year of a phase are left out, unless there are too few others: other
    dates bind them as well.
    """
    pupils = _pupils(school)
    plans = pupils[pupils["SENprovision"] == "E"]
    pupils = pupils[~pupils["NCyearActual"].isin(["R", "6", "11"])]
    without_movers = pupils[pupils["SENprovision"] == "E"]
    planned = _some(
        school, "annual reviews", without_movers if len(without_movers) > 2 else plans, len(_PATTERN)
    ).copy()
    planned["kind"] = list(_PATTERN[: len(planned)])
    draw = school.draw("last annual reviews")
    days = [_weekday(_DRAWN[kind][0] + timedelta(days=int(draw.integers(_DRAWN[kind][1])))) for kind in planned["kind"]]
    planned["last"] = days
    support = _some(school, "no annual review", pupils[pupils["SENprovision"] == "K"], max(2, 8 - len(planned)))
    return pd.concat([planned, support.assign(kind="no plan")])


def _weekday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def annual_reviews_table(school: ExerciseSchool) -> Table:
    """When each pupil's plan was last reviewed."""
    rows = [
        Row(
            str(pupil),
            (
                str(pupil),
                _year(one["NCyearActual"]),
                _sen(one["SENprovision"]),
                "No plan" if one["kind"] == "no plan" else in_words(one["last"]),
            ),
        )
        for pupil, one in _annual_reviews(school).iterrows()
    ]
    return Table(
        "Invented school: when the EHC plan was last reviewed (dates made up for the exercise)",
        ("Pupil", "Year", "SEN", "Plan made or last reviewed on"),
        _shuffled(school, "annual reviews order", rows),
    )


def _last_meeting_day(last: date) -> date:
    """The last day for the meeting: the decision, four weeks after it, still falls within the twelve months."""
    months = _number("annual-review-12-months")
    return last.replace(year=last.year + months // 12) - timedelta(weeks=_number("review-decision-4-weeks"))


def annual_reviews_that_wait(school: ExerciseSchool) -> list[str]:
    """Pupils whose meeting can be after half-term and leave the authority its weeks within the year."""
    found = _annual_reviews(school)
    found = found[found["kind"] != "no plan"]
    return [str(pupil) for pupil, one in found.iterrows() if _last_meeting_day(one["last"]) >= AFTER_HALF_TERM]


def annual_reviews_squeezed(school: ExerciseSchool) -> list[str]:
    """Pupils whose meeting would fall within the year, the authority's decision no more."""
    found = _annual_reviews(school)
    return [str(pupil) for pupil in found.index[found["kind"] == _SQUEEZED]]


def annual_reviews_not_due(school: ExerciseSchool) -> list[str]:
    """Pupils without a plan: their review is the termly one of SEN support."""
    found = _annual_reviews(school)
    return [str(pupil) for pupil in found.index[found["kind"] == "no plan"]]


def annual_reviews_early(school: ExerciseSchool) -> list[str]:
    """Pupils whose year ends before or at half-term."""
    found = _annual_reviews(school)
    return [str(pupil) for pupil in found.index[found["kind"] == _EARLY]]


def plans_by_year(school: ExerciseSchool) -> Table:
    """Pupils with EHC plans who move to another school or college next, and the others, by number."""
    pupils = _pupils(school)
    plans = pupils[pupils["SENprovision"] == "E"].sort_index()
    order = sorted(plans["NCyearActual"].unique(), key=lambda code: -1 if code == "R" else int(code))
    rows = tuple(
        Row(
            f"year-{code}", (_year(code), ", ".join(str(pupil) for pupil in plans.index[plans["NCyearActual"] == code]))
        )
        for code in order
    )
    return Table("Invented school: pupils with an EHC plan, by year group", ("Year", "Pupils"), rows)
