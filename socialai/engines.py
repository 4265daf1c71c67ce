"""The models of this process, and with which language model each tenant writes."""

import sqlite3
import threading
from pathlib import Path
from typing import NamedTuple

import httpx

from socialai.domain.clock import Clock
from socialai.domain.engine import Call, EngineChoice, LocalEngine, NoEngine, RemoteEngine
from socialai.errors import InvalidInput
from socialai.inference import llama_trial
from socialai.inference.endpoint import checked_url
from socialai.inference.llama import LlamaCpp
from socialai.inference.llm import Cancel, Engine, OnText, Priority, Prompt, Schema, Written
from socialai.inference.models import Models
from socialai.inference.openai_compatible import OpenAICompatible
from socialai.metrics import Metrics
from socialai.store import engine_choices, ledger, policies
from socialai.store.files import Files
from socialai.store.vault import Vault


class Engines:
    """The only place where an engine's key is opened. A file is loaded once, however many tenants use it.

    `folder` is where files are that are chosen by name.
    """

    def __init__(
        self,
        folder: Path,
        models: Models,
        files: Files,
        vault: Vault,
        http: httpx.Client,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self.models, self._folder = models, folder
        self._files, self._vault, self._http = files, vault, http
        self._clock, self._metrics = clock, metrics
        self._lock = threading.Lock()
        self._local: dict[LocalEngine, LlamaCpp] = {}
        self._tenants: dict[str, _Opened] = {}

    def engine(self, tenant_id: str) -> Engine | None:
        """None when the tenant uses none. Another process may have changed the choice. Raises WrongKey."""
        choice, key = self.choice(tenant_id), self.api_key(tenant_id)
        with self._lock:
            opened = self._tenants.get(tenant_id)
            if opened is None or (opened.choice, opened.key) != (choice, key):
                self._tenants[tenant_id] = _Opened(choice, key, self._open(tenant_id, choice, key))
                self._close_unused(opened)
            return self._tenants[tenant_id].engine

    def choice(self, tenant_id: str) -> EngineChoice:
        return self._files.tenant(tenant_id).read(engine_choices.get)

    def api_key(self, tenant_id: str) -> str:
        """Empty when there is none. Raises WrongKey."""
        return self._files.tenant(tenant_id).read(
            lambda db: engine_choices.api_key(db, self._vault, tenant_id)
        )

    def choose(self, tenant_id: str, choice: EngineChoice, api_key: str | None) -> None:
        """From the next message on. InvalidInput, ModelMissing or ModelRefused: nothing was kept."""
        if isinstance(choice, RemoteEngine):
            choice = RemoteEngine(checked_url(choice.url), choice.model)
        elif api_key:
            raise InvalidInput("Only an endpoint has a key.")
        if isinstance(choice, LocalEngine):
            llama_trial.check(self._folder / choice.path)

        def keep(db: sqlite3.Connection) -> None:
            engine_choices.put(db, self._vault, tenant_id, choice, api_key)

        self._files.tenant(tenant_id).write(keep)

    def close(self) -> None:
        with self._lock:
            for engine in (*(opened.engine for opened in self._tenants.values()), *self._local.values()):
                if engine:
                    engine.close()
        self.models.close()

    def _open(self, tenant_id: str, choice: EngineChoice, key: str) -> Engine | None:
        if isinstance(choice, NoEngine):
            return None
        if isinstance(choice, RemoteEngine):
            return Measured(self._remote(tenant_id, choice, key), self._metrics)
        if choice not in self._local:
            path, give_way = self._folder / choice.path, self.models.courtesy.give_way
            self._local[choice] = LlamaCpp(path, context=choice.context, give_way=give_way)
        return Measured(self._local[choice], self._metrics)

    def _remote(self, tenant_id: str, choice: RemoteEngine, key: str) -> OpenAICompatible:
        def record(call: Call) -> None:
            self._files.tenant(tenant_id).write(lambda db: ledger.add(db, call))

        region = self._files.tenant(tenant_id).read(policies.get).region
        return OpenAICompatible(choice, key, self._http, record, region=region, clock=self._clock)

    def _close_unused(self, before: "_Opened | None") -> None:
        """A file that nobody uses any more need not stay in memory."""
        if before is None or before.engine is None:
            return
        if not isinstance(before.choice, LocalEngine):
            before.engine.close()
        elif all(opened.choice != before.choice for opened in self._tenants.values()):
            self._local.pop(before.choice).close()


class _Opened(NamedTuple):
    choice: EngineChoice
    key: str
    engine: "Engine | None"


class Measured:
    """An Engine whose time is in the metrics."""

    def __init__(self, engine: Engine, metrics: Metrics) -> None:
        self.engine, self.name = engine, engine.name
        self._metrics = metrics

    def write(
        self,
        prompt: Prompt,
        *,
        deadline: float,
        priority: Priority = "interactive",
        schema: Schema | None = None,
        cancel: Cancel | None = None,
        on_text: OnText | None = None,
    ) -> Written:
        with self._metrics.llm_seconds.labels(self.name, prompt.purpose).time():
            return self.engine.write(
                prompt, deadline=deadline, priority=priority, schema=schema, cancel=cancel, on_text=on_text
            )

    def close(self) -> None:
        self.engine.close()
