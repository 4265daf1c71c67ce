import hashlib
import hmac
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from socialai.errors import DeliveryError
from tests.platforms.instagram.sample import (
    ACCOUNT,
    ANNA,
    CONFIG,
    NOW,
    TEXT,
    THROUGH_A_PAGE,
    adapter,
    outgoing,
    refusal,
    sent,
)
from tests.platforms.wire import Wire

TRUSTED = msgspec.structs.replace(CONFIG, human_agent=True)
COMMENT = "17865799348089039"


def refused(error: Any, code: str) -> None:
    assert (error.value.outcome, error.value.code) == ("permanent", code)


def test_a_message_goes_out_as_instagrams_own_api_wants_it() -> None:
    wire = Wire(sent())
    assert adapter(wire).send(outgoing(), NOW) == "aWdfZAG1-1"
    (request,) = wire.requests
    assert (request.method, str(request.url)) == ("POST", "https://graph.instagram.com/v26.0/me/messages")
    assert request.headers["authorization"] == f"Bearer {CONFIG.access_token}"
    assert wire.body() == {"recipient": {"id": ANNA}, "message": {"text": TEXT}}


def test_through_a_page_it_goes_to_facebook_with_proof_that_we_know_the_apps_secret() -> None:
    wire = Wire(sent())
    adapter(wire, THROUGH_A_PAGE).send(outgoing(), NOW)
    assert str(wire.requests[0].url) == "https://graph.facebook.com/v26.0/me/messages"
    token, secret = THROUGH_A_PAGE.access_token.encode(), THROUGH_A_PAGE.app_secret.encode()
    assert wire.body()["appsecret_proof"] == hmac.new(secret, token, hashlib.sha256).hexdigest()


def test_a_thousand_bytes_fit_and_one_more_does_not() -> None:
    assert adapter(Wire(sent())).send(outgoing(text="å" * 500), NOW)
    with pytest.raises(DeliveryError, match="1000 bytes") as error:
        adapter(Wire()).send(outgoing(text="å" * 500 + "!"), NOW)
    refused(error, "too_long")


def test_a_person_with_the_permission_may_answer_for_7_days() -> None:
    wire = Wire(sent())
    late = outgoing(last_contact_message_at=NOW - timedelta(days=6), by_person=True)
    adapter(wire, TRUSTED).send(late, NOW)
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


@pytest.mark.parametrize("answer", [{"recipient_id": ANNA}, {"message_id": ""}, []])
def test_success_without_an_id_is_unknown(answer: Any) -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(httpx.Response(200, json=answer))).send(outgoing(), NOW)
    assert error.value.outcome == "unknown"


def in_public(**changes: Any) -> Any:
    return outgoing(thread="17918195224117851", answers=COMMENT, answers_at=NOW, **changes)


def test_a_comment_is_answered_under_it() -> None:
    wire = Wire(httpx.Response(200, json={"id": "17865799348089099"}))
    assert adapter(wire).send(in_public(), NOW) == "17865799348089099"
    assert wire.requests[0].url.path == f"/v26.0/{COMMENT}/replies"
    assert wire.body() == {"message": TEXT}


def test_nothing_is_said_under_a_post_but_answers() -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire()).send(outgoing(thread="17918195224117851"), NOW)
    refused(error, "no_comment")


def test_a_comment_is_answered_in_private_by_its_id() -> None:
    wire = Wire(sent())
    adapter(wire).send(in_public(private=True, last_contact_message_at=None), NOW)
    assert wire.requests[0].url.path == "/v26.0/me/messages"
    assert wire.body() == {"recipient": {"comment_id": COMMENT}, "message": {"text": TEXT}}


def test_a_comment_older_than_7_days_is_not_answered_in_private() -> None:
    old = msgspec.structs.replace(in_public(private=True), answers_at=NOW - timedelta(days=7, seconds=1))
    with pytest.raises(DeliveryError, match="older than 7 days") as error:
        adapter(Wire()).send(old, NOW)
    refused(error, "window_closed")


@pytest.mark.parametrize(("deed", "hide"), [("hide", "true"), ("unhide", "false")])
def test_a_comment_is_hidden_and_shown(deed: Any, hide: str) -> None:
    wire = Wire(httpx.Response(200, json={"success": True}))
    adapter(wire).moderate(deed, COMMENT, "")
    assert (wire.requests[0].method, wire.requests[0].url.path) == ("POST", f"/v26.0/{COMMENT}")
    assert wire.query() == {"hide": hide}


def test_a_comment_is_deleted() -> None:
    wire = Wire(httpx.Response(200, json={"success": True}))
    adapter(wire).moderate("delete", "17/../me", "")
    assert wire.requests[0].method == "DELETE"
    assert wire.requests[0].url.raw_path == b"/v26.0/17%2F..%2Fme"


def test_a_comment_cannot_be_changed() -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire()).moderate("edit", COMMENT, "New")
    refused(error, "unable")


def test_typing_is_shown() -> None:
    wire = Wire(httpx.Response(200, json={"recipient_id": ANNA}))
    adapter(wire).typing(outgoing())
    assert wire.body() == {"recipient": {"id": ANNA}, "sender_action": "typing_on"}


def test_who_somebody_is() -> None:
    wire = Wire(httpx.Response(200, json={"name": "Anna Berg", "username": "anna.berg", "id": ANNA}))
    profile = adapter(wire).profile(ANNA)
    assert (profile.name, profile.fields) == ("Anna Berg", {"username": "anna.berg"})
    assert wire.query() == {"fields": "name,username"}


def test_who_only_commented_gave_no_leave_to_be_asked_about_and_the_channel_lives_on() -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(refusal(403, 230))).profile(ANNA)
    refused(error, "230")


def test_the_account_tells_its_name() -> None:
    wire = Wire(httpx.Response(200, json={"user_id": ACCOUNT, "username": "fjellogfjord", "id": "99"}))
    assert adapter(wire).check() == "fjellogfjord"
    assert wire.requests[0].url.path == "/v26.0/me"
    wire = Wire(httpx.Response(200, json={"username": "fjellogfjord", "id": ACCOUNT}))
    assert adapter(wire, THROUGH_A_PAGE).check() == "fjellogfjord"
    assert wire.requests[0].url.path == f"/v26.0/{ACCOUNT}"


def test_a_token_of_another_account_is_told() -> None:
    wire = Wire(httpx.Response(200, json={"user_id": "17841400000000009", "username": "rival"}))
    with pytest.raises(DeliveryError, match="rival, whose ID is 17841400000000009") as error:
        adapter(wire).check()
    refused(error, "another_account")
