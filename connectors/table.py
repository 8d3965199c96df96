"""CSV files that people keep: columns checked, lines numbered, dates strict."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from connectors.errors import ConnectorError


def rows(path: Path, columns: Sequence[str], error: type[ConnectorError]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, row) of a CSV file with a heading. Raises `error` naming missing columns."""
    if not path.is_file():
        raise error(f"{path.name}: expected a file with the columns {', '.join(columns)}; found none")
    with path.open(encoding="utf-8-sig", errors="strict", newline="") as stream:
        try:
            reader = csv.DictReader(stream)
            missing = [column for column in columns if column not in (reader.fieldnames or [])]
            if missing:
                found = _heading(reader.fieldnames or [], columns)
                raise error(f"{path.name}, line 1: expected the columns {', '.join(missing)}; found {found}")
            for row in reader:
                yield reader.line_num, {key: (value or "").strip() for key, value in row.items() if key}
        except (UnicodeDecodeError, csv.Error):
            raise error(
                f"{path.name}: expected UTF-8 comma-separated text, found other bytes; save it as UTF-8"
            ) from None


def _heading(found: Sequence[str], columns: Sequence[str]) -> str:
    """Return what stands in the first line, unless it is no heading: then it may hold a name or an address."""
    if not found:
        return "an empty file"
    return ", ".join(found) if set(found) & set(columns) else "a first line that is no heading"


def parsed_date(text: str, where: str, error: type[ConnectorError]) -> date | None:
    """Return an ISO date, None for an empty cell. Raises `error` naming the cell."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise error(f"{where}: expected a date such as 2025-03-01, found something else") from None
