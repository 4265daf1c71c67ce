"""socialai keys: the key that every credential is sealed with."""

from typing import Annotated

import typer

from socialai import settings
from socialai.cli.one_hub import only_one
from socialai.cli.output import say, warn
from socialai.cli.program import program
from socialai.domain.backup import KEY
from socialai.domain.clock import utc_now
from socialai.errors import InvalidInput
from socialai.store import lost_key, rotation, tenants
from socialai.store.vault import write_key

group = typer.Typer(
    name="keys", help="secret.key, which every credential is sealed with.", no_args_is_help=True
)
_PHRASE = "go on without"


@group.command("rotate")
def rotate(context: typer.Context) -> None:
    """Seal everything with a new key, while the hub goes on working.

    Backups from before open with the old key alone: it is kept beside the new one, under its date.
    """
    with program(context).opened() as app:  # brings every file to this version
        for tenant in app.files.app.read(tenants.tenants):
            app.files.tenant(tenant.id)
        data_dir = app.settings.data_dir
    done = rotation.rotate(data_dir)
    kept = data_dir / f"{KEY}.until-{utc_now():%Y%m%dT%H%M%SZ}"
    write_key(kept, done.old_key)
    say(f"{done.sealed} credentials are sealed with the new key. Keep a copy of {data_dir / KEY} elsewhere.")
    say(f"Backups from before need {kept}: keep it with them, away from here, or remove it with them.")
    if done.lost:
        warn(f"{done.lost} could be opened by neither key and stayed as they are. Connect those again.")


@group.command("lost")
def lost(
    yes: Annotated[bool, typer.Option("--yes", help="Without asking; for a script.")] = False,
) -> None:
    """Go on without a secret.key that is gone: every channel is then connected again.

    The hub must be stopped.
    """
    chosen = settings.load()
    with only_one(chosen):
        if not yes:
            warn(lost_key.WHAT)
            if typer.prompt(f"Type '{_PHRASE}'", err=True).strip() != _PHRASE:
                raise InvalidInput("Nothing was changed. Look for the copy of secret.key, or type the words.")
        known = lost_key.go_on(chosen.data_dir, utc_now())
    say(f"The next start makes a new key. Sign in and connect the channels again: {', '.join(known)}")
