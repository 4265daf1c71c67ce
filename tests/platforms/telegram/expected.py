"""What must come of each payload that others recorded of Telegram (../shared, not part of the repository)."""

TALK = "ignored: Said in a group without naming the bot, answering it or giving it a command."
NO_WORDS = "ignored: A file or a live place of a message changed, and none of its words."
_NOTICE = "ignored: A notice of the group or chat, not a message:"
CAME, LEFT = f"{_NOTICE} somebody came in.", f"{_NOTICE} somebody left."
NEAR, VIDEO_CHAT = f"{_NOTICE} two people came near each other.", f"{_NOTICE} a video chat."

EXPECTED: dict[str, list[str]] = {
    "chatwoot__audio": ["received attachment audio"],
    "chatwoot__caption-only": ["received text"],
    "chatwoot__group-text": [TALK],
    "chatwoot__photo": ["received attachment image"],
    "chatwoot__voice": ["received attachment audio"],
    "telegrambots__java-testdeserializationchatmember": ["refused"],
    "telegrambots__java-testdeserializationclosemethod": ["refused"],
    "telegrambots__java-testlistupdates2-getUpdates-6": [
        *("received postback", "received postback", "received attachment image", "received attachment audio"),
        *("received postback", "received attachment file"),
    ],
    "telegrambots__java-testlistupdates3-getUpdates-47": [
        *("received postback", "received attachment file", CAME, LEFT, CAME, "moved in public"),
        *("moved in public", *[TALK] * 6, *[NO_WORDS] * 3, TALK, *[NO_WORDS] * 5, TALK, NEAR),
        *(*[NO_WORDS] * 9, TALK, *[NO_WORDS] * 2, "edited in public", *[NO_WORDS] * 2, TALK, *[NO_WORDS] * 7),
    ],
    "telegrambots__java-testlistupdatesvoicechat-getUpdates-5": [
        *(f"{_NOTICE} it was made.", "moved in public", VIDEO_CHAT, VIDEO_CHAT, VIDEO_CHAT),
    ],
    "telegrambots__update-edited-message-text": ["edited in public"],
    "telegrambots__update-message-document": ["received attachment file"],
    "telegrambots__update-message-left-chat-member": [LEFT],
    "telegrambots__update-message-message-auto-delete-timer-changed": [
        f"{_NOTICE} messages delete themselves after another time."
    ],
    "telegrambots__update-message-photo": ["received attachment image"],
    "telegrambots__update-message-sender-chat-proximity-alert-triggered": [NEAR],
    "telegrambots__update-message-sticker": [TALK],
    "telegrambots__update-message-text": ["received postback"],
    "telegrambots__update-message-video-chat-ended": [VIDEO_CHAT],
    "telegrambots__update-message-video-chat-started": [VIDEO_CHAT],
    "telegrambots__update-poll-answer-poll-id-user-option-ids": ["ignored: Somebody voted in a poll."],
}
