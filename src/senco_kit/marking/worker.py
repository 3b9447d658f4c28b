"""What runs in nbgrader's own process: takes orders as lines of JSON, answers each with one line.

python -m senco_kit.marking.worker COURSE-FOLDER [sandbox]

With "sandbox" the template of the kernels that mark is made while nbgrader is imported, which takes longer.
An order that goes through submissions tells of each as it is done, a line each, before its answer.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from senco_kit.marking.problems import MarkingProblem, NotMarkable
from senco_kit.marking.sandbox.template import MarkingTemplate

if TYPE_CHECKING:
    from senco_kit.marking.orders import Worker


def main(arguments: list[str]) -> None:
    """Answer orders until there are no more."""
    answers = _apart()
    folder = Path(arguments[0])
    os.chdir(folder)
    template = MarkingTemplate()
    if "sandbox" in arguments[1:]:
        template.begin()
    # Nothing of what is imported is garbage: to look for some in between makes it take longer.
    gc.disable()
    from senco_kit.marking.orders import Worker

    gc.enable()
    try:
        worker = Worker(folder, template)
        while order := sys.stdin.readline():
            for said in carry_out(worker, order):
                answers.write(json.dumps(said) + "\n")
                answers.flush()
    finally:
        template.close()


def carry_out(worker: Worker, line: str) -> Iterator[dict[str, Any]]:
    """What is said to one order, its answer last; whatever goes wrong is in it, as a sentence."""
    from senco_kit.marking.orders import ORDERS

    about = json.loads(line)
    try:
        result = ORDERS[about.pop("order")](worker, **about)
        if isinstance(result, Iterator):
            for learner, why in result:
                yield {"done": learner, "why": why}
            result = None
        yield {"ok": True, "result": result}
    except (MarkingProblem, NotMarkable) as problem:
        yield {"ok": False, "why": str(problem)}
    except Exception as problem:
        traceback.print_exc()
        yield {"ok": False, "why": f"nbgrader failed unexpectedly ({type(problem).__name__})."}


def _apart() -> TextIO:
    """Where answers are written: all else that anything prints goes to the standard error."""
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return own


if __name__ == "__main__":
    main(sys.argv[1:])
