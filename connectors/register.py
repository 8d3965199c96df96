"""The registers that stewards keep: pivots, commitments and milestones. Notes stay in the file."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from connectors.errors import BadRegister
from connectors.table import parsed_date, rows

REGISTERS = ("pivots", "commitments", "milestones")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry. `kind` is the register's own word (`refocus`, `joint_budget` ...), `partner` who gave it or ""."""

    alliance: str
    on: date
    register: str
    kind: str
    partner: str


def read_registers(
    folder: Path, alliances: frozenset[str], partners: frozenset[str], *, run_on: date
) -> list[LogEntry]:
    """Read what lies in `registers/`; a missing file is an empty register. Raises BadRegister naming file and line."""
    entries: list[LogEntry] = []
    for register in REGISTERS:
        file = folder / f"{register}.csv"
        columns = ("date", "alliance", "kind") + (("partner",) if register == "commitments" else ())
        for line, row in rows(file, columns, BadRegister) if file.exists() else ():
            entries.append(_entry(Line(row, f"{file.name}, line {line}"), register, alliances, partners, run_on))
    return entries


def _entry(line: "Line", register: str, alliances: frozenset[str], partners: frozenset[str], run_on: date) -> LogEntry:
    return LogEntry(
        on=line.day(run_on),
        alliance=line.one_of("alliance", alliances),
        register=register,
        partner=line.one_of("partner", {"", *partners}),
        kind=line.word("kind", "refocus or joint_budget"),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a register and where it stands; each cell is checked when it is taken. Refusals never show a cell."""

    row: dict[str, str]
    where: str

    def day(self, run_on: date) -> date:
        """Return the date of the line, which lies before the night. Raises BadRegister."""
        on = parsed_date(self.row["date"], f"{self.where}, date", BadRegister)
        if on is None or on > run_on:
            raise BadRegister(f"{self.where}, date: expected a day up to {run_on}, found {on or 'an empty cell'}")
        return on

    def one_of(self, column: str, known: Collection[str]) -> str:
        """Return a cell that is one of `known`; a column that is not there is an empty cell. Raises BadRegister."""
        found = self.row.get(column, "")
        if found not in known:
            expected = ", ".join(sorted(each or "an empty cell" for each in known))
            raise BadRegister(f"{self.where}, {column}: expected one of {expected}; found something else")
        return found

    def word(self, column: str, such_as: str) -> str:
        """Return a cell that holds one word. Raises BadRegister."""
        found = self.row[column]
        if not found[:1].isalnum() or not found.replace("_", "").replace("-", "").isalnum() or len(found) > MAX_WORD:
            raise BadRegister(f"{self.where}, {column}: expected one word such as {such_as}, found something else")
        return found

    def number(self, column: str) -> float | None:
        """Return a number, None for an empty cell or a column that is not there. Raises BadRegister."""
        found = self.row.get(column, "")
        try:
            value = float(found.replace(",", ".")) if found else None
        except ValueError:
            value = float("nan")
        if value is not None and not abs(value) < float("inf"):
            raise BadRegister(f"{self.where}, {column}: expected a number such as 4.5, found something else")
        return value


MAX_WORD = 40
"""Characters of a register's word; a longer one is a sentence without blanks."""
