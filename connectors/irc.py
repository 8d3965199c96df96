"""IRC logs of Supybot (Limnoria), WeeChat, irssi and EnergyMech; a file, a folder of them, or an archive."""

import re
from collections import Counter
from datetime import UTC
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO

from connectors.chat import (
    NOBODY,
    VERSION,
    Records,
    chat_message,
    each_file,
    local_instant,
    opening,
    recognised,
    refuse_without_zone,
    unpacked,
)
from connectors.irc_lines import Day, Line, log_lines
from connectors.message import Identity, Kind, Medium, Message, Skipped

SOURCE = "irc"
_LOG = re.compile(r"\.(?:log|txt|weechatlog)$", re.I)
_DATE_IN_NAME = re.compile(r"[-_.]*\d[\d_.-]*")
_DAY_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)")
_BOT = re.compile(r"(?!(?:ab|tal|ca)bot).*bot[\d_-]*|chanserv|nickserv", re.I)
_ADDRESSED = re.compile(r"([^\s:,]{1,64})([:,] )")


class Irc:
    """Reads logs; a line is in memory at a time, and which nicks were there."""

    name = "irc"
    version = VERSION
    medium: Medium = "chat"
    needs_zone = True

    def matches(self, path: Path) -> bool:
        """Say whether most of the first lines are of a log, and somebody says something."""
        return recognised(path, _LOG.search, _begins_as_log)

    def takes(self, name: str) -> bool:
        """Say whether a file of this name in an export is opened."""
        return bool(_LOG.search(name))

    def read(self, path: Path, zone: str | None = None) -> Records:
        """Yield a value a line. Raises UnknownFormat when the log has no zone and there is no `zone`."""
        log = partial(_log, path=path, zone=zone)
        yield from unpacked(SOURCE, path, lambda folder: each_file(SOURCE, folder, _LOG.search, log))


def _begins_as_log(stream: IO[bytes]) -> bool:
    first = list(islice(log_lines(opening(stream)), 20))
    known = [line for line in first if line]
    return len(known) * 2 > len(first) and any(line.sort == "said" for line in known)


def _log(stream: IO[bytes], name: str, place: str, *, path: Path, zone: str | None) -> Records:
    channel = _DATE_IN_NAME.sub("", PurePosixPath(name).stem) or SOURCE
    nicks: set[str] = set()
    copies: Counter[str] = Counter()
    for number, line in enumerate(log_lines(stream, _day(name)), start=1):
        if line and line.at and not line.at.tzinfo:
            zone = refuse_without_zone(path, zone)
        nicks.update([line.nick.lower()] if line else [])
        yield _message(line, f"{place}#{number}", channel, zone, nicks, copies)


def _day(name: str) -> Day | None:
    """Return the one day that the name of a log gives, year first; None where it gives none or several."""
    found = {
        (int(year), int(month), int(day)) for year, _, month, day in _DAY_IN_NAME.findall(PurePosixPath(name).name)
    }
    return found.pop() if len(found) == 1 else None


def _message(
    line: Line | None, locator: str, channel: str, zone: str | None, nicks: set[str], copies: Counter[str]
) -> Message | Skipped:
    if not line or not line.at:
        return Skipped(SOURCE, locator, "no_time" if line else "undecodable")
    said = f"{line.at.isoformat()} {line.nick}\0{line.said}"
    native = sha256(said.encode("utf-8", "replace")).hexdigest()[:32]
    copies[native] += 1
    return chat_message(
        SOURCE,
        f"{native}/{copies[native]}",
        locator,
        sender=Identity(native_id=_base(line.nick), name=line.nick, tenant=SOURCE) if line.nick else NOBODY,
        text=_own_text(line.said, nicks),
        sent_at=line.at.astimezone(UTC) if line.at.tzinfo else local_instant(line.at, zone or "UTC"),
        time_quality="exact" if line.at.tzinfo else "zone_assumed",
        kind=_kind(line),
        channel=channel,
    )


def _base(nick: str) -> str:
    """Return a nick without the tail that a second connection adds."""
    return nick.lower().rstrip("_`") or nick.lower()


def _kind(line: Line) -> Kind:
    if line.sort == "server":
        return "system"
    return "bot" if line.sort == "notice" or _BOT.fullmatch(line.nick) else "human"


def _own_text(said: str, nicks: set[str]) -> str:
    """Return the words; a nick that they begin with becomes a token when it was there before."""
    addressed = _ADDRESSED.match(said)
    if not addressed or addressed[1].lower() not in nicks:
        return said
    return f"@someone{addressed[2]}{said[addressed.end() :]}"
