"""The Graph API over HTTP: messages, comments and what can be read of an account."""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath
from msgspec import Struct

from socialai.sandbox.failures import Call
from socialai.sandbox.meta import commenting, graph_errors, reading_comments, sending
from socialai.sandbox.meta.asking import Asked, account_of, desk_of, place_of, serve
from socialai.sandbox.meta.edges import Shown
from socialai.sandbox.meta.fields import parse_fields
from socialai.sandbox.meta.reading import Reader
from socialai.sandbox.meta.records import Account
from socialai.sandbox.meta.whatsapp import endpoints as whatsapp


class Said(Struct):
    message: str = ""


class Signed(Struct):
    access_token: str | None = None
    appsecret_proof: str | None = None


@post("/{version:str}/{node:str}/messages", status_code=200)
async def send(request: Asked, node: FromPath[str]) -> Response[Shown]:
    """The body may carry the token, as Messenger's may."""
    state, _, _ = desk_of(request)
    body = await request.body()
    account = account_of(request, node, _in_body(body))
    if account.watched == "whatsapp_business_account":
        return await whatsapp.send(request, account, body)
    order = sending.read_order(body)
    call: Call = "typing" if order.sender_action else "send"
    return await serve(request, call, account, lambda: sending.carry_out(state, account, order))


@get("/{version:str}/{node:str}/conversations")
async def list_conversations(request: Asked, version: FromPath[str], node: FromPath[str]) -> Response[Shown]:
    reader = _reader(request, version, account_of(request, node))
    return await serve(request, "read", reader.account, lambda: reader.conversations(request.query_params))


@get("/{version:str}/{node:str}/messages")
async def list_messages(request: Asked, version: FromPath[str], node: FromPath[str]) -> Response[Shown]:
    reader = _reader(request, version, account_of(request, "me"))
    query = request.query_params
    fields = parse_fields(query.get("fields", ""))
    return await serve(
        request,
        "read",
        reader.account,
        lambda: reader.messages(reader.find_conversation(node), query, fields),
    )


@get(["/{version:str}/{node:str}/published_posts", "/{version:str}/{node:str}/media"])
async def list_posts(request: Asked, version: FromPath[str], node: FromPath[str]) -> Response[Shown]:
    state, _, _ = desk_of(request)
    account = account_of(request, node)
    place, path = place_of(request, version, account), request.url.path.rpartition("/")[2]
    query = request.query_params
    return await serve(
        request,
        "read",
        account,
        lambda: reading_comments.list_posts(state, place, account, path, query),
    )


@get(["/{version:str}/{node:str}/comments", "/{version:str}/{node:str}/replies"])
async def list_comments(request: Asked, version: FromPath[str], node: FromPath[str]) -> Response[Shown]:
    state, _, _ = desk_of(request)
    account = account_of(request, "me")
    place, path = place_of(request, version, account), request.url.path.rpartition("/")[2]
    query = request.query_params
    return await serve(
        request,
        "read",
        account,
        lambda: reading_comments.list_comments(state, place, account, node, path, query),
    )


@post(["/{version:str}/{node:str}/comments", "/{version:str}/{node:str}/replies"], status_code=200)
async def answer_comment(request: Asked, node: FromPath[str]) -> Response[Shown]:
    state, _, _ = desk_of(request)
    body = await request.body()
    account = account_of(request, "me", _in_body(body))
    text = request.query_params.get("message") or _text(body)
    return await serve(
        request, "send", account, lambda: {"id": commenting.answer(state, account, node, text)}
    )


@get("/{version:str}/{node:str}")
async def show(request: Asked, version: FromPath[str], node: FromPath[str]) -> Response[Shown]:
    account = account_of(request, "me")
    node = account.id if node == "me" else node
    if account.watched == "whatsapp_business_account":
        return await whatsapp.show(request, account, node)
    reader = _reader(request, version, account)
    return await serve(request, "read", account, lambda: reader.node(node, request.query_params))


@post("/{version:str}/{node:str}", status_code=200)
async def change(request: Asked, node: FromPath[str]) -> Response[Shown]:
    """A comment: its words, or whether it is hidden (`is_hidden` on Facebook, `hide` on Instagram)."""
    state, _, _ = desk_of(request)
    account, query = account_of(request, "me"), request.query_params
    hidden = _hidden(query)

    def answer() -> Shown:
        commenting.moderate(state, account, node, text=query.get("message"), hidden=hidden)
        return {"success": True}

    return await serve(request, "send", account, answer)


@delete("/{version:str}/{node:str}", status_code=200)
async def remove(request: Asked, node: FromPath[str]) -> Response[Shown]:
    state, _, _ = desk_of(request)
    account = account_of(request, "me")

    def answer() -> Shown:
        commenting.remove(state, account, node)
        return {"success": True}

    return await serve(request, "send", account, answer)


HANDLERS = (
    send,
    list_conversations,
    list_messages,
    list_posts,
    list_comments,
    answer_comment,
    show,
    change,
    remove,
)


def _hidden(query: Mapping[str, Any]) -> bool | None:
    given = query.get("is_hidden") or query.get("hide")
    return None if given is None else str(given).lower() == "true"


def _in_body(body: bytes) -> tuple[str | None, str | None]:
    """Token and proof, where there are any."""
    try:
        found = msgspec.json.decode(body, type=Signed)
    except msgspec.MsgspecError:
        return None, None
    return found.access_token, found.appsecret_proof


def _text(body: bytes) -> str:
    try:
        return msgspec.json.decode(body or b"{}", type=Said).message
    except msgspec.MsgspecError as error:
        raise graph_errors.bad_parameter(f"Invalid parameter: {error}") from None


def _reader(request: Asked, version: str, account: Account) -> Reader:
    state, _, _ = desk_of(request)
    return Reader(state, account, place_of(request, version, account).root)
