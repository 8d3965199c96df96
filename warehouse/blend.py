"""Survey and signals as one estimate: a Fay–Herriot area model, solved as one Gaussian posterior.

Fay & Herriot (1979); Rao & Molina (2015), chapter 10. The survey mean y of an alliance and month is θ + e with
e ~ N(0, s²/n); θ = α + x'β + v_alliance + u + w, where u passes with its month and w lasts (AR(1), as in Rao & Yu
1994). How far alliances, months and signals move θ is not known; a grid of possible sizes is weighed by how well each
explains the surveys, so few waves leave the signals little weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Z90 = 1.645
CENTRE, LEVEL = 3.0, 1.0
"""Prior mean and sd of the common level α, on the scale 1 to 5."""

MEMORY = 0.9
"""Correlation from one month to the next of what lasts, so that a level that has fallen is not drawn back up."""

SIZES = tuple(product((0.1, 0.3, 0.6), (0.15, 0.3, 0.6), (0.0, 0.3, 0.6), (0.0, 0.1, 0.25, 0.5)))
"""Possible sd of alliances, of what passes with a month, of what lasts, and of the effect of one sd of a signal; all
equally likely beforehand."""


@dataclass(frozen=True, slots=True)
class Wave:
    """An alliance's month, counted from any one: survey mean and its error variance (nan without answers), signals
    [k] (nan: none)."""

    alliance: str
    month: int
    y: float
    variance: float
    x: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Blended:
    """Posterior mean with 90 % interval, weight g of the own survey (0..1), and what is said without that survey."""

    value: float
    low: float
    high: float
    survey_weight: float
    signal_value: float
    signal_low: float
    signal_high: float


def blend(waves: Sequence[Wave], *, scale: float = 1.0) -> list[Blended]:
    """Return one estimate a wave. `scale` is the width of the answers' scale over four (1 for 1–5)."""
    y = np.array([wave.y for wave in waves]) / scale - CENTRE
    error = np.array([wave.variance for wave in waves]) / scale**2
    seen = np.isfinite(y) & np.isfinite(error)
    if not seen.any():
        return [Blended(*(np.nan,) * 7) for _ in waves]
    x = _standardised(np.array([wave.x for wave in waves], dtype=float).reshape(len(waves), -1))
    names = np.array([wave.alliance for wave in waves])
    same = (names[:, None] == names[None, :]).astype(float)
    months = np.array([wave.month for wave in waves])
    lag = np.abs(months[:, None] - months[None, :])
    parts = (x @ x.T, same, same * (lag == 0), same * MEMORY**lag)
    fits = [_fit(_prior(parts, *sizes), y, error, seen) for sizes in SIZES]
    evidence = np.array([fit[0] for fit in fits])
    weights = np.exp(evidence - evidence.max())
    weights /= weights.sum()
    value, spread = _mixed(weights, np.array([fit[1] for fit in fits]))
    without, wide = _mixed(weights, np.array([fit[2] for fit in fits]))
    own = weights @ np.array([fit[3] for fit in fits])
    numbers = [each + sign * Z90 * sd for each, sd in ((value, spread), (without, wide)) for sign in (0, -1, 1)]
    v, low, high, s, s_low, s_high = ((each + CENTRE) * scale for each in numbers)
    return [Blended(*map(float, row)) for row in zip(v, low, high, own, s, s_low, s_high, strict=True)]


def _standardised(x: Floats) -> Floats:
    """Return signals with mean 0 and sd 1, [waves, k]; an unknown signal says nothing, 0."""
    if x.size == 0:
        return x
    known = np.isfinite(x)
    count = np.maximum(known.sum(0), 1)
    mean = np.nansum(x, 0) / count
    spread = np.sqrt(np.nansum((x - mean) ** 2, 0) / count)
    standard: Floats = np.nan_to_num((x - mean) / np.where(spread > 1e-9, spread, 1.0))
    return standard


def _prior(parts: tuple[Floats, ...], alliance: float, passing: float, lasting: float, slope: float) -> Floats:
    """Return the covariance of θ: common level, and by their sizes signals, alliance, and the two kinds of months."""
    signals, same, once, long = parts
    covariance: Floats = LEVEL**2 + slope**2 * signals + alliance**2 * same + passing**2 * once + lasting**2 * long
    return covariance


def _fit(
    prior: Floats, y: Floats, error: Floats, seen: NDArray[np.bool_]
) -> tuple[float, tuple[Floats, Floats], tuple[Floats, Floats], Floats]:
    """Return log evidence, θ given all surveys, θ given all but the own survey (means, variances), and its weight.

    Leaving a wave out needs no second solution: y_i − [K⁻¹y]_i / [K⁻¹]_ii and 1 / [K⁻¹]_ii (Rasmussen & Williams 2006,
    equation 5.12).
    """
    known = prior[np.ix_(seen, seen)] + np.diag(error[seen])
    inverse = np.linalg.inv(known)
    pull = inverse @ y[seen]
    evidence = -0.5 * (float(y[seen] @ pull) + float(np.linalg.slogdet(known)[1]))
    across = prior[:, seen]
    mean = across @ pull
    variance = np.diag(prior) - ((across @ inverse) * across).sum(1)
    without, wide = mean.copy(), variance.copy()
    left_out = 1 / np.diag(inverse)
    without[seen] = y[seen] - pull * left_out
    wide[seen] = np.maximum(left_out - error[seen], 1e-9)
    weight = np.where(seen, wide / (wide + np.where(seen, error, 1.0)), 0.0)
    return evidence, (mean, variance), (without, wide), weight


def _mixed(weights: Floats, fits: NDArray[np.float64]) -> tuple[Floats, Floats]:
    """Return mean and sd of a mixture of normals; fits [sizes, mean or variance, waves]."""
    mean = weights @ fits[:, 0]
    second = weights @ (fits[:, 1] + fits[:, 0] ** 2)
    return mean, np.sqrt(np.maximum(second - mean**2, 1e-12))
