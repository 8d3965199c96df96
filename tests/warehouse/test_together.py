"""What releases tell together, checked against solving for people one by one."""

from itertools import combinations

import numpy as np
import pytest

from warehouse.together import MANY, come_down_to_few

FIRST, SECOND = range(6), range(6, 12)


def test_two_groups_and_both_with_one_more_leave_that_one_over():
    assert come_down_to_few([FIRST, SECOND, range(13)], 5)


def test_two_groups_and_both_with_a_group_more_tell_of_groups():
    assert not come_down_to_few([FIRST, SECOND, range(17)], 5)
    assert come_down_to_few([FIRST, SECOND, range(16)], 5)


def test_groups_that_overlap_so_that_nothing_can_be_taken_apart_are_left_alone():
    assert not come_down_to_few([range(10), range(15), [0, 1, 2, 3, 4, 12, 13, 14]], 5)


def test_two_releases_are_not_asked_and_equal_ones_are_one():
    assert not come_down_to_few([FIRST, range(7)], 5)
    assert not come_down_to_few([FIRST, range(7), FIRST], 5)


def test_a_release_of_too_few_showed_nothing():
    assert not come_down_to_few([range(4), range(4, 12), range(12)], 5)
    assert come_down_to_few([range(4), range(4, 12), range(12)], 4) is False


def test_too_many_small_groups_are_refused_unasked():
    rng = np.random.default_rng(0)
    releases = [np.flatnonzero(rng.random(40) < 0.5).tolist() for _ in range(6)]
    assert len({tuple(each in own for own in releases) for each in range(40)}) > MANY
    assert come_down_to_few(releases, 5)


def solved(releases, least):
    """Say the same by brute force: whether anything is known of some few people that is not of others too."""
    people = sorted(set().union(*releases))
    matrix = np.array([[float(each in own) for each in people] for own in releases])
    rank = np.linalg.matrix_rank(matrix)
    return any(
        np.linalg.matrix_rank(np.delete(matrix, list(few), axis=1)) < rank
        for count in range(1, least)
        for few in combinations(range(len(people)), count)
    )


@pytest.mark.parametrize("seed", range(40))
def test_it_agrees_with_solving_for_every_few_people(seed):
    rng = np.random.default_rng(seed)
    groups = [range(3 * n, 3 * n + int(rng.integers(1, 4))) for n in range(5)]
    releases = []
    while len(releases) < 4:
        own = {each for group in groups if rng.random() < 0.6 for each in group}
        if len(own) >= 3:
            releases.append(own)
    expected = solved(releases, 3) and len({frozenset(each) for each in releases}) >= 3
    assert come_down_to_few(releases, 3) is expected
