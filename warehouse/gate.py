"""The one gate to everything public: people on each side, no dominance, enough data, rounding."""

from dataclasses import dataclass
from math import isfinite

OK, LOW_N, SUPPRESSED, NO_DATA, STALE = "ok", "low_n", "suppressed", "no_data", "stale"
SHOWN = (OK, STALE)
"""Statuses that come with a value."""

ONE_PERSON, TWO_PEOPLE = 0.5, 0.85
"""Largest share of a side's count that one person, and two people, may be."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Who stands behind a number: distinct people a side, messages, and the largest shares of one and two people."""

    people_a: int = 0
    people_b: int = 0
    messages: int = 0
    largest: float = 0.0
    two_largest: float = 0.0

    @property
    def dominated(self) -> bool:
        """Whether one or two people are so much of a side's count that the count would be theirs."""
        return self.largest > ONE_PERSON or self.two_largest > TWO_PEOPLE

    def with_all_of(self, other: "Cell") -> "Cell":
        """Return the cell of a number that is made from two others: each side as small as in the smaller one."""
        return Cell(
            min(self.people_a, other.people_a),
            min(self.people_b, other.people_b),
            self.messages + other.messages,
            max(self.largest, other.largest),
            max(self.two_largest, other.two_largest),
        )


def status(cell: Cell, *, min_people: int, data: int | None = None, minimum: int = 0, pooled: bool = False) -> str:
    """Return whether a number may be shown.

    `data` is how many of what its `minimum` counts it was made from (None: the cell's messages). `pooled` marks
    numbers in which a busy person weighs more, and which one dominant person would therefore reveal.
    """
    data = cell.messages if data is None else data
    if cell.messages == 0 or data == 0:
        return NO_DATA
    if min(cell.people_a, cell.people_b) < min_people:
        return SUPPRESSED
    if pooled and cell.dominated:
        return SUPPRESSED
    return LOW_N if data < minimum else OK


def gated(value: float | None, low: float | None, high: float | None, cell: Cell, state: str) -> dict[str, object]:
    """Return the public columns of a number; values only where the status is ok, people only where they are enough.

    The count of messages is itself a number in which a busy person weighs more: it meets the same rule of dominance.

    A number that cannot be computed although enough people and messages are there has too little data: low_n.
    """
    shown = state == OK and value is not None and isfinite(value)
    people = cell.people_a + cell.people_b
    known = state in (OK, LOW_N)
    return {
        "value": rounded(value, people) if shown else None,
        "low": rounded(low, people) if shown else None,
        "high": rounded(high, people) if shown else None,
        "people_a": cell.people_a if known else None,
        "people_b": cell.people_b if known else None,
        "messages": cell.messages if known and not cell.dominated else None,
        "status": state if shown or state != OK else LOW_N,
    }


def rounded(value: float | None, people: int) -> float | None:
    """Round to 0.05 below 20 people, to 0.01 from 20 on; None stays None.

    What lies half-way but for the order of a sum is rounded the same way every night.
    """
    if value is None or not isfinite(value):
        return None
    to = step(people)
    return round(round(round(value / to, 6)) * to, 4) + 0.0


def step(people: int) -> float:
    """Return what numbers of so many people are rounded to."""
    return 0.05 if people < 20 else 0.01
