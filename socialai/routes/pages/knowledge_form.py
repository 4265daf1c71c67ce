"""The form of an article: what it says, when it applies, who looks after it."""

from datetime import MAXYEAR, UTC, date, datetime, timedelta
from typing import Any

from litestar import Response

from socialai.domain.knowledge import Article, ArticleState, Validity
from socialai.errors import HubError, InvalidInput
from socialai.routes.access import Asked, hub
from socialai.routes.pages import form
from socialai.routes.pages.inbox_list import number
from socialai.routes.pages.person import team
from socialai.routes.pages.render import page

STATES: dict[ArticleState, str] = {
    "all": "All articles",
    "valid": "Valid now",
    "soon": "Expires soon",
    "expired": "Expired",
    "early": "Not valid yet",
    "gone": "Web page gone",
    "waiting": "Being indexed",
    "failed": "Without text",
}
_DAY = timedelta(days=1)


def known(state: str) -> ArticleState:
    return next((each for each in STATES if each == state), "all")


def article_form(
    request: Asked,
    kind: str,
    values: dict[str, Any],
    error: HubError | None = None,
    article_id: int | None = None,
    **more: Any,
) -> Response[Any]:
    title = "Edit article" if article_id else "New questions and answers" if kind == "faq" else "New text"
    context = {
        "kind": kind,
        "entered": values,
        "error": str(error or ""),
        "article_id": article_id,
        "names": team(hub(request), request.user.tenant_id),
        **more,
    }
    return page(request, "knowledge/form.html", title, context, 400 if error else 200)


def entered(data: form.Values) -> dict[str, Any]:
    """What was typed, to show it again."""
    names = ("title", "text", "valid_from", "valid_until", "owner_id", "gap_id")
    return {name: form.text(data, name) for name in names}


def of_article(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "text": article.text,
        "valid_from": _day(article.valid_from),
        "valid_until": _day(article.last_day),
        "owner_id": str(article.owner_id or ""),
        "gap_id": "",
    }


def validity(data: form.Values) -> Validity:
    """From the first of the days to the end of the last."""
    starts, last = _moment(data, "valid_from"), _moment(data, "valid_until")
    return Validity(starts, last + _DAY if last and last.year < MAXYEAR else last)


def owner(data: form.Values) -> int | None:
    return number(form.text(data, "owner_id"))


def _moment(data: form.Values, name: str) -> datetime | None:
    text = form.text(data, name).strip()
    try:
        day = date.fromisoformat(text[:10]) if text else None
        return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
    except ValueError:
        raise InvalidInput("This is no day. Write it like 2026-12-31.") from None


def _day(at: datetime | None) -> str:
    return at.date().isoformat() if at else ""
