"""The published file: written anew beside the old one, then put in its place. Readers are never blocked."""

import os
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.errors import NoPublishedFile

ARROW = {
    "varchar": pa.string(),
    "double": pa.float64(),
    "integer": pa.int32(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp with time zone": pa.timestamp("us", "UTC"),
}
VIEWS = {
    "latest_indicator": """
        select * from indicator
        qualify period = max(period) filter (where status = 'ok') over (partition by alliance, indicator, direction)
    """,
    "portfolio": """
        select alliance.alliance, alliance.name, alliance.stage, velocity.period, velocity.rvi, velocity.low,
            velocity.high, velocity.state,
            (select count(*) from alert where alert.alliance = alliance.alliance and fired and default_alert) as alerts
        from alliance
        left join (
            select * from velocity qualify row_number() over (partition by alliance order by period desc) = 1
        ) as velocity using (alliance)
    """,
}
Rows = Sequence[Mapping[str, Any]]


def documented() -> dict[str, dict[str, list[str]]]:
    """Return table -> column -> [type, meaning]: the data dictionary."""
    return tomllib.loads(files("warehouse").joinpath("tables.toml").read_text(encoding="utf-8"))


def publish(tables: Mapping[str, Rows], target: Path) -> None:
    """Write all documented tables and views to a new file and replace `target` with it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(".writing")
    beside.unlink(missing_ok=True)
    with duckdb.connect(str(beside)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for table, columns in documented().items():
            _fill(connection, table, columns, tables.get(table, ()))
        for view, sql in VIEWS.items():
            connection.execute(f"create view {view} as {sql}")
        connection.execute("checkpoint")
    descriptor = os.open(beside, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    beside.replace(target)


def _fill(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, list[str]], found: Rows) -> None:
    schema = pa.schema([pa.field(name, ARROW[kind]) for name, (kind, _) in columns.items()])
    connection.register("rows_in", pa.Table.from_pylist([dict(row) for row in found], schema))
    order = ", ".join(str(place) for place in range(1, len(columns) + 1))
    connection.execute(f'create table "{table}" as select * from rows_in order by {order}')
    for name, (_, meaning) in columns.items():
        connection.execute(f"comment on column \"{table}\".{name} is '{meaning.replace(chr(39), chr(39) * 2)}'")
    connection.unregister("rows_in")


class Published:
    """Reads a published file; each query opens it anew, so a night in between is never half seen."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise NoPublishedFile(f"{path}: expected a published database, found none; run a night first")
        self._path = path

    def query(self, sql: str, **values: object) -> list[dict[str, Any]]:
        """Return the rows of a query as dicts."""
        with duckdb.connect(str(self._path), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            cursor = connection.execute(sql, values or None)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
