"""The async edge: a raw event is durable before it is acknowledged, then a worker is woken."""

import secrets

from socialai.domain.clock import Clock
from socialai.store import events
from socialai.store.files import Files
from socialai.tasks import Tasks


class Intake:
    def __init__(self, files: Files, tasks: Tasks, clock: Clock) -> None:
        self._files = files
        self._tasks = tasks
        self._clock = clock

    async def journal(self, tenant_id: str, platform: str, body: bytes) -> bool:
        """Returns once the event is on disk; False when the platform delivered it before."""
        trace_id, now = secrets.token_hex(8), self._clock()
        event_id = await self._files.tenant(tenant_id).awrite(
            lambda db: events.keep(db, platform, body, trace_id, now)
        )
        if event_id is None:
            return False
        self._tasks.wake("process", tenant_id, event_id)
        return True
