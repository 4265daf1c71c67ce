"""Plays a shop's traffic into the sandbox, live."""

import random
import threading
import time
from collections.abc import Iterator, Sequence
from itertools import accumulate, count

import msgspec

from socialai.errors import InvalidInput
from socialai.sandbox.meta.graph import Sandbox
from socialai.sandbox.meta.records import Act, Say
from socialai.sandbox.northwind.shop import Step, Story

Cue = tuple[float, Say]
PAUSE = 20.0
"""Seconds of the story between two rounds."""


def play(
    sandbox: Sandbox, stories: Sequence[Story], speed: float, stop: threading.Event, *, loop: bool = False
) -> int:
    """Let the people act at their times, `speed` times as fast; how many things were done.

    Returns when all is told or `stop` is set. With `loop` it begins again and again, with new people in
    another order.
    """
    done = _play_once(sandbox, stories, speed, stop)
    for number in count(1) if loop else ():
        if stop.wait(PAUSE / speed):
            break
        done += _play_once(sandbox, another_round(stories, number), speed, stop)
    return done


def another_round(stories: Sequence[Story], number: int) -> list[Story]:
    """The same stories told by other people (one writer stays one writer), shuffled over the same times."""
    dice = random.Random(number)
    times = [story.starts_at for story in stories]
    shuffled = dice.sample(list(stories), len(stories))
    return [
        msgspec.structs.replace(story, psid=f"{story.psid}{number:03}", starts_at=at)
        for story, at in zip(shuffled, times, strict=True)
    ]


def _play_once(sandbox: Sandbox, stories: Sequence[Story], speed: float, stop: threading.Event) -> int:
    started, done = time.monotonic(), 0
    for at, say in sorted(_cues(stories), key=lambda cue: cue[0]):
        if stop.wait(max(started + at / speed - time.monotonic(), 0)):
            break
        done += _perform(sandbox, say)
    return done


def _cues(stories: Sequence[Story]) -> Iterator[Cue]:
    for story in stories:
        times = accumulate((step.after for step in story.messages), initial=story.starts_at)
        next(times)
        yield from ((at, _say(story, step)) for at, step in zip(times, story.messages, strict=True))


def _say(story: Story, step: Step) -> Say:
    act = {field: getattr(step, field) for field in Act.__struct_fields__}
    return Say(psid=story.psid, name=story.name, locale=story.locale, **act)


def _perform(sandbox: Sandbox, say: Say) -> bool:
    """Whether it could be done: nobody can react to an answer that has not come yet."""
    try:
        sandbox.perform(say)
    except InvalidInput:
        return False
    return True
