"""E-mail addresses, phone numbers, order numbers, amounts, products and dates named in a message."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import phonenumbers

from socialai.agents.dates import find_dates
from socialai.agents.order_patterns import DEFAULT_PATTERNS, compile_order_pattern
from socialai.domain.triage import Entity, EntityKind

MAX_TEXT = 2000

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\b", re.IGNORECASE)

CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "₺": "TRY", "zł": "PLN"}
CURRENCIES |= {"euro": "EUR", "euros": "EUR", "eur": "EUR", "dollar": "USD", "dollars": "USD", "usd": "USD"}
CURRENCIES |= {
    code: code for code in "EUR USD GBP CHF SEK NOK DKK PLN CZK HUF TRY JPY INR CAD AUD BRL".split()
}
UNIT = "|".join(map(re.escape, sorted(CURRENCIES, key=len, reverse=True)))
NUMBER = r"\d{1,3}(?:[.,' ]\d{3}){1,3}(?:[.,]\d{1,2})?(?!\d)|\d{1,9}(?:[.,]\d{1,2})?(?!\d)"
AMOUNT = re.compile(
    rf"(?<![\w.,])(?:(?P<before>{UNIT})\s?(?P<first>{NUMBER})|(?P<second>{NUMBER})\s?(?P<after>{UNIT})(?!\w))"
)


_FEWEST_DIGITS = 4
"""No phone number of any country has fewer, and most messages have none."""


class Found(NamedTuple):
    kind: EntityKind
    start: int
    end: int
    value: str

    def overlaps(self, other: "Found") -> bool:
        return self.start < other.end and other.start < self.end


def find_entities(
    text: str, *, region: str, order_patterns: Sequence[str], products: Sequence[str], now: datetime
) -> tuple[Entity, ...]:
    """In the order of the text, never overlapping; only the first 2000 letters are read.

    `region` ('NO') reads local phone numbers and 5/12; `now` says which day tomorrow is. `order_patterns` are
    the tenant's own; without any, the usual forms are found. Raises InvalidInput for a pattern that is wrong
    or could hang.
    """
    text = text[:MAX_TEXT]
    phones = list(_phones(text, region))
    orders = [order for order in _orders(text, order_patterns) if not _part_of_phone(order, phones)]
    kept: list[Found] = []
    dates = (Found("date", *found) for found in find_dates(text, region=region, now=now))
    named = (*_emails(text), *_products(text, tuple(products)))
    for found in (*named, *_amounts(text), *orders, *dates, *phones):
        if not any(found.overlaps(other) for other in kept):
            kept.append(found)
    kept.sort(key=lambda found: found.start)
    return tuple(Entity(found.kind, text[found.start : found.end], found.value) for found in kept)


def _part_of_phone(order: Found, phones: list[Found]) -> bool:
    """'order 0171 2345678' names a phone number; 'order 41234567' an order that only could be one."""
    return any(
        order.overlaps(phone) and phone.end - phone.start > order.end - order.start for phone in phones
    )


def _emails(text: str) -> Iterator[Found]:
    for match in EMAIL.finditer(text):
        yield Found("email", match.start(), match.end(), match[0].lower())


def _phones(text: str, region: str) -> Iterator[Found]:
    if sum(map(str.isdigit, text)) < _FEWEST_DIGITS:
        return
    for match in phonenumbers.PhoneNumberMatcher(text, region.upper()):
        value = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        yield Found("phone", match.start, match.end, value)


def _orders(text: str, patterns: Sequence[str]) -> Iterator[Found]:
    for pattern in patterns or DEFAULT_PATTERNS:
        compiled = compile_order_pattern(pattern) if patterns else re.compile(pattern, re.IGNORECASE)
        group = "order" if "order" in compiled.groupindex else 0
        for match in compiled.finditer(text):
            if match[group]:
                yield Found("order_number", *match.span(group), match[group].upper())


def _amounts(text: str) -> Iterator[Found]:
    for match in AMOUNT.finditer(text):
        number, unit = match["first"] or match["second"], match["before"] or match["after"]
        yield Found("amount", match.start(), match.end(), f"{_decimal(number)} {CURRENCIES[unit]}")


def _decimal(number: str) -> str:
    """'1.299,5' → '1299.50': one or two digits after the last separator are decimals, three are thousands."""
    whole, _, rest = re.sub(r"[., '](?=\d{1,2}$)", "#", number).partition("#")
    return f"{int(re.sub(r'[^0-9]', '', whole))}.{rest.ljust(2, '0')}"


def _products(text: str, names: tuple[str, ...]) -> Iterator[Found]:
    pattern, known = _product_pattern(names)
    for match in pattern.finditer(text):
        yield Found("product", match.start(), match.end(), known.get(_plain(match[0]), match[0]))


@lru_cache(maxsize=64)
def _product_pattern(names: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    known = {_plain(name): name for name in names if name.strip()}
    words = (r"\s{1,3}".join(map(re.escape, name.split())) for name in sorted(known, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{'|'.join(words) or '(?!)'})(?!\w)", re.IGNORECASE), known


def _plain(name: str) -> str:
    return " ".join(name.lower().split())
