"""socialai tenant: the businesses of this hub."""

from typing import Annotated

import typer

from socialai.cli.options import JsonOption, PasswordOption, password
from socialai.cli.output import print_json, say, table
from socialai.cli.program import program
from socialai.domain.user import clean_name
from socialai.security import accounts, set_up
from socialai.store import tenants

group = typer.Typer(name="tenant", help="The businesses of this hub.", no_args_is_help=True)


@group.command("add")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The business's name.")],
    owner: Annotated[str, typer.Option(help="The owner's e-mail address, to sign in with.")],
    owner_name: Annotated[str, typer.Option(help="The owner's name. Default: from the address.")] = "",
    tenant_id: Annotated[str, typer.Option("--id", help="Its id. Default: made of the name.")] = "",
    password_stdin: PasswordOption = False,
) -> None:
    """Add a business and its owner.

    \b
    socialai tenant add "Northwind Outfitters" --owner anna@example.com
    """
    chosen = tenants.check_id(tenant_id or tenants.suggest_id(name))
    with program(context).opened() as app:
        secret = password(password_stdin)
        owner_name = owner_name or owner.partition("@")[0]
        user = accounts.add_tenant(app.gate, chosen, name, owner, owner_name, secret)
        app.files.create(chosen)
        set_up.drop_token(app.settings.data_dir)
    say(f"Added the tenant {chosen}. {user.email} signs in as its owner.")


@group.command("list")
def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show the businesses of this hub."""
    with program(context).opened() as app:
        found = app.files.app.read(tenants.tenants)
    if as_json:
        print_json(found)
    else:
        rows = [(tenant.id, tenant.name, tenant.created_at) for tenant in found]
        table(("Id", "Name", "Since"), rows, "There is no tenant yet. Add one: socialai tenant add --help")


@group.command("rename")
def rename(
    context: typer.Context,
    tenant_id: Annotated[str, typer.Argument(help="The tenant's id, which stays.")],
    name: Annotated[str, typer.Argument(help="The new name.")],
) -> None:
    """Change a business's name; its id stays, as addresses and files have it in them."""
    cleaned = clean_name(name)
    with program(context).opened() as app:
        tenant = app.files.app.write(lambda db: tenants.rename(db, tenant_id, cleaned))
    say(f"The tenant {tenant.id} is called {tenant.name} now.")
