"""What both sides say in surveys: means with intervals, and blended with the signals."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from math import isfinite, nan, sqrt
from typing import Any

import numpy as np

from warehouse.answers import quarter
from warehouse.blend import Z90, Blended, Wave, blend
from warehouse.gate import SHOWN
from warehouse.inputs import BuildInputs

Key = tuple[str, date, str]
"""Alliance, month, dimension or indicator."""

Rows = list[dict[str, Any]]
OVERALL = 2.25
"""Points of the scale 1 to 10 that one point of the scale 1 to 5 is."""

PRIOR_ANSWERS, PRIOR_SD = 10, 0.8
"""What steadies the spread of answers while few are there."""


class SelfReport:
    """Survey answers of a program, pooled once; each method returns the rows of one published table."""

    def __init__(self, inputs: BuildInputs, indicators: Rows) -> None:
        self._inputs = inputs
        self._answers: dict[tuple[str, date, str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in inputs.surveys:
            self._answers[row["alliance"], row["period"], row["side"], row["dimension"]].append(row)
        asked = {key[3] for key in self._answers}
        self.dimensions = [name for names in inputs.frameworks.values() for name in names if name in asked]
        self.spread = {dimension: self._pooled(dimension) for dimension in self.dimensions}
        self._signals = signals(indicators)

    def _pooled(self, dimension: str) -> float:
        """Return the pooled variance of answers within a side's wave; a wave that is not shown has no part in it."""
        waves = [found for key, found in self._answers.items() if key[3] == dimension]
        groups = [[row["value"] for row in found] for found in waves if len(found) >= self._inputs.min_answers]
        squares = sum(float(((np.array(group) - np.mean(group)) ** 2).sum()) for group in groups)
        prior = PRIOR_ANSWERS * (PRIOR_SD * scale_of(dimension)) ** 2
        return (squares + prior) / (sum(len(group) - 1 for group in groups) + PRIOR_ANSWERS)

    def side_means(self) -> Rows:
        """Return the rows of `survey`."""
        frameworks = {name: framework for framework, names in self._inputs.frameworks.items() for name in names}
        return [
            {
                **{"alliance": alliance, "period": period, "side": side},
                **{"framework": frameworks[dimension], "dimension": dimension},
                **self._mean(dimension, answers),
            }
            for (alliance, period, side, dimension), answers in sorted(self._answers.items())
            if dimension in frameworks
        ]

    def _mean(self, dimension: str, answers: Rows) -> dict[str, Any]:
        """Return a side's mean with its interval; nothing below the fewest answers."""
        n = len(answers)
        if n < self._inputs.min_answers:
            return {"status": "low_n"}
        mean = float(np.mean([row["value"] for row in answers]))
        margin = Z90 * sqrt(self.spread[dimension] / n)
        numbers = {"value": mean, "low": mean - margin, "high": mean + margin}
        return {
            **{name: round(value, 2) for name, value in numbers.items()},
            "answers": n,
            "comments": sum(row["has_comment"] for row in answers),
            "status": "ok",
        }

    def errors(self, survey: Rows) -> dict[Key, float]:
        """Return the standard error of each mean of both sides' means."""
        return {
            (alliance, period, dimension): sqrt(self._variance(dimension, sides))
            for (alliance, period, dimension), sides in by_sides(survey).items()
            if len(sides) == 2
        }

    def _variance(self, dimension: str, sides: Mapping[str, dict[str, Any]]) -> float:
        return self.spread[dimension] * sum(1 / int(row["answers"]) for row in sides.values()) / 4

    def blends(self, survey: Rows) -> Rows:
        """Return the rows of `blend`: every month that has a survey of both sides, or signals."""
        means = by_sides(survey)
        found: Rows = []
        for dimension in self.dimensions:
            keys = self._months(dimension, means)
            waves = [self._wave(key, means.get(key, {})) for key in keys]
            blended = blend(waves, scale=scale_of(dimension))
            found += [
                _blend_row(key, wave, each, means.get(key, {}))
                for key, wave, each in zip(keys, waves, blended, strict=True)
            ]
        return found

    def _months(self, dimension: str, means: Mapping[Key, Mapping[str, Any]]) -> list[Key]:
        surveyed = {key for key, sides in means.items() if key[2] == dimension and len(sides) == 2}
        informed = self._inputs.informs.get(dimension, ())
        signalled = {(alliance, period, dimension) for alliance, period, name in self._signals if name in informed}
        return sorted(surveyed | signalled)

    def _wave(self, key: Key, sides: Mapping[str, dict[str, Any]]) -> Wave:
        alliance, period, dimension = key
        informed = self._inputs.informs.get(dimension, ())
        x = tuple(self._signals.get((alliance, period, name), nan) for name in informed)
        month = 12 * period.year + period.month
        if len(sides) < 2:
            return Wave(alliance, month, nan, nan, x)
        y = float(np.mean([row["value"] for row in sides.values()]))
        return Wave(alliance, month, y, self._variance(dimension, sides), x)


def scale_of(dimension: str) -> float:
    """Return the width of a dimension's scale over four: 1 for 1 to 5, 2.25 for 1 to 10."""
    return OVERALL if dimension == "overall" else 1.0


def by_sides(survey: Rows) -> dict[Key, dict[str, dict[str, Any]]]:
    """Return alliance, month and dimension -> side -> the shown row of `survey`."""
    found: dict[Key, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in survey:
        if row["status"] in SHOWN:
            found[row["alliance"], row["period"], row["dimension"]][row["side"]] = row
    return found


def _blend_row(key: Key, wave: Wave, each: Blended, sides: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    surveyed, signalled = isfinite(wave.y), any(isfinite(x) for x in wave.x)
    numbers = {"value": each.value, "low": each.low, "high": each.high, "survey_weight": each.survey_weight}
    if surveyed:
        numbers["survey_value"] = wave.y
    if signalled:
        numbers |= {"signal_value": each.signal_value, "signal_low": each.signal_low, "signal_high": each.signal_high}
    return {
        **dict(zip(("alliance", "period", "dimension"), key, strict=True)),
        **dict.fromkeys(("survey_value", "signal_value", "signal_low", "signal_high")),
        **{name: round(value, 2) if isfinite(value) else None for name, value in numbers.items()},
        "answers": sum(row["answers"] for row in sides.values()) if surveyed else None,
        "origin": "blend" if surveyed and signalled else "survey_only" if surveyed else "signals_only",
        "status": "ok" if isfinite(each.value) else "no_data",
    }


def signals(indicators: Rows) -> dict[Key, float]:
    """Return (alliance, month, indicator) -> value: both directions, else the mean of the two.

    A month with too few requests speaks through its quarter.
    """
    shown: dict[tuple[str, str, date, str], dict[str, float]] = defaultdict(dict)
    for row in indicators:
        if row["status"] in SHOWN:
            shown[row["grain"], row["alliance"], row["period"], row["indicator"]][row["direction"]] = row["value"]
    known = {(row["alliance"], row["period"], row["indicator"]) for row in indicators if row["grain"] == "month"}
    joined = {key: _joined(ways) for key, ways in shown.items()}
    found: dict[Key, float] = {}
    for alliance, period, name in known:
        own = joined.get(("month", alliance, period, name))
        value = own if own is not None else joined.get(("quarter", alliance, quarter(period), name))
        if value is not None:
            found[alliance, period, name] = value
    return found


def _joined(ways: Mapping[str, float]) -> float | None:
    if "both" in ways:
        return ways["both"]
    return sum(ways.values()) / 2 if len(ways) == 2 else None
