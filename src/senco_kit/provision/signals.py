"""Questions worth asking of a school's data: each with its figures, why to care, and what else could explain it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from senco_kit.in_figures import interval, pounds
from senco_kit.provision.compare import Floats, t_quantile
from senco_kit.provision.cost import beside_others, costs
from senco_kit.provision.data import TERMS, Frames, ProvisionData, score_grid
from senco_kit.provision.identification import compare_groups
from senco_kit.provision.impact import impact
from senco_kit.provision.verdict import Rule


@dataclass(frozen=True)
class Signal:
    """One question. `kind` is a name from schools/truths.KINDS; `figures` are the numbers behind the sentence."""

    kind: str
    says: str
    why_care: str
    what_else: str
    figures: Mapping[str, float | int | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """From where on something is worth asking about, in one place."""

    absent: float = 0.22  # share of sessions missed that is much for one pupil
    absent_pupils: int = 5
    absent_share_of_class: float = 0.25
    growth_gap: float = 1.0  # points under the rest of the school that a class's growth surely lies
    fewest_in_class: int = 12
    attached_share: float = 0.8  # of an adult's lessons, with one and the same pupil
    attached_lessons: int = 15
    untrained_among: int = 3  # the commonest needs that are looked at
    untrained_pupils: int = 5
    dear: float = Rule.dear  # times the usual cost a pupil
    dear_from: float = 400.0  # pounds a pupil: a cheap provision is no question, however many times the usual
    spent_on_others: float = 0.5  # share of a line
    spendings: int = 4


def signals(data: ProvisionData, frames: Frames, limits: Limits = Limits()) -> list[Signal]:
    """The questions one school's data raise, by kind. `frames` are the school's tables by name; those missing are
    skipped."""
    asked: list[Signal] = []
    for questions in (_groups, _absence, _teaching, _attached, _training, _dear, _wrong_group):
        asked.extend(questions(data, frames, limits))
    return asked


def _groups(data: ProvisionData, frames: Frames, limits: Limits) -> Iterator[Signal]:
    for one in compare_groups(data, frames):
        less = one.high < -one.usual_gap
        if not less and one.low <= 0:
            continue
        who = one.group.split(" with ")[0] if one.recorded_as in ("autism", "SEMH") else one.group
        gap = f"{abs(one.difference) * 100:.0f} in 100 {'fewer' if less else 'more'}"
        ends = f"{min(abs(one.low), abs(one.high)) * 100:.0f} to {max(abs(one.low), abs(one.high)) * 100:.0f}"
        yield Signal(
            "under-identified" if less else "over-identified",
            f"{one.share:.0%} of {who} are recorded with {one.recorded_as}, against {one.share_of_others:.0%} of the "
            f"others: {gap} than among pupils who score alike (most likely {ends}). "
            f"{'Are some missed?' if less else 'Could something else explain part of it?'}",
            "A need that nobody records may get no support. A need recorded wrongly may get support that does not fit. "
            "Change no pupil's record because of this.",
            "The tests may not show the need; language alone is not SEN; in England boys are recorded more often than "
            "girls; the youngest of a year score lower for their age alone; and of many groups one stands out by "
            "chance. Look at the pupils one by one.",
            {
                "group": one.group,
                "pupils": one.pupils,
                "share": one.share,
                "share_of_others": one.share_of_others,
                "difference": one.difference,
                "low": one.low,
                "high": one.high,
            },
        )


def _absence(data: ProvisionData, frames: Frames, limits: Limits) -> Iterator[Signal]:
    pupils = data.pupils
    if "assessments" not in frames or "attendance" not in pupils:
        return
    missed = 1 - pupils["attendance"].to_numpy(float)
    grid = score_grid(frames["assessments"], pupils)[:, :2].astype(float)
    score = _mean(grid.reshape(len(grid), -1))
    without_sen = (pupils["SENprovision"] == "N").to_numpy()
    there = (missed <= limits.absent) & without_sen & ~np.isnan(score)
    if there.sum() < limits.fewest_in_class:
        return
    for name, place in pupils.groupby("class_name", observed=True).indices.items():
        away = (missed[place] > limits.absent) & without_sen[place] & ~np.isnan(score[place])
        if away.sum() < max(limits.absent_pupils, limits.absent_share_of_class * len(place)):
            continue
        low, high = _difference(score[place][away], score[there], 0.95)
        if high >= 0:
            continue
        mean, rest = score[place][away].mean(), score[there].mean()
        yield Signal(
            "absence-explains",
            f"In {name}, {int(away.sum())} pupils without SEN miss {missed[place][away].mean():.0%} of sessions and "
            f"score {mean:.0f} in reading and maths, against {rest:.0f} of the school's other pupils without SEN "
            f"(difference {interval(low, high)}). Could absence explain this?",
            "If pupils are often away, find out why first; support for learning alone may not reach them.",
            "What keeps a pupil away (illness, anxiety, caring for someone at home, bullying, an unmet need) matters "
            "in itself.",
            {
                "class_name": str(name),
                "pupils": int(away.sum()),
                "missed": float(missed[place][away].mean()),
                "low": low,
                "high": high,
            },
        )


def _teaching(data: ProvisionData, frames: Frames, limits: Limits) -> Iterator[Signal]:
    pupils = data.pupils
    if "assessments" not in frames:
        return
    grid = score_grid(frames["assessments"], pupils)[:, :3].astype(float)
    growth = _mean(grid[:, :, TERMS.index("summer")] - grid[:, :, 0])
    entry = _mean(grid[:, :, 0])
    known = ~np.isnan(growth) & ~np.isnan(entry)
    if known.sum() < 2 * limits.fewest_in_class:
        return
    # A low score rises by chance, so growth is compared with that of pupils who began alike.
    slope, middle = np.polyfit(entry[known], growth[known], 1)
    growth = growth - middle - slope * entry
    beyond = data.provisions.loc[data.provisions["tier"] != "universal", "provision_id"]
    taken = data.enrolments[data.enrolments["provision_id"].isin(beyond)].groupby("pupil_id").size()
    places = pupils["pupil_id"].map(taken).fillna(0).to_numpy(float)
    for name, place in pupils.groupby("class_name", observed=True).indices.items():
        mine = np.zeros(len(pupils), bool)
        mine[place] = True
        if (mine & known).sum() < limits.fewest_in_class or (known & ~mine).sum() < limits.fewest_in_class:
            continue
        low, high = _difference(growth[mine & known], growth[known & ~mine], 0.99)
        per_pupil, usual = places[mine].mean(), places[~mine].mean()
        if high >= -limits.growth_gap or per_pupil < usual:
            continue
        yield Signal(
            "teaching-not-pupils",
            f"The pupils of {name} grew {-(low + high) / 2:.1f} points less over the year than others in the school "
            f"who began alike (most likely {-high:.1f} to {-low:.1f}), though they have {per_pupil:.1f} places in "
            f"provision each against {usual:.1f}. What would help the whole class?",
            "When a whole class falls behind, more groups outside it treat the sign and not the cause. This is a "
            "question about support for a class, not a judgement of its teacher.",
            "A change of teacher, a long absence, a hard year for the class, or a test day that went wrong.",
            {
                "class_name": str(name),
                "pupils": int((mine & known).sum()),
                "low": low,
                "high": high,
                "places": per_pupil,
            },
        )


def _attached(data: ProvisionData, frames: Frames, limits: Limits) -> Iterator[Signal]:
    if data.deployment is None:
        return
    for staff_id, rows in data.deployment.groupby("staff_id"):
        with_pupil = rows["pupil_id"].dropna()
        if with_pupil.empty:
            continue
        pupil = with_pupil.mode().iloc[0]
        lessons = int((with_pupil == pupil).sum())
        if lessons < limits.attached_lessons or lessons < limits.attached_share * len(rows):
            continue
        yield Signal(
            "attached-adult",
            f"Adult {staff_id} spends {lessons} of {len(rows)} lessons a week with one pupil ({int(pupil)}). When "
            "does that pupil work with the teacher, with others, and alone?",
            "An adult at a pupil's side all day can come between the pupil and the teacher, friends and independence.",
            "A plan or a medical need may ask for constant support; then the question is how it is given.",
            {"staff_id": int(str(staff_id)), "pupil_id": int(pupil), "lessons": lessons, "of": len(rows)},
        )


def _training(data: ProvisionData, frames: Frames, limits: Limits) -> Iterator[Signal]:
    if "training" not in frames or "SENtype" not in data.pupils:
        return
    counts = data.pupils.loc[data.pupils["area"].notna(), "SENtype"].astype("str").value_counts()
    held = frames["training"]
    deep = held[held["level"] != "awareness"]
    for need in counts.index[: limits.untrained_among]:
        area = data.pupils.loc[data.pupils["SENtype"] == need, "area"].iloc[0]
        for_need = (deep["SENtype"] == need) | (deep["SENtype"].isna() & (deep["area"] == area))
        rarer = deep.loc[deep["SENtype"].isin(counts.index[counts < counts[need]]), "staff_id"].nunique()
        if for_need.any() or counts[need] < limits.untrained_pupils or rarer == 0:
            continue
        yield Signal(
            "training-gap",
            f"{counts[need]} pupils have {need} as their main need, and no adult is trained in it beyond awareness; "
            f"{rarer} adults have training in needs that fewer pupils have. Should training follow the pupils?",
            "Adults can only give what they know how to give.",
            "Training from an earlier job may not be recorded, or a specialist from outside may cover it.",
            {"SENtype": str(need), "pupils": int(counts[need]), "trained": 0, "trained_in_rarer": int(rarer)},
        )


def _dear(data: ProvisionData, frames: Frames, limits: Limits) -> Iterator[Signal]:
    spent = costs(data)
    beside = beside_others(spent)
    dear = (beside["times_usual"] >= limits.dear) & (spent["cost_per_pupil"] >= limits.dear_from)
    if not dear.any():
        return
    effects = impact(data)
    for place in np.flatnonzero(dear.to_numpy()):
        row, effect = spent.iloc[place], effects.iloc[place]
        known = not np.isnan(effect["effect"])
        did = (
            f"an effect of {interval(effect['effect_low'], effect['effect_high'])} points"
            if known
            else "no effect that can be told"
        )
        yield Signal(
            "cost-outlier",
            f"A place in {row['name']} costs {pounds(row['cost_per_pupil'])}, {beside['times_usual'].iloc[place]:.1f} "
            f"times the usual £{beside['usual'].iloc[place]:,.0f} of the same tier and area, with {did}. Is it worth "
            f"that?",
            "What one provision takes, others do not get.",
            "It may be for pupils with much greater needs, be named in a plan, or be new and not yet full.",
            {
                "provision_id": int(row["provision_id"]),
                "cost_per_pupil": float(row["cost_per_pupil"]),
                "times_usual": float(beside["times_usual"].iloc[place]),
            },
        )


def _wrong_group(data: ProvisionData, frames: Frames, limits: Limits) -> Iterator[Signal]:
    if data.spending is None or data.budget is None:
        return
    meant = dict(zip(data.budget["funding_line"].astype("str"), data.budget["meant_for"].astype("str"), strict=True))
    for line, rows in data.spending.groupby("funding_line", observed=True):
        for_whom = meant.get(str(line), "")
        groups = for_whom.split(" and ")
        if not for_whom or "all pupils" in groups or len(rows) < limits.spendings:
            continue
        others = ~rows["spent_for"].isin(groups)
        share = rows["amount"][others].sum() / rows["amount"].sum()
        if not share > limits.spent_on_others:  # not a number where nothing was spent
            continue
        mostly = rows[others].groupby("spent_for", observed=True)["amount"].sum().idxmax()
        yield Signal(
            "wrong-group",
            f"{share:.0%} of what was spent from the line “{line}” was for others than {for_whom}, mostly for "
            f"{mostly}. "
            "Does the money reach those it is meant for?",
            "Governors and the local authority ask what each line did for the pupils it is there for.",
            "Spending can help several groups at once and be booked under one; some lines are not ring-fenced.",
            {"funding_line": str(line), "share": float(share), "mostly_for": str(mostly)},
        )


def _mean(scores: Floats) -> Floats:
    """The mean of each row's values that are there, NaN where none is."""
    known = ~np.isnan(scores)
    count = known.sum(axis=1)
    total = np.where(known, scores, 0.0).sum(axis=1)
    mean: Floats = np.divide(total, count, out=np.full(len(scores), np.nan), where=count > 0)
    return mean


def _difference(some: Floats, others: Floats, sure: float) -> tuple[float, float]:
    """Welch's interval for the difference of two means."""
    parts = [values.var(ddof=1) / len(values) for values in (some, others)]
    freedom = sum(parts) ** 2 / sum(part**2 / (len(v) - 1) for part, v in zip(parts, (some, others), strict=True))
    half = float(t_quantile(np.array([freedom]), sure)[0] * np.sqrt(sum(parts)))
    difference = float(some.mean() - others.mean())
    return difference - half, difference + half
