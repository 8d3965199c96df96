from datetime import UTC, date, datetime

import numpy as np
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from warehouse import Calendar
from warehouse.survival import kaplan_meier, working_hours

BERLIN = Calendar("Europe/Berlin")


def hours(start, end, calendar=BERLIN):
    """Return the working hours between two instants, given as (month, day, hour, minute) of 2026 in UTC."""
    first, last = (datetime(2026, *each, tzinfo=UTC) for each in (start, end))
    return float(working_hours([first], [last], calendar)[0])


def test_a_night_and_a_weekend_are_no_working_hours():
    """Friday 16:00 to Monday 10:00 in Berlin: one hour, and one more."""
    assert hours((1, 9, 15, 0), (1, 12, 9, 0)) == pytest.approx(2)


def test_a_holiday_is_no_working_day():
    closed = Calendar("Europe/Berlin", holidays=(date(2026, 1, 12),))
    assert hours((1, 9, 15, 0), (1, 13, 9, 0), closed) == pytest.approx(2)


def test_what_is_asked_at_night_waits_from_the_morning():
    assert hours((1, 12, 23, 0), (1, 13, 8, 30)) == pytest.approx(0.5)


def test_a_day_has_eight_hours_on_either_side_of_both_nights_in_which_clocks_change():
    """Clocks change on 29 March and 25 October 2026; nine o'clock moves by an hour of UTC."""
    assert hours((3, 27, 8, 0), (3, 30, 7, 0)) == pytest.approx(8)
    assert hours((3, 30, 7, 0), (3, 31, 7, 0)) == pytest.approx(8)
    assert hours((10, 23, 7, 0), (10, 26, 8, 0)) == pytest.approx(8)


def test_hours_add_up():
    start, middle, end = (3, 26, 13, 17), (3, 28, 3, 0), (4, 2, 10, 42)
    assert hours(start, middle) + hours(middle, end) == pytest.approx(hours(start, end))


def test_an_answer_before_its_request_has_waited_for_nothing():
    assert hours((1, 13, 9, 0), (1, 12, 9, 0)) == 0


def censored(seed, n=80):
    rng = np.random.default_rng(seed)
    waits = np.round(rng.exponential(12, n), 1)
    limits = np.round(rng.uniform(2, 60, n), 1)
    return np.minimum(waits, limits), waits <= limits, rng.integers(0, 9, n).astype(str)


@pytest.mark.parametrize("seed", range(5))
def test_estimates_are_those_of_statsmodels_with_ties_and_censoring(seed):
    times, answered, people = censored(seed)
    found = kaplan_meier(times, answered.tolist(), people.tolist())
    curve = SurvfuncRight(times, answered.astype(int))
    assert found.median.value == pytest.approx(curve.quantile(0.5))
    for estimate, limit in ((found.within_day, 8.0), (found.within_5_days, 40.0)):
        alive = curve.surv_prob[curve.surv_times <= limit]
        assert estimate.value == pytest.approx(1 - alive[-1])
        assert estimate.low <= estimate.value <= estimate.high


def test_the_unanswered_are_not_dropped():
    times, people = [1.0] * 10 + [100.0] * 10, [str(n % 5) for n in range(20)]
    found = kaplan_meier(times, [True] * 10 + [False] * 10, people)
    assert found.within_day.value == pytest.approx(0.5)


def test_there_is_no_median_while_half_are_not_answered():
    found = kaplan_meier([1.0] * 4 + [100.0] * 6, [True] * 4 + [False] * 6, [str(n % 5) for n in range(10)])
    assert np.isnan(found.median.value)
    assert found.within_5_days.value == pytest.approx(0.4)


def test_an_interval_holds_the_truth_about_as_often_as_it_says():
    rng, truth, held = np.random.default_rng(3), 1 - np.exp(-8 / 12), []
    for _ in range(150):
        people = rng.integers(0, 12, 60).astype(str).tolist()
        found = kaplan_meier(rng.exponential(12, 60), [True] * 60, people).within_day
        held.append(found.low <= truth <= found.high)
    assert 0.78 <= np.mean(held) <= 0.97
