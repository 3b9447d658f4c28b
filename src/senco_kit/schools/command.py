"""What `senco school make` does: read its options, make the schools, and leave a whole package or nothing."""

from __future__ import annotations

import errno
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast, get_args

import click

from senco_kit.schools import many, package
from senco_kit.schools.files import PackageProblem
from senco_kit.schools.model import Order, Phase

#: Pupils of a school where none are asked for: about what a school of the phase has in England.
USUAL_PUPILS: dict[Phase, int] = {"primary": 420, "secondary": 1050, "all-through": 1400, "special": 120}

MOST_PUPILS = 5_000
MOST_SCHOOLS = 10_000
HIGHEST_SEED = 999_999_999

#: From so many pupils on, making takes longer than two seconds, so that progress is shown.
WORTH_A_BAR = 15_000

#: What is planted is written beside the package, never in it: whoever hands on the package's folder hands on no truth.
TRUTH_FOLDER_ENDS = "-facilitator-only"
TRUTH_FILE = "truth.json"


class BadWish(Exception):
    """An option that cannot be followed; its text is one sentence."""


def read_wish(phase: str, pupils: str | None, schools: str, seed: str) -> list[Order]:
    """The schools that a person asked for in words; raises BadWish for what cannot be made."""
    phases = get_args(Phase)
    if phase not in phases:
        raise BadWish(f"The phase must be {', '.join(phases[:-1])} or {phases[-1]}, not '{phase}'.")
    known = cast(Phase, phase)
    wanted = str(USUAL_PUPILS[known]) if pupils is None else pupils
    return many.orders(
        known,
        _whole(wanted, "The number of pupils in a school", 1, MOST_PUPILS),
        _whole(seed, "The seed", 0, HIGHEST_SEED),
        _whole(schools, "The number of schools", 1, MOST_SCHOOLS),
    )


def _whole(text: str, what: str, lowest: int, highest: int) -> int:
    if text.isascii() and text.isdigit() and lowest <= int(text[:12]) <= highest:
        return int(text)
    raise BadWish(f"{what} must be a whole number from {lowest} to {highest:,}, not '{text}'.")


def make(wanted: Sequence[Order], out: str, *, parquet: bool, every_truth: bool, with_truth: bool) -> str:
    """Make the schools, write them to the folder `out`, and say in a sentence what was done.

    Raises PackageProblem when the folder cannot be used or the disk takes no more; nothing is left there then.
    """
    folder = Path(out).expanduser()
    truth_folder = folder.with_name(folder.name + TRUTH_FOLDER_ENDS)
    with _whole_or_nothing([folder, truth_folder] if with_truth else [folder]):
        written = _write(wanted, folder, parquet, every_truth, with_truth)
        command = package.command_of(wanted, every_truth=every_truth, parquet=parquet)
        title = package.title_of(wanted)
        first = wanted[0]
        name = f"invented-{first.phase}-{first.pupils}-seed-{first.seed}"
        if with_truth:
            text = json.dumps(
                {"title": f"{title}: what was planted", "made_by": command, "schools": written.truths}, indent=1
            )
            (truth_folder / TRUTH_FILE).write_text(text + "\n", encoding="utf-8", newline="\n")
        package.write_description(folder, package.Contents(name, title, command, written.paths, parquet))
    pupils = written.rows["pupils"]
    says = (
        f"Wrote {len(wanted):,} invented {'school' if len(wanted) == 1 else 'schools'} ({pupils:,} pupils) to {folder}."
    )
    return f"{says} What was planted in them is in {truth_folder / TRUTH_FILE}." if with_truth else says


def _write(wanted: Sequence[Order], folder: Path, parquet: bool, every_truth: bool, with_truth: bool) -> many.Written:
    short = sum(order.pupils for order in wanted) < WORTH_A_BAR
    with click.progressbar(length=len(wanted), label="Making schools", hidden=short, file=sys.stderr) as bar:
        return many.write(
            wanted, folder, parquet=parquet, every_truth=every_truth, with_truth=with_truth, done=bar.update
        )


@contextmanager
def _whole_or_nothing(folders: Sequence[Path]) -> Iterator[None]:
    """Make the folders; take away what stands in them when the block does not end well."""
    for folder in folders:
        _check_free(folder)
    new = [folder for folder in folders if not folder.exists()]
    try:
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException as problem:
        for folder in folders:
            _clear(folder, with_itself=folder in new)
        if isinstance(problem, OSError):
            raise PackageProblem(cannot_write(folders[0], problem)) from problem
        raise


def _check_free(folder: Path) -> None:
    try:
        if folder.exists() and any(folder.iterdir()):
            raise PackageProblem(f"There are files in {folder} already: name a new folder or an empty one.")
    except OSError as problem:
        raise PackageProblem(cannot_write(folder, problem)) from problem


def _clear(folder: Path, *, with_itself: bool) -> None:
    if with_itself:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def cannot_write(folder: Path, problem: OSError) -> str:
    """Why files could not be written to a folder, and what to do, in one sentence."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full, so nothing was kept in {folder}: make room, or ask for fewer schools."
    why = (problem.strerror or "it does not take files").lower()
    return f"Files cannot be written to {folder} ({why}): name another folder."
