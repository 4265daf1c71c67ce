import hashlib
import hmac
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from socialai.errors import DeliveryError
from tests.platforms.facebook.sample import (
    ANNA,
    CONFIG,
    NOW,
    PAGE,
    TEXT,
    adapter,
    outgoing,
    refusal,
    sent,
)
from tests.platforms.wire import Wire

TRUSTED = msgspec.structs.replace(CONFIG, human_agent=True)


def refused(error: Any, code: str) -> None:
    assert (error.value.outcome, error.value.code) == ("permanent", code)


def test_a_message_goes_out_as_the_send_api_wants_it() -> None:
    wire = Wire(sent())
    assert adapter(wire).send(outgoing(), NOW) == "m_page-1"
    (request,) = wire.requests
    assert (request.method, str(request.url)) == ("POST", f"https://graph.facebook.com/v26.0/{PAGE}/messages")
    assert request.headers["authorization"] == f"Bearer {CONFIG.page_token}"
    proof = hmac.new(CONFIG.app_secret.encode(), CONFIG.page_token.encode(), hashlib.sha256).hexdigest()
    assert wire.body() == {
        "recipient": {"id": ANNA},
        "messaging_type": "RESPONSE",
        "message": {"text": TEXT, "metadata": "socialai:4b1d"},
        "appsecret_proof": proof,
    }


def test_a_numeric_message_id_is_an_id() -> None:
    assert adapter(Wire(sent(991))).send(outgoing(), NOW) == "991"


@pytest.mark.parametrize("age", [timedelta(0), timedelta(hours=24), timedelta(seconds=-30)])
def test_within_24_hours_anyone_may_answer(age: timedelta) -> None:
    wire = Wire(sent())
    adapter(wire).send(outgoing(last_contact_message_at=NOW - age), NOW)
    assert wire.body()["messaging_type"] == "RESPONSE"
    assert "tag" not in wire.body()


@pytest.mark.parametrize("age", [timedelta(hours=24, seconds=1), timedelta(days=7)])
def test_a_person_with_the_permission_may_answer_for_7_days(age: timedelta) -> None:
    wire = Wire(sent())
    adapter(wire, TRUSTED).send(outgoing(last_contact_message_at=NOW - age, by_person=True), NOW)
    assert (wire.body()["messaging_type"], wire.body()["tag"]) == ("MESSAGE_TAG", "HUMAN_AGENT")


@pytest.mark.parametrize(
    ("config", "age", "by_person"),
    [
        (TRUSTED, timedelta(hours=25), False),
        (CONFIG, timedelta(hours=25), True),
        (TRUSTED, timedelta(days=7, seconds=1), True),
    ],
)
def test_a_closed_window_is_permanent_and_nothing_is_sent(
    config: Any, age: timedelta, by_person: bool
) -> None:
    wire = Wire()
    with pytest.raises(DeliveryError) as error:
        adapter(wire, config).send(outgoing(last_contact_message_at=NOW - age, by_person=by_person), NOW)
    refused(error, "window_closed")
    assert not wire.requests


def test_a_contact_who_never_wrote_cannot_be_written_to() -> None:
    with pytest.raises(DeliveryError, match="has not written") as error:
        adapter(Wire(), TRUSTED).send(outgoing(last_contact_message_at=None, by_person=True), NOW)
    refused(error, "window_closed")


def test_the_longest_message_fits_and_one_more_does_not() -> None:
    assert adapter(Wire(sent())).send(outgoing(text="å" * 2000), NOW)
    with pytest.raises(DeliveryError, match="2000") as error:
        adapter(Wire()).send(outgoing(text="å" * 2001), NOW)
    refused(error, "too_long")


def test_an_empty_message_is_not_sent() -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire()).send(outgoing(text=" \n"), NOW)
    refused(error, "empty")


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"recipient_id": ANNA}),
        httpx.Response(200, json={"message_id": ""}),
        httpx.Response(200, json={"message_id": None}),
        httpx.Response(200, json=[]),
        httpx.Response(200, text="<html>Welcome to our Wi-Fi</html>"),
        httpx.Response(200, content=b"[" * 100_000),
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b'{"message_id":"\xff"}'),
    ],
)
def test_success_without_an_id_is_unknown(answer: httpx.Response) -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(answer)).send(outgoing(), NOW)
    assert error.value.outcome == "unknown"


@pytest.mark.parametrize(
    ("broken", "outcome"),
    [
        (httpx.ConnectError("refused"), "retry"),
        (httpx.ConnectTimeout("late"), "retry"),
        (httpx.PoolTimeout("busy"), "retry"),
        (httpx.ProxyError("no"), "retry"),
        (httpx.UnsupportedProtocol("no"), "retry"),
        (httpx.ReadTimeout("late"), "unknown"),
        (httpx.WriteTimeout("late"), "unknown"),
        (httpx.ReadError("cut"), "unknown"),
        (httpx.WriteError("cut"), "unknown"),
        (httpx.CloseError("cut"), "unknown"),
        (httpx.RemoteProtocolError("Server disconnected without sending a response."), "unknown"),
        (httpx.DecodingError("zip"), "unknown"),
    ],
)
def test_only_what_surely_never_left_is_retried(broken: Exception, outcome: str) -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(broken)).send(outgoing(), NOW)
    assert (error.value.outcome, error.value.code) == (outcome, type(broken).__name__)


def test_typing_is_shown() -> None:
    wire = Wire(httpx.Response(200, json={"recipient_id": ANNA}))
    adapter(wire).typing(outgoing())
    assert wire.body() == wire.body() | {"recipient": {"id": ANNA}, "sender_action": "typing_on"}


def test_the_page_tells_its_name() -> None:
    wire = Wire(httpx.Response(200, json={"name": "Fjell & Fjord", "id": PAGE}))
    assert adapter(wire).check() == "Fjell & Fjord"
    assert wire.requests[0].url.path == f"/v26.0/{PAGE}"
    assert wire.query()["fields"] == "name"


def test_a_lost_answer_to_a_question_is_retried_not_unknown() -> None:
    for broken in (httpx.ReadTimeout("late"), httpx.Response(504), httpx.Response(200, text="?")):
        with pytest.raises(DeliveryError) as error:
            adapter(Wire(broken)).check()
        assert error.value.outcome == "retry"


def test_a_profile_is_a_name_and_what_else_is_told() -> None:
    person = {"first_name": "Anna", "last_name": "Berg ", "locale": "nb_NO", "timezone": 1, "id": ANNA}
    wire = Wire(httpx.Response(200, json=person))
    profile = adapter(wire).profile(ANNA)
    assert (profile.name, profile.fields) == ("Anna Berg", {"locale": "nb_NO", "timezone": "UTC+1"})
    assert wire.query()["fields"] == "first_name,last_name,locale,timezone"


def test_a_profile_without_permission_for_more_is_still_a_name() -> None:
    wire = Wire(refusal(400, 100), httpx.Response(200, json={"first_name": "Anna", "id": ANNA}))
    profile = adapter(wire).profile(ANNA)
    assert (profile.name, profile.fields) == ("Anna", {})
    assert wire.query(1)["fields"] == "first_name,last_name"


def test_a_profile_is_not_asked_for_twice_when_facebook_is_busy() -> None:
    wire = Wire(refusal(500, 2))
    with pytest.raises(DeliveryError):
        adapter(wire).profile(ANNA)
    assert len(wire.requests) == 1


def test_a_contacts_id_cannot_lead_the_request_elsewhere() -> None:
    wire = Wire(httpx.Response(200, json={}))
    adapter(wire).profile("../me/accounts?x=#")
    assert wire.requests[0].url.raw_path.startswith(b"/v26.0/..%2Fme%2Faccounts%3Fx%3D%23?")
