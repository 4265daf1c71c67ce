"""Have Telegram deliver here, and ask it what it thinks of that. Source: Bot API, setWebhook, WebhookInfo."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from socialai.platforms.base import Finding, Rehearsal
from socialai.platforms.telegram.api import BotApi
from socialai.platforms.telegram.config import TelegramConfig

HEADER = "x-telegram-bot-api-secret-token"
ASKED = (
    "message",
    "edited_message",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "callback_query",
    "message_reaction",
    "my_chat_member",
)
"""The kinds of updates that the hub reads; Telegram sends no others then."""
_MANY_WAITING = 20
_LATELY = timedelta(hours=1)
_AGAIN = "Press “Deliver here”."


class WebhookInfo(Struct):
    url: str = ""
    pending_update_count: int = 0
    last_error_date: int | None = None
    last_error_message: str | None = None
    allowed_updates: list[str] = []


class Me(Struct):
    id: int
    first_name: str = ""
    username: str | None = None
    can_join_groups: bool = False
    can_read_all_group_messages: bool = False


def me(api: BotApi) -> Me:
    return api.repeat("getMe", {}, Me)


def subscribe(api: BotApi, config: TelegramConfig, url: str) -> None:
    wanted = {"url": url, "secret_token": config.webhook_secret, "allowed_updates": ASKED}
    api.repeat("setWebhook", wanted, bool)


def rehearsal(config: TelegramConfig) -> Rehearsal:
    """As Telegram would deliver an update that says nothing; it asks nothing beforehand."""
    headers = {"content-type": "application/json", HEADER: config.webhook_secret}
    return Rehearsal({}, "", b'{"update_id": 0}', headers)


def examine(api: BotApi, config: TelegramConfig, url: str, now: datetime) -> Iterator[Finding]:
    """DeliveryError when it does not say."""
    info = api.repeat("getWebhookInfo", {}, WebhookInfo)
    yield _address(info, url)
    if info.url:
        yield from _deliveries(info, now)
    yield from _groups(me(api), config)


def _address(info: WebhookInfo, url: str) -> Finding:
    if info.url and info.url == url:
        return Finding("Webhook", "ok", "Telegram delivers to this hub.")
    if info.url:
        says = f"Telegram delivers to {info.url}, so that nothing comes here. {_AGAIN}"
        return Finding("Webhook", "fix", says)
    if url:
        says = f"Telegram delivers nowhere; the hub asks for what is new all the time instead. {_AGAIN}"
        return Finding("Webhook", "warn", says)
    return Finding("Webhook", "ok", "The hub asks Telegram for what is new all the time; nothing is missed.")


def _deliveries(info: WebhookInfo, now: datetime) -> Iterator[Finding]:
    failed_at = datetime.fromtimestamp(info.last_error_date, UTC) if info.last_error_date else None
    if failed_at and now - failed_at < _LATELY:
        says = f"A delivery failed {round((now - failed_at).total_seconds() / 60)} minutes ago"
        yield Finding("Deliveries", "warn", f"{says}; Telegram says: {info.last_error_message}")
    if info.pending_update_count > _MANY_WAITING:
        says = f"{info.pending_update_count} updates wait at Telegram for a day at most."
        yield Finding("Waiting updates", "warn", says)
    if missing := set(ASKED) - set(info.allowed_updates):
        says = f"Telegram does not tell: {', '.join(sorted(missing))}. {_AGAIN}"
        yield Finding("Kinds of updates", "warn", says)


def _groups(bot: Me, config: TelegramConfig) -> Iterator[Finding]:
    if not bot.can_join_groups:
        yield Finding("Groups", "ok", "Nobody can add the bot to a group; @BotFather: /setjoingroups.")
    elif not bot.can_read_all_group_messages:
        yield Finding("Groups", "ok", "In groups the bot sees only what is said to it.")
    elif (bot.username or "").lower() == config.name.lower():
        says = "In groups the bot sees everything; the hub keeps only what is said to it."
        yield Finding("Groups", "ok", says)
    else:
        says = (
            f"The bot sees everything that is said in its groups. Enter its user name, {bot.username}, so "
            "that the hub can tell what is said to it."
        )
        yield Finding("Groups", "warn", says)
