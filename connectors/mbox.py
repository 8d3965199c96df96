"""mbox files (mboxo, mboxrd), gzipped or not, and Mailman 2 archives in the same layout.

A line that begins with "From " separates mails only when a date follows, the line before is blank and what follows
looks like a header; patches pasted into a body ("From <40 hex> Mon Sep 17 00:00:00 2001") fail that.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from connectors.mail import MAX_BYTES, SOURCE, VERSION, message_from_mail
from connectors.message import Medium, Message, Skipped

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_LINE = 1 << 20
"""Bytes of one line that are kept; the rest of an overlong line is read and dropped."""

BUFFER = 1 << 18
MAX_BLANK_LINES = 100
"""Lines that may be blank before the first separator."""

_BROKEN = (OSError, EOFError, zlib.error)
"""What a gzip file that was cut or altered raises."""

_MONTHS = b"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_SEPARATOR = re.compile(
    rb"From \S.{0,300}?\s(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\s{1,3}(?:(?:" + _MONTHS + rb")\s{1,2}\d{1,2}|"
    rb"\d{1,2}\s(?:" + _MONTHS + rb"))\s.{0,60}\d{4}"
)
_BARE = re.compile(rb"From (?:-|MAILER-DAEMON|\S{1,100}@\S{1,100})?\s*$")
_PATCH = re.compile(rb"From [0-9a-f]{40} Mon Sep 17 00:00:00 2001")
_HEADER = re.compile(rb"[!-9;-~]{1,100}:|>?From ")
_QUOTED = re.compile(rb">+From ")
_ENVELOPE = re.compile(
    rb"(?P<month>" + _MONTHS + rb")\s{1,2}(?P<day>\d{1,2})\s(?P<time>\d\d:\d\d:\d\d)\s"
    rb"(?P<zone>[+-]\d{4}\s)?(?P<year>\d{4})"
)


class Mbox:
    """Reads an mbox file as a stream; one mail is in memory at a time."""

    name = "mbox"
    version = VERSION
    medium: Medium = "mail"

    def matches(self, path: Path) -> bool:
        """Say whether the first line with content separates mails."""
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return is_mbox(stream)

    def read(self, path: Path) -> Iterator[Message | Skipped]:
        """Yield a value a mail. A file that breaks off ends with Skipped("truncated")."""
        with path.open("rb", buffering=BUFFER) as stream:
            yield from read_mbox(stream)


def is_mbox(stream: IO[bytes]) -> bool:
    """Say whether an mbox file, gzipped or not, begins here."""
    try:
        plain = unzipped(stream)
        lines = (plain.readline(4096) for _ in range(MAX_BLANK_LINES))
        first = next((line for line in lines if line.strip()), b"")
    except _BROKEN:
        return False
    return bool((_SEPARATOR.match(first) or _BARE.match(first)) and not _PATCH.match(first))


def read_mbox(stream: IO[bytes], place: str = "") -> Iterator[Message | Skipped]:
    """Yield a value a mail of an open mbox file; locators are `place#number`."""
    number = 0
    try:
        for number, (envelope, data) in enumerate(_mails(unzipped(stream)), start=1):
            yield message_from_mail(data, f"{place}#{number}", envelope=_envelope_date(envelope))
    except _BROKEN:
        yield Skipped(SOURCE, f"{place}#{number + 1}", "truncated")


def unzipped(stream: IO[bytes]) -> IO[bytes]:
    """Return the stream, seen through gzip where it is gzipped."""
    buffered = BufferedReader(cast(RawIOBase, stream), BUFFER)
    if not buffered.peek(2).startswith(b"\x1f\x8b"):
        return buffered
    return BufferedReader(_Unzipped(gzip.GzipFile(fileobj=buffered)), BUFFER)


class _Unzipped(RawIOBase):
    """Hands on what is unpacked before it asks for more, so that a file cut short gives all that is left of it."""

    def __init__(self, zipped: gzip.GzipFile) -> None:
        self._zipped = zipped

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        data = self._zipped.read1(len(view))
        view[: len(data)] = data
        return len(data)


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield lines of at most MAX_LINE bytes; what is longer is cut, not split, so memory stays bounded."""
    while line := stream.readline(MAX_LINE):
        yield line
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE)


def _mails(stream: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield (separator line, bytes of the mail), quoting undone."""
    mail: list[bytes] = []
    separator, size, blank = b"", 0, True
    bare: bool | None = None
    waiting = b""
    for line in _lines(stream):
        if waiting:
            if not separator or _HEADER.match(line):
                if separator:
                    yield separator, b"".join(mail)
                separator, mail, size = waiting, [], 0
            else:
                mail.append(waiting)
            waiting = b""
        candidate = blank and line.startswith(b"From ") and _separates(line, bare)
        if candidate and bare is None:
            bare = not _SEPARATOR.match(line)
        if candidate:
            waiting = line
        elif size <= MAX_BYTES:
            mail.append(line[1:] if line.startswith(b">") and _QUOTED.match(line) else line)
            size += len(line)
        blank = not line.strip()
    if separator:
        yield separator, b"".join(mail)


def _separates(line: bytes, bare: bool | None) -> bool:
    """Decide by the file's own first separator whether a bare "From " counts."""
    if _PATCH.match(line):
        return False
    return bool(_SEPARATOR.match(line)) or (bare is not False and bool(_BARE.match(line)))


def _envelope_date(line: bytes) -> datetime | None:
    """Return the date of a separator; the one that public-inbox writes means nothing."""
    found = _ENVELOPE.search(line)
    if not found or line.startswith(b"From mboxrd@z"):
        return None
    zone = (found["zone"] or b"+0000").decode().strip()
    day, month, year, time = (found[name].decode() for name in ("day", "month", "year", "time"))
    try:
        return datetime.strptime(f"{day} {month} {year} {time} {zone}", "%d %b %Y %H:%M:%S %z").astimezone(UTC)
    except ValueError:
        return None
