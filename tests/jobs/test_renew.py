"""Tokens that end are renewed before, one at a time, and what comes instead is said."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import httpx
import pytest

from socialai.context import App
from socialai.domain.channel import Channel
from socialai.jobs.renew import renew
from socialai.store import channels
from tests import cast
from tests.conftest import Wire
from tests.platforms.x.sample import CONFIG


class Tokens:
    """X's token endpoint: each refresh token works once."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.plan: list[httpx.Response] = []
        self.waits: Callable[[], Any] = lambda: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/oauth2/token"):
            return httpx.Response(
                200, json={"data": {"id": CONFIG.user_id, "name": "Acme", "username": "acme"}}
            )
        self.waits()
        self.asked.append(request.content.decode())
        if self.plan:
            return self.plan.pop(0)
        number = len(self.asked)
        return httpx.Response(
            200,
            json={
                "access_token": f"access-{number}",
                "refresh_token": f"refresh-{number}",
                "expires_in": 7200,
                "token_type": "bearer",
            },
        )


@pytest.fixture
def tokens(wire: Wire) -> Tokens:
    made = Tokens()
    wire.answer = made
    return made


@pytest.fixture
def x(app: App, tokens: Tokens) -> int:
    """A channel on X whose token ends in 10 minutes."""
    values = {name: getattr(CONFIG, name) for name in CONFIG.__struct_fields__}
    ends_at = app.clock() + timedelta(minutes=10)
    return app.channels.connect("acme", "x", "Acme on X", values, app.clock(), ends_at).id


def channel(app: App, channel_id: int) -> Channel:
    return app.files.tenant("acme").read(lambda db: channels.get(db, channel_id))


def config(app: App, channel_id: int) -> Any:
    return app.channels.adapter("acme", channel_id).config


def test_it_is_renewed_before_it_ends_and_both_tokens_are_kept(app: App, x: int, tokens: Tokens) -> None:
    renew(app, "acme", x)
    assert (config(app, x).access_token, config(app, x).refresh_token) == ("access-1", "refresh-1")
    assert channel(app, x).token_expires_at == app.clock() + timedelta(hours=2)
    renew(app, "acme", x)
    assert len(tokens.asked) == 1


def test_an_answer_without_a_refresh_token_loses_none(app: App, x: int, tokens: Tokens) -> None:
    before = config(app, x).refresh_token
    tokens.plan = [
        httpx.Response(200, json={"access_token": "newer", "refresh_token": "", "expires_in": 7200})
    ]
    renew(app, "acme", x)
    assert (config(app, x).access_token, config(app, x).refresh_token) == ("newer", before)


def test_a_token_that_ended_while_the_hub_was_off_is_renewed_before_it_is_used(
    app: App, clock: cast.Clock, x: int, tokens: Tokens
) -> None:
    clock.wait(hours=5)
    adapter = app.channels.fresh("acme", x, app.clock())
    assert adapter.config.access_token == "access-1"


def test_two_that_need_it_at_once_renew_it_once(app: App, clock: cast.Clock, x: int, tokens: Tokens) -> None:
    """A refresh token that is used twice is a lost account."""
    clock.wait(hours=5)
    at_once, found = Barrier(2), []

    def ask() -> None:
        at_once.wait()
        found.append(app.channels.fresh("acme", x, app.clock()).config.access_token)

    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["access-1", "access-1"]
    assert len(tokens.asked) == 1


def test_a_failure_is_tried_again_and_a_refusal_is_said(
    app: App, clock: cast.Clock, x: int, tokens: Tokens
) -> None:
    refused = json.dumps({"error": "invalid_grant", "error_description": "Value passed was invalid."})
    tokens.plan = [httpx.Response(503), httpx.Response(400, content=refused)]
    renew(app, "acme", x)
    assert channel(app, x).renew_error
    renew(app, "acme", x)
    assert len(tokens.asked) == 1
    clock.wait(hours=1)
    renew(app, "acme", x)
    assert (len(tokens.asked), channel(app, x).state) == (2, "active")
    assert due(app) == []


def due(app: App) -> list[int]:
    at: datetime = app.clock() + timedelta(days=365)
    return app.files.tenant("acme").read(lambda db: channels.renewals_due(db, at))


def test_no_token_of_it_is_written_anywhere_in_the_open(app: App, x: int, tokens: Tokens) -> None:
    renew(app, "acme", x)
    assert b"refresh-1" not in app.files.path("acme").read_bytes()
