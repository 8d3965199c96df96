"""Published numbers as series of months: what the log's tables are made from, so that they tell nothing new."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warehouse.gate import SHOWN
from warehouse.self_report import by_sides

Floats = NDArray[np.float64]
Rows = list[dict[str, Any]]
Series = dict[str, dict[int, float]]
"""Alliance -> month, counted from any one -> value."""

USUAL, YEAR = 0.4, 12
"""Correlation of a month with the next that is usual for such numbers, and the months of one year."""


def month_number(day: date) -> int:
    """Return a month as a number; neighbours differ by one."""
    return 12 * day.year + day.month


def survey_months(survey: Rows) -> dict[str, Series]:
    """Return dimension -> series of the mean of both sides' means, where both are shown."""
    found: dict[str, Series] = defaultdict(lambda: defaultdict(dict))
    for (alliance, period, dimension), sides in by_sides(survey).items():
        if len(sides) == 2:
            found[dimension][alliance][month_number(period)] = sum(row["value"] for row in sides.values()) / 2
    return found


def indicator_months(indicators: Iterable[Mapping[str, Any]]) -> dict[str, Series]:
    """Return indicator -> series of its shown months, both directions together."""
    found: dict[str, Series] = defaultdict(lambda: defaultdict(dict))
    for row in indicators:
        if row["direction"] == "both" and row["grain"] == "month" and row["status"] in SHOWN:
            found[row["indicator"]][row["alliance"]][month_number(row["period"])] = row["value"]
    return found


def array(months: Mapping[int, float], first: int, last: int) -> Floats:
    """Return the values of first to last month, nan where there is none."""
    return np.array([months.get(each, np.nan) for each in range(first, last + 1)])


def alike(parts: Iterable[Floats]) -> float:
    """Return how alike neighbouring months are within series that each have their own mean, 0 to 0.8.

    Few months understate it by about (1 + 3r) / n (Marriott & Pope 1954), which is added back, and say little: what
    months usually have in common weighs as much as a year of them.
    """
    own = [part - np.nanmean(part) for part in parts]
    products = np.concatenate([part[1:] * part[:-1] for part in own])
    squares = np.concatenate([part**2 for part in own])
    pairs, count = int(np.isfinite(products).sum()), int(np.isfinite(squares).sum())
    if pairs == 0 or np.nansum(squares) < 1e-12:
        return USUAL
    r = float(np.nansum(products) / pairs / np.nanmean(squares))
    r += (1 + 3 * r) * len(own) / count
    return float(np.clip((pairs * r + YEAR * USUAL) / (pairs + YEAR), 0.0, 0.8))
