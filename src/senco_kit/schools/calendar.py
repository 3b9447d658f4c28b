"""The school year 2025/26 of every invented school: half-terms, sessions, census date and days of tests."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

ACADEMIC_YEAR = "2025/26"

#: The third Thursday of January.
CENSUS_DATE = np.datetime64("2026-01-15", "D")

#: Half-days on which a school is open in each half-term: 380 in the year.
SESSIONS = np.array([70, 74, 58, 64, 50, 64])

#: First and last day of each half-term; the weekdays between them, bank holidays apart, are half of SESSIONS.
HALF_TERMS = (
    ("2025-09-04", "2025-10-22"),
    ("2025-10-30", "2025-12-19"),
    ("2026-01-06", "2026-02-13"),
    ("2026-02-18", "2026-04-02"),
    ("2026-04-17", "2026-05-22"),
    ("2026-06-01", "2026-07-14"),
)
BANK_HOLIDAYS = ("2026-05-04",)

#: The Wednesday around which the whole school is tested, by term.
TEST_DAYS = {
    "autumn": np.datetime64("2025-09-24", "D"),
    "spring": np.datetime64("2026-02-04", "D"),
    "summer": np.datetime64("2026-06-17", "D"),
}

#: The last day of each national assessment. Attainment 8 is the last day of the exams, not that of the results.
RESULT_DAYS = {
    "EYFSP": np.datetime64("2026-06-26", "D"),
    "PHON": np.datetime64("2026-06-12", "D"),
    "MTC": np.datetime64("2026-06-12", "D"),
    "KS2": np.datetime64("2026-05-14", "D"),
    "A8": np.datetime64("2026-06-24", "D"),
}


@lru_cache(maxsize=1)
def school_days() -> npt.NDArray[Any]:
    """Every day on which school is open (datetime64[D]), in order."""
    half_terms = [np.arange(np.datetime64(first), np.datetime64(last) + 1) for first, last in HALF_TERMS]
    days = np.concatenate(half_terms)
    return days[np.is_busday(days, holidays=np.array(BANK_HOLIDAYS, dtype="datetime64[D]"))]
