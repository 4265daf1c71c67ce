"""With which language model a tenant writes: shown, chosen, tried; and what was sent outside."""

import time

import msgspec
from msgspec import Struct

from socialai.actions import spending
from socialai.context import App
from socialai.domain.engine import EngineChoice, RemoteEngine
from socialai.errors import Conflict, InvalidInput, ModelError, NotAllowed, WrongKey
from socialai.inference.bundles.installed import bundles
from socialai.inference.llm import Engine, Limits, Part, Prompt
from socialai.machine import memory_bytes
from socialai.security.permissions import Principal

_SECONDS = 60.0
_ROOM = 512 * 1024 * 1024
_REST = 1536 * 1024 * 1024
"""What the hub, its small models and the system need."""

_TRIAL = Prompt(
    purpose="test",
    system="You answer customers of a small shop, in one short sentence.",
    parts=(Part("question", "Hello, is anybody there?"),),
    task="Answer the question.",
    limits=Limits(max_tokens=32, temperature=0),
)


class Tried(Struct, frozen=True):
    """`error` is empty when it wrote."""

    ok: bool
    text: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    first_token_ms: float = 0.0
    ms: float = 0.0
    error: str = ""


def has_key(app: App, tenant_id: str) -> bool:
    try:
        return bool(app.engines.api_key(tenant_id))
    except WrongKey:
        return False


def choose(app: App, who: Principal, choice: EngineChoice, api_key: str | None = None) -> EngineChoice:
    """From the next message on; nothing is sent anywhere by choosing. InvalidInput says what is wrong."""
    if isinstance(choice, RemoteEngine) and who.role != "owner":
        raise NotAllowed("Only an owner may choose an endpoint outside: what customers write would go there.")
    if api_key and not (api_key.isascii() and api_key.isprintable()):
        raise InvalidInput("The key has letters that no key has. Copy it again.")
    try:
        choice = msgspec.convert(msgspec.to_builtins(choice), EngineChoice)
        app.engines.choose(who.tenant_id, choice, api_key)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"This is no language model: {error}") from None
    except ModelError as error:
        raise InvalidInput(str(error)) from None
    return app.engines.choice(who.tenant_id)


def try_out(app: App, who: Principal) -> Tried:
    """Have it write one sentence. Conflict when the tenant uses none."""
    engine = app.engines.engine(who.tenant_id)
    if engine is None:
        raise Conflict("No language model is chosen. Choose one first: socialai engine set --help")
    try:
        return _tried(app, who.tenant_id, engine)
    except ModelError as error:
        return Tried(False, error=str(error))


def _tried(app: App, tenant_id: str, engine: Engine) -> Tried:
    written = engine.write(_TRIAL, deadline=time.monotonic() + _SECONDS)
    spending.record(app, tenant_id, engine.name, _TRIAL, written)
    return Tried(
        True,
        text=written.text,
        tokens_in=written.tokens_in,
        tokens_out=written.tokens_out,
        first_token_ms=round(written.first_token_ms, 1),
        ms=round(written.ms, 1),
    )


def files(app: App) -> list[str]:
    """The names of the model files on this machine that a tenant may choose."""
    folder = app.settings.llm_dir
    return sorted(path.name for path in folder.glob("*.gguf")) if folder.is_dir() else []


class Offer(Struct, frozen=True):
    """A language model that is on this machine. `needs` bytes of memory; `fits` beside all else that runs."""

    path: str
    title: str
    needs: int
    fits: bool


def offers(app: App) -> list[Offer]:
    """Model files and imported bundles, the largest that fits first."""
    folder = app.settings.llm_dir
    found = [(name, name, _needs((folder / name).stat().st_size)) for name in files(app)]
    imported = [one for one in bundles(app.settings.data_dir) if one.bundle.kind == "llm"]
    found += [(str(one.file), one.bundle.title, one.bundle.memory) for one in imported]
    memory = memory_bytes()
    made = [
        Offer(path, title, needs, fits=memory is None or needs + _REST <= memory)
        for path, title, needs in found
    ]
    return sorted(made, key=lambda offer: (not offer.fits, -offer.needs))


def _needs(size: int) -> int:
    """The file itself, and what reading and writing takes."""
    return size + size // 5 + _ROOM
