"""mbox files (mboxo, mboxrd), gzipped or not, and Mailman 2 archives in the same layout.

A line that begins with "From " separates mails only when a date follows, the line before is blank and what follows
looks like a header; patches pasted into a body ("From <40 hex> Mon Sep 17 00:00:00 2001") fail that.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, cast

from connectors.archive import Unsafe, most_unpacked
from connectors.mail import MAX_BYTES, SOURCE, VERSION, message_from_mail
from connectors.message import Medium, Message, Skipped

BUFFER = 1 << 18
MAX_BLANK_LINES = 100
"""Lines that may be blank before the first separator."""

_MARK = b"\nFrom "
_LONGEST = 2048
"""Bytes of a separator line."""

_FOLLOWING = 128
"""Bytes after a separator that tell whether a header field follows."""

_CONTEXT = 1 << 13
"""Bytes kept before what is looked at, so that a blank line before a separator is seen."""

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
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
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
        """Yield a value a mail. A file that breaks off, or unpacks to too much, ends with a Skipped."""
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
    """Yield a value a mail of an open mbox file; locators are `place#number`. What came before a break is kept."""
    number = 0
    try:
        for number, (envelope, data) in enumerate(_mails(unzipped(stream)), start=1):
            yield message_from_mail(data, f"{place}#{number}", envelope=partial(_envelope_date, envelope))
    except _BROKEN:
        yield Skipped(SOURCE, f"{place}#{number + 1}", "truncated")
    except Unsafe as error:
        yield Skipped(SOURCE, f"{place}#{number + 1}", error.reason)


def unzipped(stream: IO[bytes]) -> BufferedReader | gzip.GzipFile:
    """Return the stream, seen through gzip where it is gzipped; `read1` gives what stands before a break."""
    buffered = cast(BufferedReader, BufferedReader(cast(RawIOBase, stream), BUFFER))
    return _Unzipped(buffered) if buffered.peek(2).startswith(b"\x1f\x8b") else buffered


class _Unzipped(gzip.GzipFile):
    """A gzip file whose `read1` refuses to give more than its packed bytes may hold."""

    def __init__(self, packed: BufferedReader) -> None:
        super().__init__(fileobj=packed)
        self._packed = packed
        self._given = 0

    def read1(self, size: int = -1) -> bytes:
        """Return the next bytes. Raises Unsafe when too many came out of what was read."""
        data = super().read1(size)
        self._given += len(data)
        if self._given > most_unpacked(self._packed.tell()):
            raise Unsafe("zip_bomb")
        return data


def _mails(stream: BufferedReader | gzip.GzipFile) -> Iterator[tuple[bytes, bytes]]:
    """Yield (separator line, bytes of the mail up to MAX_BYTES, quoting undone), with a few blocks in memory."""
    window, at_end = b"\n", False
    begin = look = 0
    mail, separator = bytearray(), b""
    bare: bool | None = None
    while True:
        at = window.find(_MARK, look)
        line, following = _two_lines(window, at) if at >= 0 else (b"", b"")
        if (at < 0 or len(following) < _FOLLOWING) and not at_end:
            kept = max(begin, (at if at >= 0 else len(window)) - _CONTEXT)
            _extend(mail, window[begin:kept])
            block = stream.read1(BUFFER)
            window, at_end = window[kept:] + block, not block
            begin, look = 0, max(0, (at if at >= 0 else look) - kept)
        elif at < 0:
            break
        elif _follows_blank(window, at, not separator) and _divides(line, following, separator, bare):
            bare = not _SEPARATOR.match(line) if bare is None else bare
            _extend(mail, window[begin : at + 1])
            if separator:
                yield separator, _unquoted(bytes(mail))
            separator = line
            mail.clear()
            begin = at + 1 + len(line)
            look = begin - 1
        else:
            look = at + 1
    _extend(mail, window[begin:])
    if separator:
        yield separator, _unquoted(bytes(mail))


def _two_lines(window: bytes, at: int) -> tuple[bytes, bytes]:
    """Return the line after `at`, cut where it is overlong, and the beginning of the one after it."""
    end = window.find(b"\n", at + 1, at + 1 + _LONGEST)
    stop = end + 1 if end >= 0 else at + 1 + _LONGEST
    return window[at + 1 : stop], window[stop : stop + _FOLLOWING]


def _extend(mail: bytearray, piece: bytes) -> None:
    mail += piece[: max(0, MAX_BYTES - len(mail))]


def _unquoted(data: bytes) -> bytes:
    return _QUOTED.sub(rb"\1", data) if b">From " in data else data


def _follows_blank(window: bytes, at: int, begins: bool) -> bool:
    """Say whether the line that ends at `at` is blank; the beginning of a file counts as blank."""
    start = window.rfind(b"\n", max(0, at - _LONGEST), at)
    return not window[start + 1 : at].strip() if start >= 0 else begins


def _divides(line: bytes, following: bytes, separator: bytes, bare: bool | None) -> bool:
    """Say whether a line begins a mail: of the file's own form, with a header field below."""
    return _separates(line, bare) and (not separator or bool(_HEADER.match(following)))


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
