"""Driven by the route table: a new route is covered at once, or these fail until it can be."""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from litestar.routes import HTTPRoute

from socialai.context import App
from socialai.domain.user import User
from socialai.security.permissions import principal_of
from tests import cast
from tests.routes.conftest import Client, Headers
from tests.routes.routes import Route, closed

BODIES: dict[str, Any] = {
    "write_reply": {"text": "Yes, we do."},
    "edit_reply": {"text": "Yes, we do."},
    "add_article": {"title": "Hours", "text": "Open from 9 to 17."},
    "change_article": {"title": "Hours", "text": "Open from 9 to 17."},
    "change_article_details": {"valid_until": "2027-01-01T00:00:00Z"},
    "add_site": {"url": "https://www.acme.example/"},
    "change_site": {"every_hours": 24},
    "approve_candidate": {"question": "Do you repair zips?", "answer": "Yes, for 15 EUR."},
    "answer": {"question": "Do you ship to Norway?"},
    "retry_dead_letters": {"kind": "event", "ids": [1]},
    "discard_dead_letters": {"kind": "event", "ids": [1]},
    "connect_crm": {"kind": "hubspot", "values": {"access_token": "pat-token"}},
    "pause_crm": {"paused": True},
    "connect_channel": {"platform": "facebook", "name": "Page", "values": {"page_id": "5", **cast.SECRETS}},
    "change_channel": {"mode": "auto"},
    "put_policy": {},
    "put_prices": {"watts": 60},
    "add_user": {"email": "new@acme.example", "name": "new", "role": "agent", "password": cast.PASSWORD},
    "change_user": {"role": "viewer"},
    "add_intent": {"name": "Hiring", "examples": ["Any jobs?", "I want to work", "a", "b", "c"]},
    "change_intent": {"name": "Hiring", "handling": "escalate"},
    "add_examples": {"examples": ["Do you have open positions?"]},
    "add_strangers": {"examples": ["What is the weather like?"]},
    "preview_intents": {"texts": ["Can I buy 60 of them?"]},
    "correct_message": {"intent": "sales", "mood": "angry"},
    "add_detail": {"kind": "preference", "value": "Wants green paper"},
    "change_detail": {"value": "Wants green paper"},
    "moderate_message": {"deed": "delete"},
    "reset_password": {"password": "a new green tomato"},
}
"""A body that would be accepted, by handler, so that only whose it is can make the answer a refusal."""


@pytest.fixture
def table(client: Client) -> list[Route]:
    return closed(client.app)


@pytest.fixture
def rival_files(app: App) -> Callable[[], dict[str, str]]:
    """What rival's files are, byte for byte."""
    folder = app.files.path("rival").parent

    def digests() -> dict[str, str]:
        return {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    return digests


def test_every_route_of_the_api_says_which_permission_it_needs(client: Client) -> None:
    silent = [
        route.path
        for route in client.app.routes
        if isinstance(route, HTTPRoute) and route.path.startswith("/api/v1") and "/auth/" not in route.path
        for method, (handler, _) in route.route_handler_map.items()
        if method != "OPTIONS" and "permission" not in handler.opt
    ]
    assert silent == []


def test_nobody_gets_in_anywhere_without_signing_in(
    client: Client, table: list[Route], ids: dict[str, cast.Ids]
) -> None:
    values = _values(ids["acme"])
    wrong = [
        (route.method, route.path, answer.status_code)
        for route in table
        if not _is_refused(answer := _ask(client, route, values, {}), route)
    ]
    assert wrong == []


def test_a_made_up_token_or_cookie_is_no_key(
    client: Client, table: list[Route], ids: dict[str, cast.Ids]
) -> None:
    values = _values(ids["acme"])
    for headers in ({"authorization": "Bearer x.y.z"}, {"cookie": "hub_session=guessed"}):
        wrong = [
            (route.method, route.path, answer.status_code)
            for route in table
            if not _is_refused(answer := _ask(client, route, values, headers), route)
        ]
        assert wrong == []


@pytest.mark.parametrize("name", cast.ACME)
def test_whoever_lacks_the_permission_is_refused_before_anything_is_read(
    client: Client,
    table: list[Route],
    ids: dict[str, cast.Ids],
    bearer: Callable[[str], Headers],
    person: Callable[[str], User],
    name: str,
) -> None:
    allowed = principal_of(person(name)).permissions
    values, headers = _values(ids["acme"]), bearer(name)
    wrong = [
        (route.method, route.path, answer.status_code)
        for route in table
        if route.is_api
        and route.permission
        and route.permission not in allowed
        and (answer := _ask(client, route, values, headers)).status_code != 403
    ]
    assert wrong == []


def test_no_id_of_rival_reaches_anything(
    client: Client,
    table: list[Route],
    ids: dict[str, cast.Ids],
    bearer: Callable[[str], Headers],
    rival_files: Callable[[], dict[str, str]],
) -> None:
    before, values, headers = rival_files(), _values(ids["rival"]), bearer("olga")
    wrong = [
        (route.method, route.path, answer.status_code)
        for route in table
        if route.is_api
        and route.parameters
        and (answer := _ask(client, route, values, headers)).status_code != 404
    ]
    assert wrong == []
    assert rival_files() == before


def test_no_page_shows_anything_of_rival_by_its_ids(
    client: Client,
    table: list[Route],
    ids: dict[str, cast.Ids],
    browser: Callable[[str], Headers],
    rival_files: Callable[[], dict[str, str]],
) -> None:
    before, values, headers = rival_files(), _values(ids["rival"]), browser("olga")
    wrong = [
        (route.method, route.path, answer.status_code)
        for route in table
        if not route.is_api
        and route.parameters
        and (answer := _ask(client, route, values, headers)).status_code not in (400, 404)
    ]
    assert wrong == []
    assert rival_files() == before


@pytest.mark.parametrize("number", ["0", "-1", str(2**63), str(2**200), "x", "1%00", "%ff"])
def test_no_id_whatever_makes_a_server_error(
    client: Client,
    table: list[Route],
    ids: dict[str, cast.Ids],
    browser: Callable[[str], Headers],
    number: str,
) -> None:
    headers = browser("olga")
    values: dict[str, object] = dict.fromkeys(_values(ids["acme"]), number)
    wrong = [
        (route.method, route.path, answer.status_code)
        for route in table
        if route.parameters and not 400 <= (answer := _ask(client, route, values, headers)).status_code < 500
    ]
    assert wrong == []


def test_lists_hold_nothing_of_rival(
    client: Client, table: list[Route], bearer: Callable[[str], Headers], ids: dict[str, cast.Ids]
) -> None:
    theirs = ("rival", cast.PAGES["rival"])
    headers = bearer("olga")
    for route in table:
        if route.is_api and route.method == "GET" and not route.parameters:
            text = client.get(route.path, headers=headers, params={"q": "Norway"}).text.lower()
            assert not any(word in text for word in theirs), route.path


def test_dead_letters_of_rival_stay_dead(api: Callable[..., Any], ids: dict[str, cast.Ids]) -> None:
    rival = ids["rival"]
    for deed in ("retry", "discard"):
        for kind, number in (("event", rival.event_id), ("outbox", rival.item_id)):
            done = api("olga", "POST", f"/dead-letters/{deed}", json={"kind": kind, "ids": [number]})
            assert (done.status_code, done.json()) == (200, {"ids": []})


def _values(ids: cast.Ids) -> dict[str, object]:
    values: dict[str, object] = msgspec.to_builtins(ids)
    return values


def _ask(client: Client, route: Route, values: dict[str, object], headers: Headers) -> Any:
    body = {"json": BODIES[route.handler]} if _takes_json(route) else {}
    return client.request(route.method, route.fill(values), headers=headers, follow_redirects=False, **body)


def _takes_json(route: Route) -> bool:
    return route.is_api and route.handler in BODIES


def _is_refused(answer: Any, route: Route) -> bool:
    if answer.status_code == 401:
        return True
    return not route.is_api and answer.status_code == 303 and answer.headers["location"].startswith("/login")
