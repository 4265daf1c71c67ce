"""The taught branch as an ONNX graph, its weights in 8 bits like the encoder's."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx.helper import make_tensor_value_info

from socialai.inference.surface import FEATURES

from .branch import WIDTH, Branch
from .quantise import GELU_SHIFT, Peaks, activations, quantise
from .states import Floats, States
from .training import Places, padded

INPUTS = ("states", "mask", "surfaces")


def export(branch: Branch, path: Path) -> None:
    count, length = torch.export.Dim("count", min=1, max=512), torch.export.Dim("length", min=2, max=512)
    torch.onnx.export(
        branch.to("cpu").eval(),
        (torch.randn(3, 11, WIDTH), torch.ones(3, 11), torch.zeros(3, FEATURES)),
        path,
        dynamo=True,
        input_names=list(INPUTS),
        output_names=["said"],
        dynamic_shapes={
            "states": {0: count, 1: length},
            "mask": {0: count, 1: length},
            "surfaces": {0: count},
        },
        external_data=False,
        opset_version=20,
        verbose=False,
    )


def shrink(exact: Path, small: Path, states: States, rows: Places) -> None:
    """8 bits, balanced by the peaks met in the texts at `rows`."""
    watched = small.with_suffix(".watched.onnx")
    peaks = measure_peaks(onnx.load(exact), watched, states, rows)
    onnx.save(quantise(onnx.load(exact), peaks), small)
    watched.unlink()


def measure_peaks(model: onnx.ModelProto, path: Path, states: States, rows: Places) -> Peaks:
    names = activations(model)
    gelus = {node.output[0] for node in model.graph.node if node.op_type == "Gelu"}
    for name in names:
        model.graph.output.append(make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    onnx.save(model, path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    peaks: Peaks = {}
    for row in rows:
        for name, values in zip(names, session.run(names, given(states, np.array([row]))), strict=True):
            peak = np.abs(values + (GELU_SHIFT if name in gelus else 0)).max(axis=(0, 1))
            peaks[name] = np.maximum(peaks.get(name, peak), peak)
    return peaks


def given(states: States, rows: Places) -> dict[str, Floats]:
    tokens, mask = padded(states, rows)
    return {"states": tokens.numpy(), "mask": mask.numpy(), "surfaces": states.surfaces[rows]}


def run(path: Path, states: States, rows: Places) -> Floats:
    """What the graph says of the texts at `rows`."""
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    order = np.argsort(np.diff(states.starts)[rows], kind="stable")
    parts = np.array_split(order, max(1, len(order) // 32))
    said = np.concatenate([session.run(["said"], given(states, rows[part]))[0] for part in parts])
    return said[np.argsort(order)]
