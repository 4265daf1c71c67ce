"""What is asked for itself, in the shape of the webhooks."""

from datetime import timedelta
from typing import Any

import httpx

from socialai.domain.happening import Echoed, Received
from socialai.platforms.instagram import Instagram
from tests.platforms.instagram.sample import ACCOUNT, ANNA, NOW, adapter
from tests.platforms.wire import Wire

CURSOR = (NOW - timedelta(minutes=5)).isoformat()
MEDIA = {
    "id": "17918195224117851",
    "caption": "The Fjell jacket",
    "permalink": "https://www.instagram.com/p/D/",
}


def at(minutes: float) -> str:
    return (NOW - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S+0000")


def said(minutes: float, author: str, **changes: Any) -> dict[str, Any]:
    shown = {"id": f"m_{minutes}", "message": "Hello", "from": {"id": author}, "created_time": at(minutes)}
    return {**shown, **changes}


def comment(minutes: float, author: str = ANNA, **changes: Any) -> dict[str, Any]:
    who = {"id": author, "username": "anna.berg"}
    return {"id": f"c_{minutes}", "text": "Nice", "from": who, "timestamp": at(minutes), **changes}


def conversations(*messages: Any, updated: float = 1) -> httpx.Response:
    parties = {"data": [{"id": ANNA, "username": "anna.berg"}, {"id": ACCOUNT, "username": "fjell"}]}
    found = {
        "id": "t_1",
        "updated_time": at(updated),
        "participants": parties,
        "messages": {"data": messages},
    }
    return httpx.Response(200, json={"data": [found]})


def media(*comments: Any) -> httpx.Response:
    return httpx.Response(200, json={"data": [{**MEDIA, "comments": {"data": comments}}]})


def read(wire: Wire, cursor: str = CURSOR) -> list[Any]:
    found = adapter(wire).poll(cursor, NOW)
    assert found.cursor == NOW.isoformat()
    return [what for body in found.bodies for what in Instagram.parse(body)]


def test_at_first_everything_is_old() -> None:
    found = adapter(Wire()).poll(None, NOW)
    assert (found.bodies, found.cursor) == ((), NOW.isoformat())


def test_messages_and_comments_since_then_come_oldest_first() -> None:
    answers = comment(3, ACCOUNT, id="c_own")
    wire = Wire(
        conversations(said(1, ACCOUNT), said(4, ANNA), said(30, ANNA)),
        media(comment(2), comment(60, replies={"data": [answers, comment(50)]})),
    )
    received, own_comment, second, echo = read(wire)
    assert isinstance(received, Received)
    assert (received.external_id, received.contact, received.thread) == ("m_4", ANNA, None)
    assert isinstance(own_comment, Echoed)
    assert (own_comment.external_id, own_comment.reply_to) == ("c_own", "c_60")
    assert isinstance(second, Received)
    assert second.thread
    assert (second.thread.external_id, second.thread.title) == (MEDIA["id"], MEDIA["caption"])
    assert isinstance(echo, Echoed)
    assert (echo.external_id, echo.contact) == ("m_1", ANNA)
    assert [request.url.path for request in wire.requests] == [
        "/v26.0/me/conversations",
        f"/v26.0/{ACCOUNT}/media",
    ]


def test_pictures_stories_and_mentions_of_a_message_come_along() -> None:
    picture = {"data": [{"image_data": {"url": "https://cdn.example/1.jpg"}}]}
    voice = {"data": [{"mime_type": "audio/mp4", "file_url": "https://cdn.example/2.m4a", "name": "voice"}]}
    story = {"reply_to": {"link": "https://cdn.example/3.jpg", "id": "18074"}}
    mention = {"mention": {"link": "https://cdn.example/4.jpg", "id": "18075"}}
    wire = Wire(
        conversations(
            said(1, ANNA, message="", story=mention),
            said(2, ANNA, story=story),
            said(3, ANNA, message="", attachments=voice),
            said(4, ANNA, message="", attachments=picture),
        ),
        media(),
    )
    assert [[each.kind for each in what.attachments] for what in read(wire)] == [
        ["image"],
        ["audio"],
        ["story"],
        ["story_mention"],
    ]


def test_old_messages_of_which_no_details_are_told_are_left_out() -> None:
    wire = Wire(conversations(said(1, ANNA), {"id": "m_old"}), media())
    assert [what.external_id for what in read(wire)] == ["m_1"]


def test_a_quiet_conversation_ends_the_reading() -> None:
    wire = Wire(conversations(updated=60), media())
    assert read(wire) == []
    assert len(wire.requests) == 2
