"""The lines of a WhatsApp chat: where a message begins, who it is by, and which of day and month comes first.

The program writes no zone and the date of its user's country; nothing in a file says which country that is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

MAX_LINE = 1 << 16
_INVISIBLE = re.compile("[\u200e\u200f\u202a-\u202c\ufeff]")
_HEAD = re.compile(
    r"\[?(?P<a>\d{1,4})(?P<mark>[./-]) ?(?P<b>\d{1,2})[./-] ?(?P<c>\d{1,4})\.?,?(?: (?:à|um|at|klo))? "
    r"(?P<before>上午|下午|午前|午後|오전|오후)? ?(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?"
    r"(?: ?(?P<after>[AaPp])\.? ?[Mm]\.?)?(?:\]| [-–]) ?(?P<rest>.*)",
    re.DOTALL,
)
_SENDER = re.compile(r"(?P<sender>[^:\"“”„«»]{1,80}): (?P<text>.*)|(?P<only>[^:\"“”„«»]{1,80}):", re.DOTALL)
_AFTERNOON = frozenset(("下午", "午後", "오후", "p", "P"))
_MORNING = frozenset(("上午", "午前", "오전", "a", "A"))
_ORDERS = {"day_first": "abc", "month_first": "bac", "year_first": "cba"}


@dataclass(slots=True)
class Entry:
    """One message or system line: the three numbers of its date as written, its time, who and what ("" for none)."""

    date: tuple[str, str, str]
    mark: str
    time: tuple[int, int, int]
    sender: str
    text: str


def entries(stream: IO[bytes]) -> Iterator[Entry]:
    """Yield what the lines of a chat say; lines that begin no message continue the one before."""
    entry: Entry | None = None
    size = 0
    while line := stream.readline(MAX_LINE):
        said = line.decode("utf-8", "replace").rstrip("\r\n")
        begun = _begun(said)
        if begun:
            if entry:
                yield entry
            entry, size = begun, 0
        elif entry and size < MAX_LINE:
            entry.text += f"\n{said}"
            size += 1 + len(said)
    if entry:
        yield entry


def _begun(line: str) -> Entry | None:
    """Return the message that a line begins. Invisible marks before the date go; in the text they tell attachments."""
    plain = _INVISIBLE.sub("", line[:6]) + line[6:]
    head = _HEAD.fullmatch(plain.replace("\u202f", " ").replace("\xa0", " "))
    if not head:
        return None
    said = _SENDER.fullmatch(head["rest"])
    sender = (said["sender"] or said["only"]) if said else ""
    hour, half = int(head["hour"]), head["before"] or head["after"]
    if half in _AFTERNOON | _MORNING:
        hour = hour % 12 + (12 if half in _AFTERNOON else 0)
    return Entry(
        (head["a"], head["b"], head["c"]),
        head["mark"],
        (hour, int(head["minute"]), int(head["second"] or 0)),
        _INVISIBLE.sub("", sender).lstrip("~ ").strip(),
        (said["text"] or "") if said else head["rest"],
    )


def local_time(entry: Entry, order: str) -> datetime | None:
    """Return the wall-clock time of an entry in an order of `_ORDERS`, None when there is no such day."""
    numbers = dict(zip("abc", (int(each) for each in entry.date), strict=True))
    if len(entry.date[0]) == 4:
        year, month, day = numbers["a"], numbers["b"], numbers["c"]
    else:
        day, month, year = (numbers[each] for each in _ORDERS[order])
    try:
        return datetime(year + 2000 if year < 100 else year, month, day, *entry.time)
    except ValueError:
        return None


def date_order(chat: Iterator[Entry]) -> str:
    """Return which order of `_ORDERS` the dates have, "" when two are as likely.

    An order in which a day does not exist is out; of the rest, the one in which time goes back least often.
    """
    steps_back = dict.fromkeys(_ORDERS, 0)
    before: dict[str, datetime] = {}
    alike = True
    for entry in chat:
        times = {order: local_time(entry, order) for order in steps_back}
        if entry.mark == ".":
            times["month_first"] = None  # no country writes month.day.year
        for order, time in times.items():
            if time is None:
                steps_back.pop(order, None)
            else:
                steps_back[order] += order in before and time < before[order]
                before[order] = time
        alike = alike and times.get("day_first") == times.get("month_first")
    return _best(steps_back, alike)


def _best(steps_back: dict[str, int], alike: bool) -> str:
    """Return the order with the fewest steps back; two years first are rare and must win alone."""
    least = min(steps_back.values(), default=0)
    best = [order for order, steps in steps_back.items() if steps == least]
    likely = [order for order in best if order != "year_first"] or best
    return likely[0] if len(likely) == 1 or (likely and alike) else ""
