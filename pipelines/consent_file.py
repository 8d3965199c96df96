"""Many decisions at once, from a CSV that the partners kept: all of its lines are recorded, or none."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

from connectors import BadConsent, ConsentEvent, Medium
from pipelines.errors import UnknownPerson
from pipelines.folder import ProgramFolder
from pipelines.rights import ALL_MEDIA, EventName, append, consent_event

NEEDED = ("person", "event")
OPTIONAL = ("alliance", "sources", "notice_version", "valid_from", "valid_until")
"""Left out or empty: every alliance, mail and chat, notice 1, from today, for a year."""

LONGEST = timedelta(days=366)
NAMED_AT_MOST = 20
"""Faults that one refusal names; more would bury the first."""


def import_consent(folder: ProgramFolder, file: Path) -> int:
    """Record every line of a file; return how many. Raises BadConsent naming each bad line; nothing is written then."""
    good: list[ConsentEvent] = []
    bad: list[str] = []
    for line, row in _rows(file):
        try:
            good.append(_event(folder, row))
        except (BadConsent, UnknownPerson) as error:
            bad.append(f"{file.name}, line {line}: {error}")
    if bad:
        more = [f"... and {len(bad) - NAMED_AT_MOST} more lines"] if len(bad) > NAMED_AT_MOST else []
        raise BadConsent("\n".join([*bad[:NAMED_AT_MOST], *more, "nothing was recorded"]))
    append(folder, good)
    return len(good)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, row); a heading is checked against the columns that there are, its own words are never shown."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            heading = reader.fieldnames or []
            if set(NEEDED) - set(heading) or set(heading) - {*NEEDED, *OPTIONAL} or len(set(heading)) < len(heading):
                wanted = f"expected a heading of {', '.join(NEEDED)} and any of {', '.join(OPTIONAL)}"
                raise BadConsent(f"{file.name}, line 1: {wanted}; found another")
            for row in reader:
                yield reader.line_num, {name: (cell or "").strip() for name, cell in row.items() if name}
    except OSError:
        raise BadConsent(f"{file.name}: expected a file that can be read, found none") from None
    except (UnicodeDecodeError, csv.Error):
        raise BadConsent(f"{file.name}: expected comma-separated UTF-8 text, found other bytes") from None


def _event(folder: ProgramFolder, row: dict[str, str]) -> ConsentEvent:
    if row["event"] not in get_args(EventName):
        raise BadConsent(f"event: expected one of {', '.join(get_args(EventName))}; found another word")
    start, until = (_day(row.get(name, ""), name) for name in ("valid_from", "valid_until"))
    facts: dict[str, Any] = {
        "alliance": row.get("alliance") or "*",
        "sources": _media(row.get("sources", "")),
        "notice": row.get("notice_version") or "1",
    }
    event = consent_event(folder, row["person"], row["event"], start=start, until=until, **facts)  # type: ignore[arg-type]
    if event.valid_until and not timedelta(0) < event.valid_until - event.valid_from <= LONGEST:
        raise BadConsent("valid_until: expected a day within twelve months after valid_from, found another")
    return event


def _media(cell: str) -> tuple[Medium, ...]:
    media = tuple(each.strip() for each in cell.split(";") if each.strip())
    if set(media) - set(get_args(Medium)):
        raise BadConsent(
            f"sources: expected {' or '.join(get_args(Medium))}, or both with ; between; found another word"
        )
    return media or ALL_MEDIA  # type: ignore[return-value]


def _day(cell: str, name: str) -> date | None:
    try:
        return date.fromisoformat(cell) if cell else None
    except ValueError:
        raise BadConsent(f"{name}: expected a date such as 2025-03-01, found something else") from None
