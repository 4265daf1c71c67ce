"""The chat on a shop's site, and how much of it a stranger gets."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialai.context import App
from socialai.intake import Intake
from socialai.jobs.sweep import sweep
from socialai.store import channels
from tests.cast import Clock
from tests.routes.conftest import Client
from tests.routes.visitors import PNG, Visitor, connect


@pytest.fixture
def visit(app: App, client: Client) -> Callable[..., Visitor]:
    client.app.state["intake"] = Intake(app.files, app.tasks, app.clock)
    return lambda **more: Visitor(app, client, connect(app, **more))


def test_a_visitor_who_floods_is_slowed_down_and_nobody_else_is(
    visit: Callable[..., Visitor], app: App, client: Client, clock: Clock
) -> None:
    loud = visit().begin()
    calm = Visitor(app, client, app.files.tenant("acme").read(lambda db: channels.get(db, 2))).begin()
    answers = [loud.ask("GET", "/messages") for _ in range(45)]
    assert [answer.status_code for answer in answers] == [200] * 40 + [429] * 5
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert loud.say("And now?").status_code == 429
    assert calm.say("Hello").status_code == 202
    clock.wait(seconds=4)
    assert loud.say("And now?").status_code == 202
    assert calm.sees() == ["Hello"]


def test_so_many_new_visitors_at_once_are_no_people(visit: Callable[..., Visitor], clock: Clock) -> None:
    visitor = visit()
    statuses = [visitor.ask("POST", "/visitors").status_code for _ in range(301)]
    assert (statuses.count(201), statuses[-1]) == (300, 429)
    clock.wait(minutes=11)
    assert visitor.ask("POST", "/visitors").status_code == 201


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "x" * 4001},
        {"text": "  "},
        {"id": "../1"},
        {"id": "a" * 65},
        {"email": "ada@example", "agreed": True},
        {"email": "a@b.c\r\nbcc: eve@evil.example", "agreed": True},
        {"email": "ada@example.com"},
        {"name": "x" * 81, "agreed": True},
        {"files": ["no-such-file"]},
        {"files": ["1", "2", "3", "4", "5", "6"]},
        {"is_admin": True},
        {"text": ["x"]},
    ],
)
def test_what_cannot_be_right_is_refused_with_a_sentence(
    visit: Callable[..., Visitor], wrong: dict[str, Any]
) -> None:
    visitor = visit().begin()
    answer = visitor.ask("POST", "/messages", json={"id": "message-1", "text": "Hello", **wrong})
    assert answer.status_code == 400
    assert answer.json()["detail"].endswith(".")
    assert visitor.sees() == []


def test_what_is_too_large_is_not_read(visit: Callable[..., Visitor]) -> None:
    visitor = visit().begin()
    assert visitor.ask("POST", "/messages", content=b"{" + b" " * 70_000).status_code == 413
    assert visitor.ask("POST", "/messages", content=b"[" * 60_000).status_code == 400
    assert visitor.ask("POST", "/files?name=a", content=PNG + bytes(6 * 1024 * 1024)).status_code == 413


def test_a_file_is_taken_by_what_is_in_it(app: App, visit: Callable[..., Visitor]) -> None:
    visitor = visit().begin()
    for evil in (b"MZ\x90\x00\x03\x00\x00\x00", b"\x7fELF\x02\x01\x01", b"PK\x03\x04" + bytes(40), bytes(20)):
        assert visitor.ask("POST", "/files?name=holiday.png", content=evil).status_code == 400
    kept = visitor.ask("POST", "/files?name=..%2F..%2Ftorn%3Cb%3E.png", content=PNG)
    assert kept.status_code == 201
    stranger = visit().begin()
    assert stranger.say("Mine!", files=[kept.json()["ref"]]).status_code == 400
    assert visitor.say("Is this it?", files=[kept.json()["ref"]]).status_code == 202
    row = app.files.tenant("acme").read(
        lambda db: db.execute("select state, media_type, content from blob order by id desc").fetchone()
    )
    assert (row["state"], row["media_type"], bytes(row["content"])) == ("kept", "image/png", PNG)
    assert visitor.ask("GET", "/messages").json()["lines"][0]["files"] == ["tornb.png"]
    assert visit(files=False).begin().ask("POST", "/files?name=a", content=PNG).status_code == 400


def test_files_that_nobody_sends_are_limited_and_forgotten(
    app: App, visit: Callable[..., Visitor], clock: Clock
) -> None:
    visitor = visit().begin()
    big = PNG + bytes(5 * 1024 * 1024 - len(PNG))
    statuses = [visitor.ask("POST", "/files?name=a.png", content=big).status_code for _ in range(5)]
    assert statuses == [201, 201, 201, 201, 413]
    clock.wait(hours=7)
    sweep(app)
    assert visitor.ask("POST", "/files?name=a.png", content=big).status_code == 201


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=200)
    | st.dictionaries(st.text(), st.text() | st.integers()).map(msgspec.json.encode)
)
def test_any_body_is_taken_or_refused(
    visit: Callable[..., Visitor], clock: Clock, body: bytes, request: pytest.FixtureRequest
) -> None:
    if not hasattr(request.node, "fuzzed"):
        request.node.fuzzed = visit().begin()
    clock.wait(seconds=60)
    assert request.node.fuzzed.ask("POST", "/messages", content=body).status_code in (202, 400)
