"""The consent register: append-only, hash-chained, after ISO/IEC TS 27560.

No line about somebody means no consent. The latest event about a person, alliance and source wins; a refusal,
withdrawal or expiry ends everything, past messages too.
"""

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Literal, get_args

from connectors.errors import BadConsent
from connectors.message import Medium
from connectors.table import parsed_date, rows

Event = Literal["given", "refused", "withdrawn", "expired", "renewed"]

PURPOSE = "alliance-communication-indicators"
LONGEST = timedelta(days=366)
"""A consent lasts twelve months at most."""

COLUMNS = (
    *("person", "controllers", "alliance", "purpose", "sources", "notice_version", "event"),
    *("valid_from", "valid_until", "recorded_at", "previous", "hash"),
)
FIRST = "0" * 64
"""What the first line names as its predecessor."""


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """One thing that somebody decided. `alliance` may be "*"; `valid_until` is the first day not covered."""

    person: str = field(repr=False)
    controllers: str
    alliance: str
    purpose: str
    sources: tuple[Medium, ...]
    notice_version: str
    event: Event
    valid_from: date
    valid_until: date | None
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ConsentInterval:
    """Days of sending that a person's consent covers, for one medium."""

    person: str = field(repr=False)
    medium: Medium
    start: date
    until: date


class ConsentRegister:
    """Answers whether a message may be read, and takes new events."""

    def __init__(self, path: Path, events: Sequence[ConsentEvent], last: str) -> None:
        self._path = path
        self._events = list(events)
        self._last = last
        self._intervals: dict[tuple[str, datetime], dict[tuple[str, Medium], list[ConsentInterval]]] = {}

    @classmethod
    def load(cls, path: Path) -> "ConsentRegister":
        """Read and verify the register; a missing file is an empty one. Raises BadConsent naming the line."""
        events: list[ConsentEvent] = []
        previous = FIRST
        for line, row in rows(path, COLUMNS, BadConsent) if path.exists() else ():
            where = f"{path.name}, line {line}"
            event = _event(row, where)
            if row["previous"] != previous or row["hash"] != _hash(event, previous):
                raise BadConsent(
                    f"{where}: expected an unbroken chain, found a line that was altered, removed or moved"
                )
            previous = row["hash"]
            events.append(event)
        return cls(path, events, previous)

    def events(self) -> tuple[ConsentEvent, ...]:
        """Return all events, oldest first."""
        return tuple(self._events)

    def intervals(self, alliance: str, run_at: datetime) -> list[ConsentInterval]:
        """Return what is covered in an alliance when a night runs at `run_at`."""
        return [each for found in self._covered(alliance, run_at).values() for each in found]

    def allows(self, person: str, *, alliance: str, medium: Medium, sent_at: datetime, run_at: datetime) -> bool:
        """Say whether a message of `person` sent then may be read now."""
        found = self._covered(alliance, run_at).get((person, medium), [])
        day = sent_at.astimezone(UTC).date()
        return any(each.start <= day < each.until for each in found)

    def _covered(self, alliance: str, run_at: datetime) -> dict[tuple[str, Medium], list[ConsentInterval]]:
        key = (alliance, run_at)
        if key not in self._intervals:
            self._intervals[key] = _in_force(self._events, alliance, run_at)
        return self._intervals[key]

    def append(self, *events: ConsentEvent) -> None:
        """Add events durably. Raises BadConsent for one that must not be recorded; then nothing is written.

        Two registers of one file must not append in turn: the caller holds whatever lock keeps others out.
        """
        lines = io.StringIO()
        writer = csv.writer(lines, lineterminator="\n")
        if not self._path.exists() or self._path.stat().st_size == 0:
            writer.writerow(COLUMNS)
        last = self._last
        for event in events:
            _refuse_impossible(event, "new event")
            digest = _hash(event, last)
            writer.writerow([*_cells(event), last, digest])
            last = digest
        with self._path.open("a", encoding="utf-8", newline="") as stream:
            stream.write(lines.getvalue())
            stream.flush()
            os.fsync(stream.fileno())
        self._events.extend(events)
        self._last, self._intervals = last, {}


def _in_force(
    events: Sequence[ConsentEvent], alliance: str, run_at: datetime
) -> dict[tuple[str, Medium], list[ConsentInterval]]:
    """Return person and medium -> covered days.

    Consents renewed without a gap reach back to the first of the chain; one that has run out by `run_at` covers
    nothing, because consent must hold when a night runs as well as when a message was sent. What ends consent counts
    for every night, those that are run for an instant in the past as well.
    """
    covered: dict[tuple[str, Medium], list[ConsentInterval]] = {}
    for event in events:
        lasting = event.event in ("given", "renewed")
        if event.alliance not in ("*", alliance) or (lasting and event.recorded_at > run_at):
            continue
        for medium in event.sources:
            key = (event.person, medium)
            if lasting and event.valid_until:
                interval = ConsentInterval(event.person, medium, event.valid_from, event.valid_until)
                covered.setdefault(key, []).append(interval)
            else:
                covered.pop(key, None)
    today = run_at.astimezone(UTC).date()
    chains = {key: _chain(found, today) for key, found in covered.items()}
    return {key: chain for key, chain in chains.items() if chain}


def _chain(intervals: list[ConsentInterval], today: date) -> list[ConsentInterval]:
    """Return the intervals that cover today and those that reach up to them without a gap."""
    reached = [each for each in intervals if each.start <= today < each.until]
    for each in sorted(intervals, key=lambda interval: interval.until, reverse=True):
        if (
            reached
            and each not in reached
            and each.until >= min(found.start for found in reached)
            and each.start <= today
        ):
            reached.append(each)
    return reached


def _cells(event: ConsentEvent) -> list[str]:
    """Return an event as the text of its cells."""
    return [_cell(value) for value in astuple(event)]


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value or "")


def _hash(event: ConsentEvent, previous: str) -> str:
    return sha256("\x1f".join([*_cells(event), previous]).encode("utf-8")).hexdigest()


def _event(row: dict[str, str], where: str) -> ConsentEvent:
    start = parsed_date(row["valid_from"], f"{where}, valid_from", BadConsent)
    until = parsed_date(row["valid_until"], f"{where}, valid_until", BadConsent)
    try:
        recorded = datetime.fromisoformat(row["recorded_at"])
    except ValueError:
        raise BadConsent(f"{where}, recorded_at: expected an instant such as 2025-03-01T09:00:00+00:00") from None
    if start is None:
        raise BadConsent(f"{where}, valid_from: expected a date, found an empty cell")
    sources = tuple(each for each in row["sources"].split(";") if each)
    words = (row["person"], row["controllers"], row["alliance"], row["purpose"])
    event = ConsentEvent(*words, sources, row["notice_version"], row["event"], start, until, recorded)  # type: ignore[arg-type]
    _refuse_impossible(event, where)
    return event


def _refuse_impossible(event: ConsentEvent, where: str) -> None:
    if event.event not in get_args(Event):
        raise BadConsent(f"{where}, event: expected one of {', '.join(get_args(Event))}; found another word")
    if not event.person or not event.sources or not set(event.sources) <= set(get_args(Medium)):
        raise BadConsent(f"{where}: expected a person and sources of {', '.join(get_args(Medium))}")
    if event.purpose != PURPOSE:
        raise BadConsent(f"{where}, purpose: expected {PURPOSE}, found another purpose")
    if event.recorded_at.tzinfo is None:
        raise BadConsent(f"{where}, recorded_at: expected an instant with its zone, found a naive time")
    until = event.valid_until or event.valid_from
    if event.event in ("given", "renewed") and not event.valid_from < until <= event.valid_from + LONGEST:
        raise BadConsent(f"{where}: expected valid_until within twelve months after valid_from")
