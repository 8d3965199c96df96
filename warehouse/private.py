"""The private tables: SQL files run in an in-memory database over the parts. Nothing of it touches the disk."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from warehouse.database import connected
from warehouse.inputs import SIDES, AllianceInput, BuildInputs
from warehouse.parts import MESSAGE_SCHEMA
from warehouse.threads import united

BUILD_ORDER = (
    *("message", "crossing", "own_label", "turn", "meeting", "request", "open_request", "unsolicited", "thread"),
    *("contribution", "cell", "coverage_month", "person_measure", "measure", "relation"),
    *("window_week", "baseline_week", "frequency_week", "writer_week", "component_week"),
    *("pair_count", "writer_count", "volume_week", "usual_tone", "transition"),
)
"""SQL files, one table each, in the order in which they build on one another."""


STILL_NEEDED = "alliance, month, side, person, message_key, thread_key, sent_at, cross_boundary"
"""Columns of `message` that are read once `crossing` has the rest."""


def _schema(texts: str, dates: str) -> pa.Schema:
    fields = [pa.field(name, pa.string()) for name in texts.split()]
    return pa.schema(fields + [pa.field(name, pa.date32()) for name in dates.split()])


IDENTITY = _schema("alliance pseudonym person side layer team", "valid_from valid_until")
CONSENT = _schema("alliance person medium", "valid_from valid_until")
AGREED = _schema("alliance", "baseline_from baseline_until")
WORKDAY = _schema("alliance side", "day")


def private_tables(inputs: BuildInputs, last: str = BUILD_ORDER[-1], *, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """Return a connection that holds every table of BUILD_ORDER, up to and with the last that is asked for."""
    connection = connected(reads=inputs.labels, threads=threads, memory_limit="70%")
    first = oldest(inputs)
    _register(connection, "identity", inputs.identities, IDENTITY)
    _register(connection, "consent", inputs.consents, CONSENT)
    _register(connection, "agreed", [_agreed(each) for each in inputs.alliances], AGREED)
    _register(connection, "workday", list(_workdays(inputs, first.date())), WORKDAY)
    _register_parts(connection, inputs)
    _register_labels(connection, inputs)
    values = {
        "run_at": inputs.run_at,
        "oldest": first,
        "min_people": inputs.min_people,
        "model": inputs.model_version,
    }
    for table in BUILD_ORDER[: BUILD_ORDER.index(last) + 1]:
        sql = files("warehouse").joinpath("sql", f"{table}.sql").read_text(encoding="utf-8")
        used = {name: value for name, value in values.items() if f"${name}" in sql}
        connection.execute(f"create table {table} as {sql}", used)
        if table == "message":
            connection.execute("drop table part")
        if table == "crossing":
            connection.execute(f"create or replace table message as select {STILL_NEEDED} from message")
    return connection


def oldest(inputs: BuildInputs) -> datetime:
    """Return the first instant whose messages are still kept."""
    return inputs.run_at - timedelta(days=round(30.44 * inputs.retention_months))


def _agreed(alliance: AllianceInput) -> dict[str, Any]:
    first, until = alliance.baseline or (None, None)
    return {"alliance": alliance.id, "baseline_from": first, "baseline_until": until}


def _workdays(inputs: BuildInputs, first: date) -> Iterator[dict[str, Any]]:
    """Yield the days on which each side works, from the month of `first` to the night's day."""
    start, last = np.datetime64(first.replace(day=1)), np.datetime64(inputs.run_at.date())
    days = np.arange(start, last + np.timedelta64(1, "D"))
    for alliance in inputs.alliances:
        for side, calendar in zip(SIDES, alliance.calendars, strict=True):
            holidays = np.array(calendar.holidays, dtype="datetime64[D]")
            for day in days[np.is_busday(days, holidays=holidays)].tolist():
                yield {"alliance": alliance.id, "side": side, "day": day}


def _register(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Mapping[str, Any]], schema: pa.Schema
) -> None:
    connection.register(f"{name}_rows", pa.Table.from_pylist(list(rows), schema))
    connection.execute(f"create table {name} as select * from {name}_rows")


def _register_parts(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> None:
    """Make the table `part` of the alliances' messages; neither the order of files nor that of rows matters."""
    names = [each.id for each in inputs.alliances]
    wanted = parquet.filters_to_expression([("alliance", "in", names)])
    found = [parquet.read_table(path, schema=MESSAGE_SCHEMA, filters=wanted) for path in inputs.parts]
    connection.register("part_rows", united(pa.concat_tables([MESSAGE_SCHEMA.empty_table(), *found])))
    connection.execute("create table part as select * from part_rows")
    connection.unregister("part_rows")
    pa.default_memory_pool().release_unused()


def _register_labels(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> None:
    """Make the table `label` of what stewards read."""
    from warehouse.own_labels import LABEL_SCHEMA

    connection.register("no_labels", LABEL_SCHEMA.empty_table())
    connection.execute("create table label as select * from no_labels")
    if inputs.labels:
        query = "insert into label by name select * from read_parquet($files) order by alliance, message_key"
        connection.execute(query, {"files": [str(path) for path in inputs.labels]})


def rows(connection: duckdb.DuckDBPyConnection, sql: str, **values: object) -> list[dict[str, Any]]:
    """Return the rows of a query as dicts."""
    cursor = connection.execute(sql, values or None)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
