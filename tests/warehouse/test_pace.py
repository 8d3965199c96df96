from datetime import date, timedelta

import numpy as np
import pytest

from warehouse.assembly import tables


def velocities(program, rows, **fields):
    found = tables(program.inputs(rows, size=7, **fields))
    paces = {row["period"]: row for row in found["velocity"]}
    parts = {(row["period"], row["component"]): row for row in found["velocity_component"]}
    return paces, parts, found


MARCH = date(2026, 3, 1)


def test_a_first_quarter_has_no_velocity_and_says_how_many_weeks_are_missing(program):
    rows = program.world(1, months=4)
    paces, _, _ = velocities(program, rows)
    first = paces[date(2026, 1, 1)]
    assert (first["status"], first["rvi"], first["state"]) == ("low_n", None, None)
    assert first["weeks_needed"] > 0


def test_a_year_without_change_is_mostly_undetermined_and_never_far_from_its_baseline(program):
    paces, parts, _ = velocities(program, program.world(2))
    shown = [row for row in paces.values() if row["status"] == "ok"]
    assert [row["state"] for row in shown].count("undetermined") >= len(shown) / 2
    assert all(row["weeks_needed"] > 0 for row in shown if row["state"] == "undetermined")
    assert abs(np.mean([row["z"] for row in parts.values() if row["z"] is not None])) < 1


def test_before_there_is_a_baseline_the_weeks_that_it_still_takes_are_said(program):
    paces, _, _ = velocities(program, program.world(1, months=2.5))
    march = paces[MARCH]
    assert (march["status"], march["depth"]) == ("low_n", None)
    assert 3 <= march["weeks_needed"] <= 10


def burst(program, count=150):
    """Return release notes: knowledge that one person of side a sends to everybody within three days."""
    to = [f"b{n}" for n in range(1, 6)]
    notes = {"shares": 0.97, "says_shares": 1, "thread_key": "release"}
    start = program.run_at - timedelta(days=12)
    return [program.message(f"n{n}", "a1", start + timedelta(minutes=20 * n), to, **notes) for n in range(count)]


def test_a_burst_of_release_notes_does_not_read_as_deepening(program):
    rows = program.world(2)
    before, after = velocities(program, rows)[0][MARCH], velocities(program, rows + burst(program))[0][MARCH]
    assert after["state"] != "deepening"
    assert after["rvi"] is None or after["rvi"] <= before["rvi"] + 0.5


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_half_the_messages_alone_are_no_decline(program, seed):
    rng, since = np.random.default_rng(0), program.run_at - timedelta(weeks=8)
    rows = program.world(seed, months=9, a_week=85)
    threads = {row["thread_key"] for row in rows if row["sent_at"] >= since}
    gone = {thread for thread in sorted(threads) if rng.random() < 0.5}
    before = velocities(program, rows)[1]
    paces, parts, _ = velocities(program, [row for row in rows if row["thread_key"] not in gone])
    assert paces[MARCH]["state"] != "declining"
    assert abs(parts[MARCH, "unsolicited"]["z"]) < 2
    assert abs(parts[MARCH, "ties"]["z"] - before[MARCH, "ties"]["z"]) < 1.2


def test_the_ledger_of_real_commitments_weighs_in_co_investment(program):
    rows = program.world(5)
    signed = [program.run_at.date() - timedelta(days=40 + day) for day in range(4)]
    log = [
        {"alliance": program.alliance, "on_date": day, "register": "commitments", "kind": "joint_budget", "side": "a"}
        for day in signed
    ]
    talk, both = velocities(program, rows)[1], velocities(program, rows, log=log)[1]
    assert both[MARCH, "coinvest"]["z"] > talk[MARCH, "coinvest"]["z"] / 2 + 0.9
    early = date(2025, 10, 1)
    assert both[early, "coinvest"]["z"] == pytest.approx(talk[early, "coinvest"]["z"] / 2, abs=0.05)


def test_depth_is_an_indicator_as_well(program):
    paces, _, found = velocities(program, program.world(1))
    rows = {row["period"]: row for row in found["indicator"] if row["indicator"] == "depth_index"}
    assert {period: row["value"] for period, row in rows.items()} == {
        period: row["depth"] for period, row in paces.items()
    }


def test_answers_that_slow_down_at_a_shallow_standstill_are_a_coordination_trap(program):
    """In the last quarter little is shared, and answers come four days later; nothing moves within it."""
    usual = program.world(6, a_week=110, shares=0.5, seeks=0.3)
    poor = program.world(7, a_week=110, shares=0.15, seeks=0.3, commits=0.01, social=0.0)
    turn = program.run_at - timedelta(weeks=16)
    rows = [row for row in usual if row["sent_at"] < turn]
    for row in poor:
        if row["sent_at"] >= turn:
            late = row["parent_key"] is not None
            at = row["sent_at"] + timedelta(days=4) if late else row["sent_at"]
            rows.append(
                {**row, "sent_at": at, "message_key": f"p{row['message_key']}", "thread_key": f"p{row['thread_key']}"}
            )
    paces, _, _ = velocities(program, [row for row in rows if row["sent_at"] < program.run_at])
    march = paces[MARCH]
    assert march["depth"] < -0.5
    assert (march["state"], march["coordination_trap"]) == ("undetermined", True)
    assert not paces[date(2025, 10, 1)]["coordination_trap"]
