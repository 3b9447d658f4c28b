"""A sandbox that stands and waits: bubblewrap with a shell in it that does nothing, for a forked kernel to go into."""

from __future__ import annotations

import json
import os
import select
import subprocess
from collections.abc import Sequence
from pathlib import Path

from senco_kit.marking.sandbox.enter import NotInside, namespaces_of
from senco_kit.marking.sandbox.wall import Room, command, environment

#: Says that all is set up, and waits until it is ended or whoever made it has gone.
_WAIT = ("/bin/sh", "-c", "echo; read end")
#: Seconds; it takes some hundredths.
_LONGEST_START = 20.0


class Holder:
    """One sandbox without a kernel; `close()` ends it with all that went into it. Raises NotInside."""

    def __init__(self, room: Room, hidden: Sequence[Path] = ()) -> None:
        told, tells = os.pipe()
        with os.fdopen(told, "rb") as about:
            try:
                self.program = subprocess.Popen(
                    command(room, _WAIT, hidden, options=["--info-fd", str(tells)]),
                    env=environment(),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[tells],
                )
            finally:
                os.close(tells)
            try:
                self._wait()
                #: Its first process, as seen from outside, and the namespaces to join.
                self.first = int(json.load(about)["child-pid"])
                self.namespaces = namespaces_of(self.first)
            except (OSError, ValueError, KeyError) as problem:
                self.close()
                raise NotInside(f"the sandbox cannot be entered ({problem})") from problem
            except NotInside:
                self.close()
                raise

    def _wait(self) -> None:
        assert self.program.stdout is not None
        if not select.select([self.program.stdout], [], [], _LONGEST_START)[0] or not self.program.stdout.read(1):
            raise NotInside("bubblewrap ended before the sandbox stood")

    def close(self) -> None:
        """End it, with all that is in it."""
        self.program.kill()
        self.program.wait()
        for end in (self.program.stdin, self.program.stdout):
            if end is not None:
                end.close()
