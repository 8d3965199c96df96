"""Google Hangouts from Takeout (`Hangouts.json`, until 2022): conversations, each with its members and its events."""

import re
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import IO, Any

from connectors.chat import VERSION, Records, chat_message, each_file, recognised, unpacked
from connectors.json_stream import number, rows, table, text, walk
from connectors.message import Identity, Kind, Medium, Message, Skipped

SOURCE = "hangouts"
_FILES = re.compile(r"\.json$", re.I)
_OPENED = {
    (),
    *((each,) for each in ("conversations", "conversation_state")),
    *((each, "*") for each in ("conversations", "conversation_state")),
    ("conversations", "*", "events"),
    ("conversation_state", "*", "conversation_state"),
    ("conversation_state", "*", "conversation_state", "event"),
}
"""The two layouts that Takeout has had."""

_LISTS = ("events", "event")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Hangouts:
    """Reads Hangouts.json; an event is in memory at a time, and who is in its conversation."""

    name = "hangouts"
    version = VERSION
    medium: Medium = "chat"

    def matches(self, path: Path) -> bool:
        """Say whether a file begins with a conversation of Hangouts."""
        return recognised(path, _FILES.search, _begins_as_hangouts)

    def takes(self, name: str) -> bool:
        """Say whether a file of this name in an export is opened."""
        return bool(_FILES.search(name))

    def read(self, path: Path) -> Records:
        """Yield a value an event."""
        yield from unpacked(SOURCE, path, lambda folder: each_file(SOURCE, folder, _FILES.search, _file))


def _begins_as_hangouts(stream: IO[bytes]) -> bool:
    for path, value in islice(walk(stream, _OPENED), 5):
        if path[0] in ("conversations", "conversation_state") and path[-1] in ("conversation", "conversation_id"):
            return bool(text(value, "id") or text(value, "conversation_id", "id"))
    return False


def _file(stream: IO[bytes], name: str, place: str) -> Records:
    talk = _Talk({})
    for path, value in walk(stream, _OPENED):
        if path[-1] == "conversation":
            talk = _Talk(table(value, "conversation") or value)
        elif len(path) > 2 and path[-2] in _LISTS and isinstance(path[-1], int):
            yield talk.message(value, f"{place}#{path[1]}.{path[-1] + 1}")


class _Talk:
    """One conversation: a pair of people, or a group with a space of its own."""

    def __init__(self, said: Any) -> None:
        people = [_identity(each) for each in rows(said, "participant_data")]
        self.people = {each.native_id: each for each in people}
        self.is_pair = text(said, "type") == "STICKY_ONE_TO_ONE"

    def message(self, event: Any, locator: str) -> Message | Skipped:
        native, author = text(event, "event_id"), _id(table(event, "sender_id"))
        space = text(event, "conversation_id", "id")
        if not native or not space or not author:
            return Skipped(SOURCE, locator, "no_sender" if native and space else "undecodable")
        others = tuple(each for id, each in sorted(self.people.items()) if id != author) if self.is_pair else ()
        return chat_message(
            SOURCE,
            f"{space}/{native}",
            locator,
            sender=self.people.get(author) or Identity(native_id=author, tenant=SOURCE),
            text=_words(event),
            sent_at=_instant(number(event, "timestamp")),
            kind=_kind(event),
            channel="" if others else space,
            recipients=others,
        )


def _id(person: Any) -> str:
    return text(person, "gaia_id") or text(person, "chat_id")


def _identity(person: Any) -> Identity:
    return Identity(native_id=_id(table(person, "id")), name=text(person, "fallback_name"), tenant=SOURCE)


def _words(event: Any) -> str:
    """Return the words of a message; a mention is written out as a name, and nothing marks it."""
    segments = rows(event, "chat_message", "message_content", "segment")
    return "".join("\n" if text(each, "type") == "LINE_BREAK" else text(each, "text") for each in segments)


def _instant(microseconds: int) -> datetime | None:
    try:
        return _EPOCH + timedelta(microseconds=microseconds) if microseconds > 0 else None
    except OverflowError:
        return None


def _kind(event: Any) -> Kind:
    return "human" if text(event, "event_type") == "REGULAR_CHAT_MESSAGE" else "system"
