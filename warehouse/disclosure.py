"""Complementary suppression: what is withheld must not follow from what is shown beside it.

See docs/decisions/0008 for the relations between published numbers, and `auditor.py` for the proof on every night.
"""

from collections import defaultdict
from typing import Any

from warehouse.answers import quarter
from warehouse.candidate import definitions
from warehouse.gate import NO_DATA, SUPPRESSED

Rows = list[dict[str, Any]]


def withheld(row: dict[str, Any]) -> bool:
    """Whether a row of `indicator` hides a count that is there."""
    return row["messages"] is None and row["status"] != NO_DATA


def without_telling_quarters(indicators: Rows) -> Rows:
    """Return the rows without quarters that have a withheld month: it would be the quarter minus the others.

    All directions count, because they add up; all indicators of one kind count, because they show the same messages.
    """
    telling = {_quarter(row) for row in indicators if row["grain"] == "month" and withheld(row)}
    return [row for row in indicators if row["grain"] == "month" or _quarter(row) not in telling]


def _quarter(row: dict[str, Any]) -> tuple[object, ...]:
    return row["alliance"], definitions()[row["indicator"]].kind, quarter(row["period"])


def with_two_hidden(components: Rows) -> Rows:
    """Return the rows of `velocity_component`; never is a single one withheld.

    Depth is the weighted mean of the four and is shown, so that one alone could be worked out; the lightest of the
    others is withheld with it.
    """
    months: dict[tuple[object, ...], Rows] = defaultdict(list)
    for row in components:
        months[row["alliance"], row["period"]].append(row)
    for own in months.values():
        shown = [row for row in own if row["z"] is not None]
        if sum(row["status"] == SUPPRESSED for row in own) == 1 and shown:
            lightest = min(shown, key=lambda row: row["weight"])
            lightest.update(z=None, status=SUPPRESSED)
    return components
