"""Texts that try to instruct the assistant, on the parts of the public sets that were not learnt from."""

import zlib

from socialai.cli.evaluate.lab import Lab

FLAGGED = 0.5


def injection(lab: Lab) -> dict[str, float]:
    """Harmless texts full of such words, attacks, and what customers write."""
    harmless = [row["text"] for row in lab.read("notinject/benign") if not _learnt(row["text"])]
    bipia = [row["attack"] for row in lab.read("bipia/attacks") if row["split"] == "test"]
    jailbreaks = _jailbreaks(lab)
    customers = [row["text"] for row in lab.read("banking77/test")]
    return {
        "notinject_kept": 100 - _flagged(lab, harmless),
        "attacks_caught": _flagged(lab, bipia + jailbreaks),
        "bipia_caught": _flagged(lab, bipia),
        "jailbreaks_caught": _flagged(lab, jailbreaks),
        "customers_kept": 100 - _flagged(lab, customers),
    }


def _learnt(text: str) -> bool:
    """The half that models/recipes/injection.py learns from."""
    return zlib.crc32(text.encode()) % 2 == 0


def _jailbreaks(lab: Lab) -> list[str]:
    learnt = {row["prompt"] for row in lab.read("jailbreaks/jailbreak_prompts_train")}
    rows = [*lab.read("jailbreaks/jailbreak_prompts"), *lab.read("jailbreaks/jailbreak_prompts_itw")]
    return [text for text in dict.fromkeys(row["prompt"] for row in rows) if text not in learnt]


def _flagged(lab: Lab, texts: list[str]) -> float:
    traits = lab.models.traits(texts, lab.encode(texts))
    return 100 * sum(each.injection > FLAGGED for each in traits) / max(1, len(traits))
