"""Callers of the hub: anyone of the cast by an API token, or in a browser by a session."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from socialai.context import App
from socialai.domain.user import User
from socialai.routes.edge import site
from socialai.routes.sign_in import COOKIE
from socialai.security.csrf import csrf_token
from socialai.store import sessions, users

Headers = dict[str, str]
Client = TestClient[Litestar]


@pytest.fixture(scope="session")
def before() -> Callable[[App], Litestar]:
    """The site before this hub. Its routes are made once, as that takes longer than a test."""
    made: list[Litestar] = []

    def put(app: App) -> Litestar:
        if not made:
            made.append(site(app))
        made[0].state["hub"] = app
        return made[0]

    return put


@pytest.fixture
def client(app: App, before: Callable[[App], Litestar]) -> Iterator[Client]:
    """Nobody: no token, no session. Pass `headers=bearer("olga")` or `headers=browser("olga")`."""
    with TestClient(before(app), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def empty_client(empty_app: App, before: Callable[[App], Litestar]) -> Iterator[Client]:
    """Nobody, before a hub that nobody has set up."""
    with TestClient(before(empty_app), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def person(app: App) -> Callable[[str], User]:
    """A user by name: olga, adam, anna, vera of acme; rita of rival."""
    everyone = app.files.app.read(lambda db: users.users(db, "acme") + users.users(db, "rival"))
    return {user.name: user for user in everyone}.__getitem__


@pytest.fixture
def bearer(app: App, person: Callable[[str], User]) -> Callable[[str], Headers]:
    """The header of a program with a token of this person."""
    return lambda name: {"authorization": f"Bearer {app.gate.signer.issue(person(name)).text}"}


@pytest.fixture
def browser(app: App, person: Callable[[str], User]) -> Callable[[str], Headers]:
    """The headers of a page of ours where this person is signed in."""

    def headers(name: str) -> Headers:
        user = person(name)
        token = app.files.app.write(lambda db: sessions.create(db, user.id, app.clock(), 24.0))
        return {
            "cookie": f"{COOKIE}={token}",
            "x-csrf-token": csrf_token(token),
            "accept": "text/html",
            "sec-fetch-site": "same-origin",
        }

    return headers


@pytest.fixture
def api(client: Client, bearer: Callable[[str], Headers]) -> Callable[..., Any]:
    """`api("olga", "GET", "/leads")`: the answer of /api/v1."""
    tokens: dict[str, Headers] = {}

    def call(name: str, method: str, path: str, **more: Any) -> Any:
        headers = tokens.setdefault(name, bearer(name))
        return client.request(method, f"/api/v1{path}", headers=headers, follow_redirects=False, **more)

    return call
