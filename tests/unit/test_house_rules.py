"""Style, types, content and built files are in order: what CI and `start.py test` ask of every change."""

from __future__ import annotations

import subprocess
import sys

import pytest

from senco_kit.places import KIT

#: Content is checked as on this day, so that the tests of one commit do not fail by waiting. `senco check` by itself
#: uses today's date, and that is what the yearly update goes by.
CHECKED_AS_ON = "2026-11-22"


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
        ["senco_kit", "build", "--check"],
        ["senco_kit", "check", "--today", CHECKED_AS_ON],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_house_rule(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=KIT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, f"\n{done.stdout}{done.stderr}"
