"""Someone as pages show them: a name, initials, a colour that stays theirs."""

from msgspec import Struct

from socialai.context import App
from socialai.store import users

_TONES = 6


class Person(Struct, frozen=True):
    name: str
    initials: str
    tone: int


def person(number: int, name: str | None, unknown: str = "Unknown") -> Person:
    words = [word for word in (name or "").split() if word[:1].isalnum()]
    initials = "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
    return Person(name or unknown, initials or "?", number % _TONES)


def team(app: App, tenant_id: str) -> dict[int, str]:
    """Everybody's name by id."""
    return {user.id: user.name for user in app.files.app.read(lambda db: users.users(db, tenant_id))}
