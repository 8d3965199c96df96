"""Google Chat from Takeout: a folder a conversation, each with its messages and its members."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from connectors.addresses import canonical_address
from connectors.archive import Folder
from connectors.chat import NOBODY, VERSION, Records, any_recognised, chat_message, each_file, unpacked
from connectors.json_stream import number, rows, table, text, walk, whole
from connectors.message import Identity, Kind, Medium, Message, Skipped
from connectors.worded_date import worded_instant

SOURCE = "google_chat"
MAX_MARKS = 100
"""Annotations of a message that are looked at."""

_LIST = {(), ("messages",)}
_MESSAGES = re.compile(r"(?:^|/)Groups/(?P<group>[^/]+)/messages\.json$")


class GoogleChat:
    """Reads the `Google Chat` part of a Takeout, or one messages.json of it; a message is in memory at a time."""

    name = "google_chat"
    version = VERSION
    medium: Medium = "chat"

    def matches(self, path: Path) -> bool:
        """Say whether there are conversations below `Groups`, or a file begins with messages of one."""
        if path.is_dir() and not (path / "Groups").is_dir():
            return False
        return any_recognised(path, _MESSAGES.search, _begins_as_chat)

    def takes(self, name: str) -> bool:
        """Say whether a file of this name in an export is opened."""
        return bool(_MESSAGES.search(name)) or name.endswith("/group_info.json")

    def read(self, path: Path) -> Records:
        """Yield a value a message."""
        yield from unpacked(SOURCE, path, lambda folder: each_file(SOURCE, folder, _MESSAGES.search, _reader(folder)))


def _begins_as_chat(stream: IO[bytes]) -> bool:
    for path, value in walk(stream, _LIST):
        return path[0] == "messages" and bool(text(value, "message_id") and text(value, "topic_id"))
    return False


def _reader(folder: Folder) -> Callable[[IO[bytes], str, str], Records]:
    def read(stream: IO[bytes], name: str, place: str) -> Records:
        members = [] if folder.lone else _members(folder, name)
        for path, record in walk(stream, _LIST):
            if path[0] == "messages" and isinstance(path[-1], int):
                yield _message(record, f"{place}#{path[-1] + 1}", members)

    return read


def _members(folder: Folder, name: str) -> list[Identity]:
    """Return who takes part in a direct conversation; a space is a channel and has none."""
    found = _MESSAGES.search(name)
    info = name.removesuffix("messages.json") + "group_info.json"
    if not found or not found["group"].startswith("DM ") or info not in folder:
        return []
    return [_identity(member) for member in rows(whole(folder.read(info)), "members")]


def _identity(person: Any) -> Identity:
    return Identity(address=canonical_address(text(person, "email")), name=text(person, "name"))


def _message(record: Any, locator: str, members: list[Identity]) -> Message | Skipped:
    native = text(record, "message_id")
    kind = _kind(record)
    sender = _identity(table(record, "creator")) if text(record, "creator", "email") else NOBODY
    if not native or (sender is NOBODY and kind == "human"):
        return Skipped(SOURCE, locator, "no_sender" if native else "undecodable")
    thread, parent = _thread(native, text(record, "topic_id"))
    return chat_message(
        SOURCE,
        native,
        locator,
        sender=sender,
        text=_own_text(record),
        sent_at=worded_instant(text(record, "created_date")),
        kind=kind,
        thread=thread,
        parent=parent,
        channel="" if members else native.split("/")[0],
        recipients=tuple(member for member in members if member.address != sender.address),
        edited_at=worded_instant(text(record, "updated_date")),
    )


def _thread(native: str, topic: str) -> tuple[str, str]:
    """Return (thread, parent) of an id such as space/topic/message; the first message of a topic has the topic's id."""
    space, *rest = native.split("/")
    if len(rest) != 2:
        return topic, ""
    root = f"{space}/{topic}/{topic}"
    return ("", "") if root == native else (root, root)


def _kind(record: Any) -> Kind:
    if text(record, "message_state") == "DELETED":
        return "deleted"
    return "bot" if text(record, "creator", "user_type").lower() == "bot" else "human"


def _own_text(record: Any) -> str:
    """Return the words with mentions as "@someone", as far as annotations say where they stand."""
    said = text(record, "text")
    marks = [each for each in rows(record, "annotations")[:MAX_MARKS] if any("user_mention" in key for key in each)]
    spans = sorted(((number(each, "start_index"), number(each, "length")) for each in marks), reverse=True)
    for start, length in spans:
        if start >= 0 and length > 0 and said[start : start + 1] == "@":
            said = f"{said[:start]}@someone{said[start + length :]}"
    return said
