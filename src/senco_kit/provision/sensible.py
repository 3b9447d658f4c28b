"""Between which numbers a provision's size, time and cost can sensibly be: for uploads and for the planner."""

from __future__ import annotations

from typing import Final, NamedTuple


class Ends(NamedTuple):
    """The lowest and highest sensible value, both included; what is counted; whether it is a whole number."""

    lowest: float
    highest: float
    unit: str
    whole: bool = False

    def in_words(self) -> str:
        """What to write.

        >>> Ends(1, 500, "pupils", whole=True).in_words()
        'a whole number of pupils from 1 to 500'
        """
        what = "a whole number" if self.whole else "a number"
        return f"{what} of {self.unit} from {in_figures(self.lowest)} to {in_figures(self.highest)}"

    def fit(self, number: float) -> bool:
        """Whether the number lies between the ends and is whole where it must be. No number (NaN) never fits."""
        return self.lowest <= number <= self.highest and (not self.whole or number == int(number))


def in_figures(number: float) -> str:
    """A number as it is shown: with commas, and without decimals where it has none.

    >>> in_figures(1200.0), in_figures(0.5)
    ('1,200', '0.5')
    """
    return f"{number:,.0f}" if abs(number) < 1e15 and number == int(number) else f"{number:,.6g}"


GROUP_SIZE: Final = Ends(1, 500, "pupils", whole=True)
SESSIONS_PER_WEEK: Final = Ends(0.1, 25, "sessions")
MINUTES: Final = Ends(5, 400, "minutes", whole=True)
WEEKS: Final = Ends(1, 52, "weeks", whole=True)
HOURLY_COST: Final = Ends(0, 250, "pounds")
PREPARATION_MINUTES: Final = Ends(0, 240, "minutes", whole=True)
RESOURCES_PER_PUPIL: Final = Ends(0, 10_000, "pounds")
PUPILS: Final = Ends(0, 5_000, "pupils", whole=True)
#: How often a provision runs in the year: 0 leaves it out, 2 is one more run.
RUNS: Final = Ends(0, 10, "runs", whole=True)
