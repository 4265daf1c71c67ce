"""What a CRM is told of a lead, read from all that is known of the contact."""

import sqlite3

from socialai.domain.conversation import Conversation
from socialai.domain.crm import LeadFacts, Talk
from socialai.store import channels, contacts, conversations, leads, merges, messages

_TALKS = 3
_SAID = 6
_LONGEST = 300


def read(db: sqlite3.Connection, tenant_id: str, contact_id: int) -> LeadFacts:
    """NotFound when it is no lead, or no longer."""
    lead, contact = leads.get(db, contact_id), contacts.get(db, contact_id)
    identities = merges.identities(db, [contact_id])
    return LeadFacts(
        external_id=f"{tenant_id}-{contact_id}",
        name=contact.name or "",
        email=contact.email,
        phone=contact.phone,
        company=contact.profile.get("company"),
        score=lead.score,
        temperature=lead.temperature,
        reasons=lead.reasons,
        social_ids=tuple(f"{one.platform}:{one.external_id}" for one in identities),
        talks=tuple(
            Talk(
                platform=channels.get(db, talk.channel_id).platform,
                last_message_at=talk.last_message_at,
                said=tuple(_said(db, talk.id)),
            )
            for talk in _talks(db, contact_id)
        ),
    )


def _talks(db: sqlite3.Connection, contact_id: int) -> list[Conversation]:
    """The latest."""
    found = [conversations.get(db, talk) for talk in conversations.of_contact(db, contact_id)]
    return sorted(found, key=lambda talk: talk.last_message_at, reverse=True)[:_TALKS]


def _said(db: sqlite3.Connection, conversation_id: int) -> list[str]:
    who = {"contact": "Contact", "assistant": "Assistant", "user": "Team"}
    return [
        f"{who[message.author]}: {message.text[:_LONGEST]}"
        for message in messages.messages(db, conversation_id, limit=_SAID)
        if message.text
    ]
