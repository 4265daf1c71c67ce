"""Who X says somebody is."""

from collections.abc import Iterable, Mapping

from msgspec import Raw, Struct

from socialai.domain.happening import Profile
from socialai.platforms.reading import Id, optional


class User(Struct):
    """X calls the name behind the @ `username` now and called it `screen_name` before."""

    id: Id | None = None
    id_str: str | None = None
    name: str | None = None
    username: str | None = None
    screen_name: str | None = None

    @property
    def number(self) -> str:
        return self.id_str or ("" if self.id is None else str(self.id))

    @property
    def handle(self) -> str:
        return (self.username or self.screen_name or "").casefold()

    def profile(self) -> Profile | None:
        handle = self.username or self.screen_name
        if not (self.name or handle):
            return None
        return Profile(self.name or handle, {"username": handle} if handle else {})


class _Wrapped(Struct):
    data: User


def listed(raw: Iterable[Raw] | None) -> dict[str, User]:
    """Users as `includes` lists them, by their number."""
    found = [user for each in raw or () if (user := _read(each))]
    return {user.number: user for user in found if user.number}


def mapped(raw: Raw) -> dict[str, User]:
    """Users as private messages name them: number to user."""
    found: Mapping[str, Raw] = optional(raw, dict[str, Raw]) or {}
    return {number: user for number, each in found.items() if (user := _read(each))}


def _read(raw: Raw) -> User | None:
    """Some come wrapped into `data`."""
    wrapped = optional(raw, _Wrapped)
    return wrapped.data if wrapped else optional(raw, User)


def told(user: User | None) -> Profile | None:
    return user.profile() if user else None
