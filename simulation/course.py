"""What is true of an alliance from week to week, and the shares of wording that follow from it."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from simulation.latent import Floats, wander

WEEKS = 56
BASELINE = slice(3, 15)
"""Weeks that a night takes as baseline: the first twelve after three to look back on."""

PEOPLE_SD = 0.4
"""How far people's habits of wording differ, in log odds."""

POPULATION = ndtri((np.arange(99) + 0.5) / 99) * PEOPLE_SD
MEMORY = 0.8
WANDERS = 0.12
"""What the states of a still alliance do by themselves from week to week, in log odds."""

LEANS = {
    "tone": (-1.0, 0.0, 1.0),
    "transparency": (-1.0, 0.0, 1.0),
    "orientation": (0.0, 0.0, 1.0),
    **dict.fromkeys(("shares", "seeks", "commits", "social"), (0.0, 1.0)),
}
"""Head -> how the log odds of each of its classes move with the state behind it."""

BEHIND = {"tone": "warmth", "seeks": "neither"}
"""Head -> the state that moves it, where that is not depth."""

USUAL = {
    "tone": ((0.02, 0.10), None, (0.08, 0.25)),
    "transparency": ((0.01, 0.05), None, (0.15, 0.40)),
    "orientation": ((0.30, 0.50), None, (0.04, 0.12)),
    "shares": (None, (0.20, 0.40)),
    "seeks": (None, (0.12, 0.25)),
    "commits": (None, (0.03, 0.10)),
    "social": (None, (0.03, 0.10)),
}
"""Head -> between what an alliance's usual share of each class lies; the class without a range has the rest."""


@dataclass(frozen=True, slots=True)
class Course:
    """An alliance's truth: states by week in log odds, messages a week, and the usual shares of each head."""

    depth: Floats
    warmth: Floats
    volume: Floats
    usual: dict[str, Floats]

    def shares(self, head: str, habit: Floats) -> Floats:
        """Return the shares of a head's classes each week for people of a habit [m], [weeks, m, classes]."""
        state = {"warmth": self.warmth, "neither": 0 * self.depth}.get(BEHIND.get(head, ""), self.depth)
        moved = state[:, None] + habit[None, :]
        odds = self.usual[head] * np.exp(moved[..., None] * np.array(LEANS[head]))
        shares: Floats = odds / odds.sum(-1, keepdims=True)
        return shares

    def rates(self, head: str) -> Floats:
        """Return the mean share over all people there could be, [weeks, classes]."""
        rates: Floats = self.shares(head, POPULATION).mean(1)
        return rates


def course(rng: np.random.Generator, *, slope: float = 0.0, shock: int | None = None, volume: float = 80.0) -> Course:
    """Return a course whose depth changes by `slope` (log odds a quarter) after its first half year.

    A `shock` is a week from which wording turns colder and less is shared, for three weeks. Around the turn of the
    year almost nobody writes.
    """
    weeks = np.arange(WEEKS)
    depth, warmth = wander(rng, (2, WEEKS), WANDERS, MEMORY)
    depth = depth + slope * np.maximum(weeks - 20, 0) / 13
    if shock is not None:
        hit = (weeks >= shock) & (weeks < shock + 3)
        depth, warmth = depth - 0.8 * hit, warmth - 1.2 * hit
    written = np.where((weeks == 42) | (weeks == 43), 0.15, 1.0) * volume
    return Course(depth, warmth, written, {head: _usual(rng, ranges) for head, ranges in USUAL.items()})


def _usual(rng: np.random.Generator, ranges: tuple[tuple[float, float] | None, ...]) -> Floats:
    shares = np.array([rng.uniform(*each) if each else 0.0 for each in ranges])
    shares[[each is None for each in ranges]] = 1 - shares.sum()
    return shares
