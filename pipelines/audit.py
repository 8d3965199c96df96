"""Who looked at whose data: an append-only, hash-chained log in the private store.

The chain shows a line that was altered, removed or moved. It does not show that the last lines were cut off, nor that
somebody who may write the store made the whole log anew: for that, keep a copy of the last hash elsewhere.
"""

import fcntl
import json
import os
from collections.abc import Collection
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

FIRST = "0" * 64
"""What the first line names as its predecessor."""

Entry = dict[str, str]


def write(store: Path, action: str, subject: str) -> None:
    """Append an access durably, one process at a time. `subject` is a pseudonym or an alliance, never a name."""
    store.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(store / "audit.jsonl", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a+", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        text = stream.read()
        whole = [entry for line in text.splitlines() if (entry := _parsed(line))]
        previous = whole[-1]["hash"] if whole else FIRST
        entry = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "action": action, "subject": subject}
        line = json.dumps({**entry, "previous": previous, "hash": _hash(entry, previous)}, sort_keys=True)
        torn = "\n" if text and not text.endswith("\n") else ""
        stream.write(f"{torn}{line}\n")
        stream.flush()
        os.fsync(stream.fileno())


def first_broken_line(store: Path) -> int | None:
    """Return the number of the first line that was altered, removed, moved or torn; None for an unbroken chain."""
    previous = FIRST
    for number, line in enumerate(_lines(store), start=1):
        entry = _parsed(line)
        if entry is None or entry["previous"] != previous or entry["hash"] != _hash(_told(entry), previous):
            return number
        previous = entry["hash"]
    return None


def entries(store: Path, subjects: Collection[str] | None = None) -> list[Entry]:
    """Return what was done and when, oldest first; only about `subjects` when they are given."""
    whole = [entry for line in _lines(store) if (entry := _parsed(line))]
    return [_told(entry) for entry in whole if subjects is None or entry["subject"] in subjects]


def _lines(store: Path) -> list[str]:
    log = store / "audit.jsonl"
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


def _parsed(line: str) -> Entry | None:
    """Return an entry, None for a line that a crash tore or a hand spoilt."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    whole = isinstance(entry, dict) and {"at", "action", "subject", "previous", "hash"} <= entry.keys()
    return entry if whole else None


def _told(entry: Entry) -> Entry:
    return {name: entry[name] for name in ("at", "action", "subject")}


def _hash(entry: Entry, previous: str) -> str:
    return sha256(json.dumps([entry, previous], sort_keys=True).encode()).hexdigest()
