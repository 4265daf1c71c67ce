"""What WhatsApp's own codes mean, beside those of all of Meta: as answers and in the states of messages.

Subcodes are not used any more. Codes and sources: shared contract sheet.
"""

from socialai.platforms.meta.failures import Meaning, Meanings, Refusals

_BUSY = Meaning("retry", "WhatsApp has a problem of its own right now; the hub tries again.")
_LIMIT = Meaning("retry", "The number reached a limit of WhatsApp; the hub tries again when it is lifted.")
_TOKEN = Meaning("reauthorise", "WhatsApp no longer accepts the access token; connect the number again.")
_PERMISSION = Meaning(
    "reauthorise", "The app lacks a permission for this number; connect it again and grant all of them."
)
_WINDOW = Meaning(
    "permanent",
    "Over 24 hours since the contact last wrote; WhatsApp then takes only a message template of yours.",
)
_NOT_THERE = Meaning(
    "permanent",
    "WhatsApp could not deliver it: the contact has none, an old version of it, or blocked the number.",
)
_BAD = Meaning("permanent", "WhatsApp does not accept this message as it is.")
_ACCOUNT = Meaning(
    "permanent", "Meta locked or restricted the account for breaking a rule; look at it in WhatsApp Manager."
)
_TOO_MUCH = Meaning(
    "permanent",
    "WhatsApp held this back, because people get too much of this kind; do not send it again.",
)
_TEMPLATE = Meaning(
    "permanent",
    "WhatsApp does not take the message template; look at its name, its language and its blanks.",
)

_OWN: Meanings = {
    (0, None): _TOKEN,
    (3, None): _PERMISSION,
    (33, None): Meaning("permanent", "WhatsApp knows no such number any more; connect it again."),
    (368, None): _ACCOUNT,
    (80007, None): _LIMIT,
    (130429, None): _LIMIT,
    (130472, None): Meaning(
        "permanent", "WhatsApp did not deliver it: the contact is part of an experiment of Meta's."
    ),
    (130497, None): Meaning("permanent", "This business may write to nobody in the contact's country."),
    (131000, None): _BUSY,
    (131005, None): _PERMISSION,
    (131008, None): _BAD,
    (131009, None): _BAD,
    (131016, None): _BUSY,
    (131021, None): Meaning("permanent", "A number cannot write to itself."),
    (131026, None): _NOT_THERE,
    (131030, None): Meaning(
        "permanent", "A test number writes to numbers on its list only; add the contact's in your Meta app."
    ),
    (131031, None): _ACCOUNT,
    (131037, None): Meaning(
        "permanent", "Meta has not approved the number's name yet; see WhatsApp Manager."
    ),
    (131042, None): Meaning(
        "permanent", "Meta could not charge for it; look at the account's payment method."
    ),
    (131045, None): Meaning("permanent", "The number is not registered; register it in your Meta app."),
    (131047, None): _WINDOW,
    (131048, None): _TOO_MUCH,
    (131049, None): _TOO_MUCH,
    (131050, None): Meaning("permanent", "The contact wants no marketing messages of this business."),
    (131051, None): _BAD,
    (131052, None): Meaning("permanent", "WhatsApp lost the contact's file; ask them to send it again."),
    (131053, None): Meaning("permanent", "WhatsApp could not take the file; its type or size may be wrong."),
    (131056, None): Meaning(
        "retry", "Too many messages to this contact in a short time; the hub tries again a little later."
    ),
    (131057, None): _BUSY,
    (131062, None): Meaning(
        "permanent", "WhatsApp takes this kind of message only with a telephone number, which is not known."
    ),
    (131063, None): _TEMPLATE,
    (131064, None): _TOO_MUCH,
    (133004, None): _BUSY,
    (133010, None): Meaning("permanent", "The number is not registered; register it in your Meta app."),
    (135000, None): _BAD,
    (137000, None): Meaning("permanent", "The contact's security code changed since; write again to go on."),
    **{(code, None): _TEMPLATE for code in (132000, 132001, 132005, 132007, 132008, 132012)},
    **{
        (code, None): Meaning("permanent", "WhatsApp stopped the message template; choose another.")
        for code in (132015, 132016)
    },
}

REFUSALS = Refusals("WhatsApp", "number", _OWN)
