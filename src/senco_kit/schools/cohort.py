"""The pupils of one invented school, hidden part included, and the tables about who they are.

The parts, in the order in which each causes the next: pupils.py (who they are), identification.py (needs and what is
recorded), attendance.py, abilities.py (true standing and growth). Scores are added by assessments.py.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from senco_kit.schools import abilities, codes
from senco_kit.schools.attendance import absence_truth, attend, attendance_table
from senco_kit.schools.calendar import ACADEMIC_YEAR, CENSUS_DATE
from senco_kit.schools.identification import identify
from senco_kit.schools.model import MEASURES, TERMS, Coded, Cohort, Columns, Ints, Order, Plan, Tables, Truth
from senco_kit.schools.pupils import make_pupils

#: Assumption: how many mainstream schools have resourced provision or a SEN unit, and who in them has a place there.
SCHOOLS_WITH_RESOURCED_PROVISION = 0.08
RESOURCED_PLACES = (0.0, 0.02, 0.45)
#: Assumption: who brings top-up funding, by SEN status, in mainstream schools. In special schools, all with a plan.
TOP_UP = (0.0, 0.04, 0.85)


def make_cohort(order: Order, plan: Plan) -> Cohort:
    """Make the pupils that the order describes. ValueError where it asks for none."""
    if order.pupils < 1:
        raise ValueError("A school has at least one pupil: ask for more than 0.")
    school_id = 1000 + order.number
    pupil_id = school_id * 100_000 + np.arange(1, order.pupils + 1)
    pupils = make_pupils(order, plan)
    found, truths = identify(order, plan, pupils)
    truths = [_with_ids(truth, pupil_id) for truth in truths]
    attended = attend(order, plan, pupils, found)
    standing, lost = abilities.abilities(order, pupils, found, attended)
    if len(attended.run):
        class_name = pupils.class_names[pupils.school_class[attended.run[0]]]
        truths.append(absence_truth(class_name, attended, lost, pupil_id))
    change, slow_class = abilities.growth(order, plan, pupils, attended, pupil_id)
    return Cohort(
        order=order,
        plan=plan,
        school_id=school_id,
        pupil_id=pupil_id,
        year=pupils.year,
        girl=pupils.girl,
        birth_month=pupils.birth_month,
        fsm=pupils.fsm,
        fsm_ever=pupils.fsm_ever,
        eal=pupils.eal,
        in_care=pupils.in_care,
        service_child=pupils.service_child,
        young_carer=pupils.young_carer,
        social_worker=pupils.social_worker,
        school_class=pupils.school_class,
        class_names=pupils.class_names,
        class_years=pupils.class_years,
        sen=found.sen,
        need=found.need,
        second_need=found.second_need,
        attendance=attended.share,
        ability=standing,
        growth=change,
        effect=np.zeros((order.pupils, len(MEASURES), len(TERMS) - 1)),
        tested=abilities.who_is_tested(pupils, found, standing),
        scores=np.full((order.pupils, len(MEASURES), len(TERMS)), np.nan),
        truths=[*truths, *([slow_class] if slow_class else [])],
    )


def _with_ids(truth: Truth, pupil_id: Ints) -> Truth:
    """The truth with pupil ids for places: identification does not know the ids."""
    places = np.array(truth.rows["pupils"], dtype=np.int64)
    return replace(truth, rows={"pupils": tuple(pupil_id[places].tolist())})


def tables(cohort: Cohort) -> Tables:
    """The tables schools, pupils, needs and attendance."""
    return {
        "schools": _school(cohort),
        "pupils": _pupils(cohort),
        "needs": _needs(cohort),
        "attendance": attendance_table(cohort),
    }


def _school(cohort: Cohort) -> Columns:
    order = cohort.order
    one = np.zeros(1, dtype=np.int64)
    return {
        "school_id": one + cohort.school_id,
        "school_name": Coded(one, (f"Invented {order.phase.title()} School {order.number}",)),
        "phase": Coded(one + codes.place(codes.PHASES, order.phase), tuple(codes.PHASES)),
        "academic_year": Coded(one, (ACADEMIC_YEAR,)),
        "census_date": np.array([CENSUS_DATE]),
        "seed": one + order.seed,
        "pupils": one + order.pupils,
    }


def _pupils(cohort: Cohort) -> Columns:
    draw = cohort.order.stream("places and top-up")
    resourced = np.zeros(cohort.size, dtype=bool)
    special = cohort.order.phase == "special"
    has_unit = not special and draw.random() < SCHOOLS_WITH_RESOURCED_PROVISION
    places, top_up = draw.random((2, cohort.size))
    if has_unit:
        resourced = places < np.take(RESOURCED_PLACES, cohort.sen)
    has_top_up = cohort.sen == 2 if special else top_up < np.take(TOP_UP, cohort.sen)
    return {
        "school_id": np.full(cohort.size, cohort.school_id),
        "pupil_id": cohort.pupil_id,
        "NCyearActual": Coded(cohort.year, tuple(codes.YEARS)),
        "Sex": Coded(np.where(cohort.girl, 0, 1), tuple(codes.SEXES)),
        "birth_month": cohort.birth_month,
        "Language": Coded(cohort.eal.astype(np.int64), tuple(codes.LANGUAGES)),
        "FSMeligible": cohort.fsm,
        "fsm_ever_six": cohort.fsm_ever,
        "in_care": cohort.in_care,
        "service_child": cohort.service_child,
        "young_carer": cohort.young_carer,
        "social_worker": cohort.social_worker,
        "SENprovision": Coded(cohort.sen, tuple(codes.SEN_PROVISION)),
        "ResourcedProvisionIndicator": resourced,
        "TopupFunding": has_top_up,
        "class_name": Coded(cohort.school_class, cohort.class_names),
    }


def _needs(cohort: Cohort) -> Columns:
    """One row a recorded type of need, the first of each pupil above the second."""
    types = np.stack([cohort.need, cohort.second_need], axis=1)
    recorded = types >= 0
    count = recorded.sum(axis=1)
    rank = np.broadcast_to([1, 2], types.shape)[recorded]
    return {
        "school_id": np.full(int(count.sum()), cohort.school_id),
        "pupil_id": np.repeat(cohort.pupil_id, count),
        "SENtypeRank": rank,
        "SENtype": Coded(types[recorded], codes.SEN_TYPE_CODES),
    }
