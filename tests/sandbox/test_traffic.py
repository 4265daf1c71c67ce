"""Playing the traffic."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from socialai.errors import InvalidInput
from socialai.sandbox.meta.records import FIELDS
from socialai.sandbox.meta.stage import MetaStage
from socialai.sandbox.meta.visits import Remarked, Wrote
from socialai.sandbox.northwind.shop import Step, Story, stories, traffic
from socialai.sandbox.stage import Stage
from socialai.sandbox.stages import STAGES
from socialai.sandbox.traffic import Cue, another_round, play, told

SECONDS = 20.0
AT_ONCE = 1e9


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[MetaStage]:
    with MetaStage(tmp_path) as entered:
        yield entered


def test_all_the_messages_arrive_and_nothing_but_reactions_to_no_answer_is_left_out(stage: MetaStage) -> None:
    steps = [step for story in traffic() for step in story.messages]
    early = sum(step.react_to == "answer" for step in steps)
    done = play(lambda number: told(traffic(), number, stage.write), AT_ONCE, threading.Event())
    assert done == len(steps) - early
    assert {each.psid for each in stage.sandbox.conversations()} == {
        story.who for story in traffic() if any(step.react_to is None for step in story.messages)
    }


def test_people_keep_their_order_and_their_profile(stage: MetaStage) -> None:
    (story,) = [each for each in traffic() if each.about == "burst"]
    play(lambda number: told([story], number, stage.write), AT_ONCE, threading.Event())
    (conversation,) = stage.sandbox.conversations()
    assert [each.text for each in conversation.messages] == [step.text for step in story.messages]
    address = f"{stage.sandbox.base_url}/v26.0/{story.who}"
    query = {"fields": "name,locale", "access_token": stage.sandbox.account().token}
    shown = httpx.get(address, params=query, trust_env=False).json()
    assert shown == {"name": story.name, "locale": story.locale}


def test_a_stopped_play_ends_at_once_and_a_loop_goes_on_with_other_rounds() -> None:
    stop, played = threading.Event(), []

    def round_of(number: int) -> list[Cue]:
        played.append(number)
        return [(0.0, lambda: None), (1.0, stop.set if number == 2 else lambda: None), (2.0, lambda: None)]

    assert play(round_of, AT_ONCE, stop, loop=True) == 3 + 3 + 2
    assert played == [0, 1, 2]


def test_what_cannot_be_done_is_left_out() -> None:
    def refuse() -> None:
        raise InvalidInput("There is no answer yet.")

    assert play(lambda _: [(0.0, refuse), (1.0, lambda: None)], AT_ONCE, threading.Event()) == 1


def test_another_round_has_the_same_stories_of_other_people_at_the_same_times() -> None:
    visits = traffic()
    again = another_round(visits, 1)
    assert [story.starts_at for story in again] == [story.starts_at for story in visits]
    assert {story.who for story in again}.isdisjoint(story.who for story in visits)
    assert sorted(story.about for story in again) == sorted(story.about for story in visits)
    assert again == another_round(visits, 1) != another_round(visits, 2)
    assert another_round(visits, 0) == visits


def test_metas_part_has_a_token_that_ends_a_message_that_comes_late_and_one_that_is_lost(
    stage: MetaStage,
) -> None:
    play(stage.cues, AT_ONCE, threading.Event())
    assert [account.watched for account in map(stage.sandbox.first, FIELDS) if account.ended] == ["instagram"]
    about = {story.about for story in traffic()}
    assert {"lost webhook", "window closes"} <= about
    assert {"comment", "one person everywhere"} <= {each.about for each in stories("facebook", Remarked)}
    names = [{story.name for story in told_of} for told_of in everywhere()]
    assert "Ingrid Solheim" in set.intersection(*names)


def everywhere() -> list[list[Story[Any]]]:
    return [
        list(traffic()),
        list(stories("facebook", Remarked)),
        list(stories("instagram", Step)),
        list(stories("whatsapp", Wrote)),
    ]


@pytest.mark.parametrize("kind", STAGES, ids=lambda kind: kind.__name__)
def test_every_network_of_the_demo_has_accounts_and_people_in_each_round(
    kind: type[Stage], tmp_path: Path
) -> None:
    with kind(tmp_path) as stage:
        assert stage.accounts()
        assert all(list(stage.cues(number)) for number in (0, 1))
