"""What WhatsApp's webhooks hold. Source: business-messaging-api_v23.0.yaml, the shared contract sheet, the
payloads that pywa and restfb recorded."""

from typing import Any

from socialai.sandbox.meta.records import Account
from socialai.sandbox.meta.whatsapp.chats import Chat, Status

Shown = dict[str, Any]


def metadata(account: Account) -> Shown:
    digits = "".join(sign for sign in account.handle if sign.isdigit())
    ends = {"display_phone_number": digits, "phone_number_id": account.id}
    return {"messaging_product": "whatsapp", "metadata": ends}


def received(account: Account, name: str, message: Shown, who: str, at: int) -> Shown:
    said = {**_from(who), "timestamp": str(at // 1000), **message}
    return {**metadata(account), "contacts": [contact(name, who)], "messages": [said]}


def echoed(account: Account, chat: Chat, name: str) -> Shown:
    digits = metadata(account)["metadata"]["display_phone_number"]
    whom = {"to_user_id": chat.who} if hides(chat.who) else {"to": chat.who, "to_user_id": user_id(chat.who)}
    echo = {"from": digits, **whom, "id": chat.id, "timestamp": str(chat.at // 1000), **chat.content}
    return {**metadata(account), "contacts": [contact(name, chat.who)], "message_echoes": [echo]}


def status(
    account: Account, chat: Chat, name: str, state: Status, at: int, error: int | None = None
) -> Shown:
    """What the app wrote beside the message comes back with each of its states."""
    told: Shown = {"id": chat.id, "status": state, "timestamp": str(at // 1000), **_recipient(chat.who)}
    if chat.key is not None:
        told["biz_opaque_callback_data"] = chat.key
    if error is not None:
        told["errors"] = [{"code": error, "title": "Message failed to send", "message": "Message failed"}]
    elif state == "sent":
        told["pricing"] = {"billable": True, "pricing_model": "PMP", "category": "service"}
    return {**metadata(account), "contacts": [contact(name, chat.who)], "statuses": [told]}


def contact(name: str, who: str) -> Shown:
    """Who hides their number has a user name instead."""
    if hides(who):
        username = name.lower().replace(" ", ".")
        return {"profile": {"name": name, "username": username}, "user_id": who}
    return {"profile": {"name": name}, "wa_id": who, "user_id": user_id(who)}


def user_id(who: str) -> str:
    return who if hides(who) else f"IE.{who[::-1]}"


def hides(who: str) -> bool:
    return "." in who


def _from(who: str) -> Shown:
    return {"from_user_id": who} if hides(who) else {"from": who, "from_user_id": user_id(who)}


def _recipient(who: str) -> Shown:
    if hides(who):
        return {"recipient_user_id": who}
    return {"recipient_id": who, "recipient_user_id": user_id(who)}
