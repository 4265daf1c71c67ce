"""E-mail addresses, phone numbers, order numbers, products and amounts in a message."""

import re
from collections.abc import Iterator, Sequence

import phonenumbers

from socialai.domain.triage import Entity

_LONGEST = 4000
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_ORDER = re.compile(
    r"(?:\border(?:\s+(?:number|no\.?|nr\.?|id))?\s*[:#]?\s*|#)(?=\w*\d)(?P<number>[A-Z]{0,4}-?\d{3,12})\b",
    re.IGNORECASE,
)
_CODES = {"€": "EUR", "$": "USD", "£": "GBP"}
_MONEY = re.compile(
    r"(?P<sign>[€$£])\s?(?P<after>\d[\d.,]*)|(?P<before>\d[\d.,]*)\s?(?P<code>[€$£]|(?:EUR|USD|GBP|NOK|SEK|DKK|CHF)\b)",
    re.IGNORECASE,
)


def find_entities(
    text: str, *, region: str, order_patterns: Sequence[str], products: Sequence[str]
) -> tuple[Entity, ...]:
    """`region` is the tenant's country for phone numbers without one ('US')."""
    text = text[:_LONGEST]
    return tuple(
        dict.fromkeys(
            (
                *_emails(text),
                *_phones(text, region),
                *_orders(text),
                *_amounts(text),
                *_products(text, products),
            )
        )
    )


def _emails(text: str) -> Iterator[Entity]:
    for found in _EMAIL.finditer(text):
        yield Entity("email", found[0], found[0].lower())


def _phones(text: str, region: str) -> Iterator[Entity]:
    for match in phonenumbers.PhoneNumberMatcher(text, region):
        value = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        yield Entity("phone", match.raw_string, value)


def _orders(text: str) -> Iterator[Entity]:
    for found in _ORDER.finditer(text):
        yield Entity("order_number", found[0], found["number"].upper())


def _amounts(text: str) -> Iterator[Entity]:
    for found in _MONEY.finditer(text):
        number = (found["after"] or found["before"]).rstrip(".,")
        code = found["sign"] or found["code"]
        yield Entity("amount", found[0], f"{number} {_CODES.get(code, code.upper())}")


def _products(text: str, products: Sequence[str]) -> Iterator[Entity]:
    for product in sorted(products, key=len, reverse=True):
        if found := re.search(rf"(?<!\w){re.escape(product)}(?!\w)", text, re.IGNORECASE):
            yield Entity("product", found[0], product)
