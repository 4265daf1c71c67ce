"""The methods of the Bot API that the stand-in knows. Source: Bot API 10.1; texts of errors as tdlib has
them."""

from collections.abc import Callable, Mapping
from typing import Any

from socialai.sandbox.telegram import shapes, untaken
from socialai.sandbox.telegram.records import Action, Bot, Message, Webhook
from socialai.sandbox.telegram.state import State

Arguments = Mapping[str, Any]
TEXT_LIMIT = 4096


class ApiError(Exception):
    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters

    def body(self) -> dict[str, Any]:
        said: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return said | ({"parameters": self.parameters} if self.parameters else {})


def get_me(_state: State, bot: Bot, _asked: Arguments) -> Any:
    return {
        **shapes.user(bot),
        "can_join_groups": True,
        "can_read_all_group_messages": not bot.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": True,
        "has_main_web_app": False,
    }


def send_message(state: State, bot: Bot, asked: Arguments) -> Any:
    text = str(asked.get("text") or "")
    chat = _chat(state, bot, asked)
    if not text.strip():
        raise ApiError(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > TEXT_LIMIT:
        raise ApiError(400, "Bad Request: message is too long")
    said = Message(state.number(), chat, bot.id, state.now(), {"text": text})
    said.connection = asked.get("business_connection_id")
    said.reply_to = _quoted(state, chat, asked.get("reply_parameters"))
    with state.changing():
        state.messages.append(said)
        shown = shapes.message(state, said)
        if said.connection:
            owner = shapes.user(state.people[state.owners[said.connection]])
            shown = {**shown, "from": owner, "sender_business_bot": shapes.user(bot)}
            untaken.tell(state, bot, "business_message", shown)
    return shown


def edit_message_text(state: State, bot: Bot, asked: Arguments) -> Any:
    found = _own(state, bot, asked, "edit")
    if found.content["text"] == asked.get("text"):
        raise ApiError(
            400,
            "Bad Request: message is not modified: specified new message content and reply markup are "
            "exactly the same as a current content and reply markup of the message",
        )
    with state.changing():
        found.content["text"], found.edited_at = str(asked.get("text") or ""), state.now()
    return shapes.message(state, found)


def delete_message(state: State, bot: Bot, asked: Arguments) -> Any:
    found = state.find(_chat(state, bot, asked), int(asked.get("message_id") or 0))
    if found is None:
        raise ApiError(400, "Bad Request: message to delete not found")
    with state.changing():
        found.deleted = True
    return True


def send_chat_action(state: State, bot: Bot, asked: Arguments) -> Any:
    chat = _chat(state, bot, asked)
    with state.changing():
        state.actions.append(Action("typing", str(chat)))
    return True


def answer_callback_query(state: State, _bot: Bot, asked: Arguments) -> Any:
    with state.changing():
        state.actions.append(Action("acknowledged", str(asked.get("callback_query_id"))))
    return True


def set_webhook(state: State, bot: Bot, asked: Arguments) -> Any:
    url, secret = str(asked.get("url") or ""), str(asked.get("secret_token") or "")
    if url and not url.startswith(("https://", "http://127.0.0.1:")):
        raise ApiError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    with state.changing():
        state.webhooks[bot.id] = Webhook(url, secret, tuple(asked.get("allowed_updates") or ()))
        if asked.get("drop_pending_updates"):
            state.updates[bot.id] = []
    return True


def delete_webhook(state: State, bot: Bot, asked: Arguments) -> Any:
    return set_webhook(state, bot, {**asked, "url": ""})


def get_webhook_info(state: State, bot: Bot, _asked: Arguments) -> Any:
    hook = state.webhooks[bot.id]
    info = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(state.updates[bot.id]),
        "max_connections": 40,
        "allowed_updates": list(hook.allowed),
    }
    return info | ({"last_error_date": hook.error_at, "last_error_message": hook.error} if hook.error else {})


def get_file(state: State, _bot: Bot, asked: Arguments) -> Any:
    file = state.files.get(str(asked.get("file_id")))
    if file is None:
        raise ApiError(400, "Bad Request: invalid file_id")
    return {
        "file_id": file.id,
        "file_unique_id": file.id,
        "file_size": len(file.content),
        "file_path": file.path,
    }


METHODS: Mapping[str, Callable[[State, Bot, Arguments], Any]] = {
    "getme": get_me,
    "sendmessage": send_message,
    "editmessagetext": edit_message_text,
    "deletemessage": delete_message,
    "sendchataction": send_chat_action,
    "answercallbackquery": answer_callback_query,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "getfile": get_file,
}
"""By their names in lower case: Telegram does not mind how they are written. `getUpdates` waits, so it is
elsewhere."""


def _chat(state: State, bot: Bot, asked: Arguments) -> int:
    """Where the bot may write, or what Telegram says instead."""
    try:
        chat = int(asked["chat_id"])
    except (KeyError, ValueError):
        raise ApiError(400, "Bad Request: chat_id is empty") from None
    connection = asked.get("business_connection_id")
    if connection is not None:
        if connection not in state.owners:
            raise ApiError(400, "Bad Request: business connection not found")
        return chat
    group = state.groups.get(chat)
    if group and group.moved_to:
        said = "Bad Request: group chat was upgraded to a supergroup chat"
        raise ApiError(400, said, migrate_to_chat_id=group.moved_to)
    if group is None and (chat, bot.id) not in state.met:
        raise ApiError(400, "Bad Request: chat not found")
    if (chat, bot.id) in state.blocked:
        raise ApiError(403, "Forbidden: bot was blocked by the user")
    return chat


def _own(state: State, bot: Bot, asked: Arguments, verb: str) -> Message:
    found = state.find(_chat(state, bot, asked), int(asked.get("message_id") or 0))
    if found is None:
        raise ApiError(400, f"Bad Request: message to {verb} not found")
    if found.by != bot.id:
        raise ApiError(400, f"Bad Request: message can't be {verb}ed")
    return found


def _quoted(state: State, chat: int, parameters: Any) -> int | None:
    if not isinstance(parameters, Mapping):
        return None
    number = int(parameters.get("message_id") or 0)
    if state.find(chat, number):
        return number
    if parameters.get("allow_sending_without_reply"):
        return None
    raise ApiError(400, "Bad Request: message to be replied not found")
