"""The first thing that runs inside the sandbox: it sets limits that cannot be raised again, then becomes the program.

Run as `python -I inside.py SETTINGS ARGUMENTS...`; imports the standard library alone.
"""

import json
import os
import resource
import sys


def main() -> None:
    """Set the limits, stop being root, and become `python ARGUMENTS...`."""
    settings = json.loads(sys.argv[1])
    limits, user = settings["limits"], settings["user"]
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
        resource.setrlimit(limit, (most, most))
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    os.chdir(settings["folder"])
    # The kernel would look for its parent, which is outside and cannot be seen from here.
    os.environ.pop("JPY_PARENT_PID", None)
    os.execv(sys.executable, [sys.executable, *sys.argv[2:]])


if __name__ == "__main__":
    main()
