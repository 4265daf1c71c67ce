import hmac
import json

import pytest

from socialai.errors import SignatureError
from socialai.platforms.base import WebhookRequest
from tests.platforms.linkedin.sample import CONFIG, adapter, sign
from tests.platforms.wire import Wire

BODY = '{"type":"X","notifications":[{"text":"blåbær \\u00e5"}]}'.encode()
GOOD = sign(BODY)["x-li-signature"]


def verify(claimed: str, body: bytes = BODY) -> None:
    adapter(Wire()).verify(WebhookRequest(headers={"x-li-signature": claimed}, query={}, body=body))


def test_the_word_before_the_body_is_signed_and_may_stand_in_the_header() -> None:
    verify(GOOD)
    verify(f"hmacsha256={GOOD}")


def test_a_signature_over_the_bare_body_is_not_linkedins() -> None:
    with pytest.raises(SignatureError):
        verify(hmac.digest(CONFIG.client_secret.encode(), BODY, "sha256").hex())


@pytest.mark.parametrize(
    "claimed", ["", "hmacsha256=", GOOD[:-1], GOOD + "0", GOOD.upper(), f"sha256={GOOD}", "é", "\ud800"]
)
def test_a_damaged_signature_is_rejected(claimed: str) -> None:
    with pytest.raises(SignatureError):
        verify(claimed)


def test_the_signature_is_over_the_bytes_as_they_came() -> None:
    with pytest.raises(SignatureError):
        verify(GOOD, json.dumps(json.loads(BODY)).encode())
    with pytest.raises(SignatureError):
        verify(sign(BODY, "client-secret-of-rival")["x-li-signature"])


def test_the_challenge_is_answered_in_hex() -> None:
    code = "890e4665-4dfe-4ab1-b689-ed553bceeed0"
    answer = adapter(Wire()).handshake({"challengeCode": code, "applicationId": "1"})
    assert answer.media_type == "application/json"
    digest = hmac.digest(CONFIG.client_secret.encode(), code.encode(), "sha256").hex()
    assert json.loads(answer.text) == {"challengeCode": code, "challengeResponse": digest}


@pytest.mark.parametrize("query", [{}, {"challengeCode": ""}, {"hub.challenge": "1"}])
def test_a_check_without_a_challenge_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(SignatureError):
        adapter(Wire()).handshake(query)
