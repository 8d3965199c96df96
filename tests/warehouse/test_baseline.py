"""An alliance of twenty months is compared with its first twelve weeks, though thirteen months are kept."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from warehouse import Memory
from warehouse.assembly import tables
from warehouse.measured import measure

TURN = datetime(2025, 5, 1, tzinfo=UTC)
FIRST = datetime(2025, 8, 1, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def program(tmp_path_factory, program_in):
    return program_in(tmp_path_factory.mktemp("baseline"))


@pytest.fixture(scope="module")
def story(program):
    """Return twenty months: half of the messages share knowledge at first, and few from the seventh month on."""
    early = program.world(3, months=20, a_week=90, shares=0.5, commits=0.1)
    late = program.world(4, months=20, a_week=90, shares=0.15, commits=0.1)
    return [row for row in early if row["sent_at"] < TURN] + [
        {**row, "message_key": f"l{row['message_key']}", "thread_key": f"l{row['thread_key']}", "parent_key": None}
        for row in late
        if row["sent_at"] >= TURN
    ]


def through_a_file(memory, folder):
    memory.save(folder, "night")
    return Memory.load(folder, "night", memory.keys)


@pytest.fixture(scope="module")
def nights(program, story, tmp_path_factory):
    """Return the tables of the last night: with what the first remembers, and without."""
    memory = Memory({program.alliance: b"k" * 32})
    inputs = program.inputs(story, size=7)
    tables(replace(inputs, run_at=FIRST, memory=memory))
    kept = through_a_file(memory, tmp_path_factory.mktemp("released"))
    told = json.dumps([block.rows for block in kept.blocks.values()], default=str)
    assert not any(f'"{each.upper()}"' in told for each in program.people(7))
    forgotten = Memory(memory.keys, {name: each for name, each in kept.blocks.items() if "/baseline" not in name})
    return {
        "remembered": tables(replace(inputs, memory=kept)),
        "forgotten": tables(replace(inputs, memory=forgotten)),
        "memory": kept,
    }


def at_the_end(found, table, column, **wanted):
    rows = [row for row in found[table] if row["period"] == date(2026, 3, 1)]
    (row,) = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return row[column]


def test_a_fall_after_the_baseline_is_still_seen_when_retention_has_taken_the_baseline(nights):
    z = {
        name: at_the_end(nights[name], "velocity_component", "z", component="unsolicited")
        for name in nights
        if name != "memory"
    }
    assert z["remembered"] < -2
    assert abs(z["forgotten"]) < 1


def test_changes_of_frequency_and_tone_are_against_the_remembered_weeks(program, story, nights):
    later = measure(replace(program.inputs(story, size=7), memory=None))
    own = {(each.indicator, each.direction): each for each in later.candidates if each.period == date(2026, 3, 1)}
    for name in ("frequency_change", "tone_change"):
        found = at_the_end(nights["remembered"], "indicator", "value", indicator=name, direction="both")
        assert found is not None
        assert abs(found - own[name, "both"].value) < 0.5


def test_what_is_remembered_stays_the_same_from_night_to_night(program, story, nights):
    name = f"{program.alliance}/now/0001-01-01/baseline"
    before, after = nights["memory"].blocks[name].rows, nights["memory"].after[name].rows
    assert json.dumps(before, default=str) == json.dumps(after, default=str)
    weeks = [row["week"] for row in after["baseline_week"]]
    assert len(weeks) == 12
    assert max(weeks) < (FIRST - timedelta(days=180)).date()


def test_a_new_model_makes_a_baseline_of_its_own(program, story, nights):
    rescored = [{**row, "model": "fake@1"} for row in story]
    inputs = program.inputs(rescored, size=7, model_version="fake@1")
    found = measure(replace(inputs, memory=nights["memory"]))
    (block,) = found.baselines.values()
    assert min(row["week"] for row in block.rows["baseline_week"]) > date(2025, 3, 1)
