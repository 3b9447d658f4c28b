"""What holds for all tests, in however many processes they run (tests/run.py shares them out)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

# A slow or busy computer is no fault of the kit's: Hypothesis must not fail a test for the time that it takes.
settings.register_profile("kit", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kit")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write what tests recorded with `record_property("told", …)`: what they print is lost in another process."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                for name, value in report.user_properties:
                    if name == "told":
                        terminalreporter.line(f"{report.nodeid.split('::')[-1]}: {value}")
