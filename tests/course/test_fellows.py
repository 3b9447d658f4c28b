"""Processes that work side by side: what becomes of the others when one is killed, hangs, or is no longer wanted."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

from senco_kit.marking.fellows import processors, side_by_side


@dataclass
class Work:
    """Does what the piece of work says."""

    folder: Path
    closed: list[int] = field(default_factory=list)

    def __call__(self, piece: str) -> str:
        """Leave a trace of it, and do it."""
        (self.folder / piece).write_text(str(os.getpid()))
        if piece.startswith("killed"):
            os.kill(os.getpid(), signal.SIGKILL)
        if piece.startswith("hangs"):
            time.sleep(60)
        return "It could not be done." if piece == "refused" else ""

    def close(self) -> None:
        """Count it."""
        self.closed.append(1)


def test_each_piece_is_done_once_by_as_many_processes_as_asked(tmp_path: Path) -> None:
    pieces = [f"piece-{number}" for number in range(20)]
    made: list[Work] = []

    def new_work() -> Work:
        made.append(Work(tmp_path))
        return made[-1]

    done = dict(side_by_side([*pieces, "refused"], new_work, patience=30, most=2))
    assert done == dict.fromkeys(pieces, "") | {"refused": "It could not be done."}
    workers = {(tmp_path / piece).read_text() for piece in pieces}
    assert len(made) == 2
    assert workers.isdisjoint({str(os.getpid())})
    assert [each.closed for each in made] == [[1], [1]]
    assert processors() >= 1


def test_one_that_is_killed_or_hangs_stops_no_other(tmp_path: Path) -> None:
    pieces = ["a", "killed-1", "b", "hangs", "c", "killed-2", "d"]
    done = dict(side_by_side(pieces, lambda: Work(tmp_path), patience=2, most=2))
    assert {piece for piece, why in done.items() if not why} == {"a", "b", "c", "d"}
    assert done["killed-1"] == done["killed-2"] == "Marking was stopped: nbgrader ended before it answered."
    assert done["hangs"] == "Marking was stopped: nbgrader did not answer within 2 seconds."
    assert not _runs(int((tmp_path / "hangs").read_text()))


def test_nothing_is_left_when_whoever_asked_goes_away(tmp_path: Path) -> None:
    run = side_by_side(["a", "hangs-1", "hangs-2", "b"], lambda: Work(tmp_path), patience=60, most=2)
    assert next(run) == ("a", "")
    run.close()  # type: ignore[attr-defined]
    reader, writer = os.pipe()
    os.close(writer)
    with os.fdopen(reader) as gone:
        assert list(side_by_side(["hangs-3"], lambda: Work(tmp_path), patience=60, most=2, stop=[gone])) == []
    assert not any(_runs(int(path.read_text())) for path in tmp_path.glob("hangs-*") if path.read_text())


def _runs(process: int) -> bool:
    return Path(f"/proc/{process}").exists()
