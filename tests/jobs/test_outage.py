"""A platform that is away for ten minutes: nothing lost, nothing doubled, in order, nobody else waits."""

from socialai.actions import replies as replying
from socialai.store import conversations, messages, outbox
from tests import cast
from tests.jobs.desk import Desk

PEOPLE = 40


def queue(desk: Desk, number: int) -> None:
    """Two replies to one person, written while it is away."""
    for text in ("First.", "Second."):
        replying.write(desk.app, desk.anna, desk.conversation(str(number)).id, f"{number}: {text}")


def test_ten_minutes_without_the_platform(desk: Desk) -> None:
    people = range(9000, 9000 + PEOPLE)
    for number in people:
        desk.says("thanks", str(number))
    desk.wait(10)
    back_at = desk.page.away_until = desk.clock.now + cast.minutes(10)
    for number in people:
        queue(desk, number)
        desk.wait(0.02)
    desk.wait(3600)
    assert sum(at < back_at for at in desk.page.tries) < PEOPLE, "it is left alone while it fails"
    assert [sent["text"] for sent in desk.page.sent if sent["contact"] == "9007"] == [
        "9007: First.",
        "9007: Second.",
    ]
    assert len(desk.page.sent) == 2 * PEOPLE
    assert len({sent["text"] for sent in desk.page.sent}) == 2 * PEOPLE
    assert desk.db.read(lambda db: outbox.count(db, "dead")) == 1, "the cast's own"


def test_a_limit_of_the_platform_holds_every_conversation_of_the_channel_back(desk: Desk) -> None:
    for number in (9001, 9002):
        desk.says("thanks", str(number))
    desk.wait(10)
    desk.page.plan.append("limit")
    desk.page.retry_after = 120
    replying.write(desk.app, desk.anna, desk.conversation("9001").id, "One.")
    desk.ring()
    replying.write(desk.app, desk.anna, desk.conversation("9002").id, "Two.")
    desk.wait(100)
    assert len(desk.page.tries) == 1
    desk.wait(60)
    assert sorted(sent["text"] for sent in desk.page.sent) == ["One.", "Two."]


def test_another_channel_is_not_held_back(desk: Desk) -> None:
    second = desk.app.channels.connect(
        "acme", "facebook", "Second", {"page_id": "999", **cast.SECRETS}, desk.clock()
    )
    for _ in range(5):
        desk.app.channels.gate("acme", desk.ids.channel_id).failed(desk.clock())
    item = {**desk.item("9001", message={"mid": "m_2nd", "text": "thanks"}), "recipient": {"id": "999"}}
    desk.arrives(item, page="999")
    desk.wait(10)
    found = desk.db.read(lambda db: conversations.find_by_identity(db, second.id, "9001"))
    assert found
    replying.write(desk.app, desk.anna, found, "There you are.")
    desk.wait(1)
    assert desk.db.read(lambda db: messages.messages(db, found))[-1].external_id
