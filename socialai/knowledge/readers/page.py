"""A web page → Markdown: headings, paragraphs, lists, tables, outside links; no navigation, no forms."""

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from socialai.errors import TooLarge
from socialai.knowledge.readers.document import Check, Document, heading, item, one_line, table

MAX_TAGS = 200_000
MAX_DEPTH = 400

_UNWANTED = (
    "nav script style form noscript template iframe svg canvas object button select input textarea dialog"
).split()
_HEADINGS = {f"h{level}": level for level in range(1, 7)} | {"summary": 6}
"""What folds out stands under what it is folded into, a question of most shops' pages."""

_BLOCKS = frozenset(
    "address article aside blockquote body dd details div dl dt fieldset figcaption figure header hr html li "
    "main ol p pre section summary ul br".split()
) | frozenset(_HEADINGS)


def read(text: str, check: Check) -> Document:
    soup = parse(text)
    check()
    return document(soup, soup.body or soup, check)


def parse(text: str) -> BeautifulSoup:
    if text.count("<") > MAX_TAGS:
        raise TooLarge("The page is too large. Split it, or save only the part that customers need.")
    return BeautifulSoup(text, "lxml")


def drop_unwanted(part: Tag) -> None:
    for tag in part.find_all(_UNWANTED):
        tag.extract()


def document(soup: BeautifulSoup, part: Tag, check: Check) -> Document:
    """What a part of the page says, under the title of the page."""
    title = one_line(soup.title.get_text()) if soup.title else ""
    drop_unwanted(part)
    blocks = _Blocks()
    _walk(part, blocks, check)
    return Document(title=title or blocks.first_heading, kind="html", text=blocks.text())


class _Blocks:
    """Gathers words until the block that holds them ends."""

    def __init__(self) -> None:
        self.first_heading = ""
        self._done: list[str] = []
        self._words: list[str] = []
        self._name = "p"

    def add(self, words: str) -> None:
        self._words.append(words)

    def begin(self, name: str) -> None:
        self.end()
        self._name = name

    def end(self) -> None:
        words, self._words = one_line("".join(self._words)), []
        if not words:
            return
        if level := _HEADINGS.get(self._name):
            self.first_heading = self.first_heading or words
            self._done.append(heading(level, words))
        else:
            self._done.append(item(words) if self._name == "li" else words)

    def add_table(self, rows: list[list[str]]) -> None:
        self.end()
        if rows:
            self._done.append(table(rows))

    def text(self) -> str:
        self.end()
        return "\n\n".join(self._done)


def _walk(root: Tag, blocks: _Blocks, check: Check) -> None:
    """Depth first, without recursion: a hostile page nests deeper than Python's stack."""
    stack: list[Tag | NavigableString | str] = [root]
    while stack:
        node = stack.pop()
        check()
        if isinstance(node, str) and not isinstance(node, NavigableString):
            blocks.begin(node)
        elif isinstance(node, NavigableString):
            if not isinstance(node, PreformattedString):
                blocks.add(str(node))
        elif node.name == "table" and not node.find("table"):
            blocks.add_table(_rows(node))
        else:
            stack += _opened(node, blocks)


def _opened(tag: Tag, blocks: _Blocks) -> list[Tag | NavigableString | str]:
    """The tag's children in reverse, and before them what follows its end."""
    after: list[Tag | NavigableString | str] = []
    if tag.name in _BLOCKS:
        blocks.begin(tag.name)
        after = ["p"]
    elif tag.name in ("td", "th", "tr"):
        after = [NavigableString(" ")]
    elif tag.name == "a" and (link := _outside(tag)):
        after = [NavigableString(f" ({link})")]
    children = [child for child in tag.children if isinstance(child, Tag | NavigableString)]
    return [*after, *reversed(children)]


def _outside(tag: Tag) -> str | None:
    link = str(tag.get("href") or "")
    wanted = link.startswith(("https://", "http://")) and len(link) <= 300 and link not in tag.get_text()
    return link if wanted else None


def _rows(tag: Tag) -> list[list[str]]:
    rows = (
        [one_line(cell.get_text(" ")) for cell in row.find_all(["th", "td"])] for row in tag.find_all("tr")
    )
    return [row for row in rows if any(row)]
