"""What stops, and how it goes on: dead tokens, dead letters."""

from socialai.actions import channels as connecting
from socialai.actions import dead_letters
from socialai.domain.outbox import RECONCILE_TRIES
from socialai.store import channels
from tests import cast
from tests.jobs.desk import HELLO, PAGE, Desk

# -- the token is dead


def test_a_dead_token_stops_the_channel_and_counts_as_no_try(waiting: Desk) -> None:
    waiting.page.plan.append("expired")
    waiting.writes()
    waiting.wait(3600)
    waiting.sweep()
    waiting.wait(3600)
    [item] = waiting.items()
    assert (item.state, item.attempts, len(waiting.page.tries)) == ("queued", 0, 1)
    channel = waiting.db.read(lambda db: channels.get(db, waiting.ids.channel_id))
    assert channel.state == "reauthorise"
    assert channel.state_reason == (
        "Facebook no longer accepts the Page's access token; connect the Page again."
    )


def test_connected_again_it_goes_on(waiting: Desk) -> None:
    waiting.page.plan.append("expired")
    waiting.writes()
    waiting.wait(3600)
    waiting.reconnect()
    waiting.sweep()
    waiting.ring()
    assert waiting.states() == ["sent"]


def test_connected_by_a_person_it_goes_on_at_once(waiting: Desk) -> None:
    waiting.page.plan.append("expired")
    waiting.writes()
    waiting.wait(3600)
    values = {"page_id": PAGE, **cast.SECRETS}
    connecting.connect(waiting.app, waiting.olga, "facebook", "Acme on Facebook", values)
    waiting.ring()
    assert waiting.states() == ["sent"]


def test_a_token_that_dies_while_asking_stops_the_channel_and_nothing_is_given_up(waiting: Desk) -> None:
    waiting.page.plan.append("lost")
    waiting.page.reads.extend(["expired"] * 99)
    waiting.writes()
    waiting.wait(24 * 3600)
    assert waiting.states() == ["unknown"]
    channel = waiting.db.read(lambda db: channels.get(db, waiting.ids.channel_id))
    assert channel.state == "reauthorise"
    waiting.page.reads.clear()
    waiting.reconnect()
    waiting.sweep()
    waiting.wait(60)
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]


def test_a_secret_key_that_does_not_open_the_credentials_stops_the_channel(waiting: Desk) -> None:
    damaged = "update secret set sealed = zeroblob(60)"
    waiting.db.write(lambda db: db.execute(damaged) and None)
    waiting.app.channels.forget("acme")
    waiting.writes()
    waiting.wait(3600)
    channel = waiting.db.read(lambda db: channels.get(db, waiting.ids.channel_id))
    assert channel.state == "reauthorise"
    assert "cannot be opened with this secret.key" in (channel.state_reason or "")
    assert waiting.states() == ["queued"]
    waiting.reconnect()
    waiting.sweep()
    waiting.ring()
    assert waiting.states() == ["sent"]


# -- dead letters


def test_a_retry_counts_as_sent_only_with_the_platforms_id(waiting: Desk) -> None:
    waiting.page.plan.extend(["blocked", "blocked", "take"])
    waiting.writes()
    waiting.ring()
    [item] = waiting.items()
    for _ in range(2):
        assert waiting.states() == ["dead"]
        assert dead_letters.retry(waiting.app, "acme", "outbox", [item.id]) == [item.id]
        assert waiting.items()[0].external_id is None
        waiting.wait(60)
    assert waiting.states() == ["sent"]
    assert waiting.items()[0].external_id == "m_sent0"
    assert [reply.state for reply in waiting.replies()] == ["sent"]


def test_a_dead_letter_in_doubt_is_asked_about_before_it_is_sent(waiting: Desk) -> None:
    waiting.page.plan.append("lost")
    waiting.page.reads.extend(["error"] * RECONCILE_TRIES)
    waiting.writes()
    waiting.wait(24 * 3600 - 60)
    assert waiting.states() == ["dead"]
    dead_letters.retry(waiting.app, "acme", "outbox", [waiting.items()[0].id])
    waiting.wait(60)
    assert waiting.states() == ["sent"]
    assert waiting.page.texts("8001") == [HELLO]


def test_a_retried_dead_letter_has_the_whole_ladder_again(waiting: Desk) -> None:
    waiting.page.plan.extend(["error"] * 8)
    waiting.writes()
    waiting.wait(3600)
    dead_letters.retry(waiting.app, "acme", "outbox", [waiting.items()[0].id])
    waiting.wait(3600)
    assert waiting.states() == ["dead"]
    assert len(waiting.page.tries) == 8


def test_many_are_retried_or_discarded_at_once_and_only_the_dead(waiting: Desk) -> None:
    waiting.page.plan.extend(["blocked", "blocked", "take"])
    for text in ("one", "two", "three"):
        waiting.writes(text)
    waiting.ring()
    first, second, third = (item.id for item in waiting.items())
    assert dead_letters.discard(waiting.app, "acme", "outbox", [first, third]) == [first]
    assert dead_letters.retry(waiting.app, "acme", "outbox", [first, second, third]) == [second]
    waiting.ring()
    assert waiting.states() == ["discarded", "sent", "sent"]
    assert waiting.page.texts("8001") == ["three", "two"]


def test_dead_letters_are_counted_once(waiting: Desk) -> None:
    """An echo may have settled it while the hub was about to give up."""
    waiting.page.plan.append("lost")
    waiting.page.reads.extend(["error"] * 99)
    waiting.writes()
    waiting.wait(60)
    while waiting.items()[0].checks < RECONCILE_TRIES - 1:
        waiting.wait(60)
    wire_answer = waiting.page

    sample = waiting.app.metrics.registry.get_sample_value
    labels = {"tenant_id": "acme", "kind": "outbox"}
    waiting.echo(wire_answer.sent[0])
    waiting.wait(24 * 3600)
    assert waiting.states() == ["sent"]
    assert sample("socialai_dead_letters_total", labels) is None
