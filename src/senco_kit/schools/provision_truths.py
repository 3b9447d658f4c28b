"""The truths about the provisions of an invented school: what each truly does, and what is planted among them."""

from __future__ import annotations

from typing import Any

import numpy as np

from senco_kit.schools import codes
from senco_kit.schools.choice import CHOSEN_ON_LOW_SCORE, DOES_NOTHING, OUTLIER, UNDER_DELIVERED, WORKS
from senco_kit.schools.model import Bools, Cohort, Ints, Truth
from senco_kit.schools.provided import Provided

_TIERS = tuple(codes.TIERS)


def effects_told(cohort: Cohort, provided: Provided) -> list[Truth]:
    """A truth for every provision: what it does when every session is given, and what it and all others did."""
    told = []
    for place, offer in enumerate(provided.offers):
        about = _figures(cohort, provided, place)
        number, full, mean = about["provision_id"], about["full_effect"], about["mean_true_effect"]
        if offer.measure is None:
            says = f"{offer.name} (provision {number}): no test measures what it is for, and it changes no score."
        else:
            if_given = f"{offer.name} (provision {number}) adds {full} points if every session is given"
            says = f"{if_given}; it added {mean:.1f} on average."
        told.append(Truth("effect", says, {"provisions": (number,)}, {**about, "measure": offer.measure or ""}))
    return told


def _figures(cohort: Cohort, provided: Provided, place: int) -> dict[str, Any]:
    """The true figures of a provision. Mean effects are those of its pupils with both scores, or of all if none has.

    `mean_effect_of_all` adds what other provisions did for the same pupils, measure and time.
    """
    mine = np.flatnonzero(provided.provision == place)
    pupil, measure = provided.pupil[mine], int(provided.measure[place])
    first, last = int(provided.first_term[place]), int(provided.last_term[place])
    scored = ~np.isnan(cohort.scores[pupil, measure, first] + cohort.scores[pupil, measure, last]) & (measure >= 0)
    told = scored if scored.any() else np.ones(len(mine), dtype=bool)
    of_all = cohort.effect[pupil, measure, first:last].sum(axis=1) if measure >= 0 else np.zeros(len(mine))
    return {
        "provision_id": int(provided.provision_id[place]),
        "pupils": len(mine),
        "both_scores": int(np.count_nonzero(scored)),
        "full_effect": float(provided.full_effect[place]),
        "mean_delivered_share": float((provided.delivered[mine] / provided.planned[mine]).mean()),
        "mean_true_effect": float(provided.effect[mine][told].mean()),
        "mean_effect_of_all": float(of_all[told].mean()),
    }


_SAYS = {
    DOES_NOTHING: "{name} (provision {number}) has {pupils} pupils, who had {share:.0%} of its sessions, and changes "
    "nothing.",
    UNDER_DELIVERED: "{name} (provision {number}) adds {full} points when given in full, but its {pupils} pupils had "
    "only {share:.0%} of its sessions.",
    CHOSEN_ON_LOW_SCORE: "The {pupils} pupils of {name} (provision {number}) have no SEN and were chosen for a low "
    "autumn score alone. Any rise is regression to the mean; the provision changes nothing.",
    OUTLIER: "{name} (provision {number}) costs {times:.1f} times as much a pupil as the school's specialist provision "
    "usually does, and does no more.",
}


def planted_told(cohort: Cohort, provided: Provided) -> list[Truth]:
    """The truths about what was planted among the provisions, with the true figures."""
    told = []
    for place, part in enumerate(provided.planted):
        if part is None or part == WORKS:
            continue
        mine = provided.provision == place
        about, offer = _figures(cohort, provided, place), provided.offers[place]
        number, costs = about["provision_id"], provided.cost_per_pupil
        usual = float(np.median(costs[_others_of_its_tier(provided, place)]))
        if part == OUTLIER:
            about["cost_per_pupil"] = round(float(costs[place]), 2)
            about["usual_cost_per_pupil"] = round(usual, 2)
            about["highest_other_cost_per_pupil"] = round(float(np.delete(costs, place).max()), 2)
        says = _SAYS[part].format(
            name=offer.name,
            number=number,
            pupils=about["pupils"],
            full=about["full_effect"],
            share=about["mean_delivered_share"],
            times=costs[place] / usual,
        )
        rows = {
            "provisions": (number,),
            "enrolments": tuple(enrolment_ids(cohort, provided)[mine].tolist()),
            "pupils": tuple(cohort.pupil_id[provided.pupil[mine]].tolist()),
        }
        told.append(Truth(part, says, rows, about))
    return told


def _others_of_its_tier(provided: Provided, place: int) -> Bools:
    """The other provisions of a tier; all others where it is the only one."""
    tiers = np.array([_TIERS.index(offer.tier) for offer in provided.offers])
    others = np.arange(len(tiers)) != place
    of_tier: Bools = others & (tiers == tiers[place])
    return of_tier if of_tier.any() else others


def enrolment_ids(cohort: Cohort, provided: Provided) -> Ints:
    """The id of each enrolment."""
    return cohort.school_id * 1_000_000 + 1 + np.arange(len(provided.pupil))
