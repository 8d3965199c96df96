"""How fast the scorer is: `python -m models.benchmark`. Ways are timed in turns, so that a busy machine is fair to all.

Ratios travel between machines, tokens per second do not. The texts are random words; their lengths are those of
work mail (log-normal, 100 word pieces on average, at most 256).
"""

import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from models.encoder import LAYERS, MAX_TOKENS, WIDTH, encoder_folder, load_encoder, load_tokenizer
from models.engine import session
from models.scorer import load
from models.segments import ROOM

Way = Callable[[Sequence[str]], object]

PRODUCTS = ((WIDTH, 3 * WIDTH), (WIDTH, WIDTH), (WIDTH, 4 * WIDTH), (4 * WIDTH, WIDTH))
"""Shapes of a layer's four matrix products."""

OPERATIONS = 2 * LAYERS * sum(rows * columns for rows, columns in PRODUCTS)
"""Additions and multiplications a token, attention left out: 21.2 million."""


RATIOS = {"ratio": "natural", "share_of_limit": "limit"}
"""Name of a ratio -> what the scorer is divided by; taken round by round, since other work comes and goes."""


def made_up_texts(count: int, seed: int = 7) -> list[str]:
    """Return texts of random whole words of the encoder's vocabulary."""
    chance = np.random.default_rng(seed)
    words = sorted(word for word in load_tokenizer().get_vocab() if word.isascii() and word.isalpha())
    lengths = np.clip(chance.lognormal(4.3, 0.85, count), 4, ROOM).astype(int)
    return [" ".join(chance.choice(words, size)) for size in lengths]


def natural_way() -> Way:
    """Return what one writes first: the encoder in 32 bits, texts as they come, 32 at a time, padded to the longest."""
    import torch
    from transformers import AutoTokenizer

    network, tokenizer = load_encoder(), AutoTokenizer.from_pretrained(encoder_folder(), local_files_only=True)

    def run(texts: Sequence[str]) -> None:
        with torch.no_grad():
            for start in range(0, len(texts), 32):
                batch = list(texts[start : start + 32])
                network(**tokenizer(batch, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"))

    return run


def largest_rate(eight_bits: bool, tokens: int = 1024, rounds: int = 300) -> float:
    """Return operations a second of one bare matrix product of the encoder's shape, mean of `rounds`."""
    from onnx import TensorProto, helper, numpy_helper

    kind, result = (TensorProto.UINT8, TensorProto.INT32) if eight_bits else (TensorProto.FLOAT, TensorProto.FLOAT)
    weights = np.ones((WIDTH, 4 * WIDTH), dtype=np.int8 if eight_bits else np.float32)
    body = helper.make_graph(
        [helper.make_node("MatMulInteger" if eight_bits else "MatMul", ["a", "b"], ["c"])],
        "product",
        [helper.make_tensor_value_info("a", kind, [tokens, WIDTH])],
        [helper.make_tensor_value_info("c", result, [tokens, 4 * WIDTH])],
        [numpy_helper.from_array(weights, "b")],
    )
    run = session(helper.make_model(body, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)).run
    given = {"a": np.ones((tokens, WIDTH), dtype=np.uint8 if eight_bits else np.float32)}
    best = _seconds(lambda: [run(None, given) for _ in range(rounds)]) / rounds
    return 2 * tokens * weights.size / best


def measure(count: int = 150, rounds: int = 5) -> dict[str, float]:
    """Return tokens per second of each way (median of `rounds`, in turns), their ratio, and the share of the limit."""
    texts = made_up_texts(count)
    scorer = load()
    ways: dict[str, Way] = {"natural": natural_way(), "scorer": scorer.score}
    tokens = sum(signals.tokens + 2 for signals in scorer.score(texts))
    speeds: dict[str, list[float]] = {name: [] for name in [*ways, "limit"]}
    for _ in range(rounds):
        for name, way in ways.items():
            speeds[name].append(tokens / _seconds(partial(way, texts)))
        speeds["limit"].append(largest_rate(scorer.engine.kind == "int8") / OPERATIONS)
    found = {name: float(np.median(each)) for name, each in speeds.items()}
    ratios = {name: np.divide(speeds["scorer"], speeds[other]) for name, other in RATIOS.items()}
    return found | {name: float(np.median(each)) for name, each in ratios.items()}


REST = 0.5
"""Seconds between two ways: the idle threads of one framework spin for a while and would slow the next."""


def _seconds(run: Callable[[], object]) -> float:
    time.sleep(REST)
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    started = time.perf_counter()
    kind = load().engine.kind
    print(f"loading             {time.perf_counter() - started:8.1f} s, engine {kind}")
    found = measure()
    for name in ("natural", "scorer", "limit"):
        print(f"{name:20}{found[name]:8.0f} tokens/s")
    print(f"scorer / natural    {found['ratio']:8.1f}\nscorer / limit      {found['share_of_limit']:8.2f}")


if __name__ == "__main__":
    main()
