"""Who somebody is: by a user id, by a number, or by both."""

from collections.abc import Sequence
from typing import Any, TypeVar

from msgspec import Struct

from socialai.domain import happening
from socialai.errors import ParseError
from socialai.platforms.reading import Id
from socialai.platforms.whatsapp.wire import Contact

H = TypeVar("H", bound=happening.Happened)


class Who(Struct, frozen=True):
    """`names` are what WhatsApp calls them, the one that lasts first."""

    names: tuple[str, ...]
    profile: happening.Profile | None = None

    def say(self, what: type[H], /, **said: Any) -> H:
        return what(contact=self.names[0], also=self.names[1:], **said)


def who(contacts: Sequence[Contact], number: Id | None, user_id: Id | None) -> Who:
    """ParseError when nobody is told."""
    told = _told(contacts, number, user_id)
    known = (user_id, told and told.user_id, number, told and told.wa_id)
    names = tuple(dict.fromkeys(str(name) for name in known if name not in (None, "")))
    if not names:
        raise ParseError("an id is missing")
    return Who(names, _profile(told, names))


def whoever(contacts: Sequence[Contact], number: Id | None, user_id: Id | None) -> Who:
    """The same, where a message tells enough by itself."""
    try:
        return who(contacts, number, user_id)
    except ParseError:
        return Who(("",))


def _told(contacts: Sequence[Contact], number: Id | None, user_id: Id | None) -> Contact | None:
    """A person's number and the id made of it may differ, so that the only contact is the one."""
    for contact in contacts:
        if _same(contact.user_id, user_id) or _same(contact.wa_id, number):
            return contact
    return contacts[0] if len(contacts) == 1 else None


def _same(one: Id | None, other: Id | None) -> bool:
    return one not in (None, "") and str(one) == str(other)


def _profile(told: Contact | None, names: Sequence[str]) -> happening.Profile | None:
    if told is None:
        return None
    username = (told.profile.username or "").removeprefix("@")
    phone = next((f"+{name}" for name in names if is_number(name)), "")
    fields = {"username": username, "phone": phone}
    name = (told.profile.name or "").strip() or username or None
    return happening.Profile(name, {key: value for key, value in fields.items() if value})


def is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal()
