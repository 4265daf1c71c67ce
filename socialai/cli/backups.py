"""socialai backups: those the hub makes by itself."""

from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from socialai.actions import backups as actions
from socialai.actions import reach
from socialai.cli.options import JsonOption, password
from socialai.cli.output import print_json, say, table
from socialai.cli.program import program
from socialai.domain.backup_plan import BackupRun, Bucket, Folder, Place, Sftp
from socialai.domain.tunnel import split_user
from socialai.errors import InvalidInput
from socialai.store import backup_runs

group = typer.Typer(name="backups", help="Backups that the hub makes by itself.", no_args_is_help=True)

_Run = Annotated[int, typer.Argument(metavar="NUMBER", help="As `socialai backups list` says.")]
_StdinOption = Annotated[
    bool, typer.Option("--stdin", help="Read the secret from the first line of standard input.")
]
_SHOWN = 100


@group.command("list")
def list_(context: typer.Context, as_json: JsonOption = False) -> None:
    """Show what became of each, newest first."""
    with program(context).opened() as app:
        runs = app.files.app.read(lambda db: backup_runs.runs(db, _SHOWN))
    if as_json:
        print_json(runs)
        return
    columns = ("Number", "Begun (UTC)", "MiB", "Place", "State")
    rows = [(run.id, run.began_at, f"{run.bytes / 2**20:,.1f}", run.place.words, _state(run)) for run in runs]
    table(columns, rows, "The hub made no backup so far. Make one: socialai backups now")


@group.command("there")
def there(context: typer.Context) -> None:
    """Show every file in the place, also of a hub before this one."""
    with program(context).opened() as app:
        for name in app.copies.shelf(app.copies.plan().place).names():
            say(name)


@group.command("now")
def now(context: typer.Context) -> None:
    """Make one now, and put it where the plan says. Exit code 1 if it fails."""
    with program(context).opened() as app:
        run = actions.make(app, actions.begin(app))
    say(f"{run.name}: {run.place.words}" if run.is_there else run.error)
    if not run.is_there:
        raise typer.Exit(1)


@group.command("try")
def try_(context: typer.Context, number: _Run) -> None:
    """Bring one back into a scratch place and compare. Exit code 1 if it would not come back."""
    with program(context).opened() as app:
        actions.begin_drill(app, number)
        run = actions.drill(app, number)
    say(run.check_error or "It would come back whole.")
    if run.check_error:
        raise typer.Exit(1)


@group.command("fetch")
def fetch(
    context: typer.Context,
    which: Annotated[str, typer.Argument(help="Its number, or the name of a file of `backups there`.")],
    to: Annotated[Path, typer.Option(help="The folder it goes to.", exists=True, file_okay=False)] = Path(),
) -> None:
    """Take one home, as it was put away: sealed, if the plan says so."""
    with program(context).opened() as app:
        if which.isdecimal():
            say(str(actions.fetch(app, int(which), to.absolute())))
        else:
            app.copies.shelf(app.copies.plan().place).fetch(_plain_name(which), to / which)
            say(str(to / which))


@group.command("plan")
def plan(
    context: typer.Context,
    every: Annotated[
        int | None, typer.Option(help="Hours from one to the next; 0: only by hand.", min=0, max=744)
    ] = None,
    keep: Annotated[int | None, typer.Option(help="How many are kept.", min=1, max=1000)] = None,
    sealed: Annotated[
        bool | None, typer.Option("--sealed/--open", help="Behind a passphrase, which is asked for.")
    ] = None,
    from_stdin: _StdinOption = False,
) -> None:
    """Show the plan, or change what is named.

    \b
    socialai backups plan --every 24 --keep 14 --sealed
    """
    with program(context).opened() as app:
        was = app.copies.plan()
        chosen = replace(
            was,
            every_hours=was.every_hours if every is None else every,
            keep=was.keep if keep is None else keep,
        )
        phrase = _secret("A passphrase", from_stdin) if sealed else None if sealed is None else ""
        if chosen != was or phrase is not None:
            actions.set_plan(app, chosen, passphrase=phrase, bucket_key=None)
        is_sealed = bool(app.copies.passphrase())
    often = f"every {chosen.every_hours} hours" if chosen.every_hours else "only by hand"
    closed = "sealed with a passphrase" if is_sealed else "not sealed: keep a copy of secret.key elsewhere"
    say(f"A backup {often} to {chosen.place.words}, {closed}. {chosen.keep} are kept.")


@group.command("to-folder")
def to_folder(
    context: typer.Context,
    folder: Annotated[str, typer.Argument(help="Its path; '' for the data directory's own.")],
) -> None:
    """Put them into a folder: another disk, a share."""
    _put_to(context, Folder(folder and str(Path(folder).absolute())))


@group.command("to-server")
def to_server(
    context: typer.Context,
    server: Annotated[str, typer.Argument(metavar="USER@HOST", help="Any server that speaks SFTP.")],
    port: Annotated[int, typer.Option(help="The server's SSH port.")] = 22,
    path: Annotated[str, typer.Option(help="The folder there.")] = ".",
    fingerprint: Annotated[
        str, typer.Option(help="The server's, as you know it; else it is shown and asked about.")
    ] = "",
) -> None:
    """Put them on a server over SSH, with the key that `socialai backups key` shows.

    \b
    socialai backups to-server hub@backup.example.com --path hub
    """
    user, host = split_user(server)
    key = reach.host_key(host, port)
    seen = actions.fingerprint(key)
    if fingerprint and fingerprint != seen:
        raise InvalidInput(
            f"{host} shows {seen}, which is not the fingerprint you gave. Nothing was changed."
        )
    if not fingerprint:
        typer.confirm(f"{host} shows the host key {seen}. Is it yours?", abort=True)
    _put_to(context, Sftp(host=host, user=user, host_key=key, port=port, path=path))


@group.command("key")
def key(context: typer.Context) -> None:
    """Print the line for ~/.ssh/authorized_keys on the server that takes backups."""
    with program(context).opened() as app:
        say(actions.public_line(app))


@group.command("to-bucket")
def to_bucket(
    context: typer.Context,
    endpoint: Annotated[str, typer.Argument(metavar="URL", help="The address of the storage.")],
    bucket: Annotated[str, typer.Option(help="The bucket's name.")],
    access_key: Annotated[str, typer.Option(help="The access key; the secret key is asked for.")],
    prefix: Annotated[str, typer.Option(help="The folder in it.")] = "",
    region: Annotated[str, typer.Option(help="Its region; else it is asked for.")] = "",
    from_stdin: _StdinOption = False,
) -> None:
    """Put them into a bucket of S3, or of what speaks like it.

    \b
    socialai backups to-bucket https://s3.eu-central-1.amazonaws.com --bucket hub --access-key AKIA0
    """
    place = Bucket(endpoint=endpoint, bucket=bucket, access_key=access_key, region=region, prefix=prefix)
    _put_to(context, place, _secret("The secret key", from_stdin))


def _plain_name(text: str) -> str:
    if Path(text).name != text:
        raise InvalidInput("Give the name of the file alone, as `socialai backups there` shows it.")
    return text


def _put_to(context: typer.Context, place: Place, bucket_key: str | None = None) -> None:
    with program(context).opened() as app:
        chosen = replace(app.copies.plan(), place=place)
        actions.set_plan(app, chosen, passphrase=None, bucket_key=bucket_key)
    say(f"Tried: backups can be put to {place.words}, and will be.")


def _secret(prompt: str, from_stdin: bool) -> str:
    if from_stdin:
        return password(from_stdin=True)
    return str(typer.prompt(prompt, hide_input=True, err=True))


def _state(run: BackupRun) -> str:
    if run.removed_at:
        return "removed, as newer ones came"
    if run.error or run.check_error:
        return run.error or f"would not come back: {run.check_error}"
    if run.checked_at:
        return f"came back whole on {run.checked_at:%Y-%m-%d}"
    return "there" if run.is_there else "is being made"
