"""Geometry of one-row charts: marks with intervals on a survey's scale, in percent of the width."""

from collections.abc import Sequence
from dataclasses import dataclass

from desk.figures import plain, with_interval

LEFT, RIGHT = 3.0, 97.0


@dataclass(frozen=True, slots=True)
class Mark:
    """One estimate of a row: what it is, how it is drawn, value and interval on the scale."""

    label: str
    css: str
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Strip:
    """Ticks and marks as (css, x, from, until), and the same in words."""

    ticks: list[tuple[float, str]]
    marks: list[tuple[str, float, float, float]]
    alternative: str


def strip(marks: Sequence[Mark], *, bottom: float, top: float) -> Strip:
    """Return one row on a scale from `bottom` to `top`; marks without a value are named in words only."""

    def x(value: float) -> float:
        inside = min(max(value, bottom), top)
        return round(LEFT + (RIGHT - LEFT) * (inside - bottom) / (top - bottom), 2)

    drawn = [(each, each.value) for each in marks if each.value is not None]
    return Strip(
        ticks=[(x(tick), plain(tick, 0)) for tick in _whole(bottom, top)],
        marks=[(m.css, x(v), x(v if m.low is None else m.low), x(v if m.high is None else m.high)) for m, v in drawn],
        alternative="; ".join(f"{m.label} {with_interval(m.value, m.low, m.high, 'plain')}" for m in marks),
    )


def _whole(bottom: float, top: float) -> list[float]:
    return [float(each) for each in range(round(bottom), round(top) + 1)]
