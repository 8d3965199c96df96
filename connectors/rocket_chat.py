"""Rocket.Chat messages as JSON: answers of its API, arrays, or lines as mongoexport writes them."""

import re
from pathlib import Path
from typing import IO, Any

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

SOURCE = "rocket_chat"
_JSON = re.compile(r"\.jsonl?$", re.I)
_LIST = {(), ("messages",)}
_QUOTED = re.compile(r"\[ ?\]\([^()\s]{1,500}[?&]msg=(\w{1,40})\)\s*")


class RocketChat:
    """Reads exported messages; one is in memory at a time."""

    name = "rocket_chat"
    version = VERSION
    medium: Medium = "chat"

    def matches(self, path: Path) -> bool:
        """Say whether a file begins with a message that has a room."""
        return recognised(path, _JSON.search, _begins_as_messages)

    def read(self, path: Path) -> Records:
        """Yield a value a message; former wordings, which stay in the room as hidden copies, are skipped."""
        yield from unpacked(SOURCE, path, lambda folder: each_file(SOURCE, folder, _JSON.search, _file))


def _begins_as_messages(stream: IO[bytes]) -> bool:
    if _are_lines(stream):
        return True
    return next((_is_message(value) for path, value in walk(stream, _LIST) if isinstance(path[-1], int)), False)


def _are_lines(stream: IO[bytes]) -> bool:
    first = whole(stream.readline(MAX_RECORD))
    stream.seek(0)
    return _is_message(first)


def _is_message(value: Any) -> bool:
    return bool(text(value, "_id") and text(value, "rid")) and "ts" in value


def _file(stream: IO[bytes], name: str, place: str) -> Records:
    if _are_lines(stream):
        for number, record in lines(stream):
            yield _message(record, f"{place}#{number}")
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
