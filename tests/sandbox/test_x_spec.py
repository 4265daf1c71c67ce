"""The stand-in's answers, held against X's own specification."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from socialai.platforms.x import X
from socialai.platforms.x.config import XConfig
from socialai.sandbox.x.records import Person
from socialai.sandbox.x.sandbox import XSandbox
from tests.platforms.openapi import SPECS, Spec
from tests.platforms.x.sample import outgoing

SPEC = SPECS / "x" / "openapi-xdk-2026-07-25.json"
ADA = Person("2244994945", "adalove", "Ada Lovelace")

pytestmark = pytest.mark.skipif(
    not SPEC.is_file(), reason=f"X's specification is not at {SPEC}; set SOCIALAI_SHARED to test with it"
)


def test_whatever_the_adapter_asks_is_answered_as_x_specifies() -> None:
    spec, asked = Spec(SPEC), []

    def look(response: httpx.Response) -> None:
        response.read()
        spec.check_answer(response.request.method, response.request.url.path, response)
        asked.append(response.request.url.path)

    hooks: dict[str, list[Any]] = {"response": [look]}
    with XSandbox() as stand_in, httpx.Client(trust_env=False, event_hooks=hooks) as http:
        adapter = X(XConfig(**stand_in.values()), http)  # type: ignore[arg-type]
        begun, now = adapter.poll(None, datetime(2026, 7, 24, tzinfo=UTC)), datetime.now(UTC)
        stand_in.say(ADA, "hello")
        post = stand_in.post(ADA, "hey @northwindshop")
        adapter.check()
        adapter.profile(ADA.id)
        private, public = outgoing(contact=ADA.id), outgoing(contact=ADA.id, thread=post.id, answers=post.id)
        sent = [adapter.send(each, now) for each in (private, public)]
        assert [adapter.find_sent(each, now) for each in (private, public)] == sent
        adapter.poll(begun.cursor, now)
        adapter.moderate("hide", post.id, "")
        adapter.moderate("delete", sent[1], "")
        adapter.examine("https://hub.example/", now)
    assert len(asked) == 12
