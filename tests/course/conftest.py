"""Course tests: real nbgrader, end to end."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parent)]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Whether test_learners_and_modules.py sends every learner of all three cohorts through nbgrader."""
    parser.addoption(
        "--every-learner", action="store_true", help="all learners of all cohorts through nbgrader (5 min)"
    )
