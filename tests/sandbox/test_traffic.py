"""Playing the traffic."""

import threading

import httpx

from socialai.sandbox.meta.graph import Sandbox
from socialai.sandbox.northwind.shop import traffic
from socialai.sandbox.traffic import another_round, play

SECONDS = 20.0
AT_ONCE = 1e9


def test_all_the_traffic_arrives_and_nothing_but_reactions_to_no_answer_is_left_out(sandbox: Sandbox) -> None:
    stories = traffic()
    steps = [step for story in stories for step in story.messages]
    early = sum(step.react_to == "answer" for step in steps)
    assert play(sandbox, stories, AT_ONCE, threading.Event()) == len(steps) - early
    assert {each.psid for each in sandbox.conversations()} == {
        story.psid for story in stories if any(step.react_to is None for step in story.messages)
    }


def test_people_keep_their_order_and_their_profile(sandbox: Sandbox, graph: httpx.Client) -> None:
    (story,) = [each for each in traffic() if each.about == "burst"]
    play(sandbox, [story], AT_ONCE, threading.Event())
    (conversation,) = sandbox.conversations()
    assert [each.text for each in conversation.messages] == [step.text for step in story.messages]
    shown = graph.get(f"/{story.psid}", params={"fields": "name,locale"}).json()
    assert shown == {"name": story.name, "locale": story.locale}


def test_a_stopped_play_ends_at_once(sandbox: Sandbox) -> None:
    stop = threading.Event()
    playing = threading.Thread(target=play, args=(sandbox, traffic(), 1.0, stop), kwargs={"loop": True})
    playing.start()
    assert sandbox.wait_until(lambda: bool(sandbox.conversations()), SECONDS)
    stop.set()
    playing.join(SECONDS)
    assert not playing.is_alive()
    assert len(sandbox.conversations()) < 10


def test_a_loop_goes_on_with_new_people(sandbox: Sandbox) -> None:
    stop, stories = threading.Event(), traffic()[:3]
    playing = threading.Thread(target=play, args=(sandbox, stories, AT_ONCE, stop), kwargs={"loop": True})
    playing.start()
    assert sandbox.wait_until(lambda: len(sandbox.conversations()) > len(stories), SECONDS)
    stop.set()
    playing.join(SECONDS)
    assert not playing.is_alive()


def test_another_round_has_the_same_stories_of_other_people_at_the_same_times() -> None:
    stories = traffic()
    again = another_round(stories, 1)
    assert [story.starts_at for story in again] == [story.starts_at for story in stories]
    assert {story.psid for story in again}.isdisjoint(story.psid for story in stories)
    assert sorted(story.about for story in again) == sorted(story.about for story in stories)
    assert again == another_round(stories, 1) != another_round(stories, 2)
