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

    Student's t with the spread of both windows together; months that resemble their neighbours count as fewer.
    """
    windows = [each[np.isfinite(each)] for each in (before, after)]
    counts = dict(zip(("months_before", "months_after"), map(len, windows), strict=True))
    empty = dict.fromkeys(("before", "after", "difference", "low", "high", "outcome"))
    if min(counts.values()) < FEWEST:
        return {**empty, **counts, "status": LOW_N}
    margin = _margin(windows, alike([before, after]))
    first, second = (float(each.mean()) for each in windows)
    low, high = second - first - margin, second - first + margin
    outcome = "rose" if low > 0 else "fell" if high < 0 else "undecided"
    numbers = {"before": first, "after": second, "difference": second - first, "low": low, "high": high}
    rounded = {name: round(value, 3) + 0.0 for name, value in numbers.items()}
    return {**rounded, **counts, "outcome": outcome, "status": OK}


def _margin(windows: list[Floats], r: float) -> float:
    """Return half the width of the interval of a difference of means of months of which neighbours correlate by r.

    Such months vary less within a window than in the long run: of n months, f count as one, and their squares are held
    against n − f instead of n − 1.
    """
    counts = [len(each) for each in windows]
    as_one = [1 + 2 * sum((1 - lag / n) * r**lag for lag in range(1, n)) for n in counts]
    squares = sum(float(((each - each.mean()) ** 2).sum()) for each in windows)
    spread = squares / (sum(counts) - sum(as_one))
    variance = spread * sum(f / n for n, f in zip(counts, as_one, strict=True))
    degrees = sum(n / f - 1 for n, f in zip(counts, as_one, strict=True))
    return float(stdtrit(max(degrees, 1.0), 0.95)) * sqrt(variance)
