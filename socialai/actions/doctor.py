"""Is everything as it should be, and if not, what to do. Every check only reads: a hub that is broken is not
changed by asking why."""

from collections.abc import Iterator

from socialai.actions import doctor_data, doctor_machine, doctor_work
from socialai.domain.finding import Finding, ok
from socialai.errors import StoreError
from socialai.settings import Settings


def look(settings: Settings) -> Iterator[Finding]:
    """Everything that can be seen without asking anyone outside."""
    data = settings.data_dir
    yield from doctor_data.folder(data)
    yield from doctor_machine.disk(data, settings.low_disk_bytes)
    yield doctor_machine.memory()
    yield doctor_machine.clock(data)
    yield doctor_machine.libraries()
    yield doctor_data.key(data / "secret.key")
    yield from _databases(settings)
    yield doctor_data.queue(data / "queue.db")
    yield from doctor_machine.models(data)
    yield doctor_machine.llama()


def _databases(settings: Settings) -> Iterator[Finding]:
    """What is in them is looked at where they are whole, and of this version."""
    found = list(doctor_data.databases(settings.data_dir))
    yield from found
    if any(finding.state == "fix" for finding in found):
        return
    try:
        yield from doctor_work.way_in(settings.data_dir, settings.public_url)
        if (settings.data_dir / "app.db").exists():
            yield from doctor_work.work(settings.data_dir)
    except StoreError:
        yield ok("work", "It is looked at once the hub has upgraded its files.")
