"""The reason of a verdict as people outside the school may read it."""

from __future__ import annotations

import re
from typing import Final

#: A count of pupils inside a sentence, but not the limit in "fewer than 5 pupils".
_PUPILS: Final = re.compile(r"(?<!than )\b[0-9][0-9,]* (?=pupils?\b)")
_TOO_FEW: Final = re.compile(r"^(?:No pupil|[0-9,]+ pupils?) had it, and fewer than ([0-9]+) never support a verdict")
#: What a place costs beside others: those others may be hidden.
_BESIDE_OTHERS: Final = re.compile(r"£[0-9,]+ a pupil, [0-9.,]+ times the usual £[0-9,]+ of its kind")


def for_others(reason: str) -> str:
    """A reason as others may read it: without how many pupils there are, which beside another count gives a third away.

    "Its 9 pupils with both scores" beside 11 pupils would say that 2 were not tested.

    >>> for_others("3 pupils had it, and fewer than 5 never support a verdict.")
    'Fewer than 5 pupils had it, too few for a verdict.'
    """
    said = _TOO_FEW.sub(r"Fewer than \1 pupils had it, too few for a verdict", reason)
    return _PUPILS.sub("", _BESIDE_OTHERS.sub("far more a pupil than usual", said))
