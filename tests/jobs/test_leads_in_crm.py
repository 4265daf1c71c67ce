"""A hot lead stands in the CRM once, with a task and what was said, whatever goes wrong on the way."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from socialai.actions import crm_news, crms
from socialai.domain.lead import Score
from socialai.errors import Conflict
from socialai.sandbox.hubspot.account import Record
from socialai.sandbox.hubspot.sandbox import TOKEN, HubSpotSandbox
from socialai.store import contacts, leads, outbox
from socialai.store import crms as store
from tests.conftest import Wire
from tests.jobs.desk import Desk

HOT, WARM = Score(91, "hot", ("40 of 40: intent sales: wants to buy",)), Score(60, "warm", ("asks",))


@pytest.fixture
def hubspot() -> Iterator[HubSpotSandbox]:
    with HubSpotSandbox(late=0.0, hold_for=0.05) as sandbox:
        yield sandbox


@pytest.fixture
def shop(desk: Desk, wire: Wire, hubspot: HubSpotSandbox) -> Iterator[Desk]:
    """acme with its HubSpot connected; the CRM is asked over real HTTP."""
    page = wire.answer

    def answer(request: httpx.Request) -> httpx.Response:
        if not str(request.url).startswith(hubspot.base_url):
            return page(request)
        body = request.read()
        return real.request(request.method, request.url, headers=request.headers, content=body)

    wire.answer = answer
    with httpx.Client() as real:
        crms.connect(desk.app, desk.olga, "hubspot", {"access_token": TOKEN, "api_url": hubspot.base_url})
        yield desk


def becomes(shop: Desk, score: Score, contact: str = "8001") -> int:
    """Somebody writes, and is scored so; the contact."""
    try:
        conversation = shop.conversation(contact)
    except AssertionError:
        shop.says("Do you have the Fjell jacket?", contact)
        shop.wait(10)
        conversation = shop.conversation(contact)

    def run(db: Any) -> list[int]:
        before = leads.find(db, conversation.contact_id)
        leads.put(db, conversation.contact_id, conversation.id, "sales", score, "facebook", shop.clock())
        event = crm_news.event(before, score)
        return crm_news.owe(db, conversation.contact_id, event, shop.clock()) if event else []

    for item_id in shop.db.write(run):
        shop.bells.wake("deliver", "acme", item_id)
    return conversation.contact_id


def records(hubspot: HubSpotSandbox, kind: str = "contacts") -> list[Record]:
    return list(hubspot.account.records[kind].values())


def known(shop: Desk, contact_id: int, name: str, email: str) -> None:
    def run(db: Any) -> None:
        contacts.set_profile(db, contact_id, name, {})
        contacts.learn(db, contact_id, email=email, phone=None)

    shop.db.write(run)


def test_a_new_hot_lead_is_made_with_a_task_and_what_was_said(shop: Desk, hubspot: HubSpotSandbox) -> None:
    contact_id = becomes(shop, WARM)
    known(shop, contact_id, "Ludwig van Beethoven", "ludwig@example.com")
    becomes(shop, HOT)
    shop.ring()
    (record,), (task,), (note,) = (records(hubspot, kind) for kind in ("contacts", "tasks", "notes"))
    assert record.properties == {
        "socialai_id": f"acme-{contact_id}",
        "firstname": "Ludwig",
        "lastname": "van Beethoven",
        "email": "ludwig@example.com",
        "socialai_social_id": "facebook:8001",
        "socialai_score": "91",
        "socialai_rating": "Hot",
        "socialai_source": "SocialAI Hub",
        "socialai_summary": "40 of 40: intent sales: wants to buy",
    }
    assert task.properties["hs_task_subject"] == "Social engagement - follow up"
    assert "Do you have the Fjell jacket?" in note.properties["hs_note_body"]
    assert {(kind, to) for kind, _, _, to in hubspot.account.associations} == {
        ("tasks", record.id),
        ("notes", record.id),
    }
    (link,) = shop.db.read(lambda db: store.links(db, contact_id))
    assert (link.record_id, link.url) == (
        record.id,
        f"https://app.hubspot.com/contacts/146000001/record/0-1/{record.id}",
    )


def test_one_who_is_there_already_is_brought_up_to_date(shop: Desk, hubspot: HubSpotSandbox) -> None:
    theirs = hubspot.account.create("contacts", {"email": "Ludwig@example.com", "company": "Bonn"})
    contact_id = becomes(shop, WARM)
    known(shop, contact_id, "Ludwig", "ludwig@example.com")
    becomes(shop, HOT)
    shop.ring()
    assert [record.id for record in records(hubspot)] == [theirs.id]
    assert (theirs.properties["company"], theirs.properties["socialai_score"]) == ("Bonn", "91")
    changes = shop.db.read(lambda db: store.changes(db, contact_id))
    assert [change.what for change in changes] == ["note", "task", "updated"]
    assert changes[-1].fields["socialai_score"] == (None, "91")


def test_a_lead_that_changed_ten_times_is_told_once_as_it_is_now(shop: Desk, hubspot: HubSpotSandbox) -> None:
    becomes(shop, HOT)
    shop.ring()
    before = len(shop.db.read(lambda db: outbox.items(db)))
    for value in range(81, 91):
        becomes(shop, Score(value, "hot", ("still hot",)))
    assert len(shop.db.read(lambda db: outbox.items(db))) == before + 1
    shop.ring()
    assert records(hubspot)[0].properties["socialai_score"] == "90"
    assert len(records(hubspot, "tasks")) == 1


def test_one_who_is_only_warm_is_told_to_nobody(shop: Desk, hubspot: HubSpotSandbox) -> None:
    becomes(shop, WARM)
    becomes(shop, Score(61, "warm", ("asks again",)))
    shop.ring()
    assert records(hubspot) == []


@pytest.mark.parametrize(
    "kind", ["server_error", "timeout_after_accepting", "broken_connection", "rate_limit"]
)
def test_each_step_may_fail_and_nothing_is_made_twice(shop: Desk, hubspot: HubSpotSandbox, kind: Any) -> None:
    """Other calls fail for each of them."""
    people = [str(number) for number in range(8101, 8107)]
    for contact in people:
        becomes(shop, WARM, contact)
    for contact in people:
        hubspot.fail(kind, probability=0.15, seed=int(contact))
        becomes(shop, HOT, contact)
        shop.wait(3000)
        hubspot.failures.clear()
        shop.wait(3000)
    made = {name: len(records(hubspot, name)) for name in ("contacts", "tasks", "notes")}
    assert made == dict.fromkeys(made, len(people))
    assert len(
        shop.db.read(lambda db: [link for id_ in range(1, 20) for link in store.links(db, id_)])
    ) == len(people)


def test_a_dead_key_stops_it_and_nothing_is_lost(shop: Desk, hubspot: HubSpotSandbox) -> None:
    becomes(shop, WARM)
    hubspot.fail("expired_token", times=1)
    becomes(shop, HOT)
    shop.wait(600)
    (crm,) = shop.db.read(store.crms)
    assert (crm.state, records(hubspot)) == ("reauthorise", [])
    crms.connect(shop.app, shop.olga, "hubspot", {"access_token": TOKEN, "api_url": hubspot.base_url})
    shop.wait(600)
    assert [len(records(hubspot, kind)) for kind in ("contacts", "tasks")] == [1, 1]


def test_one_that_was_deleted_there_is_not_made_again_unless_a_person_wants_it(
    shop: Desk, hubspot: HubSpotSandbox
) -> None:
    contact_id = becomes(shop, HOT)
    shop.ring()
    hubspot.account.records["contacts"].clear()
    for value in (85, 86):
        becomes(shop, Score(value, "hot", ("still hot",)))
        shop.wait(10)
    assert records(hubspot) == []
    dead = [item for item in shop.db.read(lambda db: outbox.items(db, "dead")) if item.kind == "crm"]
    assert {item.error_code for item in dead} == {"gone"}
    crm_news.send(shop.app, shop.olga, contact_id)
    shop.wait(10)
    assert len(records(hubspot)) == 1


def test_without_a_crm_it_is_said(desk: Desk) -> None:
    desk.says("Hello there")
    desk.wait(10)
    with pytest.raises(Conflict, match="No CRM is connected"):
        crm_news.send(desk.app, desk.olga, desk.conversation().contact_id)


def test_one_whose_credentials_cannot_be_opened_stops_and_loses_nothing(shop: Desk) -> None:
    made = shop.db.write(
        lambda db: store.put(db, "hubspot", "2", "Another", {"api_version": "v3"}, None, shop.clock())
    )
    becomes(shop, HOT)
    shop.wait(60)
    found = shop.db.read(lambda db: store.get(db, made.id))
    assert (found.state, found.state_reason) == (
        "reauthorise",
        "The credentials of Another are not complete; connect it again.",
    )
