"""Folders of single mails: one export, as a Maildir is, however many files it has and whatever their names end in."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from connectors.eml import Eml
from connectors.errors import UnknownFormat
from connectors.mail import SOURCE
from connectors.mbox import Mbox
from connectors.message import Medium, Message, Skipped
from connectors.outlook_msg import OutlookMsg

OneMail = Eml | OutlookMsg
"""A reader of files that hold one mail each."""

_READERS: tuple[OneMail, ...] = (Eml(), OutlookMsg())
_MAILBOX = Mbox()


class SingleMails:
    """Reads one file as `reader` does, or a folder of such files; mails of the other kind beside them are read too.

    The folder's own files count, not those of its subfolders, and none that holds something else.
    """

    medium: Medium = "mail"

    def __init__(self, reader: OneMail) -> None:
        self._reader = reader
        self.name = reader.name
        self.version = reader.version

    def matches(self, path: Path) -> bool:
        """Say whether the file is one mail of this kind, or one of the folder's files is."""
        if not path.is_dir():
            return self._reader.matches(path)
        return any(reader.name == self.name for _, reader in _mails_in(path))

    def read(self, path: Path) -> Iterator[Message | Skipped]:
        """Yield a value a mail, those of a folder by the names of its files; a file that fails is skipped alone."""
        if not path.is_dir():
            yield from self._reader.read(path)
            return
        for number, (file, reader) in enumerate(_mails_in(path), start=1):
            yield _the_mail(file, reader, f"file {number}")


def single_mails(folder: Path) -> list[Path]:
    """Return the files of a folder that hold one mail each, sorted."""
    return [file for file, _ in _mails_in(folder)]


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield what lies directly in a folder, sorted; hidden files and links are left out."""
    for name in sorted(each.name for each in folder.iterdir()):
        if not name.startswith(".") and not (file := folder / name).is_symlink():
            yield file


def _mails_in(folder: Path) -> Iterator[tuple[Path, OneMail]]:
    for file in _files_in(folder):
        if reader := _reader_of(file):
            yield file, reader


def _reader_of(file: Path) -> OneMail | None:
    """Return which reader knows the file as one mail; what cannot be opened is none."""
    try:
        return None if _MAILBOX.matches(file) else next((each for each in _READERS if each.matches(file)), None)
    except OSError:
        return None


def _the_mail(file: Path, reader: OneMail, place: str) -> Message | Skipped:
    """Return the one value of a file under the name of its place: the name of a file may hold somebody's."""
    try:
        return replace(next(reader.read(file)), locator=place)
    except OSError:
        return Skipped(SOURCE, place, "unreadable")
    except UnknownFormat:
        return Skipped(SOURCE, place, "package_missing")
