"""Erasure from parts: rows of people whose consent does not hold are gone, with their bytes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as parquet

from warehouse.database import connected
from warehouse.parts import write_table
from warehouse.private import CONSENT, IDENTITY

Rows = Sequence[Mapping[str, Any]]

_COVERED = """
    create table covered as
    select distinct identity.alliance, identity.pseudonym, consent.medium,
        greatest(identity.valid_from, consent.valid_from) as start,
        least(identity.valid_until, consent.valid_until) as until
    from identity join consent using (alliance, person)
"""
_STRANGERS = """
    select distinct each.alliance, each.pseudonym
    from (select alliance, unnest(recipients) as pseudonym from part) as each
    anti join covered on covered.alliance = each.alliance and covered.pseudonym = each.pseudonym
"""
_KEPT = """
    select part.* replace (
        list_filter(part.recipients, lambda each: not list_contains(cast($strangers as varchar[]), each)) as recipients
    )
    from part
    where part.sent_at >= $oldest and exists (
        from covered where covered.alliance = part.alliance and covered.pseudonym = part.author
            and covered.medium = part.medium
            and cast(part.sent_at as date) >= covered.start and cast(part.sent_at as date) < covered.until
    )
    order by part.rowid
"""


def erase(
    parts: Sequence[Path],
    identities: Rows,
    consents: Rows,
    oldest: datetime,
    put: Callable[[Path, pa.Table], None] = write_table,
) -> int:
    """Rewrite every part that holds a row, or an addressee, without consent now; return the rows erased.

    A part is written anew by `put` and takes the old one's place, so no byte of an erased row is left in it.
    """
    if not parts:
        return 0
    with connected() as connection:
        for name, rows, schema in (("identity", identities, IDENTITY), ("consent", consents, CONSENT)):
            connection.register(name, pa.Table.from_pylist([dict(row) for row in rows], schema))
        connection.execute(_COVERED)
        return sum(_cleansed(connection, path, oldest, put) for path in parts)


def _cleansed(
    connection: duckdb.DuckDBPyConnection, path: Path, oldest: datetime, put: Callable[[Path, pa.Table], None]
) -> int:
    """Write one part anew when anybody in it is not covered; return the rows erased."""
    table = parquet.read_table(path)
    connection.register("rows_in", table)
    connection.execute("create or replace table part as select * from rows_in")
    strangers = [pseudonym for _, pseudonym in connection.execute(_STRANGERS).fetchall()]
    kept = connection.sql(_KEPT, params={"strangers": strangers, "oldest": oldest}).to_arrow_table()
    if strangers or kept.num_rows < table.num_rows:
        put(path, kept)
    return int(table.num_rows - kept.num_rows)


def held(parts: Sequence[Path], pseudonyms: Sequence[str]) -> list[dict[str, Any]]:
    """Return every row that somebody with one of these pseudonyms wrote or is an addressee of."""
    if not parts or not pseudonyms:
        return []
    query = (
        "select * from read_parquet($files) where list_contains($own, author) or list_has_any(recipients, $own) "
        "order by sent_at, message_key"
    )
    values = {"files": [str(path) for path in parts], "own": list(pseudonyms)}
    with connected(reads=parts) as connection:
        rows: list[dict[str, Any]] = connection.sql(query, params=values).to_arrow_table().to_pylist()
    return rows
