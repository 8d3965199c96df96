"""The Relationship Velocity Index: depth against an alliance's own baseline, and its slope over twelve weeks.

Each week's depth looks back over four weeks, so neighbouring weeks share most of their messages and twelve of them hold
little more than three independent looks. Resampling blocks of their residuals covers the true slope about half
of the time; the interval here uses the correlation that the overlap makes, and Student's t with as many degrees of
freedom as it leaves (Satterthwaite 1946).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
WEEKS = 12
NEEDED = 10
"""Weeks with a depth that a velocity needs among the trailing twelve."""

OVERLAP = 4
"""Weeks that each week's components look back over, itself included."""

QUARTER = 13
STALLED = 0.25
LONGEST = 52
"""Most weeks that are ever said to be needed still."""

FLOOR = 0.03
"""Least scale of ln(1 + x) that one robust sd of a component may be."""

MEDIAN_LOSS = 1.05
"""Standard error of the median slope over that of least squares, measured on normal noise with this overlap."""


@dataclass(frozen=True, slots=True)
class Velocity:
    """RVI in robust sd a quarter with its 90 % interval; `state` follows from the interval alone.

    `weeks_needed` are the weeks still needed: for a velocity at all, or, when undetermined, for a state at this pace.
    """

    rvi: float
    low: float
    high: float
    state: str
    weeks_used: int
    weeks_needed: int
    sign_stability: float


def robust_z(values: Floats, baseline: Mask) -> Floats:
    """Return (ln(1+x) − median) / (1.4826·MAD) against the baseline, clipped to ±3; nan where x is nan.

    A component that hardly varies in its baseline has no scale; the floor is about what one pair or one thread moves.
    """
    logs = np.log1p(values)
    own = logs[baseline & np.isfinite(logs)]
    if len(own) < 4:
        return np.full_like(values, np.nan)
    z: Floats = np.clip((logs - np.median(own)) / robust_scale(own), -3, 3)
    return z


def robust_scale(own: Floats) -> float:
    """Return 1.4826·MAD of a baseline's ln(1 + x), and no less than FLOOR."""
    return max(1.4826 * float(np.median(np.abs(own - np.median(own)))), FLOOR)


def depth(z: Mapping[str, Floats], weights: Mapping[str, float], *, needed: int = 3) -> Floats:
    """Return the weighted mean of the components' z in each week; nan where fewer than `needed` are known."""
    stacked = np.vstack([z[name] for name in z])
    weight = np.array([weights[name] for name in z])[:, None] * np.isfinite(stacked)
    total = (np.nan_to_num(stacked) * weight).sum(0)
    known = np.isfinite(stacked).sum(0) >= needed
    mean: Floats = np.where(known, total / np.maximum(weight.sum(0), 1e-9), np.nan)
    return mean


def alternatives(z: Mapping[str, Floats], weights: Mapping[str, float], baseline: Mask) -> list[Floats]:
    """Return depth built otherwise, as Nardo et al. (OECD/JRC 2008) try an index.

    Weights: equal, each component doubled; components: each left out; aggregation: a geometric mean; normalisation: by
    the standard deviation of the baseline's weeks, and by rank among them.
    """
    equal = dict.fromkeys(z, 1.0)
    shifted = {name: np.log(each + 4) for name, each in z.items()}
    standard = {name: each / max(_spread(each[baseline]), FLOOR) for name, each in z.items()}
    ranked = {name: _ranked(each, each[baseline]) for name, each in z.items()}
    left_out = [depth({n: z[n] for n in z if n != name}, weights, needed=2) for name in z]
    doubled = [depth(z, {**weights, name: 2 * weights[name]}) for name in z]
    others = [depth(standard, weights), depth(ranked, weights)]
    return [depth(z, equal), np.exp(depth(shifted, weights)), *left_out, *doubled, *others]


def _spread(usual: Floats) -> float:
    known = usual[np.isfinite(usual)]
    return float(known.std()) if len(known) else 1.0


def _ranked(values: Floats, usual: Floats) -> Floats:
    """Return the share of the baseline's weeks that lie below each value, those alike by half; nan where x is nan."""
    known = usual[np.isfinite(usual)]
    difference = np.sign(values[:, None] - known[None, :])
    shares: Floats = np.where(np.isfinite(values), (difference.sum(1) / max(len(known), 1) + 1) / 2, np.nan)
    return shares


def theil_sen(values: Floats) -> float:
    """Return the median slope between all pairs of weeks, a week (Theil 1950; Sen 1968); nan below two weeks."""
    weeks = np.flatnonzero(np.isfinite(values))
    if len(weeks) < 2:
        return float("nan")
    first, second = np.triu_indices(len(weeks), 1)
    rise = values[weeks[second]] - values[weeks[first]]
    return float(np.median(rise / (weeks[second] - weeks[first])))


def velocity(trailing: Floats, others: Sequence[Floats] = ()) -> Velocity:
    """Return the velocity of the trailing weeks of depth (at most 12 are used).

    `others` are depths built otherwise; `sign_stability` is the share of them whose slope has the same sign.
    """
    window = trailing[-WEEKS:]
    used = int(np.isfinite(window).sum())
    if used < NEEDED:
        return Velocity(np.nan, np.nan, np.nan, "undetermined", used, NEEDED - used, np.nan)
    slope = theil_sen(window)
    half = _half_width(window) * QUARTER
    rvi = slope * QUARTER
    state = named(rvi - half, rvi + half)
    needed = _still_needed(rvi, half) if state == "undetermined" else 0
    signs = [np.sign(theil_sen(other[-WEEKS:])) == np.sign(slope) for other in others]
    stable = float(np.mean(signs)) if signs else np.nan
    return Velocity(rvi, rvi - half, rvi + half, state, used, needed, stable)


def named(low: float, high: float) -> str:
    """Name an interval: deepening above 0, declining below, stalled inside ±0.25, else undetermined."""
    if low > 0:
        return "deepening"
    if high < 0:
        return "declining"
    return "stalled" if low > -STALLED and high < STALLED else "undetermined"


def _half_width(window: Floats) -> float:
    """Return half the 90 % interval of the slope, a week, from the residuals around the least-squares line."""
    weeks = np.flatnonzero(np.isfinite(window))
    trace, freedom, factor = _overlapping(tuple(map(int, weeks)))
    values = window[weeks]
    residual = values - np.polyval(np.polyfit(weeks, values, 1), weeks)
    sd = float(np.sqrt(residual @ residual / trace))
    return float(stdtrit(freedom, 0.95)) * sd * factor * MEDIAN_LOSS


@cache
def _overlapping(weeks: tuple[int, ...]) -> tuple[float, float, float]:
    """Return what the residuals' squares add up to, their degrees of freedom, and a slope's error, all for sd 1."""
    at = np.array(weeks, dtype=float)
    correlation = np.maximum(0, 1 - np.abs(np.subtract.outer(at, at)) / OVERLAP)
    design = np.column_stack([np.ones_like(at), at - at.mean()])
    left = correlation - design @ np.linalg.solve(design.T @ design, design.T @ correlation)
    centred = design[:, 1]
    trace = float(np.trace(left))
    factor = float(np.sqrt(centred @ correlation @ centred) / (centred @ centred))
    return trace, trace**2 / float(np.trace(left @ left)), factor


def _still_needed(rvi: float, half: float) -> int:
    """Return the weeks after which this pace would be told from standing still, or standing still be sure.

    A slope's interval shrinks with the power 1.5 of the weeks it spans.
    """
    spans = np.arange(WEEKS + 1, WEEKS + LONGEST + 1)
    halves = half * (WEEKS / spans) ** 1.5
    settled = np.flatnonzero((halves < abs(rvi)) | (abs(rvi) + halves < STALLED))
    return int(settled[0]) + 1 if len(settled) else LONGEST
