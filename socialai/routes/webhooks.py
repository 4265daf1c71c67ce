"""What platforms deliver: authentic bytes are on disk before they are acknowledged.

404 unknown tenant or platform · 413 too large · 400 empty · 401 not authentic · 503 not kept, deliver again.
"""

import asyncio

from litestar import MediaType, Response, get, post
from litestar.params import FromPath
from litestar.response.base import ASGIResponse
from litestar.types import ASGIApp

from socialai.channels import adapter_kind
from socialai.context import App
from socialai.errors import (
    HubError,
    InvalidInput,
    NotFound,
    ParseError,
    SignatureError,
    StoreError,
    TooLarge,
)
from socialai.intake import Intake
from socialai.platforms.base import Platform, WebhookRequest
from socialai.routes.access import Asked, hub
from socialai.store import accounts

_OUTCOMES: tuple[tuple[type[HubError], str], ...] = (
    (SignatureError, "refused"),
    (NotFound, "unknown"),
    (TooLarge, "too_large"),
    (InvalidInput, "malformed"),
    (ParseError, "malformed"),
    (StoreError, "not_kept"),
)
_KEPT = ASGIResponse(media_type=MediaType.TEXT)


@get("/webhooks/{platform:str}/{tenant:str}", include_in_schema=False)
async def handshake(request: Asked, platform: FromPath[str], tenant: FromPath[str]) -> Response[str]:
    """The platform checks that the URL is ours."""
    app = hub(request)
    with _counted(app, platform):
        for adapter in await _adapters(app, tenant, platform):
            try:
                answer = adapter.handshake(dict(request.query_params))
                return Response(answer.text, media_type=answer.media_type)
            except SignatureError:
                continue
        raise SignatureError("The verify token is not the one that was set for this channel.")


@post("/webhooks/{platform:str}/{tenant:str}", status_code=200, include_in_schema=False)
async def deliver(request: Asked) -> ASGIApp:
    """The busiest route: it takes from the request only what it needs, and its answer is ready."""
    app = hub(request)
    platform, tenant = request.path_params["platform"], request.path_params["tenant"]
    with _counted(app, platform):
        adapters = await _adapters(app, tenant, platform)
        body = await _body(request, app.settings.max_webhook_bytes)
        channel = _verified(adapters, WebhookRequest(_headers(request), {}, body))
        intake: Intake = request.app.state["intake"]
        new = await intake.journal(tenant, platform, channel.label(body))
    app.metrics.intake.labels(platform, "kept" if new else "repeated").inc()
    return _KEPT


@get("/webhooks/{platform:str}", include_in_schema=False)
async def handshake_of_all(request: Asked, platform: FromPath[str]) -> Response[str]:
    """The platform checks the address of the installation's own app, which serves several businesses."""
    app = hub(request)
    with _counted(app, platform):
        connector = await asyncio.to_thread(app.channels.apps.shared_connector, platform)
        answer = connector.handshake(dict(request.query_params))
        return Response(answer.text, media_type=answer.media_type)


@post("/webhooks/{platform:str}", status_code=200, include_in_schema=False)
async def deliver_to_all(request: Asked) -> ASGIApp:
    """Each business is given what concerns its own accounts, and nothing of the others."""
    app, platform = hub(request), request.path_params["platform"]
    with _counted(app, platform):
        connector = await asyncio.to_thread(app.channels.apps.shared_connector, platform)
        body = await _body(request, app.settings.max_webhook_bytes)
        connector.verify(WebhookRequest(_headers(request), {}, body))
        parts = adapter_kind(platform).split(body)
        owners = await asyncio.to_thread(
            app.files.app.read, lambda db: accounts.tenants_of(db, platform, parts)
        )
        intake: Intake = request.app.state["intake"]
        kept = [await intake.journal(owners[account], platform, parts[account]) for account in owners]
    for new in kept:
        app.metrics.intake.labels(platform, "kept" if new else "repeated").inc()
    app.metrics.intake.labels(platform, "unknown").inc(len(parts) - len(owners))
    return _KEPT


async def _adapters(app: App, tenant: str, platform: str) -> list[Platform]:
    adapter_kind(platform)
    adapters = await app.channels.adapters(tenant, platform)
    if not adapters:
        raise NotFound(f"'{tenant}' has no {platform} channel.")
    return adapters


def _headers(request: Asked) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in request.scope["headers"]}


async def _body(request: Asked, limit: int) -> bytes:
    """Never more than `limit` bytes in memory, whatever the sender claims."""
    chunks, size, more = [], 0, True
    while more:
        message = await request.receive()
        if message["type"] != "http.request":
            raise InvalidInput("The delivery was cut off.")
        chunks.append(message["body"])
        size += len(message["body"])
        if size > limit:
            raise TooLarge(f"A delivery may have at most {limit} bytes.")
        more = message["more_body"]
    if not size:
        raise InvalidInput("The delivery is empty.")
    return b"".join(chunks)


def _verified(adapters: list[Platform], request: WebhookRequest) -> Platform:
    """Any of the tenant's channels on this platform may vouch for it: they often share one app."""
    for adapter in adapters[:-1]:
        try:
            adapter.verify(request)
        except SignatureError:
            continue
        return adapter
    adapters[-1].verify(request)
    return adapters[-1]


class _counted:  # noqa: N801 - reads as a statement where it is used
    """Leave a counted trace of every delivery that is turned away."""

    def __init__(self, app: App, platform: str) -> None:
        self._app = app
        self._platform = platform

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        outcome = next((name for kind, name in _OUTCOMES if isinstance(error, kind)), None)
        if outcome:
            platform = "other" if isinstance(error, NotFound) else self._platform
            self._app.metrics.intake.labels(platform, outcome).inc()
