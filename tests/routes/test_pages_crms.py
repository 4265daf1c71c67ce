"""CRMs: connected with what works only, examined, paused, taken away; a lead is sent there and shown."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from socialai.context import App
from socialai.jobs.deliver import deliver
from socialai.sandbox.hubspot.sandbox import TOKEN, HubSpotSandbox
from socialai.store import crms, outbox
from tests import cast
from tests.conftest import Wire
from tests.routes.conftest import Client, Headers

Ask = Callable[..., str]


@pytest.fixture
def hubspot(wire: Wire) -> Iterator[HubSpotSandbox]:
    with HubSpotSandbox(late=0.0) as sandbox, httpx.Client() as real:
        wire.answer = lambda request: real.request(
            request.method, request.url, headers=request.headers, content=request.read()
        )
        yield sandbox


@pytest.fixture
def ask(client: Client, browser: Callable[[str], Headers]) -> Ask:
    def ask(path: str, name: str = "adam", **data: Any) -> str:
        answer = (
            client.post(path, headers=browser(name), data=data)
            if data
            else client.get(path, headers=browser(name))
        )
        return str(answer.text)

    return ask


def test_it_is_connected_examined_paused_and_taken_away(
    app: App, ask: Ask, hubspot: HubSpotSandbox, ids: dict[str, cast.Ids]
) -> None:
    values = {"kind": "hubspot", "access_token": "pat-wrong", "api_url": hubspot.base_url}
    assert "no longer accepts the key" in ask("/crms", **values)
    shown = ask("/crms", **{**values, "access_token": TOKEN})
    assert "HubSpot 146000001" in shown
    assert "All fields of ours are there." in shown
    assert TOKEN not in ask("/crms")
    made = app.files.tenant("acme").read(crms.crms)[-1]
    assert "The credentials work for HubSpot 146000001." in ask(f"/crms/{made.id}/examine", yes="1")
    assert "Paused" in ask(f"/crms/{made.id}/pause", yes="1")
    assert "Connected" in ask(f"/crms/{made.id}/resume", yes="1")
    ask(f"/crms/{made.id}/remove", yes="1")
    assert [crm.id for crm in app.files.tenant("acme").read(crms.crms)] == [ids["acme"].crm_id]


def test_a_lead_is_sent_and_its_record_is_shown(
    app: App, ask: Ask, hubspot: HubSpotSandbox, ids: dict[str, cast.Ids]
) -> None:
    app.crms.disconnect("acme", ids["acme"].crm_id)
    contact = f"/contacts/{ids['acme'].contact_id}"
    assert "In no CRM yet." in ask(contact)
    assert "No CRM is connected" in ask(f"/leads/{ids['acme'].contact_id}/crm", yes="1")
    ask("/crms", kind="hubspot", access_token=TOKEN, api_url=hubspot.base_url)
    ask(f"/leads/{ids['acme'].contact_id}/crm", "anna", yes="1")
    (item,) = [one for one in app.files.tenant("acme").read(outbox.items) if one.kind == "crm"]
    deliver(app, "acme", item.id)
    shown = ask(contact)
    assert "look at it there" in shown
    assert "Task for sales" in shown
    assert len(hubspot.account.records["tasks"]) == 1
