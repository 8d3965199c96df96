"""What an export holds, without a word of it: the object that `quietpivot inspect` prints."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from connectors.message import Message, Skipped
from connectors.source import detect, exports, source_named


def inspect(path: Path, *, format: str | None = None) -> dict[str, Any]:
    """Return format, messages, people, threads, first, last, kinds and skipped. Raises UnknownFormat.

    Each message counts once by its id; people are distinct senders; several formats in one folder are joined by "+".
    """
    units = exports(path) or [path]
    sources = [(source_named(format) if format else detect(unit), unit) for unit in units]
    records = (record for source, unit in sources for record in source.read(unit))
    return {"format": "+".join(sorted({source.name for source, _ in sources})), **_counted(records)}


def _counted(records: Iterable[Message | Skipped]) -> dict[str, Any]:
    kinds: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    seen: set[str] = set()
    people: set[str] = set()
    threads: set[str] = set()
    times = []
    for record in _first_copies(records, seen, skipped):
        kinds[record.kind] += 1
        people.add(record.sender.address or f"{record.sender.tenant}/{record.sender.native_id or record.sender.name}")
        threads.add(record.thread_id)
        if record.sent_at:
            times.append(record.sent_at)
    return {
        "messages": len(seen),
        "people": len(people),
        "threads": len(threads),
        "first": min(times).isoformat() if times else None,
        "last": max(times).isoformat() if times else None,
        "kinds": dict(sorted(kinds.items())),
        "skipped": dict(sorted(skipped.items())),
    }


def _first_copies(records: Iterable[Message | Skipped], seen: set[str], skipped: Counter[str]) -> Iterator[Message]:
    """Yield each message once; copies and skipped records are only counted."""
    for record in records:
        if isinstance(record, Skipped):
            skipped[record.reason] += 1
        elif record.id in seen:
            skipped["duplicate"] += 1
        else:
            seen.add(record.id)
            yield record
