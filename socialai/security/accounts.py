"""Changes to who may come in. `actor` is who asks; `operator(tenant_id)` stands for the command line.

What is taken away from a user ends their tokens at once, and their sessions unless those can stay.
"""

import sqlite3
from collections.abc import Callable

from socialai.domain.user import Role, Tenant, User, clean_email, clean_name
from socialai.errors import Conflict, InvalidInput, NotSignedIn
from socialai.security import second_factor
from socialai.security.gate import Gate
from socialai.security.passwords import check_password
from socialai.security.permissions import Principal, require
from socialai.security.sign_in import prove
from socialai.store import sessions, tenants, users


def needs_set_up(gate: Gate) -> bool:
    return not gate.app.read(tenants.tenants)


def set_up(gate: Gate, tenant_id: str, tenant_name: str, email: str, name: str, password: str) -> User:
    """The first tenant and its owner, from the first-run page; Conflict once there is any tenant."""

    def check(db: sqlite3.Connection) -> None:
        if tenants.tenants(db):
            raise Conflict("This hub is set up already. Sign in.")

    return _add_tenant(gate, tenant_id, tenant_name, email, name, password, check)


def add_tenant(gate: Gate, tenant_id: str, tenant_name: str, email: str, name: str, password: str) -> User:
    """A further tenant and its owner; for the command line only, as it asks no one's permission."""
    return _add_tenant(gate, tenant_id, tenant_name, email, name, password, lambda _: None)


def add_user(gate: Gate, actor: Principal, email: str, name: str, role: Role, password: str) -> User:
    _require_rank(actor, role)
    email, name = clean_email(email), clean_name(name)
    check_password(password, email)
    password_hash = gate.passwords.hash(password)
    return gate.app.write(
        lambda db: users.create(db, actor.tenant_id, email, name, role, password_hash, gate.clock())
    )


def change_role(gate: Gate, actor: Principal, user_id: int, role: Role) -> User:
    def change(db: sqlite3.Connection, user: User) -> User:
        _require_rank(actor, role)
        return users.change_role(db, user.tenant_id, user.id, role, gate.clock())

    return _manage(gate, actor, user_id, change)


def rename(gate: Gate, actor: Principal, user_id: int, name: str) -> User:
    name = clean_name(name)
    if user_id == actor.user_id:
        return gate.app.write(lambda db: users.rename(db, actor.tenant_id, user_id, name))
    return _manage(gate, actor, user_id, lambda db, user: users.rename(db, user.tenant_id, user.id, name))


def disable(gate: Gate, actor: Principal, user_id: int) -> User:
    def change(db: sqlite3.Connection, user: User) -> User:
        sessions.delete_all(db, user.id)
        return users.disable(db, user.tenant_id, user.id, gate.clock())

    return _manage(gate, actor, user_id, change)


def enable(gate: Gate, actor: Principal, user_id: int) -> User:
    return _manage(gate, actor, user_id, lambda db, user: users.enable(db, user.tenant_id, user.id))


def reset_password(gate: Gate, actor: Principal, user_id: int, password: str) -> User:
    """Someone else's, who forgot it; one's own goes through `change_password`."""
    if user_id == actor.user_id:
        raise InvalidInput("Change your own password with the current one.")
    user = gate.app.read(lambda db: users.get(db, actor.tenant_id, user_id))
    _require_rank(actor, user.role)
    check_password(password, user.email)
    password_hash = gate.passwords.hash(password)

    def change(db: sqlite3.Connection, user: User) -> User:
        return _set_password(gate, db, user, password_hash, keep=None)

    return _manage(gate, actor, user_id, change)


def reset_second_factor(gate: Gate, actor: Principal, user_id: int) -> User:
    """Someone else's, who lost app and recovery codes; one's own is switched off with a code."""
    if user_id == actor.user_id:
        raise InvalidInput("Switch off your own second factor with a code.")

    def change(db: sqlite3.Connection, user: User) -> User:
        second_factor.reset(gate, db, user.id)
        sessions.delete_all(db, user.id)
        return users.sign_out(db, user.tenant_id, user.id, gate.clock())

    return _manage(gate, actor, user_id, change)


def change_password(
    gate: Gate, actor: Principal, current: str, new: str, address: str, keep: str | None = None
) -> User:
    """One's own, proved by the current one; `keep` is the token of the session that goes on."""
    user = gate.app.read(lambda db: users.get(db, actor.tenant_id, actor.user_id))
    check_password(new, user.email)
    password_hash = gate.passwords.hash(new)

    def change(db: sqlite3.Connection, user: User) -> User:
        return _set_password(gate, db, user, password_hash, keep)

    try:
        changed = prove(gate, user.email, current, address, change)
    except NotSignedIn:
        raise InvalidInput("The current password is wrong.") from None
    gate.signer.refresh()
    return changed


def sign_out_everywhere(gate: Gate, actor: Principal) -> None:
    def change(db: sqlite3.Connection) -> None:
        sessions.delete_all(db, actor.user_id)
        users.sign_out(db, actor.tenant_id, actor.user_id, gate.clock())

    gate.app.write(change)
    gate.signer.refresh()


def _add_tenant(
    gate: Gate,
    tenant_id: str,
    tenant_name: str,
    email: str,
    name: str,
    password: str,
    check: Callable[[sqlite3.Connection], None],
) -> User:
    email, name, tenant_name = clean_email(email), clean_name(name), clean_name(tenant_name)
    check_password(password, email)
    password_hash = gate.passwords.hash(password)

    def create(db: sqlite3.Connection) -> User:
        check(db)
        tenant: Tenant = tenants.create(db, tenant_id, tenant_name, gate.clock())
        return users.create(db, tenant.id, email, name, "owner", password_hash, gate.clock())

    return gate.app.write(create)


def _manage(
    gate: Gate, actor: Principal, user_id: int, change: Callable[[sqlite3.Connection, User], User]
) -> User:
    """Change someone of the actor's team, if the actor may manage people of that role."""

    def run(db: sqlite3.Connection) -> User:
        user = users.get(db, actor.tenant_id, user_id)
        _require_rank(actor, user.role)
        return change(db, user)

    changed = gate.app.write(run)
    gate.signer.refresh()
    return changed


def _require_rank(actor: Principal, role: Role) -> None:
    require(actor, "users:write")
    if role == "owner":
        require(actor, "owners:write")


def _set_password(
    gate: Gate, db: sqlite3.Connection, user: User, password_hash: str, keep: str | None
) -> User:
    sessions.delete_all(db, user.id, keep)
    return users.change_password(db, user.tenant_id, user.id, password_hash, gate.clock())
