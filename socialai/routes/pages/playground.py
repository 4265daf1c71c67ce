"""Ask as a customer would, and see what would be answered and why. Nothing asked here is kept."""

from collections.abc import Iterator
from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery, URLEncodedBody
from msgspec import Struct

from socialai.actions.asking import Asked as Answered
from socialai.actions.asking import asking
from socialai.channels import usual_limits
from socialai.domain.case import Wanted
from socialai.domain.engine import NoEngine
from socialai.domain.reply import Source
from socialai.errors import InvalidInput, ModelError, NotFound
from socialai.platforms.registry import PLATFORMS
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.pages import form
from socialai.routes.pages.render import Context, is_partial, page, part
from socialai.store import cases, policies

_LONGEST = 4000
_READ = needs("knowledge:read")

OUTCOMES = {
    "auto": "Sent by itself",
    "draft": "A draft for your team; on an automatic channel your rules may send it by itself",
    "escalated": "A person gets it",
    "silent": "Nothing is said",
}
WRITERS = {
    "template": ("quote", "Your own fixed words"),
    "approved": ("circle-check", "An approved answer to this very question"),
    "extractive": ("book-2", "Sentences of your knowledge"),
    "model": ("sparkles", "The language model, from your knowledge"),
    "silence": ("message-off", "Nobody"),
}


class Piece(Struct, frozen=True):
    """A part of the reply, and where it is said; None: nowhere, as a greeting is not."""

    text: str
    source: Source | None


@get("/playground", opt=_READ, sync_to_thread=True)
def playground(request: Asked, q: FromQuery[str] = "") -> Response[Any]:
    return _page(request, {"question": q[:_LONGEST], "platform": ""})


@post("/playground", opt=_READ, status_code=200, sync_to_thread=True)
def ask_playground(request: Asked, data: URLEncodedBody[dict[str, Any]]) -> Response[Any]:
    question, platform = form.text(data, "question").strip(), form.text(data, "platform")
    try:
        seen = _seen(request, question, platform)
    except (InvalidInput, NotFound, ModelError) as error:
        seen = {"error": str(error)}
    if is_partial(request):
        return part("playground/_answer.html", {**_words(), **seen})
    return _page(request, {"question": question, "platform": platform}, seen)


def tabs(request: Asked, tab: str) -> Context:
    return {"tab": tab, "cases_count": len(database(request).read(cases.cases))}


def pieces(asked: Answered) -> Iterator[Piece]:
    """The reply, cut where a sentence of the knowledge begins and ends."""
    rest = asked.reply
    for source in asked.decision.sources:
        before, found, after = rest.partition(source.sentence) if source.sentence else (rest, "", "")
        if found:
            yield from (Piece(text, origin) for text, origin in ((before, None), (found, source)) if text)
            rest = after
    if rest:
        yield Piece(rest, None)


def _words() -> Context:
    return {
        "outcomes": OUTCOMES,
        "writers": WRITERS,
        "platforms": PLATFORMS,
        "limits": {name: usual_limits(name).reply for name in PLATFORMS},
        "asked": None,
        "error": "",
    }


def _page(request: Asked, typed: dict[str, str], seen: Context | None = None) -> Response[Any]:
    context = {**_words(), **tabs(request, "ask"), "typed": typed, **(seen or {})}
    return page(request, "playground", "Playground", context)


def _seen(request: Asked, question: str, platform: str) -> Context:
    if not 0 < len(question) <= _LONGEST:
        raise InvalidInput(f"Write a question, in at most {_LONGEST} characters.")
    asked = asking(hub(request), request.user.tenant_id, platform)(question)
    sources = asked.decision.sources
    return {
        "asked": asked,
        "pieces": list(pieces(asked)),
        "least": database(request).read(policies.get).evidence,
        "limit": usual_limits(platform).reply,
        "has_model": not isinstance(hub(request).engines.choice(request.user.tenant_id), NoEngine),
        "wanted": Wanted(
            question, asked.claims, article=sources[0].title if sources else "", platform=platform
        ),
    }


HANDLERS = [playground, ask_playground]
