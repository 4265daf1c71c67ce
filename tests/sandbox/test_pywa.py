"""A client that others wrote, pywa, drives the stand-in of WhatsApp and reads its webhooks: what our adapter
relies on there is not our own invention."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pywa
from pywa import errors, handlers, types

from socialai.sandbox.meta.graph import Sandbox

from .conftest import VERIFY_TOKEN, Clock, Hub

ADA, HIDDEN = "353850124014", "IE.13491208655302741918"
SECONDS = 10.0


class Listener:
    """What pywa made of each webhook, in order."""

    def __init__(self, client: pywa.WhatsApp) -> None:
        self.heard: list[Any] = []
        kinds = (
            handlers.MessageHandler,
            handlers.EditedMessageHandler,
            handlers.DeletedMessageHandler,
            handlers.OutgoingMessageHandler,
            handlers.CallbackButtonHandler,
            handlers.MessageStatusHandler,
            handlers.PhoneNumberChangeHandler,
        )
        for kind in kinds:
            client.add_handlers(kind(lambda _, update: self.heard.append(update)))

    def hear(self, client: pywa.WhatsApp, hub: Hub) -> list[Any]:
        for body, headers in hub.received:
            assert client.webhook_update_validator(body, headers["x-hub-signature-256"]) is None
            assert client.webhook_update_handler(body) == ("ok", 200)
        return self.heard


@pytest.fixture
def client(sandbox: Sandbox, hub: Hub) -> Iterator[pywa.WhatsApp]:
    sandbox.connect(hub.url, VERIFY_TOKEN, "whatsapp_business_account")
    with httpx.Client(timeout=5, trust_env=False) as session:
        whatsapp = pywa.WhatsApp(
            phone_id=sandbox.number.id,
            token=sandbox.number.token,
            waba_id=sandbox.number.parent,
            session=session,
            app_secret=sandbox.world.apps[0].secret,
        )
        session.base_url = f"{sandbox.base_url}/v26.0"
        yield whatsapp


def test_pywa_sends_what_the_stand_in_keeps(sandbox: Sandbox, client: pywa.WhatsApp, tmp_path: Path) -> None:
    asked = sandbox.chat(ADA, "Do you ship to Norway?", name="Ada Byron")
    sent = client.send_message(ADA, "Yes, we do.", reply_to_message_id=asked, tracker="order-7")
    _, kept = sandbox.chats(ADA)
    assert (kept.id, kept.text, kept.key) == (sent.id, "Yes, we do.", "order-7")
    assert kept.content["context"]["message_id"] == asked
    assert client.mark_message_as_read(asked)
    client.send_reaction(ADA, "👍", asked)
    client.send_template(
        ADA,
        "we_are_back",
        types.templates.TemplateLanguage.ENGLISH_US,
        [types.templates.BodyText.params("your jacket is here")],
    )
    assert [each.content["type"] for each in sandbox.chats(ADA)[1:]] == ["text", "reaction", "template"]
    number = client.get_business_phone_number()
    assert (number.display_phone_number, number.verified_name) == ("+353 20 910 0142", "Northwind Outfitters")


def test_pywa_understands_each_refusal(sandbox: Sandbox, client: pywa.WhatsApp, clock: Clock) -> None:
    sandbox.chat(ADA, "Hi")
    english = types.templates.TemplateLanguage.ENGLISH_US
    with pytest.raises(errors.TemplateNotExists):
        client.send_template(ADA, "none_such", english, [])
    with pytest.raises(errors.TemplateParamCountMismatch):
        client.send_template(ADA, "we_are_back", english, [])
    for _ in range(45):
        client.send_message(ADA, "Hello")
    with pytest.raises(errors.TooManyMessages):
        client.send_message(ADA, "Hello")
    sandbox.end_token(sandbox.number)
    with pytest.raises(errors.AuthorizationError):
        client.send_message(ADA, "Hello")


def test_pywa_reads_every_webhook(sandbox: Sandbox, client: pywa.WhatsApp, hub: Hub, clock: Clock) -> None:
    listener = Listener(client)
    first = sandbox.chat(ADA, "frist", name="Ada Byron")
    hidden = sandbox.chat(HIDDEN, "Hi", name="Ben Stone")
    picture = sandbox.chat(ADA, "like this", file="image", reply_to=first)
    sandbox.chat(ADA, place={"latitude": 53.27, "longitude": -9.05, "name": "Galway"})
    sandbox.chat(ADA, "Yes", button="YES")
    sandbox.chat(ADA, react_to=first, reaction="👍")
    sandbox.chat(ADA, "first", edit=first)
    sandbox.chat(ADA, revoke=first)
    sandbox.chat(ADA, unsupported=True)
    sandbox.write_on_phone(ADA, "Maeve here.")
    sandbox.change_number(ADA, "Ada Byron", "353850124099")
    sent = client.send_message(ADA, "Hello", tracker="order-7")
    clock.forward(hours=25)
    late = client.send_message(ADA, "Still there?")
    assert sandbox.idle(SECONDS)
    heard = listener.hear(client, hub)
    words, unnumbered, photo, place, press, reaction, edit, gone, unknown, own, moved, *states = heard
    assert (words.id, words.text, words.from_user.name, words.from_user.wa_id) == (
        first,
        "frist",
        "Ada Byron",
        ADA,
    )
    assert (unnumbered.id, unnumbered.from_user.wa_id, unnumbered.from_user.bsuid) == (hidden, None, HIDDEN)
    assert unnumbered.from_user.username == "ben.stone"
    assert (photo.id, photo.caption, photo.reply_to_message.id) == (picture, "like this", first)
    assert photo.image.get_bytes().startswith(b"\x89PNG")
    assert (place.location.latitude, place.location.name) == (53.27, "Galway")
    assert (press.data, press.title) == ("YES", "Yes")
    assert (reaction.reaction.emoji, reaction.reaction.message_id) == ("👍", first)
    assert isinstance(edit, types.EditedMessage)
    assert isinstance(gone, types.DeletedMessage)
    assert unknown.type == types.MessageType.UNSUPPORTED
    assert isinstance(own, types.OutgoingMessage)
    assert own.text == "Maeve here."
    assert moved.new_wa_id == "353850124099"
    assert [(state.id, state.status.value, state.tracker) for state in states] == [
        (sent.id, "sent", "order-7"),
        (sent.id, "delivered", "order-7"),
        (sent.id, "read", "order-7"),
        (late.id, "failed", None),
    ]
    assert isinstance(states[-1].error, errors.ReEngagementMessage)
