"""How fast each side's requests are answered, by month, and by quarter where a month has too few."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from math import log, nan
from typing import Any

import duckdb
import numpy as np

from warehouse.candidate import Z90, Candidate
from warehouse.inputs import SIDES, BuildInputs
from warehouse.private import rows
from warehouse.survival import Estimate, kaplan_meier, working_hours


@dataclass(frozen=True, slots=True)
class Wait:
    """One request: when it was made, how many working hours of the asked side it waited, and by whom."""

    alliance: str
    month: date
    direction: str
    person: str
    sent_at: datetime
    hours: float
    answered: bool


def waits(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> list[Wait]:
    """Return the requests of a program with how long they waited; an open one has waited until now."""
    found: list[Wait] = []
    by_asked: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows(connection, "select * from request order by alliance, message_key"):
        by_asked[row["alliance"], row["asked_side"]].append(row)
    for alliance in inputs.alliances:
        for side, calendar in zip(SIDES, alliance.calendars, strict=True):
            own = by_asked[alliance.id, side]
            ends = [row["answered_at"] or inputs.run_at for row in own]
            hours = working_hours([row["sent_at"] for row in own], ends, calendar) if own else ()
            found += [_wait(row, waited) for row, waited in zip(own, hours, strict=True)]
    return found


def _wait(row: dict[str, Any], hours: float) -> Wait:
    key = row["alliance"], row["month"], row["direction"], row["person"]
    return Wait(*key, row["sent_at"], float(hours), row["answered_at"] is not None)


def answers(found: list[Wait]) -> Iterator[Candidate]:
    """Yield the answer indicators of each direction, of months and of quarters, and the ratio of the directions."""
    groups: dict[tuple[str, str, date, str], list[Wait]] = defaultdict(list)
    for wait in found:
        groups[wait.alliance, "month", wait.month, wait.direction].append(wait)
        groups[wait.alliance, "quarter", quarter(wait.month), wait.direction].append(wait)
    medians: dict[tuple[str, str, date], dict[str, tuple[Estimate, int]]] = defaultdict(dict)
    for (alliance, grain, period, direction), own in sorted(groups.items()):
        speed = kaplan_meier([w.hours for w in own], [w.answered for w in own], [w.person for w in own])
        medians[alliance, grain, period][direction] = (speed.median, len(own))
        for name, each in (
            ("answer_median_hours", speed.median),
            ("answer_within_day", speed.within_day),
            ("answer_within_5_days", speed.within_5_days),
        ):
            yield Candidate(alliance, period, name, direction, each.value, each.low, each.high, len(own), grain)
    for (alliance, grain, period), both in medians.items():
        if len(both) == 2:
            yield _ratio(alliance, grain, period, both)


def quarter(month: date) -> date:
    """Return the first day of a month's quarter."""
    return month.replace(month=month.month - (month.month - 1) % 3)


def _ratio(alliance: str, grain: str, period: date, both: dict[str, tuple[Estimate, int]]) -> Candidate:
    """Return the ratio of the medians; its interval is that of a difference of logarithms."""
    (first, n_first), (second, n_second) = both["a_to_b"], both["b_to_a"]
    data = min(n_first, n_second)
    if not (first.value > 0 and second.value > 0):
        return Candidate(alliance, period, "answer_ratio", "both", nan, data=data, grain=grain)
    value = first.value / second.value
    spread = float(np.exp(Z90 * np.hypot(_log_error(first), _log_error(second))))
    return Candidate(alliance, period, "answer_ratio", "both", value, value / spread, value * spread, data, grain)


def _log_error(each: Estimate) -> float:
    return log(each.high / each.low) / (2 * Z90) if each.high >= each.low > 0 else nan
