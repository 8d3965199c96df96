"""Messages in columns, for archives that no reader knows: CSV, JSON lines or Parquet (docs/formats/generic.md)."""

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any, get_args

from connectors.addresses import canonical_address
from connectors.json_stream import lines, table
from connectors.mail import MAX_TEXT
from connectors.message import Identity, Kind, Medium, Message, Skipped, message_id

SOURCE = "generic"
REQUIRED = ("id", "sender", "sent_at", "text")
MAX_RECIPIENTS = 500
_PARQUET = b"PAR1"
_BATCH = 500
_FIELD_LIMIT = 8 << 20
"""Characters of one CSV cell; a cell that is never closed would otherwise swallow the file."""

Row = Mapping[str, Any]


class Generic:
    """Reads a table of messages; its columns are named, their order does not matter."""

    name = SOURCE
    version = 1
    medium: Medium = "mail"

    def matches(self, path: Path) -> bool:
        """Say whether the first row has the required columns."""
        if not path.is_file() or _begins_blank(path):
            return False
        try:
            with _rows(path) as rows:
                return set(REQUIRED) <= set(next(iter(rows), {}))
        except _BROKEN:
            return False

    def read(self, path: Path) -> Iterator[Message | Skipped]:
        """Yield a value a row. A file that breaks off ends with Skipped("truncated")."""
        number = 0
        try:
            with _rows(path) as rows:
                for number, row in enumerate(rows, start=1):
                    yield _message(row, f"row {number}")
        except _BROKEN:
            yield Skipped(SOURCE, f"row {number + 1}", "truncated")


def _begins_blank(path: Path) -> bool:
    """Say whether a file begins with so many blanks that looking for a row could take as long as the file."""
    with path.open("rb") as stream:
        return not stream.read(1 << 16).strip()


_BROKEN = (OSError, ValueError, csv.Error)
"""What the three readers raise for files that are cut or are something else; pyarrow's errors are ValueErrors."""


@contextmanager
def _rows(path: Path) -> Iterator[Iterator[Row]]:
    with path.open("rb") as stream:
        opening = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
        stream.seek(0)
        yield _reader(opening)(stream)


def _reader(opening: bytes) -> Callable[[IO[bytes]], Iterator[Row]]:
    if opening.startswith(_PARQUET):
        return _parquet_rows
    return _json_rows if opening.startswith(b"{") else _csv_rows


def _csv_rows(stream: IO[bytes]) -> Iterator[Row]:
    csv.field_size_limit(_FIELD_LIMIT)
    with TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="") as text:
        for row in csv.DictReader(each.replace("\0", "") for each in text):
            yield {key: value for key, value in row.items() if isinstance(key, str)}


def _json_rows(stream: IO[bytes]) -> Iterator[Row]:
    for _, value in lines(stream):
        yield table({"row": value}, "row")


def _parquet_rows(stream: IO[bytes]) -> Iterator[Row]:
    from pyarrow.parquet import ParquetFile

    for batch in ParquetFile(stream).iter_batches(batch_size=_BATCH):
        yield from batch.to_pylist()


def _message(row: Row, locator: str) -> Message | Skipped:
    """Turn a row into a Message; an instant without an offset would have to be guessed, and is not."""
    native, sender = _cell(row, "id"), _identity(_cell(row, "sender"), _cell(row, "sender_name"), _cell(row, "tenant"))
    kind, medium = _cell(row, "kind") or "human", _cell(row, "medium") or "mail"
    if not native or not (sender.address or sender.native_id):
        return Skipped(SOURCE, locator, "no_sender" if native else "no_id")
    if kind not in get_args(Kind) or medium not in get_args(Medium):
        return Skipped(SOURCE, locator, "unknown_kind")
    sent_at = _instant(row, "sent_at")
    recipients = [_identity(each, "", "") for each in _cell(row, "recipients").split(";") if each.strip()]
    return Message(
        id=message_id(SOURCE, native),
        source=SOURCE,
        source_version=1,
        medium=medium,  # type: ignore[arg-type]
        locator=locator,
        thread_id=_cell(row, "thread") or native,
        parent_id=_cell(row, "parent") if _cell(row, "parent") != native else "",
        sender=sender,
        recipients=tuple(recipients[:MAX_RECIPIENTS]),
        channel=_cell(row, "channel"),
        sent_at=sent_at,
        edited_at=_instant(row, "edited_at"),
        time_quality="exact" if sent_at else "missing",
        kind=kind,  # type: ignore[arg-type]
        subject=_cell(row, "subject"),
        text=_cell(row, "text")[:MAX_TEXT],
        html=_cell(row, "html")[:MAX_TEXT],
    )


def _cell(row: Row, column: str) -> str:
    value = row.get(column)
    if isinstance(value, list | tuple):
        return ";".join(str(each) for each in value)
    return "" if value is None else str(value).replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _identity(text: str, name: str, tenant: str) -> Identity:
    """Return a person by mail address, else by the id that the platform has for them."""
    address = canonical_address(text)
    return Identity(address=address, native_id="" if address else text.strip(), name=name, tenant=tenant)


def _instant(row: Row, column: str) -> datetime | None:
    value = row.get(column)
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(_cell(row, column))
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
