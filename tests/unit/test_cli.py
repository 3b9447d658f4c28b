"""The `senco` command as a person meets it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import click
import pytest

from senco_kit.cli import read_port
from senco_kit.standards.check import facts_to_review


def senco(*words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "senco_kit", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_help_lists_the_commands(words: list[str], tmp_path: Path) -> None:
    done = senco(*words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    for command in ("start", "check", "facts", "build", "coverage", "session", "cohort", "school"):
        assert f"\n  {command} " in done.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["strat"], "No such command 'strat'."),
        (["start", "--prot"], "senco does not know the option '--prot'."),
        (["start", "--port", "x"], "The port must be a whole number from 1 to 65535, not 'x'."),
        (["start", "--port"], "Option '--port' requires an argument."),
        (["check", "--today", "tomorrow"], "Invalid value for '--today'"),
        (["build", "--check", "--lock"], "Give either --check or --lock"),
        (["facts", "more"], "Got unexpected extra argument"),
        (["session", "9"], "There is no module '9': give a number from 1 to 5."),
        (["session", "3", "--start", "noon"], "“noon” is not a time of day: write it like 15:45."),
        (["session", "3", "--version", "evening"], "There is no version “evening” of the session"),
    ],
)
def test_a_bad_word_gets_one_clear_sentence(words: list[str], says: str) -> None:
    done = senco(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(says)
    assert done.stderr.count("\n") == 1
    assert "--help` lists what it knows" in done.stderr


@pytest.mark.parametrize("text", ["", "0", "65536", "-1", "80.0", "eight", "²", "9" * 5000])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(click.UsageError, match="from 1 to 65535"):
        read_port(text)


@pytest.mark.parametrize(("text", "port"), [("1", 1), ("8866", 8866), ("65535", 65535)])
def test_a_port_is_read(text: str, port: int) -> None:
    assert read_port(text) == port


def test_facts_says_why_each_fact_needs_a_look() -> None:
    far_in_the_future = senco("facts", "--today", "2999-01-01")
    assert far_in_the_future.returncode == 0, far_in_the_future.stderr
    assert "facts need a look. They are kept in audit/facts.yml." in far_in_the_future.stdout
    assert "(out of date since " in far_in_the_future.stdout


def test_facts_come_in_the_order_in_which_they_need_a_look() -> None:
    listed = re.findall(r"^(\S+)  \(", senco("facts", "--today", "2999-01-01").stdout, re.MULTILINE)
    assert listed == [fact.id for fact in facts_to_review(date(2999, 1, 1))]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes a path for any user's name, and asks nobody")
def test_a_session_prints_with_clock_times_that_follow_the_start() -> None:
    done = senco("session", "3", "--start", "15:45", "--version", "twilight")
    assert done.returncode == 0, done.stderr
    assert "\n15:45-" in done.stdout
    assert "-16:05  " in done.stdout  # the twilight version takes 20 minutes


def test_coverage_has_a_line_for_each_outcome_and_no_gap() -> None:
    done = senco("coverage")
    assert done.returncode == 0, done.stdout
    assert [line.split()[0] for line in done.stdout.splitlines()[1:20]][::6] == ["A1", "B2", "C2", "E4"]
    assert done.stdout.endswith("Every outcome is in every column.\n")


def test_a_work_folder_that_cannot_be_found_stops_the_start_with_one_sentence() -> None:
    command = [sys.executable, "-m", "senco_kit", "start", "--no-browser"]
    settings = os.environ | {"SENCO_HOME": "~nosuchuser/x"}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 1
    assert done.stdout.startswith("SENCO_HOME names ~nosuchuser/x, which cannot be found: ")
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


def test_check_tells_facts_past_their_date_with_file_and_line() -> None:
    done = senco("check", "--today", "2999-01-01")
    assert done.returncode == 1, done.stdout + done.stderr
    first = done.stdout.splitlines()[0]
    name, line, says = first.split(":", 2)
    assert name == "audit/facts.yml"
    assert line.isdigit()
    assert says.strip()


def test_asking_for_help_imports_nothing_heavy() -> None:
    heavy = {"voila", "pandas", "pydantic", "sqlalchemy"}
    probe = f"import sys, senco_kit.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True)
    assert done.stdout == "[]\n"
