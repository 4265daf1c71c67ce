"""Spam of a source not seen: the probe learns one public set and our messages, and is asked the other."""

from pathlib import Path

from socialai.cli.evaluate.probe import Probe
from socialai.cli.evaluate.result import Result
from socialai.cli.evaluate.sets import Row, accuracy, correlation, places, read, read_own
from socialai.inference.encoder import Encoder
from socialai.resources import resource


def spam(shared: Path) -> list[Result]:
    sms, youtube = read(shared, "sms_spam/all"), read(shared, "youtube_spam/all")
    own = [{"text": row["text"], "label": _label(row["intent"])} for row in read_own("messages.jsonl")]
    return [
        *_left_out("SMS", [*own, *youtube], sms, "trained on SMS itself: accuracy 98.8, MCC .946"),
        *_left_out("YouTube", [*own, *sms], youtube, "SMS-only head 52; trained on other videos 90.1"),
    ]


def _label(intent: str) -> str:
    return "spam" if intent == "spam" else "ham"


def _left_out(name: str, train: list[Row], test: list[Row], compared_to: str) -> list[Result]:
    encode = Encoder(resource("models", "encoder")).encode
    known, truth = (places([row["label"] for row in rows], ["ham", "spam"]) for rows in (train, test))
    probe = Probe(encode([row["text"] for row in train]), known)
    said = probe.places(encode([row["text"] for row in test]))
    return [
        Result(f"Spam on {name}, never trained on it", accuracy(said, truth), "%", compared_to),
        Result(f"Spam on {name}, Matthews correlation", correlation(said, truth), "", compared_to),
    ]
