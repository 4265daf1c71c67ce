"""The tenant's people, and oneself."""

from typing import Annotated

from litestar import Router, get, patch, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from socialai.domain.user import Role, User
from socialai.errors import InvalidInput
from socialai.routes.access import Asked, hub, needs
from socialai.routes.paging import Id, Page
from socialai.routes.sign_in import address, session_token
from socialai.security import accounts
from socialai.security.permissions import Permission
from socialai.store import users

_READ, _WRITE, _SELF = needs("users:read"), needs("users:write"), needs(None)
_Name = Annotated[str, Meta(min_length=1, max_length=120)]
_Password = Annotated[str, Meta(min_length=1, max_length=500)]


class NewUser(Struct, forbid_unknown_fields=True):
    email: Annotated[str, Meta(min_length=3, max_length=254)]
    name: _Name
    role: Role
    password: _Password


class ChangedUser(Struct, forbid_unknown_fields=True):
    """What is left out stays."""

    name: _Name | None = None
    role: Role | None = None


class NewPassword(Struct, forbid_unknown_fields=True):
    password: _Password


class OwnPassword(Struct, forbid_unknown_fields=True):
    current: _Password
    new: _Password


class Me(Struct):
    user_id: int
    tenant_id: str
    email: str
    name: str
    role: Role
    permissions: list[Permission]


@get("/users", opt=_READ, sync_to_thread=True)
def read_users(request: Asked) -> Page[User]:
    """Everyone of the team."""
    tenant_id = request.user.tenant_id
    return Page(hub(request).files.app.read(lambda db: users.users(db, tenant_id)))


@get("/users/{user_id:int}", opt=_READ, sync_to_thread=True)
def read_user(request: Asked, user_id: Id) -> User:
    """One person of the team."""
    return _user(request, user_id)


@post("/users", opt=_WRITE, sync_to_thread=True)
def add_user(request: Asked, data: JSONBody[NewUser]) -> User:
    """Let someone in; tell them the password by another way."""
    return accounts.add_user(hub(request).gate, request.user, data.email, data.name, data.role, data.password)


@patch("/users/{user_id:int}", opt=_WRITE, sync_to_thread=True)
def change_user(request: Asked, user_id: Id, data: JSONBody[ChangedUser]) -> User:
    """Another name or role. A new role signs them out."""
    if data.name is None and data.role is None:
        raise InvalidInput("Give a `name` or a `role`.")
    gate = hub(request).gate
    if data.role is not None:
        accounts.change_role(gate, request.user, user_id, data.role)
    if data.name is not None:
        accounts.rename(gate, request.user, user_id, data.name)
    return _user(request, user_id)


@post("/users/{user_id:int}/disable", opt=_WRITE, status_code=200, sync_to_thread=True)
def disable_user(request: Asked, user_id: Id) -> User:
    """Sign them out and let them in no more."""
    return accounts.disable(hub(request).gate, request.user, user_id)


@post("/users/{user_id:int}/enable", opt=_WRITE, status_code=200, sync_to_thread=True)
def enable_user(request: Asked, user_id: Id) -> User:
    """Let them in again."""
    return accounts.enable(hub(request).gate, request.user, user_id)


@post("/users/{user_id:int}/password", opt=_WRITE, status_code=200, sync_to_thread=True)
def reset_password(request: Asked, user_id: Id, data: JSONBody[NewPassword]) -> User:
    """For someone who forgot theirs; it signs them out."""
    return accounts.reset_password(hub(request).gate, request.user, user_id, data.password)


@get("/me", opt=_SELF, sync_to_thread=False)
def read_me(request: Asked) -> Me:
    """Who is asking, and what they may do."""
    who = request.user
    return Me(who.user_id, who.tenant_id, who.email, who.name, who.role, sorted(who.permissions))


@post("/me/password", opt=_SELF, status_code=204, sync_to_thread=True)
def change_password(request: Asked, data: JSONBody[OwnPassword]) -> None:
    """Change one's own; it signs out everywhere else."""
    accounts.change_password(
        hub(request).gate, request.user, data.current, data.new, address(request), session_token(request)
    )


@post("/me/sign-out", opt=_SELF, status_code=204, sync_to_thread=True)
def sign_out_everywhere(request: Asked) -> None:
    """End every session and token of one's own, this one too."""
    accounts.sign_out_everywhere(hub(request).gate, request.user)


def _user(request: Asked, user_id: int) -> User:
    tenant_id = request.user.tenant_id
    return hub(request).files.app.read(lambda db: users.get(db, tenant_id, user_id))


router = Router(
    "/",
    route_handlers=[
        read_users,
        read_user,
        add_user,
        change_user,
        disable_user,
        enable_user,
        reset_password,
        read_me,
        change_password,
        sign_out_everywhere,
    ],
    tags=["people"],
)
