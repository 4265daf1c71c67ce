"""What the stand-in of X remembers."""

from datetime import datetime

from msgspec import Struct, field


class Person(Struct, frozen=True):
    id: str
    username: str
    name: str


class App(Struct, frozen=True):
    """What the hub's owner copies from X's console."""

    client_id: str = "northwind-client"
    client_secret: str = "northwind-client-secret"
    bearer: str = "northwind-bearer"


class Post(Struct, kw_only=True):
    """`first` is its id before it was edited."""

    id: str
    first: str
    author: str
    text: str
    at: datetime
    conversation: str
    answers: str | None = None
    hidden: bool = False
    deleted: bool = False


class Direct(Struct, frozen=True, kw_only=True):
    id: str
    sender: str
    recipient: str
    text: str
    at: datetime


class Webhook(Struct):
    id: str
    url: str
    valid: bool = False


class Granting(Struct, frozen=True):
    """A code that was given out, and what proves that it comes back from whom it was given to."""

    challenge: str
    redirect: str
    until: datetime


class Tokens(Struct):
    """Access tokens with their ends, and refresh tokens, each of which is good once."""

    access: dict[str, datetime] = field(default_factory=dict)
    refresh: set[str] = field(default_factory=set)
    codes: dict[str, Granting] = field(default_factory=dict)


SHOP = Person("1533774021", "northwindshop", "Northwind Outfitters")
APP = App()
