"""The labels of staff in the order that people expect: the numbers in them by their size."""

from __future__ import annotations

import re


def in_order(label: str) -> list[tuple[int, str]]:
    """What labels are sorted by: texts as they are, numbers by their size.

    >>> sorted(["TA 10", "TA 2", "Teacher 1", "TA 1"], key=in_order)
    ['TA 1', 'TA 2', 'TA 10', 'Teacher 1']
    """
    parts = re.split("([0-9]+)", label)
    return [(int(part[:18]), "") if part.isascii() and part.isdigit() else (0, part) for part in parts]
