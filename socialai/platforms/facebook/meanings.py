"""What Facebook's own codes mean, beside those of all of Meta."""

from socialai.platforms.meta.failures import Meaning, Meanings, Refusals

_WINDOW = Meaning(
    "permanent", "Too long since the contact last wrote; Facebook lets the Page answer only after they do."
)
_AWAY = Meaning("permanent", "The contact cannot be reached: they blocked the Page or left Messenger.")
_ANSWERED = Meaning("permanent", "This comment was answered in private before; Facebook allows that once.")
_GONE = Meaning("permanent", "The comment is gone, or Facebook does not show it to the Page any more.")
_LIMIT = Meaning("retry", "The Page reached a limit of Facebook; the hub tries again when it is lifted.")

_OWN: Meanings = {
    (10, 2018065): _WINDOW,
    (10, 2018108): _AWAY,
    (10, 2018278): _WINDOW,
    (10, 1545041): _AWAY,
    (10, 10900): _ANSWERED,
    (10900, None): _ANSWERED,
    (100, 33): _GONE,
    (100, 2018001): Meaning("permanent", "Facebook knows no such person for this Page."),
    (200, 1545041): _AWAY,
    (551, None): _AWAY,
    (1705, None): Meaning(
        "permanent", "The token is a person's, not the Page's; connect the Page with its own token."
    ),
    (80001, None): _LIMIT,
    (80006, None): _LIMIT,
}

REFUSALS = Refusals("Facebook", "Page", _OWN)
