"""What must come of each payload that others recorded of WhatsApp (../shared, no part of the repository)."""

UNDELIVERABLE = (
    "failed: WhatsApp could not deliver it: "
    "the contact has none, an old version of it, or blocked the number."
)
BANNED = (
    "cut: Meta disabled the WhatsApp Business account for breaking a rule; see WhatsApp Manager. "
    "From January 31, 2021 on."
)

EXPECTED: dict[str, list[str]] = {
    "botpress__smb-message-echo-text": ["echoed text"],
    "botpress__status-failed-bsuid-only": [UNDELIVERABLE],
    "botpress__username-only-message-no-waid-no-from": ["received text"],
    "composed__batch-text-and-status": ["received text", "delivered by several names"],
    "meta-openapi__button-message": ["received quick_reply in reply with payload"],
    "meta-openapi__contact-sharing-message": ["received attachment contact"],
    "meta-openapi__interactive-button-reply-message": ["received quick_reply in reply with payload"],
    "meta-openapi__interactive-list-reply-message": ["received quick_reply in reply with payload"],
    "meta-openapi__reaction-message": ["reacted 👍"],
    "meta-openapi__text-message-from-click-to-whatsapp-ad": ["received text ad"],
    "meta-openapi__text-message": ["received text"],
    "meta-openapi__unsupported-message": ["received unsupported"],
    "pywa__callback_button-button": ["received quick_reply in reply with payload by several names"],
    "pywa__callback_button-quick_reply_without_context": [
        "received quick_reply with payload by several names"
    ],
    "pywa__callback_selection-description": ["received quick_reply in reply with payload by several names"],
    "pywa__deleted_message-revoke": ["deleted by several names"],
    "pywa__edited_message-image": ["edited by several names"],
    "pywa__message-animated_sticker": ["received sticker sticker by several names"],
    "pywa__message-audio": ["received attachment audio by several names"],
    "pywa__message-current_location": ["received attachment location by several names"],
    "pywa__message-forwarded": ["received text by several names"],
    "pywa__message-image": ["received attachment image by several names"],
    "pywa__message-media_with_url": ["received attachment image by several names"],
    "pywa__message-order": ["received attachment order order order by several names"],
    "pywa__message-reply": ["received text in reply by several names"],
    "pywa__message-static_sticker": ["received sticker sticker by several names"],
    "pywa__message-unreaction_empty": ["reacted by several names nothing"],
    "pywa__message-unsupported": ["received unsupported by several names"],
    "pywa__message-video": ["received text video by several names"],
    "pywa__message_status-failed": [
        "failed: WhatsApp did not deliver it: the contact is part of an experiment of Meta's."
    ],
    "pywa__message_status-sent": ["ignored: WhatsApp has the message; that it arrives is told separately."],
    "pywa__outgoing_message-text": ["echoed text by several names"],
    "pywa__system-phone_number_change": ["moved"],
    "restfb__message-response-phone-precedence": ["refused"],
    "restfb__webhook-accountUpdate-banned": [BANNED],
    "restfb__webhook-accountUpdate-verified": ["ignored: News of the account: VERIFIED_ACCOUNT."],
    "restfb__webhook-group-participants-update": ["ignored: Somebody came into a group or left it."],
    "restfb__webhook-incoming-message-ads": ["received text ad"],
    "restfb__webhook-incoming-message-contacts": ["received attachment contact by several names"],
    "restfb__webhook-incoming-message-document": ["received text file"],
    "restfb__webhook-incoming-message-emoji": ["reacted 👍🏻"],
    "restfb__webhook-incoming-message-image": ["received text image"],
    "restfb__webhook-incoming-message-location": ["received attachment location"],
    "restfb__webhook-incoming-message-status-bsuid": ["delivered"],
    "restfb__webhook-incoming-message-status-errors": [UNDELIVERABLE],
    "restfb__webhook-incoming-message-status-group-bsuid": ["read in public by several names"],
    "restfb__webhook-incoming-message-status-ui": [
        "ignored: WhatsApp has the message; that it arrives is told separately."
    ],
    "restfb__webhook-incoming-message-system": ["moved"],
    "restfb__webhook-incoming-message-text-bsuid": ["received text in public"],
    "restfb__webhook-messageTemplateStatusUpdate-disabling": [
        "ignored: Meta decided something about a message template."
    ],
    "restfb__webhook-phoneNumberNameUpdate": ["ignored: Meta decided about the number's display name."],
    "restfb__webhook-userIdUpdate": ["moved"],
}
