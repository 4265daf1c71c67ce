"""The book of what a tenant's language model wrote: what it cost, and what need not be written again."""

import hashlib

import msgspec

from socialai.actions import spending
from socialai.context import App
from socialai.inference.llm import Prompt, Written, user_text
from socialai.store import chunks, writings

_PERSONAL = frozenset({"memory", "notes"})
"""Parts of a prompt that are one contact's: what was written for them is nobody else's."""


class Book:
    """Of one engine, for one group of turns."""

    def __init__(self, app: App, tenant_id: str, engine: str) -> None:
        self._app, self._tenant_id, self._engine = app, tenant_id, engine
        self._database = app.files.tenant(tenant_id)
        self._entries: list[int] = []

    def find(self, prompt: Prompt) -> str | None:
        """What was written for the same question of the same knowledge."""
        if not _is_nobodys(prompt):
            return None
        digest, _ = self._digest(prompt)
        found = self._database.read(lambda db: writings.find_answer(db, digest))
        if found is not None:
            self._entries.append(spending.record_kept(self._app, self._tenant_id, self._engine, prompt))
        return found

    def wrote(self, prompt: Prompt, written: Written) -> None:
        self._entries.append(spending.record(self._app, self._tenant_id, self._engine, prompt, written))

    def keep(self, prompt: Prompt, answer: str) -> None:
        if _is_nobodys(prompt):
            digest, knowledge = self._digest(prompt)
            now = self._app.clock()
            self._database.write(lambda db: writings.keep_answer(db, digest, knowledge, answer, now))

    def entries(self) -> tuple[int, ...]:
        """The ids of what came in since they were asked for last."""
        taken, self._entries = tuple(self._entries), []
        return taken

    def _digest(self, prompt: Prompt) -> tuple[bytes, str]:
        """(of what is asked, by whom and of which knowledge; the knowledge's version)"""
        knowledge = self._database.read(chunks.version)
        limits = msgspec.json.encode(prompt.limits).decode()
        asked = (self._engine, knowledge, prompt.system, user_text(prompt), limits)
        return hashlib.sha256("\0".join(asked).encode("utf-8", "surrogatepass")).digest(), knowledge


def _is_nobodys(prompt: Prompt) -> bool:
    return prompt.purpose == "answer" and not any(part.name in _PERSONAL for part in prompt.parts)
