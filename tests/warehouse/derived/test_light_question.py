from datetime import date

import pytest

MARCH = date(2026, 3, 1)


@pytest.mark.parametrize(("value", "on_five", "level"), [(1, 1.0, 1), (5.5, 3.0, 3), (7.75, 4.0, 5), (10, 5.0, 5)])
def test_ten_levels_are_laid_on_five(derived, row, value, on_five, level):
    (found,) = derived("light_question", survey=[row.said("a", MARCH, value, "overall")])
    assert (found["on_five"], found["level"]) == (on_five, level)
    assert (found["dimensions"], found["full_mean"], found["difference"]) == (0, None, None)


def test_it_stands_beside_what_the_same_side_says_in_full_in_the_same_month(derived, row):
    survey = [
        row.said("a", MARCH, 8.2, "overall"),
        row.said("a", MARCH, 3.0, "trust"),
        row.said("a", MARCH, 4.0, "value"),
        row.said("a", MARCH, 1.0, "learning", status="low_n"),
        row.said("b", MARCH, 1.0, "trust"),
        row.said("a", date(2026, 2, 1), 1.0, "trust"),
    ]
    (found,) = derived("light_question", survey=survey)
    assert (found["dimensions"], found["full_mean"], found["on_five"], found["difference"]) == (2, 3.5, 4.2, 0.7)
