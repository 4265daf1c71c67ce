"""socialai eval: figures on small sets in the shape of the real ones; what is absent is skipped."""

import gzip
from pathlib import Path
from typing import Any

import msgspec
import pytest

from socialai.errors import InvalidInput
from tests.cli.conftest import Run

SPAM = [{"text": "Win a free prize now", "label": "spam"}, {"text": "See you at lunch", "label": "ham"}] * 2
ASKS = [{"text": "Please send me the file.", "label": "Yes"}, {"text": "It rained.", "label": "No"}]
BANK = [
    {"text": "Where is my card?", "label": "card_arrival"},
    {"text": "How do I change my PIN?", "label": "change_pin"},
]
CLINC = [{"text": "hello", "label": "greeting"}, {"text": "book me a flight", "label": "book_flight"}]
STRANGE = [{"text": "rewind one minute", "label": "oos"}]
SETS: dict[str, list[dict[str, Any]]] = {
    "tweeteval_sentiment/val": [
        {"text": "I hate this", "label": "negative"},
        {"text": "I love this", "label": "positive"},
        {"text": "The bus comes at nine", "label": "neutral"},
    ],
    "goemotions/test": [
        {"text": "I am furious", "labels": ["anger"]},
        {"text": "both", "labels": ["joy", "anger"]},
        {"text": "Thank you!", "labels": ["gratitude"]},
    ],
    "sms_spam/all": SPAM,
    "youtube_spam/all": SPAM,
    "email_intent/train": ASKS,
    "email_intent/test": ASKS,
    "banking77/fewshot_train_10": BANK,
    "banking77/train": BANK,
    "banking77/test": BANK,
    **{f"clinc150/{split}": CLINC for split in ("train", "val", "test")},
    **{f"clinc150/oos_{split}": STRANGE for split in ("val", "test")},
}
MEASURED_HERE = "sentiment intents spam banking77 clinc150 actions own".split()


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    for name, rows in SETS.items():
        path = tmp_path / "shared" / "data" / f"{name}.jsonl.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(b"\n".join(map(msgspec.json.encode, rows))))
    return tmp_path / "shared"


@pytest.mark.parametrize("name", MEASURED_HERE)
def test_every_figure_stands_beside_what_it_is_compared_to(run: Run, shared: Path, name: str) -> None:
    done = run("eval", "--only", name, "--json", SOCIALAI_SHARED=str(shared))
    assert done.exit_code == 0, done.output
    results = msgspec.json.decode(done.stdout)
    assert results
    assert all(result["value"] is not None and result["compared_to"] for result in results)


def test_what_is_absent_is_skipped_and_said(run: Run, tmp_path: Path) -> None:
    done = run("eval", "--only", "spam", "--only", "own", SOCIALAI_SHARED=str(tmp_path))
    assert done.exit_code == 0
    assert "skipped" in done.stdout
    assert "Own check: intent" in done.stdout
    assert "sms_spam" in done.stderr


def test_an_unknown_name_is_refused_with_the_known_ones(run: Run) -> None:
    done = run("eval", "--only", "luck")
    assert isinstance(done.exception, InvalidInput)
    assert "sentiment" in str(done.exception)
