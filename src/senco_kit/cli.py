"""The `senco` command: start the kit, check its content, list its facts, build what is built, make invented schools.

Each command imports what it needs when it runs, so that `senco --help` answers at once.
"""

from __future__ import annotations

import sys
import textwrap
from datetime import date, datetime

import click

from senco_kit import __version__
from senco_kit.marking.commands import cohort
from senco_kit.places import KIT
from senco_kit.standards.problems import ContentProblem

TODAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="SENCO Course Kit %(version)s")
def senco() -> None:
    """SENCO Course Kit: a course and a self-audit against the professional standards."""


@senco.command()
@click.option("--port", metavar="N", help="Port to open on, 1 to 65535 [default: a free one].")
@click.option("--listen", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--no-browser", is_flag=True, help="Do not open the browser.")
def start(port: str | None, listen: str, no_browser: bool) -> None:
    """Start the kit and open it in the browser."""
    number = None if port is None else read_port(port)
    from senco_kit.serving.app import serve

    sys.exit(serve(port=number, listen=listen, open_browser=not no_browser))


@senco.command()
@click.option("--today", type=TODAY, help="Check as if on this day (YYYY-MM-DD).")
def check(today: datetime | None) -> None:
    """Check all content: frameworks, crosswalk, levels, facts, the course's modules, the instruments of leading."""
    from senco_kit.course.check import check_course
    from senco_kit.planning.check import check_planning
    from senco_kit.standards.check import check_content

    problems = [*check_content(_day(today)), *check_course(), *check_planning()]
    for problem in problems:
        click.echo(problem.seen_from(KIT))
    if problems:
        sys.exit(1)
    click.echo("All content is in order.")


@senco.command()
@click.option("--today", type=TODAY, help="List as if on this day (YYYY-MM-DD).")
def facts(today: datetime | None) -> None:
    """List the facts that are out of date or still to be checked against their source."""
    from senco_kit.standards.check import facts_to_review
    from senco_kit.standards.read import facts as all_facts

    day = _day(today)
    found = facts_to_review(day)
    for fact in found:
        why = f"out of date since {fact.valid_until}" if fact.out_of_date(day) else "to check"
        click.echo(f"{fact.id}  ({why}; last checked {fact.checked_on})")
        click.echo(_indented(f"{' '.join(str(part) for part in (fact.value, fact.unit) if part)}: {fact.means}"))
        click.echo(_indented(f"Source: {fact.source} ({fact.year})") + "\n")
    click.echo(f"{len(found)} of {len(all_facts())} facts need a look. They are kept in audit/facts.yml.")


@senco.command()
@click.option("--check", "only_check", is_flag=True, help="Change nothing; fail when something is out of date.")
@click.option("--lock", "with_lock", is_flag=True, help="Also write the lock files anew (asks the package index).")
def build(only_check: bool, with_lock: bool) -> None:
    """Build environment.yml, the packages in datasets/ and the lesson notebooks, and with --lock the lock files."""
    from senco_kit import build as room

    if only_check and with_lock:
        raise click.UsageError("Give either --check or --lock: --check changes nothing, --lock writes the lock.")
    try:
        if only_check:
            _check_built(room.stale(KIT))
            return
        if with_lock:
            room.lock(KIT)
            click.echo(f"Wrote {room.LOCK} and {room.TEST_LOCK}.")
        for path in room.build(KIT):
            click.echo(f"Wrote {path.relative_to(KIT).as_posix()}.")
    except room.BuildProblem as problem:
        raise click.ClickException(str(problem)) from problem


def _check_built(stale: list[str]) -> None:
    for says in stale:
        click.echo(says)
    if stale:
        sys.exit(1)
    click.echo("Everything that is built is up to date.")


@senco.command()
def coverage() -> None:
    """Show how often each outcome is taught, practised, graded, audited and met in a session."""
    from senco_kit.course.coverage import COLUMNS, coverage
    from senco_kit.course.read import modules

    covered = coverage(modules())
    widths = [len(column) for column in COLUMNS]
    click.echo(f"{'':<5}" + "  ".join(COLUMNS))
    for line in covered:
        cells = (f"{line.counts[column]:>{width}}" for column, width in zip(COLUMNS, widths, strict=True))
        click.echo(f"{line.outcome:<5}" + "  ".join(cells) + f"  {line.title}")
    gaps = [f"{line.outcome} is not in: {', '.join(line.gaps)}." for line in covered if line.gaps]
    click.echo("\n" + ("\n".join(gaps) if gaps else "Every outcome is in every column."))
    if gaps:
        sys.exit(1)


@senco.command()
@click.argument("number")
@click.option("--start", "begins", metavar="TIME", default=None, help="When it starts, such as 15:45 [default: 15:45].")
@click.option("--version", "which", default="full", show_default=True, help="full, twilight (20 minutes) or half-day.")
def session(number: str, begins: str | None, which: str) -> None:
    """Print the notes for a session on module NUMBER (1 to 5), with clock times."""
    from senco_kit.course import read
    from senco_kit.course.run_sheet import USUAL_START
    from senco_kit.course.session_text import session_text

    modules = {str(module.number): module for module in read.modules()}
    if number not in modules:
        raise click.UsageError(f"There is no module '{number}': give a number from 1 to {len(modules)}.")
    try:
        click.echo(session_text(modules[number], which, begins or USUAL_START))
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem


@senco.group(context_settings={"help_option_names": ["-h", "--help"]})
def school() -> None:
    """Invented schools to learn with: make them."""


@school.command()
@click.option("--phase", default="primary", show_default=True, help="primary, secondary, all-through or special.")
@click.option("--pupils", metavar="N", help="Pupils in each school, 1 to 5,000 [default: usual for the phase].")
@click.option("--schools", metavar="K", default="1", show_default=True, help="Schools to make, 1 to 10,000.")
@click.option(
    "--seed", metavar="S", default="1", show_default=True, help="Same number, same schools: 0 to 999,999,999."
)
@click.option("--out", metavar="DIR", required=True, help="Folder for the files: a new or an empty one.")
@click.option("--parquet", is_flag=True, help="Write Parquet, which is smaller and sooner read, in place of CSV.")
@click.option("--every-truth", is_flag=True, help="Plant every truth that suits, where else the seed decides.")
@click.option("--with-truth", is_flag=True, help="Also write what was planted, to DIR-facilitator-only.")
def make(
    phase: str,
    pupils: str | None,
    schools: str,
    seed: str,
    out: str,
    parquet: bool,
    every_truth: bool,
    with_truth: bool,
) -> None:
    """Make invented schools and write them as a data package.

    Learners get DIR. What is planted in the schools is never in it: with --with-truth it goes to DIR-facilitator-only.
    """
    from senco_kit.schools import command
    from senco_kit.schools.files import PackageProblem

    try:
        wanted = command.read_wish(phase, pupils, schools, seed)
        says = command.make(wanted, out, parquet=parquet, every_truth=every_truth, with_truth=with_truth)
    except command.BadWish as problem:
        raise click.UsageError(str(problem)) from problem
    except PackageProblem as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(says)


senco.add_command(cohort)


def read_port(text: str) -> int:
    """The port that a person typed; `click.UsageError` unless it is a whole number from 1 to 65535."""
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 65535:
        return int(text)
    raise click.UsageError(f"The port must be a whole number from 1 to 65535, not '{text}'.")


def _day(today: datetime | None) -> date:
    return today.date() if today else date.today()


def _indented(text: str) -> str:
    return textwrap.fill(text, width=100, initial_indent="    ", subsequent_indent="    ")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every refusal is one sentence on standard error, never a usage listing or a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may know no curly quotes: it shows a question mark then, and does not fail.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    given = sys.argv[1:] if arguments is None else arguments
    try:
        status = senco.main(given or ["--help"], prog_name="senco", standalone_mode=False)
    except click.NoSuchOption as problem:
        _refuse(f"senco does not know the option '{problem.option_name}'. {_where_to_look(problem)}", 2)
    except click.UsageError as problem:
        _refuse(f"{problem.format_message()} {_where_to_look(problem)}", 2)
    except click.ClickException as problem:
        _refuse(problem.format_message(), 1)
    except ContentProblem as problem:
        _refuse(str(problem), 1)
    except (click.Abort, KeyboardInterrupt):
        _refuse("Stopped.", 130)
    sys.exit(status if isinstance(status, int) else 0)


def _where_to_look(problem: click.UsageError) -> str:
    command = problem.ctx.command_path if problem.ctx else "senco"
    return f"`{command} --help` lists what it knows."


def _refuse(sentence: str, status: int) -> None:
    click.echo(sentence, err=True)
    sys.exit(status)
