"""A template as its owner sees it: a process that has imported everything and forks on request."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from senco_kit.kernels import letters
from senco_kit.kernels.forked_process import ForkedProcess
from senco_kit.kernels.letters import Gone, Letter
from senco_kit.kernels.settings import USUAL_MODULES

#: Seconds for importing everything, on a slow computer.
LONGEST_START = 60.0
#: Seconds for a fork; it takes some hundredths.
LONGEST_FORK = 10.0
#: Seconds for the cells of a page.
LONGEST_PAGE = 120.0

#: Linear algebra, and the memory of pyarrow, would start threads when they are loaded, which forks cannot have.
ONE_THREAD = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


class CannotFork(Exception):
    """A template could not be made, or no longer forks; the text says why."""


class Template:
    """A process to fork from. Whoever makes one closes it; its forks end with it at the latest."""

    def __init__(self, owner: socket.socket, program: subprocess.Popen[bytes] | ForkedProcess) -> None:
        self._socket = owner
        #: Its process; that of a page was forked from another template.
        self._program = program
        self._lock = threading.Lock()
        self._statuses: dict[int, int] = {}
        self._living: set[ForkedProcess] = set()
        self._retired = False
        #: It has not answered in time. What it says later could be taken for an answer to something else.
        self._lost = False

    @classmethod
    def start(
        cls,
        environment: Mapping[str, str],
        modules: Sequence[str] = USUAL_MODULES,
        python: Sequence[str] = (sys.executable,),
    ) -> Template:
        """Start a template with this environment and wait until it can fork. Raises CannotFork.

        python: the program and its own options, such as ["/usr/bin/python3", "-X", "dev"].
        """
        ours, theirs = socket.socketpair()
        own = {name: value for name, value in environment.items() if not name.startswith("JPY_")}
        command = [*python, "-m", "senco_kit.kernels.template_main", str(theirs.fileno()), *modules]
        try:
            with theirs:
                program = subprocess.Popen(
                    command,
                    env=own | ONE_THREAD,
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
        except OSError as problem:
            ours.close()
            raise CannotFork(f"{command[0]} does not start ({problem.strerror})") from problem
        template = cls(ours, program)
        template._expect("ready", LONGEST_START)
        return template

    def fork(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        folder: str,
        streams: Sequence[int],
        first: tuple[str, Any] | None = None,
        greet: str = "",
    ) -> ForkedProcess:
        """Fork a kernel that runs with these arguments of ipykernel's command line. Raises CannotFork.

        streams: descriptors for its standard input, output and error; the caller keeps and closes its own.
        first: a function, as "package.module:function", and what to call it with, before anything else is done. It
        also gets the descriptors that came along.
        greet: a function whose result is sent over the lifeline, as a line of JSON, before the kernel begins.
        """
        letter: Letter = {"ask": "kernel", "arguments": list(arguments), "folder": folder, "greet": greet}
        letter["environment"] = dict(environment)
        letter["first"] = {"call": first[0], "with": first[1]} if first else None
        forked, lifeline = self._forked(letter, streams)
        forked.lifeline = lifeline
        return forked

    def page(self, cells: Sequence[str], environment: dict[str, str], folder: str) -> tuple[Template, Any]:
        """A template that has run these cells, and the cells' outputs, a list for each. Raises CannotFork."""
        # The page's own libraries may start no threads either; its forks have an environment of their own.
        letter = {"ask": "page", "cells": list(cells), "environment": environment | ONE_THREAD, "folder": folder}
        with Path(os.devnull).open("r+b", buffering=0) as nowhere:
            program, ours = self._forked(letter, [nowhere.fileno()] * 3)
        page = Template(ours, program)
        outputs = page._expect("outputs", LONGEST_PAGE)["outputs"]
        page._expect("ready", LONGEST_START)
        return page, outputs

    def status_of(self, process: int) -> int:
        """The exit status of a fork that has ended; -9 when the template is no longer there to know it."""
        with self._lock:
            try:
                while process not in self._statuses:
                    self._take(self._next(LONGEST_FORK))
            except CannotFork:
                return -9
            return self._statuses.pop(process)

    def forget(self, forked: ForkedProcess) -> None:
        """A fork has ended."""
        self._living.discard(forked)
        if self._retired and not self._living:
            self.close()

    def retire(self) -> None:
        """Fork no more, and close when the last fork has ended: ended before that, the template would end them."""
        self._retired = True
        for forked in list(self._living):
            forked.poll()
        if not self._living:
            self.close()

    def close(self) -> None:
        """End the template, and all its forks with it."""
        for forked in list(self._living):
            forked.let_end()
        with suppress(OSError):
            # Told to all who hold it: a process that was forked from this one may.
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        try:
            self._program.wait(LONGEST_FORK)
        except subprocess.TimeoutExpired:
            self._program.kill()
            self._program.wait()
        for forked in list(self._living):
            forked.poll()

    def is_alive(self) -> bool:
        """Whether it can still be asked."""
        return not (self._lost or self._retired) and self._program.poll() is None

    @property
    def process(self) -> int:
        """The number of its process."""
        return self._program.pid

    # ------------------------------------------------------------------------------------------------- letters

    def _forked(self, letter: Letter, streams: Sequence[int]) -> tuple[ForkedProcess, socket.socket]:
        """A fork that has these streams, and the owner's end of its lifeline."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                process, descriptor = self._fork(letter, [*streams, theirs.fileno()])
        except CannotFork:
            ours.close()
            raise
        forked = ForkedProcess(process, descriptor, self)
        self._living.add(forked)
        return forked, ours

    def _fork(self, letter: Letter, descriptors: Sequence[int]) -> tuple[int, int]:
        with self._lock:
            if self._retired or self._lost:
                raise CannotFork("the template has retired")
            try:
                letters.send(self._socket, letter, descriptors)
            except Gone as problem:
                raise CannotFork("the template has ended") from problem
            answer, came = self._answer("started", LONGEST_FORK)
        return int(answer["process"]), came[0]

    def _expect(self, told: str, seconds: float) -> Letter:
        try:
            with self._lock:
                return self._answer(told, seconds)[0]
        except CannotFork:
            self._program.kill()
            self.close()
            raise

    def _answer(self, told: str, seconds: float) -> tuple[Letter, list[int]]:
        """The next letter that is an answer. What it tells of ended forks meanwhile is kept."""
        while True:
            letter, came = self._next(seconds)
            if letter["tell"] == told:
                return letter, came
            if letter["tell"] == "refused":
                raise CannotFork(str(letter["why"]))
            self._take((letter, came))

    def _next(self, seconds: float) -> tuple[Letter, list[int]]:
        waiting = select.poll()
        try:
            waiting.register(self._socket, select.POLLIN)
            if self._lost or not waiting.poll(seconds * 1000):
                # Not closed: that would end its kernels, which may be well.
                self._lost = True
                raise CannotFork(f"the template did not answer within {seconds:g} seconds")
            return letters.receive(self._socket)
        except (Gone, ValueError) as problem:
            raise CannotFork("the template has ended") from problem

    def _take(self, received: tuple[Letter, list[int]]) -> None:
        letter, came = received
        letters.close(came)
        with suppress(KeyError):
            self._statuses[int(letter["process"])] = int(letter["status"])
