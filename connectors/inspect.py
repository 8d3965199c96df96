"""What an export holds, without a word of it: the object that `quietpivot inspect` prints."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.chat import THREADED
from connectors.errors import UnknownFormat
from connectors.message import Identity, Message, Skipped
from connectors.not_read import not_read
from connectors.source import Source, detect, exports, read, source_named
from connectors.thread import Threads, short_id

_LIST_FOOTER = re.compile(r"^_{20,80}\s{0,3}$", re.MULTILINE)


def inspect(path: Path, *, format: str | None = None, zone: str | None = None) -> dict[str, Any]:
    """Return format, messages, people, threads, first, last, kinds and skipped. Raises UnknownFormat.

    Each message counts once by its id and a further copy is skipped as `duplicate`. A mail that comes again with
    another text counts as well and is told in `edited_copies`, which is there when there are any; a chat message is
    skipped as `edited_copy`. A file that no reader knows is `unknown_format`. People are distinct senders, in chat
    those of human messages; threads are those of mail, and what a chat platform itself calls a thread or topic.
    Several formats in one folder are joined by "+". `first` and `last` are dates that senders gave, odd ones too;
    local times of a chat whose `zone` is not given are written without an offset. `not_read`, which is there when there
    are any, counts the files of an export that its reader leaves closed, by the ending of their names.
    """
    units = exports(path) or [path]
    sources = {unit: source_named(format) if format else _detected(unit) for unit in units}
    known = {unit: source.name for unit, source in sources.items() if source}
    if not known:
        detect(units[0])
    closed = sum((not_read(unit, source) for unit, source in sources.items()), Counter())
    return {
        "format": "+".join(sorted(set(known.values()))),
        **_counted(_records(sources, zone), zone),
        **({"not_read": dict(sorted(closed.items()))} if closed else {}),
    }


def _detected(unit: Path) -> Source | None:
    try:
        return detect(unit)
    except UnknownFormat:
        return None


def _records(sources: dict[Path, Source | None], zone: str | None) -> Iterator[Message | Skipped]:
    """Yield what the exports hold; a file among them that no reader knows is one record that was skipped."""
    for unit, source in sources.items():
        if source:
            yield from read(unit, format=source.name, zone=zone or "UTC")
        else:
            yield Skipped("none", unit.name, "unknown_format")


def _counted(records: Iterable[Message | Skipped], zone: str | None) -> dict[str, Any]:
    kinds: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    people: set[str] = set()
    threads = Threads()
    messages: set[int] = set()
    unthreaded: set[int] = set()
    span: list[tuple[datetime, str]] = []
    for record in _first_copies(records, skipped):
        kinds[record.kind] += 1
        if _by_somebody(record):
            people.update(_person(record.sender))
        messages.add(known := threads.add(record))
        if record.medium != "mail" and THREADED not in record.flags:
            unthreaded.add(known)
        if record.sent_at and record.time_quality != "envelope_only":
            moment = (record.sent_at, _written(record, zone))
            span = [min(moment, *span), max(moment, *span)] if span else [moment, moment]
    edited = kinds.total() - len(messages)
    return {
        "messages": kinds.total(),
        "people": len(people),
        "threads": len({threads.root(each) for each in messages if each not in unthreaded}),
        "first": span[0][1] if span else None,
        "last": span[1][1] if span else None,
        "kinds": dict(sorted(kinds.items())),
        "skipped": dict(sorted(skipped.items())),
        **({"edited_copies": edited} if edited else {}),
    }


def _by_somebody(record: Message) -> bool:
    """Whether a sender counts as a person; mail addresses do unless an archive made them up."""
    return record.kind != "fragment" if record.medium == "mail" else record.kind == "human"


def _written(record: Message, zone: str | None) -> str:
    assert record.sent_at is not None
    local = record.medium == "chat" and record.time_quality == "zone_assumed" and not zone
    return (record.sent_at.replace(tzinfo=None) if local else record.sent_at).isoformat()


def _person(sender: Identity) -> list[str]:
    """Return what tells a sender from others, nothing for one whom the export does not name."""
    native = sender.native_id or sender.name
    return [sender.address or f"{sender.tenant}/{native}"] if sender.address or native else []


def _first_copies(records: Iterable[Message | Skipped], skipped: Counter[str]) -> Iterator[Message]:
    """Yield each message once, a mail once a wording; the rest is counted."""
    first: dict[int, int] = {}
    others: dict[int, set[int]] = {}
    for record in records:
        if isinstance(record, Skipped):
            skipped[record.reason] += 1
            continue
        known, wording = short_id(record.id), _wording(record.text)
        if known not in first:
            first[known] = wording
            yield record
            continue
        if wording == first[known] or wording in others.get(known, ()):
            skipped["duplicate"] += 1
            continue
        others.setdefault(known, set()).add(wording)
        if record.medium == "mail":
            yield record
        else:
            skipped["edited_copy"] += 1


def _wording(text: str) -> int:
    """Return the same for texts that differ in blanks or in the footer of a list that one copy came through."""
    return hash(tuple(_LIST_FOOTER.split(text, maxsplit=1)[0].split()))
