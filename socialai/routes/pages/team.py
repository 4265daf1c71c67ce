"""The team: who may come in and as what, and one's own password."""

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import URLEncodedBody
from msgspec import Meta, Struct

from socialai.domain.user import ROLES, Role, User
from socialai.errors import Conflict, InvalidInput, TooManyTries
from socialai.routes.access import Asked, hub, needs
from socialai.routes.pages.form import Errors
from socialai.routes.pages.person import person
from socialai.routes.pages.render import go, page
from socialai.routes.paging import Id
from socialai.routes.sign_in import address, session_token
from socialai.security import accounts
from socialai.security.permissions import permissions_of
from socialai.store import second_factors, users

_SELF, _WRITE = needs(None), needs("users:write")
_Text = Annotated[str, Meta(max_length=1000)]
_ABOUT: dict[Role, str] = {
    "owner": "Everything, also making other owners",
    "admin": "Everything but owners",
    "agent": "Answers people; reads the rest",
    "viewer": "Reads, changes nothing",
}


class NewUserForm(Struct):
    name: _Text = ""
    email: _Text = ""
    role: Role = "agent"
    password: _Text = ""


class OwnPasswordForm(Struct):
    current: _Text = ""
    new: _Text = ""


class RoleForm(Struct):
    role: Role


class PasswordForm(Struct):
    password: _Text = ""


@get("/team", opt=_SELF, sync_to_thread=True)
def team(request: Asked) -> Response[Any]:
    return _team(request)


@post("/team", opt=_WRITE, status_code=200, sync_to_thread=True)
def add_member(request: Asked, data: URLEncodedBody[NewUserForm]) -> Response[Any]:
    gate = hub(request).gate
    try:
        accounts.add_user(gate, request.user, data.email, data.name, data.role, data.password)
    except (InvalidInput, Conflict) as error:
        return _team(request, {f"new.{_field(str(error))}": str(error)}, entered=data)
    return go(request, "/team")


@post("/team/password", opt=_SELF, status_code=200, sync_to_thread=True)
def change_own_password(request: Asked, data: URLEncodedBody[OwnPasswordForm]) -> Response[Any]:
    gate, token = hub(request).gate, session_token(request)
    try:
        accounts.change_password(gate, request.user, data.current, data.new, address(request), token)
    except (InvalidInput, TooManyTries) as error:
        field = "current" if "current" in str(error) or isinstance(error, TooManyTries) else "new"
        return _team(request, {f"own.{field}": str(error)})
    return _team(request, said="Your password is changed. Everywhere else you are signed out.")


@post("/team/{user_id:int}/role", opt=_WRITE, status_code=200, sync_to_thread=True)
def change_member_role(request: Asked, user_id: Id, data: URLEncodedBody[RoleForm]) -> Response[Any]:
    try:
        accounts.change_role(hub(request).gate, request.user, user_id, data.role)
    except (InvalidInput, Conflict) as error:
        return _team(request, {f"user.{user_id}": str(error)})
    return go(request, "/team")


@post("/team/{user_id:int}/disable", opt=_WRITE, status_code=200, sync_to_thread=True)
def disable_member(request: Asked, user_id: Id) -> Response[Any]:
    try:
        accounts.disable(hub(request).gate, request.user, user_id)
    except (InvalidInput, Conflict) as error:
        return _team(request, {f"user.{user_id}": str(error)})
    return go(request, "/team")


@post("/team/{user_id:int}/enable", opt=_WRITE, status_code=200, sync_to_thread=True)
def enable_member(request: Asked, user_id: Id) -> Response[Any]:
    accounts.enable(hub(request).gate, request.user, user_id)
    return go(request, "/team")


@post("/team/{user_id:int}/password", opt=_WRITE, status_code=200, sync_to_thread=True)
def reset_member_password(request: Asked, user_id: Id, data: URLEncodedBody[PasswordForm]) -> Response[Any]:
    try:
        changed = accounts.reset_password(hub(request).gate, request.user, user_id, data.password)
    except InvalidInput as error:
        return _team(request, {f"user.{user_id}": str(error)})
    return _team(request, said=f"{changed.name} has a new password. Tell it to them in person.")


@post("/team/{user_id:int}/second-factor/off", opt=_WRITE, status_code=200, sync_to_thread=True)
def reset_member_second_factor(request: Asked, user_id: Id) -> Response[Any]:
    try:
        changed = accounts.reset_second_factor(hub(request).gate, request.user, user_id)
    except InvalidInput as error:
        return _team(request, {f"user.{user_id}": str(error)})
    return _team(request, said=f"{changed.name} signs in with the password alone, until they set up another.")


def _team(
    request: Asked, errors: Errors | None = None, *, entered: NewUserForm | None = None, said: str = ""
) -> Response[Any]:
    who = request.user
    context = {
        "members": [(user, person(user.id, user.name)) for user in _members(request)],
        "roles": _grantable(who.role),
        "about": _ABOUT,
        "me": who,
        "entered": entered or NewUserForm(),
        "errors": errors or {},
        "said": said,
        "guarded": hub(request).files.app.read(lambda db: second_factors.guarded(db, who.tenant_id)),
    }
    return page(request, "team", "Team", context, 400 if errors else 200)


def _members(request: Asked) -> list[User]:
    """Those who may not see the team see only themselves."""
    who = request.user
    everyone = hub(request).files.app.read(lambda db: users.users(db, who.tenant_id))
    return [user for user in everyone if "users:read" in who.permissions or user.id == who.user_id]


def _grantable(role: Role) -> list[Role]:
    may_make_owners = "owners:write" in permissions_of(role)
    return [each for each in ROLES if each != "owner" or may_make_owners]


def _field(message: str) -> str:
    """The field a refusal speaks of."""
    words = (("password", "password"), ("e-mail", "email"), ("account", "email"), ("name", "name"))
    return next((field for word, field in words if word in message.lower()), "email")


HANDLERS = [
    team,
    add_member,
    change_own_password,
    change_member_role,
    disable_member,
    enable_member,
    reset_member_password,
    reset_member_second_factor,
]
