"""Names that the knowledge gives a price, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.knowledge.products import product_names
from socialai.sandbox.northwind.shop import articles

TENTS = """The Bothy 4 tent costs €629. The Bothy 4 sleeps four.
The Corrie 2 costs €349 and the Corrie 3 costs €429. The Corrie 2 is for two, the Corrie 3 for three."""


def test_what_has_a_price_and_is_named_twice_is_a_product() -> None:
    assert set(product_names([TENTS])) == {"Bothy 4", "Corrie 2", "Corrie 3"}


@pytest.mark.parametrize(
    "text",
    [
        "Delivery costs €5. Choose delivery to your door. Delivery is quick.",
        "Norway is €14 away. We ship to Norway.",
        "The Fulmar is warm. The Fulmar is light.",
        "It costs €5. It is good.",
        "",
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert product_names([text]) == ()


def test_the_demos_shop() -> None:
    names = product_names(text for _, text in articles())
    assert {"Bothy 4", "Corrie 2", "Fulmar", "Plover Minus 12"} <= set(names)
    assert not {"Norway", "Ireland", "Galway", "Shipping"} & set(names)


@given(st.lists(st.text(max_size=200), max_size=5))
def test_any_text_can_be_read(texts: list[str]) -> None:
    assert all(any(name in text for text in texts) for name in product_names(texts))
