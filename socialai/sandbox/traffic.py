"""Plays a shop's traffic, live."""

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, count

import httpx
import msgspec

from socialai.errors import InvalidInput
from socialai.sandbox.northwind.shop import S, Story

Cue = tuple[float, Callable[[], object]]
"""Something that a person does so many seconds after a round began. InvalidInput: it cannot be done; nobody
can react to an answer that has not come yet."""

PAUSE = 20.0
"""Seconds of the story between two rounds."""


def play(
    round_of: Callable[[int], Iterable[Cue]], speed: float, stop: threading.Event, *, loop: bool = False
) -> int:
    """Let the people act at their times, `speed` times as fast; how many things were done.

    Returns when all is told or `stop` is set. With `loop` it goes on with round 1, 2 and so on.
    """
    done = _play_once(round_of(0), speed, stop)
    for number in count(1) if loop else ():
        if stop.wait(PAUSE / speed):
            break
        done += _play_once(round_of(number), speed, stop)
    return done


def told(stories: Sequence[Story[S]], number: int, perform: Callable[[Story[S], S], object]) -> Iterator[Cue]:
    """The cues of round `number`."""
    for story in another_round(stories, number):
        times = accumulate((step.after for step in story.messages), initial=story.starts_at)
        next(times)
        yield from ((at, _act(perform, story, step)) for at, step in zip(times, story.messages, strict=True))


def another_round(stories: Sequence[Story[S]], number: int) -> list[Story[S]]:
    """The same stories told by other people (one writer stays one writer), shuffled over the same times."""
    if number == 0:
        return list(stories)
    dice = random.Random(number)
    times = [story.starts_at for story in stories]
    shuffled = dice.sample(list(stories), len(stories))
    return [
        msgspec.structs.replace(story, who=f"{story.who}{number:03}", starts_at=at)
        for story, at in zip(shuffled, times, strict=True)
    ]


def _act(perform: Callable[[Story[S], S], object], story: Story[S], step: S) -> Callable[[], object]:
    return lambda: perform(story, step)


def _play_once(cues: Iterable[Cue], speed: float, stop: threading.Event) -> int:
    started, done = time.monotonic(), 0
    for at, act in sorted(cues, key=lambda cue: cue[0]):
        if stop.wait(max(started + at / speed - time.monotonic(), 0)):
            break
        done += _could(act)
    return done


def _could(act: Callable[[], object]) -> bool:
    try:
        act()
    except (InvalidInput, httpx.HTTPError):
        return False
    return True
