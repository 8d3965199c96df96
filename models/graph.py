"""The network as an ONNX graph, written by hand: 150 nodes, built from the weights in half a second.

In 8 bits every matrix product takes a scale per output column of the weights and a scale per row (per token) of the
activations, measured as it runs. A scale per tensor, which is what the usual tools write, is faster by a fifth, but
then a text's result depends on the texts beside it, and outliers of one token blur all others.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper

from models.encoder import LAYERS, MAX_TOKENS, WIDTH
from models.packing import Arrays
from models.signals import HEADS

ATTENTION_HEADS = 12
MASKED = 1e4
"""What is taken from the score of a padded position, so that its weight is exactly 0."""

LARGEST = 127
"""Largest magnitude of an 8-bit weight or activation; symmetric, 128 is the zero of unsigned activations."""

Floats32 = NDArray[np.float32]


def graph(weights: Arrays, eight_bits: bool) -> ModelProto:
    """Return the model: `ids` and `mask` [batch, length] -> `logits` [batch, values of all heads, in their order]."""
    g = _Graph(eight_bits)
    mask = g.node("Cast", "mask", to=TensorProto.FLOAT)
    hidden = _embedded(g, weights)
    hidden_from = g.node("Mul", g.node("Sub", mask, g.floats(1.0)), g.floats(MASKED))
    bias = g.node("Unsqueeze", hidden_from, g.whole([1, 2]))
    for layer in range(LAYERS):
        hidden = _layer(g, hidden, bias, weights, f"encoder.encoder.layer.{layer}.")
    _heads(g, hidden, mask, hidden_from, weights)
    return g.model()


class _Graph:
    """Nodes and constants under construction; each method returns the name of what it added."""

    def __init__(self, eight_bits: bool) -> None:
        self.eight_bits = eight_bits
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def node(self, kind: str, *inputs: str, name: str = "", domain: str = "", **attributes: object) -> str:
        output = name or f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [output], domain=domain, **attributes))
        return output

    def thirds(self, value: str) -> list[str]:
        outputs = [f"n{len(self._nodes)}_{part}" for part in range(3)]
        self._nodes.append(helper.make_node("Split", [value], outputs, axis=-1, num_outputs=3))
        return outputs

    def constant(self, value: NDArray[Any]) -> str:
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def floats(self, value: object) -> str:
        return self.constant(np.asarray(value, dtype=np.float32))

    def whole(self, value: object) -> str:
        return self.constant(np.asarray(value, dtype=np.int64))

    def linear(self, x: str, weight: Floats32, bias: Floats32) -> str:
        """Return x @ weight.T + bias; `weight` [out, in]."""
        product = self._bytes(x, weight) if self.eight_bits else self.node("MatMul", x, self.floats(weight.T))
        return self.node("Add", product, self.floats(bias))

    def _bytes(self, x: str, weight: Floats32) -> str:
        scale = np.maximum(np.abs(weight).max(axis=1), 1e-9) / LARGEST
        rounded = np.round(weight / scale[:, None]).astype(np.int8).T
        step, zero = self.floats(1 / LARGEST), self.constant(np.array(128, dtype=np.uint8))
        largest = self.node("ReduceMax", self.node("Abs", x), self.whole([-1]), keepdims=1)
        largest = self.node("Max", largest, self.floats(1e-6))
        steps = self.node("QuantizeLinear", self.node("Div", x, largest), step, zero)
        zeros = self.constant(np.zeros(len(weight), dtype=np.int8))
        inputs = (steps, self.constant(rounded), step, self.floats(scale), zero, zeros)
        return self.node("Mul", self.node("MatMulIntegerToFloat", *inputs, domain="com.microsoft"), largest)

    def normalised(self, x: str, weights: Arrays, name: str) -> str:
        scale, bias = (self.floats(weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.node("LayerNormalization", x, scale, bias, axis=-1, epsilon=1e-12)

    def model(self) -> ModelProto:
        texts = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in ("ids", "mask")
        ]
        logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "values"])
        body = helper.make_graph(self._nodes, "alliance_signals", texts, [logits], self._constants)
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(body, opset_imports=opsets, ir_version=9)


def _embedded(g: _Graph, weights: Arrays) -> str:
    table = "encoder.embeddings.{}_embeddings.weight".format
    positions = weights[table("position")][:MAX_TOKENS] + weights[table("token_type")][0]
    length = g.node("Slice", g.node("Shape", "ids"), g.whole([1]), g.whole([2]))
    words = g.node("Gather", g.floats(weights[table("word")]), "ids")
    places = g.node("Slice", g.floats(positions), g.whole([0]), length, g.whole([0]))
    return g.normalised(g.node("Add", words, places), weights, "encoder.embeddings.LayerNorm")


def _layer(g: _Graph, x: str, bias: str, weights: Arrays, name: str) -> str:
    attended = _dense(g, _attention(g, x, bias, weights, f"{name}attention.self."), weights, f"{name}attention.output")
    x = g.normalised(g.node("Add", x, attended), weights, f"{name}attention.output.LayerNorm")
    wide = g.node("Gelu", _dense(g, x, weights, f"{name}intermediate"))
    return g.normalised(g.node("Add", x, _dense(g, wide, weights, f"{name}output")), weights, f"{name}output.LayerNorm")


def _dense(g: _Graph, x: str, weights: Arrays, name: str) -> str:
    return g.linear(x, weights[f"{name}.dense.weight"], weights[f"{name}.dense.bias"])


def _attention(g: _Graph, x: str, bias: str, weights: Arrays, name: str) -> str:
    """One product for query, key and value; the query carries the scale 1/sqrt(width of a head)."""
    size = WIDTH // ATTENTION_HEADS
    scales = {"query": size**-0.5, "key": 1.0, "value": 1.0}
    weight, shift = (
        np.concatenate([weights[f"{name}{part}.{kind}"] * scale for part, scale in scales.items()])
        for kind in ("weight", "bias")
    )
    split, joined = g.whole([0, 0, ATTENTION_HEADS, size]), g.whole([0, 0, WIDTH])
    query, key, value = (g.node("Reshape", part, split) for part in g.thirds(g.linear(x, weight, shift)))
    query, value = (g.node("Transpose", part, perm=[0, 2, 1, 3]) for part in (query, value))
    scores = g.node("MatMul", query, g.node("Transpose", key, perm=[0, 2, 3, 1]))
    shares = g.node("Softmax", g.node("Add", scores, bias), axis=-1)
    return g.node("Reshape", g.node("Transpose", g.node("MatMul", shares, value), perm=[0, 2, 1, 3]), joined)


def _heads(g: _Graph, x: str, mask: str, hidden_from: str, weights: Arrays) -> None:
    """Mean and maximum over the real tokens, then all heads in one product (always in 32 bits)."""
    last, middle = g.whole([2]), g.whole([1])
    real = g.node("Unsqueeze", mask, last)
    total = g.node("ReduceSum", g.node("Mul", x, real), middle, keepdims=0)
    mean = g.node("Div", total, g.node("ReduceSum", real, middle, keepdims=0))
    most = g.node("ReduceMax", g.node("Add", x, g.node("Unsqueeze", hidden_from, last)), middle, keepdims=0)
    weight, bias = (np.concatenate([weights[f"heads.{head}.{kind}"] for head in HEADS]) for kind in ("weight", "bias"))
    product = g.node("MatMul", g.node("Concat", mean, most, axis=1), g.floats(weight.T))
    g.node("Add", product, g.floats(bias), name="logits")
