import numpy as np
import pytest

from models.batches import padded
from models.engine import BATCH_TOKENS, _in_torch, fastest, multiplies_bytes_exactly
from models.folder import RELEASED
from models.packing import merged_arrays

SEQUENCES = [[101, 2023, 2003, 102], [101, 4067, 2017, 2061, 2172, 999, 102], [101, 102], list(range(1000, 1256))]


@pytest.fixture(scope="module")
def of_network():
    """What the network gives that was trained, in torch: the engine of a GPU, run without one."""
    return _in_torch(merged_arrays(RELEASED), "cpu")(*padded(SEQUENCES))


def test_the_graph_in_32_bits_is_the_network_that_was_trained(exact_scorer, of_network):
    assert exact_scorer.engine.logits(*padded(SEQUENCES)) == pytest.approx(of_network, abs=1e-3)


@pytest.mark.skipif(not multiplies_bytes_exactly(), reason="this processor saturates when it multiplies bytes")
def test_the_graph_in_8_bits_stays_close_to_the_network(scorer, of_network):
    moved = np.abs(scorer.engine.logits(*padded(SEQUENCES)) - of_network)
    assert moved.mean() < 0.1


def test_a_machine_without_a_gpu_driver_never_asks_torch(monkeypatch):
    monkeypatch.setattr("models.engine.DRIVER", RELEASED / "no such file")
    assert fastest() == ("int8" if multiplies_bytes_exactly() else "fp32")


def test_a_machine_that_saturates_runs_in_32_bits(monkeypatch):
    monkeypatch.setattr("models.engine.DRIVER", RELEASED / "no such file")
    monkeypatch.setattr("models.engine.multiplies_bytes_exactly", lambda: False)
    assert fastest() == "fp32"


def test_every_kind_of_engine_has_a_size_of_batch(scorer, exact_scorer):
    assert scorer.engine.batch_tokens == BATCH_TOKENS["int8"]
    assert exact_scorer.engine.batch_tokens == BATCH_TOKENS["fp32"]


def test_the_number_of_threads_can_be_set(monkeypatch):
    from models.engine import _threads

    monkeypatch.setenv("QUIETPIVOT_THREADS", "1")
    assert _threads() == 1
    monkeypatch.delenv("QUIETPIVOT_THREADS")
    assert _threads() >= 1
