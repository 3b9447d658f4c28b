"""start.py sets a whole, very small kit up: real venv, real pip, wheels from a folder, no network."""

from __future__ import annotations

import base64
import hashlib
import os
import runpy
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

KIT = Path(__file__).resolve().parents[2]

PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "small-kit"
version = "1"
"""

BACKEND = """
import pathlib, zipfile

def get_requires_for_build_editable(config_settings=None):
    return []

def build_editable(folder, config_settings=None, metadata_directory=None):
    info = "small_kit-1.dist-info/"
    with zipfile.ZipFile(pathlib.Path(folder) / "small_kit-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("small_kit.pth", str(pathlib.Path("src").resolve()))
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: small-kit\\nVersion: 1\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return "small_kit-1-py3-none-any.whl"
"""

PROGRAM = """
import little, sys
print("little", little.VERSION, sys.argv[1:])
sys.exit(7)
"""


@dataclass
class SmallKit:
    folder: Path
    wheels: Path

    def run(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        kept = ("PATH", "SYSTEMROOT", "TEMP", "TMP")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        environment |= {
            "HOME": "",
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": self.wheels.as_uri(),
            "PIP_CONFIG_FILE": os.devnull,
        }
        command = [sys.executable, str(self.folder / "start.py"), *words]
        return subprocess.run(
            command, cwd=self.wheels, env=environment | settings, capture_output=True, text=True, encoding="utf-8"
        )

    def lock_to(self, version: str) -> None:
        """Puts a wheel of the package `little` among the wheels and into both locks."""
        wheel = self.wheels / f"little-{version}-py3-none-any.whl"
        info = f"little-{version}.dist-info/"
        files = {
            "little.py": f"VERSION = '{version}'\n",
            "little_more.py": "",
            info + "METADATA": f"Metadata-Version: 2.1\nName: little\nVersion: {version}\n",
            info + "WHEEL": "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
            record = [f"{name},sha256={_record_hash(text)},{len(text)}\n" for name, text in files.items()]
            archive.writestr(info + "RECORD", "".join(record) + f"{info}RECORD,,\n")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        for lock in ("requirements.txt", "requirements-test.txt"):
            (self.folder / lock).write_text(f"little=={version} \\\n    --hash=sha256:{digest}\n", encoding="utf-8")


def _record_hash(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def small_kit(tmp_path: Path) -> SmallKit:
    kit = SmallKit(tmp_path / "my kit é", tmp_path / "wheels")
    package = kit.folder / "src" / "senco_kit"
    package.mkdir(parents=True)
    kit.wheels.mkdir()
    (kit.folder / "tests").mkdir()
    shutil.copy(KIT / "start.py", kit.folder)
    (kit.folder / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (kit.folder / "backend.py").write_text(BACKEND, encoding="utf-8")
    (kit.folder / "tests" / "run.py").write_text(PROGRAM, encoding="utf-8")
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    kit.lock_to("1.0")
    return kit


def test_first_run_sets_up_later_runs_start_at_once_and_a_new_lock_is_followed(small_kit: SmallKit) -> None:
    # Settings of pip that would send the packages elsewhere must not count.
    first = small_kit.run("--port", "8866", PIP_TARGET=str(small_kit.wheels / "no"), PIP_USER="1", PIP_DRY_RUN="1")
    assert first.returncode == 7, first.stderr
    assert first.stdout.startswith("Setting up the kit in ")
    assert first.stdout.endswith("little 1.0 ['start', '--port', '8866']\n")
    # Bytecode is made of all, also of what has not been imported yet.
    assert list((small_kit.folder / ".venv").rglob("little_more.*.pyc"))

    assert small_kit.run().stdout == "little 1.0 ['start']\n"

    small_kit.lock_to("1.1")
    left_from_before = small_kit.folder / ".venv" / "left-from-before"
    left_from_before.touch()
    assert small_kit.run().stdout.endswith("little 1.1 ['start']\n")
    assert left_from_before.exists()  # a finished set-up is added to, not made anew

    assert small_kit.run("test", "-k", "audit").stdout.endswith("little 1.1 ['-k', 'audit']\n")
    assert small_kit.run("test").stdout == "little 1.1 []\n"

    # The programs in .venv hold its full path: in a folder that was moved, all is made anew.
    assert runpy.run_path(str(small_kit.folder / "start.py"))["_can_be_added_to"]()
    moved = small_kit.folder.rename(small_kit.folder.with_name("moved"))
    start = runpy.run_path(str(moved / "start.py"))
    assert not start["is_ready"]("run")
    assert not start["_can_be_added_to"]()


def test_a_set_up_that_was_stopped_half_way_is_made_anew(small_kit: SmallKit) -> None:
    venv = small_kit.folder / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").write_text("half a file", encoding="utf-8")
    done = small_kit.run()
    assert done.stdout.endswith("little 1.0 ['start']\n"), done.stderr


def test_a_package_with_another_hash_is_refused_and_nothing_counts_as_set_up(small_kit: SmallKit) -> None:
    lock = small_kit.folder / "requirements.txt"
    lock.write_text("little==1.0 --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    done = small_kit.run()
    log = small_kit.folder / ".venv" / "setup.log"
    assert done.returncode == 1
    assert done.stderr.startswith("A downloaded package is not the one that the kit was tested with")
    assert str(log) in done.stderr
    assert done.stderr.count("\n") == 1
    assert "DO NOT MATCH THE HASHES" in log.read_text(encoding="utf-8")
    assert not list(log.parent.glob("ready-*"))


def test_a_kit_that_is_not_whole_is_told_so(small_kit: SmallKit) -> None:
    (small_kit.folder / "requirements.txt").unlink()
    done = small_kit.run()
    assert done.returncode == 1
    assert done.stderr.startswith("'requirements.txt' is missing beside start.py")
    assert not (small_kit.folder / ".venv").exists()


def test_a_file_in_the_place_of_the_folder_gets_a_sentence(small_kit: SmallKit) -> None:
    (small_kit.folder / ".venv").touch()
    done = small_kit.run()
    assert done.returncode == 1
    assert done.stderr.startswith("The set-up could not go on")
    assert done.stderr.count("\n") == 1
