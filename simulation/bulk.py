"""A store of any size, to see what a build costs: `python -m simulation.bulk 1 3 10` (millions of messages).

Twenty alliances of sixty people a side write mail for thirteen months, most of it across the boundary, in threads of
three; what a message scores is drawn by chance.
"""

import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from simulation.classifier import HEADS
from simulation.program import ALWAYS, program
from simulation.traffic import MODEL
from warehouse import BuildInputs, build
from warehouse.parts import MESSAGE_SCHEMA, write_table

ALLIANCES, SIZE, DAYS, ROWS = 20, 60, 390, 50_000
"""Alliances, people a side, days, and messages a part."""

FIRST = datetime(2025, 3, 6)
TURNS, INNER, SCORED = 3, 0.25, 0.97
"""Messages of a thread, share of threads within one side, and share of the others' messages that are scored."""

DAY = 86_400_000_000
Ints = NDArray[np.int64]


def bulk(folder: Path, rows: int) -> BuildInputs:
    """Write parts of about so many messages and return what a build of them reads."""
    chance = np.random.default_rng(5)
    numbers = range(max(round(rows / ROWS), ALLIANCES))
    parts = [folder / f"{number:05d}.parquet" for number in numbers]
    for number, path in enumerate(parts):
        write_table(path, part(chance, number, rows // len(parts)))
    names = [_alliance(number) for number in range(ALLIANCES)]
    people = [(name, person) for name in names for person in range(2 * SIZE)]
    return replace(
        program(names, [], {head: [100.0] * max(len(columns), 2) for head, (_, columns) in HEADS.items()}),
        parts=tuple(parts),
        identities=[_identity(*each) for each in people],
        consents=[{"alliance": name, "person": _person(name, who), "medium": "mail", **ALWAYS} for name, who in people],
    )


def _alliance(number: int) -> str:
    return f"alliance{number % ALLIANCES:02d}"


def _person(alliance: str, person: int) -> str:
    """Return a pseudonym as long as a real one."""
    return f"{alliance}-{'ab'[person // SIZE]}{person % SIZE:03d}-{0:016x}"


def _identity(alliance: str, person: int) -> dict[str, Any]:
    own = _person(alliance, person)
    about = {"alliance": alliance, "pseudonym": own, "person": own, "side": "ab"[person // SIZE]}
    return {**about, "layer": ("technical", "manager", "executive")[person % 3], "team": "", **ALWAYS}


def part(chance: np.random.Generator, number: int, rows: int) -> pa.Table:
    """Return a part of threads between two people of each side."""
    alliance, place = _alliance(number), np.arange(rows)
    thread, inner = place // TURNS, (chance.random(rows) < INNER)[place // TURNS]
    side = np.where(inner, 0, place % 2)
    other = np.where(inner, 0, 1 - side)
    people = chance.integers(0, SIZE, (rows, 2, 2))[thread]
    author = side * SIZE + people[place, side, chance.integers(0, 2, rows)]
    names = np.array([_person(alliance, person) for person in range(2 * SIZE)])
    to = names[(other * SIZE)[:, None] + people[place, other]]
    keys = np.array([f"{number:08x}{each:024x}" for each in range(rows)])
    columns = {
        **{"alliance": pa.repeat(alliance, rows), "message_key": pa.array(keys), "text_key": pa.array(keys)},
        "thread_key": pa.array(keys[thread * TURNS]),
        "parent_key": pa.array(keys[np.maximum(place - 1, 0)], mask=place % TURNS == 0),
        **{"author": pa.array(names[author]), "sent_at": _sent_at(chance, thread, place % TURNS)},
        **{"edited_at": pa.nulls(rows), "medium": pa.repeat("mail", rows), "language": pa.repeat("en", rows)},
        "recipients": pa.ListArray.from_arrays(np.arange(0, 2 * rows + 1, 2, dtype=np.int32), to.ravel()),
        **{"recipient_count": pa.repeat(2, rows), "cross_boundary": pa.array(~inner), "model": pa.repeat(MODEL, rows)},
        "tokens": pa.array(chance.integers(5, 120, rows)),
        **_scores(chance, ~inner & (chance.random(rows) < SCORED)),
    }
    return pa.table([columns[field.name].cast(field.type) for field in MESSAGE_SCHEMA], MESSAGE_SCHEMA)


def _sent_at(chance: np.random.Generator, thread: Ints, turn: Ints) -> pa.Array:
    """Return when each message was sent: turns of a thread follow each other by its own pace."""
    begun = chance.random(len(thread)) * (DAYS - 10) * DAY
    waited = turn * chance.exponential(0.4, len(thread))[thread] * DAY
    moments = np.datetime64(FIRST, "us") + (begun[thread] + waited).astype(np.int64)
    return pa.array(moments).cast(pa.timestamp("us", "UTC"))


def _scores(chance: np.random.Generator, scored: NDArray[np.bool_]) -> dict[str, pa.Array]:
    """Return probabilities and decisions of the messages that are scored."""
    found: dict[str, pa.Array] = {"scored": pa.array(scored)}
    for head, (lowest, names) in HEADS.items():
        p = chance.random((len(scored), len(names))) ** 3 + 0.01
        p /= p.sum(1, keepdims=True)
        for place, name in enumerate(names):
            if name:
                found[name] = pa.array(p[:, place], mask=~scored)
        found[f"says_{head}"] = pa.array(p.argmax(1) + lowest, mask=~scored)
    return found


def cost(rows: int) -> tuple[float, float, float]:
    """Return the seconds, the seconds of computing, and the most memory in GB that building so many messages takes."""
    with TemporaryDirectory() as folder:
        inputs = bulk(Path(folder) / "parts", rows)
        began, computed = time.monotonic(), time.process_time()
        build(inputs, Path(folder) / "published.duckdb")
        took = time.monotonic() - began, time.process_time() - computed
        return *took, getrusage(RUSAGE_SELF).ru_maxrss * 1024 / 1e9


if __name__ == "__main__":
    for millions in sys.argv[1:]:
        print(
            f"{millions} M: {{0:.0f}} s, {{1:.0f}} s of computing, {{2:.1f}} GB".format(
                *cost(int(float(millions) * 1e6))
            )
        )
