"""The lines of IRC logs as Supybot, WeeChat, irssi and EnergyMech write them: when, by whom, what."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Literal

MAX_LINE = 1 << 14
"""Bytes of a line that are read; the protocol allows 512."""

_CODES = re.compile("\x03\\d{0,2}(?:,\\d{1,2})?|[\x00-\x08\x0b-\x1f\x7f]")
_NICK = r"[@+%&~!]? ?(?P<nick>[^\s<>@+%&~!]{1,64})"
_SUPYBOT = re.compile(r"(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[+-]\d\d:?\d\d|Z)?)  (?P<rest>.*)")
_WEECHAT = re.compile(r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\t(?P<who>[^\t]{0,80})\t(?P<said>.*)")
_IRSSI = re.compile(r"(?P<at>\d\d:\d\d(?::\d\d)?) (?P<rest>.*)")
_ENERGYMECH = re.compile(r"\[(?:(?P<day>\d{4}-\d\d-\d\d) )?(?P<at>\d\d:\d\d(?::\d\d)?)\] ?(?P<rest>.*)")
_IRSSI_DAY = re.compile(
    r"--- (?:Log opened|Day changed) \w{3} (?P<month>\w{3}) (?P<day>\d\d?) (?:[\d:]{8} )?(?P<year>\d{4})"
)
_SPOKEN = re.compile(rf"<{_NICK}(?:![^>]{{0,200}})?>(?: (?P<said>.*))?")
_ACTED = re.compile(r" ?\* ?(?P<nick>[^\s*]{1,64})(?: (?P<said>.*))?")
_NOTICE = re.compile(r"-(?P<nick>[^\s!-][^\s!]{0,63})- ?(?P<said>.*)")
_SERVER = re.compile(r"\*\*\* |-!- |[<-]?-->? |<- |-> |--- ")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

Sort = Literal["said", "notice", "server"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its time (naive where the log has no zone, None where it has no date yet), sort, nick and words."""

    at: datetime | None
    sort: Sort
    nick: str
    said: str


Day = tuple[int, int, int]
"""(year, month, day)."""


def log_lines(stream: IO[bytes], day: Day | None = None) -> Iterator[Line | None]:
    """Yield what each line says, None for one that is of no log; blank lines and dates alone are left out.

    `day` is the one that the log's own name gives, for lines that have only a time.
    """
    while raw := stream.readline(MAX_LINE):
        line = _CODES.sub("", raw.decode("utf-8", "replace")) if b"\t" not in raw else raw.decode("utf-8", "replace")
        line = line.rstrip("\r\n")
        if changed := _IRSSI_DAY.match(line):
            day = _day(changed)
        elif line.strip():
            yield _supybot(line) or _weechat(line) or _irssi(line, day) or _energymech(line, day)


def _day(changed: re.Match[str]) -> Day | None:
    month = changed["month"].lower()
    return (int(changed["year"]), _MONTHS.index(month) + 1, int(changed["day"])) if month in _MONTHS else None


def _supybot(line: str) -> Line | None:
    found = _SUPYBOT.fullmatch(line)
    return _spoken(_moment(found["at"]), found["rest"]) if found else None


def _irssi(line: str, day: Day | None) -> Line | None:
    found = _IRSSI.fullmatch(line)
    return _spoken(_on(day, found["at"]), found["rest"]) if found and day else None


def _energymech(line: str, day: Day | None) -> Line | None:
    """Return a line that begins with a time in brackets; it is one of a log also where nothing names its day."""
    found = _ENERGYMECH.fullmatch(line)
    if not found:
        return None
    at = _moment(f"{found['day']}T{found['at']}") if found["day"] else _on(day, found["at"])
    return _spoken(at, found["rest"])


def _on(day: Day | None, time: str) -> datetime | None:
    return _moment("{:04}-{:02}-{:02}T".format(*day) + time) if day else None


def _weechat(line: str) -> Line | None:
    found = _WEECHAT.fullmatch(line)
    if not found:
        return None
    at, who, said = _moment(found["at"]), found["who"].strip(), found["said"]
    if who == "*":
        nick, _, words = said.partition(" ")
        return Line(at, "said", nick, words)
    if who in ("", "--", "-->", "<--", "=!="):
        return Line(at, "server", "", "")
    return Line(at, "said", who.lstrip("@+%&~"), said)


def _spoken(at: datetime | None, rest: str) -> Line | None:
    if _SERVER.match(rest):
        return Line(at, "server", "", "")
    if spoken := _SPOKEN.fullmatch(rest) or _ACTED.fullmatch(rest):
        return Line(at, "said", spoken["nick"], spoken["said"] or "")
    notice = _NOTICE.fullmatch(rest)
    return Line(at, "notice", notice["nick"], notice["said"]) if notice else None


def _moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None
