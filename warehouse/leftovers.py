"""How many records were left out, told so coarsely that nobody can see in it whether one named person wrote.

Counts are rounded up to fives (from 100 on to two digits): one to five look alike, and one more is seen in one case of
five. Where only a few people can stand behind a count at all, there is none.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from math import ceil, log10
from typing import Any

from warehouse.inputs import SIDES, BuildInputs

Row = dict[str, Any]
Span = tuple[date, date]
"""The first day, and the first that is none."""

STEP = 5
MEDIA = ("mail", "chat")
ANYBODY = ("read", "survey")
"""Stages before it is known who wrote, and answers that have no names."""


def banded(inputs: BuildInputs) -> list[Row]:
    """Return the rows of `left_out` as they may be published; `records` is None where too few people are behind it."""
    few = {each.id: _few(inputs, each.id) for each in inputs.alliances}
    return [
        {**row, "records": None if _withheld(row, few.get(row["alliance"], frozenset())) else _up(row["records"])}
        for row in inputs.left_out
    ]


def _withheld(row: Row, few: frozenset[str]) -> bool:
    stage = row["stage"]
    if stage == "consent":
        return row["reason"] == "no_consent" and "uncovered" in few
    return stage not in ANYBODY and "covered" in few


def _up(records: int) -> int:
    step = STEP if records < 100 else 10 ** (int(log10(records)) - 1)
    return step * ceil(records / step)


def _few(inputs: BuildInputs, alliance: str) -> frozenset[str]:
    """Return what fewer people of a side are than the group: those who are covered, those who are not.

    Not covered are, each by themselves: who has no consent for a medium, and who has it for a part of the time.
    """
    days = _days(inputs.consents, alliance)
    there = _there(inputs, alliance)
    found = set()
    for side in SIDES:
        people = {person: spans for (own, person), spans in there.items() if own == side}
        without = [{person for person in people if (person, medium) not in days} for medium in MEDIA]
        agreed = {person for person in people if any((person, medium) in days for medium in MEDIA)}
        partly = {
            person
            for person in agreed.difference(*without)
            if not all(_holds(days[person, medium], *span) for medium in MEDIA for span in people[person])
        }
        if len(agreed) < inputs.min_people:
            found.add("covered")
        if any(len(each) in range(1, inputs.min_people) for each in (*without, partly)):
            found.add("uncovered")
    return frozenset(found)


def _days(consents: Iterable[Row], alliance: str) -> dict[tuple[str, str], list[Span]]:
    """Return (person, medium) -> the days that consent covers."""
    days: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for row in consents:
        if row["alliance"] == alliance:
            days[row["person"], row["medium"]].append((row["valid_from"], row["valid_until"]))
    return dict(days)


def _there(inputs: BuildInputs, alliance: str) -> dict[tuple[str, str], list[Span]]:
    """Return (side, person) -> the days of retention on which the roster has them."""
    first = (inputs.run_at - timedelta(days=round(30.44 * inputs.retention_months))).date()
    last = inputs.run_at.date() + timedelta(days=1)
    there: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for row in inputs.identities:
        if row["alliance"] == alliance:
            span = max(row["valid_from"], first), min(row["valid_until"], last)
            there[row["side"], row["person"]].append(span)
    return dict(there)


def _holds(intervals: Iterable[Span], start: date, until: date) -> bool:
    """Whether intervals cover every day from `start` to before `until`."""
    for first, last in sorted(intervals):
        if first <= start < last:
            start = last
    return start >= until
