from datetime import date

import pytest

from desk.agreement import EDGE, HIGH, WIDE, pictures
from desk.reading import Alliance


def limits(bias, low, high):
    found = {"bias": bias, "loa_low": low, "loa_high": high, "r": 0.3}
    return [{"dimension": "trust", "statistic": name, "value": value, "n": 12} for name, value in found.items()]


def alliance(*pairs):
    rows = [
        {
            "period": date(2026, number, 1),
            "dimension": "trust",
            "origin": "blend",
            "survey_value": survey,
            "signal_value": signal,
        }
        for number, (survey, signal) in enumerate(pairs, 1)
    ]
    return Alliance({}, {"blend": rows})


def test_a_month_in_which_signals_say_more_stands_above_the_line_of_no_difference():
    (picture,) = pictures(limits(0.1, -0.5, 0.7), [alliance((3.0, 3.4), (4.0, 3.8))])
    (lower, above), (higher, below) = picture.dots
    assert above < picture.zero < below
    assert (lower, higher) == (EDGE, WIDE - EDGE)


def test_the_mean_difference_lies_between_its_limits_and_everything_inside_the_picture():
    (picture,) = pictures(limits(0.1, -0.5, 0.7), [alliance((3.0, 5.0), (4.0, 1.0))])
    high, bias, low = (y for y, _, _ in picture.lines)
    assert high < bias < low
    assert all(0 <= y <= HIGH for y in (high, low, *(y for _, y in picture.dots)))
    assert "12" not in picture.alternative
    assert "2 months" in picture.alternative


@pytest.mark.parametrize("rows", [[], limits(0.1, None, 0.7)])
def test_without_limits_there_is_no_picture(rows):
    assert pictures(rows, [alliance((3.0, 3.4))]) == []
