"""How good the understanding is, by what people said of it: everything the quality page draws."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import cast

import msgspec

from socialai.actions.corrections import LEAST
from socialai.context import App
from socialai.domain.correction import (
    PARTS,
    Bin,
    Cell,
    Judgement,
    Learning,
    LearntReport,
    Mix,
    Part,
    Quality,
    Week,
)
from socialai.domain.triage import Intent, Mood
from socialai.security.permissions import Principal
from socialai.store import corrections, heads
from socialai.store.corrections import Counted, Reviewed

BINS = 10


def quality(app: App, who: Principal, days: int = 90) -> Quality:
    """Of the last `days`, in whole weeks."""
    since = _monday((app.clock() - timedelta(days=days)).date())
    start = datetime.combine(since, datetime.min.time(), app.clock().tzinfo)
    database = app.files.tenant(who.tenant_id)
    seen = database.read(lambda db: corrections.reviewed(db, start))
    bins = _bins(seen)
    return Quality(
        since=since,
        reviewed=len(seen),
        weeks=_weeks(seen),
        confusion=_confusion(seen),
        mix=_mix(database.read(lambda db: corrections.mix(db, start))),
        calibration=bins,
        calibration_error=_error(bins),
        learnt=learnt(app, who),
    )


def learnt(app: App, who: Principal) -> LearntReport | None:
    """Of the last learning from corrections, refused or not."""
    head = app.files.tenant(who.tenant_id).read(lambda db: heads.find_latest(db, "corrections"))
    return msgspec.json.decode(head.report, type=LearntReport) if head else None


def learning(app: App, who: Principal) -> Learning:
    """How far the learning from corrections is."""

    def read(db: sqlite3.Connection) -> Learning:
        used = heads.find_used(db, "corrections")
        return Learning(
            corrections=corrections.count(db),
            least=LEAST,
            is_current=heads.learnt_from(db, "corrections") == corrections.version(db),
            used_at=used.created_at if used else None,
            last=learnt(app, who),
        )

    return app.files.tenant(who.tenant_id).read(read)


def _weeks(seen: Sequence[Reviewed]) -> tuple[Week, ...]:
    weeks: dict[date, list[Reviewed]] = defaultdict(list)
    for one in seen:
        weeks[_monday(one.created_at.date())].append(one)
    return tuple(
        Week(monday, len(those), {part: sum(_agreed(one, part) for one in those) for part in PARTS})
        for monday, those in sorted(weeks.items())
    )


def _confusion(seen: Sequence[Reviewed]) -> tuple[Cell, ...]:
    """Also what was right, so that a table has its diagonal."""
    counts: Counter[tuple[Part, str, str]] = Counter()
    for one in seen:
        said = _said(one)
        counts.update((part, said[part], _meant(one, part)) for part in PARTS)
    return tuple(Cell(*cell, count) for cell, count in sorted(counts.items()))


def _mix(counted: Sequence[Counted]) -> tuple[Mix, ...]:
    intents: dict[date, Counter[Intent]] = defaultdict(Counter)
    moods: dict[date, Counter[Mood]] = defaultdict(Counter)
    own: dict[date, Counter[str]] = defaultdict(Counter)
    for one in counted:
        monday = _monday(date.fromisoformat(one.day))
        intents[monday][cast(Intent, one.intent)] += one.count
        moods[monday][cast(Mood, one.mood)] += one.count
        if one.own:
            own[monday][one.own] += one.count
    return tuple(
        Mix(monday, dict(intents[monday]), dict(moods[monday]), dict(own[monday]))
        for monday in sorted(intents)
    )


def _bins(seen: Sequence[Reviewed]) -> tuple[Bin, ...]:
    """Only those with messages in them."""
    filled: dict[int, list[Reviewed]] = defaultdict(list)
    for one in seen:
        filled[min(int(one.triage.confidence * BINS), BINS - 1)].append(one)
    return tuple(
        Bin(
            low=place / BINS,
            high=(place + 1) / BINS,
            count=len(those),
            confidence=round(sum(one.triage.confidence for one in those) / len(those), 4),
            right=round(sum(_agreed(one, "intent") for one in those) / len(those), 4),
        )
        for place, those in sorted(filled.items())
    )


def _error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error."""
    total = sum(each.count for each in bins)
    return (
        round(sum(abs(each.confidence - each.right) * each.count for each in bins) / total, 4)
        if total
        else None
    )


def _agreed(one: Reviewed, part: Part) -> bool:
    return _said(one)[part] == _meant(one, part)


def _said(one: Reviewed) -> dict[Part, str]:
    triage = one.triage
    return {"intent": triage.raw_intent, "mood": triage.sentiment.label, "urgency": triage.urgency}


def _meant(one: Reviewed, part: Part) -> str:
    meant: Judgement | None = one.meant
    return str(getattr(meant, part)) if meant else _said(one)[part]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
