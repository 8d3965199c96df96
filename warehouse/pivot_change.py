"""The table `pivot_change`: what stood before and after each logged pivot. A difference, not an effect.

Nothing says what would have happened without the pivot; other things changed in the same months.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from math import sqrt
from typing import Any

import numpy as np
from scipy.special import stdtrit

from warehouse.gate import LOW_N, OK
from warehouse.monthly import Floats, Rows, Series, alike, array, indicator_months, month_number, survey_months

WINDOW = 6
"""Whole months before, and after, the month of a pivot."""

FEWEST = 3
"""Months with a number that each window needs."""

SURVEYED = ("trust", "value", "learning", "overall")
MEASURED = ("depth_index", "transparency", "frequency_change", "unsolicited", "coinvest", "escalation", "ties")


def pivot_changes(log: Rows, survey: Rows, indicators: Rows, today: date) -> Rows:
    """Return a row for each pivot and series: means before and after, and their difference with a 90 % interval."""
    pivots = [row for row in log if row["register"] == "pivots"]
    said, measured = survey_months(survey), indicator_months(indicators)
    told = [("survey", name, said.get(name, {})) for name in SURVEYED]
    told += [("indicator", name, measured.get(name, {})) for name in MEASURED]
    return [row for pivot in pivots for row in _around(pivot, pivots, told, today)]


def _around(
    pivot: Mapping[str, Any], pivots: Rows, told: list[tuple[str, str, Series]], today: date
) -> Iterator[dict[str, Any]]:
    alliance, on = pivot["alliance"], pivot["on_date"]
    at = month_number(on)
    others = {month_number(row["on_date"]) for row in pivots if row["alliance"] == alliance}
    for source, name, series in told:
        months = series.get(alliance, {})
        if months:
            before, after = array(months, at - WINDOW, at - 1), array(months, at + 1, at + WINDOW)
            yield {
                **{"alliance": alliance, "on_date": on, "kind": pivot["kind"], "source": source, "series": name},
                **change(before, after),
                "whole_time": month_number(today) > at + WINDOW,
                "other_pivots": len([each for each in others if 0 < abs(each - at) <= WINDOW]),
            }


def change(before: Floats, after: Floats) -> dict[str, Any]:
    """Return the difference of the means of two windows of months [n] (nan: none) with its 90 % interval.

    Welch's t; months that resemble their neighbours count as fewer.
    """
    windows = [each[np.isfinite(each)] for each in (before, after)]
    counts = dict(zip(("months_before", "months_after"), map(len, windows), strict=True))
    empty = dict.fromkeys(("before", "after", "difference", "low", "high", "outcome"))
    if min(counts.values()) < FEWEST:
        return {**empty, **counts, "status": LOW_N}
    r = alike([before, after])
    variance, degrees = _welch([_variance(each, r) for each in windows])
    margin = float(stdtrit(degrees, 0.95)) * sqrt(variance)
    first, second = (float(each.mean()) for each in windows)
    low, high = second - first - margin, second - first + margin
    outcome = "rose" if low > 0 else "fell" if high < 0 else "undecided"
    numbers = {"before": first, "after": second, "difference": second - first, "low": low, "high": high}
    return {**{name: round(value, 2) for name, value in numbers.items()}, **counts, "outcome": outcome, "status": OK}


def _variance(window: Floats, r: float) -> tuple[float, float]:
    """Return the variance of a mean of months of which neighbours correlate by r, and its degrees of freedom.

    Such months vary less among themselves than in the long run, so their own variance is raised by (n − 1) / (n − f),
    where f is how many of them count as one.
    """
    n = len(window)
    lags = np.arange(1, n)
    f = 1 + 2 * float(((1 - lags / n) * r**lags).sum())
    variance = float(window.var(ddof=1)) * (n - 1) / (n - f) * f / n
    return variance, max(n / f - 1, 1.0)


def _welch(parts: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the variance of a difference and its degrees of freedom (Satterthwaite 1946)."""
    variance = sum(each for each, _ in parts)
    below = sum(each**2 / degrees for each, degrees in parts)
    return variance, variance**2 / below if below > 0 else sum(degrees for _, degrees in parts)
