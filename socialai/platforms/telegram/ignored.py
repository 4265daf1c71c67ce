"""What Telegram sends that the hub knows and does not keep, each with its reason."""

from collections.abc import Iterable, Mapping

from socialai.domain.happening import Ignored

_NOTICE = "A notice of the group or chat, not a message: "

_UPDATES: Mapping[str, str] = {
    "channel_post": "A post of a Telegram channel: nobody asks anything there.",
    "edited_channel_post": "A post of a Telegram channel was changed.",
    "guest_message": "Somebody called the bot into a chat it is not in; the hub does not go there.",
    "message_reaction_count": "Anonymous reactions were counted.",
    "inline_query": "Somebody typed the bot's name to look something up; the hub offers nothing to look up.",
    "chosen_inline_result": "Somebody chose what another program had offered.",
    "shipping_query": "A question of Telegram's checkout; the hub sells nothing there.",
    "pre_checkout_query": "A question of Telegram's checkout; the hub sells nothing there.",
    "purchased_paid_media": "Somebody bought paid media of the bot.",
    "poll": "A poll changed.",
    "poll_answer": "Somebody voted in a poll.",
    "chat_member": "Somebody's place in a group or channel changed.",
    "chat_join_request": "Somebody asks to join; the administrators decide that in Telegram.",
    "chat_boost": "Somebody boosts a group or channel.",
    "removed_chat_boost": "Somebody boosts a group or channel no longer.",
    "managed_bot": "A bot that this bot manages changed.",
}
_SERVICE: Mapping[str, str] = {
    "new_chat_members": f"{_NOTICE}somebody came in.",
    "left_chat_member": f"{_NOTICE}somebody left.",
    "new_chat_title": f"{_NOTICE}it has another title.",
    "new_chat_photo": f"{_NOTICE}it has another picture.",
    "delete_chat_photo": f"{_NOTICE}its picture is gone.",
    "group_chat_created": f"{_NOTICE}it was made.",
    "supergroup_chat_created": f"{_NOTICE}it was made.",
    "channel_chat_created": f"{_NOTICE}it was made.",
    "message_auto_delete_timer_changed": f"{_NOTICE}messages delete themselves after another time.",
    "pinned_message": f"{_NOTICE}something was pinned.",
    "invoice": "An invoice that the bot itself wrote.",
    "users_shared": "The contact shared other people's accounts; the hub does not keep those.",
    "chat_shared": "The contact shared a chat; the hub does not keep those.",
    "connected_website": "The contact signed in to a web site through the bot.",
    "write_access_allowed": "The contact allowed the bot to write to them.",
    "passport_data": "Documents of Telegram Passport, which the hub does not read.",
    "proximity_alert_triggered": f"{_NOTICE}two people came near each other.",
    "boost_added": f"{_NOTICE}somebody boosts it.",
    "chat_background_set": f"{_NOTICE}it has another background.",
    "gift": "A gift was sent.",
    "unique_gift": "A gift was sent.",
    "gift_upgrade_sent": "A gift was sent.",
    "giveaway": f"{_NOTICE}a giveaway.",
    "giveaway_created": f"{_NOTICE}a giveaway.",
    "giveaway_completed": f"{_NOTICE}a giveaway.",
    "giveaway_winners": f"{_NOTICE}a giveaway.",
    "checklist_tasks_done": f"{_NOTICE}tasks of a checklist were done.",
    "checklist_tasks_added": f"{_NOTICE}tasks were added to a checklist.",
    "direct_message_price_changed": f"{_NOTICE}what its messages cost changed.",
    "paid_message_price_changed": f"{_NOTICE}what its messages cost changed.",
    "forum_topic_created": f"{_NOTICE}a topic was made.",
    "forum_topic_edited": f"{_NOTICE}a topic was changed.",
    "forum_topic_closed": f"{_NOTICE}a topic was closed.",
    "forum_topic_reopened": f"{_NOTICE}a topic was opened again.",
    "general_forum_topic_hidden": f"{_NOTICE}its general topic was hidden.",
    "general_forum_topic_unhidden": f"{_NOTICE}its general topic is shown again.",
    "video_chat_scheduled": f"{_NOTICE}a video chat.",
    "video_chat_started": f"{_NOTICE}a video chat.",
    "video_chat_ended": f"{_NOTICE}a video chat.",
    "video_chat_participants_invited": f"{_NOTICE}a video chat.",
    "voice_chat_scheduled": f"{_NOTICE}a video chat.",
    "voice_chat_started": f"{_NOTICE}a video chat.",
    "voice_chat_ended": f"{_NOTICE}a video chat.",
    "voice_chat_participants_invited": f"{_NOTICE}a video chat.",
    "chat_owner_left": f"{_NOTICE}its owner left.",
    "chat_owner_changed": f"{_NOTICE}it has another owner.",
    "managed_bot_created": f"{_NOTICE}a bot was made.",
}

NOT_ADDRESSED = Ignored(reason="Said in a group without naming the bot, answering it or giving it a command.")
NO_WORDS = Ignored(reason="A file or a live place of a message changed, and none of its words.")
OWN_POST = Ignored(reason="A post of the channel, as it appears in the group that discusses it.")
ADMINISTRATOR = Ignored(reason="An administrator wrote in the group's own name, to nobody in particular.")
ANOTHER_BOT = Ignored(reason="Another bot wrote; bots that answer each other never end.")
NO_MESSAGE = Ignored(reason="A button under something shared elsewhere; nobody can be answered there.")
OPENED = Ignored(reason="The contact opened the bot.")
ADDED = Ignored(reason="The bot's place in a group or channel changed.")
NOTHING = Ignored(reason="No update says anything.")


def connection(*, is_enabled: bool) -> Ignored:
    if is_enabled:
        return Ignored(reason="A business account had the bot answer for it.")
    return Ignored(reason="A business account has the bot answer for it no longer.")


def update(kinds: Iterable[str]) -> Ignored:
    kind = next(iter(kinds), None)
    if kind is None:
        return NOTHING
    return Ignored(reason=_UPDATES.get(kind, f"An update the hub does not know: {_shown(kind)}."))


def service(fields: Iterable[str]) -> Ignored | None:
    """Why a message is none; None when it is one."""
    reason = next((_SERVICE[field] for field in fields if field in _SERVICE), None)
    return Ignored(reason=reason) if reason else None


def _shown(kind: str) -> str:
    """A name that a stranger chose, short and of plain characters."""
    return "".join(letter if letter.isalnum() or letter in "_-" else "?" for letter in kind[:40])
