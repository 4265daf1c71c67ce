from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest

from socialai.domain.happening import Attachment
from socialai.errors import DeliveryError
from socialai.platforms.whatsapp.config import WhatsAppConfig
from tests.platforms.whatsapp.sample import (
    ANNA,
    ANNAS_ID,
    ASKED,
    CONFIG,
    NOW,
    NUMBER,
    TEXT,
    adapter,
    outgoing,
    sent,
)
from tests.platforms.wire import Wire

WITH_TEMPLATE = msgspec.structs.replace(CONFIG, template_name="we_are_back", template_language="de")
WITH_BLANK = msgspec.structs.replace(WITH_TEMPLATE, template_takes_text=True)


def body(config: WhatsAppConfig = CONFIG, **changes: Any) -> Any:
    wire = Wire(sent())
    assert adapter(wire, config).send(outgoing(**changes), NOW) == "wamid.sent-1"
    return wire.body()


def refused(error: Any, code: str) -> None:
    assert (error.value.outcome, error.value.code) == ("permanent", code)


def test_an_answer_goes_out_quoting_what_it_answers_with_our_key_beside_it() -> None:
    wire = Wire(sent())
    adapter(wire).send(outgoing(answers=ASKED), NOW)
    (request,) = wire.requests
    assert str(request.url) == f"https://graph.facebook.com/v26.0/{NUMBER}/messages"
    assert request.headers["authorization"] == f"Bearer {CONFIG.access_token}"
    assert wire.body() == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": ANNA,
        "type": "text",
        "text": {"body": TEXT, "preview_url": False},
        "context": {"message_id": ASKED},
        "biz_opaque_callback_data": "socialai:4b1d",
    }


def test_who_has_no_number_is_written_to_by_user_id() -> None:
    said = body(also=())
    assert said["recipient"] == ANNAS_ID
    assert "to" not in said


def test_a_group_is_answered_as_a_group() -> None:
    said = body(thread="Y2FwaV9ncm91cA", answers=ASKED)
    assert (said["recipient_type"], said["to"]) == ("group", "Y2FwaV9ncm91cA")


def test_a_link_is_shown_with_its_picture() -> None:
    assert body(text="See https://fjell.example/jackets.")["text"]["preview_url"] is True


def test_after_24_hours_nothing_but_a_template_goes_out() -> None:
    wire = Wire()
    for last in (NOW - timedelta(hours=24, seconds=1), None):
        with pytest.raises(DeliveryError, match="only a template may go out") as error:
            adapter(wire).send(outgoing(last_contact_message_at=last, by_person=True), NOW)
        refused(error, "window_closed")
    with pytest.raises(DeliveryError, match="can send your message template"):
        adapter(wire, WITH_TEMPLATE).send(outgoing(last_contact_message_at=None), NOW)
    assert not wire.requests


def test_a_template_goes_out_when_the_window_is_closed() -> None:
    said = body(WITH_TEMPLATE, template=True, last_contact_message_at=NOW - timedelta(days=9))
    assert said["type"] == "template"
    language = {"policy": "deterministic", "code": "de"}
    assert said["template"] == {"name": "we_are_back", "language": language}


def test_its_blank_takes_the_text_in_one_line() -> None:
    said = body(WITH_BLANK, template=True, text="Hello,\n\n  your   jacket is here.")
    (component,) = said["template"]["components"]
    assert component["parameters"] == [{"type": "text", "text": "Hello, your jacket is here."}]


@pytest.mark.parametrize(("config", "code"), [(CONFIG, "no_template"), (WITH_BLANK, "too_long")])
def test_what_no_template_can_say_is_refused_here(config: WhatsAppConfig, code: str) -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(), config).send(outgoing(template=True, text="a" * 1025), NOW)
    refused(error, code)


@pytest.mark.parametrize("answer", [{}, {"messages": [{}]}, {"messages": [{"id": ""}]}, []])
def test_success_without_an_id_is_unknown(answer: Any) -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire(httpx.Response(200, json=answer))).send(outgoing(), NOW)
    assert error.value.outcome == "unknown"


def test_whatsapp_cannot_be_asked_whether_a_message_arrived() -> None:
    with pytest.raises(DeliveryError) as error:
        adapter(Wire()).find_sent(outgoing(), NOW)
    assert error.value.outcome == "retry"


def test_a_message_is_marked_as_read_while_an_answer_is_written() -> None:
    wire = Wire(httpx.Response(200, json={"success": True}))
    adapter(wire).typing(outgoing(answers=ASKED))
    assert wire.body() == {
        "messaging_product": "whatsapp",
        "status": "read",
        "message_id": ASKED,
        "typing_indicator": {"type": "text"},
    }
    quiet = Wire()
    adapter(quiet).typing(outgoing())
    assert not quiet.requests


def test_a_file_is_found_by_its_id_and_opened_with_our_token() -> None:
    wire = Wire(httpx.Response(200, json={"url": "https://lookaside.fbsbx.com/x", "mime_type": "image/jpeg"}))
    found = adapter(wire).locate(Attachment("image", ref="29/../me"))
    assert found is not None
    assert (found.url, found.headers) == (
        "https://lookaside.fbsbx.com/x",
        {"Authorization": f"Bearer {CONFIG.access_token}"},
    )
    assert wire.requests[0].url.raw_path.startswith(b"/v26.0/29%2F..%2Fme?")
    assert adapter(Wire()).locate(Attachment("location", "geo:1,2")) is None
