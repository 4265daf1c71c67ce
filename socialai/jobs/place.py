"""Where the happenings of an event belong, and what came of them."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from socialai.channels import adapter_kind
from socialai.domain.channel import Channel
from socialai.domain.conversation import Message
from socialai.domain.event import Event
from socialai.domain.happening import Deleted, Echoed, Edited, Happened, Profile, Received
from socialai.jobs.forget import meet
from socialai.store import contacts, conversations, lent_profiles, message_changes, messages


class About(Protocol):
    """A happening to one message."""

    @property
    def contact(self) -> str: ...
    @property
    def external_id(self) -> str: ...


@dataclass
class Kept:
    """What came of an event: answers due, profiles and files to ask for, deliveries to go, problems for a
    person; channels that were cut off, dead letters made, and messages that no webhook had brought."""

    due: dict[int, datetime] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    strangers: list[int] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    next_deliveries: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    ignored: int = 0
    died: int = 0
    recovered: int = 0


@dataclass(frozen=True)
class Place:
    """One channel, while one event is kept."""

    db: sqlite3.Connection
    event: Event
    channel: Channel
    debounce: timedelta
    now: datetime
    kept: Kept

    def find(self, happening: Happened) -> int | None:
        """The conversation, where there is one already."""
        thread = happening.thread.external_id if happening.thread else ""
        names = (name for name in (happening.contact, *happening.also) if name)
        found = (conversations.find_by_identity(self.db, self.channel.id, name, thread) for name in names)
        return next((conversation_id for conversation_id in found if conversation_id is not None), None)

    def all_of(self, happening: Happened) -> Sequence[int]:
        """The contact's conversation; without a contact, all of the thread."""
        if not happening.contact and happening.thread:
            return conversations.in_thread(self.db, self.channel.id, happening.thread.external_id)
        found = self.find(happening)
        return [] if found is None else [found]

    def ensure(self, happening: Happened) -> int:
        found = self.find(happening)
        profile = happening.profile if isinstance(happening, Received) else None
        if found is not None and not happening.also and not profile:
            self._ask_again(found)
            return found
        contact_id = contacts.ensure(self.db, self.channel.id, happening.contact, self.now, happening.also)
        if profile:
            self._meet(contact_id, profile)
        elif contacts.profile_due(self.db, contact_id, self.now):
            self.kept.strangers.append(contact_id)
        if (goes_on := self._goes_on(happening, contact_id)) is not None:
            return goes_on
        return conversations.ensure(self.db, self.channel.id, contact_id, self.now, happening.thread)

    def _goes_on(self, happening: Happened, contact_id: int) -> int | None:
        """Who answers something in a conversation of theirs goes on there: some platforms name only what is
        answered, and not the post at the top of it."""
        if not (isinstance(happening, Received) and happening.thread and happening.reply_to):
            return None
        said = self.find_message(happening.reply_to)
        if said and conversations.get(self.db, said.conversation_id).contact_id == contact_id:
            return said.conversation_id
        return None

    def message(self, happening: About) -> Message | None:
        return self.find_message(happening.external_id)

    def find_message(self, external_id: str) -> Message | None:
        return messages.find_on_channel(self.db, self.channel.id, external_id)

    def conversations_of(self, happening: Happened, external_ids: Iterable[str]) -> Sequence[int]:
        """Of the contact; where the platform does not tell whom, of the messages."""
        if (found := self.find(happening)) is not None:
            return [found]
        known = filter(None, map(self.find_message, external_ids))
        return sorted({message.conversation_id for message in known})

    def add(self, conversation_id: int, received: Received, *, needs_answer: bool) -> Message | None:
        """None when it was kept before."""
        event, keeps = self.event, adapter_kind(self.channel.platform).capabilities.keeps
        return messages.add_inbound(
            self.db,
            conversation_id,
            received,
            event.id,
            event.trace_id,
            self.now,
            needs_answer=needs_answer,
            forget_at=self.now + keeps if keeps else None,
        )

    def window(self, received: Received) -> timedelta | None:
        """How long the platform takes the assistant's answer."""
        able = adapter_kind(self.channel.platform).capabilities
        return able.limits(in_public=received.thread is not None).window

    def is_ours(self, echoed: Echoed) -> bool:
        """Sent by this hub, whose id for it came with the answer and not with a key."""
        message = self.find_message(echoed.external_id)
        return message is not None and message.reply_id is not None

    def mark_edited(self, happening: Edited | Deleted) -> None:
        if message := self.find_message(happening.external_id):
            message_changes.mark_edited(self.db, message.id, happening.at)

    def make_due(self, conversation_id: int) -> None:
        due_at = conversations.make_due(self.db, conversation_id, self.now, self.debounce)
        if due_at:
            self.kept.due[conversation_id] = due_at

    def _ask_again(self, conversation_id: int) -> None:
        """Who they are, where the platform lends it for hours only."""
        if adapter_kind(self.channel.platform).capabilities.keeps_profiles is None:
            return
        contact_id = conversations.get(self.db, conversation_id).contact_id
        if lent_profiles.ask_again(self.db, contact_id, self.now):
            self.kept.strangers.append(contact_id)

    def _meet(self, contact_id: int, profile: Profile) -> None:
        meet(self.db, contact_id, self.channel.platform, profile, self.now)
        email, phone = profile.fields.get("email"), profile.fields.get("phone")
        if email or phone:
            contacts.learn(self.db, contact_id, email=email, phone=phone)
