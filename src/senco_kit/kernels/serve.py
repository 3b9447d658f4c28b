"""The loop of a template: forks on request, reaps what has ended, ends everything when the owner has gone."""

from __future__ import annotations

import os
import select
import selectors
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from senco_kit.kernels import letters
from senco_kit.kernels.letters import Gone, Letter

#: Seconds in which forks may end by themselves when their owner has gone: so they take their own files away.
_FAREWELL = 1.0


@dataclass
class Order:
    """What a fork has been made for."""

    letter: Letter
    descriptors: list[int]


@dataclass
class _Children:
    """The living forks of this template: number of the process by its descriptor."""

    by_descriptor: dict[int, int] = field(default_factory=dict)

    def end(self) -> None:
        """End them all, with everything that they have started."""
        self._wait(time.monotonic() + _FAREWELL)
        for descriptor, process in self.by_descriptor.items():
            _end_group(process)
            os.close(descriptor)
        for process in self.by_descriptor.values():
            with suppress(ChildProcessError):
                os.waitpid(process, 0)

    def _wait(self, until: float) -> None:
        waiting = select.poll()
        for descriptor in self.by_descriptor:
            waiting.register(descriptor, select.POLLIN)
        left = len(self.by_descriptor)
        while left and (rest := until - time.monotonic()) > 0:
            for descriptor, _ in waiting.poll(rest * 1000):
                waiting.unregister(descriptor)
                left -= 1


def name_process(name: str) -> None:
    """Have a name of its own in the system's list of processes, where a fork has its template's command line."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(name[:15])


def serve(owner: socket.socket) -> Order | None:
    """Fork for each order that comes. Returns the order in the fork, and None in the template when its owner has gone.

    Returning, instead of doing the work here, gives the fork an empty stack: it ends as any program does.
    """
    children = _Children()
    with selectors.DefaultSelector() as waiting:
        waiting.register(owner, selectors.EVENT_READ)
        try:
            while True:
                for key, _ in waiting.select():
                    if key.fileobj is owner:
                        order = _fork(owner, children, waiting)
                        if order is not None:
                            return order
                    else:
                        waiting.unregister(key.fd)
                        _reap(owner, children, key.fd)
        except Gone:
            children.end()
            return None


def _fork(owner: socket.socket, children: _Children, waiting: selectors.BaseSelector) -> Order | None:
    """Fork for the next order; gives the order in the fork and None in the template. Raises Gone."""
    letter, descriptors = letters.receive(owner)
    try:
        process = os.fork()
    except OSError as problem:
        letters.close(descriptors)
        letters.send(owner, {"tell": "refused", "why": str(problem.strerror)})
        return None
    if process == 0:
        # A session of its own before anything else, so that it can be ended with all that it starts.
        os.setsid()
        owner.close()
        letters.close(list(children.by_descriptor))
        return Order(letter, descriptors)
    letters.close(descriptors)
    descriptor = os.pidfd_open(process)
    children.by_descriptor[descriptor] = process
    waiting.register(descriptor, selectors.EVENT_READ)
    letters.send(owner, {"tell": "started", "process": process}, [descriptor])
    return None


def _reap(owner: socket.socket, children: _Children, descriptor: int) -> None:
    process = children.by_descriptor.pop(descriptor)
    # While it is not reaped its number belongs to nobody else: now is the time to end what it has left behind.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    os.close(descriptor)
    letters.send(owner, {"tell": "ended", "process": process, "status": os.waitstatus_to_exitcode(status)})


def _end_group(process: int) -> None:
    # The group is not there yet in a fork that has only just begun.
    for end in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            end(process, signal.SIGKILL)
