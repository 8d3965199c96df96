import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from warehouse.comparison import agreement, benjamini_hochberg, correlation, p_value


@pytest.fixture
def pairs():
    rng = np.random.default_rng(0)
    first = rng.normal(3.5, 0.6, 40)
    return first, 0.5 * first + rng.normal(1.5, 0.4, 40), np.repeat(list("abcd"), 10)


def test_false_discoveries_are_controlled_as_scipy_and_statsmodels_do():
    p = np.random.default_rng(1).uniform(0, 1, 30) ** 2
    found = benjamini_hochberg(p.tolist())
    assert found == pytest.approx(stats.false_discovery_control(p))
    assert found == pytest.approx(multipletests(p, method="fdr_bh")[1])


def test_no_p_values_have_no_q_values():
    assert benjamini_hochberg([]) == []


def test_the_p_value_is_that_of_a_normal_difference():
    assert p_value(1.2, 0.36) == pytest.approx(2 * stats.norm.sf(2.0))


def test_correlation_and_concordance_follow_their_formulas(pairs):
    first, second, _ = pairs
    found = agreement(first, second)
    assert found["r"] == pytest.approx(stats.pearsonr(first, second).statistic)
    covariance = np.cov(first, second, ddof=1)
    bias = second.mean() - first.mean()
    assert found["ccc"] == pytest.approx(2 * covariance[0, 1] / (np.trace(covariance) + bias**2))


def test_intraclass_correlations_are_those_of_the_two_way_table(pairs):
    """McGraw & Wong (1996), table 4, from mean squares of rows, columns and error."""
    first, second, _ = pairs
    table, n = np.column_stack([first, second]), len(first)
    rows = 2 * table.mean(1).var(ddof=1)
    columns = n * table.mean(0).var(ddof=1)
    left = table - table.mean(1, keepdims=True) - table.mean(0, keepdims=True) + table.mean()
    error = (left**2).sum() / (n - 1)
    found = agreement(first, second)
    assert found["icc_c1"] == pytest.approx((rows - error) / (rows + error))
    assert found["icc_a1"] == pytest.approx((rows - error) / (rows + error + 2 / n * (columns - error)))


def test_identical_measures_agree_wholly():
    values = np.linspace(1, 5, 12)
    found = agreement(values, values)
    assert [found[name] for name in ("bias", "ccc", "icc_a1", "icc_c1", "r")] == pytest.approx([0, 1, 1, 1, 1])


def test_limits_of_agreement_of_single_measures_are_two_sd_around_the_bias(pairs):
    first, second, _ = pairs
    found = agreement(first, second)
    spread = 1.96 * (second - first).std(ddof=1)
    assert (found["loa_low"], found["loa_high"]) == pytest.approx((found["bias"] - spread, found["bias"] + spread))


def test_limits_of_repeated_measures_are_wider_when_alliances_differ(pairs):
    first, second, group = pairs
    apart = second + np.repeat([-1.0, 0.0, 0.0, 1.0], 10)
    found, alone = agreement(first, apart, group), agreement(first, apart)
    assert found["loa_high"] - found["loa_low"] > alone["loa_high"] - alone["loa_low"]


def test_correlation_within_alliances_is_told_from_that_between_them():
    rng = np.random.default_rng(2)
    level = np.repeat(np.arange(5.0), 20)
    move = rng.normal(size=100)
    found = agreement(level + move, level - move, np.repeat(list("abcde"), 20))
    assert found["r_within"] == pytest.approx(-1)
    assert found["r_between"] > 0.9


def test_what_does_not_vary_has_no_correlation():
    assert np.isnan(correlation(np.ones(5), np.arange(5.0)))
    assert np.isnan(agreement(np.arange(5.0), np.arange(5.0) ** 2, np.array(["a"] * 5))["r_between"])
