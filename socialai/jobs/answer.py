"""Answer a conversation: claim it, decide, and keep triage, lead, reply and outbox items together."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from socialai import log
from socialai.actions import crm_news, memory, sending
from socialai.actions.thinking import tools
from socialai.agents.orchestrator import decide, decide_without_models
from socialai.agents.remember import FORGET
from socialai.agents.turn import Decision, Tools, Turn
from socialai.channels import limits_of
from socialai.context import App
from socialai.domain.channel import Channel
from socialai.domain.conversation import Conversation, Message
from socialai.domain.reply import Reply, ReplyState
from socialai.errors import HubError, ModelError
from socialai.jobs.remember import learn, remembered
from socialai.store import (
    activities,
    channels,
    contacts,
    conversations,
    leads,
    messages,
    policies,
    recaps,
    replies,
    turns,
    writings,
)

GROUP = 64


@dataclass(frozen=True)
class _Claimed:
    conversation: Conversation
    channel: Channel
    asked: list[Message]
    turn: Turn
    goes_further_back: bool

    def taken_in(self, decision: Decision) -> list[int]:
        """Without a reply an older draft stays, and with it what it answers."""
        return [message.id for message in self.asked if decision.reply or not message.answered_at]


@dataclass(frozen=True)
class _Done:
    committed: bool
    deliveries: list[int]


def answer(app: App, tenant_id: str, conversation_id: int) -> None:
    """This conversation and others that are due, in a group that shares commits and the encoder; another bell
    is rung for the next group, so that a second worker thinks while this one's is being kept."""
    claimed = _claim_group(app, tenant_id, conversation_id)
    use = tools(app, tenant_id, [each.turn.question for each in claimed])
    decided = [(each, _decide(tenant_id, each, use)) for each in claimed]
    keeping = app.files.tenant(tenant_id).put_all([partial(_commit, app, *each) for each in decided])
    for (each, decision), committing in zip(decided, keeping, strict=True):
        with _apart(tenant_id, each.conversation.id):
            _finish(app, tenant_id, each, decision, committing)


@contextmanager
def _apart(tenant_id: str, conversation_id: int) -> Iterator[None]:
    """What goes wrong with one conversation does not hold up the others; sweep rings for it again."""
    try:
        yield
    except HubError as error:
        log.get().error("not answered", tenant=tenant_id, conversation=conversation_id, error=str(error))
    except Exception as error:  # noqa: BLE001 - a fault of ours
        name = type(error).__name__
        log.get().exception("not answered", tenant=tenant_id, conversation=conversation_id, error=name)


def _finish(
    app: App, tenant_id: str, claimed: _Claimed, decision: Decision, committing: Future[_Done]
) -> None:
    try:
        done = committing.result()
    except HubError:
        raise
    except Exception as error:  # noqa: BLE001 - what cannot be kept as decided goes to a person
        decision = _fault(tenant_id, claimed, error)
        done = app.files.tenant(tenant_id).write(partial(_commit, app, claimed, decision))
    if not done.committed:
        app.tasks.wake("answer", tenant_id, claimed.conversation.id)
        return
    for item_id in done.deliveries:
        app.tasks.wake("deliver", tenant_id, item_id)
    if claimed.goes_further_back:
        app.tasks.wake("recap", tenant_id, claimed.conversation.id)
    _tell(app, tenant_id, claimed, decision)


def _claim_group(app: App, tenant_id: str, conversation_id: int) -> list[_Claimed]:
    database, now = app.files.tenant(tenant_id), app.clock()
    taken, claimed = database.write(lambda db: _claim(db, tenant_id, now))
    if len(taken) == GROUP:
        app.tasks.wake("answer", tenant_id, conversation_id)
    elif conversation_id not in taken:
        with _apart(tenant_id, conversation_id):
            _ring_when_due(app, tenant_id, conversation_id, now)
    return claimed


def _ring_when_due(app: App, tenant_id: str, conversation_id: int, now: datetime) -> None:
    conversation = app.files.tenant(tenant_id).read(lambda db: conversations.get(db, conversation_id))
    due_at = conversation.answer_due_at
    if due_at and due_at > now:
        app.tasks.wake("answer", tenant_id, conversation_id, (due_at - now).total_seconds())


def _claim(db: sqlite3.Connection, tenant_id: str, now: datetime) -> tuple[list[int], list[_Claimed]]:
    """Which were taken, and those of them that have something to answer. Read where they are claimed: the
    writer's pages are always up to date."""
    taken = conversations.claim(db, now, GROUP)
    claimed: list[_Claimed] = []
    for conversation in taken:
        with _apart(tenant_id, conversation.id):
            claimed += _with_turn(db, conversation, now)
    return [conversation.id for conversation in taken], claimed


def _with_turn(db: sqlite3.Connection, conversation: Conversation, now: datetime) -> Iterator[_Claimed]:
    draft = replies.find_draft(db, conversation.id)
    asked = _asked(db, conversation.id, draft)
    if all(message.answered_at for message in asked):
        conversations.nothing_due(db, conversation.id)
        return
    yield _taken(db, conversation, asked, now, draft_waits=draft is not None)


def _asked(db: sqlite3.Connection, conversation_id: int, draft: Reply | None) -> list[Message]:
    """What is new, and what was only answered by the draft that now gives way."""
    gives_way = draft is not None and draft.edited_at is None
    return messages.unanswered(db, conversation_id, draft.created_at if draft and gives_way else None)


def _taken(
    db: sqlite3.Connection,
    conversation: Conversation,
    asked: list[Message],
    now: datetime,
    *,
    draft_waits: bool,
) -> _Claimed:
    channel = channels.get(db, conversation.channel_id)
    policy, contact = policies.get(db), contacts.get(db, conversation.contact_id)
    known = remembered(db, conversation.id, contact, asked, policy, now)
    question = "\n".join(message.text for message in asked if message.text)
    turn = Turn(
        question=question,
        only_media=not question,
        contact=contact,
        policy=policy,
        now=now,
        limits=limits_of(channel, conversation),
        memory=known.messages,
        recap=known.recap,
        details=known.details,
        earlier_messages=known.by_contact,
        mode="draft" if conversation.state == "escalated" else channel.mode,
        auto_intents=channel.auto_intents,
        draft_waits=draft_waits,
    )
    return _Claimed(conversation, channel, asked, turn, known.goes_further_back)


def _decide(tenant_id: str, claimed: _Claimed, use: Tools) -> Decision:
    try:
        return decide(claimed.turn, use)
    except ModelError as error:
        return decide_without_models(claimed.turn, str(error))
    except Exception as error:  # noqa: BLE001 - a fault of ours must end with a person, never in silence
        return _fault(tenant_id, claimed, error)


def _fault(tenant_id: str, claimed: _Claimed, error: Exception) -> Decision:
    name = type(error).__name__
    log.get().error(
        "turn failed", tenant=tenant_id, conversation=claimed.conversation.id, error=name, exc_info=error
    )
    return decide_without_models(claimed.turn, f"a fault in the hub ({name})")


def _commit(app: App, claimed: _Claimed, decision: Decision, db: sqlite3.Connection) -> _Done:
    """All of it, or nothing when something new was said meanwhile."""
    conversation, now = claimed.conversation, app.clock()
    if not conversations.answered(db, conversation.id, conversation.version, decision.triage):
        return _Done(committed=False, deliveries=[])
    last = claimed.asked[-1]
    messages.mark_answered(db, claimed.taken_in(decision), now)
    turn_id = turns.add(
        db,
        conversation.id,
        last.id,
        last.trace_id or "",
        triage=decision.triage,
        outcome=decision.outcome,
        reasons=decision.reasons,
        sources=decision.sources,
        score=decision.score,
        model_versions=app.models.versions() if decision.stage_ms else {},
        stage_ms=decision.stage_ms,
        now=now,
        tier=decision.tier,
        checked=decision.checked,
    )
    if decision.written:
        writings.belong_to(db, decision.written, turn_id)
    owed = _learn(db, claimed, decision, now)
    if claimed.goes_further_back:
        recaps.make_due(db, conversation.id)
    if decision.outcome == "escalated":
        reason = "; ".join(decision.reasons)
        conversations.escalate(db, conversation.id, reason)
        activities.add(db, conversation.id, "escalated", f"Escalated: {reason}", now)
    return _Done(committed=True, deliveries=[*_reply(db, claimed, decision, turn_id, now), *owed])


def _learn(db: sqlite3.Connection, claimed: _Claimed, decision: Decision, now: datetime) -> list[int]:
    """Outbox items to wake. Spam makes nobody a lead, raises none, and what it says of itself is not
    believed."""
    if decision.triage.intent == "spam":
        return []
    conversation = claimed.conversation
    before = leads.find(db, conversation.contact_id)
    leads.put(
        db,
        conversation.contact_id,
        conversation.id,
        decision.triage.intent,
        decision.score,
        claimed.channel.platform,
        now,
    )
    learn(db, conversation.contact_id, claimed.asked, decision, now)
    if FORGET in decision.reasons:
        memory.forget(db, conversation.contact_id, "The contact asked to be forgotten", now)
    event = crm_news.event(before, decision.score)
    return crm_news.owe(db, conversation.contact_id, event, now) if event else []


def _reply(
    db: sqlite3.Connection, claimed: _Claimed, decision: Decision, turn_id: int, now: datetime
) -> list[int]:
    """Outbox items to wake. A draft that a person has changed stays; one nobody touched gives way."""
    conversation = claimed.conversation
    waiting = replies.find_draft(db, conversation.id)
    if decision.reply is None or (waiting and waiting.edited_at):
        return []
    if waiting:
        replies.supersede(db, conversation.id)
    state: ReplyState = "approved" if decision.outcome == "auto" else "draft"
    reply = replies.add(
        db, conversation.id, state, decision.reply, conversation.version, now, turn_id=turn_id
    )
    if state == "draft":
        return []
    limits = limits_of(claimed.channel, conversation)
    return sending.queue(db, conversation, reply, limits, now)[:1]


def _tell(app: App, tenant_id: str, claimed: _Claimed, decision: Decision) -> None:
    triage, metrics = decision.triage, app.metrics
    metrics.messages.labels(tenant_id, claimed.channel.platform, triage.intent).inc(
        sum(not message.answered_at for message in claimed.asked)
    )
    if decision.tier:
        metrics.replies.labels(decision.tier).inc()
    metrics.intent_confidence.labels(triage.raw_intent).observe(triage.confidence)
    for method in (method for one in decision.checked for method in one.found_by):
        metrics.hallucinations.labels(method).inc()
    for stage, milliseconds in decision.stage_ms.items():
        metrics.stage_seconds.labels(stage).observe(milliseconds / 1000)
    log.get().info(
        "turn decided",
        tenant=tenant_id,
        conversation=claimed.conversation.id,
        trace=claimed.asked[-1].trace_id,
        outcome=decision.outcome,
        intent=triage.intent,
    )
    app.feed.tell(tenant_id, "conversation", claimed.conversation.id)
