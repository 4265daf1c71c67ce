"""A graph gives what lies inside it as well, and everything else stays as it was."""

from pathlib import Path

import numpy as np
import pytest

from socialai.errors import ModelMissing
from socialai.inference.encoder import TAP, Encoder
from socialai.inference.session import load_session, with_output
from socialai.resources import resource

ENCODER = resource("models", "encoder")


def test_a_value_inside_comes_out_and_the_vector_stays_the_same_to_the_bit() -> None:
    ids = np.random.default_rng(1).integers(1000, 20000, (3, 9))
    given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
    [plain] = load_session(ENCODER / "model.onnx", 1).run(None, given)
    tapped, states = load_session(ENCODER / "model.onnx", 1, also=TAP).run(["vectors", TAP], given)
    assert (plain == tapped).all()
    assert states.shape == (3, 9, 384)


def test_what_is_appended_is_an_output_of_the_graph() -> None:
    assert with_output(b"", "ab") == b"\x3a\x06\x62\x04\x0a\x02ab"


def test_a_name_that_is_not_inside_is_said_plainly() -> None:
    with pytest.raises(ModelMissing, match=r"model\.onnx"):
        load_session(ENCODER / "model.onnx", 1, also="nothing")


def test_an_absent_graph_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="restore it"):
        load_session(tmp_path / "model.onnx", 1)


def test_an_encoder_without_states_gives_the_same_vectors(encoder: Encoder) -> None:
    plain = Encoder(ENCODER, tap="")
    assert (plain.encode(["Do you ship to Norway?"]) == encoder.encode(["Do you ship to Norway?"])).all()
