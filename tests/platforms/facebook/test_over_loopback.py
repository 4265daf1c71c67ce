"""The adapter against the sandbox, over real HTTP: the wire itself breaks here, not a stand-in of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest

from socialai.errors import DeliveryError
from socialai.platforms.base import Outgoing
from socialai.platforms.facebook import Facebook
from socialai.platforms.facebook.config import FacebookConfig
from socialai.sandbox.failures import FailureKind
from socialai.sandbox.meta.graph import Sandbox
from socialai.sandbox.meta.records import WORLD

ANNA = "7310044290018823"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as started:
        started.say(ANNA, "Do you have the Fjell jacket?", name="Anna Berg")
        yield started


@pytest.fixture
def facebook(sandbox: Sandbox) -> Iterator[Facebook]:
    app, page = WORLD.apps[0], WORLD.accounts[0]
    config = FacebookConfig(
        page_id=page.id,
        page_token=page.token,
        app_secret=app.secret,
        verify_token="loopback",
        graph_url=sandbox.base_url,
    )
    with httpx.Client(timeout=0.5) as http:
        yield Facebook(config, http)


def now() -> datetime:
    return datetime.now(UTC)


def outgoing(text: str = "Yes, in size 42.") -> Outgoing:
    return Outgoing(
        contact=ANNA, text=text, key="socialai:loop", last_contact_message_at=now(), by_person=False
    )


def failure(facebook: Facebook) -> DeliveryError:
    with pytest.raises(DeliveryError) as error:
        facebook.send(outgoing(), now())
    return error.value


def test_a_message_arrives_once_and_is_found_again(sandbox: Sandbox, facebook: Facebook) -> None:
    began = now()
    facebook.typing(outgoing())
    sent = facebook.send(outgoing(), now())
    assert [message.id for message in sandbox.sent(ANNA)] == [sent]
    assert facebook.find_sent(outgoing(), began) == sent
    assert facebook.find_sent(outgoing("Something else."), began) is None


def test_a_message_that_arrived_before_the_time_out_is_found(sandbox: Sandbox, facebook: Facebook) -> None:
    began = now()
    sandbox.fail("timeout_after_accepting")
    assert failure(facebook).outcome == "unknown"
    assert facebook.find_sent(outgoing(), began) == sandbox.sent(ANNA)[0].id


@pytest.mark.parametrize("kind", ["timeout_before_accepting", "broken_connection"])
def test_a_message_that_was_lost_is_surely_not_there(
    sandbox: Sandbox, facebook: Facebook, kind: FailureKind
) -> None:
    sandbox.fail(kind)
    assert failure(facebook).outcome == "unknown"
    assert facebook.find_sent(outgoing(), now() - timedelta(seconds=30)) is None


def test_a_long_conversation_is_read_page_by_page(sandbox: Sandbox, facebook: Facebook) -> None:
    began = now()
    first = facebook.send(outgoing(), now())
    for number in range(60):
        sandbox.say(ANNA, f"And number {number}?")
    assert facebook.find_sent(outgoing(), began) == first


def test_limits_blocks_and_dead_tokens_are_told_apart(sandbox: Sandbox, facebook: Facebook) -> None:
    sandbox.fail("rate_limit")
    assert failure(facebook).outcome == "retry"
    sandbox.fail("server_error")
    assert failure(facebook).outcome == "retry"
    sandbox.fail("expired_token")
    assert failure(facebook).outcome == "reauthorise"
    sandbox.say(ANNA, blocks=True)
    assert failure(facebook).outcome == "permanent"


def test_nobody_listening_means_nothing_left(facebook: Facebook) -> None:
    elsewhere = msgspec.structs.replace(facebook.config, graph_url="http://127.0.0.1:1")
    assert failure(Facebook(elsewhere, facebook.http)).outcome == "retry"


def test_names_are_read_over_the_wire(facebook: Facebook) -> None:
    assert facebook.check() == WORLD.accounts[0].name
    assert facebook.profile(ANNA).name == "Anna Berg"
