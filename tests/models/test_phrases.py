import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.corpus import Example
from models.phrases import BUCKETS, SIZE, Phrases, counted, fit_phrases
from models.signals import HEADS

FRAMED = st.lists(st.integers(0, 30_000), max_size=40).map(lambda ids: [101, *ids, 102])


def examples():
    labels = dict.fromkeys(HEADS, 0)
    asked = [Example(f"Could you explain step {n}?", labels | {"seeks": 1}, f"a{n}", "x") for n in range(12)]
    told = [Example(f"Step {n} is done.", labels, f"b{n}", "x") for n in range(12)]
    return asked + told


@given(FRAMED)
def test_every_piece_and_pair_is_counted_once(pieces):
    buckets, values = counted(pieces)
    assert np.rint(np.exp(values - 1)).sum() == 2 * len(pieces) - 3
    assert len(set(buckets)) == len(buckets)
    assert all(0 <= bucket < BUCKETS for bucket in buckets)


def test_the_order_of_two_pieces_matters():
    assert set(counted([101, 7, 9, 102])[0]) != set(counted([101, 9, 7, 102])[0])


def test_wordings_that_went_with_a_value_speak_for_it():
    from models.batches import framed, tokenised
    from models.encoder import load_tokenizer

    learned = Phrases.of(fit_phrases(examples()))
    tokenizer = load_tokenizer()
    asked, told = (framed(tokenizer, ids) for ids in tokenised(tokenizer, ["Could you explain that?", "That is done."]))
    seeks = 3 + 3 + 2 + 1
    found = learned.logits([asked, told])
    assert found.shape == (2, SIZE)
    assert found[0, seeks] > found[1, seeks]


def test_a_value_that_nobody_gave_is_spoken_neither_for_nor_against():
    assert not Phrases.of(fit_phrases(examples())).logits([[101, 7, 9, 102]])[:, :8].any()


@given(st.lists(FRAMED, min_size=1, max_size=5))
def test_a_text_says_the_same_whatever_stands_beside_it(sequences):
    chance = np.random.default_rng(1)
    phrases = Phrases(chance.normal(size=(BUCKETS, SIZE)), np.zeros(SIZE), np.ones(BUCKETS))
    alone = [phrases.logits([each])[0] for each in sequences]
    assert np.allclose(phrases.logits(sequences), alone)
