"""The rules by name: how soon they see a true decline, and how often they fire where nothing fell."""

from dataclasses import dataclass

import numpy as np

from simulation.blends import INFORMATIVE, KINDS, NOISE, WEAK
from simulation.latent import USUAL, Floats, generator, signals, wander
from simulation.self_reports import Answered, Estimates, answered
from warehouse import rules
from warehouse.named_rules import fires

ALLIANCES, WAVES, HISTORY = 3, 18, 6
"""A program's alliances, waves, and the waves after which a year of nights is watched."""

DIMENSIONS = ("trust", "value", "learning")
DROP_AT = 11
"""First wave that is lower, in the one alliance of a program that declines."""

FALLEN = 0.25
"""Points of a true fall from which an alert is no false one: half of what the default alert calls material."""

QUARTER = 3
Z90 = 1.645
STILL, WANDERING = "still", "wandering"
WORLDS = {STILL: 0.0, WANDERING: 0.2}
"""What a state does by itself from month to month: its spread, with a memory of 0.6."""

SHAPES = {"sudden": 1, "slow": 6}
"""Months that a decline by one point takes."""

CONDITIONS = (
    *((STILL, "sudden", INFORMATIVE, n) for n in (3, 5, 10, 20)),
    *((STILL, "sudden", kind, 5) for kind in (WEAK, NOISE)),
    *((WANDERING, "sudden", INFORMATIVE, n) for n in (3, 5, 10)),
    (STILL, "slow", INFORMATIVE, 5),
)
"""Worlds that are watched: what states do by themselves, the decline, the signals, and the answers a side."""

Mask = np.ndarray
Nights = list[dict[str, Estimates]]
"""Night -> dimension -> what it estimates of all waves so far."""

ROUNDED = 0.005
"""Half of the last digit that is published."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A year of nights over many programs, for one rule on one dimension.

    `fired` [programs, alliances, nights] of waves HISTORY + 1 and later; the first alliance declines at DROP_AT.
    `fallen` [programs, alliances, nights] is how far the truth lies below its first half year, and `held` whether the
    interval that the night shows of its latest wave holds the truth.
    """

    rule: str
    dimension: str
    fired: Mask
    fallen: Floats
    held: Mask

    @property
    def false_alarms(self) -> float:
        """Return how often a year the rule begins to fire in a stable alliance that has not really fallen."""
        return float((_begins(self.fired[:, 1:]) & (self.fallen[:, 1:] < FALLEN)).sum(-1).mean())

    def found_within(self, nights: int) -> float:
        """Return the share of declines at which the rule fires on one of the first nights that see it."""
        first = DROP_AT - HISTORY
        return float(self.fired[:, 0, first : first + nights].any(-1).mean())

    @property
    def delay(self) -> float:
        """Return the median number of waves from the drop to the first alert; infinite where most have none."""
        after = self.fired[:, 0, DROP_AT - HISTORY :]
        return float(np.median(np.where(after.any(-1), after.argmax(-1) + 1.0, np.inf)))

    @property
    def held_after(self) -> float:
        """Return how often the interval holds the truth of the alliance that has declined, from the drop on."""
        return float(self.held[:, 0, DROP_AT - HISTORY :].mean())

    @property
    def held_stable(self) -> float:
        """Return how often the interval holds the truth of a stable alliance."""
        return float(self.held[:, 1:].mean())

    @property
    def any_false(self) -> float:
        """Return the share of stable alliances in whose year the rule fires at all."""
        return float(self.fired[:, 1:].any(-1).mean())


def _begins(fired: Mask) -> Mask:
    """Return the nights on which a rule fires and did not the night before."""
    before = np.concatenate([np.zeros_like(fired[..., :1]), fired[..., :-1]], axis=-1)
    begins: Mask = fired & ~before
    return begins


def watch(seed: int, programs: int, world: str, shape: str, kind: str, n: int) -> list[Watched]:
    """Return every survey and blend rule on every dimension over a year of nights of many programs."""
    place = CONDITIONS.index((world, shape, kind, n))
    made = [program_of(generator(seed, 3, place, each), world, shape, kind, n) for each in range(programs)]
    nights = [nights_of(each) for each in made]
    fallen = {name: np.array([_fallen(each, name) for each in made]) for name in DIMENSIONS}
    held = {name: np.array([_held(*each, name) for each in zip(made, nights, strict=True)]) for name in DIMENSIONS}
    fired = [fired_on(each) for each in nights]
    return [
        Watched(rule, name, np.array([each[rule, name] for each in fired]), fallen[name], held[name])
        for rule, name in fired[0]
    ]


def _fallen(made: Answered, dimension: str) -> Floats:
    truth = made.truth[dimension]
    fallen: Floats = truth[:, :HISTORY].mean(1, keepdims=True) - truth[:, HISTORY:]
    return fallen


def _held(made: Answered, nights: Nights, dimension: str) -> Mask:
    truth = made.truth[dimension][:, HISTORY:].T
    low, high = (np.array([getattr(night[dimension], end)[:, -1] for night in nights]) for end in ("low", "high"))
    held: Mask = ((low - ROUNDED <= truth) & (truth <= high + ROUNDED)).T
    return held


def program_of(rng: np.random.Generator, world: str, shape: str, kind: str, n: int) -> Answered:
    """Return an answered program whose first alliance declines."""
    fall = np.clip((np.arange(WAVES) - DROP_AT + 1) / SHAPES[shape], 0, 1) * (np.arange(ALLIANCES) == 0)[:, None]
    states, told = {}, {}
    for dimension in DIMENSIONS:
        level = rng.normal(0, 0.3, (ALLIANCES, 1, 1)) + rng.normal(0, 0.2, (ALLIANCES, 2, 1))
        state = USUAL + level + wander(rng, (ALLIANCES, 1, WAVES), WORLDS[world], 0.6) - fall[:, None, :]
        states[dimension] = state
        told[dimension] = tuple(signals(rng, state.mean(1), *KINDS[kind]) for _ in range(2))
    return answered(rng, states, n, told)


def nights_of(made: Answered) -> Nights:
    """Return what the night after each wave of the watched year estimates."""
    return [made.until(waves) for waves in range(HISTORY + 1, WAVES + 1)]


def fired_on(nights: Nights) -> dict[tuple[str, str], Mask]:
    """Return (rule, dimension) -> whether it fires, [alliances, nights]."""
    asked = [(rule, dimension) for rule, each in rules().items() for dimension in _judged(each)]
    return {(rule, name): np.array([_fires(rule, name, night) for night in nights]).T for rule, name in asked}


def _judged(rule: dict[str, object]) -> list[str]:
    """Return the dimensions here that a rule reads; one that reads another survey dimension is tried on trust."""
    if rule["source"] not in ("survey", "blend"):
        return []
    wanted = list(rule["dimensions"])  # type: ignore[call-overload]
    return [each for each in wanted if each in DIMENSIONS] or ["trust"]


def _fires(rule: str, dimension: str, night: dict[str, Estimates]) -> Mask:
    about = rules()[rule]
    beside = about.get("beside", {})
    found = [_series(night[each], about["source"]) for each in (dimension, *beside)]
    values, errors = np.array([each[0] for each in found]), np.array([each[1] for each in found])
    fired: Mask = fires(rule, values, errors, np.array([about["threshold"], *beside.values()]), QUARTER)
    return fired


def _series(found: Estimates, source: str) -> tuple[Floats, Floats]:
    """Return what a night shows a rule: values and their standard errors, [alliances, waves]."""
    if source == "survey":
        return found.survey, found.survey_error
    return found.value, (found.high - found.low) / (2 * Z90)
