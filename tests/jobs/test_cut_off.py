"""The tunnel is down: no webhook arrives, so platforms are asked as often as they like."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from socialai.context import App
from socialai.domain.clock import stamp
from socialai.domain.tunnel import SshTunnel
from socialai.jobs.poll import interval
from socialai.jobs.sweep import sweep
from socialai.store import channels
from socialai.tunnel import ssh
from tests import cast
from tests.tunnel.sshd import free_port

SECONDS = 30.0


@pytest.fixture
def cut_off(app: App) -> Iterator[App]:
    """Nobody listens where the tunnel should end."""
    host_key = ssh.public_line(ssh.make_key()).partition(" ")[2]
    nobody = SshTunnel(
        host="127.0.0.1", user="hub", host_key=host_key, url="https://hub.example", port=free_port()
    )
    outside = app.channels.outside
    outside.choose(nobody)
    with outside.listen():
        outside.start(lambda _: None)
        assert outside._keeper
        assert outside._keeper.wait_for(lambda state: bool(state.error), SECONDS)
        yield app
        outside.stop()


def test_then_platforms_are_asked_sooner_though_webhooks_came_a_moment_ago(
    cut_off: App, clock: cast.Clock
) -> None:
    file, adapter = cut_off.files.tenant("acme"), cut_off.channels.adapter("acme", 1)
    assert adapter.capabilities.polling
    every, late = timedelta(seconds=adapter.capabilities.polling.every), clock() + timedelta(days=1)
    file.write(
        lambda db: db.execute(
            "update channel set poll_due_at = ?, last_event_at = ?", (stamp(late), stamp(clock()))
        )
    )
    sweep(cut_off)
    assert file.read(lambda db: channels.polls_due(db, clock())) == []
    assert file.read(lambda db: channels.polls_due(db, clock() + every)) == [1]
    channel = file.read(lambda db: channels.get(db, 1))
    assert interval(adapter, channel, clock(), is_cut_off=True) == every
    assert interval(adapter, channel, clock(), is_cut_off=False) > every


def test_with_a_tunnel_that_stands_nothing_changes(app: App, clock: cast.Clock) -> None:
    file, late = app.files.tenant("acme"), clock() + timedelta(days=1)
    file.write(lambda db: db.execute("update channel set poll_due_at = ?", (stamp(late),)))
    sweep(app)
    assert file.read(lambda db: channels.polls_due(db, late - timedelta(seconds=1))) == []
