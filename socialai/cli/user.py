"""socialai user: the people of a tenant's team."""

from typing import Annotated

import typer

from socialai.cli.options import JsonOption, PasswordOption, TenantOption, choose, password
from socialai.cli.output import print_json, say, table
from socialai.cli.program import program
from socialai.context import App
from socialai.domain.user import Role, User, clean_email
from socialai.errors import NotFound
from socialai.security import accounts
from socialai.security.permissions import operator
from socialai.store import users

group = typer.Typer(name="user", help="The people of a tenant's team.", no_args_is_help=True)

_Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The e-mail address they sign in with.")]
_Role = Annotated[Role, typer.Option(help="What they may do.")]


@group.command("add")
def add(
    context: typer.Context,
    email: _Email,
    role: _Role = "agent",
    name: Annotated[str, typer.Option(help="Default: from the address.")] = "",
    tenant: TenantOption = None,
    password_stdin: PasswordOption = False,
) -> None:
    """Add someone to the team. The password is asked for.

    \b
    socialai user add ben@example.com --role admin
    """
    with program(context).opened() as app:
        tenant_id = choose(app, tenant)
        secret = password(password_stdin)
        name = name or email.partition("@")[0]
        user = accounts.add_user(app.gate, operator(tenant_id), email, name, role, secret)
    say(f"Added {user.email} as {user.role} of {tenant_id}.")


@group.command("list")
def list_(context: typer.Context, tenant: TenantOption = None, as_json: JsonOption = False) -> None:
    """Show the team."""
    with program(context).opened() as app:
        tenant_id = choose(app, tenant)
        found = app.files.app.read(lambda db: users.users(db, tenant_id))
    if as_json:
        print_json(found)
    else:
        rows = [(user.email, user.name, user.role, "disabled" if user.disabled_at else "") for user in found]
        table(("E-mail", "Name", "Role", ""), rows, "Nobody is on the team.")


@group.command("role")
def role(
    context: typer.Context,
    email: _Email,
    role: Annotated[Role, typer.Argument(help="What they may do from now on.")],
    tenant: TenantOption = None,
) -> None:
    """Change what someone may do."""
    with program(context).opened() as app:
        user, tenant_id = _find(app, tenant, email)
        accounts.change_role(app.gate, operator(tenant_id), user.id, role)
    say(f"{user.email} is {role} now.")


@group.command("disable")
def disable(context: typer.Context, email: _Email, tenant: TenantOption = None) -> None:
    """Let someone in no more; what they wrote stays."""
    with program(context).opened() as app:
        user, tenant_id = _find(app, tenant, email)
        accounts.disable(app.gate, operator(tenant_id), user.id)
    say(f"{user.email} can sign in no more. A running hub ends what is open within a minute.")


@group.command("enable")
def enable(context: typer.Context, email: _Email, tenant: TenantOption = None) -> None:
    """Let someone in again."""
    with program(context).opened() as app:
        user, tenant_id = _find(app, tenant, email)
        accounts.enable(app.gate, operator(tenant_id), user.id)
    say(f"{user.email} can sign in again.")


@group.command("password")
def set_password(
    context: typer.Context, email: _Email, tenant: TenantOption = None, password_stdin: PasswordOption = False
) -> None:
    """Give someone a new password and end their sessions.

    \b
    socialai user password anna@example.com
    pass show hub | socialai user password anna@example.com --password-stdin
    """
    with program(context).opened() as app:
        user, tenant_id = _find(app, tenant, email)
        accounts.reset_password(app.gate, operator(tenant_id), user.id, password(password_stdin))
    say(f"{user.email} has a new password and is signed out everywhere.")


@group.command("second-factor")
def second_factor(
    context: typer.Context,
    email: _Email,
    off: Annotated[bool, typer.Option("--off", help="Ask for no code any more; they can set it up anew.")],
    tenant: TenantOption = None,
) -> None:
    """Switch off the code of somebody who lost their phone and their recovery codes, and end their sessions.

    \b
    socialai user second-factor anna@example.com --off
    """
    with program(context).opened() as app:
        user, tenant_id = _find(app, tenant, email)
        accounts.reset_second_factor(app.gate, operator(tenant_id), user.id)
    say(f"{user.email} signs in with the password alone.")


def _find(app: App, tenant: str | None, email: str) -> tuple[User, str]:
    tenant_id, address = choose(app, tenant), clean_email(email)
    for user in app.files.app.read(lambda db: users.users(db, tenant_id)):
        if user.email == address:
            return user, tenant_id
    raise NotFound(f"{address} is not on the team of {tenant_id}.")
