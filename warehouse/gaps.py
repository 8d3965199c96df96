"""The tables `gap` and `agreement`: where the two sides and the signals part, and how far they agree in general."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from math import sqrt
from typing import Any

import numpy as np

from warehouse.blend import Z90
from warehouse.comparison import agreement, benjamini_hochberg, p_value
from warehouse.self_report import by_sides

Rows = list[dict[str, Any]]
FALSE_DISCOVERIES = 0.1
FEWEST = 10
"""Alliance months from which agreement is told."""


def gaps(survey: Rows, blended: Rows, spread: Mapping[str, float]) -> Rows:
    """Return the rows of `gap`; flagged where two waves running stand out after correction.

    `spread` is dimension -> variance of one answer.
    """
    means = by_sides(survey)
    by_month: dict[date, Rows] = defaultdict(list)
    for row in blended:
        sides = means.get((row["alliance"], row["period"], row["dimension"]), {})
        if len(sides) == 2:
            by_month[row["period"]] += _gaps_of(row, sides, spread[row["dimension"]])
    for found in by_month.values():
        q_values = benjamini_hochberg([each["p"] for each in found])
        for each, q in zip(found, q_values, strict=True):
            each["q_value"] = round(q, 4)
    return list(_flagged([each for month in sorted(by_month) for each in by_month[month]]))


def _gaps_of(row: dict[str, Any], sides: Mapping[str, dict[str, Any]], spread: float) -> Iterator[dict[str, Any]]:
    a, b = sides["a"], sides["b"]
    pairs = [("a_b", a["value"] - b["value"], spread / a["answers"] + spread / b["answers"])]
    if row["signal_value"] is not None:
        own = ((row["signal_high"] - row["signal_low"]) / (2 * Z90)) ** 2
        pairs += [
            (f"{name}_signal", side["value"] - row["signal_value"], spread / side["answers"] + own)
            for name, side in (("a", a), ("b", b))
        ]
    for name, difference, variance in pairs:
        yield {
            **{key: row[key] for key in ("alliance", "period", "dimension")},
            "gap": name,
            "value": round(difference, 2),
            "z": round(difference / sqrt(variance), 2),
            "p": p_value(difference, variance),
            "status": "ok",
        }


def _flagged(found: Rows) -> Iterator[dict[str, Any]]:
    """Yield the gaps, oldest first, and whether each stands out for the second wave running on the same side."""
    last: dict[tuple[str, str, str], tuple[float, float]] = {}
    for row in found:
        key = (row["alliance"], row["dimension"], row["gap"])
        q, value = last.get(key, (1.0, 0.0))
        row["flagged"] = max(row["q_value"], q) < FALSE_DISCOVERIES and row["value"] * value > 0
        last[key] = (row["q_value"], row["value"])
        yield {name: value for name, value in row.items() if name != "p"}


def agreements(blended: Rows) -> Rows:
    """Return the rows of `agreement`, where at least ten alliance months have survey and signals."""
    pairs: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for row in blended:
        if row["origin"] == "blend":
            pairs[row["dimension"]].append((row["survey_value"], row["signal_value"], row["alliance"]))
    found: Rows = []
    for dimension, own in pairs.items():
        if len(own) >= FEWEST:
            survey, signal, alliance = (np.array(each) for each in zip(*own, strict=True))
            for statistic, value in agreement(survey, signal, alliance).items():
                shown = round(value, 2) if np.isfinite(value) else None
                found.append({"dimension": dimension, "statistic": statistic, "value": shown, "n": len(own)})
    return found
