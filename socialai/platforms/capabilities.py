"""What a platform can do, as data: screens, composer, orchestrator and jobs read it, and never its name."""

from datetime import timedelta

from msgspec import Struct

from socialai.domain.limits import Limits
from socialai.domain.moderation import Deed


class Polling(Struct, frozen=True):
    """`every` at the soonest, in seconds; `price` says what reading costs, and where it does nobody polls
    unless an owner asked for it."""

    every: float
    price: str | None = None


class Capabilities(Struct, frozen=True, kw_only=True):
    """`messages` and `comments` are the limits of private messages and of public comments; None: it has
    none of these.

    `private_answer`: how long after a comment its author may be answered in private, once; None: never.
    `deeds`: what may be done to comments of others (`hide`, `unhide`, `delete`); `own_deeds`: to our own, and
    `private_deeds`: to our private messages (`delete`, `edit`).
    `keeps`: how long the platform's terms let us keep what others wrote, `keeps_profiles` who they are.
    `renews`: how long before its end a token is renewed; None: tokens are not renewed.
    `embeds`: it stands on pages of the shop's own site.
    `needs`: what an owner must have or pay before it works. `terms`: what the platform does not allow.
    """

    messages: Limits | None = None
    comments: Limits | None = None
    private_answer: timedelta | None = None
    deeds: frozenset[Deed] = frozenset()
    own_deeds: frozenset[Deed] = frozenset()
    private_deeds: frozenset[Deed] = frozenset()
    typing: bool = False
    receipts: bool = False
    profiles: bool = False
    webhooks: bool = True
    embeds: bool = False
    polling: Polling | None = None
    keeps: timedelta | None = None
    keeps_profiles: timedelta | None = None
    renews: timedelta | None = None
    needs: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    def limits(self, *, in_public: bool) -> Limits:
        """Of a conversation that there is, so that one of the two is set."""
        limits = self.comments if in_public else self.messages
        assert limits, "the platform has no such conversations"
        return limits
