"""Texts become the right vectors, alone or together, and a broken model is said plainly."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialai.errors import ModelMissing
from socialai.inference.encoder import Encoder
from socialai.resources import resource


def test_vectors_are_unit_length_and_in_order(encoder: Encoder) -> None:
    texts = ["a very long question about shipping to Norway and its cost", "hi", "", "tent " * 900, "hi"]
    vectors = encoder.encode(texts)
    assert vectors.shape == (5, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors[1], vectors[4])
    assert encoder.encode([]).shape == (0, 384)


def test_a_texts_vector_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    texts = [
        "Where is my order?",
        "😡😡😡",
        "Do you ship to Norway and what does it cost me to send two tents?",
    ]
    alone = np.vstack([encoder.encode([text]) for text in texts])
    assert np.allclose(encoder.encode(texts), alone, atol=1e-4)


def test_what_means_the_same_is_near(encoder: Encoder) -> None:
    ship, deliver, hours = encoder.encode(
        ["Do you ship to Norway?", "Can you deliver to Norway?", "When do you open?"]
    )
    assert ship @ deliver > 0.8 > 0.5 > ship @ hours


def test_the_version_names_the_weights(encoder: Encoder) -> None:
    name, _, digest = encoder.version.partition("@")
    assert name == "all-minilm-l6-v2-int8"
    assert len(digest) == 12


@settings(max_examples=50, deadline=None)
@given(text=st.text(st.characters(), max_size=400))
def test_any_text_has_a_vector(encoder: Encoder, text: str) -> None:
    assert np.isfinite(encoder.encode([text, text + "\ud800"])).all()


def test_absent_and_damaged_files_are_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="absent"):
        Encoder(tmp_path)
    folder = Path(shutil.copytree(resource("models", "encoder"), tmp_path / "encoder"))
    (folder / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelMissing, match=r"model\.onnx"):
        Encoder(folder)
    (folder / "manifest.json").write_text("{")
    with pytest.raises(ModelMissing, match="damaged"):
        Encoder(folder)
