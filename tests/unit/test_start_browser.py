"""Where the browser for the tests comes from (tests/run.py)."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parents[1] / "run.py"

only_on_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere browsers are found in their usual folders"
)


PROBE = """
import os

def test_probe():
    assert os.environ["SENCO_CHROMIUM"] == os.environ["EXPECTED"]
"""


def write_probe(folder: Path) -> Path:
    """A test that tells whether pytest was given the browser named in EXPECTED."""
    probe = folder / "test_probe.py"
    probe.write_text(PROBE, encoding="utf-8")
    return probe


def run_tests(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "SENCO_CHROMIUM"}
    environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "-p no:cacheprovider"} | settings
    command = [sys.executable, str(RUN), *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def test_the_named_browser_is_passed_on_and_pytest_s_exit_status_is_ours(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.touch()
    probe = str(write_probe(tmp_path))
    good = run_tests(probe, SENCO_CHROMIUM=str(browser), EXPECTED=str(browser))
    assert good.returncode == 0, good.stdout + good.stderr
    assert "1 passed" in good.stdout
    assert run_tests(probe, SENCO_CHROMIUM=str(browser), EXPECTED="another").returncode == 1


def test_a_named_browser_that_is_not_there_is_told() -> None:
    done = run_tests(SENCO_CHROMIUM="/no/such/browser")
    assert done.returncode == 1
    assert done.stderr == "SENCO_CHROMIUM names '/no/such/browser', but there is no such file.\n"


@only_on_linux
def test_the_first_browser_that_answers_is_taken(tmp_path: Path) -> None:
    # Ubuntu's chromium-browser may only say how to get one.
    for name, status in (("chromium", 1), ("google-chrome", 0)):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nexit {status}\n", encoding="utf-8")
        program.chmod(0o755)
    done = run_tests(str(write_probe(tmp_path)), PATH=str(tmp_path), EXPECTED=str(tmp_path / "google-chrome"))
    assert done.returncode == 0, done.stdout + done.stderr


@only_on_linux
def test_no_browser_to_be_had_is_one_sentence(tmp_path: Path) -> None:
    nowhere = "http://127.0.0.1:9"
    done = run_tests(PATH=str(tmp_path), PLAYWRIGHT_BROWSERS_PATH=str(tmp_path), PLAYWRIGHT_DOWNLOAD_HOST=nowhere)
    assert done.returncode == 1
    assert done.stderr.startswith("The tests need a Chromium browser, and none could be found or installed")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(("processors", "processes"), [(1, ""), (2, "-n 3"), (16, "-n 4")])
def test_a_whole_run_is_shared_out_and_files_stay_together(
    processors: int, processes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: range(processors), raising=False)
    words = " ".join(runpy.run_path(str(RUN))["whole_run"]())
    assert words == (processes and f"{processes} --dist loadscope --no-loadscope-reorder")
