"""What start.py makes of the words it is given, and of the Python it is run with."""

from __future__ import annotations

import ast
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

KIT = Path(__file__).resolve().parents[2]
START = runpy.run_path(str(KIT / "start.py"))


def run_start(*words: str, folder: Path = KIT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(KIT / "start.py"), *words], cwd=folder, capture_output=True, text=True)


def test_help_names_every_option_from_any_folder(tmp_path: Path) -> None:
    done = run_start("--help", folder=tmp_path)
    assert done.returncode == 0
    for word in ("--port", "--no-browser", "--listen", "start.py test"):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--prot", "8866"], "start.py does not know '--prot'"),
        (["tests"], "start.py does not know 'tests'"),
        (["--no-browser=yes"], "start.py does not know '--no-browser=yes'"),
        (["--port"], "--port needs a value after it, such as --port 8866."),
        (["--listen"], "--listen needs a value after it, such as --listen 127.0.0.1."),
        *[
            ([f"--port={bad}"], f"The port must be a whole number from 1 to 65535, not '{bad}'.")
            for bad in ("", "0", "65536", "-1", "8866.0", "eight", "²", "1" * 400)
        ],
    ],
)
def test_a_bad_option_gets_one_clear_sentence(words: list[str], says: str) -> None:
    done = run_start(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(says)
    assert done.stderr.count("\n") == 1


def test_good_words_are_passed_on_as_they_were_meant() -> None:
    words = ["--port=8866", "--no-browser", "--listen", "0.0.0.0"]
    assert START["read_arguments"](words) == ["--port", "8866", "--no-browser", "--listen", "0.0.0.0"]


def as_if_python_were(version: str, code: str) -> subprocess.CompletedProcess[str]:
    wrapper = f"import runpy, sys; sys.version_info = {version}; sys.argv = ['start.py']; {code}"
    return subprocess.run([sys.executable, "-c", wrapper, str(KIT / "start.py")], capture_output=True, text=True)


def test_an_old_python_is_told_what_the_kit_needs() -> None:
    done = as_if_python_were("(3, 8, 18)", f"runpy.run_path({str(KIT / 'start.py')!r}, run_name='__main__')")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("This kit needs Python 3.11 or newer; this is 3.8. ")
    assert done.stderr.count("\n") == 1


def test_a_newer_python_than_the_tested_ones_is_warned_in_one_line_and_goes_on() -> None:
    done = as_if_python_were("(3, 99, 0)", f"runpy.run_path({str(KIT / 'start.py')!r})['check_python']()")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Python 3.99 is newer than the kit is tested with (3.11 to 3.13); trying all the same.\n"


def test_an_old_python_can_read_start_py() -> None:
    tree = ast.parse((KIT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 7))
    # Python 3.6 would stop at these, which the older grammar alone does not tell.
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    evaluated = [node.returns for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    evaluated += [node.annotation for node in ast.walk(tree) if isinstance(node, ast.arg)]
    assert not [ast.unparse(hint) for hint in evaluated if isinstance(hint, ast.Subscript | ast.BinOp)]


def test_start_py_needs_the_standard_library_alone() -> None:
    tree = ast.parse((KIT / "start.py").read_text(encoding="utf-8"))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in named} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("pip_said", "we_say"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disk is full"),
        ("WARNING: Retrying (Retry(total=4)) after connection broken by NewConnectionError", "could not be reached"),
        ("SSLError(SSLCertVerificationError('CERTIFICATE_VERIFY_FAILED'))", "could not be trusted"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "is not the one"),
        ("Cannot connect to proxy. ProxyError", "proxy refused"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "is not to be had for this computer"),
        ("PermissionError: [WinError 5] Access is denied", "close whatever uses the kit"),
        ("HINT: This system does not have Windows Long Path support enabled", "lies too deep for Windows"),
        ("ERROR: something nobody has seen before", "could not be installed"),
    ],
)
def test_what_went_wrong_in_pip_is_told_in_plain_words(pip_said: str, we_say: str) -> None:
    says = START["explain_pip"](pip_said + "\n")
    assert we_say in says
    assert "the same command again" in says


def test_progress_counts_the_packages_for_this_kind_of_computer() -> None:
    progress = START["Progress"](3)
    assert progress.text() == "Starting ..."
    progress.hear("Ignoring colorama: markers 'sys_platform == \"win32\"' don't match your environment\n")
    progress.hear("Collecting click==8.1.8 (from -r /kit/requirements.txt (line 3))\n")
    assert progress.text() == "Fetching 1 of 2: click"
    progress.hear("Collecting never-listed (from click)\n")
    progress.hear(
        "Requirement already satisfied: pandas==3.0 in /venv (from -r /kit/requirements.txt (line 9)) (3.0)\n"
    )
    assert progress.text() == "Fetching 2 of 2: pandas"
    progress.hear("  WARNING: Retrying (Retry(total=4, connect=None)) after connection broken\n")
    assert progress.text().startswith("The network does not answer yet; still trying")
