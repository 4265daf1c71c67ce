"""The product's adapter against the stand-in: two readings of the same contract, made apart, must agree."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from socialai.domain.happening import Delivered, Echoed, Read, Received
from socialai.errors import DeliveryError
from socialai.platforms.base import Outgoing, WebhookRequest
from socialai.platforms.facebook.adapter import Facebook
from socialai.platforms.facebook.config import FacebookConfig
from socialai.platforms.meta.items import OURS
from socialai.sandbox.meta.graph import Sandbox
from socialai.sandbox.meta.records import Person

from .conftest import Clock, Hub

ADA = "7001"
SECONDS = 10.0
KEY = f"{OURS}9"


@pytest.fixture
def facebook(sandbox: Sandbox) -> Iterator[Facebook]:
    config = FacebookConfig(
        page_id=sandbox.account().id,
        page_token=sandbox.account().token,
        app_secret=sandbox.world.apps[0].secret,
        app_id=sandbox.world.apps[0].id,
        verify_token="a-word",
        graph_url=sandbox.base_url,
        human_agent=True,
    )
    with httpx.Client(timeout=2, trust_env=False) as http:
        yield Facebook(config, http)


def outgoing(clock: Clock, *, by_person: bool = False) -> Outgoing:
    return Outgoing(
        contact=ADA,
        text="Yes, we ship to Norway. 🏔",
        key=KEY,
        last_contact_message_at=clock.now,
        by_person=by_person,
    )


def test_the_page_and_the_person_are_known(sandbox: Sandbox, facebook: Facebook) -> None:
    sandbox.add_person(Person(psid=ADA, name="Ada Byron", locale="nb_NO", timezone=1))
    assert facebook.check() == "Northwind Outfitters"
    profile = facebook.profile(ADA)
    assert profile.name == "Ada Byron"
    assert profile.fields == {"locale": "nb_NO", "timezone": "UTC+1"}


def test_what_is_sent_can_be_read_back(sandbox: Sandbox, facebook: Facebook, clock: Clock) -> None:
    sandbox.say(ADA, "Do you ship to Norway?")
    message = outgoing(clock)
    assert facebook.find_sent(message, clock.now) is None
    facebook.typing(message)
    sent = facebook.send(message, clock.now)
    assert [(each.id, each.metadata) for each in sandbox.sent()] == [(sent, KEY)]
    assert facebook.find_sent(message, clock.now) == sent


def test_after_a_time_out_the_outcome_is_unknown_and_read_back_finds_it(
    sandbox: Sandbox, facebook: Facebook, clock: Clock
) -> None:
    sandbox.say(ADA, "hi")
    sandbox.fail("timeout_after_accepting")
    facebook.http.timeout = 0.2
    with pytest.raises(DeliveryError) as caught:
        facebook.send(outgoing(clock), clock.now)
    assert caught.value.outcome == "unknown"
    assert facebook.find_sent(outgoing(clock), clock.now) == sandbox.sent()[0].id


def test_a_long_conversation_is_read_back_over_several_pages(
    sandbox: Sandbox, facebook: Facebook, clock: Clock
) -> None:
    sandbox.say(ADA, "hi")
    sent = facebook.send(outgoing(clock), clock.now)
    for number in range(60):
        sandbox.say(ADA, f"and another thing, number {number}")
    assert facebook.find_sent(outgoing(clock), clock.now) == sent


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        ("rate_limit", "retry"),
        ("server_error", "retry"),
        ("expired_token", "reauthorise"),
        ("temporary_block", "permanent"),
        ("broken_connection", "unknown"),
        ("timeout_before_accepting", "unknown"),
    ],
)
def test_a_failure_means_what_it_should(
    sandbox: Sandbox, facebook: Facebook, clock: Clock, failure: Any, outcome: str
) -> None:
    sandbox.say(ADA, "hi")
    sandbox.fail(failure)
    facebook.http.timeout = 0.2
    with pytest.raises(DeliveryError) as caught:
        facebook.send(outgoing(clock), clock.now)
    assert caught.value.outcome == outcome


def test_a_person_of_the_team_may_answer_for_seven_days(
    sandbox: Sandbox, facebook: Facebook, clock: Clock
) -> None:
    sandbox.say(ADA, "hi")
    asked, later = outgoing(clock, by_person=True), clock.now + timedelta(days=3)
    clock.forward(days=3)
    assert facebook.send(asked, later) == sandbox.sent()[0].id
    assert sandbox.sent()[0].tag == "HUMAN_AGENT"


def test_every_webhook_is_authentic_and_understood(
    connected: Sandbox, facebook: Facebook, hub: Hub, clock: Clock
) -> None:
    asked = connected.say(ADA, "Sender dere til Tromsø? 🏔")
    sent = facebook.send(outgoing(clock), clock.now)
    connected.reply_as_person(ADA, "Maeve here.")
    assert connected.idle(SECONDS)
    happenings = []
    for body, headers in hub.received:
        facebook.verify(WebhookRequest(headers=headers, query={}, body=body))
        happenings += Facebook.parse(body)
    received, echoed, delivered, read, by_person = happenings[:5]
    assert isinstance(received, Received)
    assert (received.external_id, received.text) == (asked, "Sender dere til Tromsø? 🏔")
    assert isinstance(echoed, Echoed)
    assert (echoed.external_id, echoed.key, echoed.contact) == (sent, KEY, ADA)
    assert isinstance(delivered, Delivered)
    assert delivered.external_ids == (sent,)
    assert isinstance(read, Read)
    assert isinstance(by_person, Echoed)
    assert by_person.key is None
