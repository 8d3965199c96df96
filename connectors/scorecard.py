"""The balanced scorecard and the reciprocity items that partners keep, and the guided record of the four causes.

Both are context that people wrote down on purpose: nothing of them comes from messages, and notes stay in the file.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from connectors.errors import BadRegister
from connectors.register import Line
from connectors.table import rows

RECIPROCITY = "reciprocity"
PERSPECTIVES = ("financial", "market", "operational", "organisational", RECIPROCITY)
CAUSES = ("strategy", "type", "partner_selection", "alliance_management")
FINDINGS = ("sound", "in_doubt", "cause")
"""What a look at one of the four causes came to."""

SCORECARD_COLUMNS = ("date", "alliance", "perspective", "item", "partner", "value", "target", "better")
CAUSE_COLUMNS = ("date", "alliance", "cause", "finding")


@dataclass(frozen=True, slots=True)
class ScorecardEntry:
    """One number of the scorecard on a day; `partner` "" speaks of both. `better` is `higher` or `lower`.

    A reciprocity item is what one partner answers, 1 to 5, such as how important the alliance is to it.
    """

    alliance: str
    on: date
    perspective: str
    item: str
    partner: str
    value: float
    target: float | None
    better: str


@dataclass(frozen=True, slots=True)
class CauseEntry:
    """What a joint look at one of the four causes of an insufficient return came to."""

    alliance: str
    on: date
    cause: str
    finding: str


def read_scorecard(
    file: Path, alliances: frozenset[str], partners: frozenset[str], *, run_on: date
) -> list[ScorecardEntry]:
    """Read `scorecard.csv`; a missing file is an empty one. Raises BadRegister naming file, line and column.

    A later line of the same item, partner and day corrects an earlier one.
    """
    found = [_scored(line, alliances, partners, run_on) for line in _lines(file, SCORECARD_COLUMNS[:6])]
    return list({(e.alliance, e.on, e.perspective, e.item, e.partner): e for e in found}.values())


def read_causes(file: Path, alliances: frozenset[str], *, run_on: date) -> list[CauseEntry]:
    """Read `causes.csv`; a missing file is an empty one. Raises BadRegister naming file, line and column.

    A later line of the same cause and day corrects an earlier one.
    """
    found = [_cause(line, alliances, run_on) for line in _lines(file, CAUSE_COLUMNS)]
    return list({(entry.alliance, entry.on, entry.cause): entry for entry in found}.values())


def _cause(line: Line, alliances: frozenset[str], run_on: date) -> CauseEntry:
    return CauseEntry(
        alliance=line.one_of("alliance", alliances),
        on=line.day(run_on),
        cause=line.one_of("cause", CAUSES),
        finding=line.one_of("finding", FINDINGS),
    )


def _lines(file: Path, columns: tuple[str, ...]) -> list[Line]:
    found = rows(file, columns, BadRegister) if file.exists() else ()
    return [Line(row, f"{file.name}, line {line}") for line, row in found]


def _scored(line: Line, alliances: frozenset[str], partners: frozenset[str], run_on: date) -> ScorecardEntry:
    perspective = line.one_of("perspective", PERSPECTIVES)
    value = line.number("value")
    if value is None or (perspective == RECIPROCITY and not 1 <= value <= 5):
        expected = "a number from 1 to 5" if perspective == RECIPROCITY else "a number"
        raise BadRegister(f"{line.where}, value: expected {expected}, found something else")
    return ScorecardEntry(
        alliance=line.one_of("alliance", alliances),
        on=line.day(run_on),
        perspective=perspective,
        item=line.word("item", "joint_revenue"),
        partner=line.one_of("partner", partners if perspective == RECIPROCITY else {"", *partners}),
        value=value,
        target=line.number("target"),
        better=line.one_of("better", ("", "higher", "lower")) or "higher",
    )
