"""The connection: who signed, where Meta delivers, what is missing, a token that lives on."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from socialai.errors import DeliveryError, InvalidInput, SignatureError
from socialai.platforms.base import Finding, WebhookRequest
from socialai.platforms.instagram.care import FIELDS
from socialai.platforms.instagram.config import InstagramConfig
from tests.platforms.instagram.sample import (
    ACCOUNT,
    CONFIG,
    NOW,
    THROUGH_A_PAGE,
    adapter,
    refusal,
    sign,
)
from tests.platforms.wire import Wire

BODY = b'{"object":"instagram","entry":[]}'
SCOPES = ("instagram_basic", "instagram_manage_messages", "pages_manage_metadata")
URL = "https://hub.example/webhooks/instagram/acme"


def test_either_of_the_apps_two_secrets_signs() -> None:
    for secret in (CONFIG.app_secret, CONFIG.instagram_app_secret):
        adapter(Wire()).verify(WebhookRequest(sign(BODY, secret), {}, BODY))


@pytest.mark.parametrize("secret", ["", "app-secret-of-rival"])
def test_no_other_secret_does_and_least_of_all_none(secret: str) -> None:
    with pytest.raises(SignatureError):
        adapter(Wire(), THROUGH_A_PAGE).verify(WebhookRequest(sign(BODY, secret), {}, BODY))


def test_a_token_of_instagrams_own_is_renewed_for_60_days() -> None:
    answer = {"access_token": "IGAA-newer", "token_type": "bearer", "expires_in": 5_184_000}
    wire = Wire(httpx.Response(200, json=answer))
    renewal = adapter(wire).renew(NOW)
    assert (renewal.values, renewal.expires_at) == ({"access_token": "IGAA-newer"}, NOW + timedelta(days=60))
    assert wire.requests[0].url.path == "/refresh_access_token"
    assert wire.query() == {"grant_type": "ig_refresh_token", "access_token": CONFIG.access_token}


def test_a_token_that_is_too_young_is_renewed_another_time() -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(refusal(400, 100))).renew(NOW)
    assert error.value.outcome == "retry"


def test_a_dead_token_wants_a_person() -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(refusal(400, 190, 463))).renew(NOW)
    assert error.value.outcome == "reauthorise"


def test_a_pages_token_has_no_end() -> None:
    assert adapter(Wire(), THROUGH_A_PAGE).renew(NOW).expires_at is None


def done() -> httpx.Response:
    return httpx.Response(200, json={"success": True})


def test_the_account_is_told_to_tell_everything() -> None:
    wire = Wire(done())
    adapter(wire).subscribe(URL)
    assert wire.requests[0].url.path == f"/v26.0/{ACCOUNT}/subscribed_apps"
    assert wire.query()["subscribed_fields"] == ",".join(FIELDS)


def test_with_the_apps_number_meta_is_told_the_address_too() -> None:
    wire = Wire(done(), done())
    adapter(wire, THROUGH_A_PAGE).subscribe(URL)
    of_app, of_page = wire.requests
    assert str(of_app.url).startswith(
        f"https://graph.facebook.com/v26.0/{THROUGH_A_PAGE.app_id}/subscriptions"
    )
    assert of_app.headers["authorization"] == f"Bearer {THROUGH_A_PAGE.app_id}|{THROUGH_A_PAGE.app_secret}"
    query = wire.query()
    assert (query["object"], query["callback_url"]) == ("instagram", URL)
    assert query["verify_token"] == THROUGH_A_PAGE.verify_token
    assert of_page.url.path == "/v26.0/me/subscribed_apps"


def subscribed(*fields: Any) -> httpx.Response:
    return httpx.Response(200, json={"data": [{"id": "1", "subscribed_fields": list(fields)}]})


def examined(*answers: httpx.Response, config: InstagramConfig = THROUGH_A_PAGE) -> list[tuple[str, str]]:
    found: list[Finding] = list(adapter(Wire(*answers), config).examine(URL, NOW))
    assert all(finding.says.endswith(".") for finding in found)
    return [(finding.about, finding.state) for finding in found]


def token(**changes: Any) -> httpx.Response:
    usual = {"is_valid": True, "scopes": [*SCOPES, "instagram_manage_comments"], "expires_at": 0}
    return httpx.Response(200, json={"data": {**usual, **changes}})


def delivers(url: str = URL, kind: str = "instagram") -> httpx.Response:
    found = {"object": kind, "callback_url": url, "active": True, "fields": [{"name": "messages"}]}
    return httpx.Response(200, json={"data": [found]})


def test_a_good_connection_has_only_good_findings() -> None:
    fields = [{"name": field, "version": "v26.0"} for field in FIELDS]
    assert examined(token(), delivers(), subscribed(*fields)) == [
        ("Token", "ok"),
        ("Permissions", "ok"),
        ("Webhook", "ok"),
        ("Subscribed fields", "ok"),
    ]


def test_each_fault_is_found() -> None:
    soon = round((NOW + timedelta(days=3)).timestamp())
    found = examined(
        token(scopes=["instagram_basic"], expires_at=soon), delivers("https://old.example"), subscribed()
    )
    assert found == [
        ("Token", "warn"),
        ("Permissions", "fix"),
        ("Webhook", "fix"),
        ("Subscribed fields", "fix"),
    ]
    found = examined(token(scopes=list(SCOPES)), delivers(kind="page"), subscribed("messages"))
    assert found == [
        ("Token", "ok"),
        ("Permissions", "warn"),
        ("Webhook", "fix"),
        ("Subscribed fields", "warn"),
    ]
    assert examined(token(is_valid=False), delivers(), subscribed(*FIELDS))[0] == ("Token", "fix")


def test_without_the_apps_number_only_the_account_can_be_asked() -> None:
    assert examined(subscribed(*FIELDS), config=CONFIG) == [("App ID", "warn"), ("Subscribed fields", "ok")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("account_id", ""),
        ("account_id", "my account"),
        ("api_version", "latest"),
        ("access_token", "two words"),
        ("instagram_app_secret", "å"),
        ("graph_url", "http://graph.instagram.com"),
    ],
)
def test_a_field_that_cannot_be_right_is_refused_without_quoting_it(field: str, value: str) -> None:
    usual = {"account_id": ACCOUNT, "access_token": "t", "app_secret": "s", "verify_token": "v"}
    with pytest.raises(InvalidInput) as error:
        InstagramConfig(**{**usual, field: value})
    assert not value or value not in str(error.value)
