"""The demo's shop: enough of it, well formed, and of one mind with itself."""

import re
from collections import Counter

import pytest

from socialai.sandbox.northwind import shop

TITLES = [title for title, _ in shop.articles()]
EVERYTHING = "\n".join([text for _, text in shop.articles()] + [answer for _, answer in shop.faq()])
OPEN_TO_QUOTE = 280
"""Characters: a fact should fit into the shortest reply we write."""


def sentences(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [each for line in lines for each in re.split(r"(?<=[.!?]) (?=[A-Z])", line)]


def test_there_is_enough_to_know_and_no_title_twice() -> None:
    assert len(TITLES) >= 34
    assert not [title for title, times in Counter(TITLES).items() if times > 1]
    assert len(shop.faq()) >= 25
    assert not [question for question, times in Counter(q for q, _ in shop.faq()).items() if times > 1]


@pytest.mark.parametrize(("title", "text"), shop.articles(), ids=TITLES)
def test_an_article_has_a_title_and_sentences_that_can_be_quoted_alone(title: str, text: str) -> None:
    assert title
    assert len(sentences(text)) >= 4
    for sentence in sentences(text):
        assert len(sentence) <= OPEN_TO_QUOTE
        assert sentence.endswith((".", "?", "!"))


def test_no_fact_stands_twice_in_one_article() -> None:
    for _, text in shop.articles():
        assert not [each for each, times in Counter(sentences(text)).items() if times > 1]


@pytest.mark.parametrize(
    "product",
    ["Skerry rain jacket", "Fulmar down jacket", "Burren Mid hiking boots", "Errigal mountain boots"],
)
def test_a_product_has_one_price(product: str) -> None:
    prices = set(re.findall(rf"The {product} costs? (€[\d.]+)", EVERYTHING))
    assert len(prices) == 1


def test_shipping_to_norway_costs_the_same_wherever_it_is_told() -> None:
    told = re.findall(
        r"(?:Standard shipping to Norway|Shipping to Norway|Norway\. Standard shipping) costs (€[\d.]+)",
        EVERYTHING,
    )
    assert len(told) >= 3
    assert set(told) == {"€14.90"}


def test_every_address_and_telephone_number_is_the_shop_s_own_and_cannot_reach_anybody() -> None:
    hosts = set(re.findall(r"(?:https?://|@)([\w.-]+\w)", EVERYTHING))
    assert hosts == {"northwind-outfitters.example", "www.northwind-outfitters.example"}
    # 020 91X XXXX is what Ireland keeps for fiction.
    assert set(re.findall(r"\+\d[\d ]+\d", EVERYTHING)) == {"+353 20 910 0142"}


def test_the_traffic_is_ten_minutes_of_many_kinds_of_people() -> None:
    stories = shop.traffic()
    assert len(stories) >= 60
    starts = [story.starts_at for story in stories]
    assert starts == sorted(starts)
    assert 540 < starts[-1] <= 600
    assert len({story.about for story in stories}) >= 12
    names = {story.who: story.name for story in stories}
    assert {(story.who, story.name) for story in stories} == set(names.items())
    assert all(story.messages for story in stories)


def test_the_traffic_has_every_kind_of_act() -> None:
    steps = [step for story in shop.traffic() for step in story.messages]
    assert any(step.attachments for step in steps)
    assert any(step.postback for step in steps)
    assert any(step.quick_reply for step in steps)
    assert any(step.edit for step in steps)
    assert any(step.delete for step in steps)
    assert any(step.react_to for step in steps)
    assert any(step.read for step in steps)
    assert any(step.unsupported for step in steps)
    assert any(len(story.messages) >= 3 for story in shop.traffic())
