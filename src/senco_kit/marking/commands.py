"""`senco cohort`: make cohorts, give them work, collect, mark, give feedback, and see results.

Each command imports what it needs when it runs, so that `senco --help` answers at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from senco_kit.marking.cohort import Cohort

_FOLDER = click.option("--folder", metavar="DIR", help="The cohort's folder, where it is not in the usual place.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cohort() -> None:
    """Cohorts of learners: give work, collect it, mark it, give it back."""


@cohort.command()
@click.argument("name")
@click.option("--seed", metavar="S", required=True, help="Same number, same school: 0 to 999,999,999.")
@click.option("--school", metavar="PHASE", required=True, help="primary or secondary.")
@click.option("--pupils", metavar="N", help="Pupils in the school [default: 420 or 1,050].")
@click.option("--learners", metavar="N", default="30", show_default=True, help="Learners: their codes are L01, L02...")
@click.option("--folder", metavar="DIR", help="Make it in this new or empty folder.")
def create(name: str, seed: str, school: str, pupils: str | None, learners: str, folder: str | None) -> None:
    """Make a cohort with an invented school of its own: an nbgrader course folder."""
    with _problems():
        from senco_kit.marking.cohort import create_cohort

        made = create_cohort(
            name,
            seed=_whole(seed, "seed", 0, 999_999_999),
            school=school,
            pupils=None if pupils is None else _whole(pupils, "number of pupils", 1, 5000),
            learners=_whole(learners, "number of learners", 1, 500),
            folder=Path(folder) if folder else None,
        )
        with made:
            codes = made.learners
            click.echo(f"Made the cohort {name} in {made.folder.root}.")
            click.echo(f"Its learners are {codes[0]} to {codes[-1]}. Its school is {made.about.school}.")


@cohort.command(name="list")
def list_cohorts() -> None:
    """List the cohorts."""
    with _problems():
        from senco_kit.marking.cohort import cohorts

        for name in cohorts() or ("There are no cohorts yet.",):
            click.echo(name)


@cohort.command()
@click.argument("name")
@click.argument("module")
@_FOLDER
def release(name: str, module: str, folder: str | None) -> None:
    """Make the assignment of a MODULE on the cohort's school, and a zip to hand out."""
    with _problems(), _opened(name, folder) as opened:
        click.echo(f"Hand out {opened.release(module, _tell)}.")


@cohort.command()
@click.argument("name")
@click.argument("path", required=False)
@_FOLDER
def collect(name: str, path: str | None, folder: str | None) -> None:
    """Take in what was handed in: a folder, a zip, or a learning platform's download of many zips.

    Without a PATH: from the exchange folder.
    """
    with _problems(), _opened(name, folder) as opened:
        collected = opened.collect(Path(path) if path else None)
        for module, learners in collected.taken.items():
            click.echo(f"{module}: {len(learners)} collected ({', '.join(learners)}).")
        for says in collected.put_right:
            click.echo(says)
        for where, why in collected.unusable:
            click.echo(f"Not used: {where}: {why}")
        if not collected.taken and not collected.put_right:
            raise click.ClickException("Nothing that could be used was found there.")


@cohort.command()
@click.argument("name")
@click.argument("module")
@_FOLDER
@click.option("--again", is_flag=True, help="Mark everything anew, not only what is not marked yet.")
@click.option(
    "--without-sandbox", is_flag=True, help="Mark with the rights of your own account, where there is no sandbox."
)
def mark(name: str, module: str, folder: str | None, again: bool, without_sandbox: bool) -> None:
    """Mark what was handed in for a MODULE, each submission in a sandbox."""
    with _problems(), _opened(name, folder) as opened:
        done = opened.mark(module, _tell, sandbox=not without_sandbox, again=again)
        if not done.marked and not done.not_marked:
            click.echo("There was nothing to mark: all that was handed in is marked.")
            return
        click.echo(f"{len(done.marked)} marked, {len(done.not_marked)} not marked.")
        for learner, why in done.not_marked.items():
            click.echo(f"{learner}: {why}")
        waiting = sum(work.waiting for work in opened.rubric_work(module))
        if waiting:
            click.echo(
                f"{waiting} written answers wait for your marks: see “For facilitators”, or nbgrader's formgrader."
            )


@cohort.command()
@click.argument("name")
@click.argument("module")
@_FOLDER
def feedback(name: str, module: str, folder: str | None) -> None:
    """Make the feedback pages of a MODULE, and a zip of them all."""
    with _problems(), _opened(name, folder) as opened:
        pages = opened.feedback(module, _tell)
        click.echo(f"{len(pages)} feedback pages; all of them in {opened.feedback_zip(module)}.")


@cohort.command()
@click.argument("name")
@click.argument("module", required=False)
@_FOLDER
@click.option("--csv", "csv_file", metavar="FILE", help="Write the marks by learner to this file.")
def results(name: str, module: str | None, folder: str | None, csv_file: str | None) -> None:
    """Show marks by learner, and results by outcome with small groups hidden."""
    with _problems(), _opened(name, folder) as opened:
        from senco_kit.marking.results import RULE

        found = opened.results(module)
        for learner, by_module in found.learners.items():
            for each, marks in by_module.items():
                got = "" if marks.marks is None else f"  {marks.marks:g} of {marks.out_of:g}"
                click.echo(f"{learner}  {each}  {marks.in_words}{got}" + (f"  {marks.why}" if marks.why else ""))
        for outcome in found.outcomes:
            per_cent = "c" if outcome.per_cent is None else f"{outcome.per_cent:.0f} per cent"
            more = "  needs another session" if outcome.needs_another_session else ""
            click.echo(f"{outcome.outcome}  {per_cent}{more}")
        click.echo(RULE)
        if csv_file:
            _write(Path(csv_file), found.csv())


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as problem:
        raise click.ClickException(
            f"{path} could not be written ({problem.strerror}): choose another place."
        ) from problem
    click.echo(f"Wrote {path}.")


def _opened(name: str, folder: str | None) -> Cohort:
    from senco_kit.marking.cohort import open_cohort

    return open_cohort(name, Path(folder) if folder else None)


@contextmanager
def _problems() -> Iterator[None]:
    """Whatever goes wrong is one sentence."""
    from senco_kit.marking.problems import MarkingProblem, NotMarkable
    from senco_kit.places import FolderProblem

    try:
        yield
    except (MarkingProblem, NotMarkable, FolderProblem) as problem:
        raise click.ClickException(str(problem)) from problem
    except OSError as problem:
        raise click.ClickException(
            f"A file of the cohort could not be read or written ({problem.strerror or type(problem).__name__}): see "
            "that its folder is there and that there is room on the disk, then try again."
        ) from problem


def _tell(done: float, of: float, says: str) -> None:
    click.echo(f"{done:g}/{of:g}  {says}", err=True)


def _whole(text: str, what: str, lowest: int, highest: int) -> int:
    if text.isascii() and text.isdigit() and lowest <= int(text[:12]) <= highest:
        return int(text)
    raise click.UsageError(f"The {what} must be a whole number from {lowest:,} to {highest:,}, not '{text[:40]}'.")
