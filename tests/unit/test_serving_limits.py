from __future__ import annotations

import pytest

from senco_kit.kernels import settings as kernels
from senco_kit.serving import limits as serving_limits
from senco_kit.serving.limits import FEWEST_PAGES, MEBIBYTE, MOST_PAGES, ONE_PAGE, SettingProblem, limits


def test_limits_are_worked_out_when_nothing_is_set() -> None:
    found = limits({})
    assert FEWEST_PAGES <= found.most_kernels <= MOST_PAGES
    assert (found.cull_after, found.cull_every) == (60, 10)


def test_settings_are_taken() -> None:
    found = limits({"SENCO_MAX_KERNELS": " 7 ", "SENCO_CULL_SECONDS": "3", "SENCO_LEAST_FREE_MB": "50"})
    assert (found.most_kernels, found.cull_after, found.cull_every) == (7, 3, 1)
    assert found.least_free == 50 * MEBIBYTE


def test_forked_pages_need_less_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving_limits, "free_memory", lambda: 40 * ONE_PAGE)
    monkeypatch.setattr(kernels, "can_fork", lambda: True)
    assert limits({}).most_kernels == 40
    monkeypatch.setenv("SENCO_FORK", "0")
    assert limits({}).most_kernels == 20


@pytest.mark.parametrize("name", ["SENCO_MAX_KERNELS", "SENCO_CULL_SECONDS", "SENCO_LEAST_FREE_MB"])
@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "1e3", "٣", "9" * 5000, "1_0"])
def test_a_bad_setting_is_one_sentence(name: str, value: str) -> None:
    with pytest.raises(SettingProblem) as problem:
        limits({name: value})
    said = str(problem.value)
    assert name in said
    assert "whole number from 1 to" in said
    assert len(said) < 300
    assert "\n" not in said
