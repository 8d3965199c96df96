"""Rates of wording: does the published interval hold the share that the people were drawn from?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from simulation.course import BASELINE, Course
from simulation.latent import Floats
from simulation.streams import FIRST, Told
from simulation.traffic import SIZE, Mask, Traffic

NEGATIVE, CLOSED, YES, POSITIVE, OPEN, NONE = 0, 0, 1, 2, 2, 1
ORDINARY = ("still", "deepening", "declining", "shock", "collapse")


@dataclass(frozen=True, slots=True)
class Cell:
    """One published number beside its truth; nan where it was not shown."""

    world: int
    name: str
    indicator: str
    direction: str
    period: date
    doubt: bool
    truth: float
    value: float
    low: float
    high: float

    @property
    def shown(self) -> bool:
        """Return whether the month was shown."""
        return self.value == self.value

    @property
    def held(self) -> bool:
        """Return whether the interval holds the truth, the published ends included."""
        return self.low - 1e-9 <= self.truth <= self.high + 1e-9


def cells(told: Sequence[Told], *, doubt: bool) -> list[Cell]:
    """Return the cells of a world's ordinary alliances."""
    return [cell for each in told if each.name in ORDINARY for cell in _of(each, doubt)]


def _of(each: Told, doubt: bool) -> Iterator[Cell]:
    truth = Truth(each)
    for row in each.published["indicator"]:
        if row["indicator"] in TRUTHS and row["period"] in FIRST and row["grain"] == "month":
            true = truth.of(row["indicator"], row["direction"], row["period"])
            if true is not None:
                numbers = (np.nan if row[name] is None else row[name] for name in ("value", "low", "high"))
                key = each.world, each.name, row["indicator"], row["direction"], row["period"]
                yield Cell(*key, doubt, true, *numbers)


class Truth:
    """The true rates of an alliance's months."""

    def __init__(self, told: Told) -> None:
        self._course: Course = told.course
        self._traffic: Traffic = told.traffic
        self._kept: Mask = told.kept
        self._month = told.traffic.month
        self._rates: dict[str, Floats] = {}
        self._side_a = told.traffic.author < SIZE
        self._week = np.minimum(told.traffic.week, len(told.course.depth) - 1)

    def of(self, indicator: str, direction: str, period: date) -> float | None:
        """Return the true value of a month; None where the indicator has no simple one."""
        if indicator == "coinvest" and direction == "both":
            return None
        way = {"both": self._kept, "a_to_b": self._kept & self._side_a, "b_to_a": self._kept & ~self._side_a}[direction]
        own = way & (self._month == np.datetime64(period, "D"))
        return TRUTHS[indicator](self, own, way) if own.any() else None

    def rate(self, head: str, place: int, own: Mask) -> float:
        """Return the mean share of a class over messages."""
        if head not in self._rates:
            self._rates[head] = self._course.rates(head)
        return float(self._rates[head][self._week[own], place].mean())

    def tone(self, own: Mask) -> float:
        """Return positive minus negative."""
        return self.rate("tone", POSITIVE, own) - self.rate("tone", NEGATIVE, own)

    def tone_change(self, own: Mask, way: Mask) -> float:
        """Return tone minus that of the weeks of the baseline."""
        usual = way & (self._traffic.week >= BASELINE.start) & (self._traffic.week < BASELINE.stop)
        return self.tone(own) - self.tone(usual)

    def part(self, place: int, own: Mask) -> float:
        """Return the share of a class of openness among messages with anything to be open about."""
        unasked = float((~self._traffic.answers[own]).mean())
        return self.rate("transparency", place, own) / (1 - unasked * self.rate("transparency", NONE, own))

    def substance(self, own: Mask) -> float:
        """Return the share of messages that share, seek, commit or are open."""
        none = np.ones(len(self._course.depth))
        for head, place in (("shares", YES), ("seeks", YES), ("commits", YES), ("transparency", OPEN)):
            none = none * (1 - self._course.rates(head)[:, place])
        return float(1 - none[self._week[own]].mean())


TRUTHS = {
    "tone": lambda truth, own, way: truth.tone(own),
    "tone_change": lambda truth, own, way: truth.tone_change(own, way),
    "openness": lambda truth, own, way: truth.part(OPEN, own),
    "closedness": lambda truth, own, way: truth.part(CLOSED, own),
    "transparency": lambda truth, own, way: truth.part(OPEN, own) - truth.part(CLOSED, own),
    "depth_substantive": lambda truth, own, way: truth.substance(own),
    "coinvest": lambda truth, own, way: 100 * truth.rate("commits", YES, own),
}
"""Indicator -> its truth for the messages of a month, given all of the same way."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the intervals held, how sure that is, how wide and how far off they were, and how many."""

    held: float
    spread: float
    width: float
    bias: float
    cells: int


def coverage(found: Sequence[Cell]) -> Coverage:
    """Return the coverage of cells; its standard error comes from whole worlds, whose months share people."""
    shown = [cell for cell in found if cell.shown]
    if not shown:
        return Coverage(np.nan, np.nan, np.nan, np.nan, 0)
    by_world: dict[tuple[int, str, bool], list[bool]] = {}
    for cell in shown:
        by_world.setdefault((cell.world, cell.name, cell.doubt), []).append(cell.held)
    means = [float(np.mean(each)) for each in by_world.values()]
    spread = float(np.std(means, ddof=1) / np.sqrt(len(means))) if len(means) > 1 else np.nan
    return Coverage(
        float(np.mean([cell.held for cell in shown])),
        spread,
        float(np.mean([cell.high - cell.low for cell in shown])),
        float(np.mean([cell.value - cell.truth for cell in shown])),
        len(shown),
    )
