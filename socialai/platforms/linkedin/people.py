"""Who LinkedIn says somebody is, where the app may know: a member, or another Page.

What it tells may be kept for 24 hours. Source: MS Learn, Profile API; shared contract sheet.
"""

from msgspec import Struct

from socialai.domain.happening import Profile
from socialai.errors import DeliveryError
from socialai.platforms.calls import Calls
from socialai.platforms.linkedin import urns

_MEMBER, _PAGE = "urn:li:person:", "urn:li:organization:"


class Member(Struct):
    localizedFirstName: str | None = None  # noqa: N815 - LinkedIn's names
    localizedLastName: str | None = None  # noqa: N815
    localizedHeadline: str | None = None  # noqa: N815
    vanityName: str | None = None  # noqa: N815


class Page(Struct):
    localizedName: str | None = None  # noqa: N815
    vanityName: str | None = None  # noqa: N815


def find(calls: Calls, urn: str) -> Profile:
    if urn.startswith(_MEMBER):
        number = urns.in_path(urn.removeprefix(_MEMBER))
        return _member(calls.read(f"v2/people/(id:{number})", {}, Member))
    if urn.startswith(_PAGE):
        return _page(page(calls, urn.removeprefix(_PAGE)))
    raise DeliveryError("permanent", "LinkedIn tells nothing of this.", code="unable")


def page(calls: Calls, number: str) -> Page:
    return calls.read(f"rest/organizations/{urns.in_path(number)}", {}, Page)


def _member(member: Member) -> Profile:
    names = filter(None, (member.localizedFirstName, member.localizedLastName))
    told = {"headline": member.localizedHeadline, "username": member.vanityName}
    return Profile(" ".join(names) or None, {key: value for key, value in told.items() if value})


def _page(page: Page) -> Profile:
    return Profile(page.localizedName, {"username": page.vanityName} if page.vanityName else {})
