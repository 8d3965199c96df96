"""The stewards' tables: SQL over tables that are published anyway, so that they tell nothing that those do not.

What is due, the light question, scorecard and reciprocity, the scale gate, the five questions, the four pivots and the
four causes. Their thresholds and words stand in `diagnosis.toml`.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.database import connected
from warehouse.private import rows
from warehouse.publish import ARROW, documented

DERIVED = (
    *("due", "light_question", "scorecard_latest", "reciprocity", "scale_gate"),
    *("diagnosis", "retirement", "pivot_suggestion", "insufficient_return", "cause_check"),
)
"""SQL files, one table each, in the order in which they build on one another."""

QUESTION = ("asks", "intervention")
CAUSE = ("asks", "look_at", "step")
Rows = Sequence[Mapping[str, Any]]


@cache
def diagnosis() -> dict[str, dict[str, Any]]:
    """Return section of `diagnosis.toml` -> name -> text, threshold or fields."""
    return tomllib.loads(files("warehouse").joinpath("diagnosis.toml").read_text(encoding="utf-8"))


def stewardship(tables: Mapping[str, Rows], last: str = DERIVED[-1]) -> dict[str, list[dict[str, Any]]]:
    """Return derived table -> rows, from published table -> rows; up to and with the last that is asked for."""
    with connected() as connection:
        for name, columns in documented().items():
            if name not in DERIVED:
                _register(connection, name, tables.get(name, ()), _kinds(columns))
        for name, (own, kinds) in _guide().items():
            _register(connection, name, own, kinds)
        wanted = DERIVED[: DERIVED.index(last) + 1]
        for name in wanted:
            sql = files("warehouse").joinpath("derived", f"{name}.sql").read_text(encoding="utf-8")
            connection.execute(f"create table {name} as {sql}")
        return {name: rows(connection, f"from {name} order by all") for name in wanted}


def _kinds(columns: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: kind for name, (kind, _) in columns.items()}


def _register(connection: duckdb.DuckDBPyConnection, name: str, found: Rows, kinds: Mapping[str, str]) -> None:
    schema = pa.schema([pa.field(column, ARROW[kind]) for column, kind in kinds.items()])
    connection.register(f"{name}_rows", pa.Table.from_pylist([dict(row) for row in found], schema))
    connection.execute(f'create table "{name}" as select * from {name}_rows')


def _guide() -> dict[str, tuple[Rows, dict[str, str]]]:
    """Return what `diagnosis.toml` says as tables: rows, and column -> type."""
    retire = diagnosis()["retire"]
    settings = [{"name": name, "value": float(value)} for name, value in diagnosis()["setting"].items()]
    return {
        "setting": (settings, {"name": "varchar", "value": "double"}),
        "question": (list(_numbered("question", QUESTION)), {"place": "integer", **_texts("question", *QUESTION)}),
        "question_rule": (list(_raised_by()), _texts("question", "rule", "dimension")),
        "retire_rule": ([{"rule": rule} for rule in retire["rules"]], _texts("rule")),
        "retire_outcome": ([{"series": name} for name in retire["outcomes"]], _texts("series")),
        "cause_guide": (list(_numbered("cause", CAUSE)), {"place": "integer", **_texts("cause", *CAUSE)}),
    }


def _texts(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "varchar")


def _numbered(section: str, fields: Sequence[str]) -> Iterator[dict[str, Any]]:
    for place, (name, about) in enumerate(diagnosis()[section].items(), 1):
        yield {"place": place, section: name, **{each: about[each] for each in fields}}


def _raised_by() -> Iterator[dict[str, str]]:
    for question, about in diagnosis()["question"].items():
        for rule, dimensions in about["raised_by"].items():
            yield from ({"question": question, "rule": rule, "dimension": each} for each in dimensions)
