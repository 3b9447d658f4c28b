"""One forked kernel as its owner sees it: what Jupyter expects of a subprocess.Popen."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from senco_kit.kernels.template import Template


class ForkedProcess:
    """A process that a template has forked. Its descriptor stands for it, whoever gets its number after it."""

    stdin = stdout = stderr = None

    def __init__(self, process: int, descriptor: int, template: Template) -> None:
        self.pid = process
        self.returncode: int | None = None
        #: Readable once the process has ended; -1 after that was noticed.
        self.descriptor = descriptor
        #: Through which it may send a greeting; closing it ends the process.
        self.lifeline: socket.socket | None = None
        self._template = template
        # Whoever notices the end first takes the exit status, which is told once.
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        """The exit status, or None while it runs. A negative one is the number of the signal that ended it."""
        with self._lock:
            if self.returncode is None and _is_readable(self.descriptor, 0):
                self.returncode = self._template.status_of(self.pid)
                self._let_go()
            return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended; gives the exit status. Raises subprocess.TimeoutExpired."""
        until = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                raise subprocess.TimeoutExpired(f"forked process {self.pid}", timeout or 0)
            with self.watch() as descriptor:
                _is_readable(descriptor, left)
        assert self.returncode is not None
        return self.returncode

    @contextmanager
    def watch(self) -> Iterator[int]:
        """A descriptor that can be read once it has ended, for as long as the caller needs it."""
        with self._lock:
            # A copy: its own is closed by whoever notices the end. What is always readable stands for one that is over.
            copy = os.dup(self.descriptor) if self.descriptor >= 0 else os.eventfd(1)
        try:
            yield copy
        finally:
            os.close(copy)

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            with suppress(ProcessLookupError), self._lock:
                if self.descriptor >= 0:
                    signal.pidfd_send_signal(self.descriptor, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def signal_group(self, number: int) -> None:
        """Send a signal to it and to all that it has started, if it still runs."""
        if self.poll() is None:
            try:
                os.killpg(self.pid, number)
            except ProcessLookupError:
                # It has only just begun, and has no group of its own yet.
                self.send_signal(number)

    def let_end(self) -> None:
        """Let it end as if its owner had gone."""
        if self.lifeline is not None:
            with suppress(OSError):
                # Told to all who hold it: a process that was forked from this one may.
                self.lifeline.shutdown(socket.SHUT_RDWR)

    def _let_go(self) -> None:
        os.close(self.descriptor)
        self.descriptor = -1
        self._template.forget(self)
        if self.lifeline is not None:
            self.lifeline.close()


async def until_readable(descriptor: int) -> None:
    """Wait until a descriptor can be read, such as one that stands for a process that has ended."""
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(descriptor, over.set)
    try:
        await over.wait()
    finally:
        loop.remove_reader(descriptor)


def _is_readable(descriptor: int, seconds: float | None) -> bool:
    # Not select(), which knows no numbers above 1023.
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(None if seconds is None else seconds * 1000))
