"""Quantise the encoder's graph to int8 so that a text's vector does not depend on its neighbours in a batch.

The usual dynamic quantisation takes one activation scale for a whole batch: the same text gets another vector
beside another text, and one outlier token coarsens all. Here every token has its own scale. Weights are 7 bit
(-64..64) because processors without VNNI add two products in 16 bits and would saturate silently. Channels
with outliers are made smaller, and their weights larger, before rounding (SmoothQuant, arXiv 2211.10438).
"""

from collections.abc import Container

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper
from onnx.helper import make_node, make_opsetid

CONTRIB = "com.microsoft"

WEIGHT_LIMIT = 64
GELU_SHIFT = 0.171  # the least value of GELU is -0.17: shifted, its whole range fits an unsigned byte
BALANCE = 0.5
CLIPS = np.linspace(0.7, 1.0, 13)

Peaks = dict[str, NDArray[np.float32]]  # the greatest value met in each channel of each quantised activation


def quantise(model: onnx.ModelProto, peaks: Peaks) -> onnx.ModelProto:
    graph = Graph(model, peaks)
    for node in list(model.graph.node):
        if is_weighted(node, graph.weights):
            graph.quantise_matmul(node)
        elif node.op_type == "Gather" and graph.rows(node.input[0]) > 1000:
            graph.quantise_lookup(node)
    graph.finish()
    return model


def activations(model: onnx.ModelProto) -> list[str]:
    """The names of what is multiplied with weights, for measuring their peaks."""
    weights = {item.name for item in model.graph.initializer}
    names = {node.input[0]: None for node in model.graph.node if is_weighted(node, weights)}
    return list(names)


def is_weighted(node: onnx.NodeProto, weights: Container[str]) -> bool:
    return node.op_type == "MatMul" and node.input[1] in weights


class Graph:
    """The nodes in order while some are replaced by several."""

    def __init__(self, model: onnx.ModelProto, peaks: Peaks) -> None:
        self.model = model
        self.weights = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
        self.gelus = {node.output[0] for node in model.graph.node if node.op_type == "Gelu"}
        self.balances = {name: self.balance(name, peak) for name, peak in peaks.items()}
        self.replaced: dict[str, list[onnx.NodeProto]] = {}
        self.quantised: set[str] = set()
        self.constant("q_one", np.float32(1))
        self.constant("q_axis", np.array([-1], np.int64))
        self.constant("q_shift", np.float32(GELU_SHIFT))

    def rows(self, name: str) -> int:
        return len(self.weights[name]) if name in self.weights and self.weights[name].ndim == 2 else 0

    def constant(self, name: str, value: NDArray[np.generic] | np.generic) -> str:
        self.model.graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def balance(self, name: str, peak: NDArray[np.float32]) -> NDArray[np.float32]:
        """The factor of each channel; its weights are divided by the same."""
        users = [node for node in self.model.graph.node if is_weighted(node, self.weights)]
        weights = np.hstack([self.weights[node.input[1]] for node in users if node.input[0] == name])
        factor = np.abs(weights).max(axis=1) ** (1 - BALANCE) / np.maximum(peak, 1e-5) ** BALANCE
        return (factor / np.exp(np.log(factor).mean())).astype(np.float32)

    def quantise_lookup(self, node: onnx.NodeProto) -> None:
        """A table of word vectors: one scale a row, undone after the look-up."""
        table, out = self.weights[node.input[0]], node.output[0]
        scale = np.abs(table).max(axis=1, keepdims=True) / 127
        codes = self.constant(f"{out}_codes", np.rint(table / scale).astype(np.int8))
        scales = self.constant(f"{out}_scales", scale.astype(np.float32))
        self.replaced[out] = [
            make_node("Gather", [codes, node.input[1]], [f"{out}_code"]),
            make_node("Gather", [scales, node.input[1]], [f"{out}_scale"]),
            make_node("Cast", [f"{out}_code"], [f"{out}_float"], to=TensorProto.FLOAT),
            make_node("Mul", [f"{out}_float", f"{out}_scale"], [out]),
        ]

    def quantise_matmul(self, node: onnx.NodeProto) -> None:
        source, out = node.input[0], node.output[0]
        factor = self.balances[source]
        codes, scale = quantise_weight(self.weights[node.input[1]] / factor[:, None])
        nodes = [] if source in self.quantised else self.quantise_activation(source)
        names = [
            self.constant(f"{out}_codes", codes),
            "q_one",
            self.constant(f"{out}_scales", scale),
            self.constant(f"{out}_zero", self.zero(source)),
        ]
        product = [f"{out}_product"]
        nodes.append(make_node("MatMulIntegerToFloat", [f"{source}_bytes", *names], product, domain=CONTRIB))
        if source in self.gelus:
            unshift = -GELU_SHIFT * (factor[:, None] * codes * scale).sum(axis=0)
            self.constant(f"{out}_unshift", unshift.astype(np.float32))
            nodes.append(make_node("Mul", [f"{out}_product", f"{source}_scale"], [f"{out}_shifted"]))
            nodes.append(make_node("Add", [f"{out}_shifted", f"{out}_unshift"], [out]))
        else:
            nodes.append(make_node("Mul", [f"{out}_product", f"{source}_scale"], [out]))
        self.replaced[out] = nodes

    def zero(self, source: str) -> np.uint8:
        return np.uint8(0 if source in self.gelus else 128)

    def quantise_activation(self, name: str) -> list[onnx.NodeProto]:
        """One scale a token (the last axis); what comes out of GELU is shifted to be positive."""
        self.quantised.add(name)
        gelu = name in self.gelus
        factor = self.constant(f"{name}_balance", self.balances[name])
        limit = self.constant(f"{name}_limit", np.float32(1 / 255 if gelu else 1 / 127))
        zero = self.constant(f"{name}_zero", self.zero(name))
        even, size = f"{name}_even", f"{name}_even" if gelu else f"{name}_size"
        start = [make_node("Add", [name, "q_shift"], [f"{name}_positive"])] if gelu else []
        start.append(make_node("Mul", [f"{name}_positive" if gelu else name, factor], [even]))
        if not gelu:
            start.append(make_node("Abs", [even], [size]))
        return [
            *start,
            make_node("ReduceMax", [size, "q_axis"], [f"{name}_max"], keepdims=1),
            make_node("Mul", [f"{name}_max", limit], [f"{name}_scale"]),
            make_node("Div", ["q_one", f"{name}_scale"], [f"{name}_inverse"]),
            make_node("Mul", [even, f"{name}_inverse"], [f"{name}_scaled"]),
            make_node("QuantizeLinear", [f"{name}_scaled", "q_one", zero], [f"{name}_bytes"]),
        ]

    def finish(self) -> None:
        graph = self.model.graph
        nodes = [new for node in graph.node for new in self.replaced.get(node.output[0], [node])]
        used = {name for node in nodes for name in node.input}
        kept = [item for item in graph.initializer if item.name in used]
        del graph.node[:], graph.initializer[:], graph.value_info[:]
        graph.node.extend(nodes)
        graph.initializer.extend(kept)
        self.model.opset_import.append(make_opsetid(CONTRIB, 1))


def quantise_weight(weight: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Codes (in, out) and one scale a column: of several clippings the one with the least squared error."""
    peak = np.abs(weight).max(axis=0)
    best, error = peak / WEIGHT_LIMIT, np.full(weight.shape[1], np.inf)
    for clip in CLIPS:
        scale = clip * peak / WEIGHT_LIMIT
        rebuilt = np.clip(np.rint(weight / scale), -WEIGHT_LIMIT, WEIGHT_LIMIT) * scale
        loss = ((weight - rebuilt) ** 2).sum(axis=0)
        best, error = np.where(loss < error, scale, best), np.minimum(loss, error)
    codes = np.clip(np.rint(weight / best), -WEIGHT_LIMIT, WEIGHT_LIMIT).astype(np.int8)
    return codes, best.astype(np.float32)
