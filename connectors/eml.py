"""Single mails as files (RFC 5322), whatever their name ends in."""

import re
from collections.abc import Iterator
from pathlib import Path

from connectors.mail import MAX_BYTES, SOURCE, VERSION, message_from_mail
from connectors.message import Medium, Message, Skipped

_FIELD = re.compile(
    rb"^(?:From|To|Date|Message-ID|Received|Return-Path|Subject|MIME-Version|Delivered-To)\s{0,3}:", re.I
)


class Eml:
    """Reads one file that holds one mail."""

    name = "eml"
    version = VERSION
    medium: Medium = "mail"

    def matches(self, path: Path) -> bool:
        """Say whether the file opens with mail header fields."""
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            opening = stream.read(8192).lstrip()
        lines = re.split(rb"\r\n|\r|\n", opening)[:20]
        return sum(bool(_FIELD.match(line)) for line in lines) >= 2

    def read(self, path: Path) -> Iterator[Message | Skipped]:
        """Yield the one mail."""
        if path.stat().st_size > MAX_BYTES:
            yield Skipped(SOURCE, path.name, "too_large")
            return
        yield message_from_mail(path.read_bytes(), path.name)
