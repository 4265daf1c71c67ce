"""What must come of each payload that others recorded of Facebook (../shared, not part of the repository)."""

LINKING = ["ignored: The contact linked or unlinked an account; the hub does not use account linking."]

EXPECTED: dict[str, list[str]] = {
    "composed__batch-messages-echo-comment": ["received text", "echoed text by app", "echoed text in public"],
    "restfb__api-v2_5-messages-with-attachments": ["refused"],
    "restfb__feed-comment-add-211": ["echoed text in public"],
    "restfb__feed-comment-add-with-photo": ["echoed text image in public"],
    "restfb__feed-comment-edited-with-photo": ["edited in public"],
    "restfb__feed-comment-hide": ["hidden in public"],
    "restfb__feed-like-add-comment-25": ["ignored: Somebody likes a post, a comment or the Page."],
    "restfb__feed-like-add-page-25": ["ignored: Somebody likes a post, a comment or the Page."],
    "restfb__feed-like-remove-25": ["ignored: Somebody likes a post, a comment or the Page."],
    "restfb__feed-photo-add-message": ["ignored: The Page's own post."],
    "restfb__feed-photo-edited": ["ignored: The Page's own post."],
    "restfb__feed-photo-hide": ["ignored: The Page's own post."],
    "restfb__feed-post-add-25": ["received text in public"],
    "restfb__feed-post-hide": ["hidden in public"],
    "restfb__feed-reaction-add-reply": ["ignored: Somebody reacted to a post or a comment."],
    "restfb__feed-reaction-edit": ["ignored: Somebody reacted to a post or a comment."],
    "restfb__feed-reaction-remove": ["ignored: Somebody reacted to a post or a comment."],
    "restfb__feed-share-unhide": ["ignored: The Page's own post."],
    "restfb__feed-status-add-25": ["ignored: The Page's own post."],
    "restfb__feed-status-edited-photos": ["ignored: The Page's own post."],
    "restfb__feed-status-hide-25": ["hidden in public"],
    "restfb__feed-two-entries-25": [
        "ignored: A change of the account that the hub does not read: parking.",
        "ignored: A change of the account that the hub does not read: payment_options.",
    ],
    "restfb__feed-video-edited": ["ignored: The Page's own post."],
    "restfb__feed-video-hide": ["ignored: The Page's own post."],
    "restfb__feed-video-remove-25": ["ignored: The Page's own post."],
    "restfb__feed-video-unblock": [
        "ignored: A change of the account that the hub does not read: feed video unblock."
    ],
    "restfb__mention-comment-add": ["ignored: Facebook does not say who it was, so nobody can be answered."],
    "restfb__mention-post-add-real": [
        "ignored: Facebook does not say who it was, so nobody can be answered."
    ],
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
        "ignored: Meta warned or blocked this app; look at the account's quality page there."
    ],
    "restfb__messaging-postback-chat": [
        "ignored: A visitor of the website who is not signed in to Messenger; nobody can be answered."
    ],
    "restfb__messaging-postback-referral": ["received postback with payload"],
    "restfb__messaging-reaction-2": ["reacted nothing"],
    "restfb__messaging-read-basic": ["read"],
    "restfb__permission-granted.wh-2": ["ignored: A permission of the app changed."],
    "restfb__standby-message-basic-echo": ["echoed text by app"],
    "restfb__unknown-change-value": ["ignored: A change of the account that the hub does not read: foo."],
}
