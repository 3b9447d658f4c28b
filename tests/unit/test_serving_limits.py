from __future__ import annotations

import pytest

from senco_kit.serving.limits import FEWEST_PAGES, MOST_PAGES, SettingProblem, limits


def test_limits_are_worked_out_when_nothing_is_set() -> None:
    found = limits({})
    assert FEWEST_PAGES <= found.most_kernels <= MOST_PAGES
    assert (found.cull_after, found.cull_every) == (60, 10)


def test_settings_are_taken() -> None:
    found = limits({"SENCO_MAX_KERNELS": " 7 ", "SENCO_CULL_SECONDS": "3"})
    assert (found.most_kernels, found.cull_after, found.cull_every) == (7, 3, 1)


@pytest.mark.parametrize("name", ["SENCO_MAX_KERNELS", "SENCO_CULL_SECONDS"])
@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "1e3", "٣", "9" * 5000, "1_0"])
def test_a_bad_setting_is_one_sentence(name: str, value: str) -> None:
    with pytest.raises(SettingProblem) as problem:
        limits({name: value})
    said = str(problem.value)
    assert name in said
    assert "whole number from 1 to" in said
    assert len(said) < 300
    assert "\n" not in said
