"""The composition root: build everything from Settings, start it and stop it, in order."""

import ctypes
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx

from socialai import log
from socialai.actions import reach
from socialai.agents.entities import find_entities
from socialai.channels import Channels
from socialai.context import App
from socialai.copies import Copies
from socialai.crm_accounts import CrmAccounts
from socialai.domain.clock import Clock, utc_now
from socialai.engines import Engines
from socialai.errors import HubError, ModelError
from socialai.feed import Feed
from socialai.inference import serving
from socialai.inference.models import Models
from socialai.jobs.answer import answer
from socialai.jobs.attach import attach
from socialai.jobs.back_up import back_up, drill
from socialai.jobs.check import check
from socialai.jobs.compare import compare
from socialai.jobs.deliver import deliver
from socialai.jobs.enrich import enrich
from socialai.jobs.examine import examine
from socialai.jobs.fetch import fetch
from socialai.jobs.gather import gather
from socialai.jobs.index import index, use_encoder_everywhere
from socialai.jobs.learn import learn
from socialai.jobs.mine import mine
from socialai.jobs.poll import poll
from socialai.jobs.process import process
from socialai.jobs.recap import recap
from socialai.jobs.renew import renew
from socialai.jobs.sweep import recover, sweep
from socialai.metrics import Metrics
from socialai.outside import Outside
from socialai.security.gate import build_gate
from socialai.settings import Settings, make_folders
from socialai.store import lost_key
from socialai.store.files import Files
from socialai.store.vault import Vault, load_master_key
from socialai.tasks import Job, Tasks

_JOBS: dict[Job, Callable[[App, str, int], None]] = {
    "process": process,
    "answer": answer,
    "deliver": deliver,
    "attach": attach,
    "poll": poll,
    "renew": renew,
    "check": check,
    "enrich": enrich,
    "index": index,
    "learn": learn,
    "fetch": fetch,
    "gather": gather,
    "mine": mine,
    "compare": compare,
    "examine": examine,
    "back_up": back_up,
    "drill": drill,
    "recap": recap,
}
_ALONE: frozenset[Job] = frozenset({"process", "gather", "mine", "examine", "back_up", "drill"})
_LONG: frozenset[Job] = frozenset({"back_up", "drill"})
_STOP_SECONDS = 2.0


def build(settings: Settings, clock: Clock = utc_now, transport: httpx.BaseTransport | None = None) -> App:
    """Open the data directory. `transport` replaces the outside wire in tests."""
    make_folders(settings)
    key_file = settings.data_dir / "secret.key"
    lost_key.check(settings.data_dir)
    vault = Vault(load_master_key(key_file), key_file)
    metrics = Metrics()
    files = Files(settings.data_dir, metrics, settings.open_tenants)
    outside = Outside(files.app, vault, settings.public_url, clock)
    http = httpx.Client(transport=transport, timeout=settings.send_timeout_seconds)
    app = App(
        settings=settings,
        clock=clock,
        files=files,
        channels=Channels(files, vault, http, outside),
        crms=CrmAccounts(files, vault, http),
        tasks=Tasks(settings.data_dir / "queue.db", vault.derive("queue"), metrics, settings.workers),
        engines=Engines(settings.llm_dir, _models(settings.data_dir), files, vault, http, clock, metrics),
        feed=Feed(),
        metrics=metrics,
        gate=build_gate(files.app, vault, settings, clock),
        copies=Copies(files.app, vault, settings),
    )
    _register(app)
    return app


def start(app: App) -> None:
    """Pick up what was left, then work. Models warm up beside, so that the first page does not wait."""
    recover(app)
    app.tasks.start()
    app.channels.outside.start(partial(reach.announce, app))
    threading.Thread(target=_warm, args=(app,), name="warm models", daemon=True).start()


def stop(app: App) -> None:
    """Finish what runs; what cannot finish in time is found again at the next start."""
    app.feed.stop()
    app.channels.outside.stop()
    app.tasks.stop(_STOP_SECONDS)
    app.engines.close()
    app.channels.close()
    app.files.close()


def _models(data_dir: Path) -> Models:
    """What cannot be used is said; the set before goes on serving."""
    chosen = serving.serving(data_dir)
    for reason in chosen.refused:
        log.get().error("installed models are refused", reason=reason)
    return Models(chosen.set, search=chosen.search)


def _register(app: App) -> None:
    for name, job in _JOBS.items():
        is_long = name in _LONG
        app.tasks.register(
            name, partial(job, app), alone=name in _ALONE, beside=is_long or name == "poll", gently=is_long
        )
    app.tasks.every_minute("sweep", partial(sweep, app))


def _warm(app: App) -> None:
    try:
        app.models.warm()
        # The tables for reading dates are made with the first one; no message shall wait for them.
        find_entities("next friday", region="US", order_patterns=(), products=(), now=app.clock())
        use_encoder_everywhere(app)
        _give_back_memory()
    except ModelError as error:
        log.get().error("models cannot work; every message goes to a person", reason=str(error))
    except HubError as error:
        log.get().error(
            "a tenant's index could not be renewed; the next start tries again", reason=str(error)
        )


def _give_back_memory() -> None:
    """What loading needed for a moment; glibc would keep it for this process."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", lambda _: None)
        trim(0)
