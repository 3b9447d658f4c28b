"""How many pages may be open at once, and how soon an abandoned one is ended."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from senco_kit.kernels import settings as kernels

MEBIBYTE = 1024 * 1024
#: What one open page may come to need, in bytes: a kernel with the kit's own parts loaded, and room to make a report.
ONE_PAGE = 200 * MEBIBYTE
#: The same for a forked kernel, which shares what is loaded with all others. docs/performance.md has what was measured.
ONE_FORKED_PAGE = 100 * MEBIBYTE
FEWEST_PAGES = 3
MOST_PAGES = 100
MOST_PAGES_BY_HAND = 500


class SettingProblem(Exception):
    """A setting that cannot be used; its text is one sentence for the reader."""


@dataclass(frozen=True)
class Limits:
    """The numbers that the server keeps to."""

    most_kernels: int
    #: Bytes of memory that must be free for another page to open.
    least_free: int
    #: Seconds after which a kernel that no page is connected to is ended.
    cull_after: int
    #: Seconds between two looks at which kernels those are.
    cull_every: int


def limits(environment: Mapping[str, str] | None = None) -> Limits:
    """The limits of this start: the settings SENCO_MAX_KERNELS, SENCO_LEAST_FREE_MB, SENCO_CULL_SECONDS, or worked out.

    Raises SettingProblem when a setting is no whole number in its range.
    """
    settings = os.environ if environment is None else environment
    cull_after = _whole_number(settings, "SENCO_CULL_SECONDS", 60, 1, 24 * 60 * 60)
    return Limits(
        most_kernels=_whole_number(settings, "SENCO_MAX_KERNELS", _pages_that_fit(), 1, MOST_PAGES_BY_HAND),
        least_free=MEBIBYTE * _whole_number(settings, "SENCO_LEAST_FREE_MB", 300, 1, 1024 * 1024),
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
    one_page = ONE_FORKED_PAGE if kernels.can_fork() and kernels.mode() != "0" else ONE_PAGE
    return max(FEWEST_PAGES, min(MOST_PAGES, free_memory() // 2 // one_page))


def free_memory() -> int:
    """The bytes of memory that programs can still have."""
    # Imported here: psutil comes with ipykernel, and only the server asks.
    import psutil  # type: ignore[import-untyped]

    return int(psutil.virtual_memory().available)
