"""Which templates this process has, and when one pays off."""

from __future__ import annotations

import atexit
import logging
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from senco_kit.kernels import settings
from senco_kit.kernels.template import CannotFork, Template

_log = logging.getLogger(__name__)

#: More than one is needed where kernels of one process get environments that differ much.
MOST_TEMPLATES = 2

_Kind = tuple[tuple[str, ...], tuple[tuple[str, str], ...]]


class Templates:
    """The templates of this process: made when they pay off, used while they are as new as what is installed."""

    def __init__(self) -> None:
        self._made: dict[_Kind, Template] = {}
        self._stamps: dict[_Kind, tuple[tuple[str, int], ...]] = {}
        self._asked: set[_Kind] = set()
        self._failed: set[_Kind] = set()
        self._lock = threading.Lock()
        self._said: set[str] = set()

    def get(self, environment: Mapping[str, str], python: Sequence[str] = (sys.executable,)) -> Template | None:
        """The template for kernels with such an environment; None when they must start as Jupyter starts them.

        To make one takes a second or two, so the first kernel of a process starts without; for the second it is made.
        """
        if not settings.can_fork():
            self.say("this system has no fork")
            return None
        if settings.mode() == "0":
            return None
        kind: _Kind = (tuple(python), tuple(sorted(settings.read_at_the_start(environment).items())))
        with self._lock:
            first = kind not in self._asked
            self._asked.add(kind)
            if kind in self._failed or (first and settings.mode() != "always"):
                return None
            return self._current(kind, environment)

    def _current(self, kind: _Kind, environment: Mapping[str, str]) -> Template | None:
        stamp = settings.stamp()
        if kind in self._made and self._stamps[kind] != stamp:
            self.say("its packages or the kit itself have changed; a new template is made")
            self.lose(self._made[kind])
        if kind not in self._made:
            if len(self._made) >= MOST_TEMPLATES:
                self.say("kernels with many different environments are asked for")
                return None
            try:
                self._made[kind] = Template.start(environment, python=kind[0])
            except CannotFork as problem:
                self._failed.add(kind)
                self.say(str(problem))
                return None
            self._stamps[kind] = stamp
        return self._made[kind]

    def lose(self, template: Template) -> None:
        """Use a template no more: it has ended, or it is out of date. Its kernels live on."""
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
        with self._lock:
            for template in self._made.values():
                template.close()
            self._made.clear()
            self._stamps.clear()


#: Those of this process.
OURS = Templates()
atexit.register(OURS.close)


def own_settings_of_matplotlib(folder: str) -> bool:
    """Whether matplotlib would read settings in a folder when it is imported there."""
    return (Path(folder) / "matplotlibrc").is_file()
