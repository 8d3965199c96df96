from datetime import date, timedelta

import pytest

from warehouse import Calendar
from warehouse.answers import answers, quarter, waits
from warehouse.assembly import tables
from warehouse.private import private_tables


def asked(program, count, hours, month=1, side="a", unanswered=0, name=""):
    """Return requests of six people at ten o'clock, answered after some hours by six of the other side."""
    other, rows = "ba"["ab".index(side)], []
    for n in range(count):
        thread, at = f"{name}{side}{month}-{n}", program.at(5 + n % 3, 10, month=month)
        rows.append(program.message(f"q{thread}", f"{side}{n % 6 + 1}", at, thread_key=thread, says_seeks=1))
        if n >= unanswered:
            later = at + timedelta(hours=hours)
            rows.append(program.message(f"r{thread}", f"{other}{n % 6 + 1}", later, thread_key=thread))
    return rows


def speeds(program, rows, **fields):
    inputs = program.inputs(rows, **fields)
    with private_tables(inputs, "request") as connection:
        return {(each.indicator, each.direction, each.grain): each for each in answers(waits(connection, inputs))}


def test_each_direction_waits_for_the_other_side(program):
    found = speeds(program, asked(program, 12, 2) + asked(program, 12, 5, side="b"))
    assert found["answer_median_hours", "a_to_b", "month"].value == 2
    assert found["answer_median_hours", "b_to_a", "month"].value == 5
    assert found["answer_ratio", "both", "month"].value == pytest.approx(0.4)


def test_waiting_counts_the_hours_of_the_side_that_is_asked(program):
    calendars = (Calendar(), Calendar("Asia/Tokyo"))
    rows = asked(program, 12, 16)
    found = speeds(program, rows, alliances=(program.alliance_input(calendars=calendars),))
    assert found["answer_median_hours", "a_to_b", "month"].value == pytest.approx(2)


def test_an_open_request_has_waited_until_the_night(program):
    found = speeds(program, asked(program, 12, 2, unanswered=3))
    assert found["answer_within_5_days", "a_to_b", "month"].value == pytest.approx(0.75)
    assert found["answer_median_hours", "a_to_b", "month"].data == 12


def public(program, rows):
    found = tables(program.inputs(rows))["indicator"]
    return {
        (row["grain"], row["period"].month): row["status"]
        for row in found
        if (row["indicator"], row["direction"]) == ("answer_within_day", "a_to_b")
    }


def test_months_with_too_few_requests_speak_through_their_quarter(program):
    rows = [row for month in (1, 2, 3) for row in asked(program, 12, 2, month)]
    states = public(program, rows)
    assert {states["month", month] for month in (1, 2, 3)} == {"low_n"}
    assert states["quarter", 1] == "ok"


def test_months_with_enough_requests_need_no_quarter(program):
    rows = [row for month in (1, 2, 3) for row in asked(program, 36, 2, month)]
    states = public(program, rows)
    assert {states["month", month] for month in (1, 2, 3)} == {"ok"}
    assert ("quarter", 1) not in states


def test_a_quarter_is_withheld_when_it_would_give_away_a_withheld_month(program):
    """January is shown and February has two people only: their quarter minus January would show the two."""
    few = [row for row in asked(program, 36, 2, 2) if row["author"] in ("a1", "a2", "b1", "b2")]
    states = public(program, asked(program, 36, 2, 1) + few + asked(program, 12, 2, 3))
    assert [states["month", month] for month in (1, 2, 3)] == ["ok", "suppressed", "low_n"]
    assert ("quarter", 1) not in states


def test_a_few_who_answer_for_all_are_not_shown(program):
    rows = [{**row, "author": "b1" if row["author"][0] == "b" else row["author"]} for row in asked(program, 36, 2)]
    rows += [program.message(f"o{n}", f"b{n}", program.at(9)) for n in range(1, 7)]
    assert public(program, rows)["month", 1] == "suppressed"


def test_quarters_begin_in_january_april_july_and_october():
    assert [quarter(date(2026, month, 1)).month for month in (1, 3, 4, 6, 9, 12)] == [1, 1, 4, 4, 7, 10]
