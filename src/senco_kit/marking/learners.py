"""Learner codes: what stands for a person everywhere in marking, so that no name is kept."""

from __future__ import annotations

import re

from senco_kit.marking.problems import MarkingProblem

#: 1 to 20 letters, digits and hyphens.
CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,18}[A-Za-z0-9])?")


def learner_code(text: str) -> str:
    """The code that a person typed. Raises MarkingProblem when it is none.

    >>> learner_code(" L07 ")
    'L07'
    """
    code = text.strip()
    if not CODE.fullmatch(code):
        raise MarkingProblem(
            f"A learner code has 1 to 20 letters, digits and hyphens, such as L07, and “{code[:40]}” does not: "
            "use the code that your facilitator gave you."
        )
    return code
