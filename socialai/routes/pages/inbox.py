"""The inbox: the list, one conversation, and what a person does in it."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from msgspec import Meta, Struct

from socialai.actions import conversations as deeds
from socialai.actions import replies
from socialai.context import App
from socialai.errors import Conflict, NotFound
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages.inbox_list import VIEWS, listing, number, query_from, query_of
from socialai.routes.pages.inbox_side import side
from socialai.routes.pages.inbox_thread import STEP, thread
from socialai.routes.pages.inbox_way import took
from socialai.routes.pages.render import is_partial, page, part, shell
from socialai.routes.paging import Id
from socialai.security.permissions import Principal
from socialai.store import conversations, custom_intents
from socialai.store.replies import get as get_reply

_DEEDS: dict[str, Callable[[App, Principal, int], None]] = {
    "take-over": deeds.take_over,
    "give-back": deeds.give_back,
    "resolve": deeds.resolve,
    "reopen": deeds.reopen,
}


_READ, _WRITE = needs("conversations:read"), needs("conversations:write")


class ReplyForm(Struct):
    """`version` is the conversation's as the person saw it; `how`: 'private' answers a comment by private
    message, 'template' sends the channel's message template."""

    text: Annotated[str, Meta(max_length=20_000)] = ""
    version: int | None = None
    how: str = ""

    @property
    def private(self) -> bool:
        return self.how == "private"

    @property
    def template(self) -> bool:
        return self.how == "template"


@get("/inbox", opt=_READ, sync_to_thread=True)
def inbox(request: Asked) -> Response[Any]:
    who = request.user
    found = listing(hub(request), who, query_of(request), number(request.query_params.get("open")))
    context = {"listing": found, "views": VIEWS}
    if is_partial(request):
        return part("inbox/_list.html", context)
    return page(request, "inbox", "Inbox", {**context, "thread": None})


@get("/inbox/{conversation_id:int}", opt=_READ, sync_to_thread=True)
def conversation(request: Asked, conversation_id: Id) -> Response[Any]:
    who = request.user
    if request.headers.get("hx-target") == "list":
        found = listing(hub(request), who, query_of(request), conversation_id)
        return part("inbox/_list.html", {"listing": found, "views": VIEWS})
    _see(request, who, conversation_id)
    return opened(request, who, conversation_id)


@get("/inbox/{conversation_id:int}/thread", opt=_READ, sync_to_thread=True)
def earlier(request: Asked, conversation_id: Id, messages: FromQuery[int] = STEP) -> Response[Any]:
    return part("inbox/_thread.html", _context(request, request.user, conversation_id, messages))


@get("/inbox/pulse", opt=_READ, sync_to_thread=True)
def pulse(request: Asked) -> Response[Any]:
    """What is on the screen, as it is now. `typing`: the person's own words stay theirs."""
    asked = request.query_params
    open_id, typing = number(asked.get("open")), asked.get("typing", "")
    return refreshed(request, asked, open_id, typing, asked.get("holding", ""))


def refreshed(
    request: Asked,
    asked: Mapping[str, Any],
    conversation_id: int | None,
    typing: str = "1",
    holding: str = "",
) -> Response[Any]:
    """All that is shown, but the field somebody types in: `typing` in the reply, `holding` in the panel."""
    messages = number(asked.get("messages")) or STEP
    opened = _still_open(request, conversation_id, messages) if conversation_id else {}
    found = listing(hub(request), request.user, query_from(asked), conversation_id)
    context = {"thread": None, "typing": typing, "holding": holding, "listing": found, "views": VIEWS}
    return part("inbox/_pulse.html", {**context, **opened})


@post("/inbox/{conversation_id:int}/write", opt=_WRITE, status_code=200, sync_to_thread=True)
def write(request: Asked, conversation_id: Id, data: URLEncodedBody[ReplyForm]) -> Response[Any]:
    who = request.user
    app = hub(request)
    replies.write(app, who, conversation_id, data.text, private=data.private, template=data.template)
    return opened(request, who, conversation_id)


@post("/inbox/{conversation_id:int}/{deed:str}", opt=_WRITE, status_code=200, sync_to_thread=True)
def act(request: Asked, conversation_id: Id, deed: FromPath[str]) -> Response[Any]:
    who = request.user
    if deed not in _DEEDS:
        raise NotFound(f"There is no '{deed}' for a conversation.")
    _DEEDS[deed](hub(request), who, conversation_id)
    return opened(request, who, conversation_id)


@post(
    "/inbox/{conversation_id:int}/replies/{reply_id:int}/approve",
    opt=_WRITE,
    status_code=200,
    sync_to_thread=True,
)
def approve(
    request: Asked, conversation_id: Id, reply_id: Id, data: URLEncodedBody[ReplyForm]
) -> Response[Any]:
    """Send the draft, with the person's changes when there are any."""
    who = request.user
    _save(hub(request), who, conversation_id, reply_id, data)
    replies.approve(hub(request), who, reply_id, private=data.private)
    return opened(request, who, conversation_id)


@post(
    "/inbox/{conversation_id:int}/replies/{reply_id:int}/save",
    opt=_WRITE,
    status_code=200,
    sync_to_thread=True,
)
def save(request: Asked, conversation_id: Id, reply_id: Id, data: URLEncodedBody[ReplyForm]) -> Response[Any]:
    who = request.user
    _save(hub(request), who, conversation_id, reply_id, data)
    return opened(request, who, conversation_id)


@post(
    "/inbox/{conversation_id:int}/replies/{reply_id:int}/reject",
    opt=_WRITE,
    status_code=200,
    sync_to_thread=True,
)
def reject(request: Asked, conversation_id: Id, reply_id: Id) -> Response[Any]:
    who = request.user
    _check_place(hub(request), who, conversation_id, reply_id)
    replies.reject(hub(request), who, reply_id)
    return opened(request, who, conversation_id)


def _save(app: App, who: Principal, conversation_id: int, reply_id: int, form: ReplyForm) -> None:
    """An edit fits the draft to what was said until now, so it must be what the person has read."""
    before = _check_place(app, who, conversation_id, reply_id)
    now = app.files.tenant(who.tenant_id).read(lambda db: conversations.get(db, conversation_id))
    if form.version is not None and form.version != now.version:
        raise Conflict("Something new was said meanwhile. Read it, then send again.")
    text = form.text.replace("\r\n", "\n").strip()
    if text and text != before:
        replies.edit(app, who, reply_id, text)


def _check_place(app: App, who: Principal, conversation_id: int, reply_id: int) -> str:
    """The reply's text; NotFound unless it belongs to this conversation."""
    reply = app.files.tenant(who.tenant_id).read(lambda db: get_reply(db, reply_id))
    if reply.conversation_id != conversation_id:
        raise NotFound(f"There is no reply {reply_id} in this conversation.")
    return reply.text


def _still_open(request: Asked, conversation_id: int, messages: int) -> dict[str, Any]:
    """Nothing when its channel was removed meanwhile."""
    try:
        context = _context(request, request.user, conversation_id, messages)
    except NotFound:
        return {}
    _see(request, request.user, conversation_id)
    return context


def _see(request: Asked, who: Principal, conversation_id: int) -> None:
    """Somebody who only watches leaves it unread for those who answer."""
    if "conversations:write" in who.permissions:
        deeds.see(hub(request), who, conversation_id)


def opened(request: Asked, who: Principal, conversation_id: int) -> Response[Any]:
    query = query_of(request)
    context = {
        **_context(request, who, conversation_id),
        "listing": listing(hub(request), who, query, conversation_id),
        "views": VIEWS,
    }
    if is_partial(request):
        return part("inbox/_opened.html", {**context, "shell": shell(request)})
    return page(request, "inbox", context["thread"].contact.name, context)


def _context(request: Asked, who: Principal, conversation_id: int, messages: int = STEP) -> dict[str, Any]:
    return {
        "thread": thread(hub(request), who, conversation_id, messages),
        "side": side(hub(request), who, conversation_id),
        "back": query_of(request).url(),
        "own_intents": database(request).read(custom_intents.intents),
        "took": took,
    }


HANDLERS = [inbox, pulse, conversation, earlier, write, act, approve, save, reject]
