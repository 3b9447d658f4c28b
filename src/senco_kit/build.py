"""What is built from something else: environment.yml and the lock from pyproject.toml, datasets/ from the generator,
the lesson notebooks from modules/.

A new kind of built file is one more function that gives `BuiltFile`s, named in `built_files`; writing and checking are
the same for all of them. The lock is apart, because making it asks the package index.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

#: What a conda package is called where conda-forge has another name for it than the Python package index.
#: `matplotlib` itself brings a desktop window system there that the kit never opens.
CONDA_NAMES = {"matplotlib": "matplotlib-base"}

#: The Python versions that the kit is tested on; conda must not choose a newer one.
PYTHON_RANGE = ">=3.11,<3.14"

#: The lock that users install from, and the one that adds what the tests need.
LOCK = "requirements.txt"
TEST_LOCK = "requirements-test.txt"
LOCK_COMMAND = "senco build --lock"


class BuildProblem(Exception):
    """One sentence on what could not be built, and what to do."""


@dataclass(frozen=True)
class BuiltFile:
    """A file that is built and never edited: its place in the kit, and the text that it should hold now."""

    path: Path
    text: str


@dataclass(frozen=True)
class Pin:
    """One package of a lock: its version, where it applies, and the hashes its files may have."""

    name: str
    version: str
    marker: str
    hashes: frozenset[str]


def built_files(kit: Path) -> Iterator[BuiltFile]:
    """Every built file of the kit in `kit`, with the text it should have. Later rooms add theirs here."""
    yield BuiltFile(kit / "environment.yml", environment_yml(read_project(kit)))
    # Imported here because pandas and pandera take a second to load, which other commands need not wait for.
    from senco_kit.schools import package

    for path, text in package.built_files().items():
        yield BuiltFile(kit / "datasets" / path, text)
    yield from lesson_notebooks(kit)


def lesson_notebooks(kit: Path) -> Iterator[BuiltFile]:
    """The notebook of each lesson of modules/. Raises ContentProblem, and BuildProblem for what is not there."""
    from senco_kit.course import read
    from senco_kit.course.exercise import NoSuchSchool
    from senco_kit.course.notebook import notebook_path, notebook_text
    from senco_kit.standards.model import UnknownId

    for module in read.modules(kit / "modules"):
        try:
            text = notebook_text(module)
        except (NoSuchSchool, UnknownId) as problem:
            says = f"The lesson {module.id} cannot be built: `senco check` says where. {problem}"
            raise BuildProblem(says) from problem
        yield BuiltFile(notebook_path(module, kit / "notebooks"), text)


def build(kit: Path) -> list[Path]:
    """Write every built file whose text has changed; return those that were written."""
    written = []
    for built in built_files(kit):
        if not _is_fresh(built):
            built.path.parent.mkdir(parents=True, exist_ok=True)
            built.path.write_text(built.text, encoding="utf-8", newline="\n")
            written.append(built.path)
    return written


def stale(kit: Path) -> list[str]:
    """One sentence for each built file that is out of date and each fault of the lock; changes nothing."""
    says = [
        f"{built.path.relative_to(kit).as_posix()} is out of date: run `senco build`."
        for built in built_files(kit)
        if not _is_fresh(built)
    ]
    return says + lock_faults(kit)


def _is_fresh(built: BuiltFile) -> bool:
    return built.path.is_file() and built.path.read_text(encoding="utf-8") == built.text


def read_project(kit: Path) -> dict[str, Any]:
    """The [project] table of pyproject.toml."""
    project: dict[str, Any] = tomllib.loads((kit / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def environment_yml(project: dict[str, Any]) -> str:
    """The text of environment.yml, so that conda and Binder install what pyproject.toml asks for.

    >>> print(environment_yml({"dependencies": ["matplotlib>=3.10"]}).splitlines()[-4].strip())
    - matplotlib-base>=3.10
    """
    lines = [
        "# Built from pyproject.toml by `senco build`: change the list there, not here.",
        "name: senco-course-kit",
        "channels:",
        "  - conda-forge",
        "  - nodefaults",
        "dependencies:",
        f'  - "python{PYTHON_RANGE}"',
        *(f"  - {conda_requirement(text)}" for text in project["dependencies"]),
        "  - pip",
        "  - pip:",
        "      - -e .",
    ]
    return "\n".join(lines) + "\n"


def conda_requirement(text: str) -> str:
    """A requirement of pyproject.toml as conda writes it; `BuildProblem` for what conda has no word for."""
    requirement = Requirement(text)
    if requirement.marker or requirement.extras or requirement.url:
        raise BuildProblem(
            f"pyproject.toml asks for '{text}', but conda knows no markers, extras or addresses: "
            "ask for the plain package, or teach `conda_requirement` in build.py how conda calls it."
        )
    name = canonicalize_name(requirement.name)
    return f"{CONDA_NAMES.get(name, name)}{requirement.specifier}"


def lock(kit: Path) -> None:
    """Write both lock files with uv, keeping the pins that still fit; asks the package index.

    Raises `BuildProblem` when uv is missing or finds no solution.
    """
    uv = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if uv is None:
        raise BuildProblem("uv is not installed: it comes with the tests, so run `python3 start.py test` once.")
    command = [uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-build"]
    command += ["--python-version", "3.11", "--custom-compile-command", LOCK_COMMAND, "pyproject.toml"]
    for extra in (["-o", LOCK], ["--extra", "test", "-c", LOCK, "-o", TEST_LOCK]):
        done = subprocess.run(command + extra, cwd=kit, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise BuildProblem(f"uv could not write {extra[-1]}. It said: {done.stderr.strip()}")


def lock_faults(kit: Path) -> list[str]:
    """One sentence for each way in which the two locks do not keep what pyproject.toml promises."""
    project = read_project(kit)
    wanted = [Requirement(text) for text in project["dependencies"]]
    for_tests = [Requirement(text) for text in project.get("optional-dependencies", {}).get("test", [])]
    faults: list[str] = []
    locks: dict[str, list[Pin]] = {}
    for name, requirements in ((LOCK, wanted), (TEST_LOCK, wanted + for_tests)):
        if not (kit / name).is_file():
            faults.append(f"{name} is missing: run `{LOCK_COMMAND}`.")
            continue
        text = (kit / name).read_text(encoding="utf-8")
        locks[name] = read_lock(text)
        faults += [f"{name}: {says}; run `{LOCK_COMMAND}`." for says in _faults_of_one(text, locks[name], requirements)]
    if len(locks) == 2:
        known = set(locks[TEST_LOCK])
        faults += [
            f"{TEST_LOCK}: it does not hold {pin.name} {pin.version} as {LOCK} does; run `{LOCK_COMMAND}`."
            for pin in locks[LOCK]
            if pin not in known
        ]
    return faults


def read_lock(text: str) -> list[Pin]:
    """The pins of a lock file's text; a line that is no pin has an empty version.

    >>> read_lock("click==8.1.8 --hash=sha256:ab  # via nobody")[0].version
    '8.1.8'
    """
    return [_read_pin(line) for line in _logical_lines(text)]


def _logical_lines(text: str) -> list[str]:
    """The lines of a requirements file without comments, continued lines put together."""
    without_comments = re.sub(r"(^|\s)#.*", "", text, flags=re.MULTILINE)
    lines = without_comments.replace("\\\n", " ").splitlines()
    return [line.strip() for line in lines if line.strip()]


def _read_pin(line: str) -> Pin:
    hashes = frozenset(re.findall(r"--hash=(\S+)", line))
    requirement, _, marker = re.sub(r"\s*--hash=\S+", "", line).partition(";")
    name, _, version = requirement.partition("==")
    return Pin(canonicalize_name(name.strip()), version.strip(), marker.strip(), hashes)


def _faults_of_one(text: str, pins: list[Pin], requirements: list[Requirement]) -> Iterator[str]:
    """What is wrong with one lock, as the middle of a sentence."""
    if any(line.startswith("-") or "://" in line for line in _logical_lines(text)):
        yield "it names an address or a folder, which would not be there on another computer"
    for pin in pins:
        if not pin.version:
            yield f"'{pin.name}' is not pinned to one version"
        elif not pin.hashes:
            yield f"{pin.name} {pin.version} has no hash"
    for requirement in requirements:
        of_this = [pin for pin in pins if pin.name == canonicalize_name(requirement.name)]
        if not of_this:
            yield f"{requirement.name} is missing, which pyproject.toml asks for"
        for pin in of_this:
            if pin.version and not requirement.specifier.contains(pin.version, prereleases=True):
                yield f"{pin.name} {pin.version} is not what pyproject.toml asks for ({requirement})"
