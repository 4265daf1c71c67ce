"""Comments on Facebook and Instagram: the product's adapters against the stand-in, over real HTTP."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from socialai.domain.happening import Deleted, Echoed, Edited, Hidden, Received
from socialai.errors import DeliveryError, InvalidInput
from socialai.platforms.base import Outgoing, Platform, WebhookRequest
from socialai.platforms.facebook import Facebook
from socialai.platforms.facebook.config import FacebookConfig
from socialai.platforms.instagram import Instagram
from socialai.platforms.instagram.config import InstagramConfig
from socialai.sandbox.meta.graph import Sandbox

from .conftest import VERIFY_TOKEN, Clock, Hub

ADA = "7001"
SECONDS = 10.0


@pytest.fixture
def facebook(sandbox: Sandbox) -> Iterator[Facebook]:
    app, page = sandbox.world.apps[0], sandbox.first("page")
    config = FacebookConfig(
        page_id=page.id,
        page_token=page.token,
        app_secret=app.secret,
        app_id=app.id,
        verify_token=VERIFY_TOKEN,
        graph_url=sandbox.base_url,
    )
    with httpx.Client(timeout=5, trust_env=False) as http:
        yield Facebook(config, http)


@pytest.fixture
def instagram(sandbox: Sandbox) -> Iterator[Instagram]:
    app, account = sandbox.world.apps[0], sandbox.first("instagram")
    config = InstagramConfig(
        account_id=account.id,
        access_token=account.token,
        app_secret=app.secret,
        app_id=app.id,
        verify_token=VERIFY_TOKEN,
        graph_url=sandbox.base_url,
    )
    with httpx.Client(timeout=5, trust_env=False) as http:
        yield Instagram(config, http)


def outgoing(clock: Clock, asked: str, thread: str, **changes: Any) -> Outgoing:
    usual = {
        "contact": ADA,
        "text": "In red and in blue. 🏔",
        "key": "socialai:1",
        "last_contact_message_at": clock.now,
        "by_person": False,
        "answers": asked,
        "answers_at": clock.now,
        "thread": thread,
    }
    return Outgoing(**{**usual, **changes})


def told(sandbox: Sandbox, hub: Hub, platform: Platform) -> list[Any]:
    assert sandbox.idle(SECONDS)
    found = []
    for body, headers in hub.received:
        platform.verify(WebhookRequest(headers, {}, body))
        found += platform.parse(body)
    return found


def test_a_page_hears_of_comments_and_answers_in_public_and_once_in_private(
    connected: Sandbox, facebook: Facebook, hub: Hub, clock: Clock
) -> None:
    asked = connected.comment(ADA, "Which coluor?", name="Ada Byron")
    connected.comment(ADA, "Which colour?", edit="last")
    post = connected.comments()[0].post_id
    public = facebook.send(outgoing(clock, asked, post), clock.now)
    assert facebook.find_sent(outgoing(clock, asked, post), clock.now) == public
    facebook.send(outgoing(clock, asked, post, private=True), clock.now)
    with pytest.raises(DeliveryError) as again:
        facebook.send(outgoing(clock, asked, post, private=True), clock.now)
    assert again.value.outcome == "permanent"
    facebook.moderate("hide", asked, "")
    facebook.moderate("edit", public, "In red, blue and green.")
    connected.comment(ADA, remove="last")
    received, edited, echoed, private, *_, hidden, own_edit, deleted = told(connected, hub, facebook)
    assert isinstance(received, Received)
    assert (received.external_id, received.text, received.thread.external_id) == (
        asked,
        "Which coluor?",
        post,
    )
    assert received.profile is not None
    assert received.profile.name == "Ada Byron"
    assert isinstance(edited, Edited)
    assert isinstance(echoed, Echoed)
    assert (echoed.external_id, echoed.reply_to) == (public, asked)
    assert isinstance(private, Echoed)
    assert private.contact == ADA
    assert isinstance(hidden, Hidden)
    assert isinstance(own_edit, Edited)
    assert isinstance(deleted, Deleted)


def test_what_the_webhook_missed_is_polled(sandbox: Sandbox, facebook: Facebook, clock: Clock) -> None:
    cursor = facebook.poll(None, clock.now).cursor
    clock.forward(minutes=1)
    asked = sandbox.comment(ADA, "Anybody there?", name="Ada Byron")
    private = sandbox.say(ADA, "Hello?", lost=True)
    polled = facebook.poll(cursor, clock.now)
    found = [happening for body in polled.bodies for happening in facebook.parse(body)]
    assert {each.external_id for each in found if isinstance(each, Received)} == {asked, private}


def test_an_instagram_account_does_so_too_and_tells_of_no_change(
    sandbox: Sandbox, instagram: Instagram, hub: Hub, clock: Clock
) -> None:
    sandbox.connect(hub.url, VERIFY_TOKEN, "instagram")
    account = sandbox.first("instagram")
    cursor = instagram.poll(None, clock.now).cursor
    asked = sandbox.comment(ADA, "Are they waterproof?", name="Ada Byron", account_id=account.id)
    media = sandbox.comments()[0].post_id
    public = instagram.send(outgoing(clock, asked, media), clock.now)
    assert instagram.find_sent(outgoing(clock, asked, media), clock.now) == public
    private = instagram.send(outgoing(clock, asked, media, private=True), clock.now)
    instagram.moderate("hide", asked, "")
    sandbox.comment(ADA, "Never mind", edit="last", account_id=account.id)
    more = sandbox.comment(ADA, "And warm?", reply_to="answer", account_id=account.id)
    received, echoed, by_message, _seen, last = told(sandbox, hub, instagram)
    assert isinstance(received, Received)
    assert (received.external_id, received.thread.external_id) == (asked, media)
    assert isinstance(echoed, Echoed)
    assert (echoed.external_id, echoed.reply_to) == (public, asked)
    assert isinstance(by_message, Echoed)
    assert by_message.external_id == private
    assert (last.external_id, last.reply_to) == (more, public)
    polled = [each for body in instagram.poll(cursor, clock.now).bodies for each in instagram.parse(body)]
    assert {each.external_id for each in polled} == {asked, private, public}


def test_direct_messages_hold_a_thousand_bytes_and_are_read_back(
    sandbox: Sandbox, instagram: Instagram, hub: Hub, clock: Clock
) -> None:
    sandbox.connect(hub.url, VERIFY_TOKEN, "instagram")
    account = sandbox.first("instagram")
    story = "https://lookaside.example/story.jpg"
    said = sandbox.say(ADA, "Nice!", name="Ada Byron", story=story, account_id=account.id)
    message = outgoing(clock, said, "", text="å" * 500)
    sent = instagram.send(message, clock.now)
    assert instagram.find_sent(message, clock.now) == sent
    assert instagram.check() == "northwind.outfitters"
    assert instagram.profile(ADA).fields == {"username": "ada.byron"}
    assert instagram.renew(clock.now).expires_at is not None
    received, echoed, seen = told(sandbox, hub, instagram)
    assert (received.external_id, received.text) == (said, "Nice!")
    assert echoed.external_id == sent == seen.external_id


def test_only_own_comments_are_changed_and_only_others_hidden(
    connected: Sandbox, facebook: Facebook, clock: Clock
) -> None:
    asked = connected.comment(ADA, "Hi")
    own = facebook.send(outgoing(clock, asked, connected.comments()[0].post_id), clock.now)
    for deed, comment in (("edit", asked), ("hide", own)):
        with pytest.raises(DeliveryError):
            facebook.moderate(deed, comment, "x")  # type: ignore[arg-type]
    facebook.moderate("delete", own, "")
    with pytest.raises(DeliveryError) as gone:
        facebook.moderate("delete", own, "")
    assert gone.value.outcome == "permanent"
    with pytest.raises(InvalidInput):
        connected.comment(ADA, "And?", reply_to="answer")
