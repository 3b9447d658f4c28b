"""Which published figures invented schools are compared with, and how each is measured in a school's tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from senco_kit.schools import published
from senco_kit.schools.codes import SEN_TYPE_CODES, sen_type
from senco_kit.schools.model import Bools, Floats, Ints


@dataclass(frozen=True)
class SchoolPupils:
    """What of one school's tables the figures need, one value a pupil; `setting` as in published.SETTINGS."""

    setting: int
    year: Ints
    sen: Ints
    need: Ints
    boy: Bools
    fsm: Bools
    absence: Floats
    suspensions: Ints
    results: dict[str, Floats]  # NaN where the pupil has none

    @property
    def everyone(self) -> Bools:
        """True for each pupil."""
        return np.ones(len(self.sen), dtype=bool)


#: Values of one school's pupils, and which pupils they are about.
Measure = Callable[[SchoolPupils], tuple[Floats | Ints | Bools, Bools]]


@dataclass(frozen=True)
class Figure:
    """A published figure: its fact, how it is measured, what it is compared with (None: as published), and its unit."""

    fact_id: str
    what: str
    measure: Measure
    calibrated: bool = True
    compared: float | None = None
    times: float = 100.0


_PEOPLE = {"no-sen": "pupils without SEN", "sen-support": "pupils with SEN support", "ehc": "pupils with an EHC plan"}


def figures() -> list[Figure]:
    """Every figure that is compared, in the order in which it is shown."""
    return [*_prevalence(), *_needs(), *_background(), *_absence(), *_suspensions(), *_attainment()]


def _about(school: SchoolPupils, setting: str | None, sen: int | None) -> Bools:
    about = (
        school.everyone if setting is None or school.setting == published.SETTINGS.index(setting) else ~school.everyone
    )
    return about if sen is None else about & (school.sen == sen)


def _share(
    values: Callable[[SchoolPupils], Floats | Ints | Bools], setting: str | None = None, sen: int | None = None
) -> Measure:
    """The mean of a value over the pupils of a setting (or all) with a SEN status (or any)."""
    return lambda school: (values(school), _about(school, setting, sen))


def _prevalence() -> Iterable[Figure]:
    for setting in published.SETTINGS[:2]:
        where = f"in {setting} schools"
        yield Figure(f"sen-all-{setting}-2026", f"SEN {where}", _share(lambda s: s.sen > 0, setting))
        for year, note, calibrated in ((2026, " (estimated)", True), (2025, "", False)):
            support, plan = _share(lambda s: s.sen == 1, setting), _share(lambda s: s.sen == 2, setting)
            yield Figure(f"sen-support-{setting}-{year}", f"SEN support {where}{note}", support, calibrated)
            yield Figure(f"ehc-{setting}-{year}", f"EHC plan {where}{note}", plan, calibrated)
    yield Figure("sen-special-2019", "SEN in special schools", _share(lambda s: s.sen > 0, "special"))
    yield Figure("sen-support-all-schools-2026", "SEN support in all schools", _share(lambda s: s.sen == 1), False)
    yield Figure("ehc-all-schools-2026", "EHC plan in all schools", _share(lambda s: s.sen == 2), False)
    in_mainstream = _share(lambda s: np.full(len(s.sen), s.setting < 2), sen=2)
    yield Figure("ehc-in-mainstream-2025", "Pupils with an EHC plan who are in mainstream", in_mainstream, False)
    for status, sen, ages in (("sen-support", 1, (10, 11, 15)), ("ehc", 2, (5, 10, 15))):
        for age in ages:  # age at the start of the school year: 5 is Year 1
            what = f"{'SEN support' if sen == 1 else 'EHC plan'} at age {age}"
            yield Figure(f"{status}-age-{age}-2020", what, _at_age(age, sen), False)


def _at_age(age: int, sen: int) -> Measure:
    return lambda school: (school.sen == sen, school.year == age - 4)


def _needs() -> Iterable[Figure]:
    for sen, status in ((1, "sen-support"), (2, "ehc")):
        for code in SEN_TYPE_CODES:
            if code != "DS":
                what = f"{code} among {_PEOPLE[status]}"
                yield Figure(f"need-{code.lower()}-{status}-2022", what, _share(_has_need(code), sen=sen))
    for setting in published.SETTINGS[:2]:
        for code in published.PLAN_TYPES_BY_SETTING:
            what = f"{code} among pupils with an EHC plan in {setting} schools"
            yield Figure(f"need-{code.lower()}-ehc-{setting}-2021", what, _share(_has_need(code), setting, 2))


def _has_need(code: str) -> Callable[[SchoolPupils], Bools]:
    return lambda school: school.need == sen_type(code)


def _background() -> Iterable[Figure]:
    for year, calibrated in ((2025, True), (2020, False)):
        for sen, status in ((1, "sen-support"), (2, "ehc")):
            what = f"Boys among {_PEOPLE[status]}"
            yield Figure(f"boys-{status}-{year}", what, _share(lambda s: s.boy, sen=sen), calibrated)
    for setting in published.SETTINGS[:2]:
        what = f"Free school meals in {setting} schools"
        yield Figure(f"fsm-{setting}-2025", what, _share(lambda s: s.fsm, setting))
    for sen, status in ((1, "sen-support"), (2, "ehc")):
        what = f"Free school meals, {_PEOPLE[status]} (2022 raised to the level of 2025)"
        compared = 100 * float(published.fsm_by_status()[sen])
        yield Figure(f"fsm-{status}-2022", what, _share(lambda s: s.fsm, sen=sen), compared=compared)
    yield Figure("fsm-all-2022", "Free school meals, all pupils", _share(lambda s: s.fsm), False)
    yield Figure("fsm-no-sen-2020", "Free school meals, pupils without SEN", _share(lambda s: s.fsm, sen=0), False)


_ABSENCE: dict[str, tuple[str, Callable[[SchoolPupils], Floats | Bools]]] = {
    "overall": ("Sessions missed", lambda school: school.absence),
    "persistent": ("Persistent absence", lambda school: school.absence >= 0.1),
    "severe": ("Severe absence", lambda school: school.absence >= 0.5),
}


def _absence() -> Iterable[Figure]:
    for kind, (words, values) in _ABSENCE.items():
        yield Figure(f"absence-{kind}-all-2025", f"{words}, all schools", _share(values))
        for setting in published.SETTINGS:
            yield Figure(f"absence-{kind}-{setting}-2025", f"{words}, {setting} schools", _share(values, setting))
    for kind in ("overall", "persistent"):
        words, values = _ABSENCE[kind]
        wanted = 100 * published.absence_by_status(kind)
        for sen, status in enumerate(published.STATUSES):
            what = f"{words}, {_PEOPLE[status]} (autumn 2023 brought to the level of 2024/25)"
            yield Figure(f"absence-{kind}-{status}-2023", what, _share(values, sen=sen), compared=float(wanted[sen]))
    for kind in ("persistent", "severe"):
        words, values = _ABSENCE[kind]
        yield Figure(f"absence-{kind}-autism-2024", f"{words}, pupils with autism", _with_autism(values), False)


def _with_autism(values: Callable[[SchoolPupils], Floats | Bools]) -> Measure:
    return lambda school: (values(school), school.need == sen_type("ASD"))


def _suspensions() -> Iterable[Figure]:
    def count(school: SchoolPupils) -> Ints:
        return school.suspensions

    def once(school: SchoolPupils) -> Bools:
        return school.suspensions > 0

    yield Figure("suspensions-all-2024", "Suspensions for each 100 pupils, all schools", _share(count))
    for setting in published.SETTINGS:
        what = f"Suspensions for each 100 pupils, {setting} schools"
        yield Figure(f"suspensions-{setting}-2024", what, _share(count, setting))
    yield Figure("suspended-once-all-2024", "Suspended at least once, all schools", _share(once))
    for setting in published.SETTINGS[:2]:
        yield Figure(
            f"suspended-once-{setting}-2024", f"Suspended at least once, {setting} schools", _share(once, setting)
        )
    wanted = 100 * published.suspensions_by_status()
    for sen, status in enumerate(published.STATUSES):
        what = f"Suspensions for each 100 {_PEOPLE[status]} (2021/22 raised to the level of 2023/24)"
        yield Figure(f"suspensions-{status}-2022", what, _share(count, sen=sen), compared=float(wanted[sen]))


#: Tool, id of its facts, what it is called, the lowest score that reaches the standard (None: the mean score), and the
#: groups that have a published figure.
_RESULTS: tuple[tuple[str, str, str, float | None, tuple[str, ...]], ...] = (
    ("EYFSP", "eyfsp", "Good level of development", 1, ("sen-support", "ehc")),
    ("PHON", "phonics", "Phonics check", 32, ("no-sen", "sen-support", "ehc")),
    ("MTC", "mtc", "Full marks in the times tables check", 25, ("sen-support", "ehc", "all")),
    ("KS2", "ks2", "Key stage 2 reading, writing and maths", 1, ("no-sen", "sen-support", "ehc", "all")),
    ("A8", "attainment-8", "Attainment 8", None, ("no-sen", "sen-support", "ehc", "all")),
)


def _attainment() -> Iterable[Figure]:
    for tool, fact, words, standard, groups in _RESULTS:
        for group in groups:
            sen = published.STATUSES.index(group) if group in published.STATUSES else None
            what = f"{words}, {_PEOPLE.get(group, 'all pupils')}"
            times = 100.0 if standard is not None else 1.0
            yield Figure(f"{fact}-{group}-2025", what, _reached(tool, standard, sen), times=times)


def _reached(tool: str, standard: float | None, sen: int | None) -> Measure:
    def measured(school: SchoolPupils) -> tuple[Floats | Bools, Bools]:
        score = school.results[tool]
        about = ~np.isnan(score) & _about(school, None, sen)
        return (score if standard is None else score >= standard), about

    return measured
