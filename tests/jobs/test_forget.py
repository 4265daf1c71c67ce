"""What a platform only lends us: words for 48 hours, who people are for 24; LinkedIn's terms want it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from socialai.domain.conversation import Contact
from socialai.domain.event import Event
from socialai.jobs.forget import forget
from socialai.store import contacts, conversations, events, merges, messages
from tests.conftest import Wire
from tests.jobs.desk import Desk
from tests.platforms.linkedin.sample import ANNA, CONFIG, PAGE, POST

HOUR = 3600
WORDS = "Do you ship to Norway?"


@dataclass
class LinkedIn:
    """LinkedIn's side: it tells who people are."""

    asked: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url.path)
        told = {"localizedFirstName": "Anna", "localizedLastName": "Ek", "localizedHeadline": "Baker"}
        return httpx.Response(200, json=told)


@dataclass
class Post:
    """A post of the Page and what Anna writes under it."""

    desk: Desk
    linkedin: LinkedIn
    channel_id: int
    number: int = 7094977717598625792

    def says(self, text: str = WORDS, **changes: Any) -> int:
        """The event's id."""
        self.number += 1
        urn = f"urn:li:comment:({POST},{self.number})"
        item = {
            "organizationalEntity": PAGE,
            "action": "COMMENT",
            "lastModifiedAt": round(self.desk.clock().timestamp() * 1000),
            "decoratedGeneratedActivity": {
                "comment": {"owner": ANNA, "text": text, "entity": urn, "object": POST}
            },
            **changes,
        }
        body = json.dumps({"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [item]})
        now = self.desk.clock()
        event_id = self.read(lambda db: events.keep(db, "linkedin", body.encode(), "trace", now), write=True)
        self.desk.bells.wake("process", "acme", event_id)
        self.desk.ring()
        return int(event_id)

    def later(self, hours: float) -> None:
        self.desk.wait(hours * HOUR)
        now = self.desk.clock()
        self.read(lambda db: forget(db, now, 100), write=True)

    def read(self, work: Callable[[Any], Any], *, write: bool = False) -> Any:
        return self.desk.db.write(work) if write else self.desk.db.read(work)

    def event(self, event_id: int) -> Event:
        found: Event = self.read(lambda db: events.get(db, event_id))
        return found

    @property
    def talk(self) -> int:
        found = self.read(lambda db: conversations.find_by_identity(db, self.channel_id, ANNA, POST))
        assert found
        return int(found)

    @property
    def anna(self) -> Contact:
        def run(db: Any) -> Contact:
            return contacts.get(db, conversations.get(db, self.talk).contact_id)

        found: Contact = self.read(run)
        return found

    def texts(self) -> list[str]:
        return [message.text for message in self.read(lambda db: messages.messages(db, self.talk))]


@pytest.fixture
def post(desk: Desk, wire: Wire) -> Post:
    linkedin = LinkedIn()
    wire.answer = linkedin
    values = {name: getattr(CONFIG, name) for name in CONFIG.__struct_fields__}
    channel = desk.app.channels.connect("acme", "linkedin", "Our Page", values, desk.clock())
    return Post(desk, linkedin, channel.id)


def test_who_somebody_is_goes_after_24_hours_and_what_they_said_after_48(post: Post) -> None:
    event_id = post.says()
    assert (post.anna.name, post.anna.profile) == ("Anna Ek", {"headline": "Baker"})
    post.later(23)
    assert (post.anna.name, post.texts()[0]) == ("Anna Ek", WORDS)
    assert post.event(event_id).body
    post.later(2)
    assert (post.anna.name, post.anna.profile, post.texts()[0]) == (None, {}, WORDS)
    assert (post.event(event_id).body, post.event(event_id).state) == (b"", "processed")
    post.later(24)
    assert WORDS not in post.texts()


def test_who_was_forgotten_and_writes_again_is_asked_for_again(post: Post) -> None:
    post.says()
    post.later(25)
    asked = len(post.linkedin.asked)
    post.says("Are you open?")
    assert post.anna.name == "Anna Ek"
    assert len(post.linkedin.asked) == asked + 1
    post.later(25)
    assert post.anna.name is None


def test_what_somebody_told_us_themselves_is_not_forgotten(post: Post) -> None:
    post.says()
    contact_id = post.anna.id
    post.read(lambda db: contacts.learn(db, contact_id, email="anna@ek.example", phone=None), write=True)
    post.read(lambda db: contacts.set_profile(db, contact_id, "Anna B. Ek", {}), write=True)
    post.later(25)
    assert (post.anna.name, post.anna.email, post.anna.profile) == ("Anna B. Ek", "anna@ek.example", {})


def test_a_dead_letter_is_forgotten_too_and_says_so(post: Post) -> None:
    event_id = post.says(decoratedGeneratedActivity={"comment": {"text": WORDS}})
    assert post.event(event_id).state == "dead"
    post.later(25)
    gone = post.event(event_id)
    assert (gone.state, gone.body) == ("discarded", b"")
    assert "terms" in (gone.error or "")


def test_two_who_are_joined_keep_nothing_that_was_lent(post: Post) -> None:
    post.says()
    lent = post.anna.id
    post.desk.says("hello")
    post.desk.wait(5)
    survivor, now = post.desk.conversation().contact_id, post.desk.clock()
    user_id = post.desk.olga.user_id
    post.read(lambda db: merges.join(db, survivor, lent, user_id, now), write=True)
    kept = post.read(lambda db: contacts.get(db, survivor))
    assert (kept.name, kept.profile) == (None, {})
