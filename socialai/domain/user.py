"""Who may come in: a tenant, its users, their sessions."""

import re
from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

from socialai.errors import InvalidInput

Role = Literal["owner", "admin", "agent", "viewer"]
ROLES: tuple[Role, ...] = get_args(Role)

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_MAX_EMAIL = 254
_MAX_NAME = 120


class Tenant(Struct, frozen=True):
    id: str
    name: str
    created_at: datetime


class User(Struct, frozen=True, kw_only=True):
    """`signed_out_at`: every token issued before it is refused."""

    id: int
    tenant_id: str
    email: str
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None = None
    signed_out_at: datetime | None = None


class Session(Struct, frozen=True):
    user: User
    opened_at: datetime
    expires_at: datetime


def clean_email(text: str) -> str:
    """The one form an address is kept and looked up in."""
    email = text.strip().lower()
    if len(email) > _MAX_EMAIL or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise InvalidInput("Give an e-mail address, for example anna@example.com.")
    return email


def clean_name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= _MAX_NAME or not name.isprintable():
        raise InvalidInput(f"A name has 1 to {_MAX_NAME} characters, all of them printable.")
    return name
