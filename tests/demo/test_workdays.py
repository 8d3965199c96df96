from datetime import UTC, date, datetime
from random import Random
from zoneinfo import ZoneInfo

from demo.workdays import Office, holidays, months_before

OFFICE = Office(ZoneInfo("Europe/Helsinki"), 8, 16, frozenset([date(2025, 1, 6)]))


def test_the_months_end_with_the_first_of_the_month_of_until():
    months = months_before(date(2026, 3, 31))
    assert (months[0], months[-1], len(months)) == (date(2025, 1, 1), date(2026, 2, 1), 14)
    assert months_before(date(2026, 3, 1)) == months


def test_working_hours_pass_over_night_weekend_and_holiday():
    friday = datetime(2025, 1, 3, 12, tzinfo=UTC)
    assert OFFICE.later(friday, 1) == datetime(2025, 1, 3, 13, tzinfo=UTC)
    assert OFFICE.later(friday, 3) == datetime(2025, 1, 7, 7, tzinfo=UTC)


def test_what_arrives_at_night_waits_until_opening():
    assert OFFICE.later(datetime(2025, 1, 7, 20, tzinfo=UTC), 0.5) == datetime(2025, 1, 8, 6, 30, tzinfo=UTC)


def test_a_moment_lies_within_opening_hours():
    moments = [OFFICE.moment(date(2025, 2, 3), Random(seed)) for seed in range(50)]
    assert all(6 <= moment.hour < 14 for moment in moments)


def test_yearly_holidays_go_on_after_the_months():
    months = months_before(date(2026, 3, 1))
    assert holidays(["12-25"], months) == [date(year, 12, 25) for year in (2025, 2026, 2027)]
