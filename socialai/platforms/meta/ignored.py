"""What Meta sends that the hub knows and does not keep, each with its reason."""

from collections.abc import Iterable, Mapping

from socialai.domain.happening import Ignored

_ITEMS: Mapping[str, str] = {
    "optin": "The contact agreed to get messages; that is not a message.",
    "referral": "The contact followed a link or an advertisement into the conversation.",
    "account_linking": "The contact linked or unlinked an account; the hub does not use account linking.",
    "prior_message": "A pointer to an earlier message, without a message of its own.",
    "pass_thread_control": "Another app was given the conversation.",
    "take_thread_control": "The conversation was taken from another app.",
    "request_thread_control": "Another app asked for the conversation.",
    "app_roles": "The roles of the account's apps changed.",
    "policy-enforcement": "Meta warned or blocked this app; look at the account's quality page there.",
    "messaging_feedback": "The contact answered a feedback form; the hub does not read those.",
    "game_play": "The contact played a game.",
}
_OBJECTS: Mapping[str, str] = {
    "permissions": "A permission of the app changed.",
    "user": "A change of a person's account, not of the business's.",
    "application": "A change of the app, not of the account.",
}
_AROUND = {"sender", "recipient", "timestamp"}


def item(fields: Iterable[str]) -> Ignored:
    """Why an item without any content we read is ignored."""
    kinds = [field for field in fields if field not in _AROUND]
    known = next((_ITEMS[kind] for kind in kinds if kind in _ITEMS), None)
    return Ignored(reason=known or f"An event the hub does not know: {_shown(kinds)}.")


def change(field: str) -> Ignored:
    return Ignored(reason=f"A change of the account that the hub does not read: {_shown([field])}.")


def delivery(kind: str) -> Ignored | None:
    """A delivery about something other than an account: the reason, or None when we do not expect it at
    all."""
    reason = _OBJECTS.get(kind)
    return Ignored(reason=reason) if reason else None


def stranger() -> Ignored:
    return Ignored(
        reason="A visitor of the website who is not signed in to Messenger; nobody can be answered."
    )


def to_itself() -> Ignored:
    return Ignored(reason="The account wrote to itself to try something out; nobody waits for an answer.")


def nothing() -> Ignored:
    return Ignored(reason="A delivery without content.")


def _shown(names: Iterable[str]) -> str:
    return ", ".join(name[:40] for name in sorted(names)[:5]) or "nothing in it"
