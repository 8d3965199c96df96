"""The private store: a lock, a ledger of what each shard was made from, and parts. Analysts never open it.

The ledger names every part by the hash of its bytes, before the part takes its place. So a run that is cut short in
between is finished by the next, and a part whose bytes are others is one that something damaged.
"""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.chain import Chain
from warehouse.durable import digest
from warehouse.errors import BadStore, StoreBusy
from warehouse.migrations import VERSION, migrate, stamp_new, version

if TYPE_CHECKING:
    import pyarrow as pa

State = dict[str, Any]


class Store:
    """A program's `store/` folder, 0700. Raises BadStore for one that a newer version wrote."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        (folder / "parts").mkdir(exist_ok=True, mode=0o700)
        stamp_new(folder)
        self._ledger = Chain(folder / "ledger.jsonl")
        self._states: dict[str, State] | None = None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the store as its only writer, brought to the present version and with what a killed run left finished.

        Raises StoreBusy at once when another run holds it, BadStore when its ledger is damaged.
        """
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
            migrate(self.folder)
            self._states = None
            self._finish()
            yield
        finally:
            os.close(descriptor)

    @property
    def outdated(self) -> bool:
        """Whether the next writer has to bring the store to the present version first; until then it says nothing."""
        return version(self.folder) < VERSION or (self.folder / "migrated").is_dir()

    def part(self, alliance: str, shard: str) -> Path:
        """Return where a shard's part lies."""
        return self.folder / "parts" / alliance / f"{shard}.parquet"

    def parts(self) -> list[Path]:
        """Return all parts, sorted."""
        return sorted((self.folder / "parts").glob("*/*.parquet"))

    def states(self) -> dict[str, State]:
        """Return `alliance/shard` -> its latest ledger entry. Raises BadStore for a ledger that was altered."""
        if self._states is None:
            if not self.outdated and (fault := self._ledger.fault()):
                raise BadStore(
                    f"store/{fault}; bring the store back from a backup, or remove the ledger: the next night reads "
                    "every export again, and asks for what lies in parts whose export is gone"
                )
            self._states = {_name(entry["alliance"], entry["shard"]): entry for entry in self._ledger.entries()}
        return self._states

    def state(self, alliance: str, shard: str) -> State:
        """Return what the ledger last said of a shard; empty for an unknown one."""
        return self.states().get(_name(alliance, shard), {})

    def record(self, entry: Mapping[str, Any]) -> None:
        """Append a shard's state durably."""
        states = self.states()
        self._ledger.append(entry)
        states[_name(entry["alliance"], entry["shard"])] = dict(entry)

    def put(self, path: Path, table: "pa.Table", **facts: Any) -> None:
        """Put a part in place: written beside, named in the ledger with what is known of it, then renamed.

        `table` has the columns of MESSAGE_SCHEMA. What the ledger knew before stays where `facts` do not say else.
        """
        from warehouse.parts import beside_of, counted, write_beside

        alliance, shard = path.parent.name, path.stem
        write_beside(path, table)
        known = {name: value for name, value in self.state(alliance, shard).items() if name != "state"}
        facts = {**counted(table), **facts, "sha256": digest(beside_of(path))}
        try:
            self.record({**known, "alliance": alliance, "shard": shard, **facts})
        except OSError:
            beside_of(path).unlink()  # the ledger does not name it: a full disk leaves nothing half-made
            raise
        beside_of(path).replace(path)

    def forget(self, alliance: str, shard: str) -> None:
        """Record that a shard is gone and remove its part; a part that is not there is no error."""
        self.record({"alliance": alliance, "shard": shard, "state": "forgotten"})
        self.part(alliance, shard).unlink(missing_ok=True)

    def damaged(self) -> list[Path]:
        """Return the parts whose bytes are not those that the ledger names, and those that are gone; sorted."""
        named = {
            self.part(state["alliance"], state["shard"]): state["sha256"]
            for state in self.states().values()
            if "sha256" in state
        }
        return sorted(path for path in {*named, *self.parts()} if digest(path) != named.get(path))

    def _finish(self) -> None:
        """Put in place what a killed run had named already, remove what it had not, and what it was about to remove."""
        from warehouse.parts import beside_of

        for path in (self.part(*name.split("/", 1)) for name in self.states()):
            state = self.state(path.parent.name, path.stem)
            if state.get("state") == "forgotten":
                path.unlink(missing_ok=True)
            elif state.get("sha256") and digest(beside_of(path)) == state["sha256"]:
                beside_of(path).replace(path)
        for stray in self.folder.rglob("*.writing"):
            stray.unlink()


def _name(alliance: str, shard: str) -> str:
    return f"{alliance}/{shard}"
