"""Monthly indicators from the private tables: counts and shares by SQL, wording and answers with their intervals."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import duckdb
import numpy as np

from warehouse.correction import corrected_shares
from warehouse.gate import Cell, gated, status
from warehouse.inputs import BuildInputs
from warehouse.private import rows
from warehouse.survival import Estimate, kaplan_meier, working_hours

UNITS = {
    "frequency": "messages per person and working day",
    "frequency_change": "ln ratio to baseline",
    "depth_tokens": "word pieces",
    "depth_thread_length": "messages",
    "unsolicited": "messages",
    "coinvest": "per 100 messages",
    "answer_median_hours": "working hours",
    "answer_within_day": "probability",
    "answer_within_5_days": "probability",
    "transparency": "-1 to 1",
    "tone_change": "-2 to 2",
}
MIN_MESSAGES = {"transparency": 50, "tone_change": 50, "openness": 50, "closedness": 50, "coinvest": 100}
COUNTS = frozenset(("frequency", "unsolicited"))
HEADS = {
    "tone": ("tone_negative", "tone_neutral", "tone_positive"),
    "transparency": ("transparency_closed", "transparency_none", "transparency_open"),
}
Key = tuple[str, date]


def cells(connection: duckdb.DuckDBPyConnection) -> dict[Key, Cell]:
    """Return (alliance, month) -> who stands behind it."""
    sides: dict[Key, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in rows(connection, "select * from cell"):
        sides[row["alliance"], row["month"]][row["side"]] = row
    return {key: _cell(found) for key, found in sides.items()}


def _cell(found: dict[str, dict[str, Any]]) -> Cell:
    people = {side: found[side]["people"] if side in found else 0 for side in ("a", "b")}
    return Cell(
        people["a"],
        people["b"],
        sum(row["messages"] for row in found.values()),
        max(row["largest"] for row in found.values()),
        max(row["two_largest"] for row in found.values()),
    )


def indicators(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> list[dict[str, Any]]:
    """Return the rows of the table `indicator`, gated; every month of an alliance has every indicator it can have."""
    behind = cells(connection)
    found = [
        *_measures(connection),
        *_wording(connection, inputs),
        *_answers(connection, inputs),
    ]
    found += _against_baseline(found, inputs)
    return [_public(row, behind.get((row["alliance"], row["month"]), Cell()), inputs) for row in found]


def _public(row: dict[str, Any], cell: Cell, inputs: BuildInputs) -> dict[str, Any]:
    name = row["indicator"]
    enough = row.get("enough", True)
    state = status(cell, min_people=inputs.min_people, min_messages=MIN_MESSAGES.get(name, 30), count=name in COUNTS)
    state = "low_n" if state == "ok" and not enough else state
    return {
        "alliance": row["alliance"],
        "period": row["month"],
        "grain": "month",
        "indicator": name,
        "direction": row["way"],
        "unit": UNITS.get(name, "share"),
        "model": inputs.model_version,
        **gated(row["value"], row.get("low"), row.get("high"), cell, state),
    }


def _measures(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    return rows(connection, "select * from measure order by all")


def _wording(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> Iterator[dict[str, Any]]:
    """Yield corrected tone and transparency, each direction and both."""
    columns = ", ".join(column for head in HEADS.values() for column in head)
    data = connection.cursor().execute(
        f"select alliance, month, direction, person, {columns} from crossing order by all"
    )
    table = data.to_arrow_table().to_pydict()
    people = np.unique(np.array(table["person"], dtype=object).astype(str), return_inverse=True)[1]
    groups: dict[tuple[str, date, str], list[int]] = defaultdict(list)
    for place, (alliance, month, way) in enumerate(
        zip(table["alliance"], table["month"], table["direction"], strict=True)
    ):
        groups[alliance, month, way].append(place)
        groups[alliance, month, "both"].append(place)
    probabilities = {head: np.column_stack([table[c] for c in names]).astype(float) for head, names in HEADS.items()}
    for (alliance, month, way), places in groups.items():
        for head in HEADS:
            own = probabilities[head][places]
            shares = corrected_shares(own, people[places], np.asarray(inputs.priors[head], dtype=float))
            for name, contrast in _contrasts(head):
                value, low, high = shares.interval(np.array(contrast))
                key = {"alliance": alliance, "month": month, "way": way, "indicator": name}
                yield {**key, "value": value, "low": low, "high": high}


def _contrasts(head: str) -> list[tuple[str, tuple[float, float, float]]]:
    if head == "tone":
        return [("tone", (-1.0, 0.0, 1.0))]
    return [
        ("transparency", (-1.0, 0.0, 1.0)),
        ("openness", (0.0, 0.0, 1.0)),
        ("closedness", (1.0, 0.0, 0.0)),
    ]


def _answers(connection: duckdb.DuckDBPyConnection, inputs: BuildInputs) -> Iterator[dict[str, Any]]:
    """Yield how fast the requests of each direction are answered; the answering side's calendar counts."""
    calendars = {alliance.id: dict(zip("ab", alliance.calendars, strict=True)) for alliance in inputs.alliances}
    groups: dict[tuple[str, date, str], list[tuple[float, bool, str]]] = defaultdict(list)
    for row in rows(connection, "select * from request order by all"):
        calendar = calendars[row["alliance"]]["b" if row["side"] == "a" else "a"]
        waited = working_hours(row["sent_at"], row["answered_at"] or inputs.run_at, calendar)
        groups[row["alliance"], row["month"], row["direction"]].append(
            (waited, row["answered_at"] is not None, row["person"])
        )
    for (alliance, month, way), waits in groups.items():
        hours, answered, people = zip(*waits, strict=True)
        found = kaplan_meier(hours, answered, people)
        named = (
            ("answer_median_hours", found.median),
            ("answer_within_day", found.within_day),
            ("answer_within_5_days", found.within_5_days),
        )
        for name, estimate in named:
            yield _estimated(alliance, month, way, name, estimate, len(waits) >= 30)


def _estimated(alliance: str, month: date, way: str, name: str, each: Estimate, enough: bool) -> dict[str, Any]:
    key = {"alliance": alliance, "month": month, "way": way, "indicator": name, "enough": enough}
    return {**key, "value": each.value, "low": each.low, "high": each.high}


def _against_baseline(found: list[dict[str, Any]], inputs: BuildInputs) -> list[dict[str, Any]]:
    """Return frequency and tone as change against the first three months, or the baseline that was agreed."""
    changed: list[dict[str, Any]] = []
    for source, target in (("frequency", "frequency_change"), ("tone", "tone_change")):
        for alliance in inputs.alliances:
            for way in ("both", "a_to_b", "b_to_a"):
                own = [r for r in found if (r["indicator"], r["alliance"], r["way"]) == (source, alliance.id, way)]
                changed += _changes(sorted(own, key=lambda row: row["month"]), alliance.baseline, target)
    return changed


def _changes(own: list[dict[str, Any]], baseline: tuple[date, date] | None, target: str) -> Iterator[dict[str, Any]]:
    first = [row for row in own if baseline[0] <= row["month"] < baseline[1]] if baseline else own[:3]
    level = float(np.median([row["value"] for row in first])) if first else float("nan")
    for row in own:
        logs = target == "frequency_change"
        value = float(np.log(row["value"] / level)) if logs else row["value"] - level
        shifted: dict[str, Any] = {end: row[end] - level for end in ("low", "high") if end in row and not logs}
        yield {**row, "indicator": target, "value": value, **shifted}
