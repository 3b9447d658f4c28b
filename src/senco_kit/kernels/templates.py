"""Which templates this process has, and when one pays off."""

from __future__ import annotations

import atexit
import logging
import os
import sys
import threading
from collections.abc import Mapping, Sequence

from senco_kit.kernels import settings
from senco_kit.kernels.template import CannotFork, Template

_log = logging.getLogger(__name__)

#: More than one is needed where kernels of one process get environments that differ much.
MOST_TEMPLATES = 2

_Kind = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]


class Templates:
    """The templates of this process: made when they pay off, used while they are as new as what is installed."""

    def __init__(self, modules: Sequence[str] = settings.USUAL_MODULES) -> None:
        self._modules = modules
        self._made: dict[_Kind, Template] = {}
        self._stamps: dict[_Kind, settings.Stamp] = {}
        self._asked: set[_Kind] = set()
        self._being_made: dict[_Kind, threading.Event] = {}
        self._given_up: set[_Kind] = set()
        self._lock = threading.Lock()
        self._said: set[str] = set()
        self._process = os.getpid()

    def get(self, environment: Mapping[str, str], python: Sequence[str] = (sys.executable,)) -> Template | None:
        """The template for kernels with such an environment; None when they must start as Jupyter starts them.

        To make one takes a second or two, so the first kernel of a process starts without; for the second it is made.
        While one is made, other kernels do not wait for it.
        """
        kind = self._kind(environment, python)
        if kind is None:
            return None
        with self._lock:
            pays_off = kind in self._asked or settings.mode() == "always"
            self._asked.add(kind)
        return self._current(kind, environment) if pays_off else None

    def make(self, environment: Mapping[str, str]) -> Template | None:
        """The template for kernels with such an environment, made or waited for if need be; None as above."""
        kind = self._kind(environment, (sys.executable,))
        if kind is None:
            return None
        with self._lock:
            being_made = self._being_made.get(kind)
        if being_made is not None:
            being_made.wait()
        return self._current(kind, environment)

    def _kind(self, environment: Mapping[str, str], python: Sequence[str]) -> _Kind | None:
        if settings.mode() == "0":
            return None
        if not settings.can_fork():
            self.say("this system has no fork")
            return None
        if os.getpid() != self._process:
            self.say("the templates belong to the process that this one was forked from")
            return None
        return tuple(python), tuple(sorted(settings.read_at_the_start(environment).items()))

    def _current(self, kind: _Kind, environment: Mapping[str, str]) -> Template | None:
        stamp = settings.stamp()
        with self._lock:
            made = self._made.get(kind)
            if made is not None and self._stamps[kind] == stamp:
                return made
            if made is not None:
                self._lose(made)
                made = None
                _log.info("Packages or the kit itself have changed: a new template is made for kernels.")
            if kind in self._given_up or kind in self._being_made:
                return None
            if len(self._made) >= MOST_TEMPLATES:
                self.say("kernels with many different environments are asked for")
                return None
            over = self._being_made[kind] = threading.Event()
        try:
            made = Template.start(environment, self._modules, kind[0])
        except CannotFork as problem:
            self.say(str(problem))
        with self._lock:
            if made is None:
                self._given_up.add(kind)
            else:
                self._made[kind], self._stamps[kind] = made, stamp
            del self._being_made[kind]
        over.set()
        return made

    def lose(self, template: Template) -> None:
        """Use a template no more: it has ended. Its kernels live on."""
        with self._lock:
            self._lose(template)

    def _lose(self, template: Template) -> None:
        for kind in [kind for kind, made in self._made.items() if made is template]:
            del self._made[kind]
            del self._stamps[kind]
        template.retire()

    def say(self, why: str) -> None:
        """Say in the log, once, why a kernel is started the normal way."""
        if why not in self._said:
            self._said.add(why)
            _log.warning("A kernel is started the normal way, not forked: %s.", why)

    def close(self) -> None:
        """End all templates, and their kernels."""
        if os.getpid() != self._process:
            return
        with self._lock:
            for template in self._made.values():
                template.close()
            self._made.clear()
            self._stamps.clear()


#: Those of this process.
OURS = Templates()
atexit.register(OURS.close)
