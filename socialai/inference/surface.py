"""What a text looks like: what the tokenizer cannot see (capitals, emoji) made into words and numbers."""

import math
import re
import unicodedata
from functools import cache
from itertools import groupby

MAX_LETTERS = 2048
_MOST_REPEATS = 2
_NAME_WORDS = 3

EMOJI = {
    "love": "❤🧡💛💚💙💜🖤🤍🤎♥💕💖💗💘💓💞💝😍🥰😘",
    "happy": "😀😃😄😁😊🙂☺😇🤗😺😌",
    "laughing": "😂🤣😆😹",
    "sad": "😢😞😔🙁☹😥😟😓🥺😿💔",
    "crying": "😭",
    "angry": "😠😡🤬👿😾💢",
    "annoyed": "😤😒🙄😑😐🫤😾",
    "disgusting": "🤢🤮",
    "afraid": "😱😨😰😧😦",
    "thinking": "🤔🧐🤨",
    "sorry": "🤦🤷",
    "good": "👍👌💯✅✔",
    "bad": "👎",
    "thanks": "🙏",
    "great": "👏🙌🎉🥳🤩🌟⭐✨🔥💪😎🏆",
    "joking": "😉😜😝😛🤪😏🙃",
    "money": "💰💵💸🤑💲💴💶💷",
    "urgent": "🚨⚠🆘‼❗",
    "hello": "👋",
    "look": "👉👇👆👈⬇➡",
    "embarrassed": "😳😬😅",
    "sick": "😷🤒🤕🤧",
    "dead": "💀☠",
}
_WORDS = {emoji: word for word, many in EMOJI.items() for emoji in many}
_GLAD = frozenset("".join(EMOJI[word] for word in ("love", "happy", "good", "thanks", "great")))
_SAD = frozenset("".join(EMOJI[word] for word in ("sad", "crying", "annoyed", "disgusting", "afraid", "bad")))
_ANGRY = frozenset(EMOJI["angry"])
_JOINERS = re.compile(
    "[\U0001f1e6-\U0001f1ff\ufe00-\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
_PICTURES = re.compile(
    "[\u203c\u2049\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297"
    "\u3299\U0001f000-\U0001faff]+"
)
_SHOUTED = re.compile(r"\b[A-Z]{3,}\b")
_WORD = re.compile(r"\b[A-Za-z]{3,}\b")
_CAPITAL = re.compile(r"[A-Z]")
_LETTER = re.compile(r"[^\W\d_]")
_ENDING = "com net org ly me co io info biz ru xyz top link site online".replace(" ", "|")
_LINK = re.compile(rf"https?:|www\.|\w\.(?:{_ENDING})\b", re.IGNORECASE)
_MONEY = re.compile(r"[$£€₹₦]")
_LONG_NUMBER = re.compile(r"\d{5,}")
_STRETCHED = re.compile(r"([A-Za-z])\1\1")
_SMILE = re.compile(r"[:;=]-?[)\]dDpP]|<3")
_FROWN = re.compile(r"[:=]['’]?-?[(\[/]|>:|</3")

FEATURES = 20


def in_words(text: str) -> str:
    """The text with its emoji named: the tokenizer knows none of them."""
    if text.isascii():
        return text
    return _PICTURES.sub(_named, _JOINERS.sub("", text))


def _named(found: re.Match[str]) -> str:
    words = (
        word
        for emoji, run in groupby(found[0])
        for word in [_name(emoji)] * min(len(list(run)), _MOST_REPEATS)
    )
    return f" {' '.join(words)} "


@cache
def _name(emoji: str) -> str:
    if word := _WORDS.get(emoji):
        return word
    return " ".join(unicodedata.name(emoji, "").lower().split()[:_NAME_WORDS])


def surface(text: str) -> list[float]:
    """FEATURES numbers of about 0…1 of the text as it was written."""
    text = text[:MAX_LETTERS]
    letters, shouted = len(_LETTER.findall(text)), len(_SHOUTED.findall(text))
    return [
        _share(len(_CAPITAL.findall(text)), letters),
        _share(shouted, len(_WORD.findall(text)) if shouted else 0),
        _some(shouted),
        _some(text.count("!")),
        float("!!" in text),
        _some(text.count("?")),
        float("?" in text[-3:]),
        float("??" in text or "?!" in text or "!?" in text),
        _some(text.count("..")),
        *_shown(text),
        _some(text.count(" ")),
        float(not letters),
        _some(len(_LINK.findall(text))),
        _some(len(_MONEY.findall(text))),
        _some(len(_LONG_NUMBER.findall(text))),
        float(bool(_STRETCHED.search(text))),
        float(bool(_SMILE.search(text))),
        float(bool(_FROWN.search(text))),
    ]


def _shown(text: str) -> tuple[float, float, float]:
    """Glad, sad and angry emoji."""
    if text.isascii():
        return 0.0, 0.0, 0.0
    glad, sad, angry = (_some(sum(map(kind.__contains__, text))) for kind in (_GLAD, _SAD, _ANGRY))
    return glad, sad, angry


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _some(count: int) -> float:
    """0, .35, .55, .69, … 1.6 for four … a hundred: the first few tell most."""
    return math.log1p(count) / 2 if count else 0.0
