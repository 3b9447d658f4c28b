"""Watches a sandbox from outside and ends it when it uses more than it may."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from senco_kit.marking.sandbox.limits import MEBIBYTE, Limits

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_EVERY = 0.05
#: The disk is looked at less often: it costs more, and the size of one file is limited besides.
_DISK_EVERY = 10
#: Processes of the sandbox itself: two of bubblewrap, what waits in it, and what waits for a forked kernel.
_OWN = 4


class Watcher(threading.Thread):
    """Ends a sandbox when a limit is passed; `why` then says which.

    `program` is bubblewrap; `others` are processes in the sandbox that it has not started.
    """

    def __init__(
        self, program: subprocess.Popen[bytes], folder: Path, limits: Limits, others: Sequence[int] = ()
    ) -> None:
        super().__init__(name=f"sandbox {program.pid}", daemon=True)
        self.why = ""
        self._program, self._folder, self._limits = program, folder, limits
        self._roots = [program.pid, *others]
        self._over = threading.Event()
        self._began = time.monotonic()

    def run(self) -> None:
        """Look again and again, until the sandbox is over."""
        turn = 0
        while not self._over.wait(_EVERY):
            why = self._too_much(look_at_disk=turn % _DISK_EVERY == 0)
            if why:
                self.end(why)
            turn += 1

    def end(self, why: str) -> None:
        """End the sandbox at once, for this reason (the first reason stays)."""
        self.why = self.why or why
        # bubblewrap is the first process of the sandbox's own tree: with it, all of them end.
        self._program.kill()
        self._over.set()

    def stop(self) -> None:
        """Stop watching: the sandbox is over."""
        self._over.set()

    def _too_much(self, look_at_disk: bool) -> str:
        limits = self._limits
        if time.monotonic() - self._began > limits.seconds:
            return f"it ran for more than {limits.seconds:g} seconds"
        tree = processes(self._roots, most=limits.processes + _OWN)
        if len(tree) > limits.processes + _OWN:
            return f"it started more than {limits.processes} processes"
        if sum(map(resident, tree)) > limits.memory:
            return f"it used more than {limits.memory // MEBIBYTE} MB of memory"
        if look_at_disk and not _fits(self._folder, limits):
            return f"it wrote more than {limits.disk // MEBIBYTE} MB or {limits.files:,} files"
        return ""


def processes(roots: Sequence[int], most: int) -> list[int]:
    """These processes and all that descend from them; stops counting when there are more than `most`."""
    found: list[int] = []
    waiting = list(roots)
    while waiting and len(found) <= most:
        here = waiting.pop()
        found.append(here)
        try:
            for task in Path(f"/proc/{here}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except (OSError, ValueError):
            continue
    return found


def resident(pid: int) -> int:
    """The memory that a process holds, in bytes; 0 when it is over."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0


def _fits(folder: Path, limits: Limits) -> bool:
    size = number = 0
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    number += 1
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    else:
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if number > limits.files or size > limits.disk:
                        return False
        except FileNotFoundError:
            continue  # it came and went
        except OSError:
            return False  # a path too long to be read, for one
    return True
