"""Which language a message is in, by py3langid; it says nothing rather than something wrong."""

import mmap
import re
import tempfile
import unicodedata
from typing import Any

from socialai.domain.language import LANGUAGES
from socialai.domain.triage import Language

LEAST = 0.65
"""Below it another language than English is not believed. Above it one of 16,000 English texts of the public
sets was taken for another language, and 54 of 57 short messages in 30 others were found."""

_MAX_LETTERS = 1000
_FEW_LETTERS = 10
_NO_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+|\S*\d\S*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENGLISH = frozenset(
    "the you your can could my how what where when with and please thanks have has does did this that it's "
    "i'm don't are help from would which there their been just not order hello hi want need get".split()
)
_LEAST_ENGLISH = 0.3


class LanguageModel:
    """About 15 MB; loads in half a second. Safe to use from every thread: detecting changes nothing."""

    def __init__(self) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        identifier.set_languages(LANGUAGES)
        # A language few people write makes short texts look like it.
        # The table of all 142 is not needed again.
        identifier._full_model = (identifier.nb_ptc, identifier.nb_pc, identifier.nb_classes)
        identifier.tk_nextmove = _on_disk(identifier.tk_nextmove)
        self._identifier = identifier

    def detect(self, text: str) -> Language:
        """Of the first 1000 letters. No code where there are too few letters, or too many doubts."""
        words = _WORD.findall(_NO_WORDS.sub(" ", _clean(text)))
        if _too_little(words):
            return Language()
        code, chance = self._identifier.classify(" ".join(words))
        confidence = round(float(chance), 3)
        if code == "en" or _mostly_english(words):
            return Language("en", confidence if code == "en" else round(1 - confidence, 3))
        return Language(code, confidence) if confidence >= LEAST else Language()


def _on_disk(table: Any) -> memoryview:
    """The same numbers in a nameless file: of 42 MB only the pages that texts lead to are in memory."""
    with tempfile.TemporaryFile() as file:
        table.tofile(file)
        file.flush()
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)).cast(table.typecode)


def _clean(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:_MAX_LETTERS].encode("utf-8", "replace").decode("utf-8"))


def _too_little(words: list[str]) -> bool:
    """'ok', 'hi', 'merci': in Latin letters a word or two could be a name or belong to many languages."""
    letters = sum(map(len, words))
    if any(ord(letter) > 0x2FF for word in words for letter in word):
        return letters < 3
    return letters < _FEW_LETTERS or len(words) < 2


def _mostly_english(words: list[str]) -> bool:
    """Someone who changes to English half-way is understood."""
    known = sum(word.lower().replace("’", "'") in _ENGLISH for word in words)
    return known >= 3 and known >= _LEAST_ENGLISH * len(words)
