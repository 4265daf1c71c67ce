"""socialai backup and restore: one tenant or all, as one file."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from socialai import settings
from socialai.cli.options import JsonOption
from socialai.cli.output import print_json, progress, say, warn
from socialai.cli.serve import only_one
from socialai.domain.backup import KEY
from socialai.domain.clock import utc_now
from socialai.errors import InvalidInput
from socialai.settings import Settings
from socialai.store import backups, restores
from socialai.store.backups import Backup
from socialai.store.restores import Restored

_PHRASE = "include the key"


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
    as_json: JsonOption = False,
) -> None:
    """Copy one tenant or all into one file, checked, while the hub may be running.

    Credentials of channels in it are sealed with secret.key, which is not in it: keep a copy of that file
    elsewhere, or take --with-key and keep the backup where nobody else can read it.

    \b
    socialai backup --to /mnt/usb
    socialai backup --tenant acme --to /mnt/usb
    """
    if every and tenant:
        raise InvalidInput("Take either --all or --tenant.")
    chosen = settings.load()
    if with_key:
        _confirm_key()
    with progress("Backing up", backups.size(chosen.data_dir, tenant)) as advance:
        made = backups.back_up(
            chosen.data_dir,
            to or chosen.backups_dir,
            utc_now(),
            advance,
            tenant_id=tenant,
            with_key=with_key,
        )
    if as_json:
        manifest = made.manifest
        print_json(
            _Made(str(made.path), made.path.stat().st_size, manifest.tenants, with_key=manifest.has_key)
        )
    else:
        _tell_backup(made, chosen, here=to is None)


def restore(
    source: Annotated[
        Path,
        typer.Argument(metavar="BACKUP", help="The file, or the folder it was unpacked to.", exists=True),
    ],
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
    without_key: Annotated[
        bool, typer.Option("--without-key", help="Go without: connect every channel again afterwards.")
    ] = False,
) -> None:
    """Put a backup back into an empty place, after checking all of it. Nothing is overwritten.

    The hub must be stopped. Channels come back in draft mode, and people sign in again.

    \b
    socialai restore socialai-all-20261123T080000Z.zip --key /media/usb/secret.key
    socialai restore socialai-all-20261123T080000Z.zip --tenant acme
    """
    chosen = settings.load()
    place = (data_dir or chosen.data_dir).expanduser().absolute()
    if tenant:
        restored = _restore_tenant(source, place, tenant)
    else:
        restored = _restore_all(source, place, key, without_key=without_key)
    _tell_restore(restored, place)


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


def _restore_tenant(source: Path, place: Path, tenant_id: str) -> Restored:
    manifest = restores.look(source)
    alone = only_one(Settings(data_dir=place)) if place.is_dir() else nullcontext()
    with alone, progress("Restoring", manifest.bytes) as advance:
        return restores.restore_tenant(source, place, tenant_id, utc_now(), advance)


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
