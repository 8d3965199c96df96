"""Statistics of two ways to say the same: false discoveries controlled, and agreement."""

from collections.abc import Sequence
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def p_value(difference: float, variance: float) -> float:
    """Return the two-sided normal p-value of a difference."""
    return erfc(abs(difference) / sqrt(2 * max(variance, 1e-12)))


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Return q-values in the order of the p-values (Benjamini & Hochberg 1995)."""
    order = np.argsort(p)
    raised = np.asarray(p)[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return [float(each) for each in q]


def agreement(first: Floats, second: Floats, group: NDArray[np.str_] | None = None) -> dict[str, float]:
    """Return how two measures [n] of the same agree; `group` [n] names the alliance of each pair.

    bias and the limits of agreement loa_low and loa_high (Bland & Altman 1999, section 5: repeated measures, variance
    within and between groups); ccc (Lin 1989); icc_a1 and icc_c1 (McGraw & Wong 1996, two raters); r, and r_within and
    r_between groups (nan with fewer than three groups).
    """
    groups = np.zeros(len(first), dtype=int) if group is None else np.unique(group, return_inverse=True)[1]
    bias = float((second - first).mean())
    spread = 1.96 * sqrt(_repeated_variance(second - first, groups))
    covariance = float(np.cov(first, second, ddof=1)[0, 1])
    total = float(first.var(ddof=1) + second.var(ddof=1))
    inside, between = _parted(first, groups), _parted(second, groups)
    return {
        "bias": bias,
        "loa_low": bias - spread,
        "loa_high": bias + spread,
        "ccc": 2 * covariance / max(total + bias**2, 1e-12),
        **_intraclass(first, second),
        "r": correlation(first, second),
        "r_within": correlation(inside[0], between[0]),
        "r_between": correlation(inside[1], between[1]) if len(inside[1]) >= 3 else float("nan"),
    }


def correlation(first: Floats, second: Floats) -> float:
    """Return Pearson's r; nan where one of them does not vary."""
    first, second = first - first.mean(), second - second.mean()
    spread = sqrt(float((first**2).sum() * (second**2).sum()))
    return float(first @ second) / spread if spread > 1e-12 else float("nan")


def _intraclass(first: Floats, second: Floats) -> dict[str, float]:
    n, rows = len(first), np.vstack([first, second])
    grand = rows.mean()
    between = 2 * ((rows.mean(0) - grand) ** 2).sum() / (n - 1)
    raters = n * ((rows.mean(1) - grand) ** 2).sum()
    error = (((rows - grand) ** 2).sum() - between * (n - 1) - raters) / (n - 1)
    absolute, consistent = between + error + 2 * (raters - error) / n, between + error
    return {
        "icc_a1": float((between - error) / max(absolute, 1e-12)),
        "icc_c1": float((between - error) / max(consistent, 1e-12)),
    }


def _parted(values: Floats, groups: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Return values minus their group's mean, and the groups' means."""
    means = np.bincount(groups, values) / np.bincount(groups)
    return values - means[groups], means


def _repeated_variance(differences: Floats, groups: NDArray[np.int64]) -> float:
    """Return the variance of one difference when groups have several: within groups plus between groups."""
    inside, means = _parted(differences, groups)
    counts = np.bincount(groups)
    k, n = len(counts), len(differences)
    if k < 2 or n <= k:
        return float(differences.var(ddof=1))
    within = float((inside**2).sum()) / (n - k)
    across = float((counts * (means - differences.mean()) ** 2).sum()) / (k - 1)
    size = (n**2 - float((counts**2).sum())) / ((k - 1) * n)
    return within + max((across - within) / size, 0.0)
