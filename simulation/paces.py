"""The Relationship Velocity Index: does it go where the alliance goes?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.stats import spearmanr

from simulation.course import WEEKS
from simulation.drawing import scatter
from simulation.latent import Floats
from simulation.program import program
from simulation.section import Section, Table, Target, mean, number, share, tenth
from simulation.streams import AGREED, Told
from simulation.traffic import MONDAY
from warehouse.alerts import alerts
from warehouse.velocity import OVERLAP, QUARTER, theil_sen
from warehouse.velocity import WEEKS as WINDOW

ENDS = (date(2025, 9, 1), date(2025, 12, 1), date(2026, 3, 1))
"""Months whose twelve trailing weeks do not overlap, after the baseline."""

KINDS = ("still", "deepening", "declining", "shock")
STATES = ("deepening", "stalled", "undetermined", "declining")
STEPS = ((-9.0, -0.4), (-0.4, -0.15), (-0.15, 0.15), (0.15, 0.4), (0.4, 9.0))
"""Bounds of true slopes, in log odds of the behaviour a quarter."""

TEXT = """Depth is what moves sharing, openness, social talk, commitment and strategy together, in log odds. In a
*still* alliance it only wanders (spread 0.12, memory 0.8 from week to week); in *deepening* and *declining* ones it
also moves by 0.15 to 0.6 a quarter after the first twenty weeks; a *shock* lasts three weeks. The true slope is taken
from depth itself, with the same four weeks' look back, the same twelve weeks and the same median slope as the index
has. Three quarters of each alliance that share no week are judged."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """One judged quarter: the true slope a quarter, and what was published (state empty: not shown)."""

    kind: str
    end: date
    slope: float
    rvi: float
    state: str

    @property
    def wrong(self) -> bool:
        """Return whether the state names a direction and the truth went the other way."""
        return (self.state == "deepening" and self.slope < 0) or (self.state == "declining" and self.slope > 0)


@dataclass(frozen=True, slots=True)
class Falls:
    """A year of nights of the default alert on sharing: how often it began, and the true change by the end."""

    kind: str
    begun: int
    ends_fired: bool
    change: float


def quarters(told: Sequence[Told]) -> Iterator[Quarter]:
    """Yield the judged quarters of a world's alliances."""
    for each in told:
        rows = {row["period"]: row for row in each.published["velocity"]}
        for end in ENDS:
            row = rows.get(end)
            if each.name in KINDS and row and row["status"] == "ok":
                yield Quarter(each.name, end, true_slope(each.course.depth, end), row["rvi"], row["state"])


def true_slope(depth: Floats, end: date) -> float:
    """Return the true change of depth a quarter over the twelve weeks that end with a month."""
    begins = [MONDAY + timedelta(weeks=week) for week in range(WEEKS)]
    following = (end.replace(day=28) + timedelta(days=4)).replace(day=1)
    until = sum(begin + timedelta(days=6) < following for begin in begins)
    seen = np.convolve(depth, np.full(OVERLAP, 1 / OVERLAP))[:until][-WINDOW:]
    return theil_sen(seen) * QUARTER


def falls(told: Sequence[Told]) -> Iterator[Falls]:
    """Yield what the default alert on sharing did through the nights of each alliance's year."""
    for each in told:
        if each.name in KINDS:
            nights = _nights(each)
            begun = sum(now and not before for before, now in zip([False, *nights], nights, strict=False))
            change = each.course.depth[-4:].mean() - each.course.depth[:15].mean()
            yield Falls(each.name, begun, bool(nights and nights[-1]), float(change))


def _nights(each: Told) -> list[bool]:
    """Return whether the alert fires after each month; a later night shows of a month what its own night showed."""
    inputs = program([each.name], [], agreed_frequency=AGREED)
    rows = [row for row in each.published["velocity_component"] if row["status"] == "ok"]
    months = sorted({row["period"] for row in rows})
    nights = [alerts(inputs, [], [], [row for row in rows if row["period"] <= month], {}) for month in months]
    return [any(row["fired"] for row in night) for night in nights]


def section(found: Sequence[Quarter], fell: Sequence[Falls]) -> Section:
    """Return the page's part on the index."""
    tables = [_states(found), _kinds(found), _sharing(fell)]
    return Section("The Relationship Velocity Index", TEXT, _targets(found, fell), tables, [_figure(found)])


def _targets(found: Sequence[Quarter], fell: Sequence[Falls]) -> list[Target]:
    named = [each for each in found if each.state in ("deepening", "declining")]
    wrong = mean(each.wrong for each in found)
    strict = mean(each.wrong for each in named)
    still = mean(each.begun for each in fell if each.kind == "still")
    return [
        Target("states that go the wrong way, of all quarters judged", "≤ 5 %", tenth(wrong), wrong <= 0.05),
        Target(
            "the same, of the quarters that name a direction at all",
            "≤ 5 %",
            f"{tenth(strict)} of {len(named)}",
            strict <= 0.05,
            f"the true slope of those was {number(mean(abs(each.slope) for each in named if each.wrong))} on average",
        ),
        Target("default alert `sharing_falls` in still alliances, a year", "≤ 0.1", number(still), still <= 0.1),
    ]


def _states(found: Sequence[Quarter]) -> Table:
    rows = []
    for low, high in STEPS:
        own = [each for each in found if low <= each.slope < high]
        bounds = f"{number(low) if low > -9 else 'below'} to {number(high) if high < 9 else 'above'}"
        parts = [share(mean(each.state == state for each in own)) for state in STATES]
        rows.append([bounds, str(len(own)), number(mean(each.rvi for each in own)), *parts])
    return Table("States by true slope (log odds a quarter)", ["true slope", "quarters", "mean RVI", *STATES], rows)


def rank_correlation(found: Sequence[Quarter]) -> float:
    """Return Spearman's correlation of index and true slope."""
    return float(spearmanr([each.rvi for each in found], [each.slope for each in found]).statistic)


def _kinds(found: Sequence[Quarter]) -> Table:
    rows = []
    for kind in (*KINDS, "all"):
        own = [each for each in found if kind in ("all", each.kind)]
        named = [each for each in own if each.state in ("deepening", "declining")]
        rows.append(
            [
                *(kind, str(len(own)), number(rank_correlation(own)), share(mean(each.wrong for each in own))),
                *(share(mean(bool(each in named) for each in own)), share(mean(each.wrong for each in named))),
            ]
        )
    columns = [
        "alliance",
        "quarters",
        "rank correlation",
        "wrong way, of all",
        "direction named",
        "wrong way, of named",
    ]
    return Table("Recovery of the true slope", columns, rows)


def _sharing(fell: Sequence[Falls]) -> Table:
    rows = []
    for kind in KINDS:
        own = [each for each in fell if each.kind == kind]
        changed = number(mean(each.change for each in own))
        rows.append([kind, changed, number(mean(each.begun for each in own)), share(mean(e.ends_fired for e in own))])
    columns = ["alliance", "true change by the end", "alerts a year", "fires at the end"]
    return Table("The default alert `sharing_falls`, night by night", columns, rows)


def _figure(found: Sequence[Quarter]) -> tuple[str, str, str]:
    groups = [(kind, [(each.slope, each.rvi) for each in found if each.kind == kind]) for kind in KINDS]
    labels = "true slope of depth, log odds a quarter", "published RVI, robust sd a quarter"
    picture = scatter(groups, across=(-1, 1), up=(-5, 5), labels=labels)
    return "rvi-recovery", "Published index of each quarter against the true slope.", picture
