"""What must not be there when a process is forked: a fork would share it, or miss it."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from pathlib import Path


def hindrances(descriptors_known: Collection[int]) -> list[str]:
    """Why this process must not be forked, a sentence each; none when it may.

    A fork has one thread, whatever its parent had: a lock that another thread held stays locked for ever. Sockets and
    files would be used by two. `descriptors_known` are those that are meant to be open, beside the three standard ones.
    """
    return [*_threads(), *_children(), *_descriptors(descriptors_known), *_memory(), *_figures(), *_messaging()]


def _threads() -> list[str]:
    # All threads, not Python's alone: a library may have started some of its own.
    names = [task.joinpath("comm").read_text().strip() for task in Path("/proc/self/task").iterdir()]
    return [] if len(names) == 1 else [f"{len(names)} threads are running ({', '.join(sorted(names))})"]


def _children() -> list[str]:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return []
    return ["it has started another program or process"]


def _memory() -> list[str]:
    lines = [line.split(maxsplit=5) for line in Path("/proc/self/maps").read_text().splitlines()]
    # What one fork writes there, all would read.
    shared = [place[-1] for _, rights, *place in lines if rights[1] == "w" and rights[3] == "s"]
    return [f"memory is shared ({', '.join(sorted(Path(each).name for each in shared))})"] if shared else []


def _descriptors(known: Collection[int]) -> list[str]:
    found = []
    for place in Path("/proc/self/fd").iterdir():
        number = int(place.name)
        if number < 3 or number in known:
            continue
        try:
            target = place.readlink()
        except FileNotFoundError:
            continue  # the one that listed the folder
        # A random device has no position to share.
        if target.name not in ("urandom", "random"):
            found.append(f"{target.name} is open")
    return found


def _figures() -> list[str]:
    pyplot = sys.modules.get("matplotlib.pyplot")
    return [f"{len(pyplot.get_fignums())} figures of matplotlib are open"] if pyplot and pyplot.get_fignums() else []


def _messaging() -> list[str]:
    zmq = sys.modules.get("zmq")
    # The context that everything shares; others would show as open descriptors and threads.
    made = zmq is not None and getattr(zmq.Context, "_instance", None) is not None
    return ["a ZMQ context is open"] if made else []
