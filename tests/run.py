"""Run pytest with a Chromium for the browser tests, and a sandbox; `start.py test` calls this with the Python of .venv.

pytest gets the browser's path in the variable SENCO_CHROMIUM; empty stands for the one that Playwright keeps itself.
Without arguments every test runs, shared out over the processors; with arguments pytest gets these and nothing else.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

KIT = Path(__file__).resolve().parents[1]
BROWSERS = KIT / ".playwright-browsers"
WINDOWS = os.name == "nt"
#: Each process of the tests starts its own browser, server and kernels: more of them only get in one another's way.
MOST_PROCESSES = 4
#: So many more than there are processors: for a fifth of their time tests wait, for a server's end or a kernel's.
MORE_THAN_PROCESSORS = 1

NO_BROWSER = (
    "The tests need a Chromium browser, and none could be found or installed: install Chromium, Chrome or Edge, or "
    "name its program in the variable SENCO_CHROMIUM, then run this again."
)


class NoBrowser(Exception):
    """No browser for the tests; `str()` is the sentence for the person."""


def find_chromium() -> str:
    """The path of a Chromium; empty for the one that Playwright keeps itself. `NoBrowser` when none is to be had."""
    chosen = os.environ.get("SENCO_CHROMIUM", "")
    if chosen:
        if not Path(chosen).is_file():
            raise NoBrowser(f"SENCO_CHROMIUM names '{chosen}', but there is no such file.")
        return str(Path(chosen).absolute())
    found = installed_chromium()
    if found:
        return found
    print("Looking for a Chromium browser for the tests.", flush=True)
    if install_playwright_chromium():
        return ""
    install_debian_package("chromium", "Debian's Chromium for the tests (a minute or two)")
    found = installed_chromium()
    if not found:
        raise NoBrowser(NO_BROWSER)
    return found


def installed_chromium() -> str:
    """The path of an installed Chromium, Chrome or Edge, else an empty text."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"):
        path = shutil.which(name)
        # Ubuntu has a `chromium-browser` that only says how to get one. (On Windows, asking Chrome opens a window.)
        if path and (WINDOWS or works([path, "--version"], seconds=30)):
            return path
    return next((str(path) for path in usual_places() if path.is_file()), "")


def usual_places() -> list[Path]:
    """Where macOS and Windows keep the browsers that are not on the PATH."""
    if platform.system() == "Darwin":
        roots = [Path("/Applications"), Path.home() / "Applications"]
        names = ["Chromium", "Google Chrome", "Microsoft Edge"]
        return [root / f"{name}.app" / "Contents" / "MacOS" / name for name in names for root in roots]
    if WINDOWS:
        variables = ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"]
        roots = [Path(os.environ[name]) for name in variables if os.environ.get(name)]
        programs = [
            "Chromium/Application/chrome",
            "Google/Chrome/Application/chrome",
            "Microsoft/Edge/Application/msedge",
        ]
        return [root / f"{program}.exe" for program in programs for root in roots]
    return []


def install_playwright_chromium() -> bool:
    """Whether Playwright has a Chromium of its own, or could fetch one; quiet when it could not."""
    return works([sys.executable, "-I", "-m", "playwright", "install", "chromium"], seconds=600)


def install_sandbox() -> None:
    """Have bubblewrap on Linux, where submissions are marked in it; without it the tests that need it say so."""
    if sys.platform.startswith("linux") and not shutil.which("bwrap"):
        install_debian_package("bubblewrap", "bubblewrap, in which submissions are marked")


def install_debian_package(name: str, in_words: str) -> None:
    """Install a package of Debian, where that can be done without asking for a password."""
    if not sys.platform.startswith("linux") or not shutil.which("apt-get"):
        return
    become_root = [] if os.geteuid() == 0 else ["sudo", "-n", "--"]
    if become_root and not works([*become_root, "true"], seconds=10):
        return
    print(f"Installing {in_words}.", flush=True)
    apt = [*become_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    works([*apt, "update"], seconds=300)
    works([*apt, "install", "-y", "--no-install-recommends", name], seconds=900)


def whole_run() -> list[str]:
    """pytest's arguments for a run of everything: a file of tests stays together, and the long ones come first.

    Together because the tests of a file share a server, and the cells of a notebook a kernel; in the order of the
    folders because the files of browser tests, the longest, stand first in it.
    """
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    processes = min(processors + MORE_THAN_PROCESSORS, MOST_PROCESSES) if processors > 1 else 1
    return ["-n", str(processes), "--dist", "loadscope", "--no-loadscope-reorder"] if processes > 1 else []


def works(command: Sequence[str], seconds: int) -> bool:
    """Whether the command ends well in time; what it says goes nowhere."""
    nowhere = subprocess.DEVNULL
    try:
        return subprocess.run(command, timeout=seconds, stdin=nowhere, stdout=nowhere, stderr=nowhere).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def main(arguments: Sequence[str]) -> int:
    """Find the browser, run pytest in the kit's folder, return its exit status."""
    os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(BROWSERS))
    # nbval runs each notebook in a kernel of its own: after the first they are forked.
    os.environ.setdefault("JUPYTER_DEFAULT_PROVISIONER_NAME", "senco-fork")
    try:
        os.environ["SENCO_CHROMIUM"] = find_chromium()
    except NoBrowser as problem:
        print(problem, file=sys.stderr, flush=True)
        return 1
    install_sandbox()
    command = [sys.executable, "-m", "pytest", *(arguments or whole_run())]
    if not WINDOWS:
        os.chdir(KIT)
        os.execv(sys.executable, command)
    child = subprocess.Popen(command, cwd=KIT)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:  # pytest got it too, and ends by itself
            continue


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
