"""Words that say the same, and words of which only one can hold: what a shop's texts need of them."""

from collections.abc import Iterable
from itertools import combinations

from socialai.domain.facts import stem

_SAME = (
    "price cost costs charge charges charged fee rate priced charging",
    "pay paid pays payment payable",
    "refund refunded reimburse reimbursed repaid",
    "get gets receive receives received got obtain",
    "give gives given gave gift",
    "buy buys bought purchase purchased",
    "begin begins start starts started beginning began",
    "end ends finish finishes finished",
    "ring call phone telephone rang called calls",
    "photo photos picture pictures photograph",
    "allowed permitted permit allow welcome accept accepted accepts admitted permits",
    "bring brings brought",
    "book booking reserve reservation reserved reservations bookings",
    "animal animals pet pets",
    "child children kids kid",
    "car cars vehicle vehicles",
    "bicycle bicycles bike bikes",
    "wifi internet wireless",
    "free complimentary gratis",
    "offer offers provide provides provided supply supplies available serve serves",
    "help assist assistance support",
    "need needs require required requires necessary",
    "want wants wish wishes",
    "send sends sent post posted ship shipped mail",
    "parcel package",
    "open opens opened",
    "last lasts lasting",
    "valid validity",
    "reply replies answer answers respond",
    "collect collects collected pick picked collection",
    "return returns returned",
    "exchange exchanged swap swapped",
    "change changes changed alter amend modify",
    "cancel cancelled cancellation cancelling",
    "fix fixed repair repairs repaired mend mended",
    "about approximately around roughly",
    "additional extra further",
    "whole entire full",
    "maximum most",
    "minimum least",
    "everyone everybody anyone anybody",
    "person people guest guests somebody someone",
    "staff team employees",
    "shop store",
    "company firm business",
    "customer customers client clients",
    "discount reduction off reduced",
    "ill sick",
    "doctor doctors dr",
    "injection injections jab jabs vaccine vaccination vaccinations vaccinated shot",
    "meal meals food",
    "wheelchair accessible disabled",
    "near nearby",
    "big large",
    "month monthly months",
    "year yearly years annual annually",
    "week weekly weeks",
    "day daily days",
    "see sees seen treat treats",
    "keep keeps kept",
    "tell tells told say says said inform",
    "do does did done",
    "go goes went gone",
    "make makes made",
    "leave leaves left",
    "find finds found",
    "hold holds held",
    "speak speaks spoke spoken",
    "write writes written wrote",
    "choose chooses chosen",
    "drive drives driven",
    "teach teaches taught",
)
_APART = (
    "morning afternoon evening night",
    "daily weekly monthly yearly hourly fortnightly",
    "hour day week month year",
    "before after",
    "under over",
    "below above",
    "more less fewer",
    "least most",
    "earlier later",
    "first second third",
    "include exclude",
    "included extra excluded separately",
    "indoor outdoor",
    "inside outside",
    "online desk counter",
    "cash card cheque",
    "small medium large",
    "smaller larger",
    "plus including",
    "adult child",
    "cat dog rabbit bird horse",
    "male female",
    "arrival departure",
    "hot cold",
    "frozen fresh",
    "north south east west",
    "left right",
    "red green blue black white yellow grey brown",
    "optional compulsory",
    "refundable non-refundable",
    "ground basement attic",
    "front rear",
    "new secondhand",
    "with without",
    "open opens close closes closed",
    "including excluding before",
    "free charged",
    "free cost",
    "free costs",
    "free fee",
    "allowed forbidden prohibited",
    "always never sometimes",
    "begins ends",
    "increase decrease",
    "warm cool",
    "dry wet",
    "today tomorrow yesterday",
    "breakfast lunch dinner",
    "train bus taxi tram boat",
    "single double triple",
    "email post",
)
SAME = {stem(word): stem(group.split()[0]) for group in _SAME for word in group.split()}


def meaning(word: str) -> str:
    """One stem for all that say the same."""
    return SAME.get(word, word)


def _pairs(groups: Iterable[str]) -> dict[str, frozenset[str]]:
    apart: dict[str, set[str]] = {}
    for group in groups:
        for one, other in combinations(group.split(), 2):
            apart.setdefault(one, set()).add(other)
            apart.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in apart.items()}


APART = _pairs(_APART)
"""Plain words, not stems: 'closed' is the state, 'we close at 13:00' is not."""
