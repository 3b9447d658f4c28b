"""How many pages may be open at once, and how soon an abandoned one is ended."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

#: What one open page may come to need, in bytes: a kernel with the kit's own parts loaded, and room to make a report.
ONE_PAGE = 200 * 1024 * 1024
FEWEST_PAGES = 3
MOST_PAGES = 24
MOST_PAGES_BY_HAND = 500


class SettingProblem(Exception):
    """A setting that cannot be used; its text is one sentence for the reader."""


@dataclass(frozen=True)
class Limits:
    """The numbers that the server keeps to."""

    most_kernels: int
    #: Seconds after which a kernel that no page is connected to is ended.
    cull_after: int
    #: Seconds between two looks at which kernels those are.
    cull_every: int


def limits(environment: Mapping[str, str] | None = None) -> Limits:
    """The limits of this start, from the settings SENCO_MAX_KERNELS and SENCO_CULL_SECONDS or worked out.

    Raises SettingProblem when a setting is no whole number in its range.
    """
    settings = os.environ if environment is None else environment
    cull_after = _whole_number(settings, "SENCO_CULL_SECONDS", 60, 1, 24 * 60 * 60)
    return Limits(
        most_kernels=_whole_number(settings, "SENCO_MAX_KERNELS", _pages_that_fit(), 1, MOST_PAGES_BY_HAND),
        cull_after=cull_after,
        cull_every=max(1, min(10, cull_after // 2)),
    )


def _whole_number(settings: Mapping[str, str], name: str, otherwise: int, least: int, most: int) -> int:
    text = settings.get(name, "").strip()
    if not text:
        return otherwise
    # isascii: int() also takes digits of other scripts, which would be a typing mistake here.
    if not (text.isascii() and text.isdigit()) or not least <= int(text[:12]) <= most:
        raise SettingProblem(
            f"The setting {name} must be a whole number from {least} to {most}, but it is {text[:40]!r}: "
            "change it or remove it, then start the kit again."
        )
    return int(text)


def _pages_that_fit() -> int:
    """Half of the memory that is free now, so that the teacher's other programs keep theirs."""
    # Imported here: psutil comes with ipykernel, and only the server asks.
    import psutil  # type: ignore[import-untyped]

    free = int(psutil.virtual_memory().available)
    return max(FEWEST_PAGES, min(MOST_PAGES, free // 2 // ONE_PAGE))
