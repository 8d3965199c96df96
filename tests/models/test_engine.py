import numpy as np
import pytest

from models.batches import padded
from models.engine import BATCH_TOKENS, engine, multiplies_bytes_exactly
from models.folder import RELEASED
from models.network import network_of
from models.packing import merged_arrays
from models.signals import HEADS

SEQUENCES = [[101, 2023, 2003, 102], [101, 4067, 2017, 2061, 2172, 999, 102], [101, 102], list(range(1000, 1256))]


def of_network():
    """What the network gives that was trained, in torch."""
    import torch

    with torch.no_grad():
        ids, mask = map(torch.from_numpy, padded(SEQUENCES))
        found = network_of(merged_arrays(RELEASED))(ids, mask)
    return np.concatenate([found[head].numpy() for head in HEADS], axis=1)


def test_the_graph_in_32_bits_is_the_network_that_was_trained():
    assert engine(RELEASED, "fp32").logits(*padded(SEQUENCES)) == pytest.approx(of_network(), abs=1e-3)


@pytest.mark.skipif(not multiplies_bytes_exactly(), reason="this processor saturates when it multiplies bytes")
def test_the_graph_in_8_bits_stays_close_to_the_network():
    moved = np.abs(engine(RELEASED, "int8").logits(*padded(SEQUENCES)) - of_network())
    assert moved.mean() < 0.1


def test_only_kinds_with_a_batch_size_can_be_asked_for():
    assert set(BATCH_TOKENS) == {"int8", "fp32", "gpu"}
    assert engine(RELEASED, "fp32").batch_tokens == BATCH_TOKENS["fp32"]


def test_the_number_of_threads_can_be_set(monkeypatch):
    from models.engine import _threads

    monkeypatch.setenv("QUIETPIVOT_THREADS", "1")
    assert _threads() == 1
    monkeypatch.delenv("QUIETPIVOT_THREADS")
    assert _threads() >= 1
