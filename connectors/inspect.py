"""What an export holds, without a word of it: the object that `quietpivot inspect` prints."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from connectors.message import Message, Skipped
from connectors.source import detect, exports, read, source_named
from connectors.thread import Threads


def inspect(path: Path, *, format: str | None = None) -> dict[str, Any]:
    """Return format, messages, people, threads, first, last, kinds and skipped. Raises UnknownFormat.

    Each message counts once by its id; a further copy is skipped as `duplicate`, as `edited_copy` when its text
    differs. People are distinct senders, fragments aside; several formats in one folder are joined by "+".
    """
    units = exports(path) or [path]
    sources = [(source_named(format) if format else detect(unit), unit) for unit in units]
    records = (record for source, unit in sources for record in read(unit, format=source.name))
    return {"format": "+".join(sorted({source.name for source, _ in sources})), **_counted(records)}


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
            sender = record.sender
            people.add(sender.address or f"{sender.tenant}/{sender.native_id or sender.name}")
        threads.add(record)
        if record.sent_at:
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
