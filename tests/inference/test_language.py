"""Which language a message is in: right where it can be told, silent where it cannot."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.domain.language import LANGUAGES, language_name
from socialai.inference.language import LanguageModel


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel()


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Do you ship to Norway and what does it cost?"),
        ("en", "how do i reset my password"),
        ("en", "WHERE IS MY ORDER"),
        ("en", "Hola! do you have this in my size, and can you ship it with DHL?"),
        ("es", "Hola, ¿hacen envíos a México?"),
        ("es", "cuanto cuesta la chaqueta"),
        ("fr", "ma commande n'est toujours pas arrivée"),
        ("fr", "bonjour, quels sont vos horaires ?"),
        ("de", "Die Jacke ist kaputt, ich möchte mein Geld zurück"),
        ("de", "wo bleibt meine Bestellung"),
        ("it", "il mio ordine non è ancora arrivato"),
        ("pt", "Olá, vocês entregam em Portugal?"),
        ("nl", "Hoi, leveren jullie ook in België?"),
        ("pl", "gdzie jest moje zamówienie"),
        ("tr", "Merhaba, kargo ücreti ne kadar?"),
        ("sv", "Hej, skickar ni till Norge?"),
        ("fi", "missä tilaukseni on"),
        ("ru", "где мой заказ"),
        ("uk", "Добрий день, коли прийде моє замовлення?"),
        ("el", "Γεια σας, πόσο κοστίζει η αποστολή;"),
        ("ar", "مرحبا، كم سعر التوصيل؟"),
        ("he", "שלום, כמה עולה המשלוח?"),
        ("zh", "你好，可以寄到台湾吗？"),
        ("ja", "こんにちは、送料はいくらですか？"),
        ("ko", "안녕하세요, 배송비가 얼마예요?"),
        ("th", "สวัสดีค่ะ ค่าส่งเท่าไหร่คะ"),
        ("hi", "नमस्ते, डिलीवरी कितने दिन में होगी?"),
    ],
)
def test_a_customers_message_is_known_by_its_language(model: LanguageModel, code: str, text: str) -> None:
    found = model.detect(text)
    assert found.code == code
    assert 0.4 < found.confidence <= 1
    assert model.detect(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "hi",
        "yes",
        "merci",
        "bye!",
        "???",
        "👍👍👍😍",
        "#10482",
        "NW-10482 77-4432",
        "49.90 EUR",
        "+47 412 34 567",
        "https://www.beispiel-geschaeft.example/schuhe-und-jacken",
        "anna.schmidt@beispiel.example",
        "\u200b\u200d\ufeff",
        "\x00\x00",
        "\ud800\udc00",
    ],
)
def test_nothing_is_said_of_what_says_nothing(model: LanguageModel, text: str) -> None:
    assert model.detect(text).code == ""


@pytest.mark.parametrize(
    "text", ["hello hello", "haha no worries", "so cute haha", "price pls", "One star. Avoid."]
)
def test_short_english_is_never_taken_for_another_language(model: LanguageModel, text: str) -> None:
    assert model.detect(text).code in ("", "en")


def test_a_message_takes_a_fraction_of_a_millisecond_and_a_long_one_no_longer(model: LanguageModel) -> None:
    started = time.perf_counter()
    for _ in range(50):
        model.detect("Where is my order 10482? It should have been here on Monday. " * 2000)
    assert time.perf_counter() - started < 5


@given(st.text(max_size=300))
def test_any_text_has_a_language_or_none(model: LanguageModel, text: str) -> None:
    found = model.detect(text)
    assert found.code in ("", *LANGUAGES)
    assert 0 <= found.confidence <= 1


def test_languages_have_names() -> None:
    assert language_name("es") == "Spanish"
    assert language_name("xx") == "xx"
