"""The process from which the kernels of a run of marking are forked. It never reads anything of the course."""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading

from senco_kit.kernels.settings import can_fork, mode
from senco_kit.kernels.template import CannotFork, Template
from senco_kit.marking.sandbox.wall import environment

#: What a notebook of ours needs where it is marked: the kernel, and the kit's rules.
_MODULES = (
    "senco_kit.marking.sandbox.no_debugger",
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "faulthandler",
    "tornado.platform.asyncio",
    "zmq.eventloop.zmqstream",
    "senco_kit.marking.in_notebook",
)

_log = logging.getLogger(__name__)


class MarkingTemplate:
    """Made once for all the processes that mark; each gets a copy of its own."""

    def __init__(self) -> None:
        self._template: Template | None = None
        self._starting: threading.Thread | None = None
        self._home = ""

    def begin(self) -> None:
        """Start it, without waiting until it is there."""
        if self._starting is None and can_fork() and mode() != "0":
            # What it reads of its home it reads outside the sandbox, where /tmp is open to everybody.
            self._home = tempfile.mkdtemp(prefix="senco-home-")
            self._starting = threading.Thread(target=self._start)
            self._starting.start()

    def page(self) -> Template | None:
        """A template with a shell that is ready, to fork kernels from; None where they must begin from nothing."""
        self.begin()
        if self._starting is not None:
            self._starting.join()
        try:
            return self._template and self._template.page([], self._environment(), "/")[0]
        except CannotFork as problem:
            self._say(problem)
            return None

    def close(self) -> None:
        """End it, and all that was forked from it."""
        if self._starting is not None:
            self._starting.join()
        if self._template is not None:
            self._template.close()
        if self._home:
            shutil.rmtree(self._home, ignore_errors=True)

    def _start(self) -> None:
        try:
            self._template = Template.start(self._environment(), _MODULES)
        except CannotFork as problem:
            self._say(problem)

    def _environment(self) -> dict[str, str]:
        return environment() | {"HOME": self._home, "IPYTHONDIR": f"{self._home}/ipython"}

    def _say(self, problem: CannotFork) -> None:
        _log.warning("Marking takes longer: each kernel in the sandbox begins from nothing, for %s.", problem)
