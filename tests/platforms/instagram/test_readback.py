"""Did it arrive? A message as with Facebook; an answer to a comment among the answers."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from socialai.errors import DeliveryError
from tests.platforms.instagram.sample import ACCOUNT, ANNA, NOW, TEXT, adapter, outgoing
from tests.platforms.wire import Wire

SINCE = NOW - timedelta(minutes=10)
COMMENT = "17865799348089039"


def stamp(seconds: float) -> str:
    return (SINCE + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S+0000")


def reply(seconds: float, text: str = TEXT, author: str = ACCOUNT, **changes: Any) -> dict[str, Any]:
    shown = {"id": f"c_{seconds}", "text": text, "from": {"id": author}, "timestamp": stamp(seconds)}
    return {**shown, **changes}


def find(wire: Wire, **changes: Any) -> str | None:
    said = outgoing(thread="17918195224117851", answers=COMMENT, answers_at=SINCE, **changes)
    return adapter(wire).find_sent(said, SINCE)


def asked(**parent: str) -> httpx.Response:
    return httpx.Response(200, json={"id": COMMENT, **parent})


def replies(*found: Any, after: str | None = None) -> httpx.Response:
    paging = {"cursors": {"after": after}, "next": "https://graph.instagram.com/?access_token=leak"}
    return httpx.Response(200, json={"data": list(found), **({"paging": paging} if after else {})})


def test_a_message_is_looked_for_in_instagrams_conversations() -> None:
    message = {"id": "m_1", "message": TEXT, "from": {"id": ACCOUNT}, "created_time": stamp(2)}
    conversation = {"id": "t_1", "messages": {"data": [message]}}
    wire = Wire(httpx.Response(200, json={"data": [conversation]}))
    assert adapter(wire).find_sent(outgoing(), SINCE) == "m_1"
    query = wire.query()
    assert wire.requests[0].url.path == "/v26.0/me/conversations"
    assert (query["platform"], query["user_id"]) == ("instagram", ANNA)
    assert query["fields"] == "messages.limit(20){id,message,from,created_time}"


def test_the_first_answer_of_the_account_with_this_text_is_it_in_whatever_order_they_come() -> None:
    found = replies(reply(40), reply(-3600), reply(2), reply(1, author=ANNA), reply(1, text="Another"))
    wire = Wire(asked(), found)
    assert find(wire) == "c_2"
    assert wire.requests[1].url.path == f"/v26.0/{COMMENT}/replies"


def test_an_answer_to_an_answer_stands_under_the_first_comment() -> None:
    wire = Wire(asked(parent_id="17865799348089001"), replies(reply(2)))
    assert find(wire) == "c_2"
    assert wire.requests[1].url.path == "/v26.0/17865799348089001/replies"


def test_one_that_is_accounted_for_is_not_it() -> None:
    assert find(Wire(asked(), replies(reply(2))), known=frozenset({"c_2"})) is None


def test_all_pages_are_read_without_using_the_address_with_the_token() -> None:
    wire = Wire(asked(), replies(reply(2, text="Another"), after="c1"), replies(reply(3)))
    assert find(wire) == "c_3"
    assert wire.query(2)["after"] == "c1"
    assert "leak" not in str(wire.requests[2].url)


@pytest.mark.parametrize(
    "answers",
    [
        (httpx.Response(500),),
        (asked(), httpx.Response(504)),
        (asked(), replies(reply(2, timestamp=None))),
        (asked(), replies(reply(2, timestamp="2025-11-22T12:00:00"))),
        (asked(), *(replies(reply(2, text="Another"), after="c") for _ in range(20))),
    ],
)
def test_what_cannot_be_told_is_asked_again(answers: Any) -> None:
    with pytest.raises(DeliveryError) as error:
        find(Wire(*answers))
    assert error.value.outcome == "retry"
