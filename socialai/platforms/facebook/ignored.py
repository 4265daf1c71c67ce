"""What Facebook sends that the hub knows and does not keep, each with its reason."""

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
    "app_roles": "The roles of the Page's apps changed.",
    "policy-enforcement": "Facebook warned or blocked this app; look at Page Quality in Facebook.",
    "messaging_feedback": "The contact answered a feedback form; the hub does not read those.",
    "game_play": "The contact played a game.",
}
_CHANGES: Mapping[str, str] = {
    "feed": "A post, comment or reaction on the Page; the hub reads private messages only.",
    "mention": "The Page was mentioned in public; the hub reads private messages only.",
}
_OBJECTS: Mapping[str, str] = {
    "permissions": "A permission of the app changed.",
    "user": "A change of a person's account, not of the Page.",
    "application": "A change of the app, not of the Page.",
}
_AROUND = {"sender", "recipient", "timestamp"}


def item(fields: Iterable[str]) -> Ignored:
    """Why an item without any content we read is ignored."""
    kinds = [field for field in fields if field not in _AROUND]
    known = next((_ITEMS[kind] for kind in kinds if kind in _ITEMS), None)
    return Ignored(reason=known or f"An event the hub does not know: {_shown(kinds)}.")


def change(field: str) -> Ignored:
    return Ignored(
        reason=_CHANGES.get(field, f"A change of the Page the hub does not read: {_shown([field])}.")
    )


def delivery(kind: str) -> Ignored | None:
    """A delivery about something other than a Page: the reason, or None when we do not expect it at all."""
    reason = _OBJECTS.get(kind)
    return Ignored(reason=reason) if reason else None


def stranger() -> Ignored:
    return Ignored(
        reason="A visitor of the website who is not signed in to Messenger; nobody can be answered."
    )


def nothing() -> Ignored:
    return Ignored(reason="A delivery without content.")


def _shown(names: Iterable[str]) -> str:
    return ", ".join(name[:40] for name in sorted(names)[:5]) or "nothing in it"
