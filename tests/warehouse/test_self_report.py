from datetime import date

import numpy as np
import pytest

from warehouse.alerts import alerts
from warehouse.gaps import agreements, gaps
from warehouse.self_report import SelfReport, signals

MONTH = date(2026, 1, 1)


def answers(program, values, side="a", dimension="trust", period=MONTH, comments=0):
    key = {"alliance": program.alliance, "period": period, "side": side, "dimension": dimension}
    return [{**key, "value": value, "has_comment": place < comments} for place, value in enumerate(values)]


def indicator(program, name, value, direction="both", period=MONTH, grain="month", status="ok"):
    key = {"alliance": program.alliance, "period": period, "indicator": name, "direction": direction}
    return {**key, "grain": grain, "status": status, "value": value}


def report(program, found, indicators=()):
    return SelfReport(program.inputs(surveys=found), list(indicators))


def test_a_side_needs_three_answers_to_be_shown(program):
    found = answers(program, [4, 4]) + answers(program, [3, 4, 5], side="b", comments=2)
    few, shown = report(program, found).side_means()
    assert few == {**few, "status": "low_n"} and "value" not in few and "answers" not in few
    assert (shown["value"], shown["answers"], shown["comments"], shown["status"]) == (4.0, 3, 2, "ok")
    assert shown["low"] < 4.0 < shown["high"]


def test_more_answers_make_a_narrower_interval(program):
    found = answers(program, [3, 4, 5]) + answers(program, [3, 4, 5] * 4, side="b")
    few, many = report(program, found).side_means()
    assert many["high"] - many["low"] < few["high"] - few["low"]


def test_one_side_alone_is_not_blended(program):
    made = report(program, answers(program, [3, 4, 5]))
    assert made.blends(made.side_means()) == []


def test_what_stands_behind_a_blend_is_named(program):
    found = answers(program, [3, 4, 5]) + answers(program, [4, 4, 4], side="b")
    found += answers(program, [3, 4, 5], dimension="value") + answers(program, [4, 4, 4], side="b", dimension="value")
    later = date(2026, 2, 1)
    made = report(program, found, [indicator(program, "tone", 0.1, period=day) for day in (MONTH, later)])
    origins = {(row["dimension"], row["period"]): row for row in made.blends(made.side_means())}
    assert origins["trust", MONTH]["origin"] == "blend"
    assert origins["value", MONTH]["origin"] == "survey_only"
    assert origins["trust", later]["origin"] == "signals_only"
    assert origins["trust", later]["survey_value"] is origins["trust", later]["answers"] is None
    assert origins["value", MONTH]["signal_value"] is None


def test_overall_is_blended_on_its_own_scale(program):
    found = answers(program, [7, 8, 8], dimension="overall") + answers(
        program, [7, 7, 8], side="b", dimension="overall"
    )
    made = report(program, found)
    (row,) = made.blends(made.side_means())
    assert 6.5 < row["value"] < 8


def test_signals_take_both_directions_or_the_mean_of_two_and_a_quarter_where_the_month_has_too_few(program):
    later = date(2026, 2, 1)
    found = [
        indicator(program, "tone", 0.1),
        indicator(program, "tone", 0.9, "a_to_b"),
        indicator(program, "evaded", 0.1, "a_to_b"),
        indicator(program, "evaded", 0.3, "b_to_a"),
        indicator(program, "repair", 0.2, status="low_n"),
        indicator(program, "answer_within_day", 0.8, "a_to_b"),
        *(indicator(program, "answer_within_day", None, way, later, status="low_n") for way in ("a_to_b", "b_to_a")),
        *(indicator(program, "answer_within_day", 0.4, way, MONTH, "quarter") for way in ("a_to_b", "b_to_a")),
    ]
    values = {(period, name): value for (_, period, name), value in signals(found).items()}
    assert values == {
        (MONTH, "tone"): 0.1,
        (MONTH, "evaded"): pytest.approx(0.2),
        (MONTH, "answer_within_day"): 0.4,
        (later, "answer_within_day"): 0.4,
    }


def waves(program, a, b, dimension="trust"):
    """Return four answers a side in each month, around the means given."""
    found = []
    for month, (first, second) in enumerate(zip(a, b, strict=True), start=1):
        for side, mean in (("a", first), ("b", second)):
            spread = mean + np.array([-0.5, -0.5, 0.5, 0.5])
            found += answers(program, spread.tolist(), side, dimension, date(2025, month, 1))
    return found


def test_a_gap_is_flagged_at_the_second_wave_running_on_the_same_side(program):
    made = report(program, waves(program, [4.5, 4.5, 3.0, 4.5], [3.0, 3.0, 4.5, 3.0]))
    survey = made.side_means()
    found = [row for row in gaps(survey, made.blends(survey), made.spread) if row["gap"] == "a_b"]
    assert [row["value"] for row in found] == [1.5, 1.5, -1.5, 1.5]
    assert [row["flagged"] for row in found] == [False, True, False, False]
    assert all(row["q_value"] < 0.1 for row in found)


def test_small_gaps_are_not_flagged(program):
    made = report(program, waves(program, [3.6] * 4, [3.5] * 4))
    survey = made.side_means()
    assert not any(row["flagged"] for row in gaps(survey, made.blends(survey), made.spread))


def test_agreement_needs_ten_waves(program):
    levels = np.linspace(3, 4.5, 12)
    found = waves(program, levels, levels)
    measured = [indicator(program, "tone", float(n) / 10, period=date(2025, n + 1, 1)) for n in range(12)]
    made = report(program, found, measured)
    told = {row["statistic"]: row["value"] for row in agreements(made.blends(made.side_means()))}
    assert told["r"] > 0.8
    assert {"bias", "loa_low", "loa_high", "ccc", "icc_a1", "icc_c1", "r_within", "r_between"} <= told.keys()
    few = report(program, found[: 9 * 8], measured)
    assert agreements(few.blends(few.side_means())) == []


def judged(program, found, components=(), indicators=(), **about):
    inputs = program.inputs(surveys=found, alliances=(program.alliance_input(**about),))
    made = SelfReport(inputs, [])
    survey = made.side_means()
    rows = alerts(inputs, made.blends(survey), list(indicators), list(components), made.errors(survey))
    return {(row["rule"], row["dimension"]): row for row in rows}


def test_a_fall_in_the_surveys_opens_a_review_with_a_question(program):
    levels = [4.5] * 9 + [2.4] * 3
    found = judged(program, waves(program, levels, levels))
    assert found["below_threshold", "trust"]["fired"]
    assert found["material_probable_standing", "trust"]["fired"]
    assert found["material_probable_standing", "trust"]["question"].endswith("?")
    assert found["material_probable_standing", "trust"]["period"] == date(2025, 12, 1)
    steady = judged(program, waves(program, [4.5] * 12, [4.5] * 12))
    assert not any(row["fired"] for row in steady.values())


def test_overall_is_judged_on_five_points_and_shown_on_ten(program):
    found = judged(program, waves(program, [6.0] * 12, [6.0] * 12, "overall"))
    row = found["below_threshold", "overall"]
    assert (row["threshold"], row["fired"]) == (4.375, False)
    assert judged(program, waves(program, [4.2] * 12, [4.2] * 12, "overall"))["below_threshold", "overall"]["fired"]
    assert found["drop_over_one_point_two_months", "overall"]["threshold"] == 2.25


def test_low_learning_is_read_beside_trust_and_value(program):
    low, high = [2.5] * 12, [4.5] * 12
    found = waves(program, low, low, "learning") + waves(program, high, high) + waves(program, high, high, "value")
    assert judged(program, found)["learning_low_trust_value_high", "learning"]["fired"]
    alone = judged(program, waves(program, low, low, "learning"))
    assert ("learning_low_trust_value_high", "learning") not in alone


def test_frequency_is_judged_only_where_a_rhythm_was_agreed(program):
    measured = [indicator(program, "frequency", 0.6, period=date(2025, n, 1)) for n in range(1, 9)]
    assert ("frequency_below_agreed", "frequency") not in judged(program, [], indicators=measured)
    found = judged(program, [], indicators=measured, agreed_frequency=0.8)["frequency_below_agreed", "frequency"]
    assert (found["fired"], found["threshold"]) == (True, 0.8)


def test_falling_decision_speed_is_named(program):
    levels = [4.0] * 9 + [3.2] * 3
    assert judged(program, waves(program, levels, levels, "decision_speed"))["decisions_slower", "decision_speed"][
        "fired"
    ]


def test_a_fall_of_unsolicited_sharing_is_judged_by_its_own_unrest(program):
    def z(values):
        key = {"alliance": program.alliance, "component": "unsolicited", "status": "ok"}
        return [{**key, "period": date(2025, n + 1, 1), "z": value} for n, value in enumerate(values)]

    calm = [0.1, -0.1, 0.1, -0.1, 0.1, -0.1, -0.8, -0.8]
    wild = [1.5, -1.5, 1.5, -1.5, 1.5, -1.5, -0.8, -0.8]
    assert judged(program, [], z(calm))["sharing_falls", "unsolicited"]["fired"]
    assert not judged(program, [], z(wild))["sharing_falls", "unsolicited"]["fired"]


@pytest.mark.parametrize("months", range(1, 4))
def test_few_waves_are_judged_without_error(program, months):
    found = judged(program, waves(program, [3.5] * months, [3.5] * months))
    assert all(0 <= row["false_alarm_rate"] <= 1 for row in found.values())


def test_no_survey_and_no_text_come_to_nothing(program):
    made = report(program, [])
    assert made.side_means() == made.blends([]) == gaps([], [], {}) == agreements([]) == []


def test_waves_that_come_in_quarters_are_judged_as_quarters_whatever_came_before(program):
    """Half a year of monthly waves and then one a quarter: three quarters that fall, not three waves of one."""

    def asked(months, levels):
        months = [(2025 + (month - 1) // 12, (month - 1) % 12 + 1) for month in months]
        return [
            row
            for (year, month), level in zip(months, levels, strict=True)
            for side in "ab"
            for row in answers(
                program, (level + np.array([-0.5, 0, 0, 0.5])).tolist(), side, period=date(year, month, 1)
            )
        ]

    monthly, quarterly = (1, 2, 3, 4, 5, 6), (9, 12, 15)
    falls = judged(program, asked(monthly + quarterly, [4.4] * 6 + [4.2, 4.0, 3.8]))
    assert falls["two_consecutive_declines", "trust"]["fired"]
    assert not falls["drop_over_one_point_two_months", "trust"]["fired"]
    holds = judged(program, asked(monthly + quarterly, [4.8, 4.6, 4.4, 4.0, 4.2, 4.4, 4.2, 4.3, 4.2]))
    assert not holds["two_consecutive_declines", "trust"]["fired"]
