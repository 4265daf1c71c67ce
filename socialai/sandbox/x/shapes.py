"""Posts, private messages and people as X's API and its Activity API write them. Source: X's OpenAPI; shared
contract sheet."""

import re
from html import escape
from typing import Any

from socialai.sandbox.x.records import Direct, Person, Post
from socialai.sandbox.x.state import State

_HANDLE = re.compile(r"@(\w+)")


def user(person: Person) -> dict[str, Any]:
    return {"id": person.id, "name": person.name, "username": person.username}


def post(state: State, one: Post) -> dict[str, Any]:
    """An answer begins with the name of whom it answers, which is not shown."""
    asked = state.find(one.answers) if one.answers else None
    before = f"@{state.people[asked.author].username} " if asked and asked.author != one.author else ""
    text = before + escape(one.text, quote=False)
    shown = {
        "id": one.id,
        "text": text,
        "author_id": one.author,
        "created_at": one.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "conversation_id": one.conversation,
        "edit_history_tweet_ids": [one.first] if one.id == one.first else [one.first, one.id],
        "display_text_range": [len(before), len(text)],
        "entities": {"mentions": _mentions(state, text)},
    }
    if asked:
        shown["in_reply_to_user_id"] = asked.author
        shown["referenced_tweets"] = [{"type": "replied_to", "id": asked.id}]
    return shown


def around(state: State, one: Post) -> dict[str, Any]:
    """What comes beside a post: who wrote, and what was answered."""
    beside = [found for found in map(state.find, {one.answers or "", one.conversation}) if found]
    return {
        "users": [user(state.people[one.author]), user(state.shop)],
        "tweets": [post(state, each) for each in beside],
    }


def direct(one: Direct) -> dict[str, Any]:
    """As the API lists it."""
    parties = sorted((one.sender, one.recipient), key=int)
    return {
        "id": one.id,
        "event_type": "MessageCreate",
        "text": escape(one.text, quote=False),
        "sender_id": one.sender,
        "created_at": one.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "dm_conversation_id": "-".join(parties),
    }


def told(state: State, one: Direct) -> dict[str, Any]:
    """As the webhook tells it."""
    data = {"text": escape(one.text, quote=False), "entities": {"urls": []}}
    event = {
        "type": "message_create",
        "id": one.id,
        "created_timestamp": str(round(one.at.timestamp() * 1000)),
        "message_create": {
            "target": {"recipient_id": one.recipient},
            "sender_id": one.sender,
            "message_data": data,
        },
    }
    people = (state.people[number] for number in (one.sender, one.recipient))
    return {"direct_message_events": [event], "users": {each.id: {"data": user(each)} for each in people}}


def _mentions(state: State, text: str) -> list[dict[str, Any]]:
    known = {person.username.casefold(): person for person in state.people.values()}
    return [
        {"start": found.start(), "end": found.end(), "username": person.username, "id": person.id}
        for found in _HANDLE.finditer(text)
        if (person := known.get(found[1].casefold()))
    ]
