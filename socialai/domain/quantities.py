"""The numbers of a text, in figures or in words, each with its unit: 'three injections', '£22.00', '5 pm'."""

import re
from collections.abc import Iterator

from msgspec import Struct

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = (
    {word: float(place) for place, word in enumerate(_SMALL)}
    | {word: 10.0 * place for place, word in enumerate(_TENS, 2)}
    | {"hundred": 100.0, "dozen": 12.0, "half": 0.5, "twice": 2.0, "noon": 12.0, "midnight": 0.0}
)
_UNITS = {
    **dict.fromkeys(("second", "seconds", "sec", "secs"), ("time", 1)),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), ("time", 60)),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h"), ("time", 3600)),
    **dict.fromkeys(("day", "days"), ("time", 86400)),
    **dict.fromkeys(("night", "nights"), ("night", 1)),
    **dict.fromkeys(("week", "weeks"), ("time", 7 * 86400)),
    **dict.fromkeys(("month", "months"), ("time", 2_629_800)),
    **dict.fromkeys(("year", "years", "yr", "yrs"), ("time", 12 * 2_629_800)),
    **dict.fromkeys(("%", "percent", "per cent"), ("%", 1)),
    **dict.fromkeys(("€", "eur", "euro", "euros"), ("€", 1)),
    **dict.fromkeys(("£", "gbp", "pound", "pounds"), ("£", 1)),
    **dict.fromkeys(("$", "usd", "dollar", "dollars"), ("$", 1)),
    **dict.fromkeys(("kg", "kilo", "kilos"), ("weight", 1000)),
    **dict.fromkeys(("g", "gram", "grams"), ("weight", 1)),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), ("km", 1)),
    **dict.fromkeys(("mile", "miles"), ("mile", 1)),
    **dict.fromkeys(("am", "pm", "o'clock"), ("clock", 1)),
}
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_NUMBER = re.compile(
    r"(?P<sign>[€£$])?\s?(?<![\w.])(?:"
    r"(?P<hour>\d{1,2})[:.](?P<minute>[0-5]\d)(?P<late>\s?[ap]\.?m\b\.?)?(?![\d%])(?!\s?(?:€|EUR|kg|km)\b)"
    r"|(?P<figures>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d+|\d+(?:[.,]\d+)?)(?:st|nd|rd|th)?"
    rf"|(?P<words>\b(?:{_WORD})(?:(?:[- ]| and )(?:{_WORD}))*\b)"
    r")(?=(?:\s?-?\s?(?P<each>an? )?(?P<unit>[ap]\.m\.|per cent\b|o'clock\b|[€£$%]|[a-z]+\b))?)",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NO_QUANTITY = frozenset({"one", "half"})
"""Without a unit behind them these are seldom a number: 'this one', 'half asleep'."""


_NOT_COUNTED = frozenset(
    "a an and or to of in on at for per from until till by is are was as with before after each if it we you "
    "the noon midnight off less more up down late early".split()
)


class Quantity(Struct, frozen=True):
    """`amount` is in the smallest unit of its `kind`; `value` as written; kind '' where there is no unit.
    `counted` is what follows in place of one: 'injections' of three."""

    text: str
    value: float
    amount: float
    kind: str
    counted: str = ""

    def says(self, other: "Quantity") -> bool:
        """The same; a number without a unit is the same as one with any."""
        if self.kind and other.kind and {self.kind, other.kind} != {"clock", "time"}:
            return self.kind == other.kind and abs(self.amount - other.amount) < 1e-6 * max(1, self.amount)
        different = (self.counted and other.kind) or (self.kind and other.counted)
        return not different and abs(self.value - other.value) < 1e-9


def quantities(text: str) -> tuple[Quantity, ...]:
    return tuple(_read(text))


def _read(text: str) -> Iterator[Quantity]:
    for found in _NUMBER.finditer(text):
        unit = (found["sign"] or _unit(found)).lower().replace(".", "")
        kind, scale = _UNITS.get(unit, ("", 1))
        if found["hour"] and not found["sign"]:
            yield _clock(found, kind, scale)
        elif found["words"] and found["words"].lower() in _NO_QUANTITY and not kind:
            continue
        else:
            value = _value(found)
            if kind == "clock" and unit == "pm" and value < 12:
                value += 12
            counted = "" if kind or unit in _NOT_COUNTED or not unit.isalpha() else unit
            yield Quantity(found[0].strip(), value, value * scale, kind, counted)


def _unit(found: re.Match[str]) -> str:
    """'Half an hour' is a time, 'twice a year' is none."""
    half = (found["words"] or "").lower() == "half"
    return found["unit"] or "" if half or not found["each"] else ""


def _clock(found: re.Match[str], kind: str, scale: int) -> Quantity:
    """'8:30' is a time; '8.30' without am or pm is one only where no unit says otherwise."""
    hour, minute = int(found["hour"]), int(found["minute"])
    late = (found["late"] or "").strip().lower().startswith("p")
    if "." in found[0].partition(found["minute"])[0] and not found["late"]:
        value = float(f"{hour}.{found['minute']}")
        return Quantity(found[0].strip(), value, value * scale, kind)
    value = (hour + 12 if late and hour < 12 else hour) + minute / 60
    return Quantity(found[0].strip(), value, value, "clock")


def _value(found: re.Match[str]) -> float:
    if found["words"]:
        return _spelt(re.split(r"[- ]+(?:and )?", found["words"].lower()))
    figures = f"{found['hour']}.{found['minute']}" if found["hour"] else found["figures"]
    if _THOUSANDS.fullmatch(figures):
        return float(figures.replace(",", ""))
    if "." in figures and "," in figures:
        figures = figures.replace(".", "")
    return float(figures.replace(",", "."))


def _spelt(words: list[str]) -> float:
    total = 0.0
    for word in words:
        value = _WORDS[word]
        total = max(total, 1.0) * value if word in {"hundred", "dozen"} else total + value
    return total
