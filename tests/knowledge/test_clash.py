import pytest

from socialai.knowledge.clash import clash, said


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shipping to Norway costs 9 EUR.", "Shipping to Norway costs 12 EUR."),
        ("Shipping to Norway costs €9.", "Our shipping to Norway costs 12.50 EUR."),
        ("You can return goods within 30 days.", "Goods can be returned within 14 days."),
        ("We are open Monday to Friday from 9 to 17.", "We are open Monday to Friday from 9 to 18."),
        ("The shop opens at 9 am.", "The shop opens at 10:00."),
        ("The Bothy 4 weighs 3.1 kg.", "The Bothy 4 weighs 2.9 kg."),
        ("The warranty is 2 years.", "The warranty lasts 5 years."),
    ],
)
def test_other_numbers_for_the_same_thing_clash(one: str, other: str) -> None:
    assert clash(one, other)
    assert clash(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shipping to Norway costs 9 EUR.", "Shipping to Sweden costs 12 EUR."),
        ("The Bothy 4 weighs 3.1 kg.", "The Bothy 2 weighs 1.9 kg."),
        ("Shipping costs 9 EUR.", "Shipping costs 9.00 EUR, and is free from 100 EUR."),
        ("The shop opens at 9 am.", "The shop opens at 09:00."),
        ("On Saturdays we open at 10:00.", "On Sundays we open at 11:00."),
        ("Returns take 30 days.", "Repairs of boots take 14 days in winter."),
        ("It costs 1,200 EUR.", "It costs 1200 EUR."),
        ("Shipping takes 3 days.", "Shipping costs 9 EUR."),
        ("We sell tents.", "We sell boots."),
    ],
)
def test_other_things_and_the_same_numbers_do_not(one: str, other: str) -> None:
    assert not clash(one, other)
    assert not clash(other, one)


def test_a_name_with_a_number_is_no_number() -> None:
    assert said("The Bothy 4 weighs 3.1 kg.").numbers == {"kg": {3.1}}
