"""Who looked at whose data: an append-only, hash-chained log in the private store."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

FIRST = "0" * 64
"""What the first line names as its predecessor."""


def write(store: Path, action: str, subject: str) -> None:
    """Append an access. `subject` is a pseudonym, never a name."""
    store.mkdir(parents=True, exist_ok=True, mode=0o700)
    entries = list(_entries(store))
    previous = entries[-1]["hash"] if entries else FIRST
    entry = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "action": action, "subject": subject}
    line = json.dumps({**entry, "previous": previous, "hash": _hash(entry, previous)}, sort_keys=True)
    descriptor = os.open(store / "audit.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
        stream.write(line + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def first_broken_line(store: Path) -> int | None:
    """Return the number of the first line that was altered, removed or moved; None for an unbroken chain."""
    previous = FIRST
    for number, entry in enumerate(_entries(store), start=1):
        told = {name: entry[name] for name in ("at", "action", "subject")}
        if entry["previous"] != previous or entry["hash"] != _hash(told, previous):
            return number
        previous = entry["hash"]
    return None


def _entries(store: Path) -> Iterator[dict[str, str]]:
    log = store / "audit.jsonl"
    for line in log.read_text(encoding="utf-8").splitlines() if log.exists() else ():
        yield json.loads(line)


def _hash(entry: dict[str, str], previous: str) -> str:
    return sha256(json.dumps([entry, previous], sort_keys=True).encode()).hexdigest()
