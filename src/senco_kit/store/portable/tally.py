"""What an import did, counted and told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tally:
    """What an import did with the things of one kind; `words` names one of them, and several.

    `left_out` are things that were not taken because `another` is here.
    """

    words: tuple[str, str]
    added: int
    already_here: int
    as_copy: int = 0
    left_out: int = 0
    another: str = "another answer"

    def told(self) -> list[str]:
        """The parts of a sentence about them."""
        told = []
        if self.added:
            told.append(f"{self._were(self.added)} added")
        if self.already_here:
            told.append(f"{self._were(self.already_here)} already here and not changed")
        if self.as_copy:
            told.append(f"{self._were(self.as_copy)} added as a copy, because the one here has other content")
        if self.left_out:
            told.append(f"{self._were(self.left_out)} left out, because you have {self.another} here")
        return told

    def _were(self, number: int) -> str:
        return f"1 {self.words[0]} was" if number == 1 else f"{number} {self.words[1]} were"
