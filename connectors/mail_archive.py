"""Mails in a zip or tar, read in place: mbox files (gzipped or not), single mails, Maildir folders.

Nothing is unpacked to disk. Files are named by their place in the archive, because their names may hold people's.
"""

from collections.abc import Iterator
from io import BufferedReader, BytesIO, RawIOBase
from itertools import islice
from pathlib import Path
from typing import cast

from connectors.archive import Folder, Unsafe
from connectors.eml import OPENING, is_mail, without_length
from connectors.mail import MAX_BYTES, SOURCE, VERSION, message_from_mail
from connectors.maildir import mark_of
from connectors.mbox import is_mbox, read_mbox
from connectors.message import Medium, Message, Skipped

FIRST_FILES = 20
"""Files of an archive that are looked into to recognise mails."""


class MailArchive:
    """Reads the mails of one archive in the order in which they were packed."""

    name = "mail_archive"
    version = VERSION
    medium: Medium = "mail"

    def matches(self, path: Path) -> bool:
        """Say whether one of the first files in a zip or tar is a mail or holds mails."""
        if not path.is_file():
            return False
        try:
            with Folder.open(path) as folder:
                return any(_holds_mails(folder, name) for name in islice(folder.packed(), FIRST_FILES))
        except (Unsafe, OSError):
            return False

    def read(self, path: Path) -> Iterator[Message | Skipped]:
        """Yield a value a mail, and one for each other file. An unsafe archive is skipped as a whole."""
        try:
            with Folder.open(path) as folder:
                for number, name in enumerate(folder.packed(), start=1):
                    yield from _read_file(folder, name, f"file {number}")
        except Unsafe as error:
            yield Skipped(SOURCE, path.name, error.reason)


def _holds_mails(folder: Folder, name: str) -> bool:
    try:
        with folder.stream(name) as stream:
            opening = stream.read(OPENING)
    except Unsafe:
        return False
    return is_mbox(BytesIO(opening)) or is_mail(opening)


def _read_file(folder: Folder, name: str, place: str) -> Iterator[Message | Skipped]:
    if reason := "undelivered" if Path(name).parent.name == "tmp" else mark_of(name):
        yield Skipped(SOURCE, place, reason)
        return
    try:
        with folder.stream(name) as stream:
            yield from _read_stream(BufferedReader(cast(RawIOBase, stream), OPENING), place)
    except Unsafe as error:
        yield Skipped(SOURCE, place, error.reason)


def _read_stream(stream: BufferedReader, place: str) -> Iterator[Message | Skipped]:
    opening = stream.peek(OPENING)
    if is_mbox(BytesIO(opening)):
        yield from read_mbox(stream, place)
    elif is_mail(opening):
        yield message_from_mail(without_length(stream.read(MAX_BYTES)), place)
    else:
        yield Skipped(SOURCE, place, "unknown_format")
