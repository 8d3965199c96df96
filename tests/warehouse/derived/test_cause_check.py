from datetime import date

MARCH = date(2026, 3, 1)


def blended(value, high, dimension="value", period=MARCH):
    row = {"alliance": "coast", "period": period, "dimension": dimension, "value": value, "high": high}
    return {**row, "status": "ok"}


def reasons(derived, **tables):
    return {each["reason"] for each in derived("insufficient_return", **tables)}


def test_value_is_low_when_its_whole_interval_is(derived):
    assert reasons(derived, blend=[blended(2.5, 2.9)]) == {"low_value"}
    assert reasons(derived, blend=[blended(2.5, 3.1)]) == set()
    assert reasons(derived, blend=[blended(2.5, 2.9, period=date(2026, 2, 1)), blended(3.2, 3.5)]) == set()


def test_a_default_alert_on_value_is_a_reason_and_no_other_rule_is(derived, row):
    alert = row.alert("material_probable_standing", "value", default_alert=True)
    assert reasons(derived, alert=[alert]) == {"falling_value"}
    assert reasons(derived, alert=[{**alert, "default_alert": False}]) == set()


def test_most_targets_missed_is_a_reason(derived, row):
    missed, met = row.scored(MARCH, 4.0, target=6.0), row.scored(MARCH, 4.0, "market", "offers", target=3.0)
    other = row.scored(MARCH, 1.0, "operational", "lead_time", target=3.0)
    assert reasons(derived, scorecard=[missed]) == {"below_target"}
    assert reasons(derived, scorecard=[missed, met, other]) == set()


def test_a_sufficient_return_asks_for_no_check(derived):
    assert derived("cause_check", blend=[blended(4.0, 4.2)]) == []


def test_the_four_causes_are_asked_in_order_and_keep_their_newest_finding(derived):
    record = [
        {"alliance": "coast", "on_date": date(2026, 1, 5), "cause": "type", "finding": "in_doubt"},
        {"alliance": "coast", "on_date": date(2026, 3, 5), "cause": "type", "finding": "sound"},
    ]
    blend = [blended(2.5, 2.9), blended(3.4, 3.9, "strategic_priorities")]
    found = sorted(derived("cause_check", blend=blend, cause_record=record), key=lambda each: each["place"])
    assert [each["cause"] for each in found] == ["strategy", "type", "partner_selection", "alliance_management"]
    assert [each["finding"] for each in found] == ["open", "sound", "open", "open"]
    assert (found[0]["look_at_value"], found[1]["look_at_value"]) == (3.4, None)
    assert {each["reasons"] for each in found} == {"low_value"}
