from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.chart import Frame, Series, draw
from desk.strip import Mark, strip

MONTHS = [date(2026, month, 1) for month in range(1, 8)]


def rows(*values, states=None):
    """Months with a value and an interval of ±0.1; None takes its status from `states`, else suppressed."""
    found = []
    for when, value in zip(MONTHS, values, strict=False):
        state = "ok" if value is not None else (states or {}).get(when.month, "suppressed")
        low, high = (None, None) if value is None else (value - 0.1, value + 0.1)
        found.append({"period": when, "value": value, "low": low, "high": high, "status": state})
    return found


def test_a_line_never_crosses_a_month_that_shows_nothing():
    chart = draw(Frame(MONTHS), [Series("x", "both", rows(1.0, 1.2, None, 1.4, 1.5))])
    (line,) = chart.lines
    assert line.path.count("M") == 2
    assert len(line.dots) == 4
    assert [state for _, state in chart.rails[0][1]] == ["suppressed", "no_data", "no_data"]


def test_a_month_without_a_row_is_no_data_and_so_is_an_ok_row_without_a_value():
    found = rows(1.0, None, states={2: "ok"})
    ((_, marks),) = draw(Frame(MONTHS[:2]), [Series("x", "both", found)]).rails
    assert [state for _, state in marks] == ["no_data"]


def test_series_that_are_empty_in_the_same_months_share_their_marks():
    first, second = (Series(css, css, rows(1.0, None, 1.2)) for css in "ab")
    other = Series("c", "both", rows(1.0, 1.1, None))
    assert [css for css, _ in draw(Frame(MONTHS[:3]), [first, second]).rails] == ["all"]
    assert [css for css, _ in draw(Frame(MONTHS[:3]), [first, other]).rails] == ["a", "both"]


@pytest.mark.parametrize(
    ("value", "labels"),
    [(0.0, ["0 %", "2.5 %", "5 %", "7.5 %", "10 %"]), (0.4, ["0 %", "20 %", "40 %", "60 %", "80 %"])],
)
def test_an_axis_of_shares_never_goes_below_zero(value, labels):
    found = [{"period": when, "value": value, "low": None, "high": None, "status": "ok"} for when in MONTHS]
    chart = draw(Frame(MONTHS, form="share"), [Series("x", "both", found)])
    assert [label.replace("\u00a0", " ") for _, label, _ in chart.grid] == labels


def test_a_value_that_should_not_be_shown_is_not_drawn_even_when_it_is_there():
    found = [{"period": MONTHS[0], "value": 0.7, "low": 0.6, "high": 0.8, "status": "suppressed"}]
    chart = draw(Frame(MONTHS), [Series("x", "both", found)])
    assert not chart.lines[0].dots and not chart.lines[0].band
    assert "0.7" not in chart.alternative and chart.table[0] == ("Jan 2026", ["withheld"])


def test_a_stale_month_is_shown():
    found = [{"period": MONTHS[0], "value": 0.7, "low": None, "high": None, "status": "stale"}]
    assert len(draw(Frame(MONTHS), [Series("x", "both", found)]).lines[0].dots) == 1


def test_a_single_month_has_a_band_that_can_be_seen():
    (line,) = draw(Frame(MONTHS), [Series("x", "both", rows(None, 1.0, None))]).lines
    assert line.path == "" and line.band.endswith("Z")


def test_the_text_alternative_names_first_spread_last_and_what_is_missing():
    chart = draw(Frame(MONTHS[:4]), [Series("Openness", "both", rows(0.2, None, 0.5, 0.4))])
    assert chart.alternative == (
        "Openness: 0.20 in Jan 2026, between 0.20 and 0.50, last 0.40 (0.30 to 0.50) in Apr 2026; 1 month withheld."
    )


def test_a_chart_of_nothing_says_so():
    chart = draw(Frame(MONTHS[:2]), [Series("Openness", "both", [])])
    assert chart.alternative == "Openness: no month can be shown; 2 months nothing there."
    assert len(chart.grid) >= 3


def test_the_year_stands_at_the_first_tick_and_where_it_changes():
    months = [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert [label for _, label, _ in draw(Frame(months), []).ticks] == ["Nov 25", "Feb 26"]


def test_events_stand_in_their_month_and_those_outside_are_left_out():
    marks = {MONTHS[2]: "1, 2", date(2020, 1, 1): "3"}
    chart = draw(Frame(MONTHS, events=marks), [])
    assert chart.events == [(Frame(MONTHS).x(MONTHS[2]), "1, 2")]


@pytest.mark.parametrize("months", [MONTHS[:1], MONTHS])
@given(values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=7))
def test_everything_lies_inside_the_drawing(months, values):
    chart = draw(Frame(months), [Series("x", "both", rows(*values))])
    for line in chart.lines:
        assert all(0 <= x <= 100 and 0 <= y <= 100 for x, y in line.dots)
    assert 3 <= len(chart.grid) <= 7
    assert [y for y, _, _ in chart.grid] == sorted((y for y, _, _ in chart.grid), reverse=True)


def test_a_strip_keeps_marks_inside_its_scale_and_names_what_it_lacks():
    found = strip([Mark("A", "a", 9.0, 4.5, 9.5), Mark("B", "b", None)], bottom=1, top=5)
    assert found.marks == [("a", 97.0, 85.25, 97.0)]
    assert [label for _, label in found.ticks] == ["1", "2", "3", "4", "5"]
    assert found.alternative == "A 9.00 (4.50 to 9.50); B –"


def test_people_are_counted_in_whole_numbers_on_the_axis():
    chart = draw(Frame(MONTHS[:3], form="count"), [Series("x", "both", rows(7.0, 8.0, 7.0))])
    assert all(float(label) == int(float(label)) for _, label, _ in chart.grid)
