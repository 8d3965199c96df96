"""The baseline that an alliance is compared with, remembered for when retention takes its weeks away.

Without it the first twelve weeks that are left would be the baseline, and a slow fall would vanish in it. What is kept
are weekly sums, counts of pairs and of people, and nobody: see docs/decisions/0015.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.contributors import BASELINE, NOW, Place
from warehouse.inputs import AllianceInput, BuildInputs
from warehouse.memory import Block
from warehouse.private import rows

WEEKLY = ("baseline_week", "component_week", "frequency_week", "pair_count", "writer_count", "volume_week")
"""Private tables whose rows of the baseline's weeks are kept, beside `usual_tone` and, in `about`, what they are of."""

LOOK_BACK = timedelta(weeks=3)
Row = dict[str, Any]


def restore(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs, oldest: date) -> None:
    """Put back what is remembered of baselines that retention has begun to take away, `oldest` being its first day."""
    for alliance in inputs.alliances:
        kept = _kept(inputs, alliance)
        weeks = [row["week"] for row in kept.get("baseline_week", ())]
        if weeks and min(weeks) - LOOK_BACK < oldest and kept["about"] == [_about(inputs, alliance)]:
            connection.execute("delete from baseline_week where alliance = $a", {"a": alliance.id})
            for table in WEEKLY:
                connection.execute(
                    f"delete from {table} where alliance = $a and week in $w", {"a": alliance.id, "w": weeks}
                )
            for table in (*WEEKLY, "usual_tone"):
                _insert(connection, table, kept[table])


def baselines(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> dict[str, Block]:
    """Return block -> what is to be remembered of each alliance's baseline, where it is complete."""
    found = {}
    for alliance in inputs.alliances:
        weeks = rows(connection, "select * from baseline_week where alliance = $a order by week", a=alliance.id)
        if weeks and (alliance.baseline is None or alliance.baseline[1] <= inputs.run_at.date()):
            own = {table: _of_baseline(connection, table, alliance.id) for table in WEEKLY}
            tone = rows(connection, "select * from usual_tone where alliance = $a order by all", a=alliance.id)
            found[_name(alliance)] = Block(rows={"about": [_about(inputs, alliance)], **own, "usual_tone": tone})
    return found


def _of_baseline(connection: duckdb.DuckDBPyConnection, table: str, alliance: str) -> list[Row]:
    weeks = "select week from baseline_week where alliance = $a"
    return rows(connection, f"select * from {table} where alliance = $a and week in ({weeks}) order by all", a=alliance)


def _about(inputs: BuildInputs, alliance: AllianceInput) -> Row:
    """Return what a baseline is only good for: the model that scored it, and the weeks that were agreed."""
    return {"model": inputs.model_version, "agreed": [day.isoformat() for day in alliance.baseline or ()]}


def _name(alliance: AllianceInput) -> str:
    return Place(alliance.id, NOW, date.min, BASELINE).name


def _kept(inputs: BuildInputs, alliance: AllianceInput) -> Mapping[str, list[Row]]:
    """Return table -> rows as they are remembered."""
    block = inputs.memory.blocks.get(_name(alliance)) if inputs.memory else None
    return {table: [_dated(row) for row in own] for table, own in block.rows.items()} if block else {}


def _dated(row: Row) -> Row:
    return {**row, "week": date.fromisoformat(str(row["week"]))} if "week" in row else row


def _insert(connection: duckdb.DuckDBPyConnection, table: str, kept: list[Row]) -> None:
    if kept:
        connection.register("kept_rows", pa.Table.from_pylist(kept))
        connection.execute(f"insert into {table} by name select * from kept_rows")
        connection.unregister("kept_rows")
