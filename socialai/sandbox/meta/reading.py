"""Read-back: conversations, messages and profiles as the Graph API shows them."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from socialai.sandbox.meta import comments, graph_errors, messages
from socialai.sandbox.meta.accounts import find_person
from socialai.sandbox.meta.edges import Place, edge, show, time_of
from socialai.sandbox.meta.fields import Field, parse_fields
from socialai.sandbox.meta.reading_comments import show_comment
from socialai.sandbox.meta.records import Account, Conversation, Message, Person
from socialai.sandbox.meta.state import State

Shown = dict[str, Any]


class Reader(Struct, frozen=True):
    """What the page whose token was shown may read; `next` links start with the versioned address `root`."""

    state: State
    account: Account
    root: str

    @property
    def place(self) -> Place:
        return Place(self.root, self.account.token)

    def conversations(self, query: Mapping[str, str]) -> Shown:
        """GET /{page}/conversations."""
        of_instagram = query.get("platform", "messenger") == "instagram"
        if of_instagram != (self.account.watched == "instagram"):
            return {"data": []}
        wanted = query.get("user_id")
        found = [
            each
            for each in messages.conversations(self.state, self.account.id)
            if wanted in (None, each.psid)
        ]
        fields = parse_fields(query.get("fields", "id,link,updated_time"))
        return edge(
            self.place,
            f"{self.account.id}/conversations",
            found,
            query,
            lambda each: self.conversation(each, fields),
        )

    def messages(
        self, conversation: Conversation, query: Mapping[str, Any], fields: tuple[Field, ...]
    ) -> Shown:
        """A conversation's messages, newest first."""
        fields = fields or parse_fields("id,created_time")
        path, newest_first = f"{conversation.id}/messages", conversation.messages[::-1]
        query = {**query, "fields": ",".join(map(str, fields))}
        return edge(self.place, path, newest_first, query, lambda each: self.message(each, fields))

    def node(self, node: str, query: Mapping[str, str]) -> Shown:
        """GET /{node}: the page, a person, a conversation or a message."""
        fields = parse_fields(query.get("fields", ""))
        if node == self.account.id:
            return show(
                fields or parse_fields("id,name"), _account_fields(self.account), self.account.watched
            )
        if comment := comments.find(self.state, self.account.id, node):
            return show_comment(self.state, self.place, comment, fields or parse_fields("id,text"))
        if person := find_person(self.state, node):
            return show(fields or parse_fields("id,first_name,last_name"), _person_fields(person), "User")
        if message := messages.find(self.state, self.account.id, node):
            return self.message(message, fields or parse_fields("id,created_time"))
        return self.conversation(self.find_conversation(node), fields or parse_fields("id,link,updated_time"))

    def find_conversation(self, node: str) -> Conversation:
        for each in messages.conversations(self.state, self.account.id):
            if each.id == node:
                return each
        raise graph_errors.no_such_object(node)

    def conversation(self, conversation: Conversation, fields: tuple[Field, ...]) -> Shown:
        shown: Shown = {
            "link": f"/{self.account.id}/inbox/{conversation.psid}/",
            "updated_time": time_of(conversation.messages[-1].at),
            "message_count": len(conversation.messages),
            "snippet": conversation.messages[-1].text,
            "participants": {
                "data": [_person_end(conversation.psid, conversation.name), self._account_end()]
            },
        }
        plain = tuple(field for field in fields if field.name != "messages")
        answer = show(plain, {"id": conversation.id, **shown}, "UnifiedThread")
        for field in fields:
            if field.name == "messages":
                answer["messages"] = self.messages(conversation, field.arguments, field.fields)
        return {**answer, "id": conversation.id}

    def message(self, message: Message, fields: tuple[Field, ...]) -> Shown:
        person = find_person(self.state, message.psid)
        contact = _person_end(message.psid, person.name if person else "")
        ends = (
            (contact, self._account_end()) if message.author == "person" else (self._account_end(), contact)
        )
        shown = {
            "id": message.id,
            "created_time": time_of(message.at),
            "from": ends[0],
            "to": {"data": [ends[1]]},
            "message": "" if message.deleted else message.text,
            "attachments": {"data": [_attachment(message, at) for at in range(len(message.attachments))]},
            "story": None,
        }
        return {**show(fields, shown, "Message"), "id": message.id}

    def _account_end(self) -> Shown:
        return {"name": self.account.name, "email": f"{self.account.id}@facebook.com", "id": self.account.id}


def _account_fields(account: Account) -> Shown:
    shown = {"id": account.id, "name": account.name}
    if account.watched == "instagram":
        return {**shown, "user_id": account.id, "username": account.handle}
    return {**shown, "link": f"https://www.facebook.com/{account.id}"}


def _person_fields(person: Person) -> Shown:
    first, _, last = person.name.partition(" ")
    return {
        "id": person.psid,
        "name": person.name,
        "first_name": first,
        "last_name": last,
        "username": person.username,
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
