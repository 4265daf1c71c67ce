import pytest

from socialai.knowledge.kinds import asked_kinds, is_personal, said_kinds


@pytest.mark.parametrize(
    "question",
    [
        "is my appointment with dr reid on thursday still on?",
        "Has my dog's blood test come back yet?",
        "where is my order 88123",
        "did my refund go through",
        "is my bike ready yet? ticket 4471",
        "when is my next lesson with clara",
        "why was my card declined yesterday",
        "did i leave my umbrella at yours",
        "where has my parcel got to",
        "is room 3 free on the 14th",
        "is my lesson on friday at 4 or 5",
        "is dr pryce in today",
    ],
)
def test_the_contacts_own_case_is_told(question: str) -> None:
    assert is_personal(question)


@pytest.mark.parametrize(
    "question",
    [
        "can I cancel my order",
        "do you post orders abroad?",
        "my dog is ill, can I come today?",
        "are you open",
        "why is the water cold",
        "is parking free on sundays",
    ],
)
def test_a_question_for_everyone_is_none(question: str) -> None:
    assert not is_personal(question)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("how much is a full service", "Full service: price €129"),
        ("when do you close", "Open until 18:30."),
        ("where can I park", "There are six spaces behind the house."),
        ("who leads the workshop", "The workshop is led by Ola Brandt."),
    ],
)
def test_what_is_asked_for_is_seen_in_the_answer(question: str, answer: str) -> None:
    asked, said = asked_kinds(question), said_kinds(answer)
    assert any(asked)
    assert all(there for wanted, there in zip(asked, said, strict=True) if wanted)
