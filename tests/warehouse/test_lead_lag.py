from datetime import date

import numpy as np
import pytest

from warehouse.lead_lag import lagged, lead_lags


def wandering(rng, months):
    """Return a series that mostly stays where it is from one month to the next."""
    values = np.zeros(months + 20)
    for place in range(1, len(values)):
        values[place] = 0.6 * values[place - 1] + rng.normal(0, 0.3)
    return values


def portfolio(seed, alliances=5, months=20, lead=None):
    """Return the changes of two series; the second follows the first by `lead` months, or not at all."""
    rng, found = np.random.default_rng(seed), []
    for _ in range(alliances):
        first, other = wandering(rng, months), wandering(rng, months)
        second = np.roll(first, lead) if lead is not None else other
        x, y = (each[20:] + rng.normal(0, 0.1, months) for each in (first, second))
        found.append((x[3:] - x[:-3], y[3:] - y[:-3]))
    return found


def test_a_series_that_follows_by_four_months_is_found_at_its_lag():
    changes = portfolio(1, lead=4)
    found = [lagged(changes, lag) for lag in range(7)]
    assert int(np.argmax([each["r"] for each in found])) == 4
    assert found[4]["low"] > 0.3
    assert found[4]["p_value"] < 0.01
    assert (found[4]["pairs"], found[4]["alliances"]) == (5 * 13, 5)


def test_series_that_have_nothing_to_do_with_each_other_seldom_seem_to():
    found = [lagged(portfolio(seed), 3) for seed in range(150)]
    assert np.mean([each["p_value"] < 0.1 for each in found]) < 0.2
    assert np.mean([each["low"] <= 0 <= each["high"] for each in found]) > 0.82


@pytest.mark.parametrize(("alliances", "months"), [(1, 60), (2, 12)])
def test_a_correlation_of_too_few_is_withheld_and_says_how_many_there_are(alliances, months):
    row = lagged(portfolio(1, alliances, months, lead=2), 2)
    assert row["status"] == "low_n"
    assert row["r"] is row["low"] is row["p_value"] is None
    assert row["pairs"] == alliances * (months - 5)


def test_a_level_that_differs_between_alliances_tells_nothing():
    changes = [(x + 10 * place, y + 10 * place) for place, (x, y) in enumerate(portfolio(3))]
    assert lagged(changes, 0)["r"] == lagged(portfolio(3), 0)["r"]


def test_series_without_any_change_are_no_error():
    flat = [(np.zeros(20), np.zeros(20))] * 3
    assert lagged(flat, 1)["status"] == "low_n"


def rows(seed=2, alliances=5, months=20, lead=4):
    rng = np.random.default_rng(seed)
    survey, indicators = [], []
    for place in range(alliances):
        first = wandering(rng, months)
        for number in range(months):
            period = date(2024 + number // 12, number % 12 + 1, 1)
            key = {"alliance": f"alliance{place}", "period": period, "status": "ok"}
            measured = {"indicator": "unsolicited", "direction": "both", "grain": "month", "value": first[20 + number]}
            indicators.append({**key, **measured})
            for side in "ab":
                said = 3.5 + first[20 + number - lead] + rng.normal(0, 0.1)
                survey.append({**key, "side": side, "dimension": "learning", "value": said})
    return survey, indicators


def test_what_informs_a_score_is_asked_at_every_lag_and_precedes_only_with_a_lag_of_its_own():
    found = lead_lags(*rows(), {"learning": ("unsolicited", "ties"), "value": ("coinvest",)})
    assert [(row["leads"], row["follows"], row["lag"]) for row in found] == [
        ("unsolicited", "learning", lag) for lag in range(7)
    ]
    assert max(found, key=lambda row: row["r"])["lag"] == 4
    assert found[4]["precedes"] and not found[0]["precedes"]
    assert all(row["q_value"] >= row["p_value"] - 1e-4 for row in found)


def test_the_same_night_gives_the_same_chance():
    survey, indicators = rows()
    assert lead_lags(survey, indicators, {"learning": ("unsolicited",)}) == lead_lags(
        survey[::-1], indicators[::-1], {"learning": ("unsolicited",)}
    )


def test_an_empty_program_has_nothing_to_follow():
    assert lead_lags([], [], {"learning": ("unsolicited",)}) == []
