"""A tenant's own intents: learnt from a few examples, told apart, and silent about strangers."""

import time
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialai.domain.strangers import STRANGERS
from socialai.errors import ModelError
from socialai.inference.encoder import Encoder
from socialai.inference.intents import NONE, IntentsModel, from_bytes, learn, read_texts
from socialai.inference.minimise import minimise
from socialai.inference.reading import Floats, read
from socialai.inference.word_hash import BUCKETS, WordHash, buckets

EXAMPLES = {
    1: [
        "Do you have open positions?",
        "I'd like to apply for a job at your shop",
        "Are you hiring at the moment?",
        "Where do I send my CV?",
        "Is the internship still available?",
        "Do you need help in the warehouse over Christmas?",
    ],
    2: [
        "Can I rent the big tent for a weekend?",
        "How much is it to hire a kayak for two days?",
        "Do you lend out camping stoves?",
        "rental price for four sleeping bags?",
        "I want to borrow a backpack for a week",
        "Is there a deposit when I rent a bike?",
    ],
    3: [
        "We are a school and want to order 60 jackets",
        "Do you give a discount to resellers?",
        "I need an offer for 200 printed mugs",
        "Is there a wholesale price list?",
        "Our company would like to buy in bulk",
        "minimum order for trade customers?",
    ],
}


def blended(encoder: Encoder, texts: Sequence[str]) -> Floats:
    return np.stack([blend for _, blend, _ in read(encoder, None, [(text, False) for text in texts])])


def taught(encoder: Encoder, examples: dict[int, list[str]] | None = None) -> IntentsModel:
    pairs = [(label, text) for label, texts in (examples or EXAMPLES).items() for text in texts]
    texts = [text for _, text in pairs]
    known = read_texts(texts, blended(encoder, texts))
    strangers = read_texts(STRANGERS, blended(encoder, STRANGERS))
    return learn([label for label, _ in pairs], known, [True] * len(pairs), strangers)[0]


def guess(model: IntentsModel, encoder: Encoder, text: str) -> tuple[int, float]:
    return model.guess(read_texts([text], blended(encoder, [text])))[0]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("are there any jobs for students", 1),
        ("what does it cost to rent two kayaks", 2),
        ("do resellers get better prices", 3),
    ],
)
def test_what_resembles_the_examples_is_found(encoder: Encoder, text: str, label: int) -> None:
    found, confidence = guess(taught(encoder), encoder, text)
    assert found == label
    assert 0.4 < confidence <= 1


@pytest.mark.parametrize(
    "text", ["My parcel arrived broken, I am furious", "👍", "", "what a sunny day it is"]
)
def test_what_resembles_none_fits_none(encoder: Encoder, text: str) -> None:
    assert guess(taught(encoder), encoder, text)[0] == NONE


def test_examples_of_none_teach_what_is_none(encoder: Encoder) -> None:
    near = ["Can I rent out my own tent through you?", "I want to rent out my kayak to others"]
    model = taught(encoder, {**EXAMPLES, NONE: [*near, "May I offer my bike for hire on your page?"]})
    assert guess(model, encoder, "can I rent out my own bike through your page?")[0] == NONE
    assert guess(model, encoder, "how much is it to rent a kayak for two days")[0] == 2


def test_it_says_the_same_after_it_was_kept_and_is_small(encoder: Encoder) -> None:
    model = taught(encoder)
    data = model.to_bytes()
    text = "is there a wholesale price"
    assert guess(from_bytes(data), encoder, text)[0] == guess(model, encoder, text)[0] == 3
    assert len(data) < 100_000


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x80\x04cos\nsystem\n"])
def test_what_is_damaged_or_a_pickle_is_refused(data: bytes) -> None:
    with pytest.raises(ModelError, match="train again"):
        from_bytes(data)


def test_seventy_seven_intents_of_ten_examples_are_learnt_in_seconds() -> None:
    random = np.random.default_rng(1)
    middles = random.normal(size=(77, 384))
    vectors = np.repeat(middles, 10, axis=0) + 0.8 * random.normal(size=(770, 384))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    labels = np.repeat(np.arange(1, 78), 10)
    texts = [f"word{label} and word{label % 7}" for label in labels]
    started = time.process_time()
    known = read_texts(texts, vectors)
    model, held = learn(labels.tolist(), known, [True] * 770, known.take(np.arange(9)))
    assert (model.labels[held.argmax(axis=1)] == labels).mean() > 0.95
    assert time.process_time() - started < 12  # 1.8 s on a quiet machine


def test_the_least_is_found() -> None:
    place = minimise(lambda x: (float(((x - 3) ** 2).sum()), 2 * (x - 3)), np.zeros((2, 2)))
    assert np.allclose(place, 3, atol=1e-4)


def test_the_same_example_twice_is_no_obstacle(encoder: Encoder) -> None:
    model = taught(encoder, {label: [*texts, texts[0], texts[0]] for label, texts in EXAMPLES.items()})
    assert guess(model, encoder, "are there any jobs for students")[0] == 1


@given(st.text())
def test_any_text_has_its_words(text: str) -> None:
    found = buckets(text)
    assert found == sorted(set(found))
    assert all(0 <= place < BUCKETS for place in found)


@settings(max_examples=30)
@given(st.lists(st.text(alphabet="ab c", max_size=12), min_size=1, max_size=6))
def test_shared_words_are_counted_as_a_dense_matrix_would(texts: list[str]) -> None:
    words = WordHash.of(texts)
    dense = words.times(np.eye(BUCKETS, dtype=np.float32))
    assert np.allclose(words.shared(words), dense @ dense.T, atol=1e-5)
    weights = np.arange(2 * len(texts), dtype=np.float32).reshape(len(texts), 2)
    assert np.allclose(words.times_transposed(weights), dense.T @ weights, atol=1e-4)
    rows = np.arange(len(texts))[::-1]
    assert np.allclose(words.take(rows).times(np.eye(BUCKETS, dtype=np.float32)), dense[::-1])
