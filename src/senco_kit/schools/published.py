"""The published figures that invented schools follow, as the model needs them, read from the register of facts.

No figure stands twice: a published one has its id in audit/facts.yml; whatever is written as a number in this module
is an assumption of ours, because no figure was found, and says so. Where two releases do not agree in year, the newest
level is kept and the older one gives only the differences between groups.

Arrays are ordered by SETTINGS (primary, secondary, special) and by SEN status (0 none, 1 SEN support, 2 EHC plan).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from senco_kit.schools.codes import SEN_TYPE_CODES
from senco_kit.schools.model import Floats
from senco_kit.standards import read

#: Whose figures a pupil follows. In an all-through school Reception to Year 6 are primary, Years 7 to 11 secondary.
SETTINGS = ("primary", "secondary", "special")
STATUSES = ("no-sen", "sen-support", "ehc")

#: Assumption: the share of England's pupils in state-funded primary, secondary and special schools.
PUPILS_BY_SETTING = np.array([0.539, 0.439, 0.022])

#: Assumption: of the few pupils in special schools without an EHC plan, most have SEN support.
SPECIAL_WITHOUT_PLAN = 0.02

#: Assumption: severe absence for each SEN status, as a multiple of that of pupils without SEN (no figure was found).
SEVERE_GRADIENT = np.array([1.0, 2.2, 3.2])

#: Assumption: suspensions a suspended pupil has in a year in special schools.
SUSPENSIONS_EACH_SPECIAL = 2.6

#: The types of need whose share among pupils with an EHC plan is published for primary and for secondary schools.
PLAN_TYPES_BY_SETTING = ("ASD", "SLCN", "SEMH", "MLD", "PD", "SPLD")

#: Assumption: good level of development without SEN (only SEN support and EHC plan were found).
EYFSP_NO_SEN = 0.76


def figure(fact_id: str) -> float:
    """A published figure by the id of its fact, as it is published (percent stay percent)."""
    return float(str(read.fact(fact_id).value))


def share(fact_id: str) -> float:
    """A published percentage by the id of its fact, as a share between 0 and 1."""
    return figure(fact_id) / 100


@lru_cache(maxsize=1)
def sen_shares() -> Floats:
    """The share of pupils with each SEN status, by setting (3, 3). Level: January 2026, split estimated (see facts)."""
    rows = [(share(f"sen-support-{setting}-2026"), share(f"ehc-{setting}-2026")) for setting in SETTINGS[:2]]
    special = share("sen-special-2019")
    rows.append((SPECIAL_WITHOUT_PLAN - (1 - special), 1 - SPECIAL_WITHOUT_PLAN))
    return np.array([(1 - support - plan, support, plan) for support, plan in rows])


@lru_cache(maxsize=1)
def status_by_setting() -> Floats:
    """Of England's pupils with each SEN status, the share in each setting (settings, statuses); columns sum to 1."""
    joint = sen_shares() * PUPILS_BY_SETTING[:, None]
    return np.asarray(joint / joint.sum(axis=0))


@lru_cache(maxsize=1)
def statuses() -> Floats:
    """The share of England's pupils with each SEN status (3,)."""
    return np.asarray(PUPILS_BY_SETTING @ sen_shares())


@lru_cache(maxsize=1)
def sen_by_year() -> Floats:
    """The share with SEN support and with an EHC plan by setting and year group (3, 14, 2).

    Level from sen_shares; shape over ages from January 2020. Ages are those at the start of the school year: 10 is
    Year 6. Assumption: SEN support rises from 60 % of its Year 6 share in Reception (no figure was found below age 10).
    """
    shares = sen_shares()
    by_year = np.repeat(shares[:, None, 1:], 14, axis=1)
    plan = [figure(f"ehc-age-{age}-2020") for age in (5, 10, 15)]
    support = [figure(f"sen-support-age-{age}-2020") for age in (10, 11, 15)]
    young = np.array([0.60, 0.78, 0.88, 0.94, 0.97, 0.99, 1.0])
    shape = np.zeros((2, 14))
    shape[0, :7] = support[0] * young
    shape[0, 7:12] = np.interp(np.arange(7, 12), [7, 11], support[1:])
    shape[1, :12] = np.interp(np.arange(12), [1, 6, 11], plan)
    shape[1, 0] = plan[0] - (plan[1] - plan[0]) / 5
    for setting, years in ((0, slice(0, 7)), (1, slice(7, 12))):
        by_year[setting, years] *= (shape[:, years] / shape[:, years].mean(axis=1, keepdims=True)).T
    return by_year


@lru_cache(maxsize=1)
def boys() -> Floats:
    """The share of boys by SEN status (3,). Assumption: 51.1 % of all pupils in mainstream schools are boys."""
    support, plan = share("boys-sen-support-2025"), share("boys-ehc-2025")
    everyone = statuses()
    return np.array([(0.511 - everyone[1] * support - everyone[2] * plan) / everyone[0], support, plan])


@lru_cache(maxsize=1)
def fsm_by_setting() -> Floats:
    """The share eligible for free school meals by setting (3,). Special schools: as for all pupils with an EHC plan."""
    mainstream = np.array([share("fsm-primary-2025"), share("fsm-secondary-2025")])
    return np.append(mainstream, share("fsm-ehc-2022") / share("fsm-all-2022") * _fsm_everyone())


@lru_cache(maxsize=1)
def fsm_by_status() -> Floats:
    """The share eligible for free school meals by SEN status (3,): multiples of January 2022, level of 2025."""
    everyone = _fsm_everyone()
    support, plan = (share(f"fsm-{status}-2022") / share("fsm-all-2022") * everyone for status in STATUSES[1:])
    mix = statuses()
    return np.array([(everyone - mix[1] * support - mix[2] * plan) / mix[0], support, plan])


def _fsm_everyone() -> float:
    mainstream = np.array([share("fsm-primary-2025"), share("fsm-secondary-2025")])
    weights = PUPILS_BY_SETTING[:2] / PUPILS_BY_SETTING[:2].sum()
    mean = float(weights @ mainstream)
    special: float = share("fsm-ehc-2022") / share("fsm-all-2022")
    return float(mean * (1 - PUPILS_BY_SETTING[2]) / (1 - PUPILS_BY_SETTING[2] * special))


@lru_cache(maxsize=1)
def need_mix() -> Floats:
    """The mix of primary types of need by setting and by SEN support (0) or EHC plan (1): (3, 2, types), sums 1.

    All schools together: 2021/22. EHC plans in mainstream: six types from 2020/21. What the special schools have is the
    rest. Assumptions: the share with Down syndrome, which was not counted apart then; how much more common each type is
    in primary than in secondary schools among pupils with SEN support; the mainstream shares of the other types.
    """
    down = (0.001, 0.010)  # of pupils with SEN support, with an EHC plan
    overall = np.zeros((2, len(SEN_TYPE_CODES)))
    for row, status in enumerate(STATUSES[1:]):
        for column, code in enumerate(SEN_TYPE_CODES):
            overall[row, column] = down[row] if code == "DS" else share(f"need-{code.lower()}-{status}-2022")
    overall /= overall.sum(axis=1, keepdims=True)
    by_setting = status_by_setting()
    primary_to_secondary = _by_type(SLCN=2.4, SEMH=0.8, MLD=0.88, SPLD=0.45, ASD=0.71, NSA=1.8, OTH=0.7, PD=1.25)
    support = np.stack([primary_to_secondary, np.ones(14), np.ones(14)], axis=1) * overall[0][:, None]
    support = fit_margins(support, [(1, overall[0]), (0, by_setting[:, 1])])
    plan = np.stack([_mainstream_plans("primary"), _mainstream_plans("secondary"), np.zeros(14)], axis=1)
    plan *= by_setting[:, 2]
    plan[:, 2] = np.maximum(overall[1] - plan.sum(axis=1), 0.1 * overall[1] * by_setting[2, 2])
    plan = fit_margins(plan, [(1, overall[1]), (0, by_setting[:, 2])])
    mix = np.stack([support, plan], axis=1).transpose(2, 1, 0)
    mix[2, 0] = mix[2, 1]  # the few without a plan in special schools have the needs of the others there
    return np.asarray(mix / mix.sum(axis=2, keepdims=True))


def _by_type(**values: float) -> Floats:
    return np.array([values.get(code, 1.0) for code in SEN_TYPE_CODES])


def _mainstream_plans(setting: str) -> Floats:
    published = PLAN_TYPES_BY_SETTING
    assumed = {"SLD": 1.6, "PMLD": 0.4, "HI": 2.6, "VI": 1.5, "MSI": 0.3, "DS": 1.0, "OTH": 3.1, "NSA": 0.0}
    rest = 1 - sum(share(f"need-{code.lower()}-ehc-{setting}-2021") for code in published)
    scale = rest / sum(assumed.values())
    return np.array(
        [
            share(f"need-{code.lower()}-ehc-{setting}-2021") if code in published else assumed[code] * scale
            for code in SEN_TYPE_CODES
        ]
    )


def fit_margins(table: Floats, margins: list[tuple[int | tuple[int, ...], Floats]], rounds: int = 60) -> Floats:
    """Scale a table until its sums are the margins: iterative proportional fitting (Deming and Stephan, 1940).

    Each margin is the axis or axes summed over, and the sums wanted. Cells of 0 stay 0.
    """
    for _ in range(rounds):
        for axis, wanted in margins:
            sums = table.sum(axis=axis, keepdims=True)
            scale = np.divide(wanted.reshape(sums.shape), sums, out=np.zeros_like(sums), where=sums > 0)
            table = table * scale
    return table


@lru_cache(maxsize=1)
def absence() -> Floats:
    """Absence by setting, SEN status and kind (3, 3, 3): overall share of sessions; persistent and severe, of pupils.

    Levels by setting: 2024/25. Differences between statuses: autumn 2023, as multiples; severe is an assumption.
    """
    result = np.zeros((3, 3, 3))
    for column, kind in enumerate(("overall", "persistent", "severe")):
        levels = np.array([share(f"absence-{kind}-{setting}-2025") for setting in SETTINGS])
        gradient = _gradient([share(f"absence-{kind}-{s}-2023") for s in STATUSES]) if column < 2 else SEVERE_GRADIENT
        everyone = float(PUPILS_BY_SETTING @ levels)
        result[:, :, column] = _level_by_setting(levels, gradient, everyone)
    return result


@lru_cache(maxsize=1)
def suspensions() -> Floats:
    """Suspensions a pupil by setting and SEN status (3, 3): levels of 2023/24, differences of 2021/22 as multiples."""
    levels = np.array([share(f"suspensions-{setting}-2024") for setting in SETTINGS])
    gradient = _gradient([share(f"suspensions-{status}-2022") for status in STATUSES])
    return _level_by_setting(levels, gradient, float(PUPILS_BY_SETTING @ levels))


@lru_cache(maxsize=1)
def suspensions_each() -> Floats:
    """Suspensions of a pupil who is suspended at all, by setting (3,)."""
    mainstream = [figure(f"suspensions-{s}-2024") / figure(f"suspended-once-{s}-2024") for s in SETTINGS[:2]]
    return np.array([*mainstream, SUSPENSIONS_EACH_SPECIAL])


def absence_by_status(kind: str) -> Floats:
    """Overall or persistent absence by SEN status (3,): autumn 2023 brought to the level of 2024/25."""
    gradient = _gradient([share(f"absence-{kind}-{status}-2023") for status in STATUSES])
    levels = np.array([share(f"absence-{kind}-{setting}-2025") for setting in SETTINGS])
    return scaled_to_level(gradient, float(PUPILS_BY_SETTING @ levels))


def suspensions_by_status() -> Floats:
    """Suspensions a pupil by SEN status (3,): 2021/22 raised to the level of 2023/24."""
    gradient = _gradient([share(f"suspensions-{status}-2022") for status in STATUSES])
    levels = np.array([share(f"suspensions-{setting}-2024") for setting in SETTINGS])
    return scaled_to_level(gradient, float(PUPILS_BY_SETTING @ levels))


def scaled_to_level(gradient: Floats, everyone: float) -> Floats:
    """Values by SEN status with these multiples whose mean over all of England's pupils is `everyone` (3,)."""
    return np.asarray(gradient * everyone / float(statuses() @ gradient))


def _gradient(values: list[float]) -> Floats:
    return np.array(values) / values[0]


def _level_by_setting(levels: Floats, gradient: Floats, everyone: float) -> Floats:
    """By setting and status: each setting has its level, and all settings together the multiples of `gradient`."""
    wanted_plan = scaled_to_level(gradient, everyone)[2]
    in_special = status_by_setting()[2, 2]
    mainstream_plan = (wanted_plan - in_special * levels[2]) / (1 - in_special)
    in_mainstream = gradient.copy()
    in_mainstream[2] = mainstream_plan / (wanted_plan / gradient[2])
    mix = sen_shares()
    result = np.empty((3, 3))
    for setting in range(2):
        result[setting] = in_mainstream * levels[setting] / float(mix[setting] @ in_mainstream)
    result[2] = levels[2]
    return result


@lru_cache(maxsize=1)
def attainment() -> dict[str, Floats]:
    """The share that reaches the standard by SEN status (3,) for EYFSP, PHON, MTC and KS2; the mean score for A8."""
    in_year_4 = sen_by_year()[0, 4]
    mix = np.array([1 - in_year_4.sum(), *in_year_4])
    mtc = [share(f"mtc-{status}-2025") for status in STATUSES[1:]]
    mtc_no_sen = (share("mtc-all-2025") - mix[1] * mtc[0] - mix[2] * mtc[1]) / mix[0]
    return {
        "EYFSP": np.array([EYFSP_NO_SEN, *(share(f"eyfsp-{status}-2025") for status in STATUSES[1:])]),
        "PHON": np.array([share(f"phonics-{status}-2025") for status in STATUSES]),
        "MTC": np.array([mtc_no_sen, *mtc]),
        "KS2": np.array([share(f"ks2-{status}-2025") for status in STATUSES]),
        "A8": np.array([figure(f"attainment-8-{status}-2025") for status in STATUSES]),
    }
