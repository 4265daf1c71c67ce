"""Every request we make of WhatsApp, held against Meta's own specification."""

from typing import Any

import httpx
import msgspec
import pytest

from tests.platforms.openapi import SPECS, Spec
from tests.platforms.whatsapp.sample import ANNAS_ID, ASKED, CONFIG, NOW, adapter, outgoing, sent
from tests.platforms.wire import Wire

FILE = SPECS / "meta" / "whatsapp-business-messaging-api_v23.0.yaml"
WITH_TEMPLATE = msgspec.structs.replace(CONFIG, template_name="we_are_back", template_takes_text=True)
URL = "https://hub.example/webhooks/whatsapp/acme"

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason=f"Meta's specification is not at {FILE}")


@pytest.fixture(scope="module")
def spec() -> Spec:
    return Spec(FILE)


def ok(**body: Any) -> httpx.Response:
    return httpx.Response(200, json=body)


def paths(spec: Spec, wire: Wire) -> list[str]:
    assert wire.requests
    return [spec.check_request(request) for request in wire.requests]


@pytest.mark.parametrize(
    "said",
    [outgoing(), outgoing(answers=ASKED), outgoing(text="See https://fjell.example.")],
    ids=["text", "quoting", "link"],
)
def test_an_answer(spec: Spec, said: Any) -> None:
    wire = Wire(sent())
    adapter(wire).send(said, NOW)
    assert paths(spec, wire)
    assert wire.requests[0].headers["user-agent"].count("/") == 1


def test_a_template(spec: Spec) -> None:
    wire = Wire(sent())
    adapter(wire, WITH_TEMPLATE).send(outgoing(template=True, by_person=True), NOW)
    assert paths(spec, wire)


def test_reading_with_typing_is_as_the_specifications_own_example(spec: Spec) -> None:
    """Its schema knows no such request."""
    wire = Wire(ok(success=True))
    adapter(wire).typing(outgoing(answers=ASKED))
    example = spec.example("POST", wire.requests[0].url.path, "Send typing indicator and read receipt")
    assert wire.body() == {**example, "message_id": ASKED}


def test_the_number_and_its_address(spec: Spec) -> None:
    """Where a file is read cannot be told apart there from where a number is."""
    wire = Wire(ok(verified_name="Fjell", id="1"), ok(success=True))
    whatsapp = adapter(wire)
    whatsapp.check()
    whatsapp.subscribe(URL)
    assert len(paths(spec, wire)) == 2


def test_whoever_has_only_a_user_id_is_newer_than_the_specification(spec: Spec) -> None:
    """User ids came in spring 2026, the specification is of November 2025: this says when it catches up."""
    wire = Wire(sent())
    adapter(wire).send(outgoing(contact=ANNAS_ID, also=()), NOW)
    with pytest.raises(Exception, match="to"):
        spec.check_request(wire.requests[0])
