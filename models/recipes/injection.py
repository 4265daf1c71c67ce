"""Train the head that tells texts that try to instruct the assistant from what customers write.

Learns from BIPIA's train split, the jailbreaks' train file, half of NotInject, our own injections.jsonl
(written for this, none copied) and customers' messages of the public sets. Run in a Python with the `models`
extra: `socialai models build --only injection`.

BIPIA's plain tasks ("What is the capital of Brazil?") are left out: to a shop they are odd questions, which
its knowledge does not answer, and no attack; learning them would flag honest questions.
"""

import zlib
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from socialai.inference.encoder import Encoder
from socialai.inference.injection import BUCKETS, Floats, buckets, parts, signs

from .manifest import encoder_beside, options, print_metrics, write_manifest
from .sets import Row, read_own, read_set, texts_of

FOLDS = 5
STRENGTH = 1.0
VECTOR, WORDS, SIGNS = 2.0, 4.0, 1.0  # how much of the penalty each part is spared
KEPT = {"trigger": 0.96, "customer": 0.997}  # of harmless texts, in cross-validation
PLAIN_TASKS = frozenset(
    {
        "Information Retrieval",
        "Content Creation",
        "Learning and Tutoring",
        "Language Translation",
        "Programming Help",
    }
)
CUSTOMERS = {
    "banking77/train": 700,
    "clinc150/train": 500,
    "bitext/utterances_8k": 300,
    "multidogo/train": 900,
    "sms_spam/all": 500,
    "youtube_spam/all": 300,
    "goemotions/train": 1200,
    "email_intent/train": 700,
}


class Example(NamedTuple):
    """`group` keeps what is alike on one side of cross-validation; 'trigger' are NotInject's."""

    text: str
    injects: bool
    weight: float
    group: str
    kind: str


def learn_from(text: str) -> bool:
    """NotInject has no split: by its texts, half is learnt from and half is measured on."""
    return zlib.crc32(text.encode()) % 2 == 0


def examples() -> list[Example]:
    attacks, own = attack_examples(), read_own("injections.jsonl")
    customers = [
        text for name, count in CUSTOMERS.items() for text in Random(4).sample(texts_of(name), count)
    ] + [row["text"] for row in read_own("messages.jsonl") if not signs(row["text"])[0]]
    harmless = [row["text"] for row in own if not row["injection"]]
    triggers = [text for text in texts_of("notinject/benign") if learn_from(text)]
    return [
        *attacks,
        *hidden(attacks, customers),
        *(Example(text, False, 0.3, f"c{place}", "customer") for place, text in enumerate(customers)),
        *(Example(text, False, 1.5, f"h{place}", "harmless") for place, text in enumerate(harmless)),
        *(Example(text, False, 3.0, f"t{place}", "trigger") for place, text in enumerate(triggers)),
        *doubled(customers),
    ]


def attack_examples() -> list[Example]:
    bipia = [row for row in read_set("bipia/attacks") if row["split"] == "train"]
    jailbreaks = texts_of("jailbreaks/jailbreak_prompts_train", "prompt")
    own = [row["text"] for row in read_own("injections.jsonl") if row["injection"]]
    return [
        *(Example(row["attack"], True, 1.5, row["category"], "bipia") for row in bipia if attacks(row)),
        *(Example(text, True, 1.0, f"j{place}", "jailbreak") for place, text in enumerate(jailbreaks)),
        *(Example(text, True, 1.5, f"o{place}", "own") for place, text in enumerate(own)),
    ]


def attacks(row: Row) -> bool:
    return row["category"] not in PLAIN_TASKS


def hidden(attacks: list[Example], customers: list[str]) -> list[Example]:
    """The same after a customer's own words, as it would come."""
    random = Random(5)
    return [
        one._replace(text=f"{random.choice(customers)} {one.text}", weight=0.7, kind="hidden")
        for one in attacks
        if len(one.text) < 600
    ]


def doubled(customers: list[str]) -> list[Example]:
    """Two honest messages one after the other are still honest."""
    random = Random(6)
    pairs = [" ".join(random.sample(customers, 2)) for _ in range(400)]
    return [Example(text, False, 0.3, f"d{place}", "customer") for place, text in enumerate(pairs)]


def features(texts: list[str], vectors: Floats) -> Floats:
    words = np.zeros((len(texts), BUCKETS), np.float32)
    for row, text in enumerate(texts):
        places = buckets(text)
        words[row, places] = 1 / np.sqrt(max(1, len(places)))
    told = np.stack([signs(text) for text in texts])
    return np.hstack([VECTOR * vectors, WORDS * words, SIGNS * told])


def fit(x: Floats, found: list[Example]) -> LogisticRegression:
    model = LogisticRegression(C=STRENGTH, max_iter=500)
    return model.fit(x, [one.injects for one in found], sample_weight=[one.weight for one in found])


def held_out(vectors: Floats, found: list[Example]) -> Floats:
    """The score of each example's worst part, as in inference, by a head that saw nothing of its group."""
    x = features([one.text for one in found], vectors)
    fold = np.array([zlib.crc32(one.group.encode()) % FOLDS for one in found])
    scores = np.zeros(len(found), np.float32)
    for place in range(FOLDS):
        model = fit(x[fold != place], [one for one, f in zip(found, fold, strict=True) if f != place])
        scores[fold == place] = [
            worst(model, found[row].text, vectors[row]) for row in np.flatnonzero(fold == place)
        ]
    return scores


def worst(model: LogisticRegression, text: str, vector: Floats) -> float:
    said = parts(text)
    return float(model.decision_function(features(said, np.tile(vector, (len(said), 1)))).max())


def build(folder: Path) -> dict[str, Any]:
    found = examples()
    texts = [one.text for one in found]
    encoder = Encoder(encoder_beside(folder), threads=2)
    vectors = encoder.encode(texts)
    scores = held_out(vectors, found)
    kind = np.array([one.kind for one in found])
    border = max(float(np.quantile(scores[kind == name], share)) for name, share in KEPT.items())
    model = fit(features(texts, vectors), found)
    save(folder, model, border, encoder.version)
    shares = {name: (scores[kind == name] > border).mean() for name in dict.fromkeys(kind)}
    return {"border": round(border, 3), **{f"flagged_{name}": round(v, 4) for name, v in shares.items()}}


def save(folder: Path, model: LogisticRegression, border: float, encoder: str) -> None:
    """The border becomes 0.5."""
    weights = model.coef_[0]
    arrays = {
        "vector": VECTOR * weights[:384],
        "words": WORDS * weights[384 : 384 + BUCKETS],
        "signs": SIGNS * weights[384 + BUCKETS :],
        "bias": np.array(model.intercept_[0] - border),
    }
    folder.mkdir(parents=True, exist_ok=True)
    np.savez(folder / "head.npz", **{name: value.astype(np.float32) for name, value in arrays.items()})
    write_manifest(
        folder,
        {
            "name": "socialai-injection-1",
            "purpose": "Whether a text tries to instruct the assistant",
            "source": "Trained here, on the sets named in models/NOTICE.md",
            "licence": "Apache-2.0",
            "recipe": "models/recipes/injection.py",
            "encoder": encoder,
        },
    )


if __name__ == "__main__":
    print_metrics(build(options("injection").parse_args().out))
