import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialai.errors import InvalidInput, TooLarge
from socialai.knowledge.chunk import chunk
from socialai.knowledge.readers.read import read
from tests.knowledge.readers import files

PAGE = """<!DOCTYPE html><html><head><title>Delivery | Northwind</title><style>p {}</style></head><body>
<nav><a href="/">Home</a></nav><h1>Delivery</h1><p>We ship <b>to Norway</b>.<br>And <a href="https://n.example/fi">
Finland</a>.</p><ul><li>By post<ul><li>slow</li></ul></li><li>By courier</li></ul>
<table><tr><th>Country</th><th>Cost</th></tr><tr><td>Norway</td><td>14.90 | EUR</td></tr></table>
<form><p>Your e-mail</p><input></form><script>alert("no")</script><p>Last words.</p></body></html>"""


def test_a_page_keeps_headings_lists_tables_and_outside_links_and_drops_the_rest() -> None:
    document = read(PAGE.encode(), "page.html")
    assert (document.title, document.kind) == ("Delivery | Northwind", "html")
    assert document.text.split("\n\n") == [
        "# Delivery",
        "We ship to Norway.",
        "And Finland (https://n.example/fi).",
        "- By post",
        "- slow",
        "- By courier",
        "| Country | Cost |\n| --- | --- |\n| Norway | 14.90 \\| EUR |",
        "Last words.",
    ]


@pytest.mark.parametrize("text", ["<!---->" * 500 + "hello", "# x" + " " * 3000 + "y", " " * 4000 + "hello"])
def test_text_made_to_hang_a_pattern_is_read_at_once(text: str) -> None:
    started = time.perf_counter()
    assert read(text.encode(), "notes.md").text.endswith(text[-1])
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    ("line", "title"), [("# C# ##", "C#"), ("#  Two  words \t", "Two words"), ("## #1 ", "#1")]
)
def test_a_heading_loses_its_closing_marks(line: str, title: str) -> None:
    assert read(f"{line}\ntext".encode(), "notes.md").title == title


def test_a_word_document_keeps_headings_lists_and_tables() -> None:
    document = read(files.word(), "guide.docx")
    assert (document.title, document.kind) == ("Shipping", "docx")
    assert document.text.split("\n\n") == [
        "# Shipping",
        "We ship to Norway.",
        "- By post",
        "- By courier",
        "| Country | Cost |\n| --- | --- |\n| Norway | 14.90 EUR |",
        "## Returns",
        "Within 30 days.",
    ]


def test_the_lines_of_a_pdf_become_paragraphs_and_headings() -> None:
    page = [
        "Returns and exchanges",
        "You can return anything that is not used within thirty days of deli-",
        "very if you have the receipt or the number of your order at hand.",
        "\u00b7 Boots",
        "\u00b7 Tents",
    ]
    document = read(files.pdf(page, ["Ask us (any time)."], title="Returns 2026"), "returns.pdf")
    assert (document.title, document.kind) == ("Returns 2026", "pdf")
    assert document.text.split("\n\n") == [
        "## Returns and exchanges",
        "You can return anything that is not used within thirty days of delivery if you have the receipt or "
        "the number of your order at hand.",
        "- Boots",
        "- Tents",
        "Ask us (any time).",
    ]


def test_markdown_is_kept_without_its_front_matter() -> None:
    document = read(b"---\nlayout: page\n---\n# Care\n\nWash *cold*.", "care.md")
    assert (document.title, document.kind, document.text) == ("Care", "markdown", "# Care\n\nWash *cold*.")


def test_a_plain_text_is_named_after_its_file() -> None:
    document = read(b"We are open from nine.", "folder\\opening_hours-2026.txt")
    assert (document.title, document.kind) == ("opening hours 2026", "text")


@pytest.mark.parametrize(
    "data",
    [
        b'Question,Answer\nDo you ship?,Yes\n"Gift, cards?","No,\nsorry"\n',
        "\ufeffid;answer;question\n1;Yes;Do you ship?\n2;No,\\n sorry;Gift, cards?\n".replace(
            "\\n", ""
        ).encode(),
        b"Do you ship?\tYes\nGift, cards?\tNo, sorry\n",
    ],
)
def test_questions_and_answers_in_a_table_are_pairs(data: bytes) -> None:
    document = read(data, "faq.csv")
    assert document.kind == "faq"
    assert " ".join(document.text.split()) == "Q: Do you ship? A: Yes Q: Gift, cards? A: No, sorry"


def test_another_table_stays_one() -> None:
    document = read(b"Country,Cost,Note\nNorway,14.90,\nSweden,9.90,a|b\n", "prices.csv")
    assert document.kind == "csv"
    assert document.text.splitlines()[2:] == ["| Norway | 14.90 |  |", "| Sweden | 9.90 | a\\|b |"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encoding_is_found(encoding: str) -> None:
    text = "Café – 5 € für Größe XL, naïve"
    assert read(text.encode(encoding), "a.txt").text == text


def test_a_page_in_the_encoding_it_declares() -> None:
    page = '<html><head><meta charset="iso-8859-2"></head><body><p>Łódź</p></body></html>'
    assert read(page.encode("iso-8859-2"), "a.html").text == "Łódź"


@pytest.mark.parametrize(
    ("data", "name"),
    [(PAGE.encode(), "page.txt"), (files.word(), "guide.pdf"), (files.pdf(["Some words."]), "words.html")],
)
def test_the_content_decides_not_the_name(data: bytes, name: str) -> None:
    assert read(data, name).kind == {"page.txt": "html", "guide.pdf": "docx", "words.html": "pdf"}[name]


BODY = "word/document.xml"
HOSTILE = {
    "empty": (b" \n", "a.txt", "is empty"),
    "no words": (b"... --- ...", "a.txt", "no text in this file"),
    "program": (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 8, "a.txt", "is not a text"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "a.md", "is not a text"),
    "undecodable": (b"caf\x81\x8d\x9d text", "a.txt", "encoding UTF-8"),
    "archive": (files.archive({"a.txt": b"hello"}), "a.docx", "zip archive"),
    "broken archive": (files.word()[:3000], "a.docx", "damaged or not complete"),
    "not really Word": (files.archive({BODY: b"<x/>"}), "a.docx", "is damaged"),
    "old Word": (b"\xd0\xcf\x11\xe0" + bytes(500), "a.doc", "Save it as .docx"),
    "RTF": (b"{\\rtf1 hello}", "a.rtf", "Save it as .docx"),
    "bomb": (files.archive({BODY: b"<a/>" * 6_000_000}), "a.docx", "too large unpacked"),
    "many parts": (
        files.archive({BODY: b"<a/>"} | {f"{n}": b"" for n in range(2001)}),
        "a.docx",
        "too large",
    ),
    "scan": (files.pdf([], []), "a.pdf", "text recognition"),
    "locked PDF": (files.pdf(["Secret"], password="x"), "a.pdf", "asks for a password"),
    "broken PDF": (b"%PDF-1.7\n" + b"garbage " * 100, "a.pdf", "is damaged"),
    "long PDF": (files.pdf(*[["x"]] * 501), "a.pdf", "more than 500 pages"),
    "wide table": ((",".join("ab" for _ in range(101)) + "\n").encode() * 2, "a.csv", "columns"),
    "long table": (b"a,b,c\n" * 20_001, "a.csv", "rows"),
    "huge cell": (b'"' + b"a" * 200_000, "a.csv", "not a CSV file"),
    "many tags": (b"<html>" + b"<p>x" * 200_001, "a.html", "too large"),
    "long text": (b"word " * 200_001, "a.txt", "characters"),
}


@pytest.mark.parametrize(("data", "name", "advice"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_gets_a_plain_sentence(data: bytes, name: str, advice: str) -> None:
    with pytest.raises(InvalidInput, match=advice) as raised:
        read(data, name)
    assert str(raised.value).endswith(".")


def test_a_file_over_the_limit_is_too_large() -> None:
    with pytest.raises(TooLarge):
        read(b"a" * (20 * 1024 * 1024 + 1), "a.txt")


def test_a_hostile_cell_span_takes_no_time() -> None:
    data = files.edited(files.word(), b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="99999999"/>')
    started = time.monotonic()
    assert "14.90 EUR" in read(data, "a.docx").text
    assert time.monotonic() - started < 5


def test_a_deeply_nested_page_is_read() -> None:
    page = b"<html><body>" + b"<div>" * 50_000 + b"the bottom"
    assert read(page, "a.html").text == "the bottom"


@given(
    st.binary(max_size=2000),
    st.sampled_from(["a.txt", "a.md", "a.csv", "a.html", "a.pdf", "a.docx", "", "é\ud800"]),
)
def test_any_bytes_give_a_document_or_a_plain_refusal(data: bytes, name: str) -> None:
    _read_or_refuse(data, name)


WORD, PDF = files.word(), files.pdf(["One line of words.", "And one more."])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([WORD, PDF, PAGE.encode()]), st.data())
def test_a_damaged_file_gives_a_document_or_a_plain_refusal(whole: bytes, data: st.DataObject) -> None:
    damaged = bytearray(whole)
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=20)):
        damaged[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    _read_or_refuse(bytes(damaged[:cut]) if cut % 2 else bytes(damaged), "a")


TAGS = st.sampled_from(
    "<p> </p> <li> <ul> </ul> <table> <tr> <td> </table> <a href='http://x'> <!-- --> <nav> words".split()
)


@given(st.lists(TAGS, max_size=60).map("".join))
def test_any_soup_of_tags_is_read(soup: str) -> None:
    _read_or_refuse(f"<html>{soup}".encode(), "a.html")


def _read_or_refuse(data: bytes, name: str) -> None:
    try:
        document = read(data, name)
    except InvalidInput:
        return
    assert document.title
    assert document.text.strip()
    assert document.text.encode()


def test_pairs_of_questions_and_answers_stay_pairs() -> None:
    document = read(b"Q: How much?\r\nA: Twelve.\n\nQ: Where?\nA: Here.\n", "our-prices.faq")
    assert (document.kind, document.title) == ("faq", "our prices")
    assert document.text == "Q: How much?\nA: Twelve.\n\nQ: Where?\nA: Here."
    assert read(b"No pairs at all.", "plain.faq").kind == "text"


def test_what_folds_out_stands_under_its_question() -> None:
    """So do most shops' pages of questions."""
    html = (
        "<!doctype html><title>Help</title><h2>Shipping</h2>"
        "<details><summary>How long does it take?</summary><p>Three to five days.</p></details>"
        "<details><summary>What does it cost?</summary>9 EUR.</details>"
    )
    passages = chunk("html", "Help", read(html.encode(), "help.html").text)
    assert [(passage.heading, passage.text) for passage in passages] == [
        ("Shipping › How long does it take?", "Three to five days."),
        ("Shipping › What does it cost?", "9 EUR."),
    ]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"Country,Cost,Time\nNorway,9 EUR,3 days\n", "a.csv"),
        (b"| Country | Cost | Time |\n|---|---|---|\n| Norway | 9 EUR | 3 days |\n", "a.md"),
        (
            b"<!doctype html><table><tr><th>Country<th>Cost<th>Time<tr><td>Norway<td>9 EUR<td>3 days</table>",
            "a.html",
        ),
    ],
)
def test_a_row_keeps_its_header_whatever_the_file_is(data: bytes, name: str) -> None:
    document = read(data, name)
    (passage,) = chunk(document.kind, document.title, document.text)
    assert (passage.heading, passage.text) == ("Country", "Norway: cost 9 EUR, time 3 days")
