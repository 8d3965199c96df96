"""Telegram Desktop exports: one chat, or all chats of an account, in result.json.

Since version 3.7.6 each message has its instant; before, only the local time of the machine that made the export.
"""

import re
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from connectors.archive import Folder
from connectors.chat import (
    VERSION,
    Records,
    chat_message,
    each_file,
    epoch_instant,
    iso_instant,
    local_instant,
    recognised,
    refuse_without_zone,
    unnamed,
    unpacked,
)
from connectors.json_stream import Path as JsonPath
from connectors.json_stream import text, walk
from connectors.message import Identity, Kind, Medium, Message, Skipped, TimeQuality

SOURCE = "telegram"
_JSON = re.compile(r"\.json$", re.I)
_LISTS = {
    ("messages",),
    *((part, "list", "*", "messages") for part in ("chats", "left_chats")),
    *((part, "list", "*") for part in ("chats", "left_chats")),
    *((part, "list") for part in ("chats", "left_chats")),
    *((part,) for part in ("chats", "left_chats")),
    (),
}
_OF_OTHERS = frozenset(("mention", "mention_name", "email", "phone"))


class Telegram:
    """Reads result.json; a message is in memory at a time, and which messages answer which."""

    name = "telegram"
    version = VERSION
    medium: Medium = "chat"
    needs_zone = True

    def matches(self, path: Path) -> bool:
        """Say whether a file begins with a chat's messages."""
        return recognised(path, _JSON.search, _begins_as_chat)

    def takes(self, name: str) -> bool:
        """Say whether a file of this name in an export is opened."""
        return bool(_JSON.search(name))

    def read(self, path: Path, zone: str | None = None) -> Records:
        """Yield a value a message. Raises UnknownFormat when the first one has a local time and there is no `zone`."""

        def of_folder(folder: Folder) -> Records:
            return each_file(SOURCE, folder, _JSON.search, _Reader(path, zone).file)

        yield from unpacked(SOURCE, path, of_folder)


def _begins_as_chat(stream: IO[bytes]) -> bool:
    for path, value in walk(stream, _LISTS):
        if "messages" in path and isinstance(path[-1], int):
            dated = text(value, "date_unixtime") or text(value, "date")
            return bool(dated) and text(value, "type") in ("message", "service")
    return False


class _Reader:
    def __init__(self, path: Path, zone: str | None) -> None:
        self.path = path
        self.zone = zone
        self.begun = False

    def file(self, stream: IO[bytes], name: str, place: str) -> Records:
        """Yield what the messages of each chat are."""
        chats: dict[JsonPath, str] = {}
        roots: dict[str, str] = {}
        for path, value in walk(stream, _LISTS):
            above = path[:-1] if path[-1] == "id" else path[:-2]
            if path[-1] == "id":
                chats[above] = text({"id": value}, "id")
            elif "messages" in path and isinstance(path[-1], int):
                chat = chats.get(above, "")
                yield self._message(
                    value, chat, roots, f"{place}#{'.'.join(str(n + 1) for n in path if isinstance(n, int))}"
                )

    def _message(self, record: Any, chat: str, roots: dict[str, str], locator: str) -> Message | Skipped:
        sent_at, quality = self._sent_at(record)
        if quality == "missing":
            return Skipped(SOURCE, locator, "no_zone" if text(record, "date") else "no_time")
        sender = _sender(record)
        if not sender.native_id and not sender.name:
            return Skipped(SOURCE, locator, "no_sender")
        native = f"{chat}/{text(record, 'id') or f'{sent_at}/{sender.name}'}"
        answered = text(record, "reply_to_message_id") if not text(record, "reply_to_peer_id") else ""
        parent = f"{chat}/{answered}" if answered else ""
        if parent:
            roots[native] = roots.get(parent, parent)
        return chat_message(
            SOURCE,
            native,
            locator,
            sender=sender,
            text=own_text(record),
            sent_at=sent_at,
            kind=_kind(record),
            thread=roots.get(native, ""),
            parent=parent,
            channel=chat,
            edited_at=epoch_instant(text(record, "edited_unixtime")),
            time_quality=quality,
        )

    def _sent_at(self, record: Any) -> tuple[datetime | None, TimeQuality]:
        written = text(record, "date")
        told = epoch_instant(text(record, "date_unixtime")) or iso_instant(written)
        if not told and not self.begun and written:
            refuse_without_zone(self.path, self.zone)
        self.begun = True
        if told or not self.zone:
            return told, "exact" if told else "missing"
        try:
            return local_instant(datetime.fromisoformat(written), self.zone), "zone_assumed"
        except (ValueError, OverflowError):
            return None, "missing"


def _sender(record: Any) -> Identity:
    """Return who wrote; the id of old exports is a bare number, the name of deleted accounts is empty."""
    key = text(record, "from_id") or text(record, "actor_id")
    name = text(record, "from") or text(record, "actor")
    return Identity(native_id=f"user{key}" if key.isdecimal() else key, name=name, tenant=SOURCE)


def _kind(record: Any) -> Kind:
    if text(record, "type") != "message":
        return "system"
    return "bot" if text(record, "via_bot") else "human"


def own_text(record: Any) -> str:
    """Return the words, a string or a list of pieces: mentions as tokens, what was forwarded or quoted as quotes."""
    said = record.get("text")
    pieces = said if isinstance(said, list) else [said]
    words = "".join(_piece(each) for each in pieces)
    return _as_quote(words) if "forwarded_from" in record else words


def _piece(piece: Any) -> str:
    if isinstance(piece, str):
        return unnamed(text({"piece": piece}, "piece"))
    kind = text(piece, "type")
    if kind in _OF_OTHERS:
        return "@someone"
    return _as_quote(text(piece, "text")) if kind == "blockquote" else text(piece, "text")


def _as_quote(words: str) -> str:
    return "".join(f"> {line}\n" for line in words.split("\n") if line.strip())
