"""What Meta asks of an app that answers for a WhatsApp number. Source: shared contract sheet."""

from socialai.platforms.review import of_meta

REVIEW = of_meta(
    "WhatsApp",
    {
        "whatsapp_business_messaging": "We receive what customers write to the business's number, and send "
        "our answers within 24 hours, or an approved message template after that.",
        "whatsapp_business_management": "We read the number's name and state, and subscribe the account to "
        "webhooks, so that a message is shown at once.",
    },
)
