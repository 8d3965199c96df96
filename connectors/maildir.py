"""Maildir folders, Maildir++ and nested subfolders, with the flag marks that file systems without ":" force."""

import re
from collections.abc import Iterator
from pathlib import Path

from connectors.mail import MAX_BYTES, SOURCE, VERSION, message_from_mail
from connectors.message import Medium, Message, Skipped

_FLAGS = re.compile(r"[:!;]2,([A-Za-z]*)$")


class Maildir:
    """Reads `cur` and `new` of a Maildir and of its subfolders; `tmp` is what is still being delivered."""

    name = "maildir"
    version = VERSION
    medium: Medium = "mail"

    def matches(self, path: Path) -> bool:
        """Say whether the folder has a `cur` folder, or a subfolder as Maildir++ names them has one."""
        return path.is_dir() and any((each / "cur").is_dir() for each in (path, *path.glob(".*")) if each.is_dir())

    def read(self, path: Path) -> Iterator[Message | Skipped]:
        """Yield a value a mail; drafts and deleted mails are skipped and counted."""
        for file in sorted(_files(path)):
            yield self._read_file(file, _place(file))

    def _read_file(self, file: Path, locator: str) -> Message | Skipped:
        if reason := mark_of(file.name):
            return Skipped(SOURCE, locator, reason)
        with file.open("rb") as stream:
            return message_from_mail(stream.read(MAX_BYTES), locator)


def mark_of(name: str) -> str:
    """Return why the flags in the name of a Maildir file rule it out: `draft`, `deleted`, or ""."""
    found = _FLAGS.search(name)
    flags = found[1] if found else ""
    return "draft" if "D" in flags else "deleted" if "T" in flags else ""


def _place(file: Path) -> str:
    """Return the unique part of a Maildir name: a time and counters, no flag, no host."""
    return ".".join(file.name.split(".")[:2])[:60]


def _files(folder: Path) -> Iterator[Path]:
    for name in ("cur", "new"):
        below = folder / name
        if below.is_dir():
            yield from (each for each in below.iterdir() if each.is_file() and not each.is_symlink())
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink() and each.name not in ("cur", "new", "tmp"):
            yield from _files(each)
