from datetime import date

import numpy as np
import pytest

from warehouse.pivot_change import change, pivot_changes

PIVOT = {"alliance": "coast", "on_date": date(2025, 9, 17), "register": "pivots", "kind": "refocus", "side": ""}
TODAY = date(2026, 4, 2)


def month(number):
    return date(2025 + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def said(values, dimension="trust", first=3):
    """Return both sides' means month by month, side b a fifth of a point lower."""
    return [
        {
            **{"alliance": "coast", "period": month(first + number), "side": side, "dimension": dimension},
            **{"value": value - lower, "status": "ok"},
        }
        for number, value in enumerate(values)
        for side, lower in (("a", 0.0), ("b", 0.2))
    ]


def told(found, series="trust"):
    (row,) = [each for each in found if each["series"] == series]
    return row


def test_the_month_of_the_pivot_itself_is_on_neither_side():
    before, after = [3.0, 3.1, 3.0, 3.1, 3.0, 3.1], [3.6, 3.5, 3.6, 3.5, 3.6, 3.5]
    row = told(pivot_changes([PIVOT], said([*before, 1.0, *after]), [], TODAY))
    assert (row["before"], row["after"], row["difference"]) == (2.95, 3.45, 0.5)
    assert (row["months_before"], row["months_after"], row["outcome"], row["status"]) == (6, 6, "rose", "ok")
    assert row["low"] < 0.5 < row["high"]
    assert row["whole_time"] and row["other_pivots"] == 0


def test_a_fall_is_told_as_a_fall_and_a_difference_within_chance_as_undecided():
    steady, lower = [3.0, 3.1, 3.0, 3.1, 3.0, 3.1], [2.6, 2.5, 2.6, 2.5, 2.6, 2.5]
    assert told(pivot_changes([PIVOT], said([*steady, 3.0, *lower]), [], TODAY))["outcome"] == "fell"
    wide = [3.0, 3.6, 3.2, 2.7, 3.3, 3.0]
    assert told(pivot_changes([PIVOT], said([*wide, 3.0, *wide[::-1]]), [], TODAY))["outcome"] == "undecided"


def test_with_fewer_than_three_months_on_a_side_nothing_is_compared():
    row = told(pivot_changes([PIVOT], said([3.0] * 9), [], TODAY))
    assert (row["months_before"], row["months_after"], row["status"]) == (6, 2, "low_n")
    assert row["difference"] is row["low"] is row["outcome"] is None


def test_a_pivot_whose_time_is_not_over_and_pivots_beside_it_are_named():
    other = {**PIVOT, "on_date": date(2025, 12, 3)}
    entry = {**PIVOT, "on_date": date(2025, 10, 1), "register": "commitments"}
    rows = pivot_changes([PIVOT, other, entry], said([3.0, 3.1] * 6), [], date(2026, 3, 2))
    assert [(row["on_date"].month, row["whole_time"], row["other_pivots"]) for row in rows] == [
        (9, False, 1),
        (12, False, 1),
    ]


def test_indicators_of_both_directions_are_compared_too_and_a_withheld_month_has_no_part():
    rows = [
        {
            **{"alliance": "coast", "period": month(3 + n), "grain": "month", "indicator": "transparency"},
            **{"direction": "both", "value": 0.3 + 0.01 * (n % 2), "status": "ok" if n != 1 else "suppressed"},
        }
        for n in range(13)
    ]
    rows += [{**row, "direction": "a_to_b", "value": 9.0} for row in rows]
    row = told(pivot_changes([PIVOT], [], rows, TODAY), "transparency")
    assert (row["source"], row["months_before"], row["months_after"]) == ("indicator", 5, 6)


@pytest.mark.parametrize(("alike", "least", "most"), [(0.0, 0.92, 0.98), (0.3, 0.88, 0.95), (0.5, 0.84, 0.92)])
def test_the_interval_holds_no_difference_in_about_nine_of_ten_pivots_after_which_nothing_changed(alike, least, most):
    rng = np.random.default_rng(4)
    held = []
    for _ in range(600):
        values = np.zeros(33)
        for place in range(1, 33):
            values[place] = alike * values[place - 1] + rng.normal()
        row = change(values[20:26], values[27:33])
        held.append(row["low"] <= 0 <= row["high"])
    assert least <= np.mean(held) <= most


def test_months_that_never_vary_have_an_interval_without_width_and_no_fault():
    row = change(np.full(6, 3.0), np.full(6, 3.0))
    assert (row["difference"], row["low"], row["high"], row["outcome"]) == (0.0, 0.0, 0.0, "undecided")
