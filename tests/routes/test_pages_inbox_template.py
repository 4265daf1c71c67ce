"""When the window is closed: the message template of the channel, or the reason why nothing can be sent."""

from datetime import timedelta
from typing import Any

import pytest

from socialai.context import App
from socialai.domain.conversation import Conversation
from socialai.domain.happening import Received
from socialai.store import contacts, conversations, messages, outbox
from tests.routes.conftest import Client
from tests.routes.test_pages_inbox import Browser

CONFIG = {
    "phone_number_id": "106540352242922",
    "waba_id": "102290129340398",
    "access_token": "token",
    "app_secret": "secret",
    "verify_token": "word",
}


@pytest.fixture
def talk(app: App) -> Any:
    """Somebody wrote three days ago, on a channel with these values."""

    def start(**values: object) -> Conversation:
        channel = app.channels.connect("acme", "whatsapp", "Our number", CONFIG | values, app.clock())
        at = app.clock() - timedelta(days=3)

        def run(db: Any) -> Conversation:
            contact_id = contacts.ensure(db, channel.id, "4790012345", at)
            conversation_id = conversations.ensure(db, channel.id, contact_id, at)
            said = Received(
                channel=channel.external_id,
                contact="4790012345",
                external_id="w1",
                at=at,
                text="Hei",
                kind="text",
            )
            messages.add_inbound(db, conversation_id, said, None, "t9", at)
            conversations.received(db, conversation_id, "Hei", at)
            return conversations.get(db, conversation_id)

        return app.files.tenant("acme").write(run)

    return start


def test_without_a_template_the_reason_is_said(client: Client, browser: Browser, talk: Any) -> None:
    shown = client.get(f"/inbox/{talk().id}", headers=browser("anna")).text
    assert "WhatsApp takes replies only for 24 hours" in shown


def test_a_template_is_offered_and_goes_out_with_what_was_written(
    app: App, client: Client, browser: Browser, talk: Any
) -> None:
    started = talk(template_name="order_news", template_takes_text=True)
    path, headers = f"/inbox/{started.id}", browser("anna")
    assert "Your message template “order_news”" in client.get(path, headers=headers).text
    said = {"text": "Your jacket is here.", "how": "template"}
    assert client.post(f"{path}/write", headers=headers, data=said).status_code == 200
    (item, *_) = app.files.tenant("acme").read(lambda db: outbox.items(db, limit=1))
    assert (item.conversation_id, item.text, item.payload) == (
        started.id,
        "Your jacket is here.",
        {"template": True},
    )


def test_a_template_without_a_blank_stands_in_the_thread_by_its_name(
    client: Client, browser: Browser, talk: Any
) -> None:
    started = talk(template_name="order_news")
    path, headers = f"/inbox/{started.id}", browser("anna")
    client.post(f"{path}/write", headers=headers, data={"how": "template"})
    assert "Message template “order_news”" in client.get(path, headers=headers).text


def test_a_channel_without_one_sends_none(client: Client, browser: Browser, talk: Any) -> None:
    path, headers = f"/inbox/{talk().id}/write", browser("anna")
    answer = client.post(path, headers=headers, data={"text": "Hello", "how": "template"})
    assert "has no message template" in answer.text
