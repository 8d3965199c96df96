"""Survey and signals as one estimate: does its interval hold, and is it nearer to the truth than the survey alone?"""

from dataclasses import dataclass

import numpy as np

from simulation.drawing import Mark, whiskers
from simulation.latent import USUAL, Floats, generator, signals, wander
from simulation.section import Section, Table, Target, number, share, tenth, within
from simulation.self_reports import Answered, Estimates, answered

ALLIANCES, WAVES = 3, 14
MISSING = 0.12
COUNTS = (3, 5, 10)
INFORMATIVE, WEAK, NOISE, HABIT = "informative", "weak", "pure noise", "informative, other levels"
KINDS = {INFORMATIVE: (0.8, 0.0), WEAK: (0.4, 0.0), NOISE: (0.0, 0.0), HABIT: (0.8, 1.0)}
"""Kind of signals -> correlation of each with the truth, and sd of what an alliance always adds to it."""

TEXT = """Programs of three alliances and fourteen months; a side's state wanders (AR(1), spread 0.3, memory 0.6)
around a level of the alliance (spread 0.3) and of the side (0.2); answers are whole points with a spread of 0.8, and
one month in eight is not asked. Each dimension has two signals. *Informative* ones correlate with the truth by 0.8
each, *weak* ones by 0.4, *noise* not at all; with *other levels* each alliance adds its own habit of wording, as
large as all the rest of the signal. The truth is what endlessly many people would answer. "Survey left out" is what
signals and all other waves say of a month whose own survey is hidden."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What a condition came to: coverage, root mean squared errors of the three estimates, and the survey's weight."""

    coverage: float
    unasked: float
    blend: float
    survey: float
    without: float
    weight: float

    @property
    def ratio(self) -> float:
        """Return the error of the blend over that of the survey alone."""
        return self.blend / self.survey


def program_of(rng: np.random.Generator, n: int, informative: float, level: float) -> Answered:
    """Return an answered program with one dimension and two signals."""
    common = rng.normal(0, 0.3, (ALLIANCES, 1, 1)) + wander(rng, (ALLIANCES, 1, WAVES), 0.3, 0.6)
    state = USUAL + common + rng.normal(0, 0.2, (ALLIANCES, 2, 1))
    told = tuple(signals(rng, state.mean(1), informative, level) for _ in range(2))
    return answered(rng, {"trust": state}, n, {"trust": told}, MISSING)


def scores(seed: int, replicates: int, n: int, kind: str) -> Scores:
    """Return what a condition comes to over many programs."""
    place = list(KINDS).index(kind)
    pairs = []
    for number_ in range(replicates):
        made = program_of(generator(seed, 2, place, n, number_), n, *KINDS[kind])
        pairs.append((made.truth["trust"], made.until(WAVES)["trust"]))
    return _scored(pairs)


def _scored(pairs: list[tuple[Floats, Estimates]]) -> Scores:
    truth = np.array([true for true, _ in pairs])
    low, high, value, survey, without, weight = (
        np.array([getattr(found, name) for _, found in pairs])
        for name in ("low", "high", "value", "survey", "without", "weight")
    )
    held, asked = (low <= truth) & (truth <= high), np.isfinite(survey)
    return Scores(
        float(held[asked].mean()),
        float(held[~asked].mean()) if (~asked).any() else float("nan"),
        _error(value, truth, asked),
        _error(survey, truth, asked),
        _error(without, truth, asked),
        float(weight[asked].mean()),
    )


def _error(value: Floats, truth: Floats, asked: np.ndarray) -> float:
    return float(np.sqrt(np.mean((value - truth)[asked] ** 2)))


def section(found: dict[tuple[str, int], Scores]) -> Section:
    """Return the page's part on the blend; `found` is (kind of signals, answers a side) -> scores."""
    return Section("The blend", TEXT, _targets(found), [_table(found)], [_figure(found)])


def _targets(found: dict[tuple[str, int], Scores]) -> list[Target]:
    covered = [each.coverage for (kind, _), each in found.items() if kind != HABIT]
    worst = min(covered, key=lambda each: -abs(each - 0.9))
    helped, harmed = found[INFORMATIVE, 3].ratio, max(found[NOISE, n].ratio for n in COUNTS)
    enough = [n for n in COUNTS if found[INFORMATIVE, n].ratio <= 0.8]
    return [
        Target(
            "90 % interval of the blend holds the truth (all of n = 3, 5, 10 and three kinds of signals)",
            "87 to 93 %",
            f"{share(min(covered))} to {share(max(covered))}",
            within(worst, 0.87, 0.93),
            "" if within(worst, 0.87, 0.93) else f"off in {_off(found)}",
        ),
        Target(
            "error of the blend over the survey alone, n = 3, informative signals",
            "≤ 0.80",
            number(helped),
            round(helped, 3) <= 0.8,
            f"reached at n = {', '.join(map(str, enough))}" if enough else "",
        ),
        Target(
            "the same with signals that are pure noise, worst n", "≤ 1.05", number(harmed), round(harmed, 3) <= 1.05
        ),
    ]


def _off(found: dict[tuple[str, int], Scores]) -> str:
    """Name the conditions whose coverage is off."""
    off = [(*key, each.coverage) for key, each in found.items() if not within(each.coverage, 0.87, 0.93)]
    return ", ".join(f"{kind}, n = {n} ({tenth(held)})" for kind, n, held in off if kind != HABIT)


def _table(found: dict[tuple[str, int], Scores]) -> Table:
    columns = [
        *("signals", "answers a side", "coverage", "coverage where not asked"),
        *("error of blend", "survey alone", "survey left out", "blend / survey", "weight of survey"),
    ]
    rows = [
        [
            *(kind, str(n), share(each.coverage), share(each.unasked), number(each.blend), number(each.survey)),
            *(number(each.without), number(each.ratio), number(each.weight)),
        ]
        for (kind, n), each in found.items()
    ]
    return Table("Blend, errors in points of the scale 1 to 5", columns, rows)


def _figure(found: dict[tuple[str, int], Scores]) -> tuple[str, str, str]:
    marks = [Mark(f"{kind}, n = {n}", each.ratio) for (kind, n), each in found.items()]
    picture = whiskers(marks, low=0.4, high=1.2, zone=(0.4, 1.0), label="error of the blend over the survey alone")
    return "blend-error", "Error of the blend over that of the survey alone; below 1 the blend is nearer.", picture
