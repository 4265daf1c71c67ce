"""How order numbers look: the usual forms, and a tenant's own patterns made safe to run."""

import re
import warnings
from functools import lru_cache

from socialai.errors import InvalidInput

NUMBER = r"(?P<order>(?:[A-Z]{1,4}-?)?\d{2,12}(?:-\d{1,8})?)\b"
NAMES = r"(?:order|bestellung|commande|pedido|booking|invoice|ticket)"
DEFAULT_PATTERNS = (
    rf"\b{NAMES}\s{{0,3}}(?:number|no\.?|nr\.?|id|ref\.?|#|:)\s{{0,3}}[:#]?\s{{0,3}}{NUMBER}",
    rf"(?<!\bto )\b{NAMES}\s{{1,3}}(?P<order>(?:[A-Z]{{1,4}}-?)?\d{{4,12}}(?:-\d{{1,8}})?)\b(?![.,]\d)",
    r"(?<![\w&#])#(?P<order>(?:[A-Z]{1,4}-?)?\d{3,12})\b",
    r"(?<![\w-])(?P<order>[A-Z]{2,4}-\d{3,12})\b",
)

MAX_LENGTH = 200
MAX_REPEATS = 20  # what `*` and `+` may repeat: no order number is longer
MAX_WAYS = 20_000  # ways to match at one place: with texts of 2,000 letters well under a second

TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?(?:P<\w+>|:|<?[=!]))?|\)|\{(\d*)(,?)(\d*)\}|[*+?]|\|", re.DOTALL
)
REFERENCE = re.compile(r"\\[1-9]|\(\?P=|\(\?\(")
HIDING = re.compile(r"\(\?[aiLmsux#-]")  # after (?x) a space, as a comment, hides what a repeat repeats


@lru_cache(maxsize=512)
def compile_order_pattern(pattern: str) -> re.Pattern[str]:
    """A group named `order` is the number, else the whole match. Raises InvalidInput if it could hang."""
    if len(pattern) > MAX_LENGTH or REFERENCE.search(pattern) or HIDING.search(pattern):
        raise InvalidInput(
            f"The order pattern may have {MAX_LENGTH} letters, no flags, no comments and no back-references: "
            f"{pattern[:60]}"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)  # '[[' may mean something else one day
            re.compile(pattern)
            compiled = re.compile(_Bounded(pattern).text, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError, FutureWarning) as error:
        raise InvalidInput(f"The order pattern {pattern!r} is not a regular expression: {error}.") from error
    if compiled.match(""):
        raise InvalidInput(
            f"The order pattern {pattern!r} matches nothing at all, so it would match everywhere."
        )
    return compiled


class _Bounded:
    """The same pattern with an end to every repeat; refuses repeats of repeats and of alternatives."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._varied = [False]  # for each open group: does it hold a repeat or alternatives?
        self._closed: tuple[int, bool] = (-1, False)  # where the last group ended, and whether it varied
        self._ways = 1
        self.text = TOKEN.sub(self._replace, pattern)

    def _replace(self, token: re.Match[str]) -> str:
        kind = token[0][0]
        if kind == "(":
            self._varied.append(False)
        elif kind == ")" and len(self._varied) > 1:
            varied = self._varied.pop()
            self._varied[-1] |= varied
            self._closed = (token.end(), varied)
        elif kind == "|":
            self._varied[-1] = True
            self._count(2)
        elif kind in "*+?{":
            return self._repeat(token)
        return token[0]

    def _repeat(self, token: re.Match[str]) -> str:
        if token[0] == "?" and token.string[token.start() - 1] in "*+?}":
            return "?"  # only makes the repeat before it lazy
        least, most = _range(token)
        group_end, varied = self._closed
        if most > 1 and varied and group_end == token.start():
            raise InvalidInput(
                f"The order pattern {self._pattern!r} repeats a repeat and could run for ever."
            )
        if most > least:
            self._varied[-1] = True
            self._count(most - least + 1)
        return token[0] if token[0] == "?" else f"{{{least},{most}}}"

    def _count(self, ways: int) -> None:
        self._ways *= ways
        if self._ways > MAX_WAYS:
            raise InvalidInput(
                f"The order pattern {self._pattern!r} can match in too many ways; make it simpler."
            )


def _range(token: re.Match[str]) -> tuple[int, int]:
    """The least and most repeats of `*`, `+`, `?` or `{m,n}`."""
    if token[0] == "?":
        return 0, 1
    if token[0] in "*+":
        return int(token[0] == "+"), MAX_REPEATS
    least = int(token[1] or 0)
    most = int(token[3] or max(MAX_REPEATS, least)) if token[2] else least
    if most > 2 * MAX_REPEATS:
        raise InvalidInput(f"The order pattern repeats {token[0]}; no order number is that long.")
    return least, most
