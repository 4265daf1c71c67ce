"""socialai backup and restore: one tenant or all, as one file."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from socialai import settings
from socialai.actions import backups as actions
from socialai.cli.one_hub import only_one
from socialai.cli.options import JsonOption, password
from socialai.cli.output import print_json, progress, say, warn
from socialai.cli.program import program
from socialai.domain.backup import KEY
from socialai.domain.clock import utc_now
from socialai.errors import InvalidInput
from socialai.settings import Settings
from socialai.store import backups, drills, restores, sealing
from socialai.store.backups import Backup
from socialai.store.restores import Restored

_PHRASE = "include the key"

_PassphraseOption = Annotated[
    bool,
    typer.Option("--passphrase-stdin", help="Read the passphrase from the first line of standard input."),
]
_IdentityOption = Annotated[
    Path | None,
    typer.Option(
        help="The file with the age key it was sealed for.", exists=True, dir_okay=False, readable=True
    ),
]


class _Made(msgspec.Struct):
    path: str
    bytes: int
    tenants: tuple[str, ...]
    with_key: bool


def backup(
    to: Annotated[
        Path | None, typer.Option(help="The folder it goes to. Default: backups/ in the data directory.")
    ] = None,
    tenant: Annotated[str | None, typer.Option("--tenant", "-t", help="Only this tenant.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All tenants and the settings (the default).")] = False,
    with_key: Annotated[
        bool, typer.Option("--with-key", help="With secret.key, which opens every credential inside.")
    ] = False,
    sealed: Annotated[
        bool,
        typer.Option("--sealed", help="Behind a passphrase, which is asked for; with secret.key inside."),
    ] = False,
    recipient: Annotated[
        str, typer.Option(help="Sealed for who has the key to this age public key (age1…); with secret.key.")
    ] = "",
    passphrase_stdin: _PassphraseOption = False,
    as_json: JsonOption = False,
) -> None:
    """Copy one tenant or all into one file, checked, while the hub may be running.

    Credentials of channels in it are sealed with secret.key, which is not in it: keep a copy of that file
    elsewhere, or take --sealed, which puts it in and closes the whole file with a passphrase.

    \b
    socialai backup --to /mnt/usb
    socialai backup --tenant acme --to /mnt/usb
    """
    if every and tenant:
        raise InvalidInput("Take either --all or --tenant.")
    chosen = settings.load()
    if with_key:
        _confirm_key()
    passphrase = _new_passphrase(passphrase_stdin) if sealed or passphrase_stdin else ""
    closed = bool(passphrase or recipient)
    with progress("Backing up", backups.size(chosen.data_dir, tenant)) as advance:
        made = backups.back_up(
            chosen.data_dir,
            to or chosen.backups_dir,
            utc_now(),
            advance,
            tenant_id=tenant,
            with_key=with_key or closed,
        )
    if closed:
        made = Backup(sealing.seal(made.path, passphrase=passphrase, recipient=recipient), made.manifest)
    if as_json:
        manifest = made.manifest
        print_json(
            _Made(str(made.path), made.path.stat().st_size, manifest.tenants, with_key=manifest.has_key)
        )
    else:
        _tell_backup(made, chosen, here=to is None)


def restore(
    context: typer.Context,
    source: Annotated[
        Path | None,
        typer.Argument(metavar="[BACKUP]", help="The file, or the folder it was unpacked to.", exists=True),
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where to. Default: the hub's data directory, which must be empty.")
    ] = None,
    tenant: Annotated[
        str | None, typer.Option("--tenant", "-t", help="Only this tenant, into the hub that is there.")
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(help="The copy of secret.key you kept.", exists=True, dir_okay=False, readable=True),
    ] = None,
    passphrase_stdin: _PassphraseOption = False,
    identity: _IdentityOption = None,
    without_key: Annotated[
        bool, typer.Option("--without-key", help="Go without: connect every channel again afterwards.")
    ] = False,
    at: Annotated[
        datetime | None,
        typer.Option(
            help="A tenant as it was in the newest backup of the plan before this moment (UTC).",
            formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"],
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="With --tenant: put what is there aside first.")
    ] = False,
) -> None:
    """Put a backup back into an empty place, after checking all of it. Nothing is overwritten; what --at and
    --replace take the place of is put aside.

    The hub must be stopped. Channels come back in draft mode, and people sign in again.

    \b
    socialai restore socialai-all-20261123T080000Z.zip --key /media/usb/secret.key
    socialai restore socialai-all-20261123T080000Z.zip --tenant acme
    socialai restore --at "2026-11-23 08:00" --tenant acme
    """
    chosen = settings.load()
    if at and source is None and tenant:
        _restore_moment(context, chosen, tenant, at.replace(tzinfo=UTC))
        return
    if source is None or at:
        raise InvalidInput("Name the file of a backup, or a moment with --at and a tenant with --tenant.")
    if replace and not tenant:
        raise InvalidInput("--replace is for one tenant: say which with --tenant.")
    place = (data_dir or chosen.data_dir).expanduser().absolute()
    with _unsealed(source, place.parent, identity, from_stdin=passphrase_stdin) as plain:
        if tenant:
            restored = _restore_tenant(plain, place, tenant, replace=replace)
        else:
            restored = _restore_all(plain, place, key, without_key=without_key)
    _tell_restore(restored, place)


def drill(
    source: Annotated[Path, typer.Argument(metavar="BACKUP", help="The file.", exists=True)],
    passphrase_stdin: _PassphraseOption = False,
    identity: _IdentityOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a backup back into a scratch place, compare every checksum and row count, and remove it again.

    \b
    socialai drill socialai-all-20261123T080000Z.zip
    """
    near = settings.load().data_dir
    with _unsealed(source, near, identity, from_stdin=passphrase_stdin) as plain:
        manifest = restores.look(plain)
        with progress("Restoring for a try", manifest.bytes) as advance:
            done = drills.drill(plain, near, utc_now(), advance)
    if as_json:
        print_json(done)
    else:
        names = ", ".join(done.tenants) or "no tenant"
        say(
            f"It would come back whole: {names}, {done.files} files with their checksums, {done.rows:,} rows."
        )


@contextmanager
def _unsealed(source: Path, near: Path, identity: Path | None, *, from_stdin: bool) -> Iterator[Path]:
    passphrase = ""
    if from_stdin:
        passphrase = password(from_stdin=True)
    elif sealing.is_sealed(source) and identity is None:
        passphrase = typer.prompt("The passphrase it was sealed with", hide_input=True, err=True)
    key = identity.read_text(encoding="utf-8") if identity else ""
    with sealing.opened(source, near, passphrase=passphrase, identity=key) as plain:
        yield plain


def _new_passphrase(from_stdin: bool) -> str:
    if from_stdin:
        return sealing.check_passphrase(password(from_stdin=True))
    warn("Without the passphrase nobody can open this backup, not even us. Keep it somewhere else.")
    return str(typer.prompt("A passphrase", hide_input=True, confirmation_prompt=True, err=True))


def _restore_all(source: Path, place: Path, key: Path | None, *, without_key: bool) -> Restored:
    manifest = restores.look(source)
    if not (manifest.has_key or key or without_key):
        raise InvalidInput(
            "The credentials in this backup are sealed with a secret.key that is not in it. Give the "
            "copy you kept with --key FILE. If there is none, take --without-key and connect every channel "
            "again."
        )
    raw = key.read_bytes() if key else None
    with progress("Restoring", manifest.bytes) as advance:
        return restores.restore(source, place, utc_now(), advance, raw)


def _restore_moment(context: typer.Context, chosen: Settings, tenant_id: str, moment: datetime) -> None:
    with only_one(chosen), program(context).opened() as app:
        run = actions.newest_before(app, moment)
        with actions.opened(app, run.id) as plain:
            app.files.forget(tenant_id)
            restored = _put_back(plain, chosen.data_dir, tenant_id, replace=True)
    _tell_restore(restored, chosen.data_dir)


def _restore_tenant(source: Path, place: Path, tenant_id: str, *, replace: bool) -> Restored:
    with only_one(Settings(data_dir=place)) if place.is_dir() else nullcontext():
        return _put_back(source, place, tenant_id, replace=replace)


def _put_back(source: Path, place: Path, tenant_id: str, *, replace: bool) -> Restored:
    now = utc_now()
    aside = place / "aside" / f"{tenant_id}-{now:%Y%m%dT%H%M%SZ}" if replace else None
    with progress("Restoring", restores.look(source).bytes) as advance:
        restored = restores.restore_tenant(source, place, tenant_id, now, advance, aside)
    if aside and aside.exists():
        say(f"What was there is in {aside} now. Remove it when you no longer need it.")
    return restored


def _confirm_key() -> None:
    """Typed, so that no key leaves the machine by habit; a script pipes the words in."""
    warn("Whoever has this backup can then write to your customers in your name. Keep it locked away.")
    if typer.prompt(f"Type '{_PHRASE}'", err=True).strip() != _PHRASE:
        raise InvalidInput("Nothing was backed up. Leave --with-key out, or type the words.")


def _tell_backup(made: Backup, chosen: Settings, *, here: bool) -> None:
    say(f"Backed up {', '.join(made.manifest.tenants) or 'no tenant'} to {made.path}")
    if here:
        say("It is on the same disk as the hub. Copy it to another one, or use --to.")
    if not made.manifest.has_key:
        say(
            f"Credentials in it open only with {chosen.data_dir / KEY}, which is not in it. "
            "Copy that file once to a safe place that is not with the backups."
        )


def _tell_restore(restored: Restored, place: Path) -> None:
    names = ", ".join(restored.tenants) or "no tenant"
    say(f"Restored {names} of {restored.manifest.made_at:%d %B %Y, %H:%M} UTC to {place}")
    say(
        "Channels are in draft mode, as what was open then may be answered since. "
        "Change it with: socialai channel mode"
    )
    if not restored.credentials:
        warn("The credentials cannot be opened with the key that is here. Connect every channel again.")
