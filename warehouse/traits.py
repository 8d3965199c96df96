"""The table `trait_method`: do two methods agree on one dimension better than one method across dimensions?

The multitrait–multimethod matrix (Campbell & Fiske 1959), of survey means and of signals without that survey, both on
the survey's scale. Correlations are of what moves within an alliance: levels differ between alliances for reasons that
every dimension and both methods share.
"""

from collections import defaultdict
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np

from warehouse.comparison import correlation
from warehouse.gaps import FEWEST

Rows = list[dict[str, Any]]
Measure = tuple[str, str]
"""Dimension, and method: survey or signal."""
Month = tuple[str, date]

KINDS = {(True, False): "validity", (False, True): "same method", (False, False): "neither"}
"""(same dimension, same method) -> what the correlation is called."""


def trait_methods(blended: Rows) -> Rows:
    """Return one row a pair of measures that have at least ten alliance months in common; r is -1 to 1 or None."""
    measures: dict[Measure, dict[Month, float]] = defaultdict(dict)
    for row in blended:
        if row["origin"] == "blend":
            month = (row["alliance"], row["period"])
            measures[row["dimension"], "survey"][month] = row["survey_value"]
            measures[row["dimension"], "signal"][month] = row["signal_value"]
    return [
        _row(first, second, measures, common)
        for first, second in combinations(sorted(measures), 2)
        if len(common := sorted(measures[first].keys() & measures[second].keys())) >= FEWEST
    ]


def _row(first: Measure, second: Measure, measures: dict[Measure, dict[Month, float]], common: list[Month]) -> Any:
    r = correlation(*(_moves([measures[each][month] for month in common], common) for each in (first, second)))
    return {
        "dimension": first[0],
        "method": first[1],
        "other_dimension": second[0],
        "other_method": second[1],
        "kind": KINDS[first[0] == second[0], first[1] == second[1]],
        "r": round(r, 2) if np.isfinite(r) else None,
        "n": len(common),
    }


def _moves(values: list[float], months: list[Month]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return values minus the mean of their alliance."""
    groups = np.unique([alliance for alliance, _ in months], return_inverse=True)[1]
    found = np.asarray(values, dtype=float)
    moved: np.ndarray[Any, np.dtype[np.float64]] = found - (np.bincount(groups, found) / np.bincount(groups))[groups]
    return moved
