"""Articles: what the tenant knows."""

from datetime import datetime
from typing import Annotated, Literal

from litestar import Router, delete, get, post, put
from litestar.datastructures import UploadFile
from litestar.params import FromQuery, JSONBody, MultipartBody, QueryParameter
from msgspec import Meta, Struct

from socialai.actions import articles as actions
from socialai.domain.knowledge import Article, ArticleState, ArticleSummary, Validity
from socialai.errors import InvalidInput
from socialai.knowledge.faq import Pair, write_pairs
from socialai.routes.access import Asked, database, hub, needs
from socialai.routes.paging import BY_ID, Cursor, Id, Limit, Page, Whole, after, page
from socialai.store import articles

_Title = Annotated[str, Meta(min_length=1, max_length=200)]
_Text = Annotated[str, Meta(min_length=1, max_length=1_000_000)]
_Words = Annotated[str, QueryParameter(max_length=200, description="Part of the title or the text.")]
_Language = Annotated[str, QueryParameter(max_length=8, description="ISO code; empty: any.")]
_Moment = Annotated[datetime, Meta(tz=True)]
_READ, _WRITE = needs("knowledge:read"), needs("knowledge:write")


class FaqPair(Struct, forbid_unknown_fields=True):
    question: Annotated[str, Meta(min_length=1, max_length=2000)]
    answer: Annotated[str, Meta(min_length=1, max_length=20_000)]


class NewArticle(Struct, forbid_unknown_fields=True):
    """`pairs` instead of `text` for kind `faq`. `gap_id`: the gap that it closes once it is found."""

    title: _Title
    kind: Literal["text", "faq", "markdown"] = "text"
    text: Annotated[str, Meta(max_length=1_000_000)] = ""
    valid_from: _Moment | None = None
    valid_until: _Moment | None = None
    gap_id: Whole | None = None
    pairs: Annotated[list[FaqPair], Meta(max_length=1000)] = []

    def whole(self) -> str:
        if not self.pairs:
            return self.text
        return write_pairs(Pair(pair.question, pair.answer) for pair in self.pairs)


class Details(Struct, forbid_unknown_fields=True):
    """It answers from `valid_from` until before `valid_until`; null: no limit. `owner_id` looks after
    it."""

    valid_from: _Moment | None = None
    valid_until: _Moment | None = None
    owner_id: Whole | None = None


class ChangedArticle(Struct, forbid_unknown_fields=True):
    title: _Title
    text: _Text


@get("/", opt=_READ, sync_to_thread=True)
def read_articles(
    request: Asked,
    words: _Words = "",
    which: FromQuery[ArticleState] = "all",
    language: _Language = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[ArticleSummary]:
    """Newest first."""
    seen, now = after(cursor, BY_ID), hub(request).clock()
    found = database(request).read(
        lambda db: articles.articles(
            db, after=seen, limit=limit + 1, query=words, state=which, language=language, now=now
        )
    )
    return page(found, limit, lambda last: last.id)


@get("/{article_id:int}", opt=_READ, sync_to_thread=True)
def read_article(request: Asked, article_id: Id) -> Article:
    """One article with its text."""
    return database(request).read(lambda db: articles.get(db, article_id))


@post("/", opt=_WRITE, sync_to_thread=True)
def add_article(request: Asked, data: JSONBody[NewArticle]) -> Article:
    """Add a text, Markdown or questions with their answers; found by search a moment later."""
    if bool(data.pairs) == bool(data.text):
        raise InvalidInput("Give either `text` or `pairs`.")
    kind = "faq" if data.pairs else data.kind
    validity = Validity(data.valid_from, data.valid_until)
    return actions.add(
        hub(request),
        request.user,
        data.title,
        kind,
        data.whole(),
        validity=validity,
        gap_id=data.gap_id,
    )


@post("/files", opt=_WRITE, sync_to_thread=True)
def upload_article(request: Asked, data: MultipartBody[dict[str, UploadFile]]) -> Article:
    """Add a file (`file`): Markdown, text, PDF, DOCX, HTML or CSV."""
    file = data.get("file")
    if not isinstance(file, UploadFile):
        raise InvalidInput("Send the file as the form's field `file`.")
    return actions.upload(hub(request), request.user, file.filename, file.file.read())


@put("/{article_id:int}", opt=_WRITE, sync_to_thread=True)
def change_article(request: Asked, article_id: Id, data: JSONBody[ChangedArticle]) -> Article:
    """Say something else; the old text is no longer found."""
    return actions.change(hub(request), request.user, article_id, data.title, data.text)


@put("/{article_id:int}/details", opt=_WRITE, sync_to_thread=True)
def change_article_details(request: Asked, article_id: Id, data: JSONBody[Details]) -> Article:
    """When it answers and who looks after it; nothing is indexed again."""
    validity = Validity(data.valid_from, data.valid_until)
    return actions.set_details(hub(request), request.user, article_id, validity, data.owner_id)


@delete("/{article_id:int}", opt=_WRITE, sync_to_thread=True)
def remove_article(request: Asked, article_id: Id) -> None:
    """Forget it."""
    actions.remove(hub(request), request.user, article_id)


router = Router(
    "/articles",
    route_handlers=[
        read_articles,
        read_article,
        add_article,
        upload_article,
        change_article,
        change_article_details,
        remove_article,
    ],
    tags=["knowledge"],
)
