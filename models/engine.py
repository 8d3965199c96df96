"""What computes logits: 8-bit or 32-bit ONNX on a processor, torch on a GPU. The machine decides."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.batches import Ids
from models.packing import Arrays
from models.signals import HEADS

Logits = NDArray[np.float32]
BATCH_TOKENS = {"int8": 1024, "fp32": 1024, "gpu": 32_768}
"""Padded tokens of a batch by kind of engine: small batches stay in a processor's cache, a GPU wants large ones."""


DRIVER = Path("/dev/nvidiactl")
"""Is there where the driver of a GPU is loaded."""


@dataclass(frozen=True, slots=True)
class Engine:
    """`logits` takes ids and mask [batch, length], returns [batch, values of all heads, in their order]."""

    kind: str
    logits: Callable[[Ids, Ids], Logits] = field(repr=False)

    @property
    def batch_tokens(self) -> int:
        """Padded tokens that suit one call."""
        return BATCH_TOKENS[self.kind]


def engine(weights: Arrays, kind: str | None = None) -> Engine:
    """Return the engine of a network's weights; `kind` is a key of BATCH_TOKENS, None lets the machine decide.

    Nothing is cached on disk: merging, writing the graph and loading it take about a second.
    """
    chosen = kind or fastest()
    return Engine(chosen, _in_torch(weights, "cuda") if chosen == "gpu" else _on_processor(weights, chosen == "int8"))


def fastest() -> str:
    """Return the fastest kind of engine that this machine can run without losing exactness."""
    if _has_gpu():
        return "gpu"
    return "int8" if multiplies_bytes_exactly() else "fp32"


def _has_gpu() -> bool:
    """Ask for the driver first: importing torch takes seconds, and most machines have no GPU."""
    if not DRIVER.exists():
        return False
    import torch

    return bool(torch.cuda.is_available())


def multiplies_bytes_exactly() -> bool:
    """Return whether products of bytes are summed in 32 bits.

    Processors without VNNI or its like add pairs of products in 16 bits, which saturates at the extremes.
    """
    from onnx import TensorProto, helper

    names = [("a", TensorProto.UINT8), ("b", TensorProto.INT8)]
    inputs = [helper.make_tensor_value_info(name, kind, [64, 64]) for name, kind in names]
    output = helper.make_tensor_value_info("c", TensorProto.INT32, [64, 64])
    body = helper.make_graph([helper.make_node("MatMulInteger", ["a", "b"], ["c"])], "extremes", inputs, [output])
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    extremes = {"a": np.full((64, 64), 255, dtype=np.uint8), "b": np.full((64, 64), 127, dtype=np.int8)}
    return bool((session(model).run(None, extremes)[0] == 64 * 255 * 127).all())


def session(model: Any) -> Any:
    """Return an ONNX Runtime session of a model on the processors that we may use."""
    import onnxruntime

    onnxruntime.set_default_logger_severity(3)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _threads()
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def _threads() -> int:
    """QUIETPIVOT_THREADS where it is set (several workers share a machine), else the processors we may use."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return int(os.environ.get("QUIETPIVOT_THREADS") or allowed)


def _on_processor(weights: Arrays, eight_bits: bool) -> Callable[[Ids, Ids], Logits]:
    from models.graph import graph

    run = session(graph(weights, eight_bits)).run

    def logits(ids: Ids, mask: Ids) -> Logits:
        found: Logits = run(None, {"ids": ids, "mask": mask})[0]
        return found

    return logits


def _in_torch(weights: Arrays, device: str) -> Callable[[Ids, Ids], Logits]:
    import torch

    from models.network import network_of

    network = network_of(weights).to(device)

    def logits(ids: Ids, mask: Ids) -> Logits:
        with torch.inference_mode():
            found = network(torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device))
            joined: Logits = torch.cat([found[head] for head in HEADS], dim=1).cpu().numpy()
        return joined

    return logits
