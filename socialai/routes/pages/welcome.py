"""The first run: one short page a step, each of which can be passed over and come back to."""

from typing import Any
from zoneinfo import available_timezones

import msgspec
from litestar import Response, get, post
from litestar.params import FromQuery, URLEncodedBody
from msgspec import Struct

from socialai.actions import articles as writing
from socialai.actions import channels as channel_actions
from socialai.actions import engines as engine_actions
from socialai.actions import policy as policies_of
from socialai.actions import sites as reading
from socialai.actions import welcome as actions
from socialai.channels import adapter_kind
from socialai.domain.business import DAYS, Business, check_hours
from socialai.domain.engine import EngineChoice, LocalEngine, NoEngine
from socialai.domain.language import LANGUAGES, language_name
from socialai.errors import Conflict, InvalidInput, NotFound
from socialai.machine import memory_bytes
from socialai.platforms.registry import PLATFORMS
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages import second_factor as guarding
from socialai.routes.pages.render import Context, go, page
from socialai.store import articles, businesses, channels, policies, tenants

_WRITE = needs("settings:write")
_SHOWN = 8


class Step(Struct, frozen=True):
    name: str
    title: str
    short: str


STEPS = (
    Step("account", "Your account", "Account"),
    Step("business", "Your business", "Business"),
    Step("knowledge", "What may be answered from", "Knowledge"),
    Step("voice", "How replies sound", "Voice"),
    Step("channel", "Where people write to you", "Channel"),
    Step("answers", "Who sends the replies", "Replies"),
    Step("try", "Try it", "Try it"),
)


class Typed(dict[str, Any]):
    """What was entered and not accepted; empty for all else."""

    def __missing__(self, name: str) -> str:
        return ""


@get("/welcome", opt=_WRITE, sync_to_thread=True)
def welcome(request: Asked, step: FromQuery[str] = STEPS[0].name) -> Response[Any]:
    return _page(request, step)


@post("/first-run/account", opt=_WRITE, status_code=200, sync_to_thread=True)
def guard_account(request: Asked, data: URLEncodedBody[guarding.CodeForm]) -> Response[Any]:
    """The recovery codes are shown before the step is passed: only now they can be."""
    try:
        codes = guarding.switch_on(request, data)
    except guarding.REFUSALS as error:
        return _page(request, "account", str(error))
    return _page(request, "account", more=guarding.shown(request, codes))


@post("/first-run/business", opt=_WRITE, status_code=200, sync_to_thread=True)
def describe_business(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    try:
        week = tuple(
            check_hours(day, form.text(data, f"opens-{day}"), form.text(data, f"closes-{day}"))
            for day in DAYS
        )
        business = msgspec.convert(
            msgspec.to_builtins({"time_zone": form.text(data, "time_zone"), "week": week}), Business
        )
        language = form.text(data, "language")
        actions.describe(hub(request), request.user, form.text(data, "name"), language, business)
    except (InvalidInput, msgspec.ValidationError) as error:
        return _page(request, "business", str(error), data)
    return _on(request, "business")


@post("/first-run/knowledge/text", opt=_WRITE, status_code=200, sync_to_thread=True)
def tell_text(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    """Kept, and the step goes on: most have more than one thing to tell."""
    try:
        writing.add(hub(request), request.user, form.text(data, "title"), "text", form.text(data, "text"))
    except (InvalidInput, Conflict) as error:
        return _page(request, "knowledge", str(error), data)
    return go(request, "/welcome?step=knowledge")


@post("/first-run/knowledge/site", opt=_WRITE, status_code=200, sync_to_thread=True)
def tell_site(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    try:
        reading.add_or_read_again(hub(request), request.user, form.text(data, "url"), whole=True)
    except (InvalidInput, Conflict) as error:
        return _page(request, "knowledge", str(error), data)
    return go(request, "/welcome?step=knowledge")


@post("/first-run/voice", opt=_WRITE, status_code=200, sync_to_thread=True)
def choose_voice(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    policy = database(request).read(policies.get)
    names = ("greeting", "signature", "tone", "cannot_answer")
    voice = msgspec.to_builtins(policy.voice) | {name: form.text(data, name).strip() for name in names}
    try:
        changed = msgspec.convert(msgspec.to_builtins(policy) | {"voice": voice}, type(policy))
        policies_of.put(hub(request), request.user, changed)
    except (InvalidInput, msgspec.ValidationError) as error:
        return _page(request, "voice", f"This cannot be: {error}", data)
    return _on(request, "voice")


@post("/first-run/chat", opt=_WRITE, status_code=200, sync_to_thread=True)
def try_chat(request: Asked) -> Response[Any]:
    """Something to write to at once, without an account anywhere."""
    actions.try_chat(hub(request), request.user, str(request.base_url).rstrip("/"))
    return _on(request, "channel")


@post("/first-run/answers", opt=_WRITE, status_code=200, sync_to_thread=True)
def choose_who_sends(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    mode = form.text(data, "mode")
    try:
        if "writer" in data:  # it is not where a service outside writes
            actions.choose_writer(hub(request), request.user, form.text(data, "writer"))
    except InvalidInput as error:
        return _page(request, "answers", str(error), data)
    actions.answer_by_itself(hub(request), request.user, "auto" if mode == "auto" else "draft")
    return _on(request, "answers")


@post("/first-run/done", opt=_WRITE, status_code=200, sync_to_thread=True)
def pass_step(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    """Done or passed over; after the last one the inbox opens."""
    return _on(request, _known(form.text(data, "step")).name)


def _on(request: Asked, step: str) -> Response[Any]:
    following = actions.done(hub(request), request.user, step)
    return go(request, "/inbox" if step == STEPS[-1].name else f"/welcome?step={following}")


def _known(name: str) -> Step:
    step = next((each for each in STEPS if each.name == name), None)
    if step is None:
        raise NotFound("There is no such step.")
    return step


def _page(
    request: Asked,
    name: str,
    error: str = "",
    typed: form.Values | None = None,
    more: Context | None = None,
) -> Response[Any]:
    step = _known(name)
    first_run = database(request).read(businesses.find_first_run)
    context = {
        "step": step,
        "steps": STEPS,
        "number": STEPS.index(step) + 1,
        "done": first_run.done if first_run else (),
        "error": error,
        "typed": Typed(typed or {}),
        **(more or _CONTEXTS[name](request)),
    }
    return page(request, "welcome", step.title, context, 400 if error else 200)


def _business(request: Asked) -> Context:
    tenant = hub(request).files.app.read(lambda db: tenants.get(db, request.user.tenant_id))
    return {
        "name": tenant.name,
        "business": database(request).read(businesses.get),
        "language": database(request).read(policies.get).voice.languages[0],
        "languages": sorted(((code, language_name(code)) for code in LANGUAGES), key=lambda one: one[1]),
        "zones": sorted(available_timezones()),
        "days": DAYS,
    }


def _knowledge(request: Asked) -> Context:
    known = database(request).read(lambda db: articles.articles(db, limit=_SHOWN))
    return {"articles": known}


def _voice(request: Asked) -> Context:
    return {"voice": database(request).read(policies.get).voice}


def _channel(request: Asked) -> Context:
    known = database(request).read(channels.channels)
    has_chat = any(channel.platform == actions.CHAT for channel in known)
    others = {kind: platform for kind, platform in PLATFORMS.items() if kind != actions.CHAT}
    return {"channels": known, "platforms": others, "has_chat": has_chat}


def _answers(request: Asked) -> Context:
    memory = memory_bytes()
    return {
        "channels": database(request).read(channels.channels),
        "memory": memory and memory / 2**30,
        "offers": engine_actions.offers(hub(request)),
        "writer": _writer(hub(request).engines.choice(request.user.tenant_id)),
    }


def _writer(choice: EngineChoice) -> str | None:
    """As the form has it; None for a service outside, which is chosen elsewhere."""
    if isinstance(choice, LocalEngine):
        return choice.path
    return "" if isinstance(choice, NoEngine) else None


def _try(request: Asked) -> Context:
    found = channel_actions.of_platform(hub(request), request.user, actions.CHAT)
    chat = f"{request.user.tenant_id}/{found[0].external_id}" if found else ""
    is_auto = bool(found) and found[0].mode == "auto"
    return {"platform": adapter_kind(next(iter(PLATFORMS))).kind, "chat": chat, "is_auto": is_auto}


_CONTEXTS = {
    "account": guarding.shown,
    "business": _business,
    "knowledge": _knowledge,
    "voice": _voice,
    "channel": _channel,
    "answers": _answers,
    "try": _try,
}

HANDLERS = [
    welcome,
    guard_account,
    describe_business,
    tell_text,
    tell_site,
    choose_voice,
    try_chat,
    choose_who_sends,
    pass_step,
]
