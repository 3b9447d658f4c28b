#!/usr/bin/env python3
"""Start the SENCO Course Kit, or run its tests. Needs Python 3.11 or newer and nothing else.

    python3 start.py                 set up on first use, then open the kit in the browser
    python3 start.py test [...]      set up what the tests need, then run them; [...] goes to pytest

The first run makes the folder .venv beside this file and installs there exactly what requirements.txt lists. Nothing
outside the kit's folder is changed. Deleting .venv undoes it.
"""
# This file keeps to what Python 3.6 can read (no newer syntax, type hints of newer kinds in quotes), so that an old
# Python gets as far as saying that it is too old.

import contextlib
import errno
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

OLDEST = (3, 11)
NEWEST_TESTED = (3, 13)
#: A finished set-up with the tests' packages takes about 1000 MB; pip needs some beside it for a while.
SPACE_NEEDED = 1300 * 1024 * 1024

KIT = Path(__file__).resolve().parent
VENV = KIT / ".venv"
LOG = VENV / "setup.log"
LOCKS = {"run": "requirements.txt", "test": "requirements-test.txt"}

WINDOWS = os.name == "nt"
VENV_BIN = VENV / ("Scripts" if WINDOWS else "bin")
VENV_PYTHON = VENV_BIN / ("python.exe" if WINDOWS else "python")

#: The settings that say from where and how packages are fetched. All other settings of pip (a target folder, "user",
#: constraints, ...) would send the packages elsewhere or break the lock, so they are not passed on.
PIP_SETTINGS_KEPT = {
    "PIP_CACHE_DIR",
    "PIP_CERT",
    "PIP_CLIENT_CERT",
    "PIP_CONFIG_FILE",
    "PIP_DEFAULT_TIMEOUT",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "PIP_KEYRING_PROVIDER",
    "PIP_NO_CACHE_DIR",
    "PIP_NO_INDEX",
    "PIP_PROXY",
    "PIP_RETRIES",
    "PIP_TIMEOUT",
    "PIP_TRUSTED_HOST",
    "PIP_USE_FEATURE",
}

HELP = """Start the SENCO Course Kit:   python3 start.py [--port N] [--no-browser] [--listen ADDRESS]
Run its tests:                python3 start.py test [pytest arguments; paths count from the kit's folder]

  --port N          open on this port, 1 to 65535 (otherwise a free one is found)
  --no-browser      do not open the browser; the address is printed
  --listen ADDRESS  listen on this address (otherwise 127.0.0.1: this computer alone)

The first run installs what the kit needs into the folder .venv beside this file; later runs start at once.
Stop the kit with Ctrl-C."""


class Refusal(Exception):
    """One sentence or two for the person: what is wrong and what to do; with the exit status."""

    def __init__(self, says: str, status: int = 1) -> None:
        Exception.__init__(self, says)
        self.status = status


# --- What the person asked for ----------------------------------------------------------------------------------------


def read_arguments(words: "list[str]") -> "list[str]":
    """The words for `senco start`, checked here so that a typing mistake is told before anything is installed."""
    checked: list[str] = []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        name, has_value, value = word.partition("=")
        if word == "--no-browser":
            checked.append(word)
        elif name in ("--port", "--listen"):
            if not has_value:
                if not waiting:
                    raise Refusal(f"{name} needs a value after it, such as {_example(name)}.", 2)
                value = waiting.pop(0)
            if name == "--port" and not is_port(value):
                raise Refusal(f"The port must be a whole number from 1 to 65535, not '{value}'.", 2)
            checked += [name, value]
        else:
            raise Refusal(f"start.py does not know '{word}': run 'python3 start.py --help' for what it knows.", 2)
    return checked


def _example(name: str) -> str:
    return name + (" 8866" if name == "--port" else " 127.0.0.1")


def is_port(text: str) -> bool:
    """Whether the text is a whole number from 1 to 65535."""
    return bool(re.match(r"[0-9]{1,5}\Z", text)) and 1 <= int(text) <= 65535


# --- What this computer must have -------------------------------------------------------------------------------------


def check_python() -> None:
    """Refuse a Python that cannot run the kit; warn about one that is newer than the tested ones."""
    this = "{}.{}".format(*sys.version_info[:2])
    if sys.version_info[:2] < OLDEST:
        raise Refusal(f"This kit needs Python 3.11 or newer; this is {this}. {_how_to_get_python()}")
    if sys.maxsize < 2**32:
        raise Refusal("This kit needs a 64-bit Python; this one is 32-bit. " + _how_to_get_python())
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise Refusal(
                f"This Python came without its '{module}' module, which the set-up needs: on Debian or Ubuntu run "
                "'sudo apt install python3-venv', elsewhere install Python from python.org, then run this again."
            )
    if sys.version_info[:2] > NEWEST_TESTED:
        say(f"Python {this} is newer than the kit is tested with (3.11 to 3.13); trying all the same.")


def _how_to_get_python() -> str:
    """Names a newer Python on this computer, when there is one that runs."""
    for name in ("python3.13", "python3.12", "python3.11"):
        if shutil.which(name) and _says_its_version(name):
            return f"This computer has {name}: run '{name} start.py' instead."
    return "Install Python 3.13 from python.org (or your school's software centre), then run start.py with it."


def _says_its_version(program: str) -> bool:
    try:
        return subprocess.call([program, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def check_folder() -> None:
    """Refuse a copy of the kit that is not whole."""
    for name in ("pyproject.toml", *LOCKS.values(), "src/senco_kit", "tests"):
        if not (KIT / name).exists():
            raise Refusal(
                f"'{name}' is missing beside start.py in {KIT}: unpack or copy the whole kit into one folder, then "
                "start it from there."
            )


# --- The set-up -------------------------------------------------------------------------------------------------------


def set_up(kind: str) -> None:
    """Bring .venv to what the lock for `kind` ("run" or "test") says; at once when it is there already.

    A marker is written last. Where there is none, an earlier set-up was stopped half-way, and all is made anew.
    """
    if is_ready(kind):
        return
    try:
        VENV.mkdir(exist_ok=True)
        with only_one_at_a_time():
            # Another window may have done it while this one waited.
            if not is_ready(kind):
                _set_up_now(kind)
    except OSError as problem:
        raise Refusal(explain_system(problem)) from None


def _set_up_now(kind: str) -> None:
    began = time.monotonic()
    if _can_be_added_to():
        say(f"Adding to the kit's set-up in {VENV} what is new since.")
    else:
        _check_space()
        say(f"Setting up the kit in {VENV} (only this once; it can take a few minutes).")
        _make_venv()
    install_packages(kind)
    install_kit()
    # The tests' lock holds the other one.
    for done in ("run", "test") if kind == "test" else ("run",):
        _marker(done).write_text(fingerprint(done), encoding="utf-8")
    say(f"The kit is set up; it took {time.monotonic() - began:.0f} seconds.")


def is_ready(kind: str) -> bool:
    """Whether .venv was finished for `kind` from the present lock, with this Python, in this folder."""
    return VENV_PYTHON.exists() and _read(_marker(kind)) == fingerprint(kind)


def fingerprint(kind: str) -> str:
    """What a finished set-up was made from: the Python and the folder, then the lock and the kit's own list."""
    contents = hashlib.sha256()
    for name in ("pyproject.toml", LOCKS[kind]):
        # A copy with Windows line ends is the same lock.
        contents.update((KIT / name).read_bytes().replace(b"\r\n", b"\n"))
    return f"{_python_and_folder()}\nset up from {contents.hexdigest()}\n"


def _python_and_folder() -> str:
    # The programs in .venv hold its full path, so a folder that was moved needs a new one.
    return "Python {}.{} in {}".format(*sys.version_info[:2], KIT)


def _can_be_added_to() -> bool:
    """Whether an earlier set-up was finished with this Python in this folder, if only for another lock."""
    return VENV_PYTHON.exists() and _read(_marker("run")).startswith(_python_and_folder() + "\n")


def _marker(kind: str) -> Path:
    return VENV / f"ready-to-{kind}"


def _forget_markers() -> None:
    for kind in LOCKS:
        _marker(kind).unlink(missing_ok=True)


def _make_venv() -> None:
    """A new, empty .venv, whatever was there before."""
    for entry in VENV.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(str(entry))
        elif entry.name != "setup.lock":  # this very run holds it
            entry.unlink()
    command = [sys.executable, "-I", "-m", "venv", str(VENV)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=_environment())
    if done.returncode == 0:
        return
    said = done.stdout.decode("utf-8", "replace")
    LOG.write_text(said, encoding="utf-8")
    if _is_disk_full(said):
        raise Refusal(DISK_FULL)
    raise Refusal(
        "Python could not make the folder .venv: on Debian or Ubuntu run 'sudo apt install python3-venv', then run the "
        f"same command again. What Python said is in {LOG}"
    )


def _check_space() -> None:
    free = shutil.disk_usage(str(KIT)).free
    if free < SPACE_NEEDED:
        raise Refusal(
            f"The disk that holds the kit has {free // 1024**2} MB free, and the set-up needs "
            f"{SPACE_NEEDED // 1024**2} MB: make room, then run the same command again."
        )


@contextlib.contextmanager
def only_one_at_a_time() -> "Iterator[None]":
    """Two windows must not set up one folder at once; the lock goes with its process, however that ends."""
    with (VENV / "setup.lock").open("a+") as file:
        if not _try_to_lock(file.fileno()):
            say("Another window is setting up the kit already; waiting for it.")
            while not _try_to_lock(file.fileno()):
                time.sleep(1)
        yield


def _try_to_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# --- pip --------------------------------------------------------------------------------------------------------------


def install_packages(kind: str) -> None:
    """Install exactly what the lock lists: each file checked against its hash, nothing compiled on this computer."""
    lock = KIT / LOCKS[kind]
    pins = re.findall(r"^[A-Za-z0-9._-]+==", lock.read_text(encoding="utf-8"), re.MULTILINE)
    run_pip(["--no-compile", "--require-hashes", "--only-binary", ":all:", "-r", str(lock)], len(pins))
    compile_packages()


def compile_packages() -> None:
    """Keep the bytecode of what was installed, made on all processors: pip makes it on one, which takes far longer.

    What cannot be compiled stays as it is, as with pip: some packages have files for other Pythons.
    """
    say("Making the packages start quickly.")
    command = [str(VENV_PYTHON), "-I", "-m", "compileall", "-q", "-j", str(min(os.cpu_count() or 1, 8))]
    nowhere = subprocess.DEVNULL
    subprocess.run(
        [*command, str(_libraries())], stdin=nowhere, stdout=nowhere, stderr=nowhere, env=_environment(), check=False
    )


def install_kit() -> None:
    """Install the kit itself, as this folder: a change to its files needs no new set-up."""
    say("Adding the kit itself.")
    run_pip(["--no-deps", "--no-index", "--no-build-isolation", "-e", str(KIT)], 1)


def run_pip(arguments: "list[str]", total: int) -> None:
    """Run `pip install`, showing how far it is; what it says goes to the log. `Refusal` when pip fails."""
    command = [str(VENV_PYTHON), "-I", "-u", "-X", "utf8", "-m", "pip", "install", "--no-input", "--no-color"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", *arguments]
    pip = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=_environment()
    )
    lines = []
    try:
        with pip, LOG.open("w", encoding="utf-8") as log, Progress(total) as progress:
            for raw in pip.stdout or ():
                lines.append(raw.decode("utf-8", "replace"))
                log.write(lines[-1])
                if lines[-1].startswith("Installing collected packages"):
                    # From here on a stop leaves packages half written.
                    _forget_markers()
                progress.hear(lines[-1])
    finally:
        if pip.poll() is None:
            pip.kill()
    if pip.returncode:
        raise Refusal(explain_pip("".join(lines)))


def _environment() -> "dict[str, str]":
    """The environment for pip and the kit, without what would lead them to other packages or other folders."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if (not name.startswith("PIP_") or name in PIP_SETTINGS_KEPT)
        and name not in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__")
    }
    # Said here, this also overrules a pip.conf.
    kept["PIP_USER"] = "0"
    kept["VIRTUAL_ENV"] = str(VENV)
    # nbgrader starts `alembic` and `jupyter` by name.
    kept["PATH"] = str(VENV_BIN) + os.pathsep + os.environ.get("PATH", os.defpath)
    return kept


class Progress:
    """Shows how far pip is: on a terminal one line that changes, otherwise a line now and then."""

    EVERY = 10.0  # seconds between lines where there is no terminal

    def __init__(self, total: int) -> None:
        self.total = total
        self.doing = "Starting"
        self.name = ""
        self.number = 0
        self.terminal = sys.stdout.isatty()
        self.shown = ""
        self.installed_before: set[str] = set()
        self.ended = threading.Event()
        self.painter = threading.Thread(target=self._paint, daemon=True)

    def __enter__(self) -> "Progress":
        """Start showing."""
        self.painter.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop showing, and leave the terminal line empty."""
        self.ended.set()
        self.painter.join()
        if self.terminal and self.shown:
            sys.stdout.write("\r" + " " * len(self.shown) + "\r")
            sys.stdout.flush()

    def hear(self, line: str) -> None:
        """Take in one line of pip's."""
        found = re.match(r"(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9._-]+).*\(from -r ", line)
        if found:
            self.doing, self.name, self.number = "Fetching", found.group(1), self.number + 1
        elif line.startswith("Ignoring "):  # a package for another kind of computer
            self.total -= 1
        elif "Retrying" in line:
            self.doing = "The network does not answer yet; still trying: fetching"
        elif line.startswith("Installing collected packages:"):
            self.installed_before = set(_installed())
            self.total = line.count(",") + 1
            self.doing, self.number = "Installing", 0

    def text(self) -> str:
        """What to show now, such as `Installing 42 of 135: pandas`."""
        if self.doing == "Installing":
            new = [name for name in _installed() if name not in self.installed_before]
            self.number, self.name = len(new), new[-1] if new else self.name
        if not self.number:
            return self.doing + " ..."
        return f"{self.doing} {min(self.number, self.total)} of {self.total}: {self.name}"

    def _paint(self) -> None:
        wait = 0.3 if self.terminal else 2.0
        while not self.ended.wait(wait):
            text = self.text()
            if self.terminal:
                # A line that wraps could not be written over.
                text = text[: shutil.get_terminal_size().columns - 1]
                sys.stdout.write("\r" + text.ljust(len(self.shown)))
                sys.stdout.flush()
                self.shown = text
            else:
                say(text)
                wait = self.EVERY


def _libraries() -> Path:
    """The folder of the packages in .venv."""
    return VENV / ("Lib" if WINDOWS else "lib/python{}.{}".format(*sys.version_info[:2])) / "site-packages"


def _installed() -> "list[str]":
    """The packages in .venv, the newest last."""
    found = []
    for entry in _libraries().glob("*.dist-info"):
        with contextlib.suppress(OSError):  # pip moves folders about while it works
            found.append((entry.stat().st_mtime, entry.name.split("-")[0]))
    return [name for _, name in sorted(found)]


# --- What went wrong, in words ----------------------------------------------------------------------------------------


DISK_FULL = "The disk is full: make room (about 1300 MB) and run the same command again."

#: What pip says -> what we say. The first that fits is used.
PIP_TROUBLE = (
    (
        r"Long Path",
        "The kit's folder lies too deep for Windows: move it nearer to the top of the disk, such as C:\\senco.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded package is not the one that the kit was tested with: try another network.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|certificate verify failed",
        "The connection to the package index could not be trusted, as happens on networks that look into secure "
        "connections: ask your IT support, or try another network.",
    ),
    (
        r"ProxyError|Proxy Authentication",
        "The network's proxy refused the connection: ask your IT support about HTTPS_PROXY.",
    ),
    (
        r"ConnectionError|NameResolution|name resolution|Max retries|Retrying \(|[Tt]imed? ?out",
        "The package index could not be reached: check the internet connection.",
    ),
    (
        r"No matching distribution|not a supported wheel",
        "A package that the kit needs is not to be had for this computer and Python {}.{}: Python 3.13 from python.org "
        "is the surest choice.".format(*sys.version_info[:2]),
    ),
    (
        r"Permission denied|PermissionError|WinError 5\b",
        "A file in .venv could not be written: close whatever uses the kit.",
    ),
)


def _is_disk_full(text: str) -> bool:
    return bool(re.search(r"No space left|Errno 28|not enough space|WinError 112|Errno 122|quota exceeded", text, re.I))


def explain_pip(said: str) -> str:
    """The sentences for a failed pip: why, as far as it can be told, what to do, and where pip's own words are."""
    if _is_disk_full(said):
        return DISK_FULL
    reasons = (reason for pattern, reason in PIP_TROUBLE if re.search(pattern, said))
    reason = next(reasons, "The packages could not be installed.")
    return f"{reason} Then run the same command again. What pip said is in {LOG}"


def explain_system(problem: OSError) -> str:
    """The sentence for a refusal of the operating system during the set-up."""
    if _is_disk_full(str(problem)):
        return DISK_FULL
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"The kit cannot write to {problem.filename or VENV}: close any window in which the kit is running; if "
            "that does not help, move the kit into a folder of your own, such as Documents, and start it there."
        )
    return f"The set-up could not go on ({problem}): delete the folder {VENV}, then run the same command again."


# --- Running ----------------------------------------------------------------------------------------------------------


def start(arguments: "list[str]") -> int:
    """Run the kit and return its exit status."""
    # -P: the folder that the person happens to be in is no place to import from.
    return hand_over([str(VENV_PYTHON), "-P", "-m", "senco_kit", "start", *arguments])


def test(arguments: "list[str]") -> int:
    """Find a browser for the tests and run pytest (both in tests/run.py); return pytest's exit status."""
    return hand_over([str(VENV_PYTHON), "-P", str(KIT / "tests" / "run.py"), *arguments])


def hand_over(command: "list[str]") -> int:
    """Run a program of .venv to its end and return its exit status; on POSIX it takes this process's place."""
    try:
        if not WINDOWS:
            os.execve(command[0], command, _environment())
        child = subprocess.Popen(command, env=_environment())
    except OSError as problem:
        raise Refusal(f"The kit could not be run ({problem}): delete the folder {VENV}, then try again.") from None
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:  # the program got it too, and ends by itself
            continue


# --- Small things -----------------------------------------------------------------------------------------------------


def say(text: str) -> None:
    """Print a line now, also into a pipe."""
    print(text, flush=True)


def _read(path: Path) -> str:
    """The text of a file; empty when there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def main(words: "list[str]") -> int:
    """Do what the words ask for; every refusal is told in a sentence or two, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # A Windows console may not know every letter of a folder's name: it shows a question mark, and does not fail.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        if words[:1] != ["test"] and ("--help" in words or "-h" in words):
            say(HELP)
            return 0
        check_python()
        check_folder()
        if words[:1] == ["test"]:
            set_up("test")
            return test(words[1:])
        arguments = read_arguments(words)
        set_up("run")
        return start(arguments)
    except Refusal as refusal:
        print(refusal, file=sys.stderr, flush=True)
        return refusal.status
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.", file=sys.stderr, flush=True)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
