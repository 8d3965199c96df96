"""An append-only file of JSON lines, each of which names the one before by its hash.

The chain shows a line that was altered, removed or moved. That its last lines were cut off, or that an older copy took
its place, shows against the head: a small file that lies apart, with the number of lines and the last one's hash.
"""

import errno
import fcntl
import json
import os
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from warehouse.durable import write_whole

FIRST = "0" * 64
"""What the first line names as its predecessor."""

LINKS = ("previous", "hash")
Entry = dict[str, Any]


class Chain:
    """One such file, and its head when it has one. Entries are JSON objects."""

    def __init__(self, file: Path, head: Path | None = None) -> None:
        self.file, self.head = file, head

    def append(self, *entries: Mapping[str, Any]) -> None:
        """Append durably, one process at a time, all or nothing; what a crash tore off at the end goes first.

        The head follows only while the file still holds what the head speaks of.
        """
        self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            before = self._whole()
            self._write(descriptor, len(before), _linked(entries, _last(before)))
            if self.head is not None and not self._cut(before):
                self._set_head()
        finally:
            os.close(descriptor)

    def _write(self, descriptor: int, place: int, lines: bytes) -> None:
        os.ftruncate(descriptor, place)
        try:
            if os.pwrite(descriptor, lines, place) < len(lines):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, place)
            raise

    def entries(self) -> list[Entry]:
        """Return what was entered, oldest first, without the links; lines that are no entry are left out."""
        return [_told(entry) for line in self._lines() if (entry := _parsed(line))]

    def broken_line(self) -> int | None:
        """Return the number of the first line that was altered, removed, moved or spoilt; None for none."""
        previous = FIRST
        for number, line in enumerate(self._lines(), start=1):
            entry = _parsed(line)
            if entry is None or entry["previous"] != previous or entry["hash"] != _hash(_told(entry), previous):
                return number
            previous = entry["hash"]
        return None

    def fault(self) -> str:
        """Say what is wrong: a line that is not as it was written, or lines that are gone; "" when all is well."""
        if broken := self.broken_line():
            return f"{self.file.name}, line {broken}: expected an unbroken chain, found an altered line"
        return self._cut(self._whole())

    def accept(self) -> None:
        """Let the head speak of the file as it is now, whatever it spoke of before."""
        self._set_head()

    def _cut(self, whole: bytes) -> str:
        """Say that the lines which the head speaks of are not there."""
        if self.head is None or not self.head.is_file():
            return ""
        found = [entry["hash"] if (entry := _parsed(line)) else "" for line in whole.splitlines()]
        count, _, last = self.head.read_text(encoding="ascii", errors="replace").strip().partition(" ")
        if count.isdigit() and int(count) <= len(found) and last == (found[int(count) - 1] if int(count) else FIRST):
            return ""
        wanted = f"at least {count} lines" if count.isdigit() else "what its head in the keys' folder says"
        return (
            f"{self.file.name}: expected {wanted}, found {len(found)} that are others: the end was cut off, an older "
            f"copy was brought back, or {self.head.name} is damaged; bring the newest copy back if there is one"
        )

    def _set_head(self) -> None:
        assert self.head is not None
        whole = self._whole()
        write_whole(self.head, f"{len(whole.splitlines())} {_last(whole)}\n".encode())

    def _whole(self) -> bytes:
        """Return the file's bytes up to its last whole line."""
        content = self.file.read_bytes() if self.file.is_file() else b""
        return content[: content.rfind(b"\n") + 1]

    def _lines(self) -> list[bytes]:
        return self._whole().splitlines()


def _linked(entries: Iterable[Mapping[str, Any]], previous: str) -> bytes:
    """Return entries as lines that follow the one with the hash `previous`."""
    lines = b""
    for entry in entries:
        told = json.loads(json.dumps(dict(entry)))
        own = _hash(told, previous)
        lines += json.dumps({**told, "previous": previous, "hash": own}, sort_keys=True).encode() + b"\n"
        previous = own
    return lines


def _last(whole: bytes) -> str:
    """Return the hash of the last line that is an entry."""
    found = (entry["hash"] for line in reversed(whole.splitlines()) if (entry := _parsed(line)))
    return str(next(found, FIRST))


def _parsed(line: bytes) -> Entry | None:
    """Return a line's entry with its links, None for a line that a hand spoilt."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and entry.keys() >= set(LINKS) else None


def _told(entry: Entry) -> Entry:
    return {name: value for name, value in entry.items() if name not in LINKS}


def _hash(entry: Entry, previous: str) -> str:
    return sha256(json.dumps([entry, previous], sort_keys=True).encode()).hexdigest()
