"""How fast requests are answered: working hours, unanswered ones as right-censored (Kaplan & Meier 1958)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from warehouse.inputs import Calendar

Floats = NDArray[np.float64]
DAY = 8.0
"""Working hours that make a working day."""


def working_hours(start: datetime, end: datetime, calendar: Calendar) -> float:
    """Return the hours between two instants in which a partner works."""
    zone = ZoneInfo(calendar.zone)
    local = [moment.astimezone(zone) for moment in (start, end)]
    span = calendar.closes - calendar.opens
    days = np.array([moment.date() for moment in local], dtype="datetime64[D]")
    holidays = np.array(calendar.holidays, dtype="datetime64[D]")
    whole = float(np.busday_count(days[0], days[1], holidays=holidays)) * span
    open_now = np.is_busday(days, holidays=holidays)
    into = [
        min(max(moment.hour + moment.minute / 60 - calendar.opens, 0.0), span) if is_open else 0.0
        for moment, is_open in zip(local, open_now, strict=True)
    ]
    return max(0.0, whole + into[1] - into[0])


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 90 % interval; nan where the data end before it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Responsiveness:
    """Median working hours to an answer, and the probability of one within a day and within five days."""

    median: Estimate
    within_day: Estimate
    within_5_days: Estimate


def kaplan_meier(
    hours: Sequence[float], answered: Sequence[bool], people: Sequence[str], *, draws: int = 100, seed: int = 0
) -> Responsiveness:
    """Estimate from waiting times; whole people are resampled for the intervals."""
    times, events = np.asarray(hours, dtype=float), np.asarray(answered, dtype=bool)
    _, owner = np.unique(np.asarray(people), return_inverse=True)
    rng = np.random.default_rng(seed)
    found = np.array([_summary(times, events)] + [_redrawn(times, events, owner, rng) for _ in range(draws)])
    low, high = np.nanquantile(found[1:], [0.05, 0.95], axis=0)
    median, day, week = (Estimate(*map(float, each)) for each in zip(found[0], low, high, strict=True))
    return Responsiveness(median, day, week)


def _redrawn(times: Floats, events: NDArray[np.bool_], owner: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    drawn = rng.multinomial(owner.max() + 1, np.full(owner.max() + 1, 1 / (owner.max() + 1)))[owner]
    return _summary(np.repeat(times, drawn), np.repeat(events, drawn))


def _summary(times: Floats, events: NDArray[np.bool_]) -> Floats:
    """Return median, P(answer within a day), P(answer within five days)."""
    order = np.argsort(times, kind="stable")
    at_risk = len(times) - np.arange(len(times))
    alive = np.cumprod(1 - events[order] / at_risk)
    ordered: Floats = times[order]
    below = np.flatnonzero(alive <= 0.5)
    median = ordered[below[0]] if len(below) else 5 * DAY
    return np.array([median, *(1 - _alive_at(ordered, alive, limit) for limit in (DAY, 5 * DAY))])


def _alive_at(ordered: Floats, alive: Floats, limit: float) -> float:
    place = int(np.searchsorted(ordered, limit, side="right"))
    return float(alive[place - 1]) if place else 1.0
