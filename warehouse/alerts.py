"""The table `alert`: each named rule on each series it reads, judged at the latest wave."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warehouse.candidate import Z90
from warehouse.gate import SHOWN
from warehouse.inputs import BuildInputs
from warehouse.named_rules import fires, rates, rules
from warehouse.self_report import scale_of

Floats = NDArray[np.float64]
Rows = list[dict[str, Any]]

SLOWEST = 0.05
"""Least gain that is reckoned with, and the steps of it; a survey that weighs nothing would never be followed."""


@dataclass(frozen=True, slots=True)
class Point:
    """One wave: its value, the standard error that a rule is told, the noise between surveys, and how fast it follows.

    `gain` is the share of what parts a blended series from a wave's survey that it takes over at once; 1 takes all.
    """

    period: date
    value: float
    error: float
    noise: float
    gain: float = 1.0


Series = dict[tuple[str, str, str], list[Point]]
"""(Source, alliance, dimension) -> waves, oldest first."""


def alerts(
    inputs: BuildInputs, blended: Rows, indicators: Rows, components: Rows, errors: dict[tuple[str, date, str], float]
) -> Rows:
    """Return the rows of `alert`; `errors` are the standard errors of the survey means."""
    series: Series = defaultdict(list)
    for row in sorted(blended, key=lambda each: each["period"]):
        if row["survey_value"] is not None:
            _add_wave(series, row, errors[row["alliance"], row["period"], row["dimension"]])
    _add_measured(series, "component", "component", "z", components)
    both = [row for row in indicators if row["direction"] == "both" and row["grain"] == "month"]
    _add_measured(series, "indicator", "indicator", "value", both)
    return [row for alliance in inputs.alliances for row in _of(alliance, series)]


def _add_wave(series: Series, row: dict[str, Any], error: float) -> None:
    """Add a wave's survey mean and its blended estimate, on the scale 1 to 5."""
    scale = scale_of(row["dimension"])
    key = (row["alliance"], row["dimension"])
    own = error / scale
    series["survey", *key].append(Point(row["period"], _on_five(row["survey_value"], scale), own, own))
    sd = (row["high"] - row["low"]) / (2 * Z90) / scale
    value = _on_five(row["value"], scale)
    series["blend", *key].append(Point(row["period"], value, sd, own, row["survey_weight"]))


def _on_five(value: float, scale: float) -> float:
    return 1 + (value - 1) / scale


def _add_measured(series: Series, source: str, name: str, column: str, found: Iterable[dict[str, Any]]) -> None:
    """Add series of numbers that were not asked for; their noise is what their own steps from month to month show."""
    apart: dict[tuple[str, str], list[tuple[date, float]]] = defaultdict(list)
    for row in found:
        if row["status"] in SHOWN and row[column] is not None:
            apart[row["alliance"], row[name]].append((row["period"], row[column]))
    for key, points in apart.items():
        points.sort()
        steps = np.diff([value for _, value in points])
        noise = float(np.sqrt((steps**2).mean() / 2)) if len(steps) >= 3 else 1.0
        series[source, *key] = [Point(period, value, noise, noise) for period, value in points]


def _of(alliance: Any, series: Series) -> Iterator[dict[str, Any]]:
    for name, rule in rules().items():
        for dimension in rule["dimensions"]:
            beside = rule.get("beside", {})
            found = [series.get((rule["source"], alliance.id, each), []) for each in (dimension, *beside)]
            limit = alliance.agreed_frequency if rule["measure"] == "agreed" else rule["threshold"]
            common, waves = _in_rhythm(_together(found))
            if common[0] and limit is not None:
                limits = np.array([limit, *beside.values()])
                yield _judged(alliance.id, name, dimension, common, limits, waves)


def _together(found: list[list[Point]]) -> list[list[Point]]:
    """Return the series with the waves that all of them have."""
    common = set.intersection(*({point.period for point in points} for points in found))
    return [[point for point in points if point.period in common] for points in found]


def _in_rhythm(found: list[list[Point]]) -> tuple[list[list[Point]], int]:
    """Return series, quarter by quarter where the last waves came in quarters, and how many waves a quarter has."""
    months = [12 * point.period.year + point.period.month for point in found[0][-4:]]
    if len(months) < 2 or np.median(np.diff(months)) < 3:
        return found, 3
    return [_quarterly(points) for points in found], 1


def _quarterly(points: list[Point]) -> list[Point]:
    """Return one point a quarter, at its last wave."""
    quarters: dict[tuple[int, int], list[Point]] = defaultdict(list)
    for point in points:
        quarters[point.period.year, (point.period.month - 1) // 3].append(point)
    return [_mean(own) for own in quarters.values()]


def _mean(own: list[Point]) -> Point:
    """Return the mean of waves; blended ones share most of their error, which a mean of them therefore keeps."""
    value, gain = float(np.mean([each.value for each in own])), float(np.mean([each.gain for each in own]))
    parts = len(own) if gain == 1 else 1
    error, noise = (
        float(np.sqrt(np.mean(np.square(each)) / parts))
        for each in ([point.error for point in own], [point.noise for point in own])
    )
    return Point(own[-1].period, value, error, noise, gain)


def _judged(
    alliance: str, name: str, dimension: str, found: list[list[Point]], limits: Floats, quarter: int
) -> dict[str, Any]:
    rule = rules()[name]
    values = np.array([[point.value for point in points] for points in found])
    errors = np.array([[point.error for point in points] for points in found])
    noises = np.array([[point.noise for point in points] for points in found])
    usual = values[:, : 2 * quarter].mean(1), np.median(noises, axis=1), np.median(errors, axis=1)
    level, noise, error = (tuple(np.round(each, 2).tolist()) for each in usual)
    drop = 0.2 * float(limits[0]) if rule["measure"] == "agreed" else 1.0
    gain = max(round(found[0][-1].gain / SLOWEST) * SLOWEST, SLOWEST)
    false_alarm, power = rates(name, level, noise, error, tuple(limits.tolist()), quarter, drop, gain)
    return {
        "alliance": alliance,
        "period": found[0][-1].period,
        "rule": name,
        "dimension": dimension,
        "fired": bool(fires(name, values, errors, limits, quarter)),
        "false_alarm_rate": round(false_alarm, 3),
        "power": round(power, 3),
        "threshold": round(_shown(float(limits[0]), dimension, rule["measure"]), 3),
        **{key: rule[key] for key in ("version", "default_alert", "question", "intervention", "pivot")},
    }


def _shown(limit: float, dimension: str, measure: str) -> float:
    """Return a threshold on the scale of its dimension."""
    scale = 1.0 if measure == "errors" else scale_of(dimension)
    return 1 + (limit - 1) * scale if measure == "level" else limit * scale
