"""What is said of the account and not of a conversation. Source: Meta's reference of webhook fields."""

from collections.abc import Callable, Mapping

from msgspec import Raw, Struct, field

from socialai.domain.happening import Cut, Happening, Ignored, Moved, Noted
from socialai.platforms.meta import ignored
from socialai.platforms.meta.wire import Change, Entry, instant
from socialai.platforms.reading import Id, decode, name
from socialai.platforms.whatsapp import wire
from socialai.platforms.whatsapp.people import who

_OF_NO_INTEREST: Mapping[str, str] = {
    "message_template_status_update": "Meta decided something about a message template.",
    "message_template_quality_update": "The quality of a message template changed.",
    "message_template_components_update": "A message template was changed.",
    "template_category_update": "A message template has another category.",
    "template_correct_category_detection": "Meta found that a message template has another category.",
    "phone_number_name_update": "Meta decided about the number's display name.",
    "phone_number_quality_update": "How much the number may send changed.",
    "account_alerts": "An alert about the account; WhatsApp Manager shows it.",
    "account_review_update": "Meta reviewed the account.",
    "account_settings_update": "Settings of the account changed.",
    "business_capability_update": "What the account may do changed.",
    "business_status_update": "The state of the business at Meta changed.",
    "business_username_update": "The business has another user name.",
    "security": "Somebody changed a security setting of the account.",
    "flows": "Something about a form (flow) changed.",
    "history": "What was said before the number came to this hub; it is not taken over.",
    "smb_app_state_sync": "The address book of the WhatsApp Business app changed.",
    "group_lifecycle_update": "A group was made or ended.",
    "group_participants_update": "Somebody came into a group or left it.",
    "group_settings_update": "The settings of a group changed.",
    "group_status_update": "The state of a group changed.",
    "payment_configuration_update": "Settings of payments changed.",
    "partner_solutions": "A solution of several partners changed.",
    "tracking_events": "A figure of an advertisement.",
    "automatic_events": "An event that WhatsApp found in a chat by itself, for advertisements.",
}
_CUTS: Mapping[str, str] = {
    "ACCOUNT_DELETED": "The WhatsApp Business account was deleted.",
    "ACCOUNT_OFFBOARDED": "The number left the API: it was registered on another device. Connect it again.",
    "PARTNER_REMOVED": "The WhatsApp Business account is no longer shared with this app. Share it again.",
    "PARTNER_APP_UNINSTALLED": "The app lost its access to the WhatsApp Business account. Connect it again.",
}
_DISABLED = "Meta disabled the WhatsApp Business account for breaking a rule; see WhatsApp Manager."
_RESTRICTED = "Meta lets the WhatsApp Business account answer nobody for now; see WhatsApp Manager."
_CALLED = "The contact called on WhatsApp; calls do not come into the hub."
_REINSTATED = "REINSTATE"
_NO_ANSWERS = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"


class Ban(Struct):
    waba_ban_state: str = ""
    waba_ban_date: str | None = None


class Restriction(Struct):
    restriction_type: str = ""


class Info(Struct):
    waba_id: Id | None = None


class Update(Struct, frozen=True):
    event: str = ""
    ban_info: Ban | None = None
    restriction_info: list[Restriction] = []
    waba_info: Info | None = None


class Renamed(Struct):
    previous: Id
    current: Id


class IdUpdate(Struct):
    user_id: Renamed
    timestamp: Id


class IdUpdates(Struct):
    metadata: wire.Metadata
    user_id_update: list[IdUpdate]


class Preference(Struct):
    wa_id: Id | None = None
    user_id: Id | None = None
    value: str = ""
    timestamp: Id | None = None


class Preferences(Struct):
    metadata: wire.Metadata
    user_preferences: list[Preference]


class Call(Struct):
    caller: Id | None = field(name="from", default=None)
    event: str = ""
    timestamp: Id | None = None


class Calls(Struct, frozen=True):
    metadata: wire.Metadata = wire.Metadata()
    calls: list[Call] = []


def read(change: Change, entry: Entry) -> list[Happening]:
    """ParseError when what is needed is missing."""
    if reader := _READERS.get(change.field):
        return reader(change.value, entry)
    reason = _OF_NO_INTEREST.get(change.field)
    return [Ignored(reason=reason) if reason else ignored.change(change.field)]


def _updated(raw: Raw, entry: Entry) -> list[Happening]:
    update = decode(raw, Update)
    if update.ban_info and update.ban_info.waba_ban_state == _REINSTATED:
        return [Ignored(reason="The account is in order again; check the connection on the channel's page.")]
    reason = _cut(update)
    if reason is None:
        return [Ignored(reason=f"News of the account: {update.event[:60] or 'nothing in it'}.")]
    told = update.waba_info and update.waba_info.waba_id
    return [Cut(channel=name(told or entry.id), at=instant(name(entry.time)), reason=reason)]


def _cut(update: Update) -> str | None:
    if update.event == "DISABLED_UPDATE":
        since = update.ban_info and update.ban_info.waba_ban_date
        return f"{_DISABLED} From {since} on." if since else _DISABLED
    if any(each.restriction_type == _NO_ANSWERS for each in update.restriction_info):
        return _RESTRICTED
    return _CUTS.get(update.event)


def _renamed(raw: Raw, _entry: Entry) -> list[Happening]:
    found = decode(raw, IdUpdates)
    return [
        Moved(
            channel=name(found.metadata.phone_number_id),
            contact=name(each.user_id.previous),
            at=instant(name(each.timestamp)),
            to=name(each.user_id.current),
        )
        for each in found.user_id_update
    ] or [ignored.nothing()]


def _preferred(raw: Raw, _entry: Entry) -> list[Happening]:
    found = decode(raw, Preferences)
    channel = name(found.metadata.phone_number_id)
    return [
        who((), each.wa_id, each.user_id).say(
            Noted,
            channel=channel,
            at=instant(name(each.timestamp)),
            text="The contact wants no marketing messages."
            if each.value == "stop"
            else "The contact takes marketing messages again.",
        )
        for each in found.user_preferences
    ] or [ignored.nothing()]


def _called(raw: Raw, _entry: Entry) -> list[Happening]:
    found = decode(raw, Calls)
    return [
        who((), call.caller, None).say(
            Noted,
            channel=name(found.metadata.phone_number_id),
            at=instant(name(call.timestamp)),
            text=_CALLED,
        )
        for call in found.calls
        if call.event == "connect"
    ] or [Ignored(reason="A call came to its end.")]


_READERS: Mapping[str, Callable[[Raw, Entry], list[Happening]]] = {
    "account_update": _updated,
    "calls": _called,
    "user_id_update": _renamed,
    "user_preferences": _preferred,
}
