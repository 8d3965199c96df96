"""The auditor: tries to work out what a night withholds, from nothing but what it would publish.

It knows which published numbers add up (docs/decisions/0008) and asks by linear algebra whether any withheld one is
determined by the shown ones. How they add up exactly is taken as known: the most that an attacker could know.
"""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from warehouse.answers import quarter
from warehouse.candidate import definitions
from warehouse.contributors import place_of
from warehouse.database import connected
from warehouse.errors import Disclosed
from warehouse.freeze import KEYS, key_of, says
from warehouse.gate import LOW_N, NO_DATA, OK, SHOWN, SUPPRESSED, step
from warehouse.memory import Memory
from warehouse.private import rows

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Row]]
Name = tuple[Any, ...]
"""One number: what, alliance, grain, period, of what, direction or side."""

Equation = tuple[Name, ...]
"""Numbers of which any one is determined by all the others."""

AUDITED = ("run", "indicator", "transition", "velocity", "velocity_component", "survey", "coverage", "blend", "gap")
COMPONENTS = ("unsolicited", "ties", "coinvest", "escalation")
TOGETHER = {"openness": "transparency", "closedness": "transparency", "a_b": "said"}
"""What is tied to something of another name; everything else is solved by itself."""

WAYS = ("both", "a_to_b", "b_to_a")


def refuse_disclosure(database: Path, before: Path | None = None, memory: Memory | None = None) -> None:
    """Audit a built database against the one that is published now. Raises Disclosed, which names table and cell."""
    found = audit(_read(database), _read(before) if before and before.is_file() else None, memory)
    if found:
        raise Disclosed(
            f"expected that nothing withheld can be worked out, found {len(found)} cells where it can, first of all "
            f"{found[0]}; kept the old file, please report this"
        )


def _read(database: Path) -> dict[str, list[Row]]:
    with connected(database, read_only=True) as connection:
        there = {row["table_name"] for row in rows(connection, "select table_name from duckdb_tables()")}
        return {name: rows(connection, f'from "{name}"') if name in there else [] for name in AUDITED}


def audit(tables: Tables, before: Tables | None = None, memory: Memory | None = None) -> list[str]:
    """Return what is wrong with tables about to be published: table, cell and why, never a person.

    `before` are the tables that are published now, `memory` is what the night leaves behind; both or neither.
    """
    found = [*_small(tables), *_solved(tables)]
    if before and memory is not None:
        found += [*_moved(tables, before, memory), *_together(memory)]
    return found


def _small(tables: Tables) -> Iterator[str]:
    """Yield numbers that their status withholds, numbers below the minimum group, and numbers that are not rounded."""
    least = tables["run"][0]["min_people"]
    for table in AUDITED[1:7]:
        for row in tables[table]:
            if row["status"] in (SUPPRESSED, NO_DATA) and says(table, row):
                yield _told(table, row, "is withheld and says something")
    for row in tables["indicator"]:
        people = [row["people_a"] or 0, row["people_b"] or 0]
        if min(people) < least and (row["status"] in SHOWN or any(people)):
            yield _told("indicator", row, "has fewer people than the minimum group")
        elif row["value"] is not None and abs(row["value"] / step(sum(people)) % 1 - 0.5) < 0.499:
            yield _told("indicator", row, "is not rounded")


def _solved(tables: Tables) -> Iterator[str]:
    """Yield withheld numbers that the shown ones determine."""
    found: dict[str, dict[Name, tuple[str, Row]]] = {state: {} for state in (OK, NO_DATA, LOW_N, SUPPRESSED)}
    for name, state, table, row in _numbers(tables):
        found[state][name] = table, row
    withheld = found[SUPPRESSED]
    shown = found[OK].keys() | found[NO_DATA].keys() - withheld.keys()
    known = shown | withheld.keys() | found[LOW_N].keys()
    systems: dict[Name, list[Equation]] = defaultdict(list)
    for equation in _equations(known, found[OK]):
        if not shown.issuperset(equation):
            what, alliance, _, period, of, _ = equation[0]
            systems[alliance, quarter(period), TOGETHER.get(what, what), TOGETHER.get(of, of)].append(equation)
    empty = found[NO_DATA].keys() - withheld.keys()
    for system in systems.values():
        for name in determined(system, shown) & withheld.keys() - shown:
            if not any((*name[:5], way) in empty for way in WAYS[1:]):  # else it is the number of one direction
                yield _told(*withheld[name], f"{name[0]} follows from what is shown beside it")


def determined(equations: Sequence[Equation], shown: set[Name]) -> set[Name]:
    """Return the numbers that follow from the shown ones: those that are zero in all solutions of the rest.

    Coefficients are drawn at random, so that no relation hides another by chance.
    """
    unknown = sorted({name for equation in equations for name in equation} - shown, key=repr)
    place = {name: number for number, name in enumerate(unknown)}
    draw = np.random.default_rng(0)
    matrix = np.zeros((len(equations), len(unknown)))
    for number, equation in enumerate(equations):
        for name in equation:
            if name in place:
                matrix[number, place[name]] = draw.uniform(1, 2)
    _, sizes, basis = np.linalg.svd(matrix, full_matrices=True)
    free = basis[int((sizes > 1e-9).sum()) :]
    return {name for name, number in place.items() if np.abs(free[:, number]).max(initial=0.0) < 1e-9}


def _numbers(tables: Tables) -> Iterator[tuple[Name, str, str, Row]]:
    """Yield each number, whether it is shown (ok), nothing (no_data), withheld, or low_n: unknown without being secret.

    All indicators of one kind show the same count of messages. A number of both directions is no_data as soon as one
    direction is, which says nothing of the other. What is low_n without people is of a period that is not over.
    """
    for row in tables["indicator"]:
        key = row["alliance"], row["grain"], row["period"]
        kind, way, state = definitions()[row["indicator"]].kind, row["direction"], row["status"]
        state = OK if state in SHOWN else LOW_N if (state, way) == (NO_DATA, "both") else state
        dominated = state in (OK, LOW_N) and row["people_a"] is not None
        counted = OK if row["messages"] is not None else SUPPRESSED if dominated else state
        yield ("messages", *key, kind, way), counted, "indicator", row
        yield ("value", *key, row["indicator"], way), state, "indicator", row
    for table, what, of, side in (
        ("velocity_component", "z", "component", ""),
        ("velocity", "value", "", "both"),
        ("survey", "said", "dimension", "side"),
    ):
        for row in tables[table]:
            name = what, row["alliance"], "month", row["period"], row.get(of, "depth_index"), row.get(side, "both")
            if table == "survey":
                yield name, OK if row["status"] in SHOWN else SUPPRESSED, table, row
            elif table == "velocity_component":
                state = NO_DATA if row["status"] == LOW_N else row["status"]  # what has no z has no part in depth
                yield name, OK if state in SHOWN else state, table, row
            elif row["depth"] is not None:
                yield name, OK, table, row
    for row in tables["blend"]:
        if row["survey_value"] is not None:
            yield ("said", row["alliance"], "month", row["period"], row["dimension"], "both"), OK, "blend", row
    for row in tables["gap"]:
        yield (row["gap"], row["alliance"], "month", row["period"], row["dimension"], ""), OK, "gap", row


def _equations(known: set[Name], told: Container[Name]) -> Iterator[Equation]:
    """Yield how numbers are made from each other. `told` are those that have a value."""
    for name in known:
        what, alliance, grain, period, of, way = name
        key = alliance, grain, period
        if way == "both":
            sides = ("a", "b") if what == "said" else WAYS[1:]
            parts = [(what, *key, of, side) for side in sides]
            if known.issuperset(parts):
                yield (name, *parts)
        if what == "messages" and grain == "quarter":
            months = [(what, alliance, "month", period.replace(month=period.month + n), of, way) for n in range(3)]
            yield (name, *(month for month in months if month in known))
        if (what, of) == ("value", "transparency"):
            yield (name, *((what, *key, part, way) for part in ("openness", "closedness")))
        if (what, of) == ("value", "depth_index"):
            parts = [("z", *key, part, "both") for part in COMPONENTS]
            if any(part in told for part in parts):
                yield (name, *(part for part in parts if part in known))
        if what == "a_b":
            yield (name, *(("said", *key, of, side) for side in ("a", "b")))


def _moved(tables: Tables, before: Tables, memory: Memory) -> Iterator[str]:
    """Yield cells that changed since the last file although no release says that a whole group did.

    A count of people that moves without a second release would be somebody who came or went.
    """
    for table in KEYS.keys() & set(AUDITED):
        old = {_key(table, row): row for row in before[table]}
        for row in tables[table]:
            last = old.get(_key(table, row), row)
            moved = any(
                row.get(name) != last.get(name) for name in ("people_a", "people_b", "known", "consented", "answers")
            )
            name = place_of(table, row).name
            released = len(memory.after[name].releases) > 1 if name in memory.after else False
            if moved and says(table, last) and says(table, row) and name in memory.blocks and not released:
                yield _told(table, row, "was published for others and no release says so")


def _together(memory: Memory) -> Iterator[str]:
    """Yield blocks that were released anew tonight although all their releases together tell of a few people."""
    for name, block in memory.after.items():
        earlier = len(memory.blocks[name].releases) if name in memory.blocks else 0
        if len(block.releases) > earlier and block.tells_few():
            yield f"{name.replace('/', ' ')}: its releases together tell of fewer people than the group"


def _key(table: str, row: Row) -> Name:
    return row["alliance"], row.get("grain"), row.get("period"), *key_of(table, row)


def _told(table: str, row: Row, why: str) -> str:
    where = " ".join(str(row[name]) for name in ("alliance", "grain", "period", *KEYS.get(table, ())) if name in row)
    return f"{table} {where}: {why}"
