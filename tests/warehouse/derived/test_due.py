from datetime import date

import pytest


def surveyed(row, *months, sides="ab"):
    return [row.said(side, date(2025 + (m - 1) // 12, (m - 1) % 12 + 1, 1)) for m in months for side in sides]


def sides(found):
    return {each["side"]: each for each in found if each["what"] == "survey"}


def test_the_first_half_year_is_asked_monthly(derived, row):
    found = sides(derived("due", survey=surveyed(row, 14, 15)))
    assert {(each["rhythm"], each["because"], each["due_on"]) for each in found.values()} == {
        ("monthly", "beginning", date(2026, 4, 1))
    }
    assert {each["state"] for each in found.values()} == {"due"}


def test_after_half_a_year_of_surveys_a_quarter_is_enough(derived, row):
    found = sides(derived("due", survey=surveyed(row, *range(4, 16))))
    assert {(each["rhythm"], each["because"], each["state"]) for each in found.values()} == {
        ("quarterly", "agreed", "not_yet")
    }
    assert found["a"]["due_on"] == date(2026, 6, 1)


def test_each_side_is_due_by_its_own_last_wave(derived, row):
    found = sides(derived("due", survey=surveyed(row, 4, 12) + surveyed(row, 14, sides="a")))
    assert (found["a"]["last_on"], found["a"]["state"]) == (date(2026, 2, 1), "not_yet")
    assert (found["b"]["last_on"], found["b"]["state"]) == (date(2025, 12, 1), "overdue")


def test_a_wave_with_too_few_answers_is_none(derived, row):
    survey = [*surveyed(row, 4, 12), *({**each, "status": "low_n"} for each in surveyed(row, 15))]
    assert sides(derived("due", survey=survey))["a"]["last_on"] == date(2025, 12, 1)


@pytest.mark.parametrize("cadence", ["usual", "quarterly"])
def test_a_recent_pivot_makes_times_of_change(derived, row, cadence):
    tables = {"survey": surveyed(row, *range(4, 15)), "alliance": [row.alliance(cadence=cadence)]}
    found = sides(derived("due", **tables, log=[row.logged(date(2026, 2, 2))]))
    assert (found["a"]["rhythm"], found["a"]["because"], found["a"]["state"]) == ("monthly", "pivot", "overdue")
    old = sides(derived("due", **tables, log=[row.logged(date(2025, 12, 2))]))
    assert old["a"]["rhythm"] == "quarterly"


def test_a_default_alert_makes_times_of_change_and_no_other_rule_does(derived, row):
    survey = surveyed(row, *range(4, 15))
    alert = row.alert("material_probable_standing", "trust")
    assert sides(derived("due", survey=survey, alert=[{**alert, "default_alert": True}]))["a"]["because"] == "alert"
    assert sides(derived("due", survey=survey, alert=[alert]))["a"]["because"] == "agreed"


def test_an_agreed_rhythm_holds(derived, row):
    survey = surveyed(row, *range(4, 15))
    assert sides(derived("due", survey=survey, alliance=[row.alliance(cadence="monthly")]))["a"]["rhythm"] == "monthly"
    first = surveyed(row, 14)
    found = sides(derived("due", survey=first, alliance=[row.alliance(cadence="quarterly")]))
    assert (found["a"]["rhythm"], found["a"]["because"]) == ("quarterly", "agreed")


def test_who_was_never_asked_is_overdue_since_the_start(derived):
    found = sides(derived("due"))
    assert {(each["last_on"], each["due_on"], each["state"]) for each in found.values()} == {
        (None, date(2025, 1, 1), "overdue")
    }


def recalibration(found):
    (own,) = [each for each in found if each["what"] == "recalibration"]
    return own["last_on"], own["due_on"], own["state"]


def test_a_baseline_is_looked_at_again_after_a_year(derived, row):
    agreed = row.alliance(baseline_from=date(2025, 1, 1), baseline_until=date(2025, 4, 1))
    assert recalibration(derived("due", alliance=[agreed])) == (date(2025, 4, 1), date(2026, 4, 1), "due")
    assert recalibration(derived("due")) == (None, date(2026, 1, 15), "overdue")


def test_a_logged_recalibration_starts_the_year_anew(derived, row):
    log = [row.logged(date(2026, 1, 20), "milestones", "recalibration"), row.logged(date(2026, 2, 1), "milestones")]
    assert recalibration(derived("due", log=log)) == (date(2026, 1, 20), date(2027, 1, 20), "not_yet")
