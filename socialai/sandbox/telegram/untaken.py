"""Updates that a bot has not taken yet: asked for, or delivered to its webhook."""

from typing import Any

from socialai.sandbox.telegram.records import Bot, Webhook
from socialai.sandbox.telegram.state import State

Update = dict[str, Any]

_ONLY_WHEN_ASKED = frozenset({"message_reaction", "message_reaction_count", "chat_member"})


def tell(state: State, bot: Bot, kind: str, what: dict[str, Any]) -> None:
    """Unless the bot did not ask for this kind."""
    allowed = state.webhooks[bot.id].allowed
    if kind in allowed or (not allowed and kind not in _ONLY_WHEN_ASKED):
        state.updates[bot.id].append({"update_id": state.number(), kind: what})


def confirm(state: State, bot: Bot, offset: int) -> None:
    """What is below is forgotten; a negative one keeps that many from the end."""
    waiting = state.updates[bot.id]
    if offset < 0:
        state.updates[bot.id] = waiting[offset:]
    else:
        state.updates[bot.id] = [each for each in waiting if each["update_id"] >= offset]


def delivered(state: State, bot: Bot, update: Update, problem: str | None) -> None:
    with state.changing():
        hook: Webhook = state.webhooks[bot.id]
        if problem is None:
            state.updates[bot.id] = [each for each in state.updates[bot.id] if each is not update]
        else:
            hook.error, hook.error_at = problem, state.now()
