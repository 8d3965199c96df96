"""Parts: one Parquet file a shard, numbers and pseudonyms only. A part is replaced whole or not at all."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

PROBABILITIES = (
    *("tone_negative", "tone_neutral", "tone_positive"),
    *("transparency_closed", "transparency_none", "transparency_open"),
    *("shares", "seeks", "commits", "social"),
    *("transactional", "operational", "strategic"),
)
DECISIONS = tuple(
    f"says_{head}" for head in ("tone", "transparency", "shares", "seeks", "commits", "social", "orientation")
)

MESSAGE_SCHEMA = pa.schema(
    [
        pa.field("alliance", pa.string(), nullable=False),
        pa.field("message_key", pa.string(), nullable=False),
        pa.field("thread_key", pa.string(), nullable=False),
        pa.field("parent_key", pa.string()),
        pa.field("author", pa.string(), nullable=False),
        pa.field("sent_at", pa.timestamp("us", "UTC"), nullable=False),
        pa.field("edited_at", pa.timestamp("us", "UTC")),
        pa.field("medium", pa.string(), nullable=False),
        pa.field("recipients", pa.list_(pa.string()), nullable=False),
        pa.field("recipient_count", pa.int32(), nullable=False),
        pa.field("cross_boundary", pa.bool_(), nullable=False),
        pa.field("text_key", pa.string(), nullable=False),
        pa.field("tokens", pa.int32(), nullable=False),
        pa.field("language", pa.string(), nullable=False),
        pa.field("scored", pa.bool_(), nullable=False),
        *(pa.field(name, pa.float32()) for name in PROBABILITIES),
        *(pa.field(name, pa.int8()) for name in DECISIONS),
        pa.field("model", pa.string()),
    ]
)
"""One consented message of an alliance. Internal and foreign-language messages are kept unscored, as counts."""


def write_part(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a part durably: beside, flushed, then renamed; readable by its owner only."""
    write_table(path, pa.Table.from_pylist(list(rows), MESSAGE_SCHEMA))


def write_table(path: Path, table: pa.Table) -> None:
    """Write a part from a table with the columns of MESSAGE_SCHEMA, as `write_part` does."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_suffix(".writing")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            parquet.write_table(table.cast(MESSAGE_SCHEMA), stream, compression="zstd")
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read_part(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a part; none when it is not there."""
    found: list[dict[str, Any]] = parquet.read_table(path).to_pylist() if path.exists() else []
    return found
