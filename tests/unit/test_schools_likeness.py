"""Invented schools are like England's: every calibrated published figure, within chance and the model's tolerance."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import pytest

from senco_kit.schools import likeness, published
from senco_kit.schools.likeness import Likeness
from senco_kit.schools.model import Coded
from senco_kit.standards import read

PUPILS = 50_000


@lru_cache(maxsize=1)
def measured() -> tuple[Likeness, ...]:
    return tuple(likeness.measure(PUPILS, seed=11))


def test_every_calibrated_figure_lies_in_its_interval_widened_by_the_tolerance() -> None:
    off = [
        f"{each.fact_id}: {each.compared:.2f}, invented {each.invented:.2f} ({each.low:.2f} to {each.high:.2f})"
        for each in measured()
        if each.calibrated and not each.alike
    ]
    assert off == []


def test_common_figures_are_known_well_enough_for_the_comparison_to_say_something() -> None:
    """An interval so wide that anything fits would pass the test above: these do not."""
    width = {each.fact_id: each.high - each.low for each in measured()}
    assert width["sen-support-primary-2026"] < 4
    assert width["absence-persistent-all-2025"] < 4
    assert width["need-slcn-sen-support-2022"] < 6
    assert width["ks2-no-sen-2025"] < 8


def test_every_figure_is_a_fact_of_the_register_and_shown_once() -> None:
    ids = [each.fact_id for each in measured()]
    assert len(set(ids)) == len(ids)
    for each in measured():
        fact = read.fact(each.fact_id)
        assert (each.published, each.year) == (fact.value, fact.year)


def test_a_figure_held_against_another_level_says_so() -> None:
    for each in measured():
        assert (each.compared == each.published) == (re.search("raised to|brought to", each.what) is None)


def test_figures_that_are_only_shown_are_the_older_ones_and_those_of_another_mix() -> None:
    shown = {each.fact_id for each in measured() if not each.calibrated}
    assert {"boys-ehc-2020", "fsm-all-2022", "ehc-in-mainstream-2025", "sen-support-primary-2025"} <= shown
    assert all("2026" not in each or "all-schools" in each for each in shown)


def test_the_interval_allows_for_pupils_of_one_school_being_alike() -> None:
    """Free school meals differ between schools, so the interval is far wider than if pupils were drawn one by one."""
    fsm = next(each for each in measured() if each.fact_id == "fsm-primary-2025")
    one_by_one = 2 * 1.96 * 100 * np.sqrt(0.247 * 0.753 / fsm.pupils)
    assert fsm.high - fsm.low > 2 * one_by_one


def test_compare_sees_a_school_system_that_is_not_like_england() -> None:
    schools = [likeness.tables_of(order) for order in likeness.orders(6_000, seed=3)]
    for tables in schools:
        provision = tables["pupils"]["SENprovision"]
        assert isinstance(provision, Coded)
        tables["pupils"]["SENprovision"] = Coded(np.where(provision.codes == 0, 1, provision.codes), provision.words)
    off = {each.fact_id for each in likeness.compare(schools) if not each.alike}
    assert {"sen-support-primary-2026", "sen-support-secondary-2026"} <= off


def test_too_few_schools_are_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="at least 5,000 pupils"):
        likeness.measure(100)
    with pytest.raises(ValueError, match="at least two primary, two secondary and two special"):
        likeness.compare([])


def test_fitted_margins_are_the_margins() -> None:
    rows, columns = np.array([0.2, 0.8]), np.array([0.5, 0.4, 0.1])
    fitted = published.fit_margins(np.array([[1.0, 2, 3], [4, 5, 0]]), [(1, rows), (0, columns)])
    np.testing.assert_allclose(fitted.sum(axis=1), rows, atol=1e-6)
    np.testing.assert_allclose(fitted.sum(axis=0), columns, atol=1e-6)
    assert fitted[1, 2] == 0


def test_derived_targets_add_up_to_the_published_totals() -> None:
    mix = published.PUPILS_BY_SETTING
    np.testing.assert_allclose(published.need_mix().sum(axis=2), 1)
    support = published.status_by_setting()[:, 1] @ published.need_mix()[:, 0]
    slcn, total = published.SEN_TYPE_CODES.index("SLCN"), 0.999
    assert support[slcn] == pytest.approx(0.251 * total, abs=0.001)
    absence = published.absence()[:, :, 0]
    for setting, level in enumerate((0.052, 0.0844, 0.1276)):
        assert published.sen_shares()[setting] @ absence[setting] == pytest.approx(level)
    joint = published.sen_shares() * mix[:, None]
    by_status = (joint * absence).sum(axis=0) / joint.sum(axis=0)
    np.testing.assert_allclose(by_status, published.absence_by_status("overall"), rtol=0.01)
