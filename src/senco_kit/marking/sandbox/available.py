"""Whether this computer has a sandbox; if not, one sentence that says what is missing and what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache

from senco_kit.marking.problems import MarkingProblem

#: What is said in every refusal.
_WAY_ON = (
    "or mark with --without-sandbox, which marks with the rights of your own account: the kit still throws away every "
    "cell that was handed in and reads the answers alone, but there is no second wall if that fails"
)

#: Where bubblewrap is looked for, after the PATH.
_USUAL_PLACES = ("/usr/bin/bwrap", "/usr/local/bin/bwrap")


class NoSandbox(MarkingProblem):
    """There is no sandbox on this computer; the text says what is missing, how to get it, and the other way."""


@cache
def bubblewrap() -> str:
    """The path of a bubblewrap that works here. Raises NoSandbox."""
    if not sys.platform.startswith("linux"):
        raise NoSandbox(
            "Marking needs a sandbox, and the kit's sandbox (bubblewrap) works on Linux only: mark on a computer with "
            f"Linux, {_WAY_ON}."
        )
    found = shutil.which("bwrap") or next((path for path in _USUAL_PLACES if os.access(path, os.X_OK)), None)
    if found is None:
        raise NoSandbox(
            "Marking needs a sandbox, and bubblewrap is not installed: install it (`sudo apt install bubblewrap` on "
            f"Debian and Ubuntu, `sudo dnf install bubblewrap` on Fedora), {_WAY_ON}."
        )
    why = _why_it_fails(found)
    if why:
        raise NoSandbox(
            "Marking needs a sandbox, and bubblewrap is installed but may not work here "
            f"({why}): ask whoever looks after this computer to allow user namespaces for it, {_WAY_ON}."
        )
    return found


def _why_it_fails(program: str) -> str:
    """What bubblewrap says when it cannot make the smallest sandbox; empty when it can."""
    command = [program, *namespaces(), "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=False, env={"PATH": os.defpath})
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    if done.returncode == 0:
        return ""
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return said[-1][:200] if said else f"it ended with {done.returncode}"


def namespaces() -> list[str]:
    """The options that take away what a process shares with the others: network, processes, messages, names.

    For root no user namespace: inside one, root outside would stay root for the limit of processes and for /proc/sys.
    Root becomes another user instead (see inside.py).
    """
    if os.geteuid() == 0:
        apart = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        return [*apart, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return ["--unshare-all", "--cap-drop", "ALL"]
