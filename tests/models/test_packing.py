import numpy as np
import pytest

from models.folder import RELEASED
from models.network import SIZES, SignalNetwork, arrays_of, network_of
from models.packing import base_arrays, merged_arrays, pack, unpack


def low_rank(chance, rows, columns, rank):
    return (chance.normal(size=(rows, rank)) @ chance.normal(size=(rank, columns))).astype(np.float32)


@pytest.fixture
def base():
    chance = np.random.default_rng(1)
    return {"matrix": low_rank(chance, 40, 60, 40), "vector": np.ones(40, np.float32), "still": np.ones(3, np.float32)}


def test_a_change_of_low_rank_survives_packing(base):
    chance = np.random.default_rng(2)
    tuned = base | {"matrix": base["matrix"] + low_rank(chance, 40, 60, 4), "vector": base["vector"] * 2}
    tuned["heads.tone.weight"] = np.full((3, 8), 0.5, np.float32)
    back = unpack(pack(tuned, base, rank=4), base)
    assert back.keys() == tuned.keys()
    for name, value in tuned.items():
        assert back[name] == pytest.approx(value, abs=0.02)


@pytest.mark.parametrize("shape", [(60, 90), (90, 60)])
def test_the_error_of_packing_is_the_least_that_is_possible(shape):
    change = np.random.default_rng(3).normal(size=shape).astype(np.float32)
    left, right = pack({"matrix": change}, {"matrix": np.zeros_like(change)}, rank=20).values()
    least = np.sqrt((np.linalg.svd(change, compute_uv=False)[20:] ** 2).sum())
    assert np.linalg.norm(change - left.astype(float) @ right.astype(float)) == pytest.approx(least, rel=1e-3)


def test_what_did_not_change_does_not_travel(base):
    assert pack(base, base) == {}


def test_a_factor_without_its_other_half_is_an_error(base):
    with pytest.raises(KeyError):
        unpack({"matrix.left": np.ones((40, 2), np.float16)}, base)


def test_unpacking_leaves_the_base_as_it_was(base):
    before = base["vector"].copy()
    unpack({"vector": np.ones(40, np.float32)}, base)
    assert (base["vector"] == before).all()


def test_the_merged_weights_are_exactly_those_of_the_network():
    weights = {name: each for name, each in merged_arrays(RELEASED).items() if not name.startswith("phrases.")}
    again = arrays_of(network_of(weights))
    assert again.keys() == weights.keys() == SignalNetwork(SIZES).state_dict().keys()
    assert all((again[name] == value).all() for name, value in weights.items())


def test_embeddings_never_travel():
    tuned = merged_arrays(RELEASED)
    assert all((tuned[name] == value).all() for name, value in base_arrays().items() if "embeddings." in name)
