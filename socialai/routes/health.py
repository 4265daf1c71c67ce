"""Alive, ready, measured. What names tenants or files is told to this machine only."""

from typing import Annotated, Any, Literal

from litestar import MediaType, Response, get
from litestar.params import FromPath
from msgspec import Meta, Struct

from socialai.actions.health import Fault, faults
from socialai.errors import NotAllowed
from socialai.routes.access import Asked, hub

_Question = Annotated[str, Meta(max_length=100)]
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


class Readiness(Struct):
    status: Literal["ready", "not ready"]
    faults: list[Fault]


@get("/health", sync_to_thread=False, security=[{}])
def alive() -> dict[str, str]:
    return {"status": "alive"}


@get("/reach/{question:str}", sync_to_thread=False, include_in_schema=False, media_type=MediaType.TEXT)
def reach(request: Asked, question: FromPath[_Question]) -> str:
    """Asked from outside in: what only this hub can answer."""
    return hub(request).channels.outside.proof(question)


@get("/ready", sync_to_thread=True, security=[{}])
def ready(request: Asked) -> Response[Readiness]:
    """503 names what is wrong: the database, the queue, the models or the disk."""
    found = faults(hub(request))
    if not _asked_here(request):
        found = [Fault(fault.part, "Ask on the machine itself: socialai doctor.") for fault in found]
    return Response(Readiness("not ready" if found else "ready", found), status_code=503 if found else 200)


@get("/metrics", sync_to_thread=True, include_in_schema=False)
def metrics(request: Asked) -> Response[Any]:
    app = hub(request)
    if not _asked_here(request):
        raise NotAllowed("The metrics are of all tenants, for this machine only. Ask 127.0.0.1 on it.")
    app.tasks.depth()
    return Response(app.metrics.render(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _asked_here(request: Asked) -> bool:
    """A tunnel's or proxy's requests come from this machine too; they name another host, or their sender."""
    client = request.client.host if request.client else ""
    forwarded = any(name.startswith("x-forwarded") or name == "forwarded" for name in request.headers)
    return client in _HERE and request.base_url.hostname in _HERE and not forwarded
