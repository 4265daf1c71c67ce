"""WhatsApp: the product's adapter against the stand-in, over real HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from socialai.domain.happening import (
    Deleted,
    Delivered,
    Echoed,
    Edited,
    Failed,
    Moved,
    Reacted,
    Read,
    Received,
)
from socialai.errors import DeliveryError, InvalidInput
from socialai.platforms.base import Outgoing, WebhookRequest
from socialai.platforms.whatsapp import WhatsApp
from socialai.platforms.whatsapp.config import WhatsAppConfig
from socialai.sandbox.meta.graph import Sandbox

from .conftest import VERIFY_TOKEN, Clock, Hub

ADA, HIDDEN = "353850124014", "IE.13491208655302741918"
SECONDS = 10.0
KEY = "socialai:9"


@pytest.fixture
def whatsapp(sandbox: Sandbox, hub: Hub) -> Iterator[WhatsApp]:
    app, number = sandbox.world.apps[0], sandbox.number
    config = WhatsAppConfig(
        phone_number_id=number.id,
        waba_id=number.parent,
        access_token=number.token,
        app_secret=app.secret,
        app_id=app.id,
        verify_token=VERIFY_TOKEN,
        graph_url=sandbox.base_url,
        template_name="we_are_back",
        template_takes_text=True,
    )
    with httpx.Client(timeout=5, trust_env=False) as http:
        adapter = WhatsApp(config, http)
        adapter.subscribe(hub.url)
        yield adapter


def outgoing(clock: Clock, **changes: Any) -> Outgoing:
    usual = {
        "contact": ADA,
        "text": "Yes, we ship to Norway. 🏔",
        "key": KEY,
        "last_contact_message_at": clock.now,
        "by_person": False,
    }
    return Outgoing(**{**usual, **changes})


def told(sandbox: Sandbox, hub: Hub) -> list[Any]:
    assert sandbox.idle(SECONDS)
    return [each for body, _ in hub.received for each in WhatsApp.parse(body)]


def test_what_is_said_is_authentic_and_what_becomes_of_the_answer_is_told(
    sandbox: Sandbox, whatsapp: WhatsApp, hub: Hub, clock: Clock
) -> None:
    asked = sandbox.chat(ADA, "Do you ship to Norway?", name="Ada Byron", ad="Winter sale")
    whatsapp.typing(outgoing(clock, answers=asked))
    sent = whatsapp.send(outgoing(clock, answers=asked), clock.now)
    (question, answer) = sandbox.chats(ADA)
    assert (answer.id, answer.text, answer.key, answer.status) == (
        sent,
        outgoing(clock).text,
        KEY,
        "read",
    )
    assert question.status == "read"
    received, *states = told(sandbox, hub)
    for body, headers in hub.received:
        whatsapp.verify(WebhookRequest(headers, {}, body))
    assert isinstance(received, Received)
    assert ADA in (received.contact, *received.also)
    assert (received.external_id, received.profile.name) == (asked, "Ada Byron")  # type: ignore[union-attr]
    assert [type(each) for each in states] == [Echoed, Echoed, Delivered, Echoed, Read]
    assert {each.key for each in states if isinstance(each, Echoed)} == {KEY}


def test_whoever_hides_their_number_is_answered_by_user_id(
    sandbox: Sandbox, whatsapp: WhatsApp, hub: Hub, clock: Clock
) -> None:
    sandbox.chat(HIDDEN, "Hi", name="Ada Byron")
    whatsapp.send(outgoing(clock, contact=HIDDEN), clock.now)
    received, *_ = told(sandbox, hub)
    assert (received.contact, received.profile.fields["username"]) == (HIDDEN, "ada.byron")
    assert sandbox.chats(HIDDEN)[-1].status == "read"


def test_everything_a_person_can_do_has_its_event(
    sandbox: Sandbox, whatsapp: WhatsApp, hub: Hub, clock: Clock
) -> None:
    first = sandbox.chat(ADA, "frist")
    answer = whatsapp.send(outgoing(clock), clock.now)
    picture = sandbox.chat(ADA, "like this", file="image")
    sandbox.chat(ADA, place={"latitude": 53.27, "longitude": -9.05, "name": "Galway"})
    sandbox.chat(ADA, "Yes", button="YES", reply_to="answer")
    sandbox.chat(ADA, unsupported=True)
    sandbox.chat(ADA, "first", edit=first)
    sandbox.chat(ADA, react_to="answer", reaction="👍")
    sandbox.chat(ADA, revoke=first)
    sandbox.write_on_phone(ADA, "Maeve here.")
    sandbox.change_number(ADA, "Ada Byron", "353850124099")
    found = [each for each in told(sandbox, hub) if not isinstance(each, Delivered | Read)]
    found = [each for each in found if not (isinstance(each, Echoed) and each.key)]
    kinds = [(type(each), getattr(each, "kind", None)) for each in found]
    assert kinds == [
        (Received, "text"),
        (Received, "text"),
        (Received, "attachment"),
        (Received, "quick_reply"),
        (Received, "unsupported"),
        (Edited, None),
        (Reacted, None),
        (Deleted, None),
        (Echoed, None),
        (Moved, None),
    ]
    assert found[1].external_id == picture
    assert found[3].reply_to == answer == found[6].external_id
    assert found[9].to == "353850124099"
    where = whatsapp.locate(found[1].attachments[0])
    assert where is not None
    fetched = httpx.get(where.url, headers=dict(where.headers), trust_env=False)
    assert fetched.content.startswith(b"\x89PNG")
    assert httpx.get(where.url, trust_env=False).status_code == 400


def test_after_a_day_only_a_template_arrives(
    sandbox: Sandbox, whatsapp: WhatsApp, hub: Hub, clock: Clock
) -> None:
    sandbox.chat(ADA, "Hi")
    clock.forward(hours=25)
    late = outgoing(clock)  # a hub whose clock is behind believes the window open
    whatsapp.send(late, clock.now)
    assert sandbox.chats(ADA)[-1].status == "failed"
    again = outgoing(clock, template=True, by_person=True, last_contact_message_at=None)
    whatsapp.send(again, clock.now)
    assert sandbox.chats(ADA)[-1].status == "read"
    failed = [each for each in told(sandbox, hub) if isinstance(each, Failed)]
    assert [each.code for each in failed] == ["131047"]
    unknown = msgspec.structs.replace(whatsapp.config, template_name="none_such")
    with pytest.raises(DeliveryError, match="template"):
        WhatsApp(unknown, whatsapp.http).send(again, clock.now)


def test_somebody_who_blocked_the_number_is_not_reached(
    sandbox: Sandbox, whatsapp: WhatsApp, hub: Hub, clock: Clock
) -> None:
    sandbox.chat(ADA, "Hi")
    sandbox.chat(ADA, blocks=True)
    whatsapp.send(outgoing(clock), clock.now)
    (failed,) = [each for each in told(sandbox, hub) if isinstance(each, Failed)]
    assert failed.code == "131026"


def test_one_person_gets_only_so_many_messages_in_a_row(
    sandbox: Sandbox, whatsapp: WhatsApp, clock: Clock
) -> None:
    sandbox.chat(ADA, "Hi")
    for _ in range(45):
        whatsapp.send(outgoing(clock), clock.now)
    with pytest.raises(DeliveryError) as error:
        whatsapp.send(outgoing(clock), clock.now)
    assert (error.value.outcome, error.value.code) == ("retry", "131056")
    clock.now += timedelta(minutes=5)
    whatsapp.send(outgoing(clock), clock.now)


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        ("rate_limit", "retry"),
        ("server_error", "retry"),
        ("expired_token", "reauthorise"),
        ("temporary_block", "permanent"),
        ("broken_connection", "unknown"),
        ("timeout_after_accepting", "unknown"),
    ],
)
def test_a_failure_means_what_it_should(
    sandbox: Sandbox, whatsapp: WhatsApp, clock: Clock, failure: Any, outcome: str
) -> None:
    sandbox.chat(ADA, "Hi")
    sandbox.fail(failure)
    whatsapp.http.timeout = 0.2
    with pytest.raises(DeliveryError) as error:
        whatsapp.send(outgoing(clock), clock.now)
    assert error.value.outcome == outcome


def test_a_person_cannot_say_nothing_or_answer_what_is_not_there(sandbox: Sandbox) -> None:
    for what in ({}, {"react_to": "answer", "reaction": "👍"}, {"edit": "wamid.nothing"}):
        with pytest.raises(InvalidInput):
            sandbox.chat(ADA, **what)  # type: ignore[arg-type]
    assert sandbox.chats() == []
