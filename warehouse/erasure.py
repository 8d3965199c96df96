"""Erasure from parts: rows of people whose consent does not hold are gone, with their bytes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.database import connected
from warehouse.parts import write_part
from warehouse.private import CONSENT, IDENTITY

Rows = Sequence[Mapping[str, Any]]

_COVERED = """
    select distinct identity.alliance, identity.pseudonym, consent.medium,
        greatest(identity.valid_from, consent.valid_from) as start,
        least(identity.valid_until, consent.valid_until) as until
    from identity join consent using (alliance, person)
"""
_JUDGED = """
    select part.*,
        part.sent_at >= $oldest and exists (
            from covered where covered.alliance = part.alliance and covered.pseudonym = part.author
                and covered.medium = part.medium
                and cast(part.sent_at as date) >= covered.start and cast(part.sent_at as date) < covered.until
        ) as keep,
        list_filter(part.recipients, lambda each: list_contains(anyone.pseudonyms, each)) as consenting
    from read_parquet($files, filename = true) as part
    left join anyone using (alliance)
"""


def erase(parts: Sequence[Path], identities: Rows, consents: Rows, oldest: datetime) -> int:
    """Rewrite every part that holds a row, or an addressee, without consent now; return the rows erased.

    A part is written anew and takes the old one's place, so no byte of an erased row is left in it.
    """
    if not parts:
        return 0
    with connected() as connection:
        _prepare(connection, identities, consents)
        files = {"files": [str(path) for path in parts], "oldest": oldest}
        found = connection.execute(
            f"select filename, count(*) filter (not keep) from ({_JUDGED}) group by filename "
            "having count(*) filter (not keep or len(consenting) < len(recipients)) > 0",
            files,
        ).fetchall()
        for name, _ in found:
            write_part(Path(name), _kept(connection, name, oldest))
        return sum(count for _, count in found)


def _prepare(connection: duckdb.DuckDBPyConnection, identities: Rows, consents: Rows) -> None:
    for name, rows, schema in (("identity", identities, IDENTITY), ("consent", consents, CONSENT)):
        connection.register(name, pa.Table.from_pylist([dict(row) for row in rows], schema))
    connection.execute(f"create table covered as {_COVERED}")
    connection.execute(
        "create table anyone as select alliance, list(distinct pseudonym) as pseudonyms from covered group by all"
    )


def _kept(connection: duckdb.DuckDBPyConnection, name: str, oldest: datetime) -> list[dict[str, Any]]:
    query = (
        f"select * exclude (keep, consenting, filename) replace (consenting as recipients) from ({_JUDGED}) where keep"
    )
    table = connection.sql(query, params={"files": [name], "oldest": oldest}).to_arrow_table()
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def held(parts: Sequence[Path], pseudonyms: Sequence[str]) -> list[dict[str, Any]]:
    """Return every row that somebody with one of these pseudonyms wrote or is an addressee of."""
    if not parts or not pseudonyms:
        return []
    query = (
        "select * from read_parquet($files) where list_contains($own, author) or list_has_any(recipients, $own) "
        "order by sent_at, message_key"
    )
    with connected() as connection:
        values = {"files": [str(path) for path in parts], "own": list(pseudonyms)}
        table = connection.sql(query, params=values).to_arrow_table()
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows
