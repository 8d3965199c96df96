"""Rocket.Chat messages: answers of its API, arrays, lines as mongoexport writes them, or a dump of its database."""

import re
from functools import partial
from pathlib import Path
from typing import IO, Any

from connectors.bson_documents import documents, first_document
from connectors.chat import (
    VERSION,
    Records,
    chat_message,
    each_file,
    epoch_instant,
    iso_instant,
    recognised,
    unnamed,
    unpacked,
)
from connectors.json_stream import MAX_RECORD, lines, table, text, walk, whole
from connectors.message import Identity, Kind, Medium, Message, Skipped
from connectors.outlook_msg import missing_extra

SOURCE = "rocket_chat"
_FILES = re.compile(r"(?<!metadata)\.jsonl?$|messages?\.bson(?:\.gz)?$", re.I)
_BESIDE = re.compile(r"\.(?:jsonl?|bson)(?:\.gz)?$", re.I)
"""What a dump of the whole database has beside the messages; accounts with their keys are among it and stay closed."""

_LIST = {(), ("messages",)}
_QUOTED = re.compile(r"\[ ?\]\([^()\s]{1,500}[?&]msg=(\w{1,40})\)\s*")


class RocketChat:
    """Reads exported messages; one is in memory at a time."""

    name = "rocket_chat"
    version = VERSION
    medium: Medium = "chat"

    def matches(self, path: Path) -> bool:
        """Say whether a file begins with a message that has a room."""
        return recognised(path, _FILES.search, _begins_as_messages, beside=_BESIDE.search)

    def takes(self, name: str) -> bool:
        """Say whether a file of this name in an export is opened."""
        return bool(_FILES.search(name))

    def read(self, path: Path) -> Records:
        """Yield a value a message; former wordings, which stay in the room as hidden copies, are skipped.

        Raises UnknownFormat where a dump is to be read and the package that reads it is not installed.
        """
        read = partial(_file, export=path)
        yield from unpacked(SOURCE, path, lambda folder: each_file(SOURCE, folder, _FILES.search, read))


def _begins_as_messages(stream: IO[bytes]) -> bool:
    if _are_lines(stream) or _is_dump(stream):
        return True
    return next((_is_message(value) for path, value in walk(stream, _LIST) if isinstance(path[-1], int)), False)


def _are_lines(stream: IO[bytes]) -> bool:
    first = whole(stream.readline(MAX_RECORD))
    stream.seek(0)
    return _is_message(first)


def _is_dump(stream: IO[bytes]) -> bool:
    """Say whether a file begins with a document of the database that has a room and an instant, and go back."""
    first = first_document(stream)
    stream.seek(0)
    return b"\x02rid\0" in first and b"\x09ts\0" in first


def _is_message(value: Any) -> bool:
    return bool(text(value, "_id") and text(value, "rid")) and "ts" in value


def _file(stream: IO[bytes], name: str, place: str, *, export: Path) -> Records:
    if _are_lines(stream):
        for number, record in lines(stream):
            yield _message(record, f"{place}#{number}")
        return
    if _is_dump(stream):
        try:
            for number, record in documents(stream):
                yield _message(record, f"{place}#{number}")
        except ImportError:
            raise missing_extra(export, "rocketchat") from None
        return
    for path, record in walk(stream, _LIST):
        if isinstance(path[-1], int):
            yield _message(record, f"{place}#{path[-1] + 1}")


def _message(record: Any, locator: str) -> Message | Skipped:
    native, room, author = text(record, "_id"), text(record, "rid"), text(record, "u", "_id")
    if not native or not author:
        return Skipped(SOURCE, locator, "no_sender" if native else "undecodable")
    if record.get("_hidden") is True:
        return Skipped(SOURCE, locator, "edited_copy")
    said = text(record, "msg")
    quoted = _QUOTED.match(said)
    answered = text(record, "tmid") or (quoted[1] if quoted else "")
    return chat_message(
        SOURCE,
        native,
        locator,
        sender=Identity(native_id=author, name=text(record, "u", "name"), tenant=SOURCE),
        text=unnamed(_QUOTED.sub("", said)),
        sent_at=_instant(record.get("ts")),
        kind=_kind(record),
        thread=answered,
        parent=answered,
        channel=room,
        edited_at=_instant(record.get("editedAt")),
    )


def _instant(stamp: Any) -> Any:
    """Return the instant of an ISO time or of MongoDB's {"$date": …} in any of its three forms."""
    date = stamp.get("$date") if isinstance(stamp, dict) else stamp
    written = text({"date": date}, "date") or text(date, "$numberLong")
    return iso_instant(written) or epoch_instant(written, milliseconds=True)


def _kind(record: Any) -> Kind:
    if text(record, "t"):
        return "system"
    return "bot" if table(record, "bot") or record.get("bot") is True else "human"
