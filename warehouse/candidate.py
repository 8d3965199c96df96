"""What an indicator is, and one computed number on its way to the gate."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from math import nan, sqrt

from scipy.special import stdtrit

Z90 = 1.645


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator as `indicators.toml` defines it."""

    indicator: str
    unit: str
    directions: tuple[str, ...]
    kind: str
    minimum: int
    of: str
    pooled: bool
    meaning: str


@cache
def definitions() -> dict[str, Definition]:
    """Return indicator -> its definition, in the order of the file."""
    text = files("warehouse").joinpath("indicators.toml").read_text(encoding="utf-8")
    return {
        name: Definition(indicator=name, **{**fields, "directions": tuple(fields["directions"])})
        for name, fields in tomllib.loads(text).items()
    }


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number before the gate: its cell's key, its value with a 90 % interval (nan: none), and its data."""

    alliance: str
    period: date
    indicator: str
    direction: str
    value: float
    low: float = nan
    high: float = nan
    data: int = 0
    grain: str = "month"

    @property
    def definition(self) -> Definition:
        """Return what the number is."""
        return definitions()[self.indicator]


def margin(error: float, groups: int) -> float:
    """Return half a 90 % interval of a mean over `groups` people or threads: Student's t with groups − 1."""
    return float(stdtrit(groups - 1, 0.95)) * error if groups > 1 else nan


def mean_interval(values: list[float]) -> tuple[float, float, float]:
    """Return the mean of people's own means with its 90 % interval; nan for none."""
    n = len(values)
    if not n:
        return nan, nan, nan
    mean = sum(values) / n
    error = sqrt(sum((value - mean) ** 2 for value in values) / max(n - 1, 1) / n)
    half = margin(error, n)
    return mean, mean - half, mean + half
