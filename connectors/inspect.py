"""What an export holds, without a word of it: the object that `quietpivot inspect` prints."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from connectors.errors import UnknownFormat
from connectors.message import Identity, Message, Skipped
from connectors.source import Source, detect, exports, read, source_named
from connectors.thread import Threads


def inspect(path: Path, *, format: str | None = None) -> dict[str, Any]:
    """Return format, messages, people, threads, first, last, kinds and skipped. Raises UnknownFormat.

    Each message counts once by its id; a further copy is skipped as `duplicate`, as `edited_copy` when its text
    differs, and a file that no reader knows as `unknown_format`. People are distinct senders, fragments aside; several
    formats in one folder are joined by "+". `first` and `last` are dates that senders gave, odd ones too.
    """
    units = exports(path) or [path]
    sources = {unit: source_named(format) if format else _detected(unit) for unit in units}
    known = {unit: source.name for unit, source in sources.items() if source}
    if not known:
        detect(units[0])
    return {"format": "+".join(sorted(set(known.values()))), **_counted(_records(sources))}


def _detected(unit: Path) -> Source | None:
    try:
        return detect(unit)
    except UnknownFormat:
        return None


def _records(sources: dict[Path, Source | None]) -> Iterator[Message | Skipped]:
    """Yield what the exports hold; a file among them that no reader knows is one record that was skipped."""
    for unit, source in sources.items():
        if source:
            yield from read(unit, format=source.name)
        else:
            yield Skipped("none", unit.name, "unknown_format")


def _counted(records: Iterable[Message | Skipped]) -> dict[str, Any]:
    kinds: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    seen: dict[str, set[int]] = {}
    people: set[str] = set()
    threads = Threads()
    times = []
    for record in _first_copies(records, seen, skipped):
        kinds[record.kind] += 1
        if record.kind != "fragment":
            people.update(_person(record.sender))
        threads.add(record)
        if record.sent_at and record.time_quality != "envelope_only":
            times.append(record.sent_at)
    return {
        "messages": len(seen),
        "people": len(people),
        "threads": len({threads.root(each) for each in seen}),
        "first": min(times).isoformat() if times else None,
        "last": max(times).isoformat() if times else None,
        "kinds": dict(sorted(kinds.items())),
        "skipped": dict(sorted(skipped.items())),
    }


def _person(sender: Identity) -> list[str]:
    """Return what tells a sender from others, nothing for one whom the export does not name."""
    native = sender.native_id or sender.name
    return [sender.address or f"{sender.tenant}/{native}"] if sender.address or native else []


def _first_copies(
    records: Iterable[Message | Skipped], seen: dict[str, set[int]], skipped: Counter[str]
) -> Iterator[Message]:
    """Yield each message once; the rest is counted. `seen` holds the hashed texts of each id."""
    for record in records:
        if isinstance(record, Skipped):
            skipped[record.reason] += 1
            continue
        texts = seen.setdefault(record.id, set())
        text = hash(record.text)
        if not texts:
            yield record
        else:
            skipped["duplicate" if text in texts else "edited_copy"] += 1
        texts.add(text)
