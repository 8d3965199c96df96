"""The table `lead_lag`: does a fall of one series come before a fall of a survey score? A hypothesis under test.

Changes over a quarter of both series, within each alliance, are correlated over the portfolio at each lag. Chance is
told by turning one series round within each alliance (a circular block permutation), which keeps what is alike in it.
"""

from collections.abc import Iterator, Mapping
from math import atanh, sqrt, tanh
from typing import Any

import numpy as np

from warehouse.candidate import Z90
from warehouse.comparison import benjamini_hochberg
from warehouse.gate import LOW_N, OK
from warehouse.monthly import Floats, Rows, Series, array, indicator_months, survey_months

LAGS = range(7)
"""Months by which the second series comes later: up to two quarters."""

QUARTER = 3
FEWEST_PAIRS, FEWEST_ALLIANCES = 20, 2
"""Pairs of changes and alliances from which a correlation is told."""

TURNS = 999
FALSE_DISCOVERIES = 0.1
SCORES = ("trust", "value", "learning")
Pair = tuple[str, str]


def lead_lags(survey: Rows, indicators: Rows, informs: Mapping[str, tuple[str, ...]]) -> Rows:
    """Return a row for each pair that may lead and follow, and each lag; `precedes` after Benjamini & Hochberg."""
    said, measured = survey_months(survey), indicator_months(indicators)
    found = [row for pair, first, second in _pairs(said, measured, informs) for row in _lags(pair, first, second)]
    told = [row for row in found if row["status"] == OK]
    for row, q in zip(told, benjamini_hochberg([each["p_value"] for each in told]) if told else [], strict=True):
        row["q_value"] = round(q, 4)
        row["precedes"] = q < FALSE_DISCOVERIES and row["r"] > 0 and row["lag"] > 0
    return found


def _pairs(
    said: Mapping[str, Series], measured: Mapping[str, Series], informs: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[Pair, Series, Series]]:
    """Yield what is thought to inform a score before it, and each of trust, value and learning before the others."""
    for dimension, names in informs.items():
        for name in names:
            if name in measured and dimension in said:
                yield (name, dimension), measured[name], said[dimension]
    for first in SCORES:
        for second in SCORES:
            if first != second and {first, second} <= said.keys():
                yield (first, second), said[first], said[second]


def _lags(pair: Pair, first: Series, second: Series) -> Iterator[dict[str, Any]]:
    changes = [_changes(first[name], second[name]) for name in sorted(first.keys() & second.keys())]
    for lag in LAGS:
        row = {"leads": pair[0], "follows": pair[1], "lag": lag}
        yield {**row, **lagged(changes, lag)}


def _changes(first: Mapping[int, float], second: Mapping[int, float]) -> tuple[Floats, Floats]:
    """Return the changes over a quarter of both series, on the months that either of them has."""
    start, end = min(*first, *second), max(*first, *second)
    x, y = (array(each, start, end) for each in (first, second))
    return x[QUARTER:] - x[:-QUARTER], y[QUARTER:] - y[:-QUARTER]


def lagged(changes: list[tuple[Floats, Floats]], lag: int) -> dict[str, Any]:
    """Return the correlation of changes with those of `lag` months later, its 90 % interval and how often by chance.

    `changes` are those of each alliance, [months] each (nan: none). The interval counts pairs as fewer where changes
    resemble their neighbours (Bartlett 1946); the p-value is one-sided: by turning, as high or higher.
    """
    pairs = [_at(x, y, lag) for x, y in changes]
    pairs = [(x, y) for x, y in pairs if len(x) >= 2]
    n = sum(len(x) for x, _ in pairs)
    row: dict[str, Any] = {"pairs": n, "alliances": len(pairs), "r": None, "low": None, "high": None, "p_value": None}
    row |= {"q_value": None, "precedes": None}
    r = _correlation(pairs)
    if n < FEWEST_PAIRS or len(pairs) < FEWEST_ALLIANCES or not np.isfinite(r):
        return {**row, "status": LOW_N}
    margin = Z90 / sqrt(max(n / _alike(changes) - 3, 1.0))
    middle = atanh(float(np.clip(r, -0.999, 0.999)))
    numbers = {"r": r, "low": tanh(middle - margin), "high": tanh(middle + margin)}
    p = _by_turning(changes, lag, r)
    return {**row, **{name: round(value, 2) for name, value in numbers.items()}, "p_value": round(p, 4), "status": OK}


def _at(x: Floats, y: Floats, lag: int) -> tuple[Floats, Floats]:
    """Return the pairs in which both changes are known."""
    first, second = x[: len(x) - lag] if lag else x, y[lag:]
    both = np.isfinite(first) & np.isfinite(second)
    return first[both], second[both]


def _correlation(pairs: list[tuple[Floats, Floats]]) -> float:
    """Return the correlation within alliances: each change minus its alliance's mean, scaled within the alliance."""
    return float(_joined(np.sum([_sums(x, y) for x, y in pairs], axis=0))) if pairs else float("nan")


def _sums(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Return Σxy, Σx² and Σy² of an alliance's standardised changes."""
    if len(x) < 2:
        return 0.0, 0.0, 0.0
    first, second = _standard(x), _standard(y)
    return float(first @ second), float(first @ first), float(second @ second)


def _joined(sums: Floats) -> Floats:
    """Return correlations from sums [..., 3]; nan where nothing varies."""
    spread = np.sqrt(sums[..., 1] * sums[..., 2])
    joined: Floats = np.where(spread > 1e-9, sums[..., 0] / np.maximum(spread, 1e-9), np.nan)
    return joined


def _standard(values: Floats) -> Floats:
    spread = values.std()
    standard: Floats = (values - values.mean()) / (spread if spread > 1e-9 else 1.0)
    return standard


def _alike(changes: list[tuple[Floats, Floats]]) -> float:
    """Return how many pairs count as one: 1 + 2 Σ r_x(k) r_y(k), over the months that quarters overlap and one more."""
    total = 1.0
    for k in range(1, QUARTER + 1):
        rx, ry = (_correlation([_at(each[side], each[side], k) for each in changes]) for side in (0, 1))
        total += 2 * max(np.nan_to_num(rx * ry), 0.0)
    return float(total)


def _by_turning(changes: list[tuple[Floats, Floats]], lag: int, r: float) -> float:
    """Return how often turned series correlate as highly; the series as they are count among them."""
    rng = np.random.default_rng(23)
    total = np.zeros((TURNS, 3))
    for x, y in changes:
        turned = np.array([_sums(*_at(np.roll(x, turn), y, lag)) for turn in range(len(x))])
        total += turned[rng.integers(len(x), size=TURNS)]
    higher = int((_joined(total) >= r - 1e-9).sum())
    return (higher + 1) / (TURNS + 1)
