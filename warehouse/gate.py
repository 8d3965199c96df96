"""The one gate to everything public: people on each side, enough messages, no dominance, rounding."""

from dataclasses import dataclass
from math import isfinite

OK, LOW_N, SUPPRESSED, NO_DATA = "ok", "low_n", "suppressed", "no_data"


@dataclass(frozen=True, slots=True)
class Cell:
    """Who stands behind a month: distinct people and messages a side, and the largest shares of one and two people."""

    people_a: int = 0
    people_b: int = 0
    messages: int = 0
    largest: float = 0.0
    two_largest: float = 0.0


def status(cell: Cell, *, min_people: int, min_messages: int = 0, count: bool = False) -> str:
    """Return whether a cell may be shown. `count` marks counts, which one dominant person would reveal."""
    if cell.messages == 0:
        return NO_DATA
    if min(cell.people_a, cell.people_b) < min_people:
        return SUPPRESSED
    if count and (cell.largest > 0.5 or cell.two_largest > 0.85):
        return SUPPRESSED
    return LOW_N if cell.messages < min_messages else OK


def gated(value: float | None, low: float | None, high: float | None, cell: Cell, state: str) -> dict[str, object]:
    """Return the public columns of a cell; values only where the status is ok, people only where they are enough."""
    shown = state == OK and value is not None and isfinite(value)
    people = cell.people_a + cell.people_b
    known = state in (OK, LOW_N)
    return {
        "value": rounded(value, people) if shown else None,
        "low": rounded(low, people) if shown else None,
        "high": rounded(high, people) if shown else None,
        "people_a": cell.people_a if known else None,
        "people_b": cell.people_b if known else None,
        "messages": cell.messages if known else None,
        "status": state if shown or state != OK else NO_DATA,
    }


def rounded(value: float | None, people: int) -> float | None:
    """Round to 0.05 below 20 people, to 0.01 from 20 on; None stays None."""
    if value is None or not isfinite(value):
        return None
    step = 0.05 if people < 20 else 0.01
    return round(round(value / step) * step, 4)
