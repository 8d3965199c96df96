"""What both sides say in surveys: means with intervals, blended with the signals, compared, and put to the rules."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import isfinite, sqrt
from typing import Any

import numpy as np

from warehouse.blend import Z90, Blended, Wave, blend
from warehouse.comparison import agreement, benjamini_hochberg, p_value
from warehouse.inputs import BuildInputs
from warehouse.named_rules import FIRES, rates, rules

Key = tuple[str, date, str, str]
Rows = list[dict[str, Any]]


class SelfReport:
    """Survey answers of a program, pooled once; each method returns the rows of one published table."""

    def __init__(self, inputs: BuildInputs, indicators: Rows) -> None:
        self._inputs = inputs
        self._answers: dict[Key, list[dict[str, Any]]] = defaultdict(list)
        for row in inputs.surveys:
            self._answers[row["alliance"], row["period"], row["side"], row["dimension"]].append(row)
        self._spread = {dimension: self._pooled(dimension) for dimension in self._dimensions()}
        self._signals = {
            (row["alliance"], row["period"], row["indicator"]): row["value"]
            for row in indicators
            if row["status"] == "ok" and row["direction"] == "both"
        } | _smaller_directions(indicators)
        self._blended: dict[tuple[str, date, str], Blended] = {}

    def _dimensions(self) -> list[str]:
        asked = {key[3] for key in self._answers}
        return [name for names in self._inputs.frameworks.values() for name in names if name in asked]

    def _pooled(self, dimension: str) -> float:
        """Return the pooled variance of answers within a side's wave, steadied by ten prior answers of sd 0.8."""
        groups = [[row["value"] for row in found] for key, found in self._answers.items() if key[3] == dimension]
        scale = 2.25 if dimension == "overall" else 1.0
        squares = sum(float(((np.array(group) - np.mean(group)) ** 2).sum()) for group in groups)
        return (squares + 10 * 0.64 * scale**2) / (sum(len(group) - 1 for group in groups) + 10)

    def side_means(self) -> Rows:
        """Return the rows of `survey`."""
        frameworks = {name: framework for framework, names in self._inputs.frameworks.items() for name in names}
        found = []
        for (alliance, period, side, dimension), answers in sorted(self._answers.items()):
            n = len(answers)
            shown = n >= self._inputs.min_answers
            mean = float(np.mean([row["value"] for row in answers]))
            margin = Z90 * sqrt(self._spread[dimension] / n)
            numbers = {"value": mean, "low": mean - margin, "high": mean + margin}
            found.append(
                {
                    "alliance": alliance,
                    "period": period,
                    "side": side,
                    "framework": frameworks[dimension],
                    "dimension": dimension,
                    **{name: round(value, 2) if shown else None for name, value in numbers.items()},
                    "answers": n if shown else None,
                    "comments": sum(row["has_comment"] for row in answers) if shown else None,
                    "status": "ok" if shown else "low_n",
                }
            )
        return found

    def _means(self, survey: Rows) -> dict[tuple[str, date, str], dict[str, dict[str, Any]]]:
        found: dict[tuple[str, date, str], dict[str, dict[str, Any]]] = defaultdict(dict)
        for row in survey:
            if row["status"] == "ok":
                found[row["alliance"], row["period"], row["dimension"]][row["side"]] = row
        return found

    def blends(self, survey: Rows) -> Rows:
        """Return the rows of `blend`: every month that has a survey of both sides, or signals."""
        means = self._means(survey)
        found: Rows = []
        for dimension in self._dimensions():
            keys = self._months(dimension, means)
            signals = self._inputs.informs.get(dimension, ())
            waves = [self._wave(alliance, period, dimension, means, signals) for alliance, period in keys]
            scale = 2.25 if dimension == "overall" else 1.0
            for (alliance, period), wave, each in zip(keys, waves, blend(waves, scale=scale), strict=True):
                self._blended[alliance, period, dimension] = each
                found.append(self._blend_row(alliance, period, dimension, wave, each, means))
        return found

    def _months(self, dimension: str, means: Mapping[tuple[str, date, str], Any]) -> list[tuple[str, date]]:
        surveyed = {(alliance, period) for alliance, period, name in means if name == dimension}
        informed = self._inputs.informs.get(dimension, ())
        signalled = {(alliance, period) for alliance, period, name in self._signals if name in informed}
        return sorted(surveyed | signalled)

    def _wave(
        self,
        alliance: str,
        period: date,
        dimension: str,
        means: Mapping[tuple[str, date, str], dict[str, dict[str, Any]]],
        signals: Sequence[str],
    ) -> Wave:
        sides = means.get((alliance, period, dimension), {})
        x = tuple(self._signals.get((alliance, period, name), float("nan")) for name in signals)
        if len(sides) < 2:
            return Wave(alliance, float("nan"), float("nan"), x)
        y = float(np.mean([row["value"] for row in sides.values()]))
        variance = sum(self._spread[dimension] / row["answers"] for row in sides.values()) / 4
        return Wave(alliance, y, variance, x)

    def _blend_row(
        self, alliance: str, period: date, dimension: str, wave: Wave, each: Blended, means: Mapping[Any, Any]
    ) -> dict[str, Any]:
        surveyed, signalled = isfinite(wave.y), any(isfinite(x) for x in wave.x)
        origin = "blend" if surveyed and signalled else "survey_only" if surveyed else "signals_only"
        sides = means.get((alliance, period, dimension), {})
        numbers = {
            "value": each.value,
            "low": each.low,
            "high": each.high,
            "survey_weight": each.survey_weight,
            "survey_value": wave.y,
            "signal_value": each.signal_value if signalled else float("nan"),
            "signal_low": each.signal_low if signalled else float("nan"),
            "signal_high": each.signal_high if signalled else float("nan"),
        }
        return {
            "alliance": alliance,
            "period": period,
            "dimension": dimension,
            **{name: round(value, 2) if isfinite(value) else None for name, value in numbers.items()},
            "answers": sum(row["answers"] for row in sides.values()) if surveyed else None,
            "origin": origin,
            "status": "ok" if isfinite(each.value) else "no_data",
        }

    def gaps(self, survey: Rows, blended: Rows) -> Rows:
        """Return the rows of `gap`; flagged where two waves running stand out after correction."""
        means = self._means(survey)
        found: Rows = []
        for row in blended:
            sides = means.get((row["alliance"], row["period"], row["dimension"]), {})
            if len(sides) == 2:
                found += self._gaps_of(row, sides)
        for period in {row["period"] for row in found}:
            month = [row for row in found if row["period"] == period]
            q_values = benjamini_hochberg([row["p"] for row in month])
            for row, q in zip(month, q_values, strict=True):
                row["q_value"] = round(q, 4)
        return list(_flagged(found))

    def _gaps_of(self, row: dict[str, Any], sides: Mapping[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
        variance = {side: self._spread[row["dimension"]] / found["answers"] for side, found in sides.items()}
        pairs = [("a_b", sides["a"]["value"] - sides["b"]["value"], variance["a"] + variance["b"])]
        if row["signal_value"] is not None:
            own = ((row["signal_high"] - row["signal_low"]) / (2 * Z90)) ** 2
            pairs += [
                (f"{side}_signal", sides[side]["value"] - row["signal_value"], variance[side] + own) for side in "ab"
            ]
        for name, difference, error in pairs:
            yield {
                **{key: row[key] for key in ("alliance", "period", "dimension")},
                "gap": name,
                "value": round(difference, 2),
                "z": round(difference / sqrt(error), 2),
                "p": p_value(difference, error),
                "status": "ok",
            }

    def agreements(self, blended: Rows) -> Rows:
        """Return the rows of `agreement`, where at least ten alliance months have survey and signals."""
        found: Rows = []
        for dimension in self._dimensions():
            pairs = [
                (row["survey_value"], row["signal_value"])
                for row in blended
                if row["dimension"] == dimension and row["origin"] == "blend"
            ]
            if len(pairs) >= 10:
                first, second = np.array(pairs, dtype=float).T
                for statistic, value in agreement(first, second).items():
                    found.append(
                        {
                            "dimension": dimension,
                            "statistic": statistic,
                            "value": round(value, 2),
                            "n": len(pairs),
                        }
                    )
        return found

    def alerts(self, blended: Rows, components: Rows) -> Rows:
        """Return the rows of `alert`: each rule on each series it looks at, at its last month."""
        series: dict[tuple[str, str], list[tuple[date, float, float]]] = defaultdict(list)
        for row in blended:
            if row["status"] == "ok" and row["origin"] != "signals_only":
                error = (row["high"] - row["low"]) / (2 * Z90)
                series[row["alliance"], row["dimension"]].append((row["period"], row["value"], error))
        for row in components:
            if row["status"] == "ok" and row["z"] is not None:
                series[row["alliance"], row["component"]].append((row["period"], row["z"], 0.5))
        return [
            _alert(alliance, dimension, points, name, rule)
            for name, rule in rules().items()
            for (alliance, dimension), points in sorted(series.items())
            if dimension in rule["dimensions"]
        ]


def _alert(
    alliance: str, dimension: str, points: list[tuple[date, float, float]], name: str, rule: dict[str, Any]
) -> dict[str, Any]:
    values, errors = (np.array([point[place] for point in sorted(points)]) for place in (1, 2))
    level, error = float(values[:6].mean()), float(np.median(errors))
    false_alarm, power = rates(name, rule["threshold"], round(level, 1), round(error, 2))
    return {
        "alliance": alliance,
        "period": max(points)[0],
        "rule": name,
        "dimension": dimension,
        "fired": FIRES[name](values, errors, rule["threshold"]),
        "false_alarm_rate": round(false_alarm, 3),
        "power": round(power, 3),
        **{key: rule[key] for key in ("version", "default_alert", "threshold", "question", "intervention", "pivot")},
    }


def _flagged(found: Rows) -> Iterator[dict[str, Any]]:
    last: dict[tuple[str, str, str], tuple[float, float]] = {}
    for row in sorted(found, key=lambda each: each["period"]):
        key = (row["alliance"], row["dimension"], row["gap"])
        before = last.get(key, (1.0, 0.0))
        row["flagged"] = row["q_value"] < 0.1 and before[0] < 0.1 and row["value"] * before[1] > 0
        last[key] = (row["q_value"], row["value"])
        yield {name: value for name, value in row.items() if name != "p"}


def _smaller_directions(indicators: Rows) -> dict[tuple[str, date, str], float]:
    """Return the smaller direction of indicators that are kept by direction only."""
    found: dict[tuple[str, date, str], list[float]] = defaultdict(list)
    for row in indicators:
        if row["status"] == "ok" and row["direction"] != "both" and row["value"] is not None:
            found[row["alliance"], row["period"], row["indicator"]].append(row["value"])
    directed = ("unsolicited", "coinvest", "evaded", "answer_within_day")
    return {key: min(values) for key, values in found.items() if len(values) == 2 and key[2] in directed}
