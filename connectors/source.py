"""Which reader reads an export: by content, never by its name's ending."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, runtime_checkable

from connectors.archive import Unsafe
from connectors.errors import UnknownFormat
from connectors.message import Medium, Message, Skipped
from connectors.single_mails import SingleMails, single_mails

_REFUSALS = (OSError, EOFError, zlib.error, zipfile.BadZipFile, Unsafe)


_WEB_PAGE = (
    "found a web page, such as a transcript, which does not tell for certain who wrote what; "
    "export single messages instead (from Microsoft Purview as a .pst)"
)


class Source(Protocol):
    """A reader of one export format. `read` streams and never raises for a single bad record."""

    name: str
    version: int
    medium: Medium

    def matches(self, path: Path) -> bool:
        """Say whether the export at `path` is of this format, from a look at its beginning."""
        ...

    def read(self, path: Path) -> Iterator[Message | Skipped]:
        """Yield one value a record, in the order of the export. Raises UnknownFormat if it cannot begin."""
        ...


@runtime_checkable
class ZonedSource(Protocol):
    """A reader of a format that may write local times: `read` takes the zone that they are of, or None."""

    needs_zone: bool

    def read(self, path: Path, zone: str | None = None) -> Iterator[Message | Skipped]:
        """As `Source.read`; raises UnknownFormat, saying what to set, where times need a zone and there is none."""
        ...


def sources() -> tuple[Source, ...]:
    """Return the known formats, those that are known at a glance first; a new format is one line here."""
    from connectors.discord import Discord
    from connectors.eml import Eml
    from connectors.generic import Generic
    from connectors.gitter import Gitter
    from connectors.google_chat import GoogleChat
    from connectors.hangouts import Hangouts
    from connectors.irc import Irc
    from connectors.mail_archive import MailArchive
    from connectors.maildir import Maildir
    from connectors.matrix import Matrix
    from connectors.mattermost import Mattermost
    from connectors.mattermost_compliance import MattermostCompliance
    from connectors.mbox import Mbox
    from connectors.outlook_msg import OutlookMsg
    from connectors.perceval import Perceval
    from connectors.pst import Pst
    from connectors.rocket_chat import RocketChat
    from connectors.slack_export import SlackExport
    from connectors.teams import Teams
    from connectors.telegram import Telegram
    from connectors.whatsapp import WhatsApp
    from connectors.zulip import Zulip

    return (
        MattermostCompliance(),
        Mbox(),
        SingleMails(Eml()),
        Maildir(),
        SlackExport(),
        Teams(),
        GoogleChat(),
        Mattermost(),
        Zulip(),
        Discord(),
        RocketChat(),
        Gitter(),
        Hangouts(),
        Matrix(),
        Telegram(),
        WhatsApp(),
        Irc(),
        SingleMails(OutlookMsg()),
        Pst(),
        Perceval(),
        Generic(),
        MailArchive(),
    )


def _only_by_name() -> tuple[Source, ...]:
    """Return the formats that a program has to name, because their files do not tell them apart."""
    from connectors.whatsapp import WhatsApp

    return WhatsApp("day_first"), WhatsApp("month_first")


def source_named(name: str) -> Source:
    """Return the reader called `name`. Raises UnknownFormat naming the known ones."""
    known = {source.name: source for source in (*sources(), *_only_by_name())}
    if name not in known:
        raise UnknownFormat(f"format: expected one of {', '.join(known)}, found {name!r}")
    return known[name]


def detect(path: Path) -> Source:
    """Return the reader whose format the export has. Raises UnknownFormat."""
    _refuse_unreadable(path)
    if source := _first_match(path):
        return source
    tried = ", ".join(source.name for source in sources())
    found = _WEB_PAGE if _is_web_page(path) else "found none of them; name its format or remove it"
    raise UnknownFormat(f"{path.name}: expected an export as {tried}; {found}")


def _is_web_page(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return stream.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))
    except OSError:
        return False


def _first_match(path: Path) -> Source | None:
    """Return the first reader that knows `path`; whether a folder holds single mails is asked last."""
    found = sources()
    if path.is_dir():
        found = tuple(sorted(found, key=lambda source: isinstance(source, SingleMails)))
    try:
        return next((source for source in found if source.matches(path)), None)
    except OSError:
        return None


def _refuse_unreadable(path: Path) -> None:
    if not path.exists():
        raise UnknownFormat(f"{path.name}: expected a file or folder, found none")
    if path.is_file() and path.stat().st_size == 0:
        raise UnknownFormat(f"{path.name}: expected an export, found an empty file; ask for the export again")


def read(path: Path, *, format: str | None = None, zone: str | None = None) -> Iterator[Message | Skipped]:
    """Stream an export. Raises UnknownFormat when no reader, or not the named one, knows it.

    `zone` is the IANA zone of local times, for formats that write none; a format with zones of its own ignores it.
    """
    source = source_named(format) if format else detect(path)
    return _guarded(source, path, zone)


def _guarded(source: Source, path: Path, zone: str | None) -> Iterator[Message | Skipped]:
    """Read on; what the file system or an archive refuses becomes this room's error, without their words."""
    try:
        yield from source.read(path, zone) if isinstance(source, ZonedSource) else source.read(path)
    except _REFUSALS as error:
        what = f"one that it cannot read ({type(error).__name__})"
        raise UnknownFormat(f"{path.name}: expected an export as {source.name}, found {what}") from None


def exports(path: Path) -> list[Path]:
    """Return the exports that lie at `path`, sorted: itself, or what a plain folder holds, links left out.

    All single mails that lie directly in a folder are one export, which has the folder's path.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        return []
    source = _first_match(path)
    if source and not isinstance(source, SingleMails):
        return [path]
    mails = frozenset(single_mails(path) if source else ())
    inside = sorted(each for each in path.iterdir() if not each.name.startswith(".") and not each.is_symlink())
    others = [export for each in inside if each not in mails for export in exports(each)]
    return [path, *others] if mails else others


def files_of(path: Path) -> list[Path]:
    """Return the files that the export at `path` consists of, sorted."""
    if not path.is_dir():
        return [path]
    source = _first_match(path)
    if isinstance(source, SingleMails):
        return single_mails(path)
    return sorted(each for each in path.rglob("*") if each.is_file())
