"""A delivery of X's webhooks: its happenings, in order.

The Activity API tells one event at a time, the older account-activity API several. Source: docs.x.com, event
payloads of both; shared contract sheet.
"""

from msgspec import Raw

from socialai.domain.happening import Happening, Unreadable
from socialai.errors import ParseError
from socialai.platforms.reading import decode_body, name
from socialai.platforms.x import account, activity


def parse(body: bytes) -> list[Happening]:
    """Everything a delivery says; ParseError when none of it can be read."""
    fields = decode_body(body, dict[str, Raw], "X")
    found = activity.read(fields["data"]) if "data" in fields else account.read(fields)
    if all(isinstance(what, Unreadable) for what in found):
        raise ParseError("; ".join(what.reason for what in found[:3] if isinstance(what, Unreadable)))
    return found


def split(body: bytes) -> dict[str, bytes]:
    """A delivery is of one account as it is; ParseError when it does not say of which."""
    fields = decode_body(body, dict[str, Raw], "X")
    whose = activity.whose(fields["data"]) if "data" in fields else account.whose(fields)
    return {name(whose): body}
