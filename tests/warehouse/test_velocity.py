import numpy as np
import pytest
from scipy.stats import theilslopes

from warehouse.velocity import alternatives, depth, named, robust_z, theil_sen, velocity


def overlapping(rng, weeks, sd=0.5):
    """Return noise of which each week is the mean of four weeks, as depth is."""
    noise = rng.normal(size=weeks + 3)
    return sd * np.convolve(noise, np.ones(4) / 2, mode="valid")


@pytest.mark.parametrize("missing", [(), (3,), (0, 7)])
def test_the_slope_is_that_of_scipy(missing):
    values = np.random.default_rng(0).normal(size=12)
    values[list(missing)] = np.nan
    weeks = np.flatnonzero(np.isfinite(values))
    assert theil_sen(values) == pytest.approx(theilslopes(values[weeks], weeks).slope)


def test_one_wild_week_does_not_move_the_slope_much():
    line = np.arange(12) * 0.1
    wild = line.copy()
    wild[5] = 30
    assert theil_sen(wild) == pytest.approx(0.1, abs=0.02)


def test_robust_z_has_median_0_and_robust_spread_1_over_the_baseline_and_ends_at_3():
    values = np.expm1(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 50.0, 0.0]))
    z = robust_z(values, np.arange(7) < 5)
    assert z[:5] == pytest.approx((np.arange(5) - 2) / 1.4826)
    assert (z[5], z[6]) == (3.0, pytest.approx(-3 / 1.4826))


def test_a_baseline_of_less_than_four_weeks_gives_no_z():
    assert np.isnan(robust_z(np.arange(9.0), np.arange(9) < 3)).all()


def test_a_component_that_never_varied_does_not_make_a_jump_of_one_message():
    values = np.array([0.2] * 12 + [0.21])
    assert 0 < robust_z(values, np.arange(13) < 12)[12] < 0.5


def test_depth_needs_three_components_and_weighs_them():
    z = {name: np.array([value, value]) for name, value in zip("abcd", (1.0, 2.0, 3.0, np.nan), strict=True)}
    z["c"] = np.array([3.0, np.nan])
    found = depth(z, {"a": 1.0, "b": 1.0, "c": 2.0, "d": 5.0})
    assert found[0] == pytest.approx((1 + 2 + 2 * 3) / 4)
    assert np.isnan(found[1])


def test_states_follow_from_the_interval_alone():
    assert [named(*each) for each in ((0.1, 2), (-2, -0.1), (-0.2, 0.2), (-1, 1))] == [
        "deepening",
        "declining",
        "stalled",
        "undetermined",
    ]


def test_too_few_weeks_are_undetermined_and_say_how_many_are_missing():
    trailing = np.array([np.nan] * 5 + [0.1] * 7)
    found = velocity(trailing)
    assert (found.state, found.weeks_used, found.weeks_needed) == ("undetermined", 7, 3)


def test_a_depth_that_does_not_move_stands_still():
    assert velocity(np.full(12, 0.4)).state == "stalled"


@pytest.mark.parametrize("a_quarter", [0.0, 1.0, -2.0])
def test_the_interval_holds_the_true_velocity_and_never_claims_the_wrong_direction(a_quarter):
    rng, held, wrong = np.random.default_rng(4), [], []
    for _ in range(400):
        found = velocity(overlapping(rng, 12) + a_quarter / 13 * np.arange(12))
        held.append(found.low <= a_quarter <= found.high)
        wrong.append(found.state == ("declining" if a_quarter > 0 else "deepening"))
    assert 0.87 <= np.mean(held) <= 0.97
    assert np.mean(wrong) <= 0.05


def test_a_strong_movement_is_seen():
    rng = np.random.default_rng(5)
    states = [velocity(overlapping(rng, 12) + 4 / 13 * np.arange(12)).state for _ in range(100)]
    assert states.count("deepening") > 60


def test_the_weeks_still_needed_fall_as_the_pace_grows():
    noise = overlapping(np.random.default_rng(6), 12)
    slow, fast = (velocity(noise + pace / 13 * np.arange(12)) for pace in (0.3, 1.5))
    assert slow.state == fast.state == "undetermined"
    assert slow.weeks_needed > fast.weeks_needed > 0


def test_sign_stability_is_the_share_of_other_ways_with_the_same_sign():
    rising = np.arange(12) * 0.1
    assert velocity(rising, [rising, rising * 2, -rising, rising]).sign_stability == 0.75


def test_when_all_components_rise_every_other_way_to_build_depth_rises_too():
    z = {name: np.linspace(-1, 1, 12) + 0.01 * place for place, name in enumerate("abcd")}
    weights = dict.fromkeys(z, 1.0)
    others = alternatives(z, weights, np.arange(12) < 8)
    assert len(others) == 12
    assert velocity(depth(z, weights), others).sign_stability == 1.0


def test_a_slope_that_one_component_makes_alone_is_not_stable():
    rng = np.random.default_rng(5)
    z = {name: -0.02 * np.arange(24) + rng.normal(0, 0.01, 24) for name in "abc"} | {"d": 0.1 * np.arange(24)}
    weights = dict.fromkeys(z, 1.0)
    found = velocity(depth(z, weights), alternatives(z, weights, np.arange(24) < 12))
    assert found.rvi > 0
    assert 0.3 < found.sign_stability < 1
