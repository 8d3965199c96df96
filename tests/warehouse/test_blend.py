from dataclasses import replace

import numpy as np
import pytest

from warehouse.blend import Wave, blend


def truth_and_waves(rng, informative, n=3, alliances=3, months=14, signals=2):
    """Return θ and waves of alliances whose months move by 0.3; `informative` is the signals' correlation with θ."""
    theta, waves = [], []
    for alliance in range(alliances):
        level, moves = rng.normal(0, 0.3), rng.normal(0, 0.3, months)
        for month, value in enumerate(level + moves):
            own = informative * value / 0.42 + np.sqrt(1 - informative**2) * rng.normal(size=signals)
            survey = 3.5 + value + rng.normal(0, 0.8 / np.sqrt(2 * n))
            theta.append(3.5 + value)
            waves.append(Wave(str(alliance), month, survey, 0.64 / (2 * n), tuple(own)))
    return np.array(theta), waves


def worlds(informative, n=3, count=40):
    """Return coverage, and the error over that of the survey alone."""
    rng, held, own, survey = np.random.default_rng(7), [], 0.0, 0.0
    for _ in range(count):
        theta, waves = truth_and_waves(rng, informative, n)
        found = blend(waves)
        held += [each.low <= true <= each.high for each, true in zip(found, theta, strict=True)]
        own += float(((np.array([each.value for each in found]) - theta) ** 2).sum())
        survey += float(((np.array([wave.y for wave in waves]) - theta) ** 2).sum())
    return float(np.mean(held)), float(np.sqrt(own / survey))


def test_informative_signals_help_where_few_answer():
    held, error = worlds(informative=0.8)
    assert 0.86 <= held <= 0.94
    assert error <= 0.8


@pytest.mark.parametrize("n", [3, 10])
def test_pure_noise_does_no_harm(n):
    held, error = worlds(informative=0.0, n=n)
    assert 0.86 <= held <= 0.94
    assert error <= 1.05


def test_the_blend_is_survey_and_the_rest_by_the_weight_of_the_survey_when_sizes_are_all_but_known():
    _, waves = truth_and_waves(np.random.default_rng(1), 0.8, n=10, alliances=5, months=16)
    for wave, each in zip(waves, blend(waves), strict=True):
        mixed = each.survey_weight * wave.y + (1 - each.survey_weight) * each.signal_value
        assert each.value == pytest.approx(mixed, abs=0.02)


def test_more_answers_weigh_more():
    rng = np.random.default_rng(2)
    few, many = (blend(truth_and_waves(rng, 0.5, n)[1]) for n in (3, 30))
    assert np.mean([each.survey_weight for each in few]) < np.mean([each.survey_weight for each in many])


def test_a_month_without_survey_is_a_wider_prediction():
    _, waves = truth_and_waves(np.random.default_rng(3), 0.8)
    silent = [*waves[:-1], replace(waves[-1], y=np.nan, variance=np.nan)]
    before, after = blend(waves)[-1], blend(silent)[-1]
    assert after.survey_weight == 0
    assert after.high - after.low > before.high - before.low
    assert (after.value, after.low) == pytest.approx((after.signal_value, after.signal_low))


def test_leaving_a_survey_out_is_the_same_as_never_having_had_it():
    _, waves = truth_and_waves(np.random.default_rng(4), 0.8, n=10, alliances=5, months=16)
    silent = [*waves[:-1], replace(waves[-1], y=np.nan, variance=np.nan)]
    assert blend(waves)[-1].signal_value == pytest.approx(blend(silent)[-1].value, abs=0.02)


def test_without_signals_the_survey_leads():
    found = blend([Wave("a", 1, 4.2, 0.1, ()), Wave("a", 2, 4.0, 0.1, ())])
    assert all(3.5 < each.value < 4.3 for each in found)


def test_one_wave_is_enough_and_no_wave_says_nothing():
    (one,) = blend([Wave("a", 1, 4.0, 0.05, (0.3,))])
    assert one.low < 4.0 < one.high
    (none,) = blend([Wave("a", 1, np.nan, np.nan, (0.3,))])
    assert np.isnan(none.value)


def test_a_wider_scale_gives_the_same_answer_in_its_own_points():
    _, waves = truth_and_waves(np.random.default_rng(5), 0.8)
    wide = [replace(w, y=2.25 * w.y, variance=2.25**2 * w.variance) for w in waves]
    for narrow, other in zip(blend(waves), blend(wide, scale=2.25), strict=True):
        assert other.value == pytest.approx(2.25 * narrow.value)
        assert other.survey_weight == pytest.approx(narrow.survey_weight)


def test_an_unknown_signal_says_nothing():
    known = blend([Wave("a", n, 3.0 + n / 10, 0.1, (0.0,)) for n in range(6)])
    unknown = blend([Wave("a", n, 3.0 + n / 10, 0.1, (np.nan,)) for n in range(6)])
    assert [each.value for each in known] == pytest.approx([each.value for each in unknown])


def test_a_lasting_fall_is_followed_and_not_drawn_back_to_the_months_before():
    """One alliance of three falls by a point for its last three months; five answers a side, signals are noise."""
    followed, held = [], []
    for seed in range(40):
        rng, waves = np.random.default_rng(seed), []
        for alliance in range(3):
            truth = 3.5 + rng.normal(0, 0.3) - 1.0 * ((alliance == 0) & (np.arange(12) >= 9))
            for month, value in enumerate(truth):
                survey = value + rng.normal(0, 0.8 / np.sqrt(10))
                waves.append(Wave(str(alliance), month, survey, 0.064, tuple(rng.normal(size=2))))
        found = blend(waves)[:12]
        true = 3.5 + np.random.default_rng(seed).normal(0, 0.3) - 1.0
        followed.append(np.mean([each.value for each in found[:9]]) - found[-1].value)
        held.append(found[-1].low <= true <= found[-1].high)
    assert np.mean(followed) >= 0.7
    assert np.mean(held) >= 0.75


def test_months_further_apart_say_less_of_each_other():
    """After a year without a survey the prediction is wider than after a month."""
    asked = [Wave("a", month, 3.0 + 0.3 * (month > 5), 0.05, ()) for month in range(12)]
    soon, late = (blend([*asked, Wave("a", 11 + gap, np.nan, np.nan, ())])[-1] for gap in (1, 12))
    assert late.high - late.low > soon.high - soon.low
