"""What is private in a text, replaced by marks such as [EMAIL_1] before it leaves, and put back after."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from phonenumbers import Leniency, PhoneNumberMatcher

from socialai.inference.llm import Private

_MARK = re.compile(r"\[[A-Z]+_\d+\]", re.IGNORECASE)
_OPEN_MARK = re.compile(r"\[(?:[A-Z]*|[A-Z]+_\d*)$", re.IGNORECASE)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("TEXT", _MARK),  # who writes such a mark shall not be given another's value
    ("EMAIL", re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")),
    ("IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")),
    ("IBAN", re.compile(r"\b[a-z]{2}\d{2}[a-z0-9]{11,30}\b", re.IGNORECASE)),
    ("CARD", re.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])")),
    ("PHONE", re.compile(r"(?<![\w+])\+\d(?:[\s().-]{0,2}\d){6,14}(?!\d)")),
    ("PHONE", re.compile(r"(?<!\d)\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}(?!\d)")),
    ("ORDER", re.compile(r"#\s?[A-Z]{0,4}-?\d{3,}\b", re.IGNORECASE)),
    ("ORDER", re.compile(
        r"\b(?:order|invoice|booking|reference|ref|tracking|ticket|customer)"
        r"(?:\s+(?:no|number|id|code))?\.?\s*[:#]?\s*((?=[A-Z-]*\d)[A-Z0-9][A-Z0-9-]{2,})\b", re.IGNORECASE)),
    ("ORDER", re.compile(r"\b[A-Z]{1,5}-?\d{4,}(?:-\d+)*\b")),
    ("NUMBER", re.compile(r"(?<![\d.,])\d{6,}(?![\d.,]?\d)")),
)  # fmt: skip
_SHORTEST = 2

Span = tuple[int, int, str]


class Mask:
    """One prompt's: the same value has the same mark everywhere. `counts` says how many of each kind."""

    def __init__(self, private: Sequence[Private] = (), region: str = "US") -> None:
        self._private = [
            (_kind(one), re.compile(rf"(?<!\w){re.escape(one.text.strip())}(?!\w)", re.IGNORECASE))
            for one in sorted(private, key=lambda one: -len(one.text))
            if len(one.text.strip()) >= _SHORTEST
        ]
        self._region = region
        self._marks: dict[tuple[str, str], str] = {}
        self._values: dict[str, str] = {}

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(kind.lower() for kind, _ in self._marks))

    def hide(self, text: str) -> str:
        parts, end = [], 0
        for start, stop, kind in _apart(self._spans(text)):
            parts += [text[end:start], self._mark(kind, text[start:stop])]
            end = stop
        return "".join([*parts, text[end:]])

    def restore(self, text: str, *, in_json: bool = False) -> str:
        def value(found: re.Match[str]) -> str:
            plain = self._values.get(found[0].upper(), found[0])
            return msgspec.json.encode(plain).decode()[1:-1] if in_json else plain

        return _MARK.sub(value, text)

    def _mark(self, kind: str, value: str) -> str:
        key = kind, value
        if key not in self._marks:
            number = 1 + sum(known == kind for known, _ in self._marks)
            self._marks[key] = f"[{kind}_{number}]"
            self._values[self._marks[key]] = value
        return self._marks[key]

    def _spans(self, text: str) -> Iterator[Span]:
        yield from _found(text, self._private)
        for match in PhoneNumberMatcher(text, self._region, Leniency.VALID):
            yield match.start, match.end, "PHONE"
        for start, stop, kind in _found(text, _PATTERNS):
            if _plausible(text[start:stop], kind):
                yield start, stop, kind


class Restorer:
    """Puts values back into a text that comes in pieces, also where a mark is cut in two."""

    def __init__(self, mask: Mask, *, in_json: bool = False) -> None:
        self._mask, self._in_json, self._held = mask, in_json, ""

    def take(self, piece: str) -> str:
        text = self._held + piece
        opened = _OPEN_MARK.search(text)
        end = opened.start() if opened else len(text)
        self._held = text[end:]
        return self._mask.restore(text[:end], in_json=self._in_json)

    def rest(self) -> str:
        return self._mask.restore(self._held, in_json=self._in_json)


def _kind(one: Private) -> str:
    return re.sub("[^A-Z]", "", one.kind.upper()) or "TEXT"


def _found(text: str, patterns: Sequence[tuple[str, re.Pattern[str]]]) -> Iterator[Span]:
    for kind, pattern in patterns:
        for match in pattern.finditer(text):
            yield *match.span(pattern.groups), kind


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Spans that overlap become one, of the kind of the longest, so that no part of any is left."""
    joined: list[Span] = []
    longest = 0
    for start, stop, kind in sorted(spans):
        if joined and start < joined[-1][1]:
            first, end, known = joined.pop()
            kind = kind if stop - start > longest else known
            longest = max(longest, stop - start)
            joined.append((first, max(end, stop), kind))
        else:
            longest = stop - start
            joined.append((start, stop, kind))
    return joined


def _plausible(value: str, kind: str) -> bool:
    """Card and account numbers prove themselves; what does not is not one."""
    letters = re.sub(r"[ -]", "", value).upper()
    if kind == "CARD":
        return _luhn(letters)
    if kind == "IBAN":
        return int("".join(str(int(letter, 36)) for letter in letters[4:] + letters[:4])) % 97 == 1
    return True


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0
