"""What the chat formats share: one record to one Message, instants that are told or unknown but never guessed."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import islice
from os import scandir
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from connectors.archive import Folder, Unsafe
from connectors.errors import UnknownFormat
from connectors.json_stream import Broken
from connectors.links import linked
from connectors.message import Identity, Kind, Message, Skipped, TimeQuality, message_id

MAX_TEXT = 1 << 20
VERSION = 1
"""Version of all chat readers, which share how they make messages."""

THREADED = "threaded"
"""Flag of a message that its platform puts into a thread or topic; without it a chat message stands alone."""

OPENING = 1 << 16
"""Bytes of a file by which its format is recognised where it is made of lines."""

FIRST_FILES = 20
"""Files of a folder or archive that are looked into to recognise its format."""

_USER_NAME = re.compile(r"(?<![\w.@])@[a-zA-Z][\w.-]{1,63}(?<![.-])")

NOBODY = Identity()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Records = Iterator[Message | Skipped]

ReadFile = Callable[[IO[bytes], str, str], Records]
"""Makes records of one file: (its bytes, its name, its place among the files of the export)."""


def chat_message(
    source: str,
    native_id: str,
    locator: str,
    *,
    sender: Identity,
    text: str,
    sent_at: datetime | None,
    kind: Kind = "human",
    thread: str = "",
    parent: str = "",
    channel: str = "",
    recipients: tuple[Identity, ...] = (),
    edited_at: datetime | None = None,
    time_quality: TimeQuality = "exact",
    html: str = "",
    raw: str = "",
) -> Message:
    """Return the Message of a chat record. `thread` and `parent` are native ids of the same source, "" for none.

    `raw` is what the record says where `text` and `html` no longer have its links.
    """
    return Message(
        id=message_id(source, native_id),
        source=source,
        source_version=VERSION,
        medium="chat",
        locator=locator,
        thread_id=thread or native_id,
        parent_id=parent if parent != native_id else "",
        sender=sender,
        recipients=recipients,
        channel=channel,
        sent_at=sent_at,
        edited_at=edited_at,
        time_quality=time_quality if sent_at else "missing",
        kind=kind,
        subject="",
        text=text[:MAX_TEXT],
        html=html[:MAX_TEXT],
        flags=frozenset([THREADED] if thread else []),
        elsewhere=linked(source, text[:MAX_TEXT], html[:MAX_TEXT], raw[:MAX_TEXT]) if kind == "human" else "",
    )


Wanted = Callable[[str], object]
"""Says of the name of a file in a folder or archive whether it can hold messages."""


def recognised(
    path: Path, wanted: Wanted, recognises: Callable[[IO[bytes]], bool], *, beside: Wanted | None = None
) -> bool:
    """Say whether one of the first wanted files is recognised. The name of a lone file says nothing.

    A plain folder is looked into when wanted files lie right in it and nothing else does but what `beside` allows:
    otherwise it may hold several exports, and those below it are found by themselves.
    """
    if path.is_dir() and not _holds_only(path, wanted, beside or wanted):
        return False
    return any_recognised(path, wanted, recognises)


def _holds_only(path: Path, wanted: Wanted, beside: Wanted) -> bool:
    """Say whether the files right in a folder are all allowed and one is wanted; the first other one ends the look."""
    found = False
    with scandir(path) as entries:
        for entry in entries:
            if entry.is_file() and not entry.name.startswith("."):
                if not beside(entry.name):
                    return False
                found = found or bool(wanted(entry.name))
    return found


def any_recognised(path: Path, wanted: Wanted, recognises: Callable[[IO[bytes]], bool]) -> bool:
    """Say whether one of the first wanted files is recognised, however deep it lies."""
    try:
        with Folder.open(path, lone=True) as folder:
            names = (name for name in folder.names() if folder.lone or wanted(name))
            return any(_recognised(folder, name, recognises) for name in islice(names, FIRST_FILES))
    except (Unsafe, OSError):
        return False


def opening(stream: IO[bytes]) -> IO[bytes]:
    """Return the beginning of a file, so that looking for lines in it ends."""
    return BytesIO(stream.read(OPENING))


def _recognised(folder: Folder, name: str, recognises: Callable[[IO[bytes]], bool]) -> bool:
    try:
        with folder.stream(name) as stream:
            return recognises(stream)
    except (Broken, Unsafe):
        return False


def each_file(source: str, folder: Folder, wanted: Wanted, read: ReadFile) -> Records:
    """Yield what `read` makes of each wanted file; one that breaks ends where it breaks and is named.

    Files are named by their place in the order of names, because the names themselves may hold people's.
    """
    for number, name in enumerate(folder.names(), start=1):
        if folder.lone or wanted(name):
            place = f"file {number}"
            try:
                with folder.stream(name) as stream:
                    yield from read(stream, name, place)
            except (Broken, Unsafe) as error:
                yield Skipped(source, place, error.reason)


def unpacked(source: str, path: Path, read: Callable[[Folder], Records]) -> Records:
    """Yield what `read` makes of an export that is a folder, an archive or one file; an unsafe archive is skipped."""
    try:
        with Folder.open(path, lone=True) as folder:
            yield from read(folder)
    except Unsafe as error:
        yield Skipped(source, path.name, error.reason)


def unnamed(said: str) -> str:
    """Return a text with each @user name, @all and @here as "@someone"; mail addresses stay."""
    return _USER_NAME.sub("@someone", said)


def iso_instant(stamp: str) -> datetime | None:
    """Return the UTC instant of an ISO time with its offset; None without one, because it would have to be guessed."""
    try:
        moment = datetime.fromisoformat(stamp)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def epoch_instant(stamp: Any, *, milliseconds: bool = False) -> datetime | None:
    """Return the UTC instant of seconds (or milliseconds) since 1970, as number or text; None for none or zero."""
    try:
        number = float(stamp or 0)
        return _EPOCH + timedelta(seconds=number / 1000 if milliseconds else number) if number > 0 else None
    except (ValueError, TypeError, OverflowError):
        return None


def local_instant(naive: datetime, zone: str) -> datetime:
    """Return the UTC instant of a wall-clock time; of the two in an autumn night the first one."""
    return naive.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def refuse_without_zone(path: Path, zone: str | None) -> str:
    """Return the zone. Raises UnknownFormat, saying what to set, when there is none."""
    if zone:
        return zone
    raise UnknownFormat(
        f"{path.name}: expected a time zone for its local times, found none; set zone, such as "
        f'zone = "Europe/Berlin", in the [[exports]] of program.toml, to where the export was made'
    )
