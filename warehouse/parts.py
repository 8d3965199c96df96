"""Parts: one Parquet file a shard, numbers and pseudonyms only. A part is replaced whole or not at all."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from warehouse.durable import beside

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
    write_table(path, table_of(rows))


def write_table(path: Path, table: pa.Table) -> None:
    """Write a part from a table with the columns of MESSAGE_SCHEMA, as `write_part` does."""
    write_beside(path, table)
    beside_of(path).replace(path)


def table_of(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows as a table with the columns of MESSAGE_SCHEMA."""
    return pa.Table.from_pylist(list(rows), MESSAGE_SCHEMA)


def write_beside(path: Path, table: pa.Table) -> None:
    """Write a table durably to where `beside_of` says; nothing is left there when that fails."""
    with beside(beside_of(path)) as stream:
        parquet.write_table(table.cast(MESSAGE_SCHEMA), stream, compression="zstd")


def beside_of(path: Path) -> Path:
    """Return where a part lies until it takes its place."""
    return path.with_suffix(".writing")


def counted(table: pa.Table) -> dict[str, int]:
    """Return how many messages a part holds, and how many of them are scored."""
    return {"messages": table.num_rows, "scored": sum(table["scored"].to_pylist())}


def read_part(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a part; none when it is not there."""
    found: list[dict[str, Any]] = parquet.read_table(path).to_pylist() if path.exists() else []
    return found
