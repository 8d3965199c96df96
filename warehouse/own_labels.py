"""What a steward read in a few messages of a program: labels beside what the model said, and never a word of a text.

One file an alliance in the private store. A row is written when a message is drawn, marked before it is shown, and
filled in with the answer, so that no message is ever shown twice.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from warehouse.erasure import Rows, erase
from warehouse.inputs import BuildInputs
from warehouse.parts import DECISIONS, MESSAGE_SCHEMA, PROBABILITIES
from warehouse.private import private_tables, rows

DRAWN, SHOWN, SKIPPED, LABELLED = "drawn", "shown", "skipped", "labelled"
"""What became of a row: waits; was shown and not answered; was shown, no label fits; was answered."""

LABELS = tuple(name.replace("says_", "label_") for name in DECISIONS)

_KEPT = ("alliance", "message_key", "text_key", "author", "sent_at", "medium")
LABEL_SCHEMA = pa.schema(
    [
        *(MESSAGE_SCHEMA.field(name) for name in _KEPT),
        MESSAGE_SCHEMA.field("recipients"),  # always empty: erasure reads parts and labels alike
        pa.field("sitting", pa.string(), nullable=False),
        pa.field("chance", pa.float64(), nullable=False),
        pa.field("state", pa.string(), nullable=False),
        pa.field("shown_on", pa.date32()),
        *(pa.field(name, pa.int8()) for name in LABELS),
        *(MESSAGE_SCHEMA.field(name) for name in (*PROBABILITIES, *DECISIONS, "model")),
    ]
)
"""`chance` is that of a message to be drawn: how many were drawn over how many there were. `sitting` is one drawing."""

Row = dict[str, Any]


class OwnLabels:
    """The label files of a store, 0600 in a 0700 folder; one process at a time changes them."""

    def __init__(self, store: Path) -> None:
        self.folder = store / "labels"

    def files(self) -> tuple[Path, ...]:
        """Return the files of all alliances, sorted."""
        return tuple(sorted(self.folder.glob("*.parquet")))

    def rows(self, alliance: str) -> list[Row]:
        """Return the rows of an alliance, in the order in which they were drawn."""
        file = self._file(alliance)
        found: list[Row] = parquet.read_table(file).to_pylist() if file.exists() else []
        return found

    def put(self, alliance: str, new: Iterable[Mapping[str, Any]]) -> None:
        """Add rows durably; one of a message that is known takes the place of the old one."""
        with self._alone():
            found = {row["message_key"]: row for row in self.rows(alliance)}
            found |= {row["message_key"]: dict(row) for row in new}
            _write(self._file(alliance), pa.Table.from_pylist(list(found.values()), LABEL_SCHEMA))

    def change(self, alliance: str, message_key: str, **fields: Any) -> bool:
        """Change a row; False when it is there no more, because its person was erased meanwhile."""
        with self._alone():
            found = self.rows(alliance)
            own = [row for row in found if row["message_key"] == message_key]
            for row in own:
                row.update(fields)
            if own:
                _write(self._file(alliance), pa.Table.from_pylist(found, LABEL_SCHEMA))
        return bool(own)

    def erase(self, identities: Rows, consents: Rows, oldest: datetime) -> int:
        """Write every file anew that holds a row without consent now or past retention; return the rows erased."""
        if not self.folder.is_dir():
            return 0
        with self._alone():
            for stray in self.folder.glob("*.new"):
                stray.unlink()
            return erase(self.files(), identities, consents, oldest, put=_write)

    def forget(self, alliance: str) -> None:
        """Remove all labels of an alliance, when its key is no more."""
        with self._alone():
            for file in self.folder.glob(f"{alliance}.*"):
                file.unlink()

    def _file(self, alliance: str) -> Path:
        return self.folder / f"{alliance}.parquet"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _write(file: Path, table: pa.Table) -> None:
    """Put a file in place of the old one, durably; a crash leaves one of the two."""
    new = file.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        parquet.write_table(table.cast(LABEL_SCHEMA), stream, compression="zstd")
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(file)


def draw(
    inputs: BuildInputs, alliance: str, count: int, seen: Sequence[str], sitting: str, chance: Random
) -> list[Row]:
    """Draw messages of an alliance that the indicators are made from, each with the same chance and none twice.

    `seen` are the keys of messages that were drawn before. The order of the rows is that of the draw.
    Returns none where fewer than `min_people` wrote on a side: nobody could be read as one of many.
    """
    columns = [name for name in (*_KEPT, *PROBABILITIES, *DECISIONS, "model") if name != "author"]
    with private_tables(inputs, "crossing") as connection:
        found = rows(
            connection, "select message_key, side, person from crossing where alliance = $a order by all", a=alliance
        )
        people = [{row["person"] for row in found if row["side"] == side} for side in "ab"]
        fresh = sorted({row["message_key"] for row in found} - set(seen))
        if min(map(len, people)) < inputs.min_people or not fresh:
            return []
        drawn = chance.sample(fresh, min(count, len(fresh)))
        query = (
            f"select {', '.join(columns)}, pseudonym as author from crossing where alliance = $a and message_key in $k"
        )
        own = {row["message_key"]: row for row in rows(connection, query, a=alliance, k=drawn)}
    facts = {"recipients": [], "sitting": sitting, "chance": len(drawn) / len(fresh), "state": DRAWN}
    return [{**own[key], **facts} for key in drawn]
