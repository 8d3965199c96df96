from collections import defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.assembly import tables
from warehouse.gate import Cell, gated, rounded, status

ENOUGH = Cell(5, 6, 100, 0.2, 0.4)


def test_a_cell_with_enough_of_all_is_shown():
    assert status(ENOUGH, min_people=5, minimum=30, pooled=True) == "ok"


@pytest.mark.parametrize("cell", [Cell(4, 9, 100), Cell(9, 4, 100), Cell(0, 9, 100)])
def test_too_few_people_on_either_side_withhold(cell):
    assert status(cell, min_people=5) == "suppressed"


def test_nothing_is_no_data_and_never_a_number():
    assert status(Cell(), min_people=5) == "no_data"
    assert status(ENOUGH, min_people=5, data=0) == "no_data"
    assert gated(0.0, 0.0, 0.0, Cell(), "no_data")["value"] is None


def test_too_few_people_are_never_called_too_little_data():
    assert status(Cell(4, 9, 3), min_people=5, minimum=30) == "suppressed"


@pytest.mark.parametrize("cell", [Cell(6, 6, 100, 0.51, 0.6), Cell(6, 6, 100, 0.5, 0.86)])
def test_a_dominant_person_or_two_withhold_what_is_pooled_and_nothing_else(cell):
    assert status(cell, min_people=5, pooled=True) == "suppressed"
    assert status(cell, min_people=5) == "ok"


def test_the_minimum_counts_what_the_number_is_made_from():
    assert status(ENOUGH, min_people=5, data=19, minimum=20) == "low_n"
    assert status(ENOUGH, min_people=5, data=20, minimum=20) == "ok"


@pytest.mark.parametrize("state", ["low_n", "suppressed", "no_data"])
def test_there_is_no_value_unless_the_status_is_ok(state):
    public = gated(0.3, 0.2, 0.4, ENOUGH, state)
    assert [public[name] for name in ("value", "low", "high")] == [None] * 3
    assert (public["people_a"] is None) == (state != "low_n")


def test_what_cannot_be_computed_has_too_little_data():
    assert gated(float("nan"), None, None, ENOUGH, "ok")["status"] == "low_n"


def test_small_groups_are_rounded_more_coarsely():
    assert (rounded(0.4321, 19), rounded(0.4321, 20), rounded(-0.01, 10)) == (0.45, 0.43, 0.0)


def test_a_number_made_from_two_needs_the_people_of_both():
    joined = ENOUGH.with_all_of(Cell(9, 2, 10, 0.7, 0.8))
    assert (joined.people_a, joined.people_b, joined.largest) == (5, 2, 0.7)


months = st.lists(st.tuples(st.sampled_from([0, 3, 4, 5, 6]), st.sampled_from([0, 4, 5, 6])), min_size=1, max_size=4)


@given(months=months, busy=st.integers(1, 60), seed=st.integers(0, 9))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_number_is_published_with_fewer_people_on_a_side_whatever_the_data(program, months, busy, seed):
    """Each month has its own number of authors a side; all write enough, one of them much."""
    rows = traffic(program, months, busy)
    writing = people_of(rows)
    found = tables(program.inputs(rows, surveys=program.surveys(seed)))
    for row in found["indicator"]:
        shown = row["status"] == "ok"
        assert (row["value"] is not None) == shown
        if row["grain"] == "month" and min(len(writing[row["period"], side]) for side in "ab") < 5:
            assert not shown
            assert row["messages"] is None
        if shown:
            assert min(row["people_a"], row["people_b"]) >= 5
    for table, column in (("velocity", "rvi"), ("velocity_component", "z"), ("transition", "share")):
        for row in found[table]:
            assert (row[column] is not None) == (row["status"] == "ok")
            if min(len(writing[row["period"], side]) for side in "ab") < 5:
                assert row["status"] != "ok"


def traffic(program, months, busy):
    rows = []
    for month, sizes in enumerate(months, start=1):
        for side, other, size in (("a", "b", sizes[0]), ("b", "a", sizes[1])):
            for person in range(1, size + 1):
                for n in range(busy if person == 1 else 8):
                    key, thread = f"{month}-{side}{person}-{n}", f"{month}-{person}-{n}"
                    labels = {"says_shares": n % 2, "says_seeks": int(n % 3 == 0), "says_social": n % 2}
                    at = program.at(1 + n % 27, 9 + n // 27, n % 60, month=month)
                    to = [f"{other}{person}"]
                    rows.append(program.message(key, f"{side}{person}", at, to, thread_key=thread, **labels))
    return rows


def people_of(rows):
    found = defaultdict(set)
    for row in rows:
        found[row["sent_at"].date().replace(day=1), row["author"][0]].add(row["author"])
    return found


def test_no_direction_can_be_worked_out_from_the_other_and_both(program):
    """One person of side a writes most of its messages: counts of all three directions are withheld together."""
    rows = traffic(program, [(6, 6)], 8) + [program.message(f"x{n}", "a1", program.at(20, 9, n)) for n in range(59)]
    found = tables(program.inputs(rows))["indicator"]
    counts = [row for row in found if row["indicator"] == "frequency" and row["period"].month == 1]
    assert {row["direction"]: row["status"] for row in counts} == dict.fromkeys(
        ("both", "a_to_b", "b_to_a"), "suppressed"
    )


def test_a_program_may_ask_for_more_people_than_the_floor(program):
    rows = traffic(program, [(6, 6)], 8)
    found = tables(program.inputs(rows, min_people=7))["indicator"]
    assert {row["status"] for row in found} == {"suppressed", "no_data"}
