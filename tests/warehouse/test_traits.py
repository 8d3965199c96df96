from datetime import date

import numpy as np
import pytest

from warehouse.traits import trait_methods

MONTHS = [date(2025 + n // 12, n % 12 + 1, 1) for n in range(18)]


def blended(alliances=("a", "b"), months=MONTHS, shared=0.0, seed=3):
    """Trust and value move on their own; each method adds what it adds to every dimension, `shared` strong."""
    chance = np.random.default_rng(seed)
    rows = []
    for level, alliance in enumerate(alliances):
        for period in months:
            halo = chance.normal(0, shared)
            for dimension in ("trust", "value"):
                true = chance.normal(0, 0.5)
                rows.append(
                    {
                        "alliance": alliance,
                        "period": period,
                        "dimension": dimension,
                        "origin": "blend",
                        "survey_value": level + 3 + true + halo + chance.normal(0, 0.1),
                        "signal_value": level + 3 + true + chance.normal(0, 0.1),
                    }
                )
    return rows


def by_kind(rows):
    return {kind: [row["r"] for row in rows if row["kind"] == kind] for kind in ("validity", "same method", "neither")}


def test_two_methods_that_see_the_same_agree_on_a_dimension_and_on_nothing_else():
    found = by_kind(trait_methods(blended()))
    assert min(found["validity"]) > 0.8
    assert max(map(abs, found["same method"] + found["neither"])) < 0.5


def test_what_a_method_adds_to_every_dimension_shows_as_agreement_within_it():
    rows = trait_methods(blended(shared=1.5))
    (survey,) = (row["r"] for row in rows if row["kind"] == "same method" and row["method"] == "survey")
    (signal,) = (row["r"] for row in rows if row["kind"] == "same method" and row["method"] == "signal")
    assert survey > 0.7
    assert abs(signal) < 0.5


def test_levels_of_alliances_are_no_agreement():
    apart = [{**row, "survey_value": row["survey_value"] + 9 * (row["alliance"] == "b")} for row in blended()]
    assert [row["r"] for row in trait_methods(apart)] == pytest.approx([row["r"] for row in trait_methods(blended())])


def test_too_few_months_in_common_tell_nothing():
    assert trait_methods(blended(alliances=("a",), months=MONTHS[:9])) == []
    assert trait_methods([{**row, "origin": "survey"} for row in blended()]) == []


def test_a_measure_that_never_moves_correlates_with_nothing():
    still = [{**row, "signal_value": 3.0} for row in blended()]
    assert {row["r"] for row in trait_methods(still) if "signal" in (row["method"], row["other_method"])} == {None}
