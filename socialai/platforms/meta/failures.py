"""What each refusal of the Graph API means for us. Codes and sources: shared contract sheets."""

from collections.abc import Mapping

import httpx
import msgspec
from msgspec import Struct

from socialai.errors import DeliveryError, Outcome
from socialai.platforms.meta import usage


class Meaning(Struct, frozen=True):
    """`says` is for the owner of a shop: what happened, and what to do."""

    outcome: Outcome
    says: str


Meanings = Mapping[tuple[int, int | None], Meaning]
"""By code and subcode; None is every other subcode."""


_BUSY = Meaning("retry", "{title} has a problem of its own right now; the hub tries again.")
_LIMIT = Meaning("retry", "The {account} reached a limit of {title}; the hub tries again when it is lifted.")
_UNCLEAR = Meaning(
    "unknown", "{title} did not say whether the message went out; the hub looks before it tries again."
)
_TOKEN = Meaning(
    "reauthorise", "{title} no longer accepts the {account}'s access token; connect the {account} again."
)
_PASSWORD = Meaning(
    "reauthorise", "The password of the person who connected the {account} changed; connect it again."
)
_ROLE = Meaning(
    "reauthorise", "Who connected the {account} has no role there any more; connect it as an administrator."
)
_CONFIRM = Meaning(
    "reauthorise", "{title} wants the person who connected the {account} to sign in there; then connect it."
)
_PERMISSION = Meaning(
    "reauthorise", "The app lacks a permission for this {account}; connect it again and grant all of them."
)
_BAD = Meaning("permanent", "{title} does not accept this as it is.")
_UNSEEN = Meaning("permanent", "{title} shows nothing under this id to this token; check the ids.")
_POLICY = Meaning(
    "permanent", "{title} stopped the {account} for breaking a rule; look at its quality page there."
)

_SHARED: Meanings = {
    **{(code, None): _PERMISSION for code in range(200, 300)},
    (1, None): _BUSY,
    (1, 1357046): _UNCLEAR,
    (2, None): _BUSY,
    (4, None): _LIMIT,
    (10, None): _PERMISSION,
    (17, None): _LIMIT,
    (32, None): _LIMIT,
    (100, None): _BAD,
    (100, 33): _UNSEEN,
    (102, None): _TOKEN,
    (190, None): _TOKEN,
    (190, 458): _PERMISSION,
    (190, 459): _CONFIRM,
    (190, 460): _PASSWORD,
    (190, 463): _TOKEN,
    (190, 464): _CONFIRM,
    (190, 467): _TOKEN,
    (190, 492): _ROLE,
    (341, None): _LIMIT,
    (368, None): _POLICY,
    (613, None): _LIMIT,
}
_STATUSES: Mapping[int, Meaning] = {
    401: _TOKEN,
    408: _BUSY,
    429: _LIMIT,
    # A gateway that got no answer itself cannot tell whether the message was taken.
    502: _UNCLEAR,
    504: _UNCLEAR,
}
"""For answers without a code of Meta's own."""


class GraphError(Struct):
    code: int | None = None
    error_subcode: int | None = None
    is_transient: bool | None = None


class Refusal(Struct):
    error: GraphError | None = None


class Refusals:
    """Reads the answers of one platform. `own` is what its codes mean beside or instead of the shared
    ones."""

    def __init__(self, title: str, account: str, own: Meanings) -> None:
        def worded(meaning: Meaning) -> Meaning:
            return Meaning(meaning.outcome, meaning.says.format(title=title, account=account))

        self.title = title
        self.meanings: Meanings = {key: worded(meaning) for key, meaning in {**_SHARED, **own}.items()}
        self.statuses = {status: worded(meaning) for status, meaning in _STATUSES.items()}

    def find(self, response: httpx.Response) -> DeliveryError | None:
        """The error in an answer, or None when it is one of success."""
        error = _error(response)
        if response.is_success and error is None:
            return None
        meaning = self._meaning(response.status_code, error or GraphError())
        wait = usage.wait(response.headers) if meaning.outcome == "retry" else None
        code = _code(response.status_code, error)
        return DeliveryError(meaning.outcome, meaning.says, code=code, retry_after=wait)

    def _meaning(self, status: int, error: GraphError) -> Meaning:
        code, subcode = error.code, error.error_subcode
        if code is not None and subcode is not None and (exact := self.meanings.get((code, subcode))):
            return exact
        if error.is_transient:
            return self.meanings[2, None]
        if code is not None and (general := self.meanings.get((code, None))):
            return general
        usual = self.meanings[(100, None) if 400 <= status < 500 else (2, None)]
        return self.statuses.get(status, usual)


def _error(response: httpx.Response) -> GraphError | None:
    try:
        return msgspec.json.decode(response.content, type=Refusal, strict=False).error
    except (ValueError, RecursionError):
        return None


def _code(status: int, error: GraphError | None) -> str:
    if error is None or error.code is None:
        return f"http_{status}"
    return str(error.code) if error.error_subcode is None else f"{error.code}/{error.error_subcode}"
