"""The tenant's language model as a tool of turns: in time, and not twice for the same question."""

import time

import msgspec

from socialai import log
from socialai.actions.book import Book
from socialai.context import App
from socialai.errors import DeadlinePassed, ModelError, WrongKey
from socialai.inference.llm import Engine, Priority, Prompt, S, decode

SECONDS = 20.0
GROUP_SECONDS = 40.0
"""All turns of a group are kept together, before what they claimed becomes due again."""


def writer(app: App, tenant_id: str, priority: Priority = "interactive") -> "Writer | None":
    """For one group of turns. None when the tenant uses no language model, or its key cannot be opened."""
    try:
        engine = app.engines.engine(tenant_id)
    except (ModelError, WrongKey) as error:
        log.get().warning("no language model", tenant=tenant_id, error=str(error))
        return None
    return Writer(engine, tenant_id, Book(app, tenant_id, engine.name), priority) if engine else None


class Writer:
    """The time of the group begins with the first prompt."""

    def __init__(
        self,
        engine: Engine,
        tenant_id: str,
        book: Book | None = None,
        priority: Priority = "interactive",
    ) -> None:
        self._engine, self._tenant_id, self._priority = engine, tenant_id, priority
        self._book, self._ends = book, 0.0

    def __call__(self, prompt: Prompt, schema: type[S]) -> S:
        try:
            known = self._book.find(prompt) if self._book else None
            return decode(known, schema) if known is not None else self._new(prompt, schema)
        except ModelError as error:
            log.get().warning("language model did not write", tenant=self._tenant_id, error=str(error))
            raise

    def entries(self) -> tuple[int, ...]:
        """The ids in the book of what was written since they were asked for last."""
        return self._book.entries() if self._book else ()

    def _new(self, prompt: Prompt, schema: type[S]) -> S:
        now = time.monotonic()
        self._ends = self._ends or now + GROUP_SECONDS
        if now >= self._ends:
            raise DeadlinePassed("The language model had no time left for this group of messages.")
        written = self._engine.write(
            prompt, deadline=min(now + SECONDS, self._ends), priority=self._priority, schema=schema
        )
        if self._book:
            self._book.wrote(prompt, written)
        said = decode(written.text, schema)
        if self._book:
            self._book.keep(prompt, msgspec.json.encode(said).decode())
        return said
