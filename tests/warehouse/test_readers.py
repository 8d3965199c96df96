"""Readers beside a night: never blocked, never an error, never half of one night and half of another."""

import subprocess
import sys

import pytest

from warehouse.publish import publish

READER = """
import sys
from pathlib import Path
from warehouse import Published
from warehouse.database import connected
from warehouse.private import rows

target, stop = Path(sys.argv[1]), Path(sys.argv[2])
asked = "select run_id as n from run union all select name from alliance union all select reason from left_out"
seen, errors, mixed, reads = set(), 0, 0, 0
print("reading", flush=True)
while not stop.exists():
    try:
        found = [row["n"] for row in Published(target).query(asked)]
        with connected(target, read_only=True) as kept:
            held = [rows(kept, f"select {column} as n from {table}") for table, column in
                    (("run", "run_id"), ("alliance", "name"), ("left_out", "reason"))]
        held = [row["n"] for each in held for row in each]
    except Exception as error:
        print(type(error).__name__, file=sys.stderr)
        errors += 1
        continue
    reads += 1
    mixed += len(set(found)) != 1 or len(set(held)) != 1 or len(found) != 3 + 50 or len(held) != 3 + 50
    seen |= set(found) | set(held)
print(reads, errors, mixed, len(seen))
"""


def night(number):
    """Return tables in which everything says which night it was."""
    name = f"night {number:03}"
    left_out = [{"alliance": "tide", "stage": "read", "reason": name, "records": row} for row in range(51)]
    return {"run": [{"run_id": name}], "alliance": [{"alliance": "tide", "name": name}], "left_out": left_out}


def read_beside(folder, nights):
    """Publish so many nights beside a reader in a process of its own; return (reads, errors, mixed, nights seen)."""
    target, stop = folder / "published" / "quietpivot.duckdb", folder / "stop"
    publish(night(0), target)
    reader = subprocess.Popen([sys.executable, "-c", READER, target, stop], stdout=subprocess.PIPE, text=True)
    assert reader.stdout.readline() == "reading\n"
    for number in range(1, nights + 1):
        publish(night(number), target)
    stop.touch()
    return [int(number) for number in reader.communicate(timeout=120)[0].split()]


def test_a_reader_sees_whole_nights_only_while_they_are_published(tmp_path):
    reads, errors, mixed, _ = read_beside(tmp_path, 6)
    assert reads
    assert (errors, mixed) == (0, 0)


@pytest.mark.slow
def test_a_reader_sees_whole_nights_only_while_a_hundred_are_published(tmp_path, record_property):
    reads, errors, mixed, seen = read_beside(tmp_path, 100)
    record_property("reads", reads)
    record_property("nights seen", seen)
    assert (errors, mixed) == (0, 0)
    assert seen > 10
