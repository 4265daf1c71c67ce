"""Options that many commands share, and whose tenant a command is about."""

from typing import Annotated

import typer

from socialai.context import App
from socialai.errors import InvalidInput, NotFound
from socialai.store import tenants

TenantOption = Annotated[
    str | None, typer.Option("--tenant", "-t", help="The tenant's id. Not needed while there is only one.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]
PasswordOption = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the first line of standard input.")
]


def choose(app: App, tenant_id: str | None) -> str:
    """The tenant that was named, or the only one there is."""
    if tenant_id is not None:
        return app.files.app.read(lambda db: tenants.get(db, tenant_id)).id
    known = [tenant.id for tenant in app.files.app.read(tenants.tenants)]
    if not known:
        raise NotFound("There is no tenant yet. Add one: socialai tenant add --help")
    if len(known) > 1:
        raise InvalidInput(f"There are several tenants: {', '.join(known)}. Say which one with --tenant.")
    return known[0]


def password(from_stdin: bool) -> str:
    """Never an argument: other users of the machine can see those."""
    if from_stdin:
        return typer.get_text_stream("stdin").readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
