"""Quality: how often the hub understands what your people say it should, and what it has learnt."""

from collections import Counter
from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery
from msgspec import Struct

from socialai.actions import corrections as correcting
from socialai.actions.quality import learning
from socialai.actions.quality import quality as measure
from socialai.domain.correction import PARTS, Part, Quality
from socialai.domain.triage import INTENTS, MOODS, URGENCIES
from socialai.routes.access import Asked, hub, needs
from socialai.routes.pages.quality_charts import agreement, calibration, mix
from socialai.routes.pages.render import go, is_partial, page, part

SPANS = {30: "Month", 90: "Quarter", 365: "Year"}
_MOST_OWN = 8
_VALUES: dict[Part, tuple[str, ...]] = {"intent": INTENTS, "mood": MOODS, "urgency": URGENCIES}


class Grid(Struct, frozen=True):
    """A confusion table: `rows` of what was understood, each with how often people say each of `columns`."""

    part: Part
    columns: tuple[str, ...]
    rows: dict[str, list[int]]
    largest: int


@get("/quality", opt=needs("analytics:read"), sync_to_thread=True)
def quality(request: Asked, days: FromQuery[int] = 90) -> Response[Any]:
    context = _context(request, days if days in SPANS else 90)
    if is_partial(request):
        return part("quality/_quality.html", context)
    return page(request, "quality", "Quality", context)


@post("/quality/learn", opt=needs("settings:write"), status_code=200, sync_to_thread=True)
def learn(request: Asked, days: FromQuery[int] = 90) -> Response[Any]:
    """What is refused is no error: the figures say why."""
    correcting.learn(hub(request), request.user.tenant_id)
    if not is_partial(request):
        return go(request, "/quality")
    return part("quality/_quality.html", _context(request, days if days in SPANS else 90))


def _context(request: Asked, days: int) -> dict[str, Any]:
    seen = measure(hub(request), request.user, days)
    return {
        "quality": seen,
        "days": days,
        "spans": SPANS,
        "shares": _shares(seen),
        "grids": [_grid(seen, each) for each in PARTS],
        "learning": learning(hub(request), request.user),
        "own": _own(seen),
        "intents": INTENTS,
        "charts": {"agreement": agreement(seen), "mix": mix(seen), "calibration": calibration(seen)},
    }


def _shares(seen: Quality) -> dict[Part, float | None]:
    """How often nobody corrected it."""
    if not seen.reviewed:
        return dict.fromkeys(PARTS)
    return {each: sum(week.agreed[each] for week in seen.weeks) / seen.reviewed for each in PARTS}


def _grid(seen: Quality, wanted: Part) -> Grid:
    counts = {(cell.said, cell.meant): cell.count for cell in seen.confusion if cell.part == wanted}
    columns = _VALUES[wanted]
    rows = {said: [counts.get((said, meant), 0) for meant in columns] for said in columns}
    return Grid(wanted, columns, rows, max(counts.values(), default=0))


def _own(seen: Quality) -> list[tuple[str, int]]:
    """The tenant's own intents by how many messages were theirs."""
    total: Counter[str] = Counter()
    for week in seen.mix:
        total.update(week.own)
    return total.most_common(_MOST_OWN)


HANDLERS = [quality, learn]
