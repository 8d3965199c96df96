"""Survey and signals as one estimate: a Fay–Herriot area model, solved as one Gaussian posterior.

Fay & Herriot (1979); Rao & Molina (2015), chapter 10. The survey mean y of an alliance and month is θ + e with
e ~ N(0, s²/n); θ = α + x'β + v_alliance + u. With weak priors and few waves β stays near 0: the survey leads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Z90 = 1.645


@dataclass(frozen=True, slots=True)
class Wave:
    """An alliance's month: survey mean and its error variance (nan without answers), signals [k] (nan: none)."""

    alliance: str
    y: float
    variance: float
    x: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Blended:
    """Posterior mean with 90 % interval, weight g of the own survey (0..1), and what the signals say without it."""

    value: float
    low: float
    high: float
    survey_weight: float
    signal_value: float
    signal_low: float
    signal_high: float


def blend(waves: Sequence[Wave], *, scale: float = 1.0) -> list[Blended]:
    """Return one estimate a wave. `scale` is the width of the answers' scale over four (1 for 1–5)."""
    y = np.array([wave.y for wave in waves]) / scale
    error = np.array([wave.variance for wave in waves]) / scale**2
    seen = np.isfinite(y) & np.isfinite(error)
    if not seen.any():
        return [Blended(*(np.nan,) * 7) for _ in waves]
    x = _standardised(np.array([wave.x for wave in waves], dtype=float).reshape(len(waves), -1))
    same = np.equal.outer([wave.alliance for wave in waves], [wave.alliance for wave in waves])
    centre = 3.0
    prior = max(
        (_prior(x, same, *sizes) for sizes in product((0.05, 0.3, 0.6), (0.05, 0.2, 0.4), (0.05, 0.15, 0.4))),
        key=lambda k: _evidence(k[np.ix_(seen, seen)] + np.diag(error[seen]), y[seen] - centre),
    )
    return [_posterior(i, prior, y - centre, error, seen, centre, scale) for i in range(len(waves))]


def _standardised(x: Floats) -> Floats:
    if x.size == 0:
        return x
    known = np.isfinite(x)
    count = np.maximum(known.sum(0), 1)
    mean = np.nansum(x, 0) / count
    spread = np.sqrt(np.nansum((x - mean) ** 2, 0) / count)
    standard: Floats = np.nan_to_num((x - mean) / np.where(spread > 1e-9, spread, 1.0))
    return standard


def _prior(x: Floats, same: NDArray[np.bool_], alliance: float, wave: float, slope: float) -> Floats:
    """Return the covariance of θ: common level, signals, alliance and wave."""
    size = len(same)
    covariance: Floats = 1.0 + slope**2 * (x @ x.T) + alliance**2 * same + wave**2 * np.eye(size)
    return covariance


def _evidence(covariance: Floats, residual: Floats) -> float:
    _, logdet = np.linalg.slogdet(covariance)
    return float(-0.5 * (residual @ np.linalg.solve(covariance, residual) + logdet))


def _posterior(
    i: int, prior: Floats, y: Floats, error: Floats, seen: NDArray[np.bool_], centre: float, scale: float
) -> Blended:
    others = seen.copy()
    others[i] = False
    mean, variance = _predicted(i, prior, y, error, others)
    weight = variance / (variance + error[i]) if seen[i] else 0.0
    own = y[i] if seen[i] else 0.0
    value, spread = mean + weight * (own - mean), np.sqrt(variance * (1 - weight))
    without = np.sqrt(variance)
    numbers = (value, value - Z90 * spread, value + Z90 * spread, mean, mean - Z90 * without, mean + Z90 * without)
    v, low, high, s, s_low, s_high = ((each + centre) * scale for each in numbers)
    return Blended(v, low, high, float(weight), s, s_low, s_high)


def _predicted(i: int, prior: Floats, y: Floats, error: Floats, rows: NDArray[np.bool_]) -> tuple[float, float]:
    """Return mean and variance of θ_i given the surveys in `rows`."""
    if not rows.any():
        return 0.0, float(prior[i, i])
    gain = np.linalg.solve(prior[np.ix_(rows, rows)] + np.diag(error[rows]), prior[rows, i])
    return float(gain @ y[rows]), float(prior[i, i] - gain @ prior[rows, i])
