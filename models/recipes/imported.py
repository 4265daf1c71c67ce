"""Any sentence-transformers folder as the encoder of the search: exported with everything in one graph.

Run in a Python with the `models` extra: `socialai models bundle FOLDER FILE`. Vectors narrower than the hub's
are filled with zeros, which changes no likeness; wider ones are turned so that the first numbers tell most.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

from .manifest import sha256
from .sets import read_own

WIDTH = 384
MAX_TOKENS = 256
SAMPLE = 1500
LEAST_LIKENESS = 0.999

Floats = NDArray[np.float32]


class Whole(torch.nn.Module):
    """Token ids → one vector of unit length and of the hub's width a text."""

    def __init__(self, model: SentenceTransformer, turn: torch.Tensor) -> None:
        super().__init__()
        self.model, self.turn = model, turn

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        features: dict[str, Any] = {"input_ids": input_ids, "attention_mask": attention_mask}
        for module in self.model:
            features = module(features)
        return torch.nn.functional.normalize(features["sentence_embedding"] @ self.turn, dim=1)


def turn_for(model: SentenceTransformer) -> torch.Tensor:
    """Shape (its width, 384)."""
    width = model.get_embedding_dimension()
    if width <= WIDTH:
        return torch.eye(width, WIDTH)
    texts = [row["text"] for row in read_own("messages.jsonl")][:SAMPLE]
    _, _, ways = np.linalg.svd(model.encode(texts, normalize_embeddings=True), full_matrices=True)
    return torch.from_numpy(ways[:WIDTH].T.astype(np.float32).copy())


def export(model: SentenceTransformer, turn: torch.Tensor, path: Path) -> None:
    ids = torch.randint(5, 50, (3, 11), generator=torch.Generator().manual_seed(1))
    batch, length = (
        torch.export.Dim("batch", min=1, max=4096),
        torch.export.Dim("length", min=2, max=MAX_TOKENS),
    )
    axes = {0: batch, 1: length}
    torch.onnx.export(
        Whole(model, turn).eval(),
        (ids, torch.ones_like(ids)),
        path,
        dynamo=True,
        input_names=["input_ids", "attention_mask"],
        output_names=["vectors"],
        dynamic_shapes={"input_ids": axes, "attention_mask": axes},
        external_data=False,
        opset_version=20,
        verbose=False,
    )


def write_tokenizer(model: SentenceTransformer, path: Path) -> Tokenizer:
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", None)
    if tokenizer is None:
        sys.exit("This model has no fast tokenizer, which the hub needs (tokenizer.json).")
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.save(str(path))
    return tokenizer


def likeness(model: SentenceTransformer, turn: torch.Tensor, folder: Path, tokenizer: Tokenizer) -> float:
    """How alike the exported vectors are to its own, at the least."""
    texts = [row["text"] for row in read_own("messages.jsonl")][:50]
    own = model.encode(texts, normalize_embeddings=True) @ turn.numpy()
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    ours = [vector_of(session, tokenizer.encode(text).ids) for text in texts]
    return float((own * np.vstack(ours)).sum(axis=1).min())


def vector_of(session: onnxruntime.InferenceSession, ids: list[int]) -> Floats:
    asked = np.array([ids])
    vectors: Floats = session.run(None, {"input_ids": asked, "attention_mask": np.ones_like(asked)})[0]
    return vectors


def convert(source: Path, out: Path) -> None:
    out.mkdir(parents=True)
    model = SentenceTransformer(
        str(source), device="cpu", local_files_only=True, model_kwargs={"attn_implementation": "eager"}
    ).eval()
    turn = turn_for(model)
    tokenizer = write_tokenizer(model, out / "tokenizer.json")
    export(model, turn, out / "model.onnx")
    least = likeness(model, turn, out, tokenizer)
    if least < LEAST_LIKENESS:
        sys.exit(f"The exported model says something else than its own (likeness {least:.4f}).")
    write(source, out, model.get_embedding_dimension(), least)


def write(source: Path, out: Path, width: int, least: float) -> None:
    facts = {
        "name": name_of(source),
        "purpose": "Sentence vectors for the search in the knowledge, brought by the owner",
        "source": str(source.resolve()),
        "licence": "as the owner of the folder knows",
        "recipe": "models/recipes/imported.py",
        "built_with": {"torch": torch.__version__, "onnx": onnx.__version__},
        "metrics": {"width": width, "least_likeness_to_its_own": round(least, 5)},
        "files": {
            path.name: {"sha256": sha256(path), "bytes": path.stat().st_size}
            for path in (out / "model.onnx", out / "tokenizer.json")
        },
    }
    (out / "manifest.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", "utf-8")


def name_of(source: Path) -> str:
    name = source.resolve().name.lower()
    letters = "".join(letter if letter.isalnum() else "-" for letter in name).strip("-")
    return letters or hashlib.sha256(str(source).encode()).hexdigest()[:8]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("source", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    convert(asked.source, asked.out)
