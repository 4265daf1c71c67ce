"""socialai dead-letters: what the hub has given up on, until a person decides."""

import sqlite3
from functools import partial
from typing import Annotated, Any, get_args

import msgspec
import typer

from socialai.actions import dead_letters as actions
from socialai.actions.dead_letters import Kind
from socialai.cli.options import JsonOption, TenantOption, choose
from socialai.cli.output import print_json, say, table
from socialai.cli.program import program
from socialai.context import App
from socialai.errors import InvalidInput
from socialai.store import events, outbox

group = typer.Typer(
    name="dead-letters",
    help="What the hub has given up on: deliveries it did not understand, replies it could not send.",
    no_args_is_help=True,
)

_PAGE = 200

_Ids = Annotated[list[int] | None, typer.Argument(metavar="[ID]…", help="With --kind, as `list` shows them.")]
_KindOption = Annotated[Kind | None, typer.Option("--kind", help="event: came in. outbox: should go out.")]
_All = Annotated[bool, typer.Option("--all", help="Every one, or every one of a --kind.")]


@group.command("list")
def list_(
    context: typer.Context, kind: _KindOption = None, tenant: TenantOption = None, as_json: JsonOption = False
) -> None:
    """Show the newest dead letters and why each is one."""
    with program(context).opened() as app:
        found = actions.dead_letters(app, choose(app, tenant))
    found = [letter for letter in found if kind in (None, letter.kind)]
    if as_json:
        print_json(found)
    else:
        rows = [(letter.kind, letter.id, letter.created_at, letter.error) for letter in found]
        table(("Kind", "Id", "Since", "Why"), rows, "There are no dead letters.")


@group.command("show")
def show(
    context: typer.Context,
    kind: Annotated[Kind, typer.Argument(help="event or outbox.")],
    letter_id: Annotated[int, typer.Argument(metavar="ID", help="The number `list` shows.")],
    tenant: TenantOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one with all that is known of it.

    \b
    socialai dead-letters show event 12
    """
    get = events.get if kind == "event" else outbox.get
    with program(context).opened() as app:
        found = app.files.tenant(choose(app, tenant)).read(lambda db: get(db, letter_id))
    fields: dict[str, Any] = msgspec.structs.asdict(found)
    if "body" in fields:
        fields["body"] = _readable(fields["body"])
    if as_json:
        print_json(fields)
    else:
        for name, value in fields.items():
            say(f"{name:<16}{'' if value is None else value}")


@group.command("retry")
def retry(
    context: typer.Context,
    ids: _Ids = None,
    kind: _KindOption = None,
    every: _All = False,
    tenant: TenantOption = None,
) -> None:
    """Try again. A running hub begins at once, another one when it is started.

    \b
    socialai dead-letters retry 7 9 --kind outbox
    socialai dead-letters retry --all
    """
    _decide(context, tenant, kind, ids or [], every=every, retrying=True)


@group.command("discard")
def discard(
    context: typer.Context,
    ids: _Ids = None,
    kind: _KindOption = None,
    every: _All = False,
    tenant: TenantOption = None,
) -> None:
    """Try no more; what they were stays on record.

    \b
    socialai dead-letters discard 12 --kind event
    """
    _decide(context, tenant, kind, ids or [], every=every, retrying=False)


def _decide(
    context: typer.Context,
    tenant: str | None,
    kind: Kind | None,
    ids: list[int],
    *,
    every: bool,
    retrying: bool,
) -> None:
    if every == bool(ids):
        raise InvalidInput("Name dead letters by their ids, or take --all.")
    if ids and kind is None:
        raise InvalidInput("An event and an outbox item may have the same id. Say which with --kind.")
    act, done = (actions.retry, "tried again") if retrying else (actions.discard, "discarded")
    changed = 0
    with program(context).opened() as app:
        tenant_id = choose(app, tenant)
        for each in [kind] if kind else get_args(Kind):
            changed += len(act(app, tenant_id, each, ids or _every(app, tenant_id, each)))
    say(f"{changed} {'is' if changed == 1 else 'are'} {done}.")
    if ids and changed < len(set(ids)):
        raise InvalidInput(f"{len(set(ids)) - changed} of them are no dead letters. See: dead-letters list")


def _every(app: App, tenant_id: str, kind: Kind) -> list[int]:
    """Ids of all that are dead now, read a page at a time: an event's body may be large."""
    found: list[int] = []
    while page := app.files.tenant(tenant_id).read(partial(_page, kind, found[-1] if found else None)):
        found += page
    return found


def _page(kind: Kind, before: int | None, db: sqlite3.Connection) -> list[int]:
    if kind == "event":
        return [event.id for event in events.events(db, "dead", before=before, limit=_PAGE)]
    return [item.id for item in outbox.items(db, "dead", before=before, limit=_PAGE)]


def _readable(body: bytes) -> str:
    try:
        return msgspec.json.format(body.decode(), indent=2)
    except (UnicodeDecodeError, msgspec.DecodeError):
        return body.decode("utf-8", "replace")
