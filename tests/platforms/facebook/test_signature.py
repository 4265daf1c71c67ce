import hashlib
import hmac

import pytest

from socialai.errors import SignatureError
from socialai.platforms.base import Answer, WebhookRequest
from tests.platforms.facebook.sample import CONFIG, adapter, sign
from tests.platforms.wire import Wire

BODY = b'{"object":"page","entry":[],"note":"bl\\u00e5b\\u00e6r"}'
GOOD = sign(BODY)["x-hub-signature-256"]
QUERY = {"hub.mode": "subscribe", "hub.verify_token": CONFIG.verify_token, "hub.challenge": "1158201444"}


def verify(headers: dict[str, str], body: bytes = BODY) -> None:
    adapter(Wire()).verify(WebhookRequest(headers=headers, query={}, body=body))


def sha1(body: bytes) -> str:
    return "sha1=" + hmac.new(CONFIG.app_secret.encode(), body, hashlib.sha1).hexdigest()


def test_the_signature_is_over_the_bytes_as_they_came() -> None:
    verify({"x-hub-signature-256": GOOD})
    with pytest.raises(SignatureError):
        verify({"x-hub-signature-256": GOOD}, body=BODY.decode("unicode_escape").encode())


@pytest.mark.parametrize(
    "claimed",
    ["", "sha256=", GOOD[:-1], GOOD.removeprefix("sha256="), GOOD + "0", GOOD.upper(), "sha256=é", "\ud800"],
)
def test_a_damaged_signature_is_rejected(claimed: str) -> None:
    with pytest.raises(SignatureError):
        verify({"x-hub-signature-256": claimed})


def test_a_signature_by_another_apps_secret_is_rejected() -> None:
    with pytest.raises(SignatureError):
        verify(sign(BODY, secret="app-secret-of-rival"))


def test_the_old_sha1_signature_is_not_accepted() -> None:
    with pytest.raises(SignatureError):
        verify({"x-hub-signature": sha1(BODY)})
    with pytest.raises(SignatureError):
        verify({"x-hub-signature-256": sha1(BODY)})


def test_the_handshake_answers_the_challenge() -> None:
    assert adapter(Wire()).handshake(QUERY) == Answer("1158201444")


@pytest.mark.parametrize(
    "change",
    [
        {"hub.verify_token": "guess"},
        {"hub.verify_token": ""},
        {"hub.verify_token": "\ud800"},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": ""},
    ],
)
def test_a_handshake_that_does_not_know_the_token_is_rejected(change: dict[str, str]) -> None:
    with pytest.raises(SignatureError):
        adapter(Wire()).handshake({**QUERY, **change})


def test_a_handshake_without_parameters_is_rejected() -> None:
    with pytest.raises(SignatureError):
        adapter(Wire()).handshake({})
