"""Limits that cannot be raised again, and no longer being root; also the first thing that runs in a sandbox by itself.

Run as `python -I inside.py SETTINGS ARGUMENTS...` it becomes `python ARGUMENTS...`; a forked kernel does the same in
`enter.py`. Imports the standard library alone.
"""

import json
import os
import resource
import sys
from collections.abc import Mapping


def set_limits(limits: Mapping[str, float], user: int | None) -> None:
    """Set limits of the operating system, for this process and all that it starts."""
    bounds = {
        resource.RLIMIT_AS: limits["address_space"],
        resource.RLIMIT_CPU: limits["processor_seconds"],
        resource.RLIMIT_FSIZE: limits["file_size"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 256,
    }
    if user is not None:
        # For other people the limit would count all the processes of their account: the watcher counts instead.
        bounds[resource.RLIMIT_NPROC] = limits["processes"] * 4  # threads count as processes here
    for limit, most in bounds.items():
        resource.setrlimit(limit, (int(most), int(most)))


def stop_being_root(user: int | None) -> None:
    """Become the user of the inside; nothing for those who are not root."""
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)


def main() -> None:
    """Set the limits, stop being root, and become `python ARGUMENTS...`."""
    settings = json.loads(sys.argv[1])
    set_limits(settings["limits"], settings["user"])
    stop_being_root(settings["user"])
    os.chdir(settings["folder"])
    # The kernel would look for its parent, which is outside and cannot be seen from here.
    os.environ.pop("JPY_PARENT_PID", None)
    os.execv(sys.executable, [sys.executable, *sys.argv[2:]])


if __name__ == "__main__":
    main()
