"""How fast requests are answered: working hours, unanswered ones as right-censored (Kaplan & Meier 1958)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from warehouse.inputs import Calendar

Floats = NDArray[np.float64]
DAY = 8.0
"""Working hours that make a working day."""


def working_hours(starts: Sequence[datetime], ends: Sequence[datetime], calendar: Calendar) -> Floats:
    """Return the hours between pairs of instants in which a partner works, [n]."""
    hours: Floats = np.maximum(_clock(ends, calendar) - _clock(starts, calendar), 0.0)
    return hours


def _clock(moments: Sequence[datetime], calendar: Calendar) -> Floats:
    """Return how many hours a partner has worked up to each instant, counted from a Monday long ago."""
    zone = ZoneInfo(calendar.zone)
    local = [moment.astimezone(zone) for moment in moments]
    days = np.array([moment.date() for moment in local], dtype="datetime64[D]")
    time = np.array([moment.hour + moment.minute / 60 + moment.second / 3600 for moment in local])
    span = calendar.closes - calendar.opens
    holidays = np.array(calendar.holidays, dtype="datetime64[D]")
    whole = np.busday_count(np.datetime64("1970-01-05"), days, holidays=holidays) * float(span)
    today = np.clip(time - calendar.opens, 0, span) * np.is_busday(days, holidays=holidays)
    clock: Floats = whole + today
    return clock


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
    hours: Sequence[float] | Floats,
    answered: Sequence[bool],
    people: Sequence[str],
    *,
    draws: int = 200,
    seed: int = 0,
) -> Responsiveness:
    """Estimate from waiting times; whole people are resampled for the intervals."""
    times, events = np.asarray(hours, dtype=float), np.asarray(answered, dtype=bool)
    order = np.lexsort((~events, times))
    names, owner = np.unique(np.asarray(people)[order], return_inverse=True)
    chosen = np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), draws)
    weights = np.vstack([np.ones(len(names)), chosen])[:, owner]
    found = _summaries(times[order], events[order], weights)
    ends = np.quantile(np.nan_to_num(found[1:], nan=np.inf), [0.05, 0.95], axis=0, method="inverted_cdf")
    low, high = np.where(np.isfinite(ends), ends, np.nan)
    median, day, week = (Estimate(*map(float, each)) for each in zip(found[0], low, high, strict=True))
    return Responsiveness(median, day, week)


def _summaries(times: Floats, events: NDArray[np.bool_], weights: Floats) -> Floats:
    """Return median, P(answer within a day) and P(answer within five days) for each row of weights, [rows, 3].

    Times are sorted, answers before the unanswered of the same time; the median is nan where half are not answered.
    """
    at_risk = np.cumsum(weights[:, ::-1], axis=1)[:, ::-1]
    alive = np.cumprod(1 - weights * events / np.maximum(at_risk, 1e-9), axis=1)
    half = alive <= 0.5 + 1e-12
    median = np.where(half.any(1), times[half.argmax(1)], np.nan)
    return np.column_stack([median, *(1 - _alive_at(times, alive, limit) for limit in (DAY, 5 * DAY))])


def _alive_at(times: Floats, alive: NDArray[np.floating[Any]], limit: float) -> NDArray[np.floating[Any]]:
    place = int(np.searchsorted(times, limit, side="right"))
    return alive[:, place - 1] if place else np.ones(len(alive))
