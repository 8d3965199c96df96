"""The published file: written anew beside the old one, then put in its place. Readers are never blocked."""

import errno
import os
import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.database import connected
from warehouse.errors import NoPublishedFile

ARROW = {
    "varchar": pa.string(),
    "double": pa.float64(),
    "integer": pa.int32(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp with time zone": pa.timestamp("us", "UTC"),
}
Rows = Sequence[Mapping[str, Any]]
Columns = dict[str, dict[str, list[str]]]
"""Table or view -> column -> [type, meaning]."""


def documented() -> Columns:
    """Return the columns of every published table."""
    return tomllib.loads(_text("tables.toml"))


def documented_views() -> Columns:
    """Return the columns of every published view."""
    return tomllib.loads(_text("views.toml"))


def _text(*path: str) -> str:
    return files("warehouse").joinpath(*path).read_text(encoding="utf-8")


def publish(tables: Mapping[str, Rows], target: Path) -> None:
    """Write all documented tables and views to a new file and replace `target` with it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_suffix(".writing")
    _clear(beside)
    try:
        _write(tables, beside)
        beside.replace(target)
    except duckdb.Error as error:
        raise _full(error, target) or error from None
    finally:
        _clear(beside)


def _clear(beside: Path) -> None:
    """Remove a half-made file and its write-ahead log: a new file under its name would take that for its own."""
    for stray in beside.parent.glob(f"{beside.name}*"):
        stray.unlink()


def _full(error: duckdb.Error, target: Path) -> OSError | None:
    """Return a full disk as the system tells it; None for every other fault."""
    full = any(os.strerror(number) in str(error) for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), target.name) if full else None


def _write(tables: Mapping[str, Rows], beside: Path) -> None:
    with connected(beside) as connection:
        connection.execute("begin")
        for table, columns in documented().items():
            _fill(connection, table, columns, tables.get(table, ()))
        for view, columns in documented_views().items():
            connection.execute(f"create view {view} as {_text('views', f'{view}.sql')}")
            _describe(connection, view, columns)
        connection.execute("commit")
        connection.execute("checkpoint")
    descriptor = os.open(beside, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _fill(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, list[str]], found: Rows) -> None:
    schema = pa.schema([pa.field(name, ARROW[kind]) for name, (kind, _) in columns.items()])
    connection.register("rows_in", pa.Table.from_pylist([dict(row) for row in found], schema))
    order = ", ".join(str(place) for place in range(1, len(columns) + 1))
    connection.execute(f'create table "{table}" as select * from rows_in order by {order}')
    _describe(connection, table, columns)
    connection.unregister("rows_in")


def _describe(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, list[str]]) -> None:
    """Let the database itself say what each column means."""
    for name, (_, meaning) in columns.items():
        connection.execute(f"comment on column \"{table}\".{name} is '{meaning.replace(chr(39), chr(39) * 2)}'")


class Published:
    """Reads a published file; each query opens it anew, so a night in between is never half seen."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise NoPublishedFile(f"{path}: expected a published database, found none; run a night first")
        self._path = path

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """Return every table that stands in the file, documented or not: what somebody who has it can read."""
        names = [row["table_name"] for row in self.query("select table_name from duckdb_tables()")]
        return {name: self.query(f'from "{name}"') for name in names}

    def query(self, sql: str, **values: object) -> list[dict[str, Any]]:
        """Return the rows of a query as dicts."""
        with connected(self._path, read_only=True) as connection:
            cursor = connection.execute(sql, values or None)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
