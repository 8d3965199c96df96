from datetime import date
from math import log

import pytest

from warehouse import Calendar
from warehouse.assembly import tables


def series(found, name, direction="both"):
    return {
        row["period"]: row
        for row in found["indicator"]
        if (row["indicator"], row["direction"], row["grain"]) == (name, direction, "month")
    }


def test_frequency_is_compared_with_what_was_agreed(program):
    rows = program.world(1, months=5)
    agreed = (program.alliance_input(agreed_frequency=0.5),)
    found = tables(program.inputs(rows, size=7, alliances=agreed))
    change, level = (series(found, name) for name in ("frequency_change", "frequency"))
    for month in (date(2026, 1, 1), date(2026, 3, 1)):
        assert change[month]["value"] == pytest.approx(log(level[month]["value"] / 0.5), abs=0.1)
        assert change[month]["low"] < change[month]["value"] < change[month]["high"]


def test_without_an_agreement_the_first_twelve_weeks_are_usual(program):
    found = tables(program.inputs(program.world(1, months=8), size=7))
    early = [row["value"] for period, row in series(found, "frequency_change").items() if period < date(2025, 11, 1)]
    shown = [value for value in early if value is not None]
    assert shown and all(abs(value) < 0.35 for value in shown)


def test_a_closed_week_is_not_a_quiet_one(program):
    """Half of February is closed on both sides: fewer messages, as many a working day."""
    closed = tuple(date(2026, 2, day) for day in range(1, 15))
    rows = [row for row in program.world(1, months=6) if row["sent_at"].date() not in closed]
    calendars = {True: Calendar(holidays=closed), False: Calendar()}
    changes = {}
    for known, calendar in calendars.items():
        about = (program.alliance_input(calendars=(calendar, calendar)),)
        changes[known] = series(tables(program.inputs(rows, size=7, alliances=about)), "frequency_change")[
            date(2026, 2, 1)
        ]["value"]
    assert changes[True] - changes[False] == pytest.approx(log(2), abs=0.12)


def test_a_month_without_baseline_has_too_little_data_for_a_change(program):
    found = tables(program.inputs(program.world(1, months=3), size=7))
    for name in ("tone_change", "frequency_change"):
        assert "ok" not in {row["status"] for row in series(found, name).values()}
        assert series(found, name)[date(2026, 3, 1)]["status"] == "low_n"


def test_every_shown_number_says_how_much_of_the_roster_it_stands_for(program):
    who = [program.identity(each, each[0]) for each in program.people(14)]
    found = tables(program.inputs(program.world(1, months=3), size=7, identities=who))
    shown = [row for row in found["indicator"] if row["status"] == "ok"]
    assert {row["coverage"] for row in shown} == {0.5}


def test_intervals_hold_their_values_and_shares_stay_shares(year):
    wrong = year.query("select indicator from indicator where status = 'ok' and (low > value or high < value)")
    assert wrong == []
    outside = "select indicator from indicator where unit in ('share', 'probability') and (low < 0 or high > 1)"
    assert year.query(outside) == []


def test_means_over_people_and_rates_come_with_intervals(year):
    without = year.query(
        "select distinct indicator from indicator where status = 'ok' and low is null order by indicator"
    )
    assert {row["indicator"] for row in without} <= {
        *("concentration", "half_carried_by", "layer_coverage", "layer_coverage_diagonal", "ties", "depth_index"),
        *("reciprocity_initiations", "reciprocity_deliveries", "answer_median_hours", "answer_ratio"),
    }
