"""The private store: a lock, a ledger of what each shard was made from, and parts. Analysts never open it."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from warehouse.errors import StoreBusy


class Store:
    """A program's `store/` folder, 0700."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        (folder / "parts").mkdir(exist_ok=True, mode=0o700)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the store as its only writer. Raises StoreBusy at once when another run holds it."""
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 100).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise StoreBusy(f"expected a free store, found it held by {holder}; wait, or end that run") from None
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"process {os.getpid()}".encode(), 0)
            yield
        finally:
            os.close(descriptor)

    def part(self, alliance: str, shard: str) -> Path:
        """Return where a shard's part lies."""
        return self.folder / "parts" / alliance / f"{shard}.parquet"

    def parts(self) -> list[Path]:
        """Return all parts, sorted."""
        return sorted((self.folder / "parts").glob("*/*.parquet"))

    def states(self) -> dict[str, dict[str, Any]]:
        """Return `alliance/shard` -> its latest ledger entry; a last line torn by a crash is ignored."""
        ledger = self.folder / "ledger.jsonl"
        found: dict[str, dict[str, Any]] = {}
        for line in ledger.read_text(encoding="utf-8").splitlines() if ledger.exists() else ():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            found[f"{entry['alliance']}/{entry['shard']}"] = entry
        return found

    def forget(self, alliance: str, shard: str) -> None:
        """Remove a shard's part, and record that it is gone; a part that is not there is no error."""
        self.part(alliance, shard).unlink(missing_ok=True)
        self.record({"alliance": alliance, "shard": shard, "state": "forgotten"})

    def sweep(self) -> int:
        """Remove the `.writing` files that a killed run left behind; return how many there were."""
        strays = list(self.folder.rglob("*.writing"))
        for stray in strays:
            stray.unlink()
        return len(strays)

    def record(self, entry: Mapping[str, Any]) -> None:
        """Append a shard's state durably."""
        descriptor = os.open(self.folder / "ledger.jsonl", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as stream:
            stream.write(f"\n{json.dumps(dict(entry), sort_keys=True)}\n".encode())
            stream.flush()
            os.fsync(stream.fileno())
