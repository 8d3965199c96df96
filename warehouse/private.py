"""The private tables: SQL files run in an in-memory database over the parts. Nothing of it touches the disk."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.inputs import BuildInputs
from warehouse.parts import MESSAGE_SCHEMA

BUILD_ORDER = (
    *("message", "crossing", "turn", "request", "unsolicited", "cell", "measure", "component_week", "transition"),
)
"""SQL files, one table each, in the order in which they build on one another."""

IDENTITY = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("alliance", "pseudonym", "person", "side", "layer", "team")),
        *(pa.field(name, pa.date32()) for name in ("valid_from", "valid_until")),
    ]
)
CONSENT = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("alliance", "person", "medium")),
        *(pa.field(name, pa.date32()) for name in ("valid_from", "valid_until")),
    ]
)


def private_tables(inputs: BuildInputs) -> duckdb.DuckDBPyConnection:
    """Return a connection that holds every table of BUILD_ORDER."""
    connection = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "2GB"})
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set max_temp_directory_size = '0KB'")
    _register(connection, "identity", inputs.identities, IDENTITY)
    _register(connection, "consent", inputs.consents, CONSENT)
    _register_parts(connection, inputs)
    oldest = inputs.run_at - timedelta(days=round(30.44 * inputs.retention_months))
    values = {"run_at": inputs.run_at, "oldest": oldest}
    for table in BUILD_ORDER:
        sql = files("warehouse").joinpath("sql", f"{table}.sql").read_text(encoding="utf-8")
        used = {name: value for name, value in values.items() if f"${name}" in sql}
        connection.execute(f"create table {table} as {sql}", used)
    return connection


def _register(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Mapping[str, Any]], schema: pa.Schema
) -> None:
    connection.register(f"{name}_rows", pa.Table.from_pylist(list(rows), schema))
    connection.execute(f"create table {name} as select * from {name}_rows")


def _register_parts(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> None:
    """Make the table `part`; the order of files must not matter, so rows are sorted."""
    if inputs.parts:
        query = "create table part as select * from read_parquet($files) order by alliance, message_key, author"
        connection.execute(query, {"files": [str(path) for path in inputs.parts]})
    else:
        connection.register("part", MESSAGE_SCHEMA.empty_table())


def rows(connection: duckdb.DuckDBPyConnection, sql: str, **values: object) -> list[dict[str, Any]]:
    """Return the rows of a query as dicts."""
    cursor = connection.cursor().execute(sql, values or None)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
