"""What the messages come to, before the freeze and the gate.

A database holds one large alliance or several small ones at a time, so that memory grows with the largest alliance and
not with the program; two databases work side by side.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain, repeat
from pathlib import Path
from typing import Any, TypeVar

import pyarrow.parquet as parquet

from warehouse.answers import waits
from warehouse.baseline import baselines, restore
from warehouse.candidate import Candidate
from warehouse.communication import Behind, candidates
from warehouse.inputs import AllianceInput, BuildInputs
from warehouse.memory import Block
from warehouse.pace import Paces, paces
from warehouse.private import oldest, private_tables, rows

AT_ONCE = 2
"""Databases that work at the same time; one that is alone has as many threads."""

TOGETHER = 200_000
"""Messages up to which alliances share a database: setting one up takes as long as working on ten thousand."""

CONTRIBUTORS = "select distinct alliance, grain, period, kind, direction, side, person from contribution"
Rows = list[dict[str, Any]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Measured:
    """The numbers of alliances: `contributors` stand behind them, `moves` are the rows of the table `transition`.

    `baselines` is what is to be remembered of what they are compared with.
    """

    behind: Behind
    contributors: Rows
    candidates: list[Candidate]
    pace: Paces
    moves: Rows
    baselines: dict[str, Block]


@dataclass(frozen=True, slots=True)
class _Part:
    """A file of messages, the first and the last alliance that it may hold, and how many rows."""

    path: Path
    first: str
    last: str
    rows: int

    @classmethod
    def at(cls, path: Path) -> "_Part":
        """Return what a file says of itself; without a row it holds nothing, and without a word of it anything."""
        about = parquet.read_metadata(path)
        column = about.schema.names.index("alliance")
        told = [about.row_group(group).column(column).statistics for group in range(about.num_row_groups)]
        known = [each for each in told if each is not None and each.has_min_max]
        if about.num_rows and len(known) < len(told):
            return cls(path, "", chr(0x10FFFF), about.num_rows)
        first, last = min((each.min for each in known), default=""), max((each.max for each in known), default="")
        return cls(path, first, last, about.num_rows)

    def may_hold(self, alliance: AllianceInput) -> bool:
        return self.first <= alliance.id <= self.last


def measure(inputs: BuildInputs) -> Measured:
    """Return what the messages of a program come to."""
    groups = list(_groups(inputs))
    threads = repeat(AT_ONCE if len(groups) == 1 else 1)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(_measured, groups, threads))
    return Measured(
        Behind.joined(each.behind for each in found),
        _all(each.contributors for each in found),
        _all(each.candidates for each in found),
        Paces(
            _all(each.pace.velocities for each in found),
            _all(each.pace.components for each in found),
            _all(each.pace.depths for each in found),
        ),
        _all(each.moves for each in found),
        {name: block for each in found for name, block in each.baselines.items()},
    )


def _all(parts: Iterable[list[T]]) -> list[T]:
    return list(chain.from_iterable(parts))


def _groups(inputs: BuildInputs) -> Iterator[BuildInputs]:
    """Yield the inputs of alliances that share a database."""
    parts = [_Part.at(path) for path in inputs.parts]
    group: list[AllianceInput] = []
    together = 0
    for alliance in inputs.alliances:
        own = sum(part.rows for part in parts if part.may_hold(alliance))
        if group and together + own > TOGETHER:
            yield _of(inputs, group, parts)
            group, together = [], 0
        group, together = [*group, alliance], together + own
    yield _of(inputs, group, parts)


def _of(inputs: BuildInputs, group: Sequence[AllianceInput], parts: Sequence[_Part]) -> BuildInputs:
    """Return the inputs of some alliances; of the parts those that may hold their messages."""
    names = {each.id for each in group}
    return replace(
        inputs,
        alliances=tuple(group),
        parts=tuple(part.path for part in parts if any(map(part.may_hold, group))),
        identities=[row for row in inputs.identities if row["alliance"] in names],
        consents=[row for row in inputs.consents if row["alliance"] in names],
    )


def _measured(inputs: BuildInputs, threads: int) -> Measured:
    with private_tables(inputs, threads=threads) as connection:
        restore(connection, inputs, oldest(inputs).date())
        behind = Behind.of(connection)
        waited = waits(connection, inputs)
        pace = paces(connection, inputs, behind, waited)
        found = candidates(connection, inputs, behind, waited, pace.depths)
        moves = rows(connection, "select * from transition order by all")
        return Measured(behind, rows(connection, CONTRIBUTORS), found, pace, moves, baselines(connection, inputs))
