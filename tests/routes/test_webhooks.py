"""What platforms deliver: authentic and kept before it is acknowledged, or turned away and counted."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from socialai.context import App
from socialai.intake import Intake
from socialai.jobs.process import process
from socialai.store import events
from tests import cast
from tests.routes import signed
from tests.routes.conftest import Client
from tests.routes.signed import PATH, headers, message

WORD = cast.SECRETS["verify_token"]
ENDLESS = 2 * 1024 * 1024 + 1


@pytest.fixture
def hooks(app: App, client: Client) -> Client:
    client.app.state["intake"] = Intake(app.files, app.tasks, app.clock)
    return client


def counted(app: App, outcome: str, platform: str = "facebook") -> float:
    labels = {"platform": platform, "outcome": outcome}
    return app.metrics.registry.get_sample_value("socialai_intake_total", labels) or 0.0


def kept(app: App) -> list[bytes]:
    """Bodies of what waits to be processed."""
    return [event.body for event in app.files.tenant("acme").read(lambda db: events.events(db, "received"))]


def post(hooks: Client, body: bytes, path: str = PATH, **more: Any) -> httpx.Response:
    return hooks.post(path, content=body, headers={**headers(body), **more.pop("headers", {})}, **more)


# -- the handshake


def shake(hooks: Client, path: str = PATH, **query: str) -> httpx.Response:
    said = {"hub.mode": "subscribe", "hub.verify_token": WORD, "hub.challenge": "1158201444", **query}
    return hooks.get(path, params=said)


def test_the_handshake_is_answered_with_the_challenge_as_plain_text(hooks: Client) -> None:
    answer = shake(hooks)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_challenge_cannot_be_made_to_run_in_a_browser(hooks: Client) -> None:
    answer = shake(hooks, **{"hub.challenge": "<script>alert(1)</script>"})
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "query",
    [
        {"hub.verify_token": "guessed"},
        {"hub.verify_token": ""},
        {"hub.mode": "unsubscribe"},
        {"hub.challenge": ""},
    ],
)
def test_a_wrong_handshake_is_refused_and_counted(hooks: Client, app: App, query: dict[str, str]) -> None:
    answer = shake(hooks, **query)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "The verify token is not the one that was set for this channel."
    assert counted(app, "refused") == 1


def test_a_handshake_with_nobody_is_not_found(hooks: Client) -> None:
    assert shake(hooks, "/webhooks/facebook/nobody").status_code == 404


# -- kept


def test_an_authentic_delivery_is_kept_and_acknowledged(hooks: Client, app: App) -> None:
    body = message()
    answer = post(hooks, body)
    assert (answer.status_code, answer.content) == (200, b"")
    assert kept(app) == [body]
    assert counted(app, "kept") == 1


def test_the_same_bytes_again_are_acknowledged_and_not_kept_again(hooks: Client, app: App) -> None:
    body = message()
    assert [post(hooks, body).status_code for _ in range(3)] == [200, 200, 200]
    assert kept(app) == [body]
    assert (counted(app, "kept"), counted(app, "repeated")) == (1, 2)


def test_signed_bytes_are_kept_whatever_they_say(hooks: Client, app: App) -> None:
    assert post(hooks, b"this is not json").status_code == 200
    run_all(app)
    [event] = dead(app)
    assert event.body == b"this is not json"
    assert (event.error or "").startswith("The delivery does not look like one of Facebook's")


def test_the_signature_is_over_the_raw_bytes(hooks: Client, app: App) -> None:
    """Meta escapes what is not ASCII before it signs: a body read and written again would not fit."""
    body = b'{"object":"page","entry":[{"id":"1001","time":1,"messaging":[]}],"x":"caf\\u00e9 \\/"}'
    assert post(hooks, body).status_code == 200
    assert kept(app) == [body]


# -- turned away


@pytest.mark.parametrize(
    "sign",
    [
        {},
        {"x-hub-signature-256": ""},
        {"x-hub-signature-256": "sha256="},
        {"x-hub-signature-256": "sha256=" + "0" * 64},
        {"x-hub-signature-256": signed.signature(b"something else")},
        {"x-hub-signature-256": signed.signature(b"{}", "another secret")},
        {"x-hub-signature": "sha1=" + "0" * 40},
    ],
)
def test_what_is_not_signed_is_refused_and_counted(hooks: Client, app: App, sign: dict[str, str]) -> None:
    answer = hooks.post(PATH, content=b"{}", headers=sign)
    assert answer.status_code == 401
    assert answer.json()["detail"] == "The delivery is not signed with this channel's app secret."
    assert kept(app) == []
    assert counted(app, "refused") == 1


@pytest.mark.parametrize("path", ["/webhooks/facebook/nobody", "/webhooks/myspace/acme", "/webhooks/x/y"])
def test_an_unknown_tenant_or_platform_is_not_found_and_counted_without_its_name(
    hooks: Client, app: App, path: str
) -> None:
    answer = post(hooks, message(), path)
    assert answer.status_code == 404
    assert counted(app, "unknown", "other") == 1


def test_a_tenant_without_a_channel_is_not_found(hooks: Client, app: App, ids: dict[str, cast.Ids]) -> None:
    app.channels.disconnect("acme", ids["acme"].channel_id)
    answer = post(hooks, message())
    assert answer.status_code == 404
    assert answer.json()["detail"] == "'acme' has no facebook channel."


def test_an_empty_delivery_is_malformed_and_counted(hooks: Client, app: App) -> None:
    answer = post(hooks, b"")
    assert (answer.status_code, answer.json()["detail"]) == (400, "The delivery is empty.")
    assert counted(app, "malformed") == 1


def test_a_huge_delivery_is_turned_away_and_counted(hooks: Client, app: App) -> None:
    answer = post(hooks, b"x" * ENDLESS)
    assert answer.status_code == 413
    assert answer.json()["detail"] == "A delivery may have at most 2097152 bytes."
    assert counted(app, "too_large") == 1


def test_a_huge_delivery_is_not_read_to_its_end_when_it_does_not_say_how_long_it_is(
    hooks: Client, app: App
) -> None:
    read = 0

    def pieces() -> Iterator[bytes]:
        nonlocal read
        for _ in range(64):
            read += 1
            yield b"x" * 1_000_000

    assert hooks.post(PATH, content=pieces()).status_code == 413
    assert counted(app, "too_large") == 1


def test_credentials_of_another_secret_key_say_so_and_ask_for_it_again(hooks: Client, app: App) -> None:
    database = app.files.tenant("acme")
    database.write(lambda db: db.execute("update secret set sealed = zeroblob(60)") and None)
    app.channels.forget("acme")
    answer = post(hooks, message())
    assert answer.status_code == 503
    assert "cannot be opened with this secret.key" in answer.json()["detail"]
    assert counted(app, "not_kept") == 1


# -- not kept, so not acknowledged


def test_a_locked_file_is_told_and_the_redelivery_is_kept(hooks: Client, app: App) -> None:
    body = message()
    other = sqlite3.connect(app.files.path("acme"), isolation_level=None)
    other.execute("begin immediate")
    answer = post(hooks, body)
    other.execute("rollback")
    other.close()
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    path = app.files.path("acme")
    assert answer.json()["detail"] == f"Another program holds {path}. Close it, then try again."
    assert counted(app, "not_kept") == 1
    assert post(hooks, body).status_code == 200
    assert kept(app) == [body]


def test_a_full_disk_is_told_and_the_redelivery_is_kept(hooks: Client, app: App) -> None:
    """A real limit of the file: SQLite says of it what it says of a full disk."""
    body = message("x" * 100_000)
    database = app.files.tenant("acme")
    pages = database.read(lambda db: int(db.execute("pragma page_count").fetchone()[0]))
    assert post(hooks, message()).status_code == 200
    database.write(lambda db: db.execute(f"pragma max_page_count = {pages + 2}").fetchall() and None)
    answer = post(hooks, body)
    assert answer.status_code == 503
    path = app.files.path("acme")
    assert answer.json()["detail"] == (
        f"The disk that holds {path} is full. Free some space; nothing accepted was lost."
    )
    database.write(lambda db: db.execute("pragma max_page_count = 1000000").fetchall() and None)
    assert post(hooks, body).status_code == 200
    assert body in kept(app)


def run_all(app: App) -> None:
    process(app, "acme", 0)


def dead(app: App) -> list[Any]:
    found = app.files.tenant("acme").read(lambda db: events.events(db, "dead", limit=1000))
    return [event for event in found if event.error != "This delivery is not understood."]
