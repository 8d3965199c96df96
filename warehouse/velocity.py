"""The Relationship Velocity Index: depth against an alliance's own baseline, and its slope over twelve weeks."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
WEEKS = 12
NEEDED = 10
"""Weeks with a depth that a velocity needs among the trailing twelve."""

STALLED = 0.25


@dataclass(frozen=True, slots=True)
class Velocity:
    """RVI in robust sd a quarter with its 90 % interval; `state` follows from the interval alone."""

    rvi: float
    low: float
    high: float
    state: str
    weeks_used: int
    weeks_needed: int
    sign_stability: float


def robust_z(values: Floats, baseline: Mask) -> Floats:
    """Return (ln(1+x) − median) / (1.4826·MAD) against the baseline, clipped to ±3; nan where x is nan.

    A component that does not vary in its baseline has no scale; a floor of 0.05 keeps one message from being 3 sd.
    """
    logs = np.log1p(values)
    own = logs[baseline & np.isfinite(logs)]
    if len(own) < 4:
        return np.full_like(values, np.nan)
    centre = np.median(own)
    scale = max(1.4826 * float(np.median(np.abs(own - centre))), 0.05)
    z: Floats = np.clip((logs - centre) / scale, -3, 3)
    return z


def depth(z: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """Return the weighted mean of the components' z in each week; nan where fewer than three are known."""
    stacked = np.vstack([z[name] for name in z])
    weight = np.array([weights[name] for name in z])[:, None] * np.isfinite(stacked)
    total = (np.nan_to_num(stacked) * weight).sum(0)
    known = np.isfinite(stacked).sum(0) >= 3
    mean: Floats = np.where(known, total / np.maximum(weight.sum(0), 1e-9), np.nan)
    return mean


def theil_sen(values: Floats) -> float:
    """Return the median slope between all pairs of weeks, a week (Theil 1950; Sen 1968)."""
    weeks = np.flatnonzero(np.isfinite(values))
    first, second = np.triu_indices(len(weeks), 1)
    rise = values[weeks[second]] - values[weeks[first]]
    return float(np.median(rise / (weeks[second] - weeks[first])))


def velocity(trailing: Floats, *, draws: int = 300, block: int = 4, seed: int = 0) -> Velocity:
    """Return the velocity of the trailing weeks of depth (at most 12 are used).

    The interval is a block bootstrap of the residuals around the slope, in blocks of four weeks, because each
    week's components look back over four.
    """
    window = trailing[-WEEKS:]
    used = int(np.isfinite(window).sum())
    if used < NEEDED:
        return Velocity(np.nan, np.nan, np.nan, "undetermined", used, NEEDED - used, np.nan)
    slope = theil_sen(window)
    weeks = np.arange(len(window))
    residual = window - slope * weeks
    residual = np.nan_to_num(residual - np.nanmedian(residual))
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, len(window), (draws, -(-len(window) // block)))
    drawn = (starts[:, :, None] + np.arange(block)).reshape(draws, -1)[:, : len(window)] % len(window)
    slopes = np.array([theil_sen(slope * weeks + residual[rows]) for rows in drawn]) * 13
    low, high = (float(each) for each in np.quantile(slopes, [0.05, 0.95]))
    stable = float(np.mean(np.sign(slopes) == np.sign(slope)))
    return Velocity(slope * 13, low, high, state(low, high), used, 0, stable)


def state(low: float, high: float) -> str:
    """Name an interval: deepening above 0, declining below, stalled inside ±0.25, else undetermined."""
    if low > 0:
        return "deepening"
    if high < 0:
        return "declining"
    return "stalled" if low > -STALLED and high < STALLED else "undetermined"
