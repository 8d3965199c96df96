"""Gitter: messages of a room as its API gives them, an array a page or a line a message."""

import re
from pathlib import Path, PurePosixPath
from typing import IO, Any

from connectors.chat import VERSION, Records, chat_message, each_file, iso_instant, recognised, unnamed, unpacked
from connectors.json_stream import MAX_RECORD, lines, text, walk, whole
from connectors.message import Identity, Medium, Message, Skipped

SOURCE = "gitter"
_FILES = re.compile(r"(?:^|/)(?!rooms?\b)(?:[^/.]+|[^/]+\.jsonl?)$", re.I)
_BESIDE = re.compile(r"(?:^|/)(?:[^/.]+|[^/]+\.jsonl?)$", re.I)
_PAGE = re.compile(r"[-_. ]*(?:page[-_. ]*)?\d+$", re.I)


class Gitter:
    """Reads pages of messages; one message is in memory at a time."""

    name = "gitter"
    version = VERSION
    medium: Medium = "chat"

    def matches(self, path: Path) -> bool:
        """Say whether a file begins with a message that a Gitter user sent."""
        return _first_is_no_mail(path) and recognised(path, _FILES.search, _begins_as_messages, beside=_BESIDE.search)

    def takes(self, name: str) -> bool:
        """Say whether a file of this name in an export is opened."""
        return bool(_FILES.search(name))

    def read(self, path: Path) -> Records:
        """Yield a value a message. A page does not name its room: the space is the name of its folder, or its own."""
        yield from unpacked(SOURCE, path, lambda folder: each_file(SOURCE, folder, _FILES.search, _file))


def _first_is_no_mail(path: Path) -> bool:
    """Say whether a folder may hold pages; one of mails without endings may hold so many that looking takes long."""
    if not path.is_dir():
        return True
    first = next((each for each in path.iterdir() if each.is_file() and _FILES.search(each.name)), None)
    if first is None:
        return False
    with first.open("rb") as stream:
        return stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"[", b"{"))


def _begins_as_messages(stream: IO[bytes]) -> bool:
    if _are_lines(stream):
        return True
    return next((_is_message(value) for path, value in walk(stream, {()}) if isinstance(path[-1], int)), False)


def _are_lines(stream: IO[bytes]) -> bool:
    first = whole(stream.readline(MAX_RECORD))
    stream.seek(0)
    return _is_message(first)


def _is_message(value: Any) -> bool:
    return bool(text(value, "id") and text(value, "sent") and text(value, "fromUser", "id"))


def _file(stream: IO[bytes], name: str, place: str) -> Records:
    room = _room(PurePosixPath(name))
    if _are_lines(stream):
        for number, record in lines(stream):
            yield _message(record, room, f"{place}#{number}")
        return
    for path, record in walk(stream, {()}):
        if isinstance(path[-1], int):
            yield _message(record, room, f"{place}#{path[-1] + 1}")


def _room(file: PurePosixPath) -> str:
    """Return the folder of a file in an export, else its own name without the number of a page."""
    return file.parent.name or _PAGE.sub("", file.stem) or SOURCE


def _message(record: Any, room: str, locator: str) -> Message | Skipped:
    native, author = text(record, "id"), text(record, "fromUser", "id")
    if not native or not author:
        return Skipped(SOURCE, locator, "no_sender" if native else "undecodable")
    root = text(record, "parentId")
    return chat_message(
        SOURCE,
        native,
        locator,
        sender=Identity(native_id=author, name=text(record, "fromUser", "displayName"), tenant=SOURCE),
        text=unnamed(text(record, "text")),
        sent_at=iso_instant(text(record, "sent")),
        thread=root,
        parent=root,
        channel=room,
        edited_at=iso_instant(text(record, "editedAt")),
    )
