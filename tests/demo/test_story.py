from demo.story import level, rates, story

TOLD = ("tidal-array", "cold-chain")


def first_fall(values, by):
    return next(month for month, value in enumerate(values) if value < by * values[0])


def test_every_rate_has_a_value_for_each_month():
    for name in TOLD:
        assert {len(values) for values in rates(name).values()} == {14}
    levels = [side for told in story()["survey"].values() for each in told.values() for side in each.values()]
    assert {len(side) for side in levels} == {14}


def test_both_alliances_are_told_by_the_same_rates():
    assert rates("tidal-array").keys() == rates("cold-chain").keys()


def test_sharing_falls_two_quarters_before_the_scores_of_value():
    value = [level("cold-chain", "value", "a", month) for month in range(14)]
    assert first_fall(value, 0.95) - first_fall(rates("cold-chain")["share"], 0.95) == 6


def test_the_alliance_that_stalls_stays_as_warm_and_as_trusted_as_it_was():
    warm = rates("cold-chain")["warm"]
    assert list(warm) == sorted(warm)
    trust = [level("cold-chain", "trust", side, month) for side in "ab" for month in range(14)]
    assert max(trust) - min(trust) < 0.2
