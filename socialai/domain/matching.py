"""Whether a reply says a fact, as a person would judge it; this one rule judges every test set.

Both are compared in the same plain form: lower case, single spaces, plain quotes and dashes, no marks of
emphasis; "8.30 pm" is "20:30" and "08:30" is "8:30"; "£ 42.00", "GBP 42" and "42 pounds" are "£42"; "1,200"
is "1200", "14,90" is "14.90", "15 per cent" is "15%", "8:30 – 19:00" is "8:30 to 19:00", "six" is "6". A fact
is said when it stands in the reply as whole numbers and from the beginning of a word: "£4" is not said by
"£42", "deposit" is said by "deposits".
"""

import re
import unicodedata
from functools import lru_cache

_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b")
_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-"} | dict.fromkeys("*_`", "")
)
_CLOCK = re.compile(r"(?<![\d.:])(\d{1,2})(?:[.:](\d\d))?\s?([ap])\.?m\b\.?")
_RULES = (
    *(
        (re.compile(pattern.format(words)), sign)
        for words, sign in (("pounds?|gbp|£", "£"), ("euros?|eur|€", "€"), (r"dollars?|usd|\$", "$"))
        for pattern, sign in (
            (r"(?<!\w)(?:{})\s?(?=\d)", sign),
            (r"(?<![£€$\d.,:])(\d[\d.,]*)\s?(?:{})(?!\w)(?!\s?\d)", rf"{sign}\1"),
        )
    ),
    (re.compile(r"(?<![\d.:])0(\d:\d\d)"), r"\1"),
    (re.compile(r"(?<=\d)[,'](?=\d{3}(?!\d))"), ""),
    (re.compile(r"(?<=\d),(?=\d\d(?!\d))"), "."),
    (re.compile(r"(?<=\d)\.00(?!\d)"), ""),
    (re.compile(r"(\d)\s?(?:%|per ?cent\b)"), r"\1%"),
    (re.compile(r"(?<=\d)\s?(?:-|to)\s?(?=[£€$]?\d)"), "-"),
    (re.compile(r"\s+"), " "),
)


def says(text: str, fact: str) -> bool:
    """`fact` may give several wordings, "closed|not open"; one of them is enough."""
    return any(_stands_in(plain_form(text), plain_form(one)) for one in fact.split("|") if one.strip())


@lru_cache(1024)  # one reply is asked for several facts
def plain_form(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN)
    text = _NUMBER_WORD.sub(lambda word: _NUMBERS[word[0]], _CLOCK.sub(_of_the_day, text))
    for pattern, plain in _RULES:
        text = pattern.sub(plain, text)
    return text.strip()


def _of_the_day(clock: re.Match[str]) -> str:
    hour = int(clock[1]) % 12 + (12 if clock[3] == "p" else 0)
    return f"{hour}:{clock[2] or '00'}"


def _stands_in(text: str, fact: str) -> bool:
    """A number goes on after a point or a colon, a word may go on."""
    ending = r"(?!\d|[.,:]\d)" if fact[-1:].isdigit() else ""
    return bool(re.search(rf"(?<!\w)(?<!\d[.,:]){re.escape(fact)}{ending}", text))
