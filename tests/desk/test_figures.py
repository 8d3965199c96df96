from datetime import date

import pytest

from desk.figures import chance, counted, day, interval, listed, month, percent, plain, signed, with_interval, written


@pytest.mark.parametrize(
    ("value", "expected"), [(-0.42, "−0.42"), (-0.001, "0.00"), (0.0, "0.00"), (None, "–"), (1234.5, "1234.50")]
)
def test_a_number_has_a_real_minus_and_no_negative_zero(value, expected):
    assert plain(value) == expected


@pytest.mark.parametrize(("value", "expected"), [(0.4, "+0.40"), (-0.4, "−0.40"), (0.001, "0.00"), (None, "–")])
def test_a_change_has_its_sign(value, expected):
    assert signed(value) == expected


def test_a_share_is_a_percentage_that_does_not_break():
    assert percent(0.424) == "42\u00a0%"


@pytest.mark.parametrize(
    ("form", "expected"),
    [("share", "50\u00a0%"), ("count", "1"), ("hours", "0.5\u00a0h"), ("signed", "+0.50"), ("?", "0.50")],
)
def test_each_form_writes_its_unit(form, expected):
    assert written(0.5001 if form != "count" else 0.51, form) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.0, "under 1 %"), (0.014, "1 %"), (0.99, "99 %"), (0.995, "over 99 %"), (1.0, "over 99 %"), (None, "–")],
)
def test_a_simulated_chance_is_never_nothing_or_certain(value, expected):
    assert chance(value).replace("\u00a0", " ") == expected


def test_an_interval_names_its_unit_once():
    assert interval(0.35, 0.49, "share") == "35 to 49\u00a0%"
    assert with_interval(0.4, None, None, "share") == "40\u00a0%"
    assert with_interval(0.4, 0.3, 0.5, "plain") == "0.40 (0.30 to 0.50)"


def test_months_and_days_are_english_whatever_the_locale():
    assert (month(date(2026, 3, 1)), day(date(2026, 3, 9))) == ("Mar 2026", "9 Mar 2026")


@pytest.mark.parametrize(
    ("parts", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_reads_as_a_sentence(parts, expected):
    assert listed(parts) == expected


def test_one_is_not_many():
    assert (counted(1, "gap"), counted(3, "gap"), counted(0, "gap")) == ("1 gap", "3 gaps", "0 gaps")
