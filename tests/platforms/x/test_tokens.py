"""Tokens of two hours, and refresh tokens that X takes once."""

from base64 import b64encode
from datetime import timedelta
from urllib.parse import parse_qs

import httpx
import msgspec
import pytest

from socialai.errors import DeliveryError
from tests.platforms.wire import Wire
from tests.platforms.x.sample import CONFIG, NOW, adapter, older, problem

GRANT = {"token_type": "bearer", "expires_in": 7200, "access_token": "new", "refresh_token": "next"}


def failure(answer: httpx.Response | Exception) -> DeliveryError:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(answer)).renew(NOW)
    return error.value


def test_both_tokens_are_new_and_last_for_two_hours() -> None:
    wire = Wire(httpx.Response(200, json=GRANT))
    renewal = adapter(wire).renew(NOW)
    assert renewal.values == {"access_token": "new", "refresh_token": "next"}
    assert renewal.expires_at == NOW + timedelta(hours=2)
    (request,) = wire.requests
    assert request.url == "https://api.x.com/2/oauth2/token"
    pair = f"{CONFIG.client_id}:{CONFIG.client_secret}"
    assert request.headers["authorization"] == f"Basic {b64encode(pair.encode()).decode()}"
    assert parse_qs(request.content.decode()) == {
        "grant_type": ["refresh_token"],
        "refresh_token": [CONFIG.refresh_token],
        "client_id": [CONFIG.client_id],
    }


@pytest.mark.parametrize("told", [{}, {"refresh_token": ""}])
def test_a_refresh_token_that_x_leaves_out_is_not_lost(told: dict[str, str]) -> None:
    grant = {"access_token": "new", **told}
    assert adapter(Wire(httpx.Response(200, json=grant))).renew(NOW).values == {"access_token": "new"}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (httpx.Response(400, json={"error": "invalid_request"}), "reauthorise"),
        (httpx.Response(400, json={"error": "invalid_grant"}), "reauthorise"),
        (httpx.Response(401, json={"error": "invalid_client"}), "permanent"),
        (httpx.Response(401, json={"error": "unauthorized_client"}), "permanent"),
        (httpx.Response(429, json={"error": "slow_down"}), "retry"),
        (older(429, 88), "retry"),
        (problem(503), "retry"),
        (httpx.Response(504), "retry"),
        (httpx.Response(200, text="<html>"), "retry"),
        (httpx.Response(200, json={"token_type": "bearer"}), "retry"),
        (httpx.ReadTimeout("late"), "retry"),
        (httpx.ConnectError("no"), "retry"),
    ],
)
def test_what_went_wrong_is_told_apart(answer: httpx.Response | Exception, outcome: str) -> None:
    assert failure(answer).outcome == outcome


def test_without_a_refresh_token_or_an_app_a_person_must_help() -> None:
    for field, outcome in (("refresh_token", "reauthorise"), ("client_id", "permanent")):
        config = msgspec.structs.replace(CONFIG, **{field: ""})
        with pytest.raises(DeliveryError) as error:
            adapter(Wire(), config).renew(NOW)
        assert error.value.outcome == outcome
