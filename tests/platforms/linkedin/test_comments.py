"""What the Page says on LinkedIn, what is read back of it, and what it does to its own comments."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from socialai.errors import DeliveryError
from socialai.platforms.base import Outgoing
from tests.platforms.linkedin.sample import (
    ANNA,
    ASKED,
    CONFIG,
    NOW,
    PAGE,
    POST,
    TEXT,
    adapter,
    made,
    outgoing,
)
from tests.platforms.wire import Wire

OURS = f"urn:li:comment:({POST},7095000000000000123)"
IN_PATH = "urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A7094637247890620418%2C7094977717598625792%29"


def element(
    number: int, text: str = TEXT, actor: str = PAGE, minutes: int = 1, **more: Any
) -> dict[str, Any]:
    at = round((NOW - timedelta(minutes=minutes)).timestamp() * 1000)
    usual = {"actor": actor, "id": str(number), "message": {"text": text}, "created": {"time": at}}
    return {**usual, "object": POST, **more}


def page(*elements: dict[str, Any]) -> httpx.Response:
    return httpx.Response(200, json={"elements": list(elements), "paging": {"start": 0, "count": 100}})


def found(said: Outgoing, *answers: httpx.Response) -> str | None:
    return adapter(Wire(*answers)).find_sent(said, NOW - timedelta(minutes=5))


def test_an_answer_goes_under_the_comment_that_it_answers() -> None:
    wire = Wire(made())
    assert adapter(wire).send(outgoing(), NOW) == OURS
    (request,) = wire.requests
    assert request.url.raw_path.decode() == f"/rest/socialActions/{IN_PATH}/comments"
    assert wire.body() == {
        "actor": PAGE,
        "object": POST,
        "message": {"text": TEXT},
        "parentComment": ASKED,
    }


def test_every_call_names_its_version_and_protocol() -> None:
    wire = Wire(made())
    adapter(wire).send(outgoing(), NOW)
    headers = wire.requests[0].headers
    assert headers["authorization"] == f"Bearer {CONFIG.access_token}"
    assert headers["linkedin-version"] == "202607"
    assert headers["x-restli-protocol-version"] == "2.0.0"


def test_a_post_that_names_the_page_is_answered_right_under_it() -> None:
    share = "urn:li:share:7095000000000000000"
    wire = Wire(made())
    adapter(wire).send(outgoing(thread=share, answers=share), NOW)
    assert wire.requests[0].url.raw_path.endswith(b"/urn%3Ali%3Ashare%3A7095000000000000000/comments")
    assert wire.body() == {"actor": PAGE, "object": share, "message": {"text": TEXT}}


@pytest.mark.parametrize(
    "answer",
    [
        made(),
        made("urn%3Ali%3Acomment%3A%28urn%3Ali%3AugcPost%3A1%2C7095000000000000123%29"),
        httpx.Response(201, json={"id": "7095000000000000123"}),
        httpx.Response(201, json={"commentUrn": "urn:li:comment:(activity:1,7095000000000000123)"}),
        httpx.Response(201, json={"$URN": "urn:li:comment:(urn:li:ugcPost:1,7095000000000000123)"}),
    ],
)
def test_its_id_is_under_the_post_that_we_know_it_by(answer: httpx.Response) -> None:
    assert adapter(Wire(answer)).send(outgoing(), NOW) == OURS


@pytest.mark.parametrize("answer", [httpx.Response(201), httpx.Response(201, json={}), made("")])
def test_an_answer_without_an_id_leaves_the_outcome_unknown(answer: httpx.Response) -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(answer)).send(outgoing(), NOW)
    assert error.value.outcome == "unknown"


def test_a_comment_may_have_1250_characters() -> None:
    adapter(Wire(made())).send(outgoing(text="å" * 1250), NOW)
    with pytest.raises(DeliveryError) as error:
        adapter(Wire()).send(outgoing(text="å" * 1251), NOW)
    assert error.value.outcome == "permanent"


def test_an_answer_that_arrived_is_found() -> None:
    other = [element(1, "Something else."), element(2, actor=ANNA), element(3, minutes=60)]
    assert found(outgoing(), page(*other, element(7095000000000000123))) == OURS
    assert found(outgoing(text=f"{TEXT}\n"), page(element(4, f" {TEXT} "))) == f"urn:li:comment:({POST},4)"
    assert found(outgoing(), page(*other)) is None
    assert found(outgoing(known=frozenset({OURS})), page(element(7095000000000000123))) is None
    assert found(outgoing(), page()) is None


def test_many_comments_are_read_page_by_page() -> None:
    wire = Wire(page(*(element(n, "no") for n in range(100))), page(element(7095000000000000123)))
    assert adapter(wire).find_sent(outgoing(), NOW) == OURS
    assert [wire.query(number) for number in (0, 1)] == [
        {"start": "0", "count": "100"},
        {"start": "100", "count": "100"},
    ]


def test_what_cannot_be_read_back_cannot_be_told() -> None:
    endless = [page(*(element(n, "no") for n in range(100))) for _ in range(10)]
    for answers in (
        endless,
        [page(element(1, created={}))],
        [httpx.Response(504)],
        [httpx.Response(200, text="<html>")],
    ):
        with pytest.raises(DeliveryError) as error:
            found(outgoing(), *answers)
        assert error.value.outcome == "retry"


def test_the_pages_own_comment_is_changed_and_deleted() -> None:
    wire = Wire(httpx.Response(204), httpx.Response(204))
    linkedin = adapter(wire)
    linkedin.moderate("edit", OURS, "In two days.")
    linkedin.moderate("delete", OURS, "")
    edit, delete = wire.requests
    path = "/rest/socialActions/urn%3Ali%3Aactivity%3A7094637247890620418/comments/7095000000000000123"
    actor = "?actor=urn%3Ali%3Aorganization%3A96072893"
    assert [each.url.raw_path.decode() for each in (edit, delete)] == [path + actor] * 2
    assert (edit.method, edit.headers["x-restli-method"]) == ("POST", "PARTIAL_UPDATE")
    assert json.loads(edit.content) == {"patch": {"message": {"$set": {"text": "In two days."}}}}
    assert (delete.method, delete.headers.get("x-restli-method")) == ("DELETE", None)


def test_what_is_no_comment_cannot_be_changed() -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire()).moderate("delete", "urn:li:share:1", "")
    assert error.value.outcome == "permanent"
