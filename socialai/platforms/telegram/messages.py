"""A message of Telegram, new or edited, as what happened."""

from collections.abc import Sequence
from typing import Any

from msgspec import Raw, Struct

from socialai.domain.happening import Echoed, Edited, Happening, Moved, Noted, Received, Thread
from socialai.platforms.reading import name, optional
from socialai.platforms.telegram import content, ignored
from socialai.platforms.telegram.addressed import Bot, is_addressed
from socialai.platforms.telegram.said import Said, profile_of, said_in, seconds

_UNDIVIDED = frozenset({"XTR", "CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND"})
"""Currencies without cents. Source: Telegram's currencies.json; XTR are its own stars."""


class Payment(Struct):
    currency: str = ""
    total_amount: int = 0

    @property
    def shown(self) -> str:
        whole = self.currency in _UNDIVIDED
        return f"{self.total_amount if whole else f'{self.total_amount / 100:.2f}'} {self.currency}"


def read(raw: Raw, bot: Bot) -> list[Happening]:
    """ParseError when what is needed is missing."""
    said = said_in(raw, bot)
    if moved := _moved(said):
        return [moved]
    if paid := _paid(said):
        return [paid]
    if service := ignored.service(said.fields):
        return [service]
    return [_in_group(said) if said.in_group else _in_private(said)]


def read_edit(raw: Raw, bot: Bot) -> list[Happening]:
    said = said_in(raw, bot)
    message = said.message
    text = message.text if message.text is not None else message.caption
    if text is None:
        return [ignored.NO_WORDS]
    at = message.edit_date if message.edit_date is not None else message.date
    edited = said.say(Edited, at=at, external_id=said.external_id, text=text)
    is_theirs = not said.is_own and (not said.in_group or is_addressed(message, said.quoted, bot))
    # Without a contact it changes what is known and adds nothing: it may be nobody's message to the shop.
    return [edited if is_theirs else Edited(**_without_contact(edited))]


def _in_group(said: Said) -> Happening:
    message = said.message
    sender, chat = message.sender, message.sender_chat
    if message.is_automatic_forward:
        return ignored.OWN_POST
    if chat is not None and str(chat.id) == str(message.chat.id):
        return _by_administrator(said)
    if chat is None and sender is not None and sender.is_bot:
        return ignored.ANOTHER_BOT
    if not is_addressed(message, said.quoted, said.bot):
        return ignored.NOT_ADDRESSED
    return _received(said)


def _by_administrator(said: Said) -> Happening:
    """Whoever writes as the group itself is of the shop."""
    if said.reply_to is None:
        return ignored.ADMINISTRATOR
    found = content.read(said.message, said.fields)
    return Echoed(
        channel=said.bot.id,
        at=seconds(said.message.date),
        thread=said.thread,
        external_id=said.external_id,
        text=found.text,
        attachments=found.attachments,
        reply_to=said.reply_to,
    )


def _in_private(said: Said) -> Happening:
    message = said.message
    if said.is_own:
        found = content.read(message, said.fields)
        return said.say(
            Echoed,
            at=message.date,
            external_id=said.external_id,
            text=found.text,
            attachments=found.attachments,
            reply_to=said.reply_to,
        )
    if message.sender is not None and message.sender.is_bot:
        return ignored.ANOTHER_BOT
    return _received(said)


def _received(said: Said) -> Received:
    message = said.message
    found = content.read(message, said.fields)
    return said.say(
        Received,
        at=message.date,
        external_id=said.external_id,
        kind=found.kind,
        text=found.text,
        payload=found.payload,
        attachments=found.attachments,
        reply_to=said.reply_to,
        profile=profile_of(message, found.phone),
    )


def _moved(said: Said) -> Moved | None:
    """A group that becomes a supergroup has another id; it is told in both."""
    here = name(said.message.chat.id)
    to, came = said.message.migrate_to_chat_id, said.message.migrate_from_chat_id
    old, new = (here, to) if to is not None else (came, here)
    if old is None or new is None:
        return None
    return Moved(channel=said.bot.id, at=seconds(said.message.date), thread=Thread(str(old)), to=str(new))


def _paid(said: Said) -> Noted | None:
    """Through a bot that sells something in Telegram itself."""
    for key, verb in (("successful_payment", "Paid"), ("refunded_payment", "Got back")):
        if payment := optional(said.fields.get(key, Raw(b"null")), Payment):
            says = f"{verb} through Telegram: {payment.shown}"
            return said.say(Noted, at=said.message.date, text=says)
    return None


def _without_contact(edited: Edited) -> dict[str, Any]:
    fields: Sequence[str] = edited.__struct_fields__
    return {name: getattr(edited, name) for name in fields} | {"contact": "", "also": ()}
