"""Matrix: a room as Element exports it (JSON), which is also where rooms of Gitter live on."""

import re
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from connectors.chat import VERSION, Records, chat_message, each_file, epoch_instant, recognised, unpacked
from connectors.json_stream import table, text, walk
from connectors.message import Identity, Kind, Medium, Message, Skipped

SOURCE = "matrix"
_FILES = re.compile(r"\.json$", re.I)
_LIST = {(), ("messages",)}
_SAID = frozenset(("m.text", "m.emote", "m.notice"))
_FALLBACK = re.compile(r"(?:> [^\n]{0,4000}\n){1,200}\n")
"""What clients put before an answer for those that do not know answers: the quoted lines, and a blank one."""

_PILL = re.compile(r"@[\w.=/+-]{1,100}:[\w.-]{1,100}(?::\d{1,5})?")


class Matrix:
    """Reads exported rooms; an event is in memory at a time."""

    name = "matrix"
    version = VERSION
    medium: Medium = "chat"

    def matches(self, path: Path) -> bool:
        """Say whether a file begins as the export of a room."""
        return recognised(path, _FILES.search, _begins_as_room)

    def takes(self, name: str) -> bool:
        """Say whether a file of this name in an export is opened."""
        return bool(_FILES.search(name))

    def read(self, path: Path) -> Records:
        """Yield a value an event; one that replaces the words of another is that one's latest wording."""
        yield from unpacked(SOURCE, path, lambda folder: each_file(SOURCE, folder, _FILES.search, _room))


def _begins_as_room(stream: IO[bytes]) -> bool:
    for path, value in walk(stream, _LIST):
        if path[0] == "messages":
            return text(value, "event_id").startswith("$") and "origin_server_ts" in value
    return False


def _room(stream: IO[bytes], name: str, place: str) -> Records:
    told: dict[str, _Told] = {}
    for path, event in walk(stream, _LIST):
        if path[0] == "messages" and isinstance(path[-1], int):
            yield _message(event, told, f"{place}#{path[-1] + 1}")


_Told = tuple[datetime | None, str]
"""(when a message was sent, what it answers), which one that replaces its words does not say again."""


def _message(event: Any, told: dict[str, _Told], locator: str) -> Message | Skipped:
    native, author = text(event, "event_id"), text(event, "sender")
    if not native or not author:
        return Skipped(SOURCE, locator, "no_sender" if native else "undecodable")
    content = table(event, "content")
    moment, answered = told[native] = _told(event)
    sent_at = moment
    if edited := _edited(content):
        sent_at, answered = told.get(edited, (moment, ""))
        content = table(content, "m.new_content")
    return chat_message(
        SOURCE,
        edited or native,
        locator,
        sender=Identity(native_id=author, tenant=author.partition(":")[2]),
        text=_words(content),
        sent_at=sent_at,
        kind=_kind(event, content),
        thread=answered,
        parent=answered,
        channel=text(event, "room_id"),
        edited_at=moment if edited else None,
    )


def _told(event: Any) -> _Told:
    """Return when an event was sent, and the root of its thread, else what it answers."""
    relation = table(event, "content", "m.relates_to")
    root = text(relation, "event_id") if text(relation, "rel_type") == "m.thread" else ""
    instant = epoch_instant(text(event, "origin_server_ts"), milliseconds=True)
    return instant, root or text(relation, "m.in_reply_to", "event_id")


def _edited(content: Any) -> str:
    """Return the id of the message whose words these replace, "" for a message of its own."""
    return text(content, "m.relates_to", "event_id") if table(content, "m.new_content") else ""


def _words(content: Any) -> str:
    """Return the words; the name of a file or picture is none."""
    said = text(content, "body") if text(content, "msgtype") in _SAID else ""
    return _PILL.sub("@someone", _FALLBACK.sub("", said, count=1) if _FALLBACK.match(said) else said)


def _kind(event: Any, content: Any) -> Kind:
    if table(event, "unsigned", "redacted_because"):
        return "deleted"
    if text(event, "type") != "m.room.message":
        return "system"
    if not content:
        return "deleted"
    return "bot" if text(content, "msgtype") == "m.notice" else "human"
