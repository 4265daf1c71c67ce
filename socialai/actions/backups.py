"""Make a backup as the plan says, look after those that are there, try them out."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from socialai import log
from socialai.actions import reach
from socialai.context import App
from socialai.domain.backup_plan import BackupPlan, BackupRun, Bucket, Folder
from socialai.errors import DiskFull, HubError, InvalidInput, NotAllowed, NotFound
from socialai.security.permissions import Principal
from socialai.store import backup_runs, backups, drills, sealing, tenants

_FIRST_AFTER = timedelta(hours=1)
_SPARE_BYTES = 256 * 1024 * 1024
_LEFT_AFTER = 6 * 3600.0
_TRY = "socialai-can-write.txt"


def may(app: App, who: Principal) -> bool:
    """A backup holds every business of the machine, so it is its owner's."""
    return not who.user_id or reach.may_choose(app, who)


def check_may(app: App, who: Principal) -> None:
    if not may(app, who):
        raise NotAllowed(
            "A backup holds everything, so only an owner may have it, and where several businesses share "
            "this machine whoever runs it, with the command socialai backups."
        )


def due(app: App) -> bool:
    """By the plan. One that failed is tried again after an hour; a new hub has its first after one."""
    now, every = app.clock(), app.copies.plan().every_hours
    if not every:
        return False
    last = app.files.app.read(backup_runs.last)
    if last:
        return now - last.began_at >= timedelta(hours=every if last.state != "failed" else min(every, 1))
    oldest = min((each.created_at for each in app.files.app.read(tenants.tenants)), default=now)
    return now - oldest >= _FIRST_AFTER


def begin(app: App) -> int:
    """Conflict while another one is made. `make` is to follow."""
    place = app.copies.plan().place
    return app.files.app.write(lambda db: backup_runs.begin(db, place, app.clock()))


def make(app: App, run_id: int) -> BackupRun:
    """All tenants into one file, put where the plan says; too old ones are removed. What fails is kept with
    its reason, and shown."""
    reason = "It ended before it was whole; the log says why."
    try:
        path, size = _put(app)
        _remove_too_old(app)
        reason = ""
    except HubError as error:
        reason = str(error)
    finally:
        if reason:
            log.get().error("backup failed", reason=reason)
            app.files.app.write(lambda db: backup_runs.fail(db, run_id, reason, app.clock()))
    if not reason:
        app.files.app.write(lambda db: backup_runs.finish(db, run_id, path.name, size, app.clock()))
    return _run(app, run_id)


def begin_drill(app: App, run_id: int) -> None:
    """NotFound: there is no file of it. `drill` is to follow."""
    _there(app, run_id)
    app.files.app.write(lambda db: backup_runs.begin_drill(db, run_id, app.clock()))


def drill(app: App, run_id: int) -> BackupRun:
    """Bring it back into a scratch place and compare; the outcome is kept with it."""
    try:
        with opened(app, run_id) as plain:
            drills.drill(plain, app.copies.folder, app.clock(), lambda _: None)
        error = ""
    except HubError as failed:
        error = str(failed)
    app.files.app.write(lambda db: backup_runs.checked(db, run_id, error, app.clock()))
    return _run(app, run_id)


@contextmanager
def opened(app: App, run_id: int) -> Iterator[Path]:
    """The backup itself, from wherever it was put, without the passphrase around it."""
    scratch = app.copies.folder / f".fetched-{run_id}"
    scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        path = fetch(app, run_id, scratch)
        with sealing.opened(path, app.copies.folder, passphrase=app.copies.passphrase()) as plain:
            yield plain
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def newest_before(app: App, moment: datetime) -> BackupRun:
    found = app.files.app.read(lambda db: backup_runs.before(db, moment))
    if found is None:
        raise NotFound(
            f"There is no backup of the plan from before {moment:%Y-%m-%d %H:%M} UTC. See which there are: "
            "socialai backups list. A file you have elsewhere is given by its name."
        )
    return found


def fetch(app: App, run_id: int, folder: Path) -> Path:
    """The file as it was put away. NotFound: it failed, or is too old and was removed."""
    run = _there(app, run_id)
    app.copies.shelf(run.place).fetch(run.name, target := folder / run.name)
    return target


def set_plan(app: App, plan: BackupPlan, *, passphrase: str | None, bucket_key: str | None) -> None:
    """None leaves a secret as it is, a passphrase '' ends sealing. StoreError: the place cannot be used;
    then everything stays as it was."""
    if passphrase:
        sealing.check_passphrase(passphrase)
    if isinstance(plan.place, Bucket) and not (bucket_key or app.copies.has_bucket_key):
        raise InvalidInput("Give the secret key that belongs to the access key.")
    _try_place(app, plan, bucket_key)
    if passphrase is not None:
        app.copies.set_passphrase(passphrase)
    if bucket_key:
        app.copies.set_bucket_key(bucket_key)
    app.copies.set_plan(plan)


def public_line(app: App) -> str:
    """For ~/.ssh/authorized_keys of the server that takes backups."""
    from socialai.places.sftp import public_line  # its library is loaded only where it is needed

    return public_line(app.copies.key())


def fingerprint(host_key: str) -> str:
    from socialai.tunnel import ssh

    return ssh.fingerprint(host_key)


def failed(app: App) -> str:
    """Why there is no new backup; '' when the last one went well, or tried out went well."""
    last = app.files.app.read(backup_runs.last_ended)
    if last is None:
        return ""
    return last.error or last.check_error


def _try_place(app: App, plan: BackupPlan, bucket_key: str | None) -> None:
    if plan.place == Folder():
        return
    shelf = app.copies.shelf(plan.place, bucket_key)
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / _TRY
        sample.write_text("SocialAI Hub tried whether it can put backups here.\n", encoding="utf-8")
        shelf.put(sample)
        shelf.remove(_TRY)


def _put(app: App) -> tuple[Path, int]:
    """Where it was made, and how large it is; it stays there only if the plan has no other place."""
    _remove_left(app)
    _check_space(app)
    path, place = _made(app), app.copies.plan().place
    try:
        size = path.stat().st_size
        app.copies.shelf(place).put(path)
    finally:
        if place != Folder():
            path.unlink()
    return path, size


def _remove_left(app: App) -> None:
    """By those that were cut off; what another process makes now is younger."""
    data, ours = app.settings.data_dir, app.copies.folder
    for left in (*data.glob(".copying-*"), *ours.glob(".*-*"), *ours.glob("*.partial")):
        if time.time() - left.stat().st_mtime > _LEFT_AFTER:
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def _check_space(app: App) -> None:
    """Before harm: what is copied lies beside the data until it is packed."""
    needed = 2 * backups.size(app.settings.data_dir, None) + _SPARE_BYTES
    free = shutil.disk_usage(app.settings.data_dir).free
    if free < needed:
        raise DiskFull(
            f"A backup may need {needed // 2**20:,} MiB in {app.settings.data_dir} while it is made, and "
            f"{free // 2**20:,} are free. Free some space."
        )


def _made(app: App) -> Path:
    passphrase = app.copies.passphrase()
    made = backups.back_up(
        app.settings.data_dir,
        app.copies.folder,
        app.clock(),
        lambda _: None,
        tenant_id=None,
        with_key=bool(passphrase),
    )
    return sealing.seal(made.path, passphrase=passphrase) if passphrase else made.path


def _remove_too_old(app: App) -> None:
    """The one that was just put away counts, too."""
    keep = app.copies.plan().keep - 1
    for run in app.files.app.read(lambda db: backup_runs.too_many(db, keep)):
        app.copies.shelf(run.place).remove(run.name)
        app.files.app.write(partial(backup_runs.remove, run_id=run.id, now=app.clock()))


def _there(app: App, run_id: int) -> BackupRun:
    run = _run(app, run_id)
    if not run.is_there:
        raise NotFound("There is no file of this backup: it failed, or was removed as newer ones came.")
    return run


def _run(app: App, run_id: int) -> BackupRun:
    return app.files.app.read(lambda db: backup_runs.get(db, run_id))
