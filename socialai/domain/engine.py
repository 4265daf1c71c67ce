"""Which language model writes for a tenant, and what was sent to one outside."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

DEFAULT_CONTEXT = 4096

Outcome = Literal["written", "failed", "cancelled", "late"]


class NoEngine(Struct, frozen=True, tag="none", tag_field="kind"):
    """Replies are the knowledge's own sentences."""


class LocalEngine(Struct, frozen=True, tag="local", tag_field="kind"):
    """A GGUF file, run in this process. `path` absolute, or a name in the folder of models."""

    path: Annotated[str, Meta(min_length=1, max_length=1000)]
    context: Annotated[int, Meta(ge=512, le=131_072)] = DEFAULT_CONTEXT


class RemoteEngine(Struct, frozen=True, tag="endpoint", tag_field="kind"):
    """An OpenAI-compatible endpoint the owner trusts; `url` is what comes before /chat/completions."""

    url: Annotated[str, Meta(min_length=1, max_length=500)]
    model: Annotated[str, Meta(min_length=1, max_length=200)]


EngineChoice = NoEngine | LocalEngine | RemoteEngine


class Call(Struct, frozen=True, kw_only=True):
    """One try to have something written outside. `fields` are the parts of the prompt that went, `masked` how
    many values of each kind did not."""

    at: datetime
    host: str
    model: str
    purpose: str
    fields: tuple[str, ...]
    masked: dict[str, int]
    bytes_out: int
    bytes_in: int
    tokens_in: int
    tokens_out: int
    ms: float
    outcome: Outcome
    error: str = ""
    id: int = 0
