"""Every payload in the shared folder, other people's recordings: what comes of each.

The folder is not part of the repository and nothing of it is quoted here, so what a happening says is
checked against the recording itself.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from socialai.domain.happening import Happening
from socialai.errors import ParseError
from socialai.platforms.facebook import Facebook

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("SOCIALAI_SHARED", ROOT.parent / "shared"))
FOLDER = SHARED / "contracts" / "payloads" / "facebook"

FEED = ["ignored: A post, comment or reaction on the Page; the hub reads private messages only."]
MENTION = ["ignored: The Page was mentioned in public; the hub reads private messages only."]
LINKING = ["ignored: The contact linked or unlinked an account; the hub does not use account linking."]

EXPECTED: dict[str, list[str]] = {
    "composed__batch-messages-echo-comment": ["received text", "echoed text by app", *FEED],
    "restfb__api-v2_5-messages-with-attachments": ["refused"],
    "restfb__feed-comment-add-211": FEED,
    "restfb__feed-comment-add-with-photo": FEED,
    "restfb__feed-comment-edited-with-photo": FEED,
    "restfb__feed-comment-hide": FEED,
    "restfb__feed-like-add-comment-25": FEED,
    "restfb__feed-like-add-page-25": FEED,
    "restfb__feed-like-remove-25": FEED,
    "restfb__feed-photo-add-message": FEED,
    "restfb__feed-photo-edited": FEED,
    "restfb__feed-photo-hide": FEED,
    "restfb__feed-post-add-25": FEED,
    "restfb__feed-post-hide": FEED,
    "restfb__feed-reaction-add-reply": FEED,
    "restfb__feed-reaction-edit": FEED,
    "restfb__feed-reaction-remove": FEED,
    "restfb__feed-share-unhide": FEED,
    "restfb__feed-status-add-25": FEED,
    "restfb__feed-status-edited-photos": FEED,
    "restfb__feed-status-hide-25": FEED,
    "restfb__feed-two-entries-25": [
        "ignored: A change of the Page the hub does not read: parking.",
        "ignored: A change of the Page the hub does not read: payment_options.",
    ],
    "restfb__feed-video-edited": FEED,
    "restfb__feed-video-hide": FEED,
    "restfb__feed-video-remove-25": FEED,
    "restfb__feed-video-unblock": FEED,
    "restfb__mention-comment-add": MENTION,
    "restfb__mention-post-add-real": MENTION,
    "restfb__messaging-accountlinking-linked": LINKING,
    "restfb__messaging-accountlinking-unlinked": LINKING,
    "restfb__messaging-delivery-basic": ["delivered 1 at its watermark"],
    "restfb__messaging-message-basic": ["received text"],
    "restfb__messaging-message-fallback-attachment": ["received attachment fallback"],
    "restfb__messaging-message-isdeleted": ["deleted"],
    "restfb__messaging-message-isunsupported": ["received unsupported"],
    "restfb__messaging-message-nlp-url": ["received text"],
    "restfb__messaging-message-prior": ["received text"],
    "restfb__messaging-message-product-template-2": ["received text template"],
    "restfb__messaging-message-reply-1": ["received text in reply"],
    "restfb__messaging-message-sticker": ["received sticker image"],
    "restfb__messaging-optin-userref": [
        "ignored: The contact agreed to get messages; that is not a message."
    ],
    "restfb__messaging-pass-thread-control": ["ignored: Another app was given the conversation."],
    "restfb__messaging-policy-callback-block": [
        "ignored: Facebook warned or blocked this app; look at Page Quality in Facebook."
    ],
    "restfb__messaging-postback-chat": [
        "ignored: A visitor of the website who is not signed in to Messenger; nobody can be answered."
    ],
    "restfb__messaging-postback-referral": ["received postback with payload"],
    "restfb__messaging-reaction-2": ["reacted nothing"],
    "restfb__messaging-read-basic": ["read"],
    "restfb__permission-granted.wh-2": ["ignored: A permission of the app changed."],
    "restfb__standby-message-basic-echo": ["echoed text by app"],
    "restfb__unknown-change-value": ["ignored: A change of the Page the hub does not read: foo."],
}

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the shared payloads are not at {FOLDER}; set SOCIALAI_SHARED to test them"
)


def test_every_shared_payload_has_an_expectation() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_shared_payload_becomes_what_is_expected(name: str) -> None:
    assert outcome((FOLDER / f"{name}.json").read_bytes()) == EXPECTED[name]


@pytest.mark.parametrize("name", [name for name, said in EXPECTED.items() if said != ["refused"]])
def test_what_is_said_stands_in_the_shared_payload(name: str) -> None:
    body = (FOLDER / f"{name}.json").read_bytes()
    recorded = set(leaves(msgspec.json.decode(body)))
    for what in Facebook.parse(body):
        said = {key: value for key, value in fields(what).items() if key not in ("type", "kind", "reason")}
        assert {value for value in leaves(said) if not value.startswith("postback:")} <= recorded


@pytest.mark.parametrize("name", [name for name, said in EXPECTED.items() if said != ["refused"]])
def test_the_page_is_the_channel_in_every_shared_payload(name: str) -> None:
    body = (FOLDER / f"{name}.json").read_bytes()
    (page,) = {str(each["recipient"]["id"]) for each in items(body)} or {""}
    for what in Facebook.parse(body):
        assert fields(what).get("channel", page) == page


def outcome(body: bytes) -> list[str]:
    try:
        return [compact(what) for what in Facebook.parse(body)]
    except ParseError:
        return ["refused"]


def compact(what: Happening) -> str:
    """A happening without its ids, times and texts."""
    said = fields(what)
    kind = said["type"]
    if kind == "ignored":
        return f"ignored: {said['reason']}"
    words = [kind, said.get("kind") or ("text" if kind == "echoed" and said["text"] else "")]
    words += [each["kind"] for each in said.get("attachments", ())]
    marks = {"reply_to": "in reply", "payload": "with payload", "app_id": "by app", "key": "of ours"}
    words += [mark for field, mark in marks.items() if said.get(field)]
    if kind == "delivered":
        words += [f"{len(said['external_ids'])} at its watermark" if said["at"] == said["watermark"] else ""]
    if kind == "reacted":
        words += [said["emoji"] or "nothing"]
    return " ".join(filter(None, words))


def fields(what: Happening) -> dict[str, Any]:
    """Times as Facebook writes them, in milliseconds."""
    told: dict[str, Any] = msgspec.to_builtins(what)
    for name in ("at", "watermark"):
        if hasattr(what, name):
            told[name] = str(round(getattr(what, name).timestamp() * 1000))
    return told


def items(body: bytes) -> list[Any]:
    entries = msgspec.json.decode(body)["entry"]
    return [item for entry in entries for item in entry.get("messaging", []) + entry.get("standby", [])]


def leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from leaves(each)
    elif value not in (None, "", False, True):
        yield str(value)
