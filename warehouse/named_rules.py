"""The named rules over series of waves, each with how often it fires when nothing has changed.

False-alarm rate and power come from simulated waves with the noise of the present number of answers: a year of history
and a year in which the rule is asked at every wave, without any change for the one, with a lasting drop in the
middle of that year for the other: one point of the scale 1 to 5, one robust sd, or a fifth of the agreed frequency.
"""

import tomllib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Fires = Callable[[Floats, Floats, Floats, int], Mask]
"""Values and standard errors [series, ..., waves], thresholds [series], waves a quarter -> [...] for the first."""

PROBABLE = 1.2816
"""Standard errors from zero at which a change has a posterior probability of 90 %."""

RECENT = 0.2
"""Weight of the newest wave in an exponentially weighted mean."""

WORLDS = 1000


@cache
def rules() -> dict[str, dict[str, Any]]:
    """Return rule name -> its text and threshold."""
    return tomllib.loads(files("warehouse").joinpath("rules.toml").read_text(encoding="utf-8"))


def _quarters(values: Floats, quarter: int, count: int) -> Floats:
    """Return the means of the last `count` quarters, latest last, [..., count]."""
    last = values[..., -quarter * count :]
    means: Floats = last.reshape(*last.shape[:-1], count, quarter).mean(-1)
    return means


def _declines(values: Floats, errors: Floats, limits: Floats, quarter: int) -> Mask:
    """Two quarters running below the one before."""
    steps = np.diff(_quarters(values[0], quarter, 3))
    fired: Mask = (steps < -limits[0]).all(-1)
    return fired


def _drops(values: Floats, errors: Floats, limits: Floats, quarter: int) -> Mask:
    """Both last waves lie below the one before them by more than the threshold."""
    fired: Mask = (values[0, ..., -3:-2] - values[0, ..., -2:] > limits[0]).all(-1)
    return fired


def _below(values: Floats, errors: Floats, limits: Floats, quarter: int) -> Mask:
    fired: Mask = np.atleast_1d(values[0, ..., -1] < limits[0]).reshape(values.shape[1:-1])
    return fired


def _below_beside_high(values: Floats, errors: Floats, limits: Floats, quarter: int) -> Mask:
    """The judged series is low while every other one reaches its threshold."""
    beside = limits[1:].reshape(-1, *[1] * (values.ndim - 2))
    high = (values[1:, ..., -1] >= beside).all(0)
    fired: Mask = np.where(high, _below(values, errors, limits, quarter), False)
    return fired


def _stagnates(values: Floats, errors: Floats, limits: Floats, quarter: int) -> Mask:
    """The last two quarters differ by less than the threshold."""
    fired: Mask = np.abs(np.diff(_quarters(values[0], quarter, 2)))[..., 0] < limits[0]
    return fired


def _falls(values: Floats, errors: Floats, limits: Floats, quarter: int) -> Mask:
    """The last quarter lies below the one before it by more than the threshold."""
    fired: Mask = np.diff(_quarters(values[0], quarter, 2))[..., 0] < -limits[0]
    return fired


def _material(values: Floats, errors: Floats, limits: Floats, quarter: int) -> Mask:
    """Both last waves lie materially below the first two quarters, each with a probability of 90 % or more."""
    first = 2 * quarter
    start = values[0, ..., :first].mean(-1, keepdims=True)
    known = (errors[0, ..., :first] ** 2).mean(-1, keepdims=True) / first
    spread = np.sqrt(errors[0, ..., -2:] ** 2 + known)
    fallen = start - values[0, ..., -2:]
    fired: Mask = ((fallen >= limits[0]) & (fallen >= PROBABLE * spread)).all(-1)
    return fired


def _drifts(values: Floats, errors: Floats, limits: Floats, quarter: int) -> Mask:
    """A weighted mean of all waves since, recent ones more, has sunk below the first two quarters (Roberts 1959).

    The limit counts standard errors of that mean, widened for waves that resemble the one before.
    """
    first = 2 * quarter
    start = values[0, ..., :first].mean(-1, keepdims=True)
    residual = (values[0] - start) / np.maximum(np.median(errors[0], axis=-1, keepdims=True), 1e-9)
    later = residual[..., first:]
    weights = RECENT * (1 - RECENT) ** np.arange(later.shape[-1])[::-1]
    own = residual - residual.mean(-1, keepdims=True)
    alike = (own[..., 1:] * own[..., :-1]).sum(-1) / np.maximum((own**2).sum(-1), 1e-9)
    alike = np.clip(alike, 0, 0.8)
    spread = np.sqrt(((weights**2).sum() + weights.sum() ** 2 / first) * (1 + alike) / (1 - alike))
    fired: Mask = np.asarray(later @ weights < -limits[0] * spread).reshape(values.shape[1:-1])
    return fired


FIRES: dict[str, tuple[Fires, int, int]] = {
    "two_consecutive_declines": (_declines, 0, 3),
    "drop_over_one_point_two_months": (_drops, 3, 0),
    "below_threshold": (_below, 1, 0),
    "learning_low_trust_value_high": (_below_beside_high, 1, 0),
    "value_stagnant": (_stagnates, 0, 2),
    "decisions_slower": (_falls, 0, 2),
    "frequency_below_agreed": (_below, 1, 0),
    "material_probable_standing": (_material, 2, 2),
    "sharing_falls": (_material, 2, 2),
    "slow_drift": (_drifts, 2, 2),
}
"""Rule -> what fires it, and the waves and quarters that it needs."""


def fires(rule: str, values: Floats, errors: Floats, limits: Floats, quarter: int) -> Mask:
    """Return whether a rule fires at the last wave of [series, ..., waves]; with too few waves none does."""
    judge, waves, quarters = FIRES[rule]
    if values.shape[-1] < waves + quarters * quarter:
        return np.zeros(values.shape[1:-1], dtype=bool)
    return judge(values, errors, limits, quarter)


@cache
def rates(
    rule: str,
    levels: tuple[float, ...],
    noises: tuple[float, ...],
    errors: tuple[float, ...],
    limits: tuple[float, ...],
    quarter: int,
    drop: float = 1.0,
    gain: float = 1.0,
) -> tuple[float, float]:
    """Return (false-alarm rate, power) of a rule within a year.

    Each series has a level, the noise between its surveys (sd), the standard error that the rule is told, and a
    threshold; the first is judged. `quarter` is how many waves a quarter has; power is that to see the `drop`. A
    blended series follows its surveys late: each wave it takes over the share `gain` of what parts it from its survey.
    """
    year = 4 * quarter
    rng = np.random.default_rng(11)
    noise = rng.normal(size=(len(levels), WORLDS, 2 * year)) * np.array(noises)[:, None, None]
    stable = np.array(levels)[:, None, None] + noise
    told = np.broadcast_to(np.array(errors)[:, None, None], stable.shape)
    fallen = stable.copy()
    fallen[0, :, year + year // 2 :] -= drop
    worlds = (_followed(each, np.array(levels), gain) for each in (stable, fallen))
    false_alarm, power = (_within(rule, each, told, np.array(limits), quarter, year) for each in worlds)
    return false_alarm, power


def _followed(values: Floats, levels: Floats, gain: float) -> Floats:
    """Return what follows values [series, ..., waves] from their levels on, the share `gain` of the way each wave."""
    if gain >= 1:
        return values
    followed, last = np.empty_like(values), np.broadcast_to(levels[:, None], values.shape[:-1])
    for wave in range(values.shape[-1]):
        last = followed[..., wave] = last + gain * (values[..., wave] - last)
    return followed


def _within(rule: str, values: Floats, errors: Floats, limits: Floats, quarter: int, year: int) -> float:
    ends = range(year + 1, 2 * year + 1)
    fired = [fires(rule, values[..., :end], errors[..., :end], limits, quarter) for end in ends]
    return float(np.any(fired, axis=0).mean())
