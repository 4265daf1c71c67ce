"""Hostile deliveries: signed nonsense is kept and ends, unsigned nonsense is turned away, nothing breaks."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from socialai.context import App
from socialai.intake import Intake
from socialai.jobs.process import process
from socialai.store import events
from tests.routes.conftest import Client
from tests.routes.signed import PATH, headers


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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(min_size=1, max_size=400))
def test_any_signed_bytes_are_kept_and_end(hooks: Client, app: App, body: bytes) -> None:
    assert post(hooks, body).status_code == 200
    run_all(app)
    assert kept(app) == []


NAMES = st.sampled_from(
    "mid text is_echo is_deleted attachments quick_reply payload reply_to sticker_id metadata app_id title "
    "mids action emoji reaction watermark url type num_edit id timestamp sender recipient".split()
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(["1001", "8001", "m_1", "socialai:1", "\ud800", "\x00", "react", "image"]),
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=5)),
    max_leaves=12,
)
PARTIES = st.one_of(st.just({"id": "1001"}), st.just({"id": "8001"}), ANYTHING)
ITEMS = st.fixed_dictionaries(
    {"sender": PARTIES, "recipient": PARTIES, "timestamp": st.one_of(st.integers(), ANYTHING)},
    optional={
        kind: st.one_of(st.fixed_dictionaries({"mid": LEAVES}, optional={"text": LEAVES}), ANYTHING)
        for kind in ("message", "message_edit", "reaction", "postback", "delivery", "read", "optin")
    },
)
ENTRIES = st.fixed_dictionaries(
    {"id": st.one_of(st.just("1001"), LEAVES), "time": st.one_of(st.integers(), ANYTHING)},
    optional={"messaging": st.lists(ITEMS, max_size=3), "standby": st.lists(ITEMS, max_size=2)},
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(entries=st.lists(ENTRIES, min_size=1, max_size=3))
def test_anything_that_looks_like_a_delivery_is_kept_and_ends(
    hooks: Client, app: App, entries: list[Any]
) -> None:
    body = json.dumps({"object": "page", "entry": entries}).encode()
    assert post(hooks, body).status_code == 200
    run_all(app)
    assert kept(app) == []
    faults = [event.error for event in dead(app) if "fault" in (event.error or "")]
    assert faults == []


HEADER_NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True).filter(
    lambda name: name not in ("content-length", "transfer-encoding", "host", "connection", "expect")
)
HEADER_VALUES = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=60
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sent=st.dictionaries(HEADER_NAMES, HEADER_VALUES, max_size=6),
    claimed=HEADER_VALUES,
    path=st.sampled_from([PATH, "/webhooks/facebook/rival", "/webhooks/facebook/%00", "/webhooks/../acme"]),
)
def test_any_headers_are_turned_away_without_a_fault(
    hooks: Client, sent: dict[str, str], claimed: str, path: str
) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in sent.items()]
    raw.append((b"x-hub-signature-256", claimed.encode("latin-1")))
    answer = hooks.post(path, content=b"{}", headers=raw)
    assert 400 <= answer.status_code < 500


def run_all(app: App) -> None:
    process(app, "acme", 0)


def dead(app: App) -> list[Any]:
    found = app.files.tenant("acme").read(lambda db: events.events(db, "dead", limit=1000))
    return [event for event in found if event.error != "This delivery is not understood."]
