"""Teach the net that tells from two vectors whether a sentence answers a question.

Each lesson is a question, the sentence that answers it if one does, and others that do not: of our own
businesses those nearest to it, of DSTC9's places their other snippets.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, NamedTuple

import numpy as np
import torch

from socialai.domain.knowledge import told
from socialai.inference.answering import DIFFERENCE, PRODUCT, RELATION, Floats
from socialai.knowledge.chunk import chunk, sentences
from socialai.knowledge.index import WIDTH

from .businesses import BUSINESSES, own, places, plain, sampled
from .sets import Row

Encode = Callable[[Sequence[str]], Floats]

HIDDEN = 48
ROUNDS = 3
BATCH = 16
NEAREST = 30
OTHERS = 12
REPEATED = 8
"""How often a question of our own is asked in a round: there are many more of DSTC9's."""
OF_PLACES = 6000
ALIKE = 0.7
"""Two questions this near may have the same answer."""
BORDER = 2.0
KEPT = 2e-3


class Lesson(NamedTuple):
    """`answer` is None where nothing answers; `business` numbers what must stay on one side when folds are
    made."""

    business: int
    question: torch.Tensor
    answer: torch.Tensor | None
    others: torch.Tensor
    times: int


class Net(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.turn = torch.nn.Parameter(torch.eye(WIDTH))
        self.likeness = torch.nn.Parameter(torch.tensor(8.0))
        self.hidden = torch.nn.Linear(2 * WIDTH, HIDDEN)
        self.out = torch.nn.Linear(HIDDEN, 1)

    def forward(self, question: torch.Tensor, sentences: torch.Tensor) -> torch.Tensor:
        alike = sentences @ (self.turn @ question)
        pairs = torch.hstack([PRODUCT * question * sentences, DIFFERENCE * (question - sentences).abs()])
        seen = torch.nn.functional.dropout(torch.relu(self.hidden(pairs)), 0.3, self.training)
        return self.out(seen)[:, 0] + self.likeness * alike

    def arrays(self) -> dict[str, Any]:
        values = (
            self.turn,
            self.likeness,
            self.hidden.weight.T,
            self.hidden.bias,
            self.out.weight[0],
            self.out.bias[0],
        )
        return {
            name: value.detach().numpy().astype(np.float16)
            for name, value in zip(RELATION, values, strict=True)
        }


def lessons(encode: Encode) -> list[Lesson]:
    return [*_of_businesses(encode), *_of_places(encode)]


def _of_businesses(encode: Encode) -> Iterator[Lesson]:
    for place, name in enumerate(BUSINESSES):
        business = own(name)
        passages = [
            (title, one) for title, text in business.articles for one in chunk("markdown", title, text)
        ]
        cut = [(one.text, sentence) for _, one in passages for sentence in sentences(one.text)]
        vectors = encode(
            [text for title, one in passages for text in told(title, one.heading, None, sentences(one.text))]
        )
        asked = encode([question for question, _ in business.questions])
        for (_, words), vector in zip(business.questions, asked, strict=True):
            answers = [bool(words) and plain(words) in plain(sentence) for _, sentence in cut]
            outside = [not words or plain(words) not in plain(passage) for passage, _ in cut]
            order = np.argsort(-(vectors @ vector)).tolist()
            others = [at for at in order if outside[at]][:NEAREST]
            if any(answers) or not words:
                answer = torch.tensor(vectors[answers.index(True)]) if words else None
                yield Lesson(place, torch.tensor(vector), answer, torch.tensor(vectors[others]), REPEATED)


def _of_places(encode: Encode) -> Iterator[Lesson]:
    found = places()
    number_of = {key: number for number, key in enumerate(sampled(found), len(BUSINESSES))}
    taught = [
        lesson
        for number, (key, rows) in enumerate(found.items())
        for lesson in _of_place(number_of.get(key, number), rows, encode)
    ]
    return iter(Random(0).sample(taught, OF_PLACES))


def _of_place(number: int, rows: Sequence[Row], encode: Encode) -> Iterator[Lesson]:
    titles = encode([row["title"] for row in rows])
    about = [str(row["entity"] or row["domain"]) for row in rows]
    bodies = encode(
        [next(told(name, "", None, [row["body"]])) for name, row in zip(about, rows, strict=True)]
    )
    alike = titles @ titles.T
    for at in range(len(rows)):
        others = [other for other in range(len(rows)) if alike[at, other] < ALIKE]
        if others:
            question, answer = torch.tensor(titles[at]), torch.tensor(bodies[at])
            yield Lesson(number, question, answer, torch.tensor(bodies[others]), 1)


def relation(taught: Sequence[Lesson]) -> dict[str, Any]:
    """The arrays of a net that has learnt them."""
    torch.manual_seed(0)
    random, net = Random(0), Net()
    rest = [parameter for name, parameter in net.named_parameters() if name != "turn"]
    learner = torch.optim.AdamW(
        [
            {"params": [net.turn], "lr": 3e-4, "weight_decay": 0.0},
            {"params": rest, "lr": 1e-3, "weight_decay": 0.05},
        ]
    )
    net.train()
    lessons_of_a_round = [lesson for lesson in taught for _ in range(lesson.times)]
    for _ in range(ROUNDS):
        random.shuffle(lessons_of_a_round)
        for start in range(0, len(lessons_of_a_round), BATCH):
            batch = lessons_of_a_round[start : start + BATCH]
            kept = KEPT * ((net.turn - torch.eye(WIDTH)) ** 2).sum()
            loss = torch.stack([_miss(net, lesson) for lesson in batch]).mean() + kept
            learner.zero_grad()
            loss.backward()
            learner.step()
    return net.arrays()


def _miss(net: Net, lesson: Lesson) -> torch.Tensor:
    """The answer shall be above the others and over the border; where there is none, all under it."""
    if lesson.answer is None:
        return torch.nn.functional.softplus(net(lesson.question, lesson.others) - BORDER).mean()
    some = lesson.others[torch.randperm(len(lesson.others))[:OTHERS]]
    scores = net(lesson.question, torch.vstack([lesson.answer, some]))
    return -torch.log_softmax(scores, 0)[0] + torch.nn.functional.softplus(BORDER - scores[0])
