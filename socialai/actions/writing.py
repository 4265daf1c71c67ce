"""The tenant's language model as a tool of turns: in time, and told when it did not work."""

import time

from socialai import log
from socialai.agents.turn import Write
from socialai.context import App
from socialai.errors import DeadlinePassed, ModelError, WrongKey
from socialai.inference.llm import Engine, Priority, Prompt, S, decode

SECONDS = 20.0
GROUP_SECONDS = 40.0
"""All turns of a group are kept together, before what they claimed becomes due again."""


def writer(app: App, tenant_id: str, priority: Priority = "interactive") -> Write | None:
    """For one group of turns. None when the tenant uses no language model, or its key cannot be opened."""
    try:
        engine = app.engines.engine(tenant_id)
    except (ModelError, WrongKey) as error:
        log.get().warning("no language model", tenant=tenant_id, error=str(error))
        return None
    return Writer(engine, tenant_id, priority) if engine else None


class Writer:
    """The time of the group begins with the first prompt."""

    def __init__(self, engine: Engine, tenant_id: str, priority: Priority = "interactive") -> None:
        self._engine, self._tenant_id, self._priority = engine, tenant_id, priority
        self._ends = 0.0

    def __call__(self, prompt: Prompt, schema: type[S]) -> S:
        now = time.monotonic()
        self._ends = self._ends or now + GROUP_SECONDS
        try:
            if now >= self._ends:
                raise DeadlinePassed("The language model had no time left for this group of messages.")
            written = self._engine.write(
                prompt, deadline=min(now + SECONDS, self._ends), priority=self._priority, schema=schema
            )
            return decode(written.text, schema)
        except ModelError as error:
            log.get().warning("language model did not write", tenant=self._tenant_id, error=str(error))
            raise
