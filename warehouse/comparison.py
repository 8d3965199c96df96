"""Where the two sides and the signals part: standardised gaps, false discoveries controlled, and agreement."""

from collections.abc import Sequence
from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def p_value(difference: float, variance: float) -> float:
    """Return the two-sided normal p-value of a difference."""
    return 1.0 - erf(abs(difference) / sqrt(2 * max(variance, 1e-12)))


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Return q-values in the order of the p-values (Benjamini & Hochberg 1995)."""
    order = np.argsort(p)
    raised = np.asarray(p)[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return [float(each) for each in q]


def agreement(first: Floats, second: Floats) -> dict[str, float]:
    """Return bias, ccc (Lin 1989), icc_a1 and icc_c1 (McGraw & Wong 1996, two raters), and r."""
    n = len(first)
    bias = float((second - first).mean())
    covariance = float(np.cov(first, second, ddof=1)[0, 1])
    total = float(first.var(ddof=1) + second.var(ddof=1))
    rows = np.vstack([first, second])
    grand = rows.mean()
    between = 2 * ((rows.mean(0) - grand) ** 2).sum() / (n - 1)
    raters = n * ((rows.mean(1) - grand) ** 2).sum()
    rest = ((rows - grand) ** 2).sum() - between * (n - 1) - raters
    error = rest / (n - 1)
    return {
        "bias": bias,
        "ccc": 2 * covariance / max(total + bias**2, 1e-12),
        "icc_a1": float((between - error) / max(between + error + 2 * (raters - error) / n, 1e-12)),
        "icc_c1": float((between - error) / max(between + error, 1e-12)),
        "r": covariance / max(sqrt(float(first.var(ddof=1) * second.var(ddof=1))), 1e-12),
    }
