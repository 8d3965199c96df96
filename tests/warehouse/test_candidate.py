import numpy as np
import pytest
from scipy import stats

from warehouse.candidate import definitions, margin, mean_interval


def test_the_interval_of_a_mean_is_students():
    values = np.random.default_rng(0).normal(size=9)
    mean, low, high = mean_interval(values.tolist())
    expected = stats.t.interval(0.9, 8, loc=values.mean(), scale=stats.sem(values))
    assert (mean, low, high) == pytest.approx((values.mean(), *expected))


def test_one_person_has_a_mean_and_no_interval():
    mean, low, high = mean_interval([0.4])
    assert mean == 0.4
    assert np.isnan([low, high, margin(0.1, 1)]).all()


def test_every_indicator_is_defined_and_only_those_are_published(year):
    published = {row["indicator"] for row in year.query("select distinct indicator from indicator")}
    assert published == set(definitions())
    assert published == {row["indicator"] for row in year.query("select indicator from definition")}


def test_what_was_defined_stands_in_the_reference(pytestconfig):
    page = (pytestconfig.rootpath / "docs" / "reference" / "indicators.md").read_text(encoding="utf-8")
    assert [name for name in definitions() if f"`{name}`" not in page] == []
