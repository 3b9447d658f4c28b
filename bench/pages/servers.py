"""The servers that are compared: the kit, stock Voila, the other tools; each with a folder and a mark of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import kit_form
import practice
from processes import MARK

from senco_kit import store
from senco_kit.store.course_work import CourseWork
from senco_kit.store.database import FILE_NAME
from serving_fixture import KIT, free_port

FORMS = Path(practice.__file__).parent
#: Seconds that a server is given to start, and to stop.
LONGEST_START = 120
LONGEST_STOP = 20


class CannotMeasure(Exception):
    """Something that is needed is not there; its text is one sentence."""


class Server:
    """A server that shows the form: where it is, and what it has kept of the first statement's choice."""

    #: The address of the page, once it is started.
    address = ""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder / name.replace(" ", "-")
        self.folder.mkdir(parents=True)
        self.mark = uuid.uuid4().hex

    @property
    def pid(self) -> int:
        """The number of its own process."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it and wait until it answers."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stop it and wait for its end."""
        raise NotImplementedError

    @property
    def file(self) -> Path:
        """The file of SQLite's in which the answers are kept."""
        raise NotImplementedError

    def kept(self) -> str:
        """What is kept of the first choice; empty when nothing is."""
        raise NotImplementedError

    def forget(self) -> None:
        """Take the answers back, so that the next visitor finds the form empty."""
        raise NotImplementedError


class InKitStore(Server):
    """Answers are kept in the kit's own store."""

    @property
    def home(self) -> Path:
        """The folder of the person's work."""
        return self.folder / "work"

    @property
    def file(self) -> Path:
        """The store's own."""
        return self.home / FILE_NAME

    @cached_property
    def _course(self) -> CourseWork:
        return store.open_store(self.home).course

    def kept(self) -> str:
        """What the store has."""
        return str(self._course.answers(kit_form.WORK).get(practice.level_of("1-1"), ""))

    def forget(self) -> None:
        """An empty answer takes it back."""
        for name in self._course.answers(kit_form.WORK):
            self._course.save_answer(kit_form.WORK, name, "")


class Program(Server):
    """A server that is a program of its own, started with a command line."""

    def __init__(self, name: str, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(name, folder)
        self._settings = dict(settings or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._log = self.folder / "said.txt"

    def command(self, port: int) -> list[str]:
        """The command line."""
        raise NotImplementedError

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start it in a clean environment and wait until it answers."""
        port = free_port()
        self.address = f"http://127.0.0.1:{port}/"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SENCO_", "JUPYTER"))}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self.command(port),
                env={**kept, "HOME": str(self.folder), MARK: self.mark, "PYTHONPATH": python_path(), **self._settings},
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()

    def _wait(self) -> None:
        assert self._process is not None
        end = time.monotonic() + LONGEST_START
        while time.monotonic() < end and self._process.poll() is None:
            if self.is_open():
                return
            time.sleep(0.1)
        last = self.said().strip().splitlines()[-3:]
        raise CannotMeasure(f"The server of {self.name} did not start; its last words: {' / '.join(last)}")

    def is_open(self) -> bool:
        """Whether it answers; not the page itself is asked for, which would start a kernel that nobody ends."""
        return answers(f"{self.address}is-it-there")

    def said(self) -> str:
        """What it has printed."""
        return self._log.read_text("utf-8", "replace")

    def stop(self) -> None:
        """SIGTERM, and SIGKILL for one that does not listen."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(LONGEST_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Ours(Program, InKitStore):
    """The kit's server over a folder with the home page and the page that is measured."""

    def __init__(
        self, name: str, folder: Path, notebook: Path, settings: Mapping[str, str], profile: Path | None = None
    ) -> None:
        super().__init__(name, folder)
        self._pages = self.folder / "pages"
        self._pages.mkdir()
        shutil.copy(KIT / "notebooks" / "home.ipynb", self._pages)
        shutil.copy(notebook, self._pages)
        self._settings = {"SENCO_HOME": str(self.home), "SENCO_NOTEBOOKS": str(self._pages), **settings}
        self._page = notebook.stem
        #: A file for cProfile's figures of the server itself.
        self._profile = profile

    def command(self, port: int) -> list[str]:
        """The program `senco start`."""
        watched = ["-m", "cProfile", "-o", str(self._profile)] if self._profile else []
        return [sys.executable, *watched, "-m", "senco_kit", "start", "--no-browser", f"--port={port}"]

    def start(self) -> None:
        """Start it; the page has an address of its own."""
        super().start()
        self.address += self._page

    def is_open(self) -> bool:
        """It says so when it has shown its home page."""
        return f"Open {self.address}" in self.said()


class Stock(Program, InKitStore):
    """Voila as it is installed, with its own template and settings, over the very same notebook."""

    def __init__(self, name: str, folder: Path, notebook: Path, pool: int = 0) -> None:
        super().__init__(name, folder)
        self._notebook = Path(shutil.copy(notebook, self.folder))
        self._pool = pool
        self._settings = {"SENCO_HOME": str(self.home)}
        problem = store.prepare(self.home)
        if problem:
            raise CannotMeasure(problem)

    def command(self, port: int) -> list[str]:
        """The program `voila`."""
        pool = ["--preheat_kernel=True", f"--pool_size={self._pool}"] if self._pool else []
        return [sys.executable, "-m", "voila", str(self._notebook), "--no-browser", f"--port={port}", *pool]


class Other(Program):
    """Another tool with a form of the same size, out of a throw-away environment."""

    def __init__(self, name: str, folder: Path, command: list[str]) -> None:
        super().__init__(name, folder)
        self._settings = {"BENCH_ANSWERS": str(self.file), "PYTHONPATH": str(FORMS)}
        self._command = command

    @property
    def file(self) -> Path:
        """In the tool's own folder."""
        return self.folder / "answers.sqlite"

    def command(self, port: int) -> list[str]:
        """As the tool's own handbook says."""
        return [part.replace("PORT", str(port)) for part in self._command]

    def kept(self) -> str:
        """What the file has."""
        return practice.kept(self.file).get(practice.level_of("1-1"), "")

    def forget(self) -> None:
        """Without the file nothing is kept."""
        self.file.unlink(missing_ok=True)


def others(folder: Path, environment: Path) -> list[Server]:
    """The four tools that a person might choose instead, each with its usual way to serve a form to visitors."""
    own = environment / "bin"
    streamlit = ["--server.headless=true", "--browser.gatherUsageStats=false", "--server.fileWatcherType=none"]
    commands = {
        "panel": [own / "panel", "serve", FORMS / "panel_form.py", "--port=PORT", "--address=127.0.0.1"],
        "streamlit": [
            own / "streamlit",
            "run",
            FORMS / "streamlit_form.py",
            "--server.port=PORT",
            "--server.address=127.0.0.1",
            *streamlit,
        ],
        "marimo": [
            own / "marimo",
            "-q",
            "run",
            FORMS / "marimo_form.py",
            "--port=PORT",
            "--host=127.0.0.1",
            "--headless",
            "--no-token",
        ],
        "solara": [
            own / "solara",
            "run",
            FORMS / "solara_form.py",
            "--port=PORT",
            "--host=127.0.0.1",
            "--production",
            "--no-open",
        ],
    }
    return [Other(name, folder, [str(part) for part in command]) for name, command in commands.items()]


def install_others(environment: Path) -> None:
    """Make the throw-away environment, unless the tools are in it already."""
    wanted = {"panel": "panel", "streamlit": "streamlit", "marimo": "marimo", "solara": "solara[assets]"}
    if all((environment / "bin" / name).exists() for name in wanted):
        return
    print(f"Installing {', '.join(wanted)} ...", flush=True)
    python = environment / "bin" / "python"
    for command in (
        [sys.executable, "-m", "venv", environment],
        [python, "-m", "pip", "install", "-q", *wanted.values()],
    ):
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
            raise CannotMeasure(f"The other tools could not be installed: {last[0]}")


def versions(python: Path, packages: tuple[str, ...]) -> dict[str, str]:
    """The versions of packages in an environment; those that are not there are left out."""
    asked = "import json, importlib.metadata as m; print(json.dumps({d.name: d.version for d in m.distributions()}))"
    done = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return {name: found[name] for name in packages if name in found}


def python_path() -> str:
    """Where the servers and their kernels find the kit and the form."""
    return os.pathsep.join([str(KIT / "src"), str(FORMS)])


def answers(address: str) -> bool:
    """Whether somebody answers there, whatever the answer; never by way of a proxy."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=5):
            return True
    except urllib.error.HTTPError as refused:
        refused.close()
        return True
    except OSError:
        return False
