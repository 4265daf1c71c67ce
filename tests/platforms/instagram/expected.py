"""What must come of each payload that others recorded of Instagram (../shared, no part of the repository)."""

MENTIONED = (
    "ignored: Somebody mentioned the account under a post that is not its own; "
    "Instagram says neither who it was nor what they wrote."
)

EXPECTED: dict[str, list[str]] = {
    "chatwoot__attachment-share": ["received attachment share"],
    "chatwoot__standby": ["received text"],
    "chatwoot__story-reply": ["received text story"],
    "metadocs__message-echo-text": ["echoed text"],
    "metadocs__message-edit": ["edited"],
    "metadocs__message-text-ms-timestamps": ["received text"],
    "metadocs__postback": ["received postback with payload"],
    "restfb__api-instagram-conversation": ["refused"],
    "restfb__api-instagram-message-story": ["refused"],
    "restfb__comment_missing_user": ["refused"],
    "restfb__messaging-attachment-unsupported": ["received unsupported unsupported_type"],
    "restfb__messaging-seen": ["read"],
    "restfb__wh-comments-2021": ["received text in reply in public"],
    "restfb__wh-comments": ["ignored: Instagram does not say who it was, so nobody can be answered."],
    "restfb__wh-mentions": [MENTIONED],
}
