import random
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from warehouse.assembly import tables
from warehouse.candidate import definitions


def test_the_same_night_twice_gives_the_same_tables_whatever_the_order_of_parts_and_rows(program):
    rows = program.world(3, months=7)
    first = tables(program.inputs(rows, size=7, surveys=program.surveys(3)))
    shuffled = random.Random(1).sample(rows, len(rows))
    halves = [shuffled[: len(rows) // 2], shuffled[len(rows) // 2 - 50 :]]
    inputs = program.inputs(shards=halves, size=7, surveys=program.surveys(3)[::-1])
    inputs = replace(inputs, identities=inputs.identities[::-1], consents=inputs.consents[::-1])
    second = tables(replace(inputs, parts=inputs.parts[::-1]))
    for table, found in first.items():
        assert sorted(map(repr, second[table])) == sorted(map(repr, found)), table


def test_a_program_without_anything_is_published_all_the_same(program):
    published = program.publish()
    assert published.query("select count(*) as rows from indicator") == [{"rows": 0}]
    assert [row["alliance"] for row in published.query("from portfolio")] == [program.alliance]


def test_the_run_says_what_it_was_built_from(year):
    (run,) = year.query("select min_people, model, fingerprint, night_at from run")
    assert (run["min_people"], run["model"], run["fingerprint"]) == (5, "fake@0", "f")


def test_every_month_has_every_indicator_in_each_of_its_directions(year):
    kinds = sum(len(each.directions) for each in definitions().values())
    counts = year.query("select period, count(*) as rows from indicator where grain = 'month' group by period")
    assert {row["rows"] for row in counts} == {kinds}
    periods = sorted(row["period"] for row in counts)
    assert periods[-1] == date(2026, 4, 1)
    steps = {(later.year - earlier.year) * 12 + later.month - earlier.month for earlier, later in pairwise(periods)}
    assert steps == {1}


def test_a_month_in_which_nobody_wrote_is_no_data_and_never_zero(program):
    rows = [row for row in program.world(2, months=7) if row["sent_at"].month != 1]
    found = tables(program.inputs(rows, size=7))
    silent = [row for row in found["indicator"] if row["period"] == date(2026, 1, 1) and row["grain"] == "month"]
    assert {row["status"] for row in silent} == {"no_data"}
    assert {row["value"] for row in silent} == {None}
    (pace,) = (row for row in found["velocity"] if row["period"] == date(2026, 1, 1))
    assert (pace["status"], pace["rvi"], pace["state"]) == ("no_data", None, None)


def test_an_alliance_whose_text_is_not_read_has_surveys_and_no_indicator(program):
    explored = program.alliance_input(stage="explore", text_read=False)
    found = tables(program.inputs(alliances=(explored,), surveys=program.surveys()))
    assert found["indicator"] == []
    assert {row["origin"] for row in found["blend"]} == {"survey_only"}


def test_few_known_people_are_not_counted_out(program):
    """Seven of eight known people consent: the one who does not must not be told from the rest."""
    who = [program.identity(each, each[0]) for each in program.people(8)]
    consents = [program.consent(each.upper()) for each in program.people(8) if each != "a8"]
    found = {row["side"]: row for row in tables(program.inputs(identities=who, consents=consents))["coverage"]}
    assert (found["a"]["known"], found["a"]["consented"], found["a"]["coverage"]) == (None, None, pytest.approx(0.9))
    assert (found["b"]["known"], found["b"]["consented"]) == (8, 8)


def test_moves_between_levels_are_shown_all_or_none(year):
    moves = year.query(
        "select period, from_level, list(distinct status) as states, sum(share) as whole from transition group by all"
    )
    assert moves
    for row in moves:
        assert len(row["states"]) == 1
        if row["states"] == ["ok"]:
            assert row["whole"] == pytest.approx(1, abs=0.075)


def test_the_log_and_what_was_left_out_are_passed_on(program):
    log = [
        {"alliance": program.alliance, "on_date": date(2026, 1, 5), "register": "pivots", "kind": "refocus", "side": ""}
    ]
    left_out = [{"alliance": program.alliance, "stage": "read", "reason": "auto_reply", "records": 7}]
    published = program.publish(log=log, left_out=left_out)
    assert published.query("from log") == log
    assert published.query("from left_out") == [{**left_out[0], "records": 10}]
