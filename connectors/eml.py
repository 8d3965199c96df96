"""Single mails as files (RFC 5322), whatever their name ends in, and those that Apple Mail keeps (emlx)."""

import re
from collections.abc import Iterator
from pathlib import Path

from connectors.mail import MAX_BYTES, VERSION, message_from_mail
from connectors.message import Medium, Message, Skipped

OPENING = 16 << 10
"""Bytes that decide what a file is."""

_FIELD = re.compile(rb"[!-9;-~]{1,70}[ \t]{0,3}:")
_FIELD_OF_MAIL = re.compile(
    rb"(?:From|To|Message-ID|Received|Return-Path|MIME-Version|Content-Type|Delivered-To|X-[A-Za-z-]{1,40}To)\s{0,3}:",
    re.IGNORECASE,
)
_LENGTH = re.compile(rb"\s{0,20}(\d{1,9}) {0,10}\r?\n(?=[A-Za-z-]{2,40}:)")


class Eml:
    """Reads one file that holds one mail."""

    name = "eml"
    version = VERSION
    medium: Medium = "mail"

    def matches(self, path: Path) -> bool:
        """Say whether the file opens with the header of a mail."""
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return is_mail(stream.read(OPENING))

    def read(self, path: Path) -> Iterator[Message | Skipped]:
        """Yield the one mail."""
        with path.open("rb") as stream:
            yield message_from_mail(without_length(stream.read(MAX_BYTES)), "#1")


def is_mail(opening: bytes) -> bool:
    """Say whether bytes begin as a mail does: with a field that only mail has, and another one or the header's end."""
    fields = []
    line = b""
    for number, line in enumerate(re.split(rb"\r\n|\r|\n", without_length(opening).lstrip())):
        if _FIELD.match(line):
            fields.append(line)
        elif not line.startswith((b" ", b"\t")) and not (number == 0 and line.startswith(b"From ")):
            break
    return (len(fields) >= 2 or not line) and any(_FIELD_OF_MAIL.match(field) for field in fields)


def without_length(data: bytes) -> bytes:
    """Return the mail of an emlx file, which stands between a line with its length and a property list."""
    found = _LENGTH.match(data[:64])
    return data[found.end() : found.end() + int(found[1])] if found else data
