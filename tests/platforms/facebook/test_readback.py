"""Did it arrive? Found, surely not there, or cannot be told."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from socialai.errors import DeliveryError
from tests.platforms.facebook.sample import ANNA, NOW, PAGE, TEXT, adapter, outgoing
from tests.platforms.wire import Wire

SINCE = NOW - timedelta(minutes=10)


def message(seconds: float, text: str = TEXT, author: object = PAGE, **changes: Any) -> dict[str, Any]:
    """A message `seconds` after SINCE, as the Graph API shows it: whole seconds."""
    at = (SINCE + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S+0000")
    shown = {"id": f"m_{seconds}", "message": text, "from": {"name": "?", "id": author}, "created_time": at}
    return {**shown, **changes}


def edge(*messages: Any, after: str | None = None, more: bool = False) -> dict[str, Any]:
    paging: dict[str, Any] = {"cursors": {"before": "b", "after": after}}
    if more:
        paging["next"] = f"https://graph.facebook.com/v26.0/t_1/messages?access_token=leak&after={after}"
    return {"data": list(messages), "paging": paging}


def conversation(messages: Any) -> httpx.Response:
    return httpx.Response(200, json={"data": [{"id": "t_1", "messages": messages}]})


def find(wire: Wire, **changes: Any) -> str | None:
    return adapter(wire).find_sent(outgoing(**changes), SINCE)


def cannot_tell(*answers: httpx.Response | Exception) -> None:
    with pytest.raises(DeliveryError) as error:
        find(Wire(*answers))
    assert error.value.outcome == "retry"
    assert TEXT not in str(error.value)


def test_the_conversation_with_the_contact_is_asked_for() -> None:
    wire = Wire(conversation(edge(message(-3600))))
    find(wire)
    assert wire.requests[0].url.path == f"/v26.0/{PAGE}/conversations"
    asked = wire.query()
    assert (asked["platform"], asked["user_id"]) == ("messenger", ANNA)
    assert asked["fields"] == "messages.limit(25){id,message,from,created_time}"


def test_a_message_of_the_page_with_the_same_text_since_then_is_it() -> None:
    assert find(Wire(conversation(edge(message(30, author=ANNA), message(2), message(-3600))))) == "m_2"


def test_the_platforms_trimming_makes_no_other_text_of_it() -> None:
    wire = Wire(conversation(edge(message(2, text="One.\nTwo."))))
    assert find(wire, text=" One.\r\nTwo. ") == "m_2"


def test_clocks_may_differ_by_ten_minutes() -> None:
    assert find(Wire(conversation(edge(message(-600))))) == "m_-600"
    assert find(Wire(conversation(edge(message(-601))))) is None


def test_of_two_the_first_is_it() -> None:
    assert find(Wire(conversation(edge(message(40), message(2), message(-3600))))) == "m_2"


@pytest.mark.parametrize("other", [{"author": ANNA}, {"text": "Something else."}, {"message": None}])
def test_another_text_or_author_is_not_it(other: dict[str, Any]) -> None:
    assert find(Wire(conversation(edge(message(2, **other), message(-3600))))) is None


def test_a_page_that_reaches_further_back_proves_absence() -> None:
    assert find(Wire(conversation(edge(message(-3600), after="c1", more=True)))) is None


def test_a_conversation_read_to_its_end_proves_absence() -> None:
    assert find(Wire(conversation(edge(message(2, author=ANNA))))) is None


def test_paging_goes_on_until_before_the_time_without_using_the_address_with_the_token() -> None:
    newer = [message(600 - at, text="Other") for at in range(25)]
    older = httpx.Response(200, json=edge(message(1), message(-3600), after="c2", more=True))
    wire = Wire(conversation(edge(*newer, after="c1", more=True)), older)
    assert find(wire) == "m_1"
    assert wire.requests[1].url.path == "/v26.0/t_1/messages"
    assert wire.query(1)["after"] == "c1"
    assert "leak" not in str(wire.requests[1].url)


def test_paging_ends_somewhere() -> None:
    newer = edge(message(60, text="Other"), after="c1", more=True)
    cannot_tell(conversation(newer), *(httpx.Response(200, json=newer) for _ in range(20)))


def test_no_conversation_proves_nothing() -> None:
    cannot_tell(httpx.Response(200, json={"data": []}))


@pytest.mark.parametrize(
    "messages",
    [
        None,
        edge(message(60, created_time=None)),
        edge(message(60, created_time="yesterday")),
        edge(message(60, created_time="2025-11-22T12:00:00")),
        edge({"id": "m_1", "created_time": "2025-11-22T12:00:00+0000"}),
        edge(message(60, text="Other"), more=True),
        {"data": "none"},
    ],
)
def test_an_incomplete_answer_proves_nothing(messages: Any) -> None:
    cannot_tell(conversation(messages))


@pytest.mark.parametrize(
    "answer", [httpx.Response(500), httpx.Response(504), httpx.ReadTimeout("late"), httpx.ConnectError("no")]
)
def test_a_failed_question_proves_nothing(answer: httpx.Response | Exception) -> None:
    cannot_tell(answer)
