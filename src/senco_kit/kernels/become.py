"""What a fork does to be a kernel of its own: nothing of the template or of other kernels may show in it."""

from __future__ import annotations

import importlib
import importlib.util
import io
import json
import locale
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ipykernel.kernelapp import IPKernelApp
from IPython.core.application import BaseIPythonApplication

from senco_kit.kernels import libraries
from senco_kit.kernels.serve import Order, name_process
from senco_kit.kernels.settings import SOCKETS

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
    connection = _connection_file(letter["arguments"])
    # Such as "kernel-1a2b3c4d": the name of its connection file, of which the system keeps 15 characters.
    name_process(connection.stem)
    _Lifeline(owner, connection).start()
    greet(letter.get("greet", ""), owner)
    run_kernel(letter["arguments"])


def take_streams(streams: list[int]) -> None:
    """Take these descriptors for standard input, output and error."""
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    if isinstance(sys.__stdout__, io.TextIOWrapper):
        sys.__stdout__.reconfigure(line_buffering=os.isatty(1))


def live_apart(environment: Mapping[str, str], folder: str) -> None:
    """Have an environment, a folder and random numbers of its own."""
    os.environ.clear()
    os.environ.update(libraries.set_by_imports)
    os.environ.update(environment)
    os.chdir(folder)
    time.tzset()
    with suppress(locale.Error):
        locale.setlocale(locale.LC_CTYPE, "")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    tempfile.tempdir = None
    libraries.be_a_process_of_its_own()


def greet(function: str, owner: socket.socket) -> None:
    """Send the owner what the named function gives, as one line of JSON."""
    if function:
        owner.sendall(json.dumps(_named(function)()).encode() + b"\n")


def run_kernel(arguments: list[str]) -> None:
    """Run ipykernel with these arguments of its command line, until it is shut down or the owner has gone."""
    launcher = importlib.util.find_spec("ipykernel_launcher")
    options = sys.orig_argv[1 : sys.orig_argv.index("-m")]
    sys.argv = [str(launcher and launcher.origin), *arguments]
    sys.orig_argv = [sys.executable, *options, "-m", "ipykernel_launcher", *arguments]
    app = forked_app()
    app.initialize(arguments)
    # A shell that was there before the kernel was speaks through it from now on.
    app.kernel.shell.kernel = app.kernel
    app.kernel.shell.parent = app.kernel
    libraries.join_kernel(app.kernel)
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

    #: Whether the cells of a page have been run already.
    has_run_page = False

    def prepare(self) -> None:
        """Read the settings, and nothing more."""
        _PreparedOnce.initialize(self, [])

    def init_gui_pylab(self) -> None:
        """After this any code of the person's own may run."""
        super().init_gui_pylab()  # type: ignore[no-untyped-call]
        if not self.has_run_page:
            libraries.show_pictures()
            libraries.use_processors()


# Settings, messages and other libraries know it by ipykernel's own name.
ForkedKernelApp.__name__ = "IPKernelApp"


class _Lifeline(threading.Thread):
    """Ends this process, with all that it has started, when its owner has gone: even when that was killed."""

    def __init__(self, owner: socket.socket, connection: Path) -> None:
        super().__init__(name="lifeline", daemon=True)
        self._owner, self._connection = owner, connection

    def run(self) -> None:
        """Wait: the owner says nothing, so what comes is the end."""
        with suppress(OSError):
            self._owner.recv(1)
        try:
            _take_away(self._connection)
        finally:
            os.killpg(0, signal.SIGKILL)


def forked_app() -> ForkedKernelApp:
    """The one application of this process."""
    app: ForkedKernelApp = ForkedKernelApp.instance(parent_handle=_NEVER_ENDS)
    return app


def _connection_file(arguments: list[str]) -> Path:
    return Path(arguments[arguments.index("-f") + 1]) if "-f" in arguments[:-1] else Path("kernel")


def _take_away(connection: Path) -> None:
    """Remove the connection file, and our own folder of sockets, that the owner can no longer remove."""
    with suppress(OSError, ValueError):
        sockets = Path(json.loads(connection.read_text())["ip"]).parent
        connection.unlink()
        if sockets.name.startswith(SOCKETS):
            shutil.rmtree(sockets)


def _named(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found
