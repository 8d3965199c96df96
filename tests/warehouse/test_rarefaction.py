from datetime import date, timedelta

import numpy as np
import pytest

from warehouse.private import private_tables, rows
from warehouse.rarefaction import Volume, matched_z, volumes


def drawn(rng, threads, kept):
    """Return ties and possible pairs of threads of which each is kept by chance.

    A thread is who of a and who of b wrote, and whether it ties.
    """
    own = [each for each in threads if rng.random() < kept]
    ways = {}
    for one, other, a, b, tying in own:
        ways[one, other] = ways.get((one, other), 0) | a | 2 * b | 4 * tying
    writers = len({each[0] for each in own}), len({each[1] for each in own})
    return sum(way == 7 for way in ways.values()), writers[0] * writers[1]


def volume(threads):
    """Return the counts of threads."""
    pairs, writers = {}, [{}, {}]
    for one, other, a, b, tying in threads:
        pairs.setdefault((one, other), []).append(a | 2 * b | 4 * tying)
        for side, person in zip(writers, (one, other), strict=True):
            side[person] = side.get(person, 0) + 1
    counts = np.zeros((8, len(threads) + 1))
    for own in pairs.values():
        for way in range(8):
            counts[way, sum(bool(each & way) for each in own)] += 1
    people = [np.bincount(list(side.values()), minlength=len(threads) + 1) for side in writers]
    return Volume(len(threads), counts, np.array(people, float), np.zeros(2), np.zeros(2))


@pytest.mark.parametrize("kept", [0.25, 0.6, 1.0])
def test_thinned_ties_are_those_of_threads_left_out_at_random(kept):
    rng = np.random.default_rng(1)
    threads = [(*rng.integers(0, 5, 2), *(rng.random(3) < (0.7, 0.7, 0.4))) for _ in range(60)]
    found = np.array([drawn(rng, threads, kept) for _ in range(3000)])
    assert np.expm1(volume(threads).ties(kept)) == pytest.approx(found[:, 0].mean() / found[:, 1].mean(), rel=0.03)


@pytest.mark.parametrize("kept", [0.2, 1.0])
def test_the_smaller_of_two_rates_counted_on_fewer_messages_is_smaller_by_what_chance_makes(kept):
    rng, n = np.random.default_rng(2), 400
    shares = np.array([0.06, 0.07])
    own = Volume(50, np.zeros((8, 1)), np.zeros((2, 1)), 100 * shares, 1e4 * shares * (1 - shares) / n)
    counted = 100 * rng.hypergeometric(
        (shares * n).astype(int), n - (shares * n).astype(int), int(kept * n), (20000, 2)
    )
    assert own.coinvest(kept) == pytest.approx(np.log1p((counted / (kept * n)).min(1)).mean(), rel=0.02)


def weeks(count, factor=1.0, seed=3):
    """Return weeks of threads by the same people: every week as before, with a share of the threads after twelve."""
    rng = np.random.default_rng(seed)
    found = {}
    for week in range(count):
        n = rng.poisson(200 * (factor if week >= 12 else 1))
        found[date(2026, 1, 5) + timedelta(weeks=week)] = volume(
            [(*rng.integers(0, 8, 2), *(rng.random(3) < (0.7, 0.7, 0.1))) for _ in range(n)]
        )
    return found


@pytest.mark.parametrize("factor", [0.25, 0.5, 3.0])
def test_volume_alone_moves_no_ties(factor):
    found = weeks(72, factor)
    z = matched_z(list(found), found, Volume.ties, np.arange(72) < 12)
    assert abs(z[12:].mean()) < 0.6
    raw = np.array([each.ties(1.0) for each in found.values()])
    assert abs(raw[12:].mean() - raw[:12].mean()) > 2 * raw[:12].std()


def test_fewer_meetings_among_as_many_threads_do_lower_ties():
    found = weeks(24)
    later = [week for place, week in enumerate(found) if place >= 12]
    for week in later:
        one_way = found[week]
        pairs = one_way.pairs.copy()
        pairs[4] = pairs[0, 0] * (np.arange(pairs.shape[1]) == 0)  # nobody talks socially or across layers
        pairs[5:8] = pairs[1], pairs[2], pairs[3]
        found[week] = Volume(one_way.threads, pairs, one_way.writers, one_way.rates, one_way.variances)
    z = matched_z(list(found), found, Volume.ties, np.arange(24) < 12)
    assert (z[12:] < -2).all()


def test_a_baseline_of_less_than_four_weeks_gives_no_z():
    found = weeks(6)
    assert np.isnan(matched_z(list(found), found, Volume.ties, np.arange(6) < 3)).all()


def test_nothing_left_out_gives_the_components_of_the_table(program):
    with private_tables(program.inputs(program.world(3, months=6), size=7)) as connection:
        counted = volumes(connection)[program.alliance]
        found = rows(connection, "select * from component_week where component in ('ties', 'coinvest')")
    assert len(found) > 20
    for row in found:
        assert getattr(counted[row["week"]], row["component"])(1.0) == pytest.approx(np.log1p(row["value"]))
