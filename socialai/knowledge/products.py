"""Names of products as the knowledge prices them: 'The Bothy 4 tent costs €629' names the Bothy 4."""

import re
from collections import Counter
from collections.abc import Iterable

_AMOUNT = re.compile(r"[€$£¥₹]\s?\d|\d\s?(?:[€$£¥₹]|EUR|USD|GBP|CHF|NOK|SEK|DKK|PLN|CAD|AUD)\b")
_NAME = r"[A-Z][\w'’-]+(?:\s(?:[A-Z][\w'’-]*|\d{1,4})(?![\w.,]*\d))*"
_PRICED = re.compile(
    rf"(?:^(?:The|Our|Each|An?)?\s*|\b(?:and|while|but) (?:the|our) )({_NAME})(?:\s[a-z-]+){{0,3}}\s"
    r"(?:costs?|is|are|sells?|starts?|comes?)\b"
)
_MENTION = re.compile(rf"(?:\b(the|an?|our|your) )?((?-i:{_NAME}))", re.IGNORECASE)
_LINE_END = re.compile(r"\n+|(?<=[.!?])\s+")
_OPENERS = frozenset("the our each a an all it we you this that these those if for in".split())
_LEAST = 2
_WITH_ARTICLE = 0.3  # 'the Fulmar': the name of a shop or a country stands alone
_MOST = 200


def product_names(texts: Iterable[str]) -> tuple[str, ...]:
    """The most named first, at most 200. A word also written small is no name: 'Delivery costs €5'."""
    texts = list(texts)
    names = {name for text in texts for line in _LINE_END.split(text) for name in _priced(line)}
    everything = "\n".join(texts)
    small = set(re.findall(r"\b[a-z][\w'’-]+", everything))
    found, with_article = _mentions(everything, names)
    kept = [
        name
        for name in names
        if _is_name(name, small)
        and found[name] >= _LEAST
        and with_article[name] >= _WITH_ARTICLE * found[name]
    ]
    return tuple(sorted(kept, key=lambda name: (-found[name], name))[:_MOST])


def _mentions(everything: str, names: set[str]) -> tuple[Counter[str], Counter[str]]:
    """How often each is found, and how often after an article. One pass: there may be thousands of names."""
    found: Counter[str] = Counter()
    with_article: Counter[str] = Counter()
    for article, run in _MENTION.findall(everything):
        words = run.split()
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                name = " ".join(words[start:end])
                if name in names:
                    found[name] += 1
                    with_article[name] += bool(article and not start)
    return found, with_article


def _priced(line: str) -> Iterable[str]:
    if _AMOUNT.search(line):
        yield from _PRICED.findall(line.strip("-*# \t"))


def _is_name(name: str, small: set[str]) -> bool:
    words = name.split()
    if words[0].lower() in _OPENERS:
        return False
    return not all(word.lower() in small or word.isdigit() for word in words)
