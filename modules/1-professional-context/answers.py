"""What module 1 shows of an invented school, and the right answers to its questions on data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from senco_kit.course.exercise import Bar, Bars, ExerciseSchool, Row, Table
from senco_kit.provision.compare import t_quantile
from senco_kit.schools import codes
from senco_kit.small_counts import THRESHOLD, is_small

#: Missing this many tenths of sessions or more is persistent absence (fact absence-persistent-all-2025).
PERSISTENT_TENTHS = 1
#: Standard deviations either side of the middle that hold 95 of 100.
Z = 1.96
#: Whole standard errors either side of a score, as a teacher works it out.
ERRORS_EACH_SIDE = 2
STATUS_WORDS = {"N": "No SEN recorded", "K": "SEN support", "E": "EHC plan"}
#: The other groups that a SENCO keeps in view: id, words, column of the pupils table.
GROUPS = (
    ("fsm", "Eligible for free school meals", "FSMeligible"),
    ("eal", "English as an additional language", "eal"),
    ("social-worker", "Has a social worker", "social_worker"),
    ("young-carer", "Young carer", "young_carer"),
    ("service-child", "Parent in the armed forces", "service_child"),
    ("in-care", "In care", "in_care"),
)
CLUBS = {
    "breakfast": "Breakfast club",
    "sports": "Sports clubs",
    "arts": "Arts and music clubs",
    "homework": "Homework club",
}
TESTS = {"READ": "Reading", "MATH": "Mathematics", "LANG": "Spoken language", "WELL": "Wellbeing"}


# The pupils of the school, as the questions need them.


def _pupils(school: ExerciseSchool) -> pd.DataFrame:
    """One row a pupil, by pupil id: groups as yes and no, `sen`, sessions missed, reading in autumn and summer."""
    pupils = school.tables["pupils"].set_index("pupil_id").copy()
    pupils["sen"] = pupils["SENprovision"].astype(str)
    pupils["eal"] = pupils["Language"].astype(str) == "OTH"
    pupils["has_sen"] = pupils["sen"] != "N"
    sessions = school.tables["attendance"].groupby("pupil_id")[["sessions_possible", "sessions_attended"]].sum()
    possible = sessions["sessions_possible"].reindex(pupils.index).fillna(0)
    missed = possible - sessions["sessions_attended"].reindex(pupils.index).fillna(0)
    pupils["missed"] = np.where(possible > 0, 100 * missed / possible.where(possible > 0, 1), 0.0)
    pupils["persistent"] = (possible > 0) & (10 * missed >= PERSISTENT_TENTHS * possible)
    for term in ("autumn", "summer"):
        pupils[f"reading_{term}"] = _scores(school, "READ", term).reindex(pupils.index)
    return pupils


def _scores(school: ExerciseSchool, tool: str, term: str) -> pd.Series[float]:
    table = school.tables["assessments"]
    kept = table[(table["tool"] == tool) & (table["term"] == term)]
    return kept.set_index("pupil_id")["score"].astype(float)


def _tool(school: ExerciseSchool, tool: str) -> Mapping[str, float]:
    tools = school.tables["tools"]
    row = tools[tools["tool"] == tool].iloc[0]
    return {name: float(row[name]) for name in ("mean", "standard_deviation", "reliability", "standard_error")}


def _per_cent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0


def _small(count: int) -> str:
    return f"fewer than {THRESHOLD}" if is_small(count) else f"{count:,}"


def _share_interval(part: int, whole: int) -> tuple[float, float]:
    """Wilson's 95% interval of a share, in per cent: it stays sensible for small groups and shares near 0."""
    if not whole:
        return 0.0, 100.0
    share, extra = part / whole, Z**2 / whole
    middle = (share + extra / 2) / (1 + extra)
    half = Z * math.sqrt(share * (1 - share) / whole + extra / (4 * whole)) / (1 + extra)
    return 100 * max(middle - half, 0.0), 100 * min(middle + half, 1.0)


def _share_bar(label: str, inside: pd.Series[bool]) -> Bar:
    part, whole = int(inside.sum()), len(inside)
    low, high = _share_interval(part, whole)
    return Bar(f"{label} ({whole:,} pupils)", round(_per_cent(part, whole), 1), round(low, 1), round(high, 1))


def _mean_bar(label: str, scores: pd.Series[float]) -> Bar:
    known = scores.dropna()
    mean = float(known.mean())
    half = float(t_quantile(np.array([len(known) - 1.0]), 0.95)[0]) * float(known.std()) / math.sqrt(len(known))
    return Bar(f"{label} ({len(known):,} pupils)", round(mean, 1), round(mean - half, 1), round(mean + half, 1))


def _said(bars: Iterable[Bar], unit: str) -> str:
    return "; ".join(f"{bar.label}: {bar.value:g}{unit}" for bar in bars)


# Who is in the school.


def pupils_by_status(school: ExerciseSchool) -> Table:
    """How many pupils are recorded with SEN support, with an EHC plan and with neither (census codes N, K, E)."""
    counts = _pupils(school)["sen"].value_counts()
    rows = tuple(Row(code, (words, f"{int(counts.get(code, 0)):,}")) for code, words in STATUS_WORDS.items())
    return Table("Pupils of this invented school by SEN status", ("Recorded as", "Pupils"), rows)


def share_without_plan(school: ExerciseSchool) -> float:
    """Of pupils recorded with SEN, the share on SEN support, to whom section 68 applies, in per cent."""
    sen = _pupils(school)["sen"]
    return round(_per_cent((sen == "K").sum(), (sen != "N").sum()), 1)


def support_share_of_roll(school: ExerciseSchool) -> float:
    """The slip: pupils on SEN support as a share of the whole roll."""
    sen = _pupils(school)["sen"]
    return round(_per_cent((sen == "K").sum(), len(sen)), 1)


def plan_share_of_sen(school: ExerciseSchool) -> float:
    """The slip: pupils with an EHC plan as a share of pupils with SEN."""
    return round(100 - share_without_plan(school), 1)


def sen_by_language(school: ExerciseSchool) -> Bars:
    """The share recorded with SEN among pupils with EAL and others, with 95% intervals."""
    pupils = _pupils(school)
    bars = tuple(
        _share_bar(label, pupils.loc[pupils["eal"] == eal, "has_sen"])
        for label, eal in (("English as an additional language", True), ("First language English", False))
        if (pupils["eal"] == eal).any()
    )
    return Bars("Pupils recorded with SEN, by first language (invented school)", bars, "per cent", _said(bars, "%"))


def groups_in_school(school: ExerciseSchool) -> Table:
    """The groups a SENCO keeps in view, and how many of each are also recorded with SEN; small counts hidden."""
    pupils = _pupils(school)
    rows = [
        Row(code, (STATUS_WORDS[code], _small(int((pupils["sen"] == code).sum())), "all of them"))
        for code in ("K", "E")
    ]
    for group, words, column in GROUPS:
        inside = pupils[pupils[column].astype(bool)]
        rows.append(Row(group, (words, _small(len(inside)), _small(int(inside["has_sen"].sum())))))
    caption = f"Groups in this invented school of {len(pupils):,} pupils"
    return Table(caption, ("Group", "Pupils", "Of these, recorded with SEN"), tuple(rows))


def overlaps(school: ExerciseSchool) -> Bars:
    """Pupils with SEN by how many of the other groups each belongs to as well, in per cent."""
    pupils = _pupils(school)
    with_sen = pupils[pupils["has_sen"]]
    others = with_sen[[column for _, _, column in GROUPS]].astype(int).sum(axis=1)
    kinds = (("No other group", others == 0), ("One other group", others == 1), ("Two or more", others >= 2))
    bars = tuple(Bar(words, round(_per_cent(int(fits.sum()), len(with_sen)), 1)) for words, fits in kinds)
    title = f"How many other groups pupils with SEN belong to ({len(with_sen):,} pupils, invented school)"
    return Bars(title, bars, "per cent of pupils with SEN", _said(bars, "%"))


def meals_by_status(school: ExerciseSchool) -> Table:
    """Pupils and pupils eligible for free school meals, by SEN status: counts, not shares."""
    pupils = _pupils(school)
    rows = [
        Row(code, (words, f"{len(kept):,}", f"{int(kept['FSMeligible'].sum()):,}"))
        for code, words in STATUS_WORDS.items()
        for kept in [pupils[pupils["sen"] == code]]
    ]
    columns = ("Recorded as", "Pupils", "Of these, eligible for free school meals")
    return Table("Free school meals by SEN status in this invented school", columns, tuple(rows))


def meals_share_of_sen(school: ExerciseSchool) -> float:
    """Of pupils with SEN, the share eligible for free school meals, in per cent."""
    pupils = _pupils(school)
    return round(100 * float(pupils.loc[pupils["has_sen"], "FSMeligible"].mean()), 1)


def sen_share_of_meals(school: ExerciseSchool) -> float:
    """The slip: of pupils eligible for free school meals, the share with SEN, in per cent."""
    pupils = _pupils(school)
    return round(100 * float(pupils.loc[pupils["FSMeligible"], "has_sen"].mean()), 1)


def meals_gap(school: ExerciseSchool) -> float:
    """Eligible for free school meals: the share of pupils with SEN less the share of others, in points."""
    pupils = _pupils(school)
    return round(meals_share_of_sen(school) - 100 * float(pupils.loc[~pupils["has_sen"], "FSMeligible"].mean()), 1)


def meals_gap_turned_round(school: ExerciseSchool) -> float:
    """The slip: with SEN, the share of pupils on free school meals less the share of others, in points."""
    pupils = _pupils(school)
    return round(sen_share_of_meals(school) - 100 * float(pupils.loc[~pupils["FSMeligible"], "has_sen"].mean()), 1)


def meals_gap_beside_everyone(school: ExerciseSchool) -> float:
    """The slip: the share of pupils with SEN less the share of the whole school, in points."""
    return round(meals_share_of_sen(school) - 100 * float(_pupils(school)["FSMeligible"].mean()), 1)


def meals_counts_compared(school: ExerciseSchool) -> int:
    """The slip: numbers of pupils compared in place of shares."""
    pupils = _pupils(school)
    return int(pupils.loc[pupils["has_sen"], "FSMeligible"].sum() - pupils.loc[~pupils["has_sen"], "FSMeligible"].sum())


# Types of need.


def _primary_needs(school: ExerciseSchool) -> dict[str, int]:
    """Pupils by primary type of need, the commonest type first."""
    needs = school.tables["needs"]
    counts = needs.loc[needs["SENtypeRank"] == 1, "SENtype"].astype(str).value_counts()
    return {str(code): int(count) for code, count in counts.items() if count}


def types_recorded(school: ExerciseSchool) -> Table:
    """Primary types of need and how many pupils have each, most first. The areas are left for the learner to see."""
    counts = _primary_needs(school)
    rows = tuple(Row(code, (code, codes.SEN_TYPE_NAMES[code], f"{count:,}")) for code, count in counts.items())
    return Table("Primary type of need of pupils with SEN (invented school)", ("Code", "Type", "Pupils"), rows)


def needs_by_area(school: ExerciseSchool) -> Bars:
    """Pupils with SEN by the broad area of their primary need (SEND Code 6.28 to 6.35; the mapping is the kit's)."""
    counts = _primary_needs(school)
    total = sum(counts.values())
    by_area = {area: sum(n for code, n in counts.items() if codes.SEN_TYPE_AREAS[code] == area) for area in codes.AREAS}
    by_area["no one area (DS, OTH, NSA)"] = total - sum(by_area.values())
    bars = tuple(
        Bar(area[0].upper() + area[1:], round(_per_cent(count, total), 1))
        for area, count in sorted(by_area.items(), key=lambda item: -item[1])
    )
    return Bars(f"Primary needs by area ({total:,} pupils, invented school)", bars, "per cent", _said(bars, "%"))


def communication_share(school: ExerciseSchool) -> float:
    """Of pupils with SEN, the share whose primary need is in communication and interaction (SLCN, ASD), per cent."""
    counts = _primary_needs(school)
    return round(_per_cent(counts.get("SLCN", 0) + counts.get("ASD", 0), sum(counts.values())), 1)


def language_needs_only(school: ExerciseSchool) -> float:
    """The slip: SLCN alone."""
    counts = _primary_needs(school)
    return round(_per_cent(counts.get("SLCN", 0), sum(counts.values())), 1)


def communication_count(school: ExerciseSchool) -> int:
    """The slip: the number of pupils in place of the share."""
    counts = _primary_needs(school)
    return counts.get("SLCN", 0) + counts.get("ASD", 0)


def communication_share_of_mapped(school: ExerciseSchool) -> float:
    """The slip: as a share of the pupils whose type fits an area, the others left out."""
    counts = _primary_needs(school)
    mapped = sum(count for code, count in counts.items() if codes.SEN_TYPE_AREAS[code] is not None)
    return round(_per_cent(communication_count(school), mapped), 1)


# Clubs. The schools keep no club registers, so one is made here, always the same for one school, and says so.


def _register(school: ExerciseSchool) -> pd.Series[str]:
    """The club of each pupil who goes to one, by pupil id; pupils with SEN go less often. Made for the exercise."""
    draw = school.draw("clubs")
    sen = _pupils(school)["sen"]
    club_names, going = list(CLUBS), dict[int, str]()
    share_of = {"N": draw.uniform(0.36, 0.46), "K": draw.uniform(0.16, 0.26), "E": draw.uniform(0.14, 0.24)}
    tilt = {code: draw.permutation([0.4, 0.28, 0.2, 0.12]) for code in ("N", "K")}
    order = draw.permutation(club_names)
    for code, share in share_of.items():
        who = draw.permutation(sen.index[sen == code].to_numpy())
        who = who[: max(2, round(share * len(who)))]
        # Pupils with a plan are few: spread over two clubs, so that some clubs have none of them.
        clubs = [order[place % 2] for place in range(len(who))] if code == "E" else None
        chosen = clubs if clubs is not None else draw.choice(club_names, len(who), p=tilt[code])
        going.update(zip(who.tolist(), map(str, chosen), strict=True))
    return pd.Series(going, dtype="str")


def club_registers(school: ExerciseSchool) -> Table:
    """Who goes to which club: all pupils, those on SEN support and those with an EHC plan."""
    register, sen = _register(school), _pupils(school)["sen"]
    rows = []
    for club, words in CLUBS.items():
        members = sen.loc[register.index[register == club]]
        counts = (len(members), int((members == "K").sum()), int((members == "E").sum()))
        rows.append(Row(club, (words, *(f"{count:,}" for count in counts))))
    caption = "Pupils in clubs this term (a register made up for this exercise; each pupil is in one club at most)"
    return Table(caption, ("Club", "Pupils", "On SEN support", "With an EHC plan"), tuple(rows))


def who_goes_to_clubs(school: ExerciseSchool) -> Bars:
    """The share of each group that goes to some club, with 95% intervals."""
    pupils = _pupils(school)
    goes = pd.Series(pupils.index.isin(_register(school).index), index=pupils.index)
    bars = [_share_bar(words, goes[pupils["sen"] == code]) for code, words in STATUS_WORDS.items()]
    bars.append(_share_bar("Free school meals", goes[pupils["FSMeligible"]]))
    title = "Who goes to a club before or after school (register made up for this exercise)"
    return Bars(title, tuple(bars), "per cent", _said(bars, "%"))


def _club_figures(school: ExerciseSchool) -> pd.DataFrame:
    register, sen = _register(school), _pupils(school)["sen"]
    members = pd.DataFrame({"club": register, "sen": sen.reindex(register.index)})
    return pd.DataFrame(
        {
            "share": (members["sen"] != "N").groupby(members["club"]).mean(),
            "plans": (members["sen"] == "E").groupby(members["club"]).sum(),
        }
    ).reindex(list(CLUBS), fill_value=0)


def _least_hours(school: ExerciseSchool, club: str) -> int:
    """5 hours for the club with the smallest share of pupils with SEN, 3 where a pupil has a plan, otherwise 1."""
    figures = _club_figures(school)
    if club in figures.index[figures["share"] <= figures["share"].min() + 1e-9]:
        return 5
    return 3 if club in figures.index[figures["plans"] > 0] else 1


def least_breakfast(school: ExerciseSchool) -> int:
    """The fewest hours that the rules leave for the breakfast club."""
    return _least_hours(school, "breakfast")


def least_sports(school: ExerciseSchool) -> int:
    """The fewest hours that the rules leave for sports clubs."""
    return _least_hours(school, "sports")


def least_arts(school: ExerciseSchool) -> int:
    """The fewest hours that the rules leave for arts and music clubs."""
    return _least_hours(school, "arts")


def least_homework(school: ExerciseSchool) -> int:
    """The fewest hours that the rules leave for the homework club."""
    return _least_hours(school, "homework")


# Absence.


def absence_by_status(school: ExerciseSchool) -> Bars:
    """The share of pupils who missed 10% or more of their sessions, by SEN status, with 95% intervals."""
    pupils = _pupils(school)
    bars = [_share_bar(words, pupils.loc[pupils["sen"] == code, "persistent"]) for code, words in STATUS_WORDS.items()]
    title = "Pupils who missed one session in ten or more this year (invented school)"
    return Bars(title, tuple(bars), "per cent of pupils", _said(bars, "%"))


CLAIMS = {
    "higher": "Pupils with an EHC plan are more often persistently absent than pupils without SEN. The gap is clear.",
    "lower": "Pupils with an EHC plan are less often persistently absent than pupils without SEN. The gap is clear.",
    "cannot-tell": "The two shares may well differ, but with so few pupils with a plan we cannot tell from this year.",
}


def absence_claims(school: ExerciseSchool) -> list[tuple[str, str]]:
    """Three sentences that could go into a report to governors."""
    return list(CLAIMS.items())


def absence_claim(school: ExerciseSchool) -> str:
    """The sentence that the intervals bear out: a gap is called clear only where they do not overlap."""
    pupils = _pupils(school)
    none, plan = (
        _share_interval(int(some.sum()), len(some))
        for some in (pupils.loc[pupils["sen"] == code, "persistent"] for code in ("N", "E"))
    )
    if plan[0] > none[1]:
        return "higher"
    return "lower" if plan[1] < none[0] else "cannot-tell"


def claim_higher(school: ExerciseSchool) -> str:
    """The slip: the plan's bar is taken to be higher, whatever the intervals say. The same in every school."""
    return "higher"


def claim_lower(school: ExerciseSchool) -> str:
    """The slip: the plan's bar is taken to be lower, whatever the intervals say. The same in every school."""
    return "lower"


def claim_unsure(school: ExerciseSchool) -> str:
    """The slip: nothing is claimed although the intervals keep clear of each other. The same in every school."""
    return "cannot-tell"


#: Ways to part pupils with SEN and pupils without once more: column, and the words for yes and for no.
SPLITS = (
    ("FSMeligible", "eligible for free school meals", "not eligible for free school meals"),
    ("eal", "English as an additional language", "first language English"),
    ("girl", "girls", "boys"),
)


def _absence_groups(school: ExerciseSchool) -> dict[str, tuple[str, int, int]]:
    """Four groups that share no pupil: id -> words, pupils, persistently absent.

    The first way to part them is taken in which no two shares lie close and counts give another order. None of the
    groups is a bar of `absence_by_status`, which would give the order away.
    """
    pupils = _pupils(school)
    pupils = pupils.assign(girl=pupils["Sex"].astype(str) == "F")
    best: tuple[tuple[bool, float], dict[str, tuple[str, int, int]]] | None = None
    for column, yes, no in SPLITS:
        found: dict[str, tuple[str, int, int]] = {}
        for words, has_sen in (("No SEN recorded", False), ("With SEN", True)):
            for more, has_it in ((no, False), (yes, True)):
                absent = pupils.loc[(pupils["has_sen"] == has_sen) & (pupils[column] == has_it), "persistent"]
                name = f"{'sen' if has_sen else 'none'}-{'yes' if has_it else 'no'}"
                found[name] = (f"{words}, {more}", len(absent), int(absent.sum()))
        shares = sorted(_per_cent(absent, size) for _, size, absent in found.values())
        apart = min(np.diff(shares)) if all(size for _, size, _ in found.values()) else -1.0
        place = (bool(apart >= 0.5 and _by_share(found) != _by_count(found)), float(apart))
        if best is None or place > best[0]:
            best = (place, found)
        if place[0]:
            break
    assert best is not None  # SPLITS is never empty
    return best[1]


def _by_share(groups: Mapping[str, tuple[str, int, int]]) -> list[str]:
    return sorted(groups, key=lambda name: -_per_cent(groups[name][2], groups[name][1]))


def _by_count(groups: Mapping[str, tuple[str, int, int]]) -> list[str]:
    return sorted(groups, key=lambda name: -groups[name][2])


def absence_counts(school: ExerciseSchool) -> Table:
    """Pupils and persistently absent pupils of four groups: counts, not shares."""
    groups = _absence_groups(school)
    rows = tuple(Row(name, (words, f"{size:,}", f"{absent:,}")) for name, (words, size, absent) in groups.items())
    columns = ("Group (each pupil is in one)", "Pupils", "Missed one session in ten or more")
    return Table("Persistent absence this year in this invented school", columns, rows)


def absence_groups(school: ExerciseSchool) -> list[tuple[str, str]]:
    """The four groups to put in order."""
    return [(name, words) for name, (words, _, _) in _absence_groups(school).items()]


def absence_order(school: ExerciseSchool) -> list[str]:
    """The four groups from the highest share of persistent absence to the lowest."""
    return _by_share(_absence_groups(school))


def absence_order_by_count(school: ExerciseSchool) -> list[str]:
    """The slip: by the number of pupils in place of the share."""
    return _by_count(_absence_groups(school))


# Attainment.


def reading_by_status(school: ExerciseSchool) -> Bars:
    """Mean reading score in summer by SEN status, with 95% intervals of the mean."""
    pupils = _pupils(school)
    bars = [
        _mean_bar(words, pupils.loc[pupils["sen"] == code, "reading_summer"]) for code, words in STATUS_WORDS.items()
    ]
    title = "Mean reading score in summer (invented test and school)"
    return Bars(title, tuple(bars), "points of standard score", _said(bars, " points"), start=60)


def reading_by_absence(school: ExerciseSchool) -> Bars:
    """Mean reading score in summer by sessions missed, pupils without SEN alone, with 95% intervals of the mean."""
    pupils = _pupils(school)
    without = pupils[~pupils["has_sen"]]
    bands = (("Missed less than 5%", 0, 5), ("5% to under 10%", 5, 10), ("10% or more", 10, 101))
    kept = [(words, without[(without["missed"] >= low) & (without["missed"] < high)]) for words, low, high in bands]
    bars = [_mean_bar(words, some["reading_summer"]) for words, some in kept if some["reading_summer"].count() > 1]
    title = "Mean reading score in summer by sessions missed, pupils with no SEN recorded (invented)"
    return Bars(title, tuple(bars), "points of standard score", _said(bars, " points"), start=60)


def _fall_beyond_chance(school: ExerciseSchool) -> float:
    """The fall between two reading scores that chance alone seldom gives (Jacobson and Truax): about 12.5 points."""
    return Z * _tool(school, "READ")["standard_error"] * math.sqrt(2)


def _looked_at(school: ExerciseSchool) -> pd.DataFrame:
    """Pupils for `pupils_to_look_at`, with why each is there: fell, low (two kinds), often away, ordinary."""
    pupils = _pupils(school).dropna(subset=["reading_autumn", "reading_summer"])
    pupils = pupils.assign(fall=pupils["reading_autumn"] - pupils["reading_summer"])
    steady, low = pupils["fall"].abs() <= 6, pupils[["reading_autumn", "reading_summer"]].max(axis=1) < 87
    beyond = pupils["fall"] > _fall_beyond_chance(school)
    # The pupils for whom the answer is yes come first, three at least, few of them from the top of the scale.
    kinds = (
        ("fell, still average", beyond & pupils["reading_summer"].between(88, 102), 2),
        ("fell", beyond & (pupils["reading_autumn"] <= 105), 2),
        ("fell from anywhere", beyond, 3),
        ("low, another first language", steady & low & pupils["eal"], 2),
        ("low", steady & low & ~pupils["eal"], 3),
        ("often away", steady & ~low & (pupils["missed"] >= 12), 1),
        ("ordinary", steady & ~low, 3),
    )
    draw, why = school.draw("look further"), dict[int, str]()
    for kind, fits, most in kinds:
        free = draw.permutation([pupil for pupil in pupils.index[fits] if pupil not in why])
        wanted = most - len(why) if kind == "fell from anywhere" else most
        why.update(dict.fromkeys(map(int, free[: max(wanted, 0)]), kind))
    found = pupils.loc[sorted(why)]
    return found.assign(why=[why[pupil] for pupil in found.index])


def pupils_to_look_at(school: ExerciseSchool) -> Table:
    """Pupils with reading scores of autumn and summer, first language and absence, and no SEN status."""
    rows = []
    for pupil, row in _looked_at(school).iterrows():
        language = "Other" if row["eal"] else "English"
        figures = (f"{row['missed']:.0f}%", f"{row['reading_autumn']:.0f}", f"{row['reading_summer']:.0f}")
        rows.append(Row(str(pupil), (str(pupil), codes.YEARS[str(row["NCyearActual"])], language, *figures)))
    columns = ("Pupil", "Year", "First language", "Sessions missed", "Reading, autumn", "Reading, summer")
    return Table("Invented pupils and their standard scores in reading (mean 100 for their age)", columns, tuple(rows))


def pupils_falling_behind(school: ExerciseSchool) -> list[str]:
    """Those whose reading fell by more than chance explains: much slower progress than peers (Code 6.17)."""
    looked_at = _looked_at(school)
    return [str(pupil) for pupil in looked_at.index[looked_at["why"].str.startswith("fell")]]


def low_and_steady(school: ExerciseSchool) -> list[str]:
    """The slip: pupils with low scores who kept pace with their peers."""
    looked_at = _looked_at(school)
    return [str(pupil) for pupil in looked_at.index[looked_at["why"] == "low"]]


def low_and_learning_english(school: ExerciseSchool) -> list[str]:
    """The slip: pupils with EAL and low scores who kept pace with their peers."""
    looked_at = _looked_at(school)
    return [str(pupil) for pupil in looked_at.index[looked_at["why"] == "low, another first language"]]


# What one score can say.


def tools_in_use(school: ExerciseSchool) -> Table:
    """The four tests with their reliability and standard error of measurement."""
    rows = []
    for tool, words in TESTS.items():
        about = _tool(school, tool)
        cells = (f"{words} (invented)", f"{about['reliability']:.2f}", f"{about['standard_error']:.1f} points")
        rows.append(Row(tool, cells))
    columns = ("Test", "Reliability (1 would be perfect)", "Standard error of measurement")
    return Table("Tests in use: mean 100, standard deviation 15 for each", columns, tuple(rows))


def _one_pupil(school: ExerciseSchool) -> tuple[int, dict[str, float]]:
    """One pupil on SEN support who sat as many of the four tests in autumn as any, and the scores."""
    scores = pd.DataFrame({tool: _scores(school, tool, "autumn") for tool in TESTS})
    pupils = _pupils(school)
    support = scores.loc[scores.index.isin(pupils.index[pupils["sen"] == "K"])]
    most = support[support.notna().sum(axis=1) == support.notna().sum(axis=1).max()]
    pupil = int(school.draw("one pupil").choice(most.index.to_numpy()))
    return pupil, most.loc[pupil].dropna().to_dict()


def one_pupil_four_tests(school: ExerciseSchool) -> Bars:
    """One pupil's scores in autumn, each with two standard errors either side."""
    pupil, scores = _one_pupil(school)
    bars = []
    for tool, score in scores.items():
        half = ERRORS_EACH_SIDE * _tool(school, tool)["standard_error"]
        bars.append(Bar(TESTS[tool], score, round(score - half, 1), round(score + half, 1)))
    title = f"Invented pupil {pupil}: scores in autumn, with two standard errors either side"
    return Bars(title, tuple(bars), "points of standard score", _said(bars, " points"), start=60)


def _reader(school: ExerciseSchool) -> tuple[int, float]:
    """One pupil on SEN support with a reading score that a teacher would worry about, and the score."""
    pupils = _pupils(school)
    support = pupils[(pupils["sen"] == "K") & pupils["reading_autumn"].notna()]
    near = support[support["reading_autumn"].between(76, 92)]
    pupil = int(school.draw("reader").choice((near if len(near) else support).index.to_numpy()))
    return pupil, float(pupils["reading_autumn"].loc[pupil])


def reader_and_test(school: ExerciseSchool) -> Table:
    """One pupil's reading score, with what the test's manual says."""
    pupil, score = _reader(school)
    about = _tool(school, "READ")
    rows = (
        Row("score", (f"Reading score of invented pupil {pupil}, autumn", f"{score:.0f}")),
        Row("mean", ("Mean for the age", f"{about['mean']:.0f}")),
        Row("spread", ("Standard deviation of scores", f"{about['standard_deviation']:.0f}")),
        Row("reliability", ("Reliability", f"{about['reliability']:.2f}")),
        Row("error", ("Standard error of measurement", f"{about['standard_error']:.1f}")),
    )
    return Table("One score, and the (invented) test's manual", ("What", "Points, or as said"), rows)


def reader_low_end(school: ExerciseSchool) -> float:
    """The lower end of the range two standard errors either side of the score."""
    return round(_reader(school)[1] - ERRORS_EACH_SIDE * _tool(school, "READ")["standard_error"], 1)


def reader_one_error(school: ExerciseSchool) -> float:
    """The slip: one standard error."""
    return round(_reader(school)[1] - _tool(school, "READ")["standard_error"], 1)


def reader_one_deviation(school: ExerciseSchool) -> float:
    """The slip: the standard deviation in place of the standard error."""
    return round(_reader(school)[1] - _tool(school, "READ")["standard_deviation"], 1)


def reader_no_error(school: ExerciseSchool) -> float:
    """The slip: the score itself, as if it were exact."""
    return _reader(school)[1]


def reader_high_end(school: ExerciseSchool) -> float:
    """The slip: the upper end of the range."""
    return round(_reader(school)[1] + ERRORS_EACH_SIDE * _tool(school, "READ")["standard_error"], 1)
