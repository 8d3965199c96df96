"""The registers that stewards keep: pivots, commitments and milestones. Notes stay in the file."""

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
            entries.append(_entry(row, register, f"{file.name}, line {line}", alliances, partners, run_on))
    return entries


def _entry(
    row: dict[str, str], register: str, where: str, alliances: frozenset[str], partners: frozenset[str], run_on: date
) -> LogEntry:
    on = parsed_date(row["date"], f"{where}, date", BadRegister)
    if on is None or on > run_on:
        raise BadRegister(f"{where}, date: expected a day up to {run_on}, found {on or 'an empty cell'}")
    if row["alliance"] not in alliances:
        raise BadRegister(f"{where}, alliance: expected one of {', '.join(sorted(alliances))}; found another id")
    partner = row.get("partner", "")
    if partner and partner not in partners:
        raise BadRegister(f"{where}, partner: expected one of {', '.join(sorted(partners))}; found another id")
    if not row["kind"][:1].isalnum() or not row["kind"].replace("_", "").replace("-", "").isalnum():
        raise BadRegister(f"{where}, kind: expected one word such as refocus or joint_budget, found something else")
    return LogEntry(row["alliance"], on, register, row["kind"], partner)
