"""nbgrader in a process of its own, spoken to in lines of JSON.

nbgrader takes seconds to import, changes the working folder, and runs an event loop: none of that belongs in the
process of a page. The process stays for several orders; `worker.py` is what runs in it.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from senco_kit.marking.problems import MarkingProblem

#: Longer than any order takes that goes well.
_PATIENCE = 300.0


class NbgraderStopped(MarkingProblem):
    """The process ended or did not answer in time."""


class NbgraderProcess:
    """One process that works on one course folder. Use it in a `with`, or `close()` it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._lock = threading.Lock()

    def __enter__(self) -> NbgraderProcess:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self.close()

    def begin(self, *, sandbox: bool = False) -> None:
        """Start the process, if it does not run: it loads nbgrader while something else is done."""
        with self._lock:
            self._running(sandbox)

    def ask(self, order: str, **about: Any) -> Any:
        """Give an order and wait for its result. Raises MarkingProblem with the sentence of what went wrong."""
        with self._lock:
            self._send(order, about)
            answer = self._next()
        return _result(answer)

    def ask_each(self, order: str, learners: Sequence[str], **about: Any) -> Iterator[tuple[str, str]]:
        """Give an order for submissions: each learner as theirs is done, with the reason when it could not be.

        Raises MarkingProblem, as `ask` does, when the rest cannot be done. Whoever stops reading stops the work.
        """
        with self._lock:
            answer: dict[str, Any] = {}
            try:
                self._send(order, about | {"learners": list(learners)})
                while "ok" not in (answer := self._next()):
                    yield str(answer["done"]), str(answer["why"])
            finally:
                if "ok" not in answer:
                    self._end()
        _result(answer)

    def _send(self, order: str, about: dict[str, Any]) -> None:
        process = self._running()
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps({"order": order, **about}) + "\n")
            process.stdin.flush()
        except OSError as problem:
            self._end()
            raise NbgraderStopped("nbgrader ended before it answered.") from problem

    def _next(self) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=_PATIENCE)
        except queue.Empty as problem:
            self._end()
            raise NbgraderStopped(f"nbgrader did not answer within {_PATIENCE:g} seconds.") from problem
        if line is None:
            self._end()
            raise NbgraderStopped("nbgrader ended before it answered.")
        return dict(json.loads(line))

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _running(self, sandbox: bool = False) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._lines = queue.Queue()
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "senco_kit.marking.worker",
                    str(self._folder),
                    *(["sandbox"] if sandbox else []),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                env=_environment(),
                cwd=self._folder,
            )
            threading.Thread(target=self._read, args=(self._process, self._lines), daemon=True).start()
        return self._process

    @staticmethod
    def _read(process: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        try:
            process.stdin.close()
            process.wait(timeout=5)
        except (OSError, subprocess.TimeoutExpired):
            process.kill()
            process.wait()
        finally:
            if process.stdout is not None:
                process.stdout.close()


def _result(answer: dict[str, Any]) -> Any:
    if not answer["ok"]:
        raise MarkingProblem(str(answer["why"]))
    return answer["result"]


def _environment() -> dict[str, str]:
    """This environment, with `alembic` to be found: a new gradebook calls it by its bare name."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    # Not these: with them nbgrader would take itself to be marking already, or look for settings elsewhere.
    kept = {name: value for name, value in os.environ.items() if name not in ("NBGRADER_EXECUTION", "PYTHONWARNINGS")}
    return kept | {"PATH": path, "PYTHONUTF8": "1", "JUPYTER_PREFER_ENV_PATH": "1"}
