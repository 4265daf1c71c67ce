import hmac
import json
from base64 import b64encode

import msgspec
import pytest

from socialai.errors import SignatureError
from socialai.platforms.base import WebhookRequest
from socialai.platforms.x.config import XConfig
from tests.platforms.wire import Wire
from tests.platforms.x.sample import CONFIG, adapter, sign

BODY = '{"data":{"text":"blåbær \\u00e5"}}'.encode()
OLDER, NEWER = "x-twitter-webhooks-signature", "x-twitter-webhooks-signature-oauth2"
NEW_APP = msgspec.structs.replace(CONFIG, consumer_secret="")


def verify(headers: dict[str, str], body: bytes = BODY, config: XConfig = CONFIG) -> None:
    adapter(Wire(), config).verify(WebhookRequest(headers=headers, query={}, body=body))


def older(body: bytes = BODY) -> dict[str, str]:
    return sign(body, CONFIG.consumer_secret, "")


def token(secret: str, given: str) -> str:
    digest = hmac.digest(secret.encode(), given.encode(), "sha256")
    return f"sha256={b64encode(digest).decode()}"


def test_both_of_xs_signatures_are_known() -> None:
    verify(sign(BODY))
    verify(older())
    verify({**sign(BODY), **older()})


def test_two_signatures_must_both_be_right() -> None:
    with pytest.raises(SignatureError):
        verify({**sign(BODY), OLDER: older(b"other")[OLDER]})
    with pytest.raises(SignatureError):
        verify({**older(), NEWER: "sha256="})


def test_a_signature_with_a_secret_that_we_do_not_have_proves_nothing() -> None:
    with pytest.raises(SignatureError):
        verify(older(), config=NEW_APP)
    verify(sign(BODY), config=NEW_APP)


@pytest.mark.parametrize("change", ["", "sha256=", "é", "\ud800", "upper", "bare", "hex"])
def test_a_damaged_signature_is_rejected(change: str) -> None:
    good = sign(BODY)[NEWER]
    digest = hmac.digest(CONFIG.client_secret.encode(), BODY, "sha256")
    damaged = {"upper": good.upper(), "bare": good.removeprefix("sha256="), "hex": f"sha256={digest.hex()}"}
    with pytest.raises(SignatureError):
        verify({NEWER: damaged.get(change, change)})


def test_the_signature_is_over_the_bytes_as_they_came() -> None:
    again = json.dumps(json.loads(BODY)).encode()
    assert json.loads(again) == json.loads(BODY)
    with pytest.raises(SignatureError):
        verify(sign(BODY), body=again)


def test_the_check_of_the_address_is_answered_with_the_secret_of_the_app() -> None:
    answer = adapter(Wire()).handshake({"crc_token": "challenge-Å", "nonce": "1"})
    assert answer.media_type == "application/json"
    assert json.loads(answer.text) == {"response_token": token(CONFIG.consumer_secret, "challenge-Å")}
    newer = adapter(Wire(), NEW_APP).handshake({"crc_token": "challenge"})
    assert json.loads(newer.text) == {"response_token": token(CONFIG.client_secret, "challenge")}


@pytest.mark.parametrize("query", [{}, {"crc_token": ""}, {"hub.challenge": "1"}])
def test_a_check_without_a_token_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(SignatureError):
        adapter(Wire()).handshake(query)
