"""The whole study: worlds of every kind, what they come to, and the targets that they were held to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from simulation import alarm_page, blends, extremes, paces, wording, wording_page
from simulation.alarms import CONDITIONS, watch
from simulation.extremes import Reading, Reported
from simulation.paces import Falls, Quarter
from simulation.page import write
from simulation.section import Section, Target
from simulation.streams import worlds as nights
from simulation.wording import Cell

Report = Callable[[str], None]
WORLDS, SEED = 24, 7
"""What the committed page was made with."""

BLENDS, PROGRAMS, CLAIMS = 16, 3, 0.25
"""Programs a condition for each world that goes through a whole night: blends, rules, what rules say of themselves."""


@dataclass(frozen=True, slots=True)
class Study:
    """What was simulated, and what each part of it came to."""

    worlds: int
    seed: int
    sections: list[Section]

    @property
    def targets(self) -> list[Target]:
        """Return every target of every part."""
        return [target for section in self.sections for target in section.targets]


@dataclass(slots=True)
class Gathered:
    """What is kept of whole nights."""

    cells: list[Cell] = field(default_factory=list)
    quarters: list[Quarter] = field(default_factory=list)
    falls: list[Falls] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    blends: list[Reported] = field(default_factory=list)


def simulate(out: Path, *, worlds: int, seed: int, report: Report) -> Study:
    """Run the study and write its page `<out>.md` and figures `<out>/*.svg`; the same seed gives the same bytes.

    `worlds` are programs that go through a whole night, a few seconds each; everything else is in proportion.
    """
    study = Study(worlds, seed, [*_whole_nights(worlds, seed, report), *_self_reports(worlds, seed, report)])
    write(study.sections, out, worlds=worlds, seed=seed)
    return study


def summary(study: Study) -> list[str]:
    """Return one line a target: whether it was reached, what was wanted and what was found."""
    return [
        f"{'reached' if each.reached else 'MISSED '}  {each.what}: wanted {each.wanted}, found {each.found}"
        for each in study.targets
    ]


def _whole_nights(worlds: int, seed: int, report: Report) -> list[Section]:
    """Run the worlds that go through a whole night, half of them with a classifier whose errors are in doubt."""
    found, done = Gathered(), 0
    for doubt, count in ((False, worlds - worlds // 2), (True, worlds // 2)):
        for told in nights(count, seed, doubt=doubt):
            found.cells += wording.cells(told, doubt=doubt)
            found.quarters += paces.quarters(told)
            found.falls += paces.falls(told)
            found.readings += extremes.readings(told)
            found.blends += extremes.reported(told)
            done += 1
            report(f"whole nights {done}/{worlds}")
    return [
        wording_page.section(found.cells),
        paces.section(found.quarters, found.falls),
        extremes.section(found.readings, found.cells, found.blends),
    ]


def _self_reports(worlds: int, seed: int, report: Report) -> list[Section]:
    scores = {}
    for kind in blends.KINDS:
        for n in blends.COUNTS:
            scores[kind, n] = blends.scores(seed, max(BLENDS * worlds, 2), n, kind)
            report(f"blend, {kind}, n = {n}")
    watched = {}
    for condition in CONDITIONS:
        watched[condition] = watch(seed, max(PROGRAMS * worlds, 2), *condition)
        report(f"rules, {', '.join(map(str, condition))}")
    claimed = {n: alarm_page.claims(seed, max(round(CLAIMS * worlds), 1), n) for n in (3, 5, 10)}
    return [blends.section(scores), alarm_page.section(watched, claimed)]
