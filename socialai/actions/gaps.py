"""What customers asked in vain: gathering it, and what a person does about it."""

import sqlite3
from collections.abc import Sequence

import numpy as np

from socialai.actions.thinking import tools
from socialai.agents.evidence import best_evidence
from socialai.agents.small_talk import is_small_talk
from socialai.agents.turn import Tools
from socialai.context import App
from socialai.domain.gap import Gap, GapState, Unanswered
from socialai.domain.policy import Policy
from socialai.knowledge.index import WIDTH, Vectors
from socialai.security.permissions import Principal
from socialai.store import articles, gaps, policies

ALIKE = 0.5
"""Cosine from which two questions ask the same: of 15 shop questions those that did had .51 or more, others
.46 or less."""
_MOST = 200
_FEW_WORDS = 2


def gather(app: App, tenant_id: str) -> None:
    """Sort what was asked since the last time, and close what is answered by now. Raises ModelError."""
    database = app.files.tenant(tenant_id)

    def look(db: sqlite3.Connection) -> tuple[gaps.Cursor, gaps.Cursor, list[Unanswered], list[Unanswered]]:
        before, until = gaps.cursor(db), gaps.newest(db, _knowledge(db))
        return (
            before,
            until,
            gaps.unanswered(db, before, until, _MOST),
            gaps.answered_by_users(db, before, until, _MOST),
        )

    before, until, unanswered, by_users = database.read(look)
    use, policy = tools(app, tenant_id), database.read(policies.get)
    asked = {
        one.turn_id: one
        for one in [*(one for one in by_users if not _answers(use, policy, one.text)), *unanswered]
        if _is_question(one.text)
    }
    vectors = app.models.encode([one.text for one in asked.values()])
    changed = before.knowledge != until.knowledge
    now_answered = _answered(app, tenant_id, use, policy) if changed else []

    def keep(db: sqlite3.Connection) -> None:
        _sort(db, app, list(asked.values()), vectors)
        for gap_id in now_answered:
            gaps.set_state(db, gap_id, "answered", app.clock())
        gaps.set_cursor(db, until)

    database.write(keep)
    if asked or now_answered:
        app.feed.tell(tenant_id, "knowledge")


def has_news(db: sqlite3.Connection) -> bool:
    """Something that was not looked at; what is still being indexed is waited for."""
    return gaps.cursor(db) != gaps.newest(db, _knowledge(db)) and not articles.unindexed(db)


def dismiss(app: App, who: Principal, gap_id: int) -> Gap:
    """It needs no article: not counted among the open ones any more."""
    return _set(app, who, gap_id, "dismissed")


def reopen(app: App, who: Principal, gap_id: int) -> Gap:
    return _set(app, who, gap_id, "open")


def _set(app: App, who: Principal, gap_id: int, state: GapState) -> Gap:
    now = app.clock()
    gap = app.files.tenant(who.tenant_id).write(lambda db: gaps.set_state(db, gap_id, state, now))
    app.feed.tell(who.tenant_id, "knowledge")
    return gap


def _knowledge(db: sqlite3.Connection) -> str:
    return " ".join(map(str, articles.version(db)))


def _is_question(text: str) -> bool:
    return len(text.split()) > _FEW_WORDS and not is_small_talk(text)


def _answered(app: App, tenant_id: str, use: Tools, policy: Policy) -> list[int]:
    waiting = app.files.tenant(tenant_id).read(lambda db: gaps.open_questions(db, _MOST))
    return [gap.id for gap in waiting if _answers(use, policy, gap.question)]


def _answers(use: Tools, policy: Policy, question: str) -> bool:
    hits = use.search(question, use.encode([question])[0], policy.max_hits)
    return bool(best_evidence(question, tuple(hit for hit in hits if hit.score >= policy.evidence)))


def _sort(db: sqlite3.Connection, app: App, asked: Sequence[Unanswered], vectors: Vectors) -> None:
    """Each to the gap it is most like, or it begins one of its own."""
    known = gaps.known(db)
    ids = [gap.id for gap in known]
    rows = [np.frombuffer(gap.vector, np.float32) for gap in known]
    for one, vector in zip(asked, vectors, strict=True):
        if gaps.has_question(db, one.turn_id):
            continue
        cosines = np.stack(rows) @ vector if rows else np.empty(0)
        place = int(cosines.argmax()) if rows else -1
        if rows and cosines[place] >= ALIKE:
            gap_id = ids[place]
        else:
            gap_id = gaps.add(db, one.text, np.asarray(vector, np.float32).tobytes(), app.clock())
            ids.append(gap_id)
            rows.append(np.asarray(vector, np.float32).reshape(WIDTH))
        gaps.add_question(db, gap_id, one)
