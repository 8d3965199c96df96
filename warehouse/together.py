"""What several releases tell together that no two of them do.

A reader who keeps every release and knows who stood behind each can add and subtract them as he likes: whatever is a
sum over people is known for every combination. Three groups that differ pairwise by many may still leave one person
over (those of the first, those of the second, and both with one more). So no combination may come down to fewer
people than the minimum group.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

MANY = 12
"""Small groups of people with a history of their own; where there are more the question is not asked but denied."""


def come_down_to_few(releases: Sequence[Collection[object]], least: int) -> bool:
    """Say whether a linear combination of releases speaks of one to `least` - 1 people alone.

    `releases` are the people behind each. One of fewer than `least` showed nothing and does not count; two are not
    asked, for these are held by `Behind.moved`.
    """
    import numpy as np  # only here: the memory is imported where nothing is computed

    shown = [set(each) for each in {frozenset(each) for each in releases if len(each) >= least}]
    if len(shown) < 3:
        return False
    histories = Counter(tuple(each in own for own in shown) for each in set().union(*shown))
    matrix = np.array(list(histories), dtype=float).T
    sizes = list(histories.values())
    small = [place for place, size in enumerate(sizes) if size < least]
    if len(small) > MANY:
        return True
    rank = np.linalg.matrix_rank(matrix)
    return any(np.linalg.matrix_rank(np.delete(matrix, few, axis=1)) < rank for few in _fewer(small, sizes, least))


def _fewer(small: Sequence[int], sizes: Sequence[int], least: int) -> Iterator[list[int]]:
    """Yield every choice of small groups that are fewer than `least` people together."""
    for count in range(1, min(len(small), least - 1) + 1):
        for chosen in combinations(small, count):
            if sum(sizes[place] for place in chosen) < least:
                yield list(chosen)
