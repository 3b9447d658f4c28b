"""Course tests: real nbgrader, end to end."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parent)]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Whether every learner of all three cohorts, and every hostile submission, goes through nbgrader."""
    parser.addoption(
        "--every-learner",
        action="store_true",
        help="all learners of all cohorts, and all hostile submissions, through nbgrader (6 min)",
    )
