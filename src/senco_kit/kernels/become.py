"""What a fork does to be a kernel of its own: nothing of the template or of other kernels may show in it."""

from __future__ import annotations

import importlib
import json
import locale
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from IPython.core.application import BaseIPythonApplication

from senco_kit.kernels.serve import Order

#: A parent process of which ipykernel thinks that it never ends: what watches over a fork is its lifeline.
_NEVER_ENDS = 1


def become_kernel(order: Order) -> None:
    """Be a kernel until it is shut down. The descriptors are: standard input, output and error, and the lifeline."""
    *streams, lifeline = order.descriptors
    letter = order.letter
    if letter.get("first"):
        _named(letter["first"]["call"])(letter["first"]["with"], [*streams, lifeline])
    take_streams(streams)
    live_apart(letter["environment"], letter["folder"])
    owner = socket.socket(fileno=lifeline)
    greet(letter.get("greet", ""), owner)
    run_kernel(letter["arguments"], owner)


def take_streams(streams: list[int]) -> None:
    """Take these descriptors for standard input, output and error."""
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)


def live_apart(environment: Mapping[str, str], folder: str) -> None:
    """Have an environment, a folder and random numbers of its own."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    time.tzset()
    with suppress(locale.Error):
        locale.setlocale(locale.LC_CTYPE, "")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    tempfile.tempdir = None
    random.seed()
    numbers = sys.modules.get("numpy.random")
    if numbers is not None:
        numbers.seed()
    _new_secret_of_multiprocessing()
    _take_matplotlib_backend(environment)


def _new_secret_of_multiprocessing() -> None:
    multiprocessing = sys.modules.get("multiprocessing")
    if multiprocessing is not None:
        multiprocessing.current_process().authkey = os.urandom(32)


def _take_matplotlib_backend(environment: Mapping[str, str]) -> None:
    """matplotlib reads this variable when it is imported, which was in the template."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None and environment.get("MPLBACKEND"):
        matplotlib.rcParams["backend"] = environment["MPLBACKEND"]


def greet(function: str, owner: socket.socket) -> None:
    """Send the owner what the named function gives, as one line of JSON."""
    if function:
        owner.sendall(json.dumps(_named(function)()).encode() + b"\n")


def run_kernel(arguments: list[str], owner: socket.socket) -> None:
    """Run ipykernel with these arguments of its command line, until it is shut down or the owner has gone."""
    sys.argv = ["ipykernel_launcher", *arguments]
    app = forked_app()
    app.lifeline = owner
    app.initialize(arguments)
    _join_shell(app)
    app.start()  # type: ignore[no-untyped-call]


class _PreparedOnce(BaseIPythonApplication):
    """Reads the settings once: a page's template has done so for its forks."""

    _prepared = False

    def initialize(self, argv: list[str] | None = None) -> None:
        """Read settings and command line; where the settings are known, the command line alone."""
        if self._prepared:
            self.parse_command_line(argv)
        else:
            super().initialize(argv)
            self._prepared = True


class ForkedKernelApp(IPKernelApp, _PreparedOnce):
    """ipykernel's own application, watched over by its lifeline instead of its parent process."""

    lifeline: socket.socket | None = None

    def prepare(self) -> None:
        """Read the settings, and nothing more."""
        _PreparedOnce.initialize(self, [])

    def init_poller(self) -> None:
        """Where ipykernel would watch its parent process."""
        if self.lifeline is not None:
            self.poller = _Lifeline(self.lifeline)


class _Lifeline(threading.Thread):
    """Ends this process, with all that it has started, when its owner has gone: even when that was killed."""

    def __init__(self, owner: socket.socket) -> None:
        super().__init__(name="lifeline", daemon=True)
        self._owner = owner

    def run(self) -> None:
        """Wait: the owner says nothing, so what comes is the end."""
        with suppress(OSError):
            self._owner.recv(1)
        os.killpg(0, signal.SIGKILL)


def forked_app() -> ForkedKernelApp:
    """The one application of this process."""
    app: ForkedKernelApp = ForkedKernelApp.instance(parent_handle=_NEVER_ENDS)
    return app


def _join_shell(app: ForkedKernelApp) -> None:
    """Tell a shell, and widgets, that were there before the kernel was: they speak through it from now on."""
    kernel = app.kernel
    kernel.shell.kernel = kernel
    kernel.shell.parent = kernel
    for comm in kernel.comm_manager.comms.values():
        comm.kernel = kernel
    widgets = sys.modules.get("ipywidgets")
    if widgets is not None:
        # ipywidgets does this when it is imported, which was before there was a kernel.
        widgets.register_comm_target()


def _named(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found
