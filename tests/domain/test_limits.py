"""How long a text is for a platform. The weights are what X's own twitter-text 3.1.0 (npm) says of each."""

import pytest

from socialai.domain.limits import room, size


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("Yes, we ship to Norway.", 23),
        ("See https://shop.example.com/returns?x=1.", 28),
        ("https://x.co", 23),
        ("northwind.co.uk, open till 18.", 38),
        ("info@northwind.co.uk", 20),
        ("(https://northwind.co.uk/a_b)", 25),
        ("詳しくはshop.comで。", 35),
        ("Привет, как дела?", 17),
        ("👍🏽", 2),
        ("❤️", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🇳🇴", 2),
        ("1️⃣ first", 8),
        ("©", 1),
        ("™", 2),
        ("e\u0301té", 3),
        ("“quotes” – and…", 16),
        ("½ price, €20", 13),
        ("www.northwind.com/æøå", 23),
        ("@northwind.com", 14),
        ("https://northwind.com/日本/a", 29),
        ("*", 1),
    ],
)
def test_x_weighs_a_text_as_its_own_library_does(text: str, weight: int) -> None:
    assert size(text, "weighted") == weight


@pytest.mark.parametrize("text", ["index.html", "Fine.Thanks", "https://münchen.de/straße"])
def test_what_only_x_can_tell_from_a_link_never_weighs_too_little(text: str) -> None:
    assert size(text, "weighted") >= 23


def test_a_link_is_not_cut_in_two() -> None:
    assert room("See https://shop.example.com/returns", 20, "weighted") == len("See ")


def test_bytes_and_halves_of_emojis_count_where_a_platform_counts_them() -> None:
    assert (size("é👍", "bytes"), size("é👍", "utf16"), size("é👍", "characters")) == (6, 3, 2)
