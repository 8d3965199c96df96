from hypothesis import given
from hypothesis import strategies as st

from models.batches import STEP, even_batches, padded, token_batches

lengths = st.lists(st.integers(1, 256), max_size=60)


@given(lengths, st.integers(64, 2048))
def test_every_item_is_in_exactly_one_batch(sizes, budget):
    assert sorted(row for rows, _ in even_batches(sizes, budget) for row in rows) == list(range(len(sizes)))
    assert sorted(row for rows in token_batches(sizes, budget) for row in rows) == list(range(len(sizes)))


@given(lengths, st.integers(256, 2048))
def test_a_batch_stays_within_its_budget(sizes, budget):
    assert all(width * len(rows) <= budget for rows, width in even_batches(sizes, budget))
    assert all(max(sizes[row] for row in rows) * len(rows) <= budget for rows in token_batches(sizes, budget))


@given(lengths)
def test_the_width_of_an_item_follows_from_its_own_length(sizes):
    for rows, width in even_batches(sizes, 1024):
        assert width % STEP == 0
        assert all(0 <= width - sizes[row] < STEP for row in rows)


def test_padding_is_on_the_right_and_masked():
    ids, mask = padded([[5, 6, 7], [8]], width=4)
    assert ids.tolist() == [[5, 6, 7, 0], [8, 0, 0, 0]]
    assert mask.tolist() == [[1, 1, 1, 0], [1, 0, 0, 0]]
