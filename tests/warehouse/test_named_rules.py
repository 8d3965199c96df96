import numpy as np
import pytest

from warehouse.named_rules import FIRES, fires, rates, rules


def judged(rule, values, errors=0.1, limits=None, quarter=3):
    """Return whether a rule fires at the last of hand-made waves; several series where the rule reads several."""
    rows = np.atleast_2d(np.array(values, dtype=float))
    spread = np.full_like(rows, errors)
    own = rules()[rule]
    bounds = np.array(limits or [own["threshold"], *own.get("beside", {}).values()])
    return bool(fires(rule, rows, spread, bounds, quarter))


HAND_MADE = [
    ("two_consecutive_declines", [4] * 3 + [3.8] * 3 + [3.5] * 3, True),
    ("two_consecutive_declines", [4] * 3 + [3.5] * 3 + [3.8] * 3, False),
    ("two_consecutive_declines", [4] * 6, False),
    ("drop_over_one_point_two_months", [4.2, 3.1, 3.0], True),
    ("drop_over_one_point_two_months", [4.2, 3.1, 3.3], False),
    ("drop_over_one_point_two_months", [4.2, 3.1], False),
    ("below_threshold", [4, 2.4], True),
    ("below_threshold", [2.4, 2.5], False),
    ("value_stagnant", [3, 3.1, 3.2, 3.1, 3.1, 3.15], True),
    ("value_stagnant", [3, 3.1, 3.2, 3.3, 3.3, 3.3], False),
    ("decisions_slower", [4, 4, 4, 3.4, 3.4, 3.4], True),
    ("decisions_slower", [4, 4, 4, 3.6, 3.6, 3.6], False),
    ("material_probable_standing", [4] * 6 + [3.4, 3.4], True),
    ("material_probable_standing", [4] * 6 + [3.4, 3.8], False),
    ("material_probable_standing", [4] * 6 + [3.6, 3.6], False),
    ("sharing_falls", [0.2] * 6 + [-0.9, -1.1], True),
    ("sharing_falls", [0.2] * 6 + [0.9, 1.1], False),
    ("slow_drift", [4, 4.1, 3.9, 4, 4.1, 3.9, 4, 3.9, 3.9, 3.8, 3.8, 3.7, 3.7], True),
    ("slow_drift", [4, 4.1, 3.9, 4, 4.1, 3.9, 4, 4.1, 3.9, 4, 4.1, 3.9, 3.7], False),
    ("slow_drift", [4, 4.1, 3.9, 4, 4.1, 3.9, 4, 4.1, 4.1, 4.2, 4.2, 4.3, 4.3], False),
]


@pytest.mark.parametrize(("rule", "waves", "fired"), HAND_MADE)
def test_a_rule_fires_on_what_it_names_and_on_nothing_else(rule, waves, fired):
    assert judged(rule, waves) == fired


def test_a_fall_that_may_be_chance_is_not_probable():
    waves = [4] * 6 + [3.4, 3.4]
    assert judged("material_probable_standing", waves, errors=0.2)
    assert not judged("material_probable_standing", waves, errors=0.6)


@pytest.mark.parametrize(
    ("learning", "trust", "value", "fired"),
    [(2.8, 4.0, 3.9, True), (2.8, 3.2, 3.9, False), (2.8, 4.0, 3.0, False), (3.2, 4.0, 3.9, False)],
)
def test_low_learning_counts_only_beside_high_trust_and_value(learning, trust, value, fired):
    assert judged("learning_low_trust_value_high", [[4, learning], [4, trust], [4, value]]) == fired


def test_frequency_is_held_against_what_was_agreed():
    assert judged("frequency_below_agreed", [1.2, 0.7], limits=[0.8])
    assert not judged("frequency_below_agreed", [0.7, 0.9], limits=[0.8])


def test_a_quarterly_program_has_a_quarter_in_each_wave():
    assert judged("two_consecutive_declines", [4, 3.8, 3.5], quarter=1)
    assert not judged("two_consecutive_declines", [4, 3.8, 3.9], quarter=1)


@pytest.mark.parametrize("rule", FIRES)
@pytest.mark.parametrize("waves", range(1, 4))
def test_few_waves_are_no_error(rule, waves):
    series = 1 + len(rules()[rule].get("beside", {}))
    judged(rule, np.full((series, waves), 3.6))


def test_every_rule_has_its_text_and_its_judge():
    assert rules().keys() == FIRES.keys()
    needed = {"version", "source", "dimensions", "default_alert", "threshold", "measure", "question", "intervention"}
    assert all(needed <= rule.keys() and rule["question"].endswith("?") for rule in rules().values())


def test_retiring_is_never_suggested_by_one_rule_alone():
    assert "Retire" not in {rule["pivot"] for rule in rules().values()}


def noise(n, sd=1.0):
    """Return the standard error of the mean of two sides of n answers."""
    return sd / np.sqrt(2 * n)


def test_a_point_down_for_two_months_is_chance_less_often_the_more_answer():
    alarms = [
        rates("drop_over_one_point_two_months", (3.5,), (noise(n),), (noise(n),), (1.0,), 3)[0] for n in (3, 5, 10)
    ]
    assert alarms[0] > alarms[1] > alarms[2]
    assert 0.03 <= alarms[0] <= 0.2
    assert alarms[2] <= 0.02


def test_two_declines_running_happen_by_chance_in_most_stable_alliances():
    """Three noisy quarters fall twice with probability 1/6, and a year asks twelve times."""
    alarm, _ = rates("two_consecutive_declines", (3.5,), (0.3,), (0.3,), (0.0,), 3)
    assert alarm > 0.5
    quarterly, _ = rates("two_consecutive_declines", (3.5,), (0.3,), (0.3,), (0.0,), 1)
    assert quarterly == pytest.approx(0.5, abs=0.1)


def test_the_default_alert_is_rarely_false_and_sees_a_lasting_drop():
    alarm, power = rates("material_probable_standing", (3.5,), (noise(8),), (noise(8),), (0.5,), 3)
    assert alarm <= 0.1
    assert power >= 0.9


def test_a_slow_drift_is_seen_where_the_default_alert_waits_and_rarely_without_one():
    """Half a point within a year, with six answers a side."""
    rng, error = np.random.default_rng(0), noise(6, sd=0.8)
    waves = 3.5 + rng.normal(0, error, (1, 400, 24))
    waves[0, :, 12:] -= 0.04 * np.arange(12)
    seen = {}
    for rule, limit in (("slow_drift", 2.0), ("material_probable_standing", 0.5)):
        asked = [
            fires(rule, waves[..., :end], np.full_like(waves[..., :end], error), np.array([limit]), 3)
            for end in range(13, 25)
        ]
        seen[rule] = np.any(asked, axis=0).mean()
    assert seen["slow_drift"] > seen["material_probable_standing"] + 0.1
    assert rates("slow_drift", (3.5,), (error,), (error,), (2.0,), 3)[0] <= 0.12


def test_rates_are_the_same_each_time_and_reach_from_0_to_1():
    again = [rates.__wrapped__("below_threshold", (2.5,), (0.3,), (0.3,), (2.5,), 3) for _ in range(2)]
    assert again[0] == again[1]
    assert 0 <= again[0][0] <= again[0][1] <= 1


def test_a_rule_that_reads_three_series_is_simulated_on_three():
    alarm, _ = rates("learning_low_trust_value_high", (3.0, 4.5, 4.5), (0.2,) * 3, (0.2,) * 3, (3.0, 3.5, 3.5), 3)
    beside_low, _ = rates("learning_low_trust_value_high", (3.0, 2.5, 4.5), (0.2,) * 3, (0.2,) * 3, (3.0, 3.5, 3.5), 3)
    assert alarm > 0.9
    assert beside_low < 0.05


def test_what_follows_late_is_found_less_often_within_half_a_year_and_never_more():
    """Blended estimates follow a drop with a delay; their power is not that of the surveys behind them."""
    error = noise(3, sd=0.8)
    at_once, late = (rates("slow_drift", (3.5,), (error,), (error,), (2.0,), 3, 1.0, gain)[1] for gain in (1.0, 0.3))
    assert at_once > 0.75
    assert late < at_once - 0.2


def test_a_gain_of_one_follows_at_once_and_a_half_goes_half_the_way_each_wave():
    from warehouse.named_rules import _followed

    steps = np.array([[[3.0, 3.0, 4.0, 4.0]]])
    assert _followed(steps, np.array([3.0]), 1.0).tolist() == steps.tolist()
    assert _followed(steps, np.array([3.0]), 0.5).tolist() == [[[3.0, 3.0, 3.5, 3.75]]]
