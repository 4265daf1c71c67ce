"""A channel is asked for news and looked at before a customer finds out."""

from datetime import datetime, timedelta

from socialai.domain.channel import Channel
from socialai.jobs.check import check
from socialai.jobs.poll import poll
from socialai.store import channels, figures
from tests.jobs.desk import PAGE, POST, Desk


def channel(desk: Desk) -> Channel:
    return desk.db.read(lambda db: channels.get(db, desk.ids.channel_id))


def begin(desk: Desk) -> None:
    """From now on."""
    desk.db.write(lambda db: channels.set_polls(db, desk.ids.channel_id, "on", desk.clock()))
    ask(desk)
    desk.wait(300)


def ask(desk: Desk) -> None:
    poll(desk.app, "acme", desk.ids.channel_id)


def due_in(desk: Desk) -> float:
    sql = "select poll_due_at from channel where id = ?"
    at = desk.db.read(lambda db: db.execute(sql, (desk.ids.channel_id,)).fetchone()[0])
    return (datetime.fromisoformat(at) - desk.clock()).total_seconds()


def recovered(desk: Desk) -> int:
    since = desk.clock() - timedelta(days=1)
    return desk.db.read(lambda db: figures.recovered(db, since))


def told(desk: Desk, contact: str, mid: str, text: str, by: str = "") -> None:
    """The Page shows a message to whoever asks."""
    at = desk.clock().strftime("%Y-%m-%dT%H:%M:%S+0000")
    said = {"id": mid, "message": text, "from": {"id": by or contact}, "created_time": at}
    people = {"data": [{"id": PAGE}, {"id": contact}]}
    desk.page.talks.insert(0, {"updated_time": at, "participants": people, "messages": {"data": [said]}})


def test_what_the_webhook_missed_is_recovered_once_and_counted(desk: Desk) -> None:
    begin(desk)
    desk.says("thanks", "9001", mid="m_came")
    desk.ring()
    told(desk, "9001", "m_came", "thanks")
    told(desk, "9002", "m_missed", "hello")
    desk.wait(1)
    ask(desk)
    desk.ring()
    assert [message.text for message in desk.messages("9002")] == ["hello"]
    assert len(desk.messages("9001")) == 1
    assert recovered(desk) == 1
    desk.clock.wait(hours=1)
    ask(desk)
    desk.ring()
    assert recovered(desk) == 1


def test_a_webhook_that_comes_late_changes_nothing(desk: Desk) -> None:
    begin(desk)
    told(desk, "9002", "m_late", "hello")
    ask(desk)
    desk.ring()
    desk.says("hello", "9002", mid="m_late")
    desk.ring()
    assert len(desk.messages("9002")) == 1


def test_a_missed_comment_is_recovered_and_an_answer_of_a_colleague_takes_over(desk: Desk) -> None:
    begin(desk)
    at = desk.clock().strftime("%Y-%m-%dT%H:%M:%S+0000")
    ada = {"id": "9003", "name": "Ada"}
    asked = {"id": "88_1", "message": "Is it open?", "from": ada, "created_time": at}
    answer = {**asked, "id": "88_2", "message": "Yes!", "from": {"id": PAGE}, "parent": {"id": "88_1"}}
    desk.page.comments = [answer, asked]
    ask(desk)
    desk.ring()
    talk = desk.conversation("9003", POST)
    assert talk.owner_id == 0
    assert recovered(desk) == 1


def test_what_we_sent_ourselves_is_no_news(desk: Desk) -> None:
    begin(desk)
    desk.says("thanks")
    desk.wait(10)
    desk.writes()
    desk.wait(1)
    sent = desk.page.sent[0]
    told(desk, "8001", sent["id"], sent["text"], by=PAGE)
    ask(desk)
    desk.ring()
    assert desk.conversation().owner_id == desk.anna.user_id or desk.conversation().owner_id is not None
    assert len(desk.messages()) == 2


def test_it_is_asked_seldom_while_webhooks_arrive_and_often_when_they_do_not(desk: Desk) -> None:
    begin(desk)
    desk.says("thanks")
    desk.ring()
    ask(desk)
    assert due_in(desk) == 1200
    desk.clock.wait(hours=3)
    ask(desk)
    assert due_in(desk) == 300


def test_two_workers_ask_once(desk: Desk) -> None:
    begin(desk)
    desk.page.news.extend(["take", "take", "error"])
    ask(desk)
    ask(desk)
    assert channel(desk).poll_error is None


def test_a_platform_that_cannot_be_asked_is_asked_less_and_less(desk: Desk) -> None:
    begin(desk)
    desk.page.news.extend(["error"] * 9)
    waits = []
    for _ in range(9):
        desk.clock.wait(seconds=max(due_in(desk), 0))
        ask(desk)
        waits.append(due_in(desk))
    assert waits == sorted(waits)
    assert waits[-1] == 3600
    assert "problem of its own" in (channel(desk).poll_error or "")


def test_what_happened_while_it_was_away_is_read_afterwards(desk: Desk) -> None:
    begin(desk)
    desk.page.news.append("error")
    told(desk, "9002", "m_missed", "hello")
    ask(desk)
    desk.clock.wait(seconds=due_in(desk))
    ask(desk)
    desk.ring()
    assert recovered(desk) == 1


def test_a_dead_token_found_by_asking_is_said(desk: Desk) -> None:
    begin(desk)
    desk.page.news.append("expired")
    ask(desk)
    assert channel(desk).state == "reauthorise"


# -- the daily question


def test_once_a_day_a_channel_is_asked_whether_it_works(desk: Desk) -> None:
    check(desk.app, "acme", desk.ids.channel_id)
    assert channel(desk).checked_at == desk.clock()
    desk.clock.wait(hours=23)
    assert desk.db.read(lambda db: channels.checks_due(db, desk.clock())) == []
    desk.clock.wait(hours=2)
    desk.page.profiles.append("expired")
    check(desk.app, "acme", desk.ids.channel_id)
    assert channel(desk).state == "reauthorise"


def test_a_platform_that_is_away_says_nothing_of_the_token(desk: Desk) -> None:
    desk.page.profiles.append("error")
    check(desk.app, "acme", desk.ids.channel_id)
    assert channel(desk).state == "active"
    desk.clock.wait(hours=1)
    assert desk.db.read(lambda db: channels.checks_due(db, desk.clock())) == [desk.ids.channel_id]
