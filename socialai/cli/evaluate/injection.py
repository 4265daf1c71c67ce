"""Texts that try to instruct the assistant, on the parts of the public sets that were not learnt from."""

import zlib
from pathlib import Path

from socialai.cli.evaluate.result import Result
from socialai.cli.evaluate.sets import read
from socialai.inference.encoder import Encoder
from socialai.inference.injection import InjectionModel
from socialai.resources import resource

FLAGGED = 0.5
PUBLISHED = (
    "NotInject kept: InjecGuard 87.3, GPT-4o 86.7, PromptGuard 0.9; malicious caught: 77.4, 79.1, 97.1"
)


def injection(shared: Path) -> list[Result]:
    """Whole messages; and BIPIA's attacks behind what a customer might ask."""
    harmless = [row["text"] for row in read(shared, "notinject/benign") if not _learnt(row["text"])]
    bipia = [row["attack"] for row in read(shared, "bipia/attacks") if row["split"] == "test"]
    jailbreaks = _jailbreaks(shared)
    customers = [row["text"] for name in ("banking77/test", "multidogo/dev") for row in read(shared, name)]
    hidden = [f"Hi, where is my order 10482? {text}" for text in bipia]
    return [
        Result("NotInject harmless texts kept", 100 - _flagged(harmless), "%", PUBLISHED),
        Result("BIPIA and jailbreaks caught", _flagged(bipia + jailbreaks), "%", PUBLISHED),
        Result("BIPIA test attacks caught", _flagged(bipia), "%", "a third of its texts are plain tasks"),
        Result("BIPIA behind a customer's question", _flagged(hidden), "%", "as such a message would come"),
        Result("Jailbreaks caught", _flagged(jailbreaks), "%", PUBLISHED),
        Result("Customers' messages kept", 100 - _flagged(customers), "%", "BANKING77 test, MultiDoGO dev"),
    ]


def _learnt(text: str) -> bool:
    """The half that models/recipes/injection.py learns from."""
    return zlib.crc32(text.encode()) % 2 == 0


def _jailbreaks(shared: Path) -> list[str]:
    learnt = {row["prompt"] for row in read(shared, "jailbreaks/jailbreak_prompts_train")}
    rows = [*read(shared, "jailbreaks/jailbreak_prompts"), *read(shared, "jailbreaks/jailbreak_prompts_itw")]
    return [text for text in dict.fromkeys(row["prompt"] for row in rows) if text not in learnt]


def _flagged(texts: list[str]) -> float:
    vectors = Encoder(resource("models", "encoder")).encode(texts)
    chances = InjectionModel(resource("models", "injection")).chances(texts, vectors)
    return 100 * sum(chance > FLAGGED for chance in chances) / max(1, len(chances))
