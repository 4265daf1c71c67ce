"""What Instagram's own codes mean, beside those of all of Meta."""

from socialai.platforms.meta.failures import Meaning, Meanings, Refusals

_WINDOW = Meaning(
    "permanent",
    "Too long since the contact last wrote; Instagram lets the account answer only after they do.",
)
_NOBODY = Meaning("permanent", "Instagram knows no such person for this account.")
_RESTRICTED = Meaning(
    "permanent", "Instagram restricted this account or the contact's; look at Account status in the app."
)
_GONE = Meaning("permanent", "This is gone, or Instagram does not show it to the account any more.")
_ANSWERED = Meaning(
    "permanent", "This was answered in private before, which Instagram allows once, or it is gone."
)
_LIMIT = Meaning("retry", "The account reached a limit of Instagram; the hub tries again when it is lifted.")

_OWN: Meanings = {
    (10, 1893063): _RESTRICTED,
    (10, 2018278): _WINDOW,
    (10, 2534022): _WINDOW,
    (10, 10900): _ANSWERED,
    (100, 33): _GONE,
    (100, 2534014): _NOBODY,
    (100, 2534029): _RESTRICTED,
    (200, 2534041): Meaning(
        "reauthorise",
        "Access to messages is switched off: in the Instagram app open Settings → Messages and story replies "
        "→ Message controls → Connected tools and allow it; then check the connection.",
    ),
    (230, None): Meaning("permanent", "Instagram tells nothing of somebody who never wrote a message."),
    (551, None): Meaning("permanent", "The contact cannot be reached: they blocked the account or left."),
    (613, 2534040): _LIMIT,
    (10900, None): _ANSWERED,
    (80002, None): _LIMIT,
    (9000001, None): Meaning("permanent", "Instagram does not tell anything so long ago any more."),
}

REFUSALS = Refusals("Instagram", "account", _OWN)
