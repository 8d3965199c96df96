"""One published night, read in one query, so that a night in between is never half seen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from desk.figures import month
from warehouse import Published, documented

Row = Mapping[str, Any]
SHOWN = ("ok", "stale")
"""Statuses that come with a value."""

VALUES = ("value", "rvi", "z", "share")
"""Columns that hold what a row is about."""

MONTHLY = ("indicator", "velocity", "velocity_component", "survey", "blend")
"""Tables whose rows say what a month was like."""


@dataclass(frozen=True, slots=True)
class Alliance:
    """An alliance with its own rows of every table, in the order of their columns.

    Months at the end in which nothing at all was there are taken off; `silent` is the first of them.
    """

    about: Row
    tables: Mapping[str, list[Row]]
    silent: date | None = None

    @property
    def id(self) -> str:
        """Return the id."""
        return str(self.about["alliance"])

    @property
    def name(self) -> str:
        """Return the name, else the id."""
        return printable(str(self.about["name"] or self.id))

    @property
    def partners(self) -> dict[str, str]:
        """Return side -> name of the partner."""
        return {side: printable(str(self.about[f"partner_{side}"] or f"side {side}")) for side in "ab"}

    @property
    def text_read(self) -> bool:
        """Return whether any message was read."""
        return bool(self.about["text_read"])

    def rows(self, table: str, **equal: object) -> list[Row]:
        """Return the rows of a table whose columns equal the values given."""
        return [row for row in self.tables[table] if all(row.get(name) == value for name, value in equal.items())]

    def series(self, indicator: str, direction: str = "both") -> list[Row]:
        """Return the months of an indicator, oldest first; a quarter stands in its middle month where that is empty."""
        found = self.rows("indicator", indicator=indicator, direction=direction)
        months = {row["period"]: row for row in found if row.get("grain") != "quarter"}
        for row in found:
            if row.get("grain") == "quarter" and row["status"] in SHOWN:
                middle = min(row["period"].replace(month=row["period"].month + 1), max(months, default=date.max))
                if months.get(middle, {"status": "no_data"})["status"] not in SHOWN:
                    months[middle] = {**row, "period": middle}
        return [months[period] for period in sorted(months)]

    def months(self) -> list[date]:
        """Return every month from the first to the last of which anything is said."""
        told = [row["period"] for table in MONTHLY for row in self.tables[table]]
        return list(_months_between(min(told), max(told))) if told else []


@dataclass(frozen=True, slots=True)
class Night:
    """A published night: the run, its alliances in the order of their ids, and what holds for the whole program."""

    run: Row
    alliances: tuple[Alliance, ...]
    agreement: list[Row]
    left_out: list[Row]
    lags: list[Row]
    anchors: list[Row]


def read(database: Path) -> Night:
    """Return the published night of a database; raises `NoPublishedFile` where there is none."""
    columns = ", ".join(f'(select list(t order by t) from "{name}" as t) as "{name}"' for name in documented())
    (found,) = Published(database).query(f"select {columns}")
    return night({name: rows or [] for name, rows in found.items()})


def night(tables: Mapping[str, list[Row]]) -> Night:
    """Return a night from its published tables: every documented one, every column of it in each row."""
    return Night(
        run=tables["run"][-1] if tables["run"] else {},
        alliances=tuple(_alliance(row, tables) for row in tables["alliance"]),
        agreement=tables["agreement"],
        left_out=[row for row in tables["left_out"] if not row["alliance"]],
        lags=tables["lead_lag"],
        anchors=tables["anchor"],
    )


def latest(rows: list[Row]) -> Row | None:
    """Return the last row that shows a value, whatever came after it."""
    shown = [row for row in rows if shows(row)]
    return max(shown, key=lambda row: row["period"]) if shown else None


def shows(row: Row) -> bool:
    """Return whether a row shows a value: its status says so, and the value is there."""
    return row["status"] in SHOWN and all(row[name] is not None for name in VALUES if name in row)


def when(row: Row) -> str:
    """Return the period of a row in words: `Mar 2026`, or `Q1 2026` where it is a quarter."""
    period = row["period"]
    return f"Q{(period.month + 2) // 3} {period.year}" if row.get("grain") == "quarter" else month(period)


def printable(text: str) -> str:
    """Return a name without control characters and marks that turn the writing direction around it."""
    return "".join(each if each.isprintable() else " " for each in text)


def _alliance(about: Row, tables: Mapping[str, list[Row]]) -> Alliance:
    """Return an alliance with its rows; tables of the whole program come along whole."""
    name = about["alliance"]
    own = {table: [row for row in rows if row.get("alliance", name) == name] for table, rows in tables.items()}
    spoken = [row["period"] for table in MONTHLY for row in own[table] if row["status"] != "no_data"]
    last = max(spoken, default=date.max)
    silent = [row["period"] for table in MONTHLY for row in own[table] if row["period"] > last]
    kept = {table: [row for row in own[table] if row["period"] <= last] for table in MONTHLY}
    return Alliance(about, {**own, **kept}, min(silent, default=None))


def _months_between(first: date, last: date) -> Iterator[date]:
    number = first.year * 12 + first.month - 1
    while number <= last.year * 12 + last.month - 1:
        yield date(number // 12, number % 12 + 1, 1)
        number += 1
