"""What each role may do, and who is asking."""

from typing import Literal

from msgspec import Struct

from socialai.domain.user import Role, User
from socialai.errors import NotAllowed

Permission = Literal[
    "conversations:read",
    "conversations:write",
    "leads:read",
    "leads:write",
    "analytics:read",
    "knowledge:read",
    "knowledge:write",
    "channels:read",
    "channels:write",
    "settings:read",
    "settings:write",
    "users:read",
    "users:write",
    "owners:write",
    "events:read",
    "dead_letters:read",
    "dead_letters:write",
    "audit:read",
]

_ALL: tuple[Role, ...] = ("owner", "admin", "agent", "viewer")
_TEAM: tuple[Role, ...] = ("owner", "admin", "agent")
_ADMINS: tuple[Role, ...] = ("owner", "admin")
_OWNERS: tuple[Role, ...] = ("owner",)

# permission → (roles that have it, how it reads in "You may not …")
_TABLE: dict[Permission, tuple[tuple[Role, ...], str]] = {
    "conversations:read": (_ALL, "read conversations"),
    "conversations:write": (_TEAM, "answer or change conversations"),
    "leads:read": (_ALL, "see leads"),
    "leads:write": (_TEAM, "change leads"),
    "analytics:read": (_ALL, "see the figures"),
    "knowledge:read": (_ALL, "read the knowledge"),
    "knowledge:write": (_ADMINS, "change the knowledge"),
    "channels:read": (_ALL, "see channels"),
    "channels:write": (_ADMINS, "connect or change channels"),
    "settings:read": (_ADMINS, "see the settings"),
    "settings:write": (_ADMINS, "change the settings"),
    "users:read": (_ADMINS, "see the team"),
    "users:write": (_ADMINS, "change the team"),
    "owners:write": (_OWNERS, "make, change or remove an owner"),
    "events:read": (_ADMINS, "see raw deliveries and the outbox"),
    "dead_letters:read": (_TEAM, "see dead letters"),
    "dead_letters:write": (_ADMINS, "retry or discard dead letters"),
    "audit:read": (_ADMINS, "read the audit log"),
}


class Principal(Struct, frozen=True, kw_only=True):
    """Who a request comes from. A token does not say `email` and `name`, so they are empty then."""

    user_id: int
    tenant_id: str
    role: Role
    permissions: frozenset[Permission]
    email: str = ""
    name: str = ""


def permissions_of(role: Role) -> frozenset[Permission]:
    return frozenset(permission for permission, (roles, _) in _TABLE.items() if role in roles)


def principal_of(user: User) -> Principal:
    return Principal(
        user_id=user.id,
        tenant_id=user.tenant_id,
        role=user.role,
        permissions=permissions_of(user.role),
        email=user.email,
        name=user.name,
    )


def operator(tenant_id: str) -> Principal:
    """Whoever has a shell on the machine: the command line acts as an owner who is no user."""
    return Principal(
        user_id=0, tenant_id=tenant_id, role="owner", permissions=permissions_of("owner"), name="command line"
    )


def require(principal: Principal, permission: Permission) -> None:
    """NotAllowed, naming what is missing, unless the principal has the permission."""
    if permission in principal.permissions:
        return
    roles, deed = _TABLE[permission]
    raise NotAllowed(
        f"As {principal.role} you may not {deed}. Ask for the role {' or '.join(roles)} ({permission})."
    )
