"""Markdown → sections: under each heading the lines of its paragraphs, list items and table rows."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import Struct

SEPARATOR = " › "

# An article's own angle brackets, indents and '[x]: y' lines are words, not markup: nothing may vanish.
_BLOCKS = MarkdownIt("commonmark", {"maxNesting": 100}).enable("table")
_BLOCKS.disable(["html_block", "reference", "code", "inline"])
_INLINE = MarkdownIt("commonmark", {"html": False})
_MAX_INLINE = 3000  # the time inline markup takes grows with the square of a paragraph's length


class Section(Struct):
    """`path` holds the headings it stands under, outermost first."""

    path: tuple[str, ...]
    lines: list[str]


def sections(text: str) -> list[Section]:
    outline = _Outline()
    tokens = iter(_BLOCKS.parse(text))
    for token in tokens:
        outline.take(token, tokens)
    outline.close(0)
    return [section for section in outline.done if section.lines]


class _Outline:
    def __init__(self) -> None:
        self.done = [Section((), [])]
        self._path: list[tuple[int, str]] = []
        self._number = ""
        self._alone = False

    def take(self, token: Token, rest: Iterator[Token]) -> None:
        if token.type == "heading_open":
            self._open(int(token.tag[1:]), plain(next(rest)))
        elif token.type in ("list_item_open", "list_item_close"):
            self._add(self._number)
            self._number = f"{token.info}. " if token.info else ""
        elif token.type == "inline":
            self._add(self._number + plain(token))
            self._number = ""
        elif token.type in ("fence", "code_block"):
            for line in token.content.splitlines():
                self._add(line)
        elif token.type == "table_open":
            self._add_table(_rows(rest))

    def close(self, level: int) -> None:
        """A heading with nothing under it is a line itself, or its words could not be found."""
        if self._alone and level <= self._path[-1][0]:
            self._add(self._path[-1][1])

    def _open(self, level: int, text: str) -> None:
        self.close(level)
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        if text:
            self._path.append((level, text))
        self._begin()
        self._alone = bool(text)

    def _begin(self, *more: str) -> None:
        self.done.append(Section((*(text for _, text in self._path), *more), []))

    def _add(self, line: str) -> None:
        if words := " ".join(line.split()):
            self.done[-1].lines.append(words)
            self._alone = False

    def _add_table(self, rows: Sequence[Sequence[str]]) -> None:
        """Under its first column's name, each row as a sentence; then the section goes on."""
        header, *body = rows
        self._begin(*filter(None, header[:1]))
        for row in body or [header]:
            self._add(row_sentence(header, row))
        self._begin()


def row_sentence(header: Sequence[str], row: Sequence[str]) -> str:
    """('Country', 'Cost'), ('Norway', '14.90 EUR') → 'Norway: cost 14.90 EUR'."""
    if header is row:
        return ", ".join(filter(None, row))
    cells = [
        f"{_lowered(name)} {cell}".strip()
        for name, cell in zip_longest(header[1:], row[1:], fillvalue="")
        if cell
    ]
    return ": ".join(filter(None, [row[0], ", ".join(cells)]))


def _lowered(name: str) -> str:
    """'Delivery time' → 'delivery time'; 'SKU' and 'UK price' stay."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def plain(inline: Token) -> str:
    """The words of an inline token, with the addresses its links lead to."""
    if len(inline.content) > _MAX_INLINE:
        return inline.content
    words: list[str] = []
    links: list[tuple[str, int]] = []
    for child in _INLINE.parseInline(inline.content)[0].children or []:
        if child.type == "link_open":
            links.append((str(child.attrGet("href") or ""), len(words)))
        elif child.type == "link_close":
            address, start = links.pop()
            if address.startswith(("https://", "http://", "mailto:")) and address not in "".join(
                words[start:]
            ):
                words.append(f" ({address.removeprefix('mailto:')})")
        else:
            words.append(" " if child.type in ("softbreak", "hardbreak") else child.content)
    return "".join(words).strip()


def _rows(tokens: Iterator[Token]) -> list[list[str]]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(plain(token))
    return rows
