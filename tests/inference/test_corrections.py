"""What was corrected is remembered for its like, and nothing else is touched."""

import numpy as np
import pytest

from socialai.domain.correction import Judgement
from socialai.errors import ModelError
from socialai.inference.corrections import CorrectionsModel, from_bytes, learn
from socialai.inference.encoder import Encoder

SAID = Judgement("inquiry", "neutral", "low", 0.75)
MEANT = Judgement("sales", "neutral", "low")
TRIALS = [
    "Could I try the tent in your shop?",
    "can I come and try the boots",
    "Is it possible to test the bike before?",
    "I'd like to try on the jacket at your place",
    "may I come by and test the stove",
    "could we try the kayak first",
]


def taught(encoder: Encoder) -> CorrectionsModel:
    return learn(encoder.encode(TRIALS), [SAID] * len(TRIALS), [MEANT] * len(TRIALS))


def adjusted(encoder: Encoder, text: str, said: Judgement = SAID) -> Judgement:
    return taught(encoder).adjust([said], encoder.encode([text]))[0]


def test_the_like_is_understood_as_the_person_said(encoder: Encoder) -> None:
    assert adjusted(encoder, "Can I try the backpack in the shop?").intent == "sales"


def test_what_is_unlike_stays_as_it_was(encoder: Encoder) -> None:
    said = Judgement("complaint", "angry", "high", 0.9)
    after = adjusted(encoder, "My money is gone and nobody answers", said)
    assert (after.intent, after.mood, after.urgency) == ("complaint", "angry", "high")
    assert after.confidence == pytest.approx(0.9, abs=0.05)


def test_each_correction_kept_out_is_found_by_the_others(encoder: Encoder) -> None:
    found = [one.intent for one in taught(encoder).left_out([SAID] * len(TRIALS))]
    assert found.count("sales") >= 4


def test_it_says_the_same_after_it_was_kept(encoder: Encoder) -> None:
    model = taught(encoder)
    vectors = encoder.encode(["Can I try the backpack?", "where is my order"])
    before, after = (each.adjust([SAID] * 2, vectors) for each in (model, from_bytes(model.to_bytes())))
    assert [one.intent for one in before] == [one.intent for one in after]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x80\x04cos\nsystem\n"])
def test_what_is_damaged_or_a_pickle_is_refused(data: bytes) -> None:
    with pytest.raises(ModelError, match="damaged"):
        from_bytes(data)


def test_opposite_corrections_of_one_text_settle_nothing() -> None:
    vectors = np.repeat(np.eye(1, 384, dtype=np.float32), 4, axis=0)
    model = learn(vectors, [SAID] * 4, [MEANT, SAID, MEANT, SAID])
    assert model.adjust([SAID], vectors[:1])[0].intent == "inquiry"
