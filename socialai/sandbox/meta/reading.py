"""Read-back: conversations, messages and profiles as the Graph API shows them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from socialai.sandbox.meta import graph_errors, messages
from socialai.sandbox.meta.accounts import find_person
from socialai.sandbox.meta.fields import Field, parse_fields
from socialai.sandbox.meta.records import Conversation, Message, Page, Person
from socialai.sandbox.meta.state import State

Shown = dict[str, Any]
DEFAULT_LIMIT = 25


class Reader(Struct, frozen=True):
    """What the page whose token was shown may read; `next` links start with the versioned address `root`."""

    state: State
    page: Page
    root: str

    def conversations(self, query: Mapping[str, str]) -> Shown:
        """GET /{page}/conversations."""
        if query.get("platform", "messenger") != "messenger":
            return {"data": []}
        wanted = query.get("user_id")
        found = [
            each for each in messages.conversations(self.state, self.page.id) if wanted in (None, each.psid)
        ]
        fields = parse_fields(query.get("fields", "id,link,updated_time"))
        return self._edge(
            f"{self.page.id}/conversations", found, query, lambda each: self.conversation(each, fields)
        )

    def messages(
        self, conversation: Conversation, query: Mapping[str, Any], fields: tuple[Field, ...]
    ) -> Shown:
        """A conversation's messages, newest first."""
        fields = fields or parse_fields("id,created_time")
        path, newest_first = f"{conversation.id}/messages", conversation.messages[::-1]
        query = {**query, "fields": ",".join(map(str, fields))}
        return self._edge(path, newest_first, query, lambda each: self.message(each, fields))

    def node(self, node: str, query: Mapping[str, str]) -> Shown:
        """GET /{node}: the page, a person, a conversation or a message."""
        fields = parse_fields(query.get("fields", ""))
        if node == self.page.id:
            return _show(fields or parse_fields("id,name"), _page_fields(self.page), "Page")
        if person := find_person(self.state, node):
            return _show(fields or parse_fields("id,first_name,last_name"), _person_fields(person), "User")
        if message := messages.find(self.state, self.page.id, node):
            return self.message(message, fields or parse_fields("id,created_time"))
        return self.conversation(self.find_conversation(node), fields or parse_fields("id,link,updated_time"))

    def find_conversation(self, node: str) -> Conversation:
        for each in messages.conversations(self.state, self.page.id):
            if each.id == node:
                return each
        raise graph_errors.no_such_object(node)

    def conversation(self, conversation: Conversation, fields: tuple[Field, ...]) -> Shown:
        shown: Shown = {
            "link": f"/{self.page.id}/inbox/{conversation.psid}/",
            "updated_time": _time(conversation.messages[-1].at),
            "message_count": len(conversation.messages),
            "snippet": conversation.messages[-1].text,
            "participants": {"data": [_person_end(conversation.psid, conversation.name), self._page_end()]},
        }
        plain = tuple(field for field in fields if field.name != "messages")
        answer = _show(plain, {"id": conversation.id, **shown}, "UnifiedThread")
        for field in fields:
            if field.name == "messages":
                answer["messages"] = self.messages(conversation, field.arguments, field.fields)
        return {**answer, "id": conversation.id}

    def message(self, message: Message, fields: tuple[Field, ...]) -> Shown:
        person = find_person(self.state, message.psid)
        contact = _person_end(message.psid, person.name if person else "")
        ends = (contact, self._page_end()) if message.author == "person" else (self._page_end(), contact)
        shown = {
            "id": message.id,
            "created_time": _time(message.at),
            "from": ends[0],
            "to": {"data": [ends[1]]},
            "message": "" if message.deleted else message.text,
            "attachments": {"data": [_attachment(message, at) for at in range(len(message.attachments))]},
        }
        return {**_show(fields, shown, "Message"), "id": message.id}

    def _page_end(self) -> Shown:
        return {"name": self.page.name, "email": f"{self.page.id}@facebook.com", "id": self.page.id}

    def _edge(self, path: str, whole: Any, query: Mapping[str, str], show: Callable[[Any], Shown]) -> Shown:
        """One page of a list; cursors count from the end, so that new items do not shift them."""
        limit, after = _number(query, "limit", DEFAULT_LIMIT), query.get("after")
        start = len(whole) - _number(query, "after", 0) if after else 0
        chosen = whole[max(start, 0) : max(start, 0) + limit]
        answer: Shown = {"data": [show(each) for each in chosen]}
        if not chosen:
            return answer
        end = start + len(chosen)
        cursors = {"before": str(len(whole) - start), "after": str(len(whole) - end)}
        answer["paging"] = {"cursors": cursors}
        if end < len(whole):
            answer["paging"]["next"] = self._next(path, query, limit, cursors["after"])
        return answer

    def _next(self, path: str, query: Mapping[str, str], limit: int, after: str) -> str:
        kept = {key: value for key, value in query.items() if key not in ("limit", "after", "access_token")}
        following = {**kept, "access_token": self.page.token, "limit": str(limit), "after": after}
        return f"{self.root}/{path}?{urlencode(following)}"


def _show(fields: tuple[Field, ...], values: Shown, kind: str) -> Shown:
    for field in fields:
        if field.name not in values:
            raise graph_errors.bad_parameter(
                f"Tried accessing nonexisting field ({field.name}) on node type ({kind})"
            )
    return {
        field.name: values[field.name] for field in fields if values[field.name] not in ({"data": []}, None)
    }


def _page_fields(page: Page) -> Shown:
    return {"id": page.id, "name": page.name, "link": f"https://www.facebook.com/{page.id}"}


def _person_fields(person: Person) -> Shown:
    first, _, last = person.name.partition(" ")
    return {
        "id": person.psid,
        "name": person.name,
        "first_name": first,
        "last_name": last,
        "locale": person.locale,
        "timezone": person.timezone,
        "profile_pic": None,
    }


def _person_end(psid: str, name: str) -> Shown:
    return {"name": name, "email": f"{psid}@facebook.com", "id": psid}


def _attachment(message: Message, position: int) -> Shown:
    attachment = message.attachments[position]
    shown: Shown = {"id": f"{message.at}{position}", "name": attachment.title or attachment.type}
    if attachment.type == "image":
        return {**shown, "mime_type": "image/jpeg", "image_data": {"url": attachment.url}}
    return {**shown, "mime_type": "application/octet-stream", "file_url": attachment.url}


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    value = query.get(name, str(default))
    if not value.isdigit():
        raise graph_errors.bad_parameter(f"Param {name} must be an integer")
    return int(value)
