"""The named rules over monthly series, each with how often it fires when nothing changed.

False-alarm rate and power come from simulated years of twelve waves with the error of the present number of answers:
no change for the one, a drop of one point in mid-year for the other.
"""

import tomllib
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Fires = Callable[[Floats, Floats, float], bool]


def rules() -> dict[str, dict[str, Any]]:
    """Return rule name -> its text and threshold."""
    return tomllib.loads(files("warehouse").joinpath("rules.toml").read_text(encoding="utf-8"))


def _declines(values: Floats, error: Floats, threshold: float) -> bool:
    quarters = [values[max(0, end - 3) : end].mean() for end in range(len(values), 2, -3)][:3]
    return len(quarters) == 3 and quarters[0] < quarters[1] < quarters[2]


def _drop(values: Floats, error: Floats, threshold: float) -> bool:
    return len(values) >= 3 and bool((values[-3] - values[-2:] > threshold).all())


def _below(values: Floats, error: Floats, threshold: float) -> bool:
    return len(values) >= 1 and bool(values[-1] < threshold)


def _stagnant(values: Floats, error: Floats, threshold: float) -> bool:
    return len(values) >= 6 and bool(np.abs(np.diff([values[-6:-3].mean(), values[-3:].mean()]))[0] < threshold)


def _material(values: Floats, error: Floats, threshold: float) -> bool:
    """Fire when both last periods lie materially below the first six, each with probability of 90 % or more."""
    if len(values) < 8:
        return False
    start = values[:6].mean()
    spread = np.sqrt(error[-2:] ** 2 + (error[:6] ** 2).mean() / 6)
    fallen = start - values[-2:]
    return bool((fallen >= threshold).all() and (fallen / np.maximum(spread, 1e-9) >= 1.2816).all())


FIRES: dict[str, Fires] = {
    "two_consecutive_declines": _declines,
    "drop_over_one_point_two_months": _drop,
    "below_threshold": _below,
    "learning_low_trust_value_high": _below,
    "value_stagnant": _stagnant,
    "material_probable_standing": _material,
    "sharing_falls": _material,
}


def rates(rule: str, threshold: float, level: float, error: float, *, worlds: int = 400) -> tuple[float, float]:
    """Return (false-alarm rate, power) of a rule over a year of monthly waves at this level and standard error."""
    rng = np.random.default_rng(11)
    noise = rng.normal(0, max(error, 1e-6), (worlds, 12))
    change = np.where(np.arange(12) >= 6, -1.0, 0.0)
    return tuple(  # type: ignore[return-value]
        float(np.mean([_fires_within(rule, threshold, level + shift + row, error) for row in noise]))
        for shift in (np.zeros(12), change)
    )


def _fires_within(rule: str, threshold: float, year: Floats, error: float) -> bool:
    spread = np.full(12, error)
    return any(FIRES[rule](year[:end], spread[:end], threshold) for end in range(3, 13))
