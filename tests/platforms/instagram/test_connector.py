"""Connecting an account by signing in at Instagram."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import msgspec
import pytest

from socialai.errors import DeliveryError, InvalidInput, SignatureError
from socialai.platforms.base import WebhookRequest
from socialai.platforms.instagram.config import InstagramConfig
from socialai.platforms.instagram.connector import SCOPES, InstagramApp, InstagramConnector
from tests.platforms.instagram.sample import ACCOUNT, NOW, sign
from tests.platforms.wire import Wire

APP = InstagramApp(
    instagram_app_id="990602627938098",
    instagram_app_secret="acme-instagram-secret",
    app_secret="acme-secret",
    verify_token="acme-word",
    app_id="412008153370021",
)
BACK = "https://hub.example.com/auth/social/instagram/callback"
SHORT = {"access_token": "IGAA-short", "user_id": ACCOUNT, "permissions": list(SCOPES)}
LONG = {"access_token": "IGAA-long", "token_type": "bearer", "expires_in": 5_184_000}
ME = {"user_id": ACCOUNT, "username": "fjellogfjord", "id": "99"}


def ok(body: Any) -> httpx.Response:
    return httpx.Response(200, json=body)


def grant(short: Any) -> tuple[Any, Wire]:
    wire = Wire(ok(short), ok(LONG), ok(ME))
    return InstagramConnector(APP, wire.client()).grant("code", BACK, "", NOW), wire


def test_the_owner_signs_in_at_instagram() -> None:
    url = urlsplit(InstagramConnector(APP, Wire().client()).authorise_url("state-1", BACK, ""))
    assert (url.scheme, url.netloc, url.path) == ("https", "www.instagram.com", "/oauth/authorize")
    assert {name: values[0] for name, values in parse_qs(url.query).items()} == {
        "client_id": APP.instagram_app_id,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": ",".join(SCOPES),
        "state": "state-1",
    }


@pytest.mark.parametrize("short", [SHORT, {"data": [SHORT]}, {**SHORT, "permissions": ",".join(SCOPES)}])
def test_the_code_becomes_an_account_whose_token_lives_60_days(short: Any) -> None:
    granted, wire = grant(short)
    assert not granted.missing
    (found,) = granted.accounts
    assert (found.external_id, found.name) == (ACCOUNT, "@fjellogfjord")
    assert found.expires_at == NOW + timedelta(days=60)
    config = msgspec.convert(found.values, InstagramConfig)
    assert (config.access_token, config.app_secret) == ("IGAA-long", "acme-secret")
    assert (config.instagram_app_secret, config.address) == (
        "acme-instagram-secret",
        "https://graph.instagram.com",
    )
    exchange, lengthen, me = wire.requests
    assert str(exchange.url) == "https://api.instagram.com/oauth/access_token"
    assert dict(parse_qsl(exchange.content.decode())) == {
        "client_id": APP.instagram_app_id,
        "client_secret": APP.instagram_app_secret,
        "grant_type": "authorization_code",
        "redirect_uri": BACK,
        "code": "code",
    }
    assert dict(lengthen.url.params)["grant_type"] == "ig_exchange_token"
    assert me.headers["authorization"] == "Bearer IGAA-long"


def test_what_was_not_granted_is_named() -> None:
    granted, _ = grant({**SHORT, "permissions": ["instagram_business_basic"]})
    name = "instagram_business_manage_messages"
    assert granted.missing == [f"{name} ({SCOPES[name]})"]
    assert not grant({"access_token": "IGAA-short"})[0].missing


@pytest.mark.parametrize("answer", [{}, {"data": []}, []])
def test_an_answer_without_a_token_is_told(answer: Any) -> None:
    with pytest.raises(DeliveryError) as error:
        InstagramConnector(APP, Wire(ok(answer)).client()).grant("code", BACK, "", NOW)
    assert error.value.outcome == "retry"


def test_a_code_that_was_used_is_refused() -> None:
    body = {"error_type": "OAuthException", "code": 400, "error_message": "This code has been used"}
    with pytest.raises(DeliveryError):
        InstagramConnector(APP, Wire(httpx.Response(400, json=body)).client()).grant("code", BACK, "", NOW)


def test_a_delivery_to_the_installation_is_signed_with_either_secret() -> None:
    body = b'{"object":"instagram","entry":[]}'
    connector = InstagramConnector(APP, Wire().client())
    for secret in (APP.app_secret, APP.instagram_app_secret):
        connector.verify(WebhookRequest(sign(body, secret), {}, body))
    with pytest.raises(SignatureError):
        connector.verify(WebhookRequest(sign(body, "another"), {}, body))
    query = {"hub.mode": "subscribe", "hub.verify_token": "acme-word", "hub.challenge": "17"}
    assert connector.handshake(query).text == "17"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("instagram_app_id", "my app"),
        ("app_secret", "two words"),
        ("api_version", "latest"),
        ("graph_url", "http://graph.instagram.com"),
        ("token_url", "ftp://api.instagram.com"),
        ("sign_in_url", "https://www.instagram.com?x"),
    ],
)
def test_a_field_that_cannot_be_right_is_refused_and_no_secret_is_shown(field: str, value: str) -> None:
    with pytest.raises(InvalidInput):
        msgspec.structs.replace(APP, **{field: value})
    assert APP.app_secret not in repr(APP) + repr(APP.__rich_repr__())
