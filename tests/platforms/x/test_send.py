"""What goes out to X, and what is read back of it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from socialai.domain.happening import Attachment
from socialai.errors import DeliveryError
from socialai.platforms.base import Outgoing
from tests.platforms.wire import Wire
from tests.platforms.x.sample import ADA, CONFIG, NOW, POST, SHOP, TEXT, adapter, in_public, outgoing, sent

ANSWER = "2080766100000000001"


def made(number: object = ANSWER) -> httpx.Response:
    return httpx.Response(201, json={"data": {"id": number, "text": TEXT}})


def page(*items: dict[str, Any], token: str | None = None) -> httpx.Response:
    meta = {"result_count": len(items)} | ({"next_token": token} if token else {})
    return httpx.Response(200, json={"data": list(items), "meta": meta} if items else {"meta": meta})


def dm(number: int, text: str = TEXT, sender: str = SHOP, **more: Any) -> dict[str, Any]:
    minutes = {"created_at": f"2026-07-24T21:{number:02}:00.000Z"}
    return {"id": f"208076390000000{number:04}", "text": text, "sender_id": sender} | minutes | more


def post(number: int, text: str = f"@adalove {TEXT}", **more: Any) -> dict[str, Any]:
    usual = {
        "id": f"208076610000000{number:04}",
        "author_id": SHOP,
        "text": text,
        "created_at": "2026-07-24T21:29:00.000Z",
        "conversation_id": POST,
        "display_text_range": [9, len(text)],
        "referenced_tweets": [{"type": "replied_to", "id": POST}],
    }
    return {**usual, **more}


def found(said: Outgoing, *answers: httpx.Response) -> str | None:
    return adapter(Wire(*answers)).find_sent(said, NOW - timedelta(minutes=5))


def test_a_private_message_goes_to_its_person() -> None:
    wire = Wire(sent())
    assert adapter(wire).send(outgoing(), NOW) == "2080763914820927863"
    (request,) = wire.requests
    assert request.url == f"https://api.x.com/2/dm_conversations/with/{ADA}/messages"
    assert request.headers["authorization"] == f"Bearer {CONFIG.access_token}"
    assert wire.body() == {"text": TEXT}


def test_an_answer_goes_under_the_post_that_it_answers() -> None:
    wire = Wire(made())
    assert adapter(wire).send(in_public(answers="77"), NOW) == ANSWER
    assert wire.body() == {"text": TEXT, "reply": {"in_reply_to_tweet_id": "77"}}


def test_an_id_that_is_no_number_stays_one_step_of_the_path() -> None:
    wire = Wire(sent())
    adapter(wire).send(outgoing(contact="../../users/me?"), NOW)
    assert wire.requests[0].url.raw_path == b"/2/dm_conversations/with/..%2F..%2Fusers%2Fme%3F/messages"


@pytest.mark.parametrize("said", [outgoing(), in_public()])
def test_an_answer_without_an_id_leaves_the_outcome_unknown(said: Outgoing) -> None:
    for answer in (httpx.Response(201, json={"data": {}}), httpx.Response(201, json={}), sent("")):
        with pytest.raises(DeliveryError) as error:
            adapter(Wire(answer)).send(said, NOW)
        assert error.value.outcome == "unknown"


def test_a_public_answer_may_weigh_280_and_hold_one_cashtag() -> None:
    adapter(Wire(made())).send(in_public(text="見" * 140), NOW)
    adapter(Wire(made())).send(in_public(text="$ABC costs $20"), NOW)
    for text in ("見" * 141, "$ABC or $DEF?"):
        with pytest.raises(DeliveryError) as error:
            adapter(Wire()).send(in_public(text=text), NOW)
        assert error.value.outcome == "permanent"


def test_a_private_message_that_arrived_is_found() -> None:
    newest = [dm(29, "Thanks!", ADA), dm(28), dm(27, "Something else."), dm(1)]
    assert found(outgoing(), page(*newest)) == dm(28)["id"]
    assert found(outgoing(known=frozenset({str(dm(28)["id"])})), page(*newest)) is None
    assert found(outgoing(), page()) is None


def test_links_and_signs_that_x_changes_are_the_same_words() -> None:
    said = outgoing(text="See https://shop.example.com/a & northwind.example, it is < 5")
    shown = "See https://t.co/1 &amp; https://t.co/2, it is &lt; 5 "
    urls = [
        {"url": "https://t.co/1", "expanded_url": "https://shop.example.com/a"},
        {
            "url": "https://t.co/2",
            "expanded_url": "http://northwind.example",
            "display_url": "northwind.example",
        },
    ]
    for event in (dm(28, shown, urls=urls), dm(28, shown, entities={"urls": urls})):
        assert found(said, page(event)) == event["id"]


def test_a_long_conversation_is_read_page_by_page_until_it_is_older() -> None:
    wire = Wire(page(dm(29, "No.", ADA), token="next-page"), page(dm(28), dm(2), token="never-asked"))
    assert adapter(wire).find_sent(outgoing(), NOW - timedelta(minutes=5)) == dm(28)["id"]
    assert [wire.query(number).get("pagination_token") for number in (0, 1)] == [None, "next-page"]


def test_a_public_answer_that_arrived_is_found_under_its_post() -> None:
    elsewhere = post(3, referenced_tweets=[{"type": "replied_to", "id": "5"}])
    assert found(in_public(), page(post(4, "@adalove Other."), elsewhere, post(2))) == post(2)["id"]
    assert found(in_public(), page(elsewhere)) is None


def test_what_cannot_be_read_back_cannot_be_told() -> None:
    endless = [page(dm(29, "No."), token="more") for _ in range(10)]
    for said, answers in [
        (outgoing(), endless),
        (outgoing(), [page(dm(29, created_at="noon"))]),
        (in_public(), [page(post(1, created_at="noon"))]),
        (in_public(), [page(post(1, "x"), token="more") for _ in range(10)]),
        (outgoing(), [httpx.Response(504)]),
        (outgoing(), [httpx.Response(200, text="<html>")]),
    ]:
        with pytest.raises(DeliveryError) as error:
            found(said, *answers)
        assert error.value.outcome == "retry"


def test_a_deed_that_is_done_twice_is_done_once() -> None:
    wire = Wire(httpx.ReadTimeout("late"))
    with pytest.raises(DeliveryError) as error:
        adapter(wire).moderate("hide", POST, "")
    assert error.value.outcome == "retry"


def test_who_the_token_is_of_is_checked() -> None:
    ours = {"data": {"id": SHOP, "name": "Northwind Outfitters", "username": "northwindshop"}}
    assert adapter(Wire(httpx.Response(200, json=ours))).check() == "Northwind Outfitters"
    other = {"data": {"id": "7", "name": "Rival", "username": "rival"}}
    with pytest.raises(DeliveryError, match="@rival"):
        adapter(Wire(httpx.Response(200, json=other))).check()


def test_a_file_sent_in_private_is_fetched_as_the_account_and_any_other_is_not() -> None:
    x = adapter(Wire())
    private = x.locate(Attachment("image", url="https://ton.x.com/1.1/ton/data/dm/1/2/a.jpg"))
    assert private
    assert private.headers == {"authorization": f"Bearer {CONFIG.access_token}"}
    for url in (
        "https://pbs.twimg.com/a.jpg",
        "https://ton.x.com.evil.example/a.jpg",
        "https://evil.example/",
    ):
        public = x.locate(Attachment("image", url=url))
        assert public
        assert public.headers == {}
