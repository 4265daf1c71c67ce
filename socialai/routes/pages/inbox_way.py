"""The way of one message: its stages and their times, from the contact's device to the answer's."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from socialai.domain.conversation import Message
from socialai.domain.event import Event
from socialai.domain.outbox import OutboxItem
from socialai.domain.reply import Reply, TurnRecord
from socialai.domain.spending import Writing

_DECISIONS = {
    "draft": "Draft made",
    "auto": "Answered by itself",
    "escalated": "Given to a person",
    "silent": "No answer needed",
}


class Stop(Struct, frozen=True):
    """`at` is None for a stop not reached yet; `took` since the stop before; `stages`: their milliseconds."""

    name: str
    at: datetime | None = None
    took: timedelta | None = None
    note: str = ""
    stages: dict[str, float] = {}


def took(span: timedelta | None) -> str:
    """'after 12 ms', 'after 4.1 s', 'after 3 min'; empty when there is nothing to say."""
    if span is None:
        return ""
    seconds = span.total_seconds()
    if seconds < 1:
        return f"after {seconds * 1000:.0f} ms"
    if seconds < 100:
        return f"after {seconds:.1f} s"
    return f"after {seconds / 60:.0f} min" if seconds < 6000 else f"after {seconds / 3600:.1f} h"


def way(
    message: Message,
    event: Event | None,
    turn: TurnRecord | None,
    reply: Reply | None,
    items: Sequence[OutboxItem],
    sent: Message | None,
    written: Sequence[Writing] = (),
) -> list[Stop]:
    """`written` is what language models wrote for it."""
    stops = [*_in(message, event), *_decided(turn, written), *_approved(reply), *_out(items, sent)]
    return [_timed(stop, before) for stop, before in zip(stops, [None, *stops], strict=False)]


def _in(message: Message, event: Event | None) -> list[Stop]:
    received = event.received_at if event else message.created_at
    return [
        Stop("Written", message.sent_at),
        Stop("Received and kept", received, note=f"trace {message.trace_id}" if message.trace_id else ""),
        Stop("Read into the inbox", message.created_at),
    ]


def _decided(turn: TurnRecord | None, written: Sequence[Writing]) -> list[Stop]:
    if turn is None:
        return [Stop("Understood and decided")]
    note = " · ".join(filter(None, (_total(turn.stage_ms), _cost(written))))
    return [Stop(_DECISIONS[turn.outcome], turn.created_at, stages=turn.stage_ms, note=note)]


def _cost(written: Sequence[Writing]) -> str:
    new = [one for one in written if one.place != "kept"]
    if not new:
        return "the same was written before" if written else ""
    tokens_in, tokens_out = sum(one.tokens_in for one in new), sum(one.tokens_out for one in new)
    dollars = sum(one.dollars for one in new)
    return f"{new[0].engine}: {tokens_in:,} tokens in, {tokens_out:,} out, ${dollars:.4f}"


def _total(stages: dict[str, float]) -> str:
    return f"{sum(stages.values()):.0f} ms of thinking" if stages else ""


def _approved(reply: Reply | None) -> list[Stop]:
    if reply is None:
        return []
    if reply.state in ("rejected", "superseded"):
        return [Stop("Draft rejected" if reply.state == "rejected" else "Draft put aside")]
    return [Stop("Approved", reply.approved_at)]


def _out(items: Sequence[OutboxItem], sent: Message | None) -> list[Stop]:
    if not items or sent is None:
        return []
    last = items[-1]
    tries = f"{last.attempts} tries" if last.attempts > 1 else ""
    return [
        Stop("Sent", last.sent_at, note=tries),
        Stop("Delivered", sent.delivered_at),
        Stop("Read", sent.read_at),
    ]


def _timed(stop: Stop, before: Stop | None) -> Stop:
    if before is None or before.at is None or stop.at is None or stop.at < before.at:
        return stop
    return Stop(stop.name, stop.at, stop.at - before.at, stop.note, stop.stages)
