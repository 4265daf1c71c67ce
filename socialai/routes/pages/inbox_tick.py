"""How far a message of ours has come, as a tick and a plain sentence."""

from typing import Literal

from msgspec import Struct

from socialai.domain.conversation import Message
from socialai.domain.outbox import OutboxItem, OutboxState

TickState = Literal["queued", "sending", "sent", "delivered", "read", "failed", "unknown", "discarded"]


class Tick(Struct, frozen=True):
    """`trouble`: the sentence is shown, not only told on pointing at it. `item_id`: the outbox item's."""

    state: TickState
    symbol: str
    sentence: str
    trouble: bool = False
    item_id: int | None = None


_RECEIPTS = {
    "read": Tick("read", "checks", "Read by the contact."),
    "delivered": Tick("delivered", "checks", "Arrived on the contact's device."),
    "sent": Tick("sent", "check", "The platform has accepted it."),
}


def tick(message: Message, item: OutboxItem | None) -> Tick:
    if message.read_at:
        return _RECEIPTS["read"]
    if message.delivered_at:
        return _RECEIPTS["delivered"]
    if message.external_id or item is None:
        return _RECEIPTS["sent"]
    return _under_way(item)


def _under_way(item: OutboxItem) -> Tick:
    again = f" The last try failed: {item.error}" if item.error and item.attempts else ""
    known: dict[OutboxState, Tick] = {
        "queued": Tick("queued", "clock", f"Waits to be sent.{again}", bool(again), item.id),
        "sending": Tick("sending", "clock", "Is being sent.", item_id=item.id),
        "sent": _RECEIPTS["sent"],
        "unknown": Tick(
            "unknown",
            "question-mark",
            "Nobody knows yet whether this arrived. The hub asks the platform before it sends again.",
            True,
            item.id,
        ),
        "dead": Tick("failed", "alert-circle", f"Not sent: {item.error or 'given up.'}", True, item.id),
        "discarded": Tick("discarded", "ban", "Not sent: a person discarded it.", True, item.id),
    }
    return known[item.state]
