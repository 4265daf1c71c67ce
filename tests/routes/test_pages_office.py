"""Undelivered, health, settings and team."""

import dataclasses
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from socialai.context import App
from socialai.domain.policy import Policy
from socialai.routes.pages import policy_form
from socialai.routes.pages.policy_sections import SECTIONS
from socialai.store import channels, conversations, events, outbox, policies, replies, tries, users
from socialai.store.figures import figures, hours
from tests import cast
from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]


@pytest.fixture
def file(app: App) -> Any:
    return app.files.tenant("acme")


@pytest.fixture
def post(client: Client, browser: Browser) -> Callable[..., Any]:
    def send(path: str, data: dict[str, Any], name: str = "olga") -> Any:
        return client.post(path, headers=browser(name), data=data, follow_redirects=False)

    return send


def test_dead_letters_say_why_and_where(client: Client, browser: Browser) -> None:
    text = client.get("/dead-letters", headers=browser("anna")).text
    for shown in ("This delivery is not understood.", "Facebook refused it.", "/inbox/1"):
        assert shown in text
    assert "Try again" not in text
    assert "Try again" in client.get("/dead-letters", headers=browser("adam")).text


def test_many_are_retried_or_discarded_at_once(
    post: Callable[..., Any], file: Any, ids: dict[str, cast.Ids]
) -> None:
    acme = ids["acme"]
    both = {"letter": [f"event:{acme.event_id}", f"outbox:{acme.item_id}"]}
    assert post("/dead-letters/retry", both).status_code == 303
    assert file.read(lambda db: events.get(db, acme.event_id)).state == "received"
    assert file.read(lambda db: outbox.get(db, acme.item_id)).state == "queued"
    file.write(lambda db: tries.bury(db, acme.item_id, "Again.", None))
    post("/dead-letters/discard", {"letter": f"outbox:{acme.item_id}"})
    assert file.read(lambda db: outbox.get(db, acme.item_id)).state == "discarded"


@pytest.mark.parametrize("letter", ["event", "event:x", "event:-1", "nothing:1", "event:" + "9" * 30])
def test_nonsense_is_no_letter(post: Callable[..., Any], letter: str) -> None:
    assert post("/dead-letters/retry", {"letter": letter}).status_code == 400


def test_nothing_undelivered_is_good_news(post: Callable[..., Any], client: Client, browser: Browser) -> None:
    for letter in ("event:1", "outbox:1"):
        post("/dead-letters/discard", {"letter": letter})
    assert "Nothing is undelivered" in client.get("/dead-letters", headers=browser("anna")).text


def test_health_names_what_is_wrong(client: Client, browser: Browser, file: Any) -> None:
    text = client.get("/status", headers=browser("vera")).text
    for shown in ("Everything works", "Database", "Queue", "Models", "Disk", "lost", "Acme on Facebook"):
        assert shown in text
    file.write(lambda db: channels.set_state(db, 1, "reauthorise", "The token is dead"))
    assert "1 thing needs you" in client.get("/status", headers=browser("vera")).text


def test_lost_counts_what_nobody_will_ever_do(app: App, file: Any) -> None:
    def lost() -> int:
        now = app.clock() + timedelta(hours=1)
        return int(file.read(lambda db: figures(db, now, timedelta(minutes=5))).lost)

    before = lost()
    file.write(lambda db: replies.add(db, 1, "approved", "Nobody queued this", 0, app.clock(), user_id=1))
    assert lost() == before + 1
    file.write(lambda db: db.execute("update message set answered_at = null where author = 'contact'"))
    file.write(lambda db: conversations.take_over(db, 1, 1))
    held = lost()
    file.write(lambda db: conversations.give_back(db, 1))
    assert lost() == held + 1


def test_overdue_counts_what_should_be_done_by_now(app: App, file: Any) -> None:
    def due() -> int:
        now = app.clock() + timedelta(hours=1)
        return int(file.read(lambda db: figures(db, now, timedelta(minutes=5))).overdue)

    before = due()
    file.write(lambda db: events.keep(db, "facebook", b"{}", "t", app.clock()))
    file.write(lambda db: conversations.make_due(db, 1, app.clock()))
    assert due() == before + 2


def test_hours_hold_a_day_and_sum_up(app: App, file: Any) -> None:
    found = file.read(lambda db: hours(db, app.clock()))
    assert len(found) == 24
    assert (found[-1].received, found[-1].sent) == (1, 1)
    assert sum(hour.received for hour in found[:-1]) == 0


def _filled(**changes: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    data: dict[str, Any] = {}
    for _, settings in policy_form.shown(Policy(), None, {}):
        data |= {each.setting.name: each.value for each in settings if each.kind != "switch" or each.value}
    return data | {name.replace("__", "."): value for name, value in changes.items()}


def test_the_form_holds_the_whole_policy() -> None:
    asked = [setting.name for section in SECTIONS for setting in section.settings]
    names = set(asked)
    assert len(names) == len(asked), "a switch that is there twice cannot be switched off"
    assert {*_paths(msgspec.to_builtins(Policy())), "language"} == {*names, "language"}
    assert policy_form.read(Policy(), _filled()) == (Policy(), {})


def _paths(values: dict[str, Any], before: str = "") -> set[str]:
    found: set[str] = set()
    for name, value in values.items():
        found |= _paths(value, f"{before}{name}.") if isinstance(value, dict) else {f"{before}{name}"}
    return found


def test_settings_are_saved(post: Callable[..., Any], file: Any) -> None:
    changes = {
        "weights__intent": "30",
        "weights__profile": "20",
        "rules__words": "refund\r\n\r\n scam ",
        "confidence": "0,8",
    }
    data = _filled(**changes)
    del data["rules.vip_sales"]
    answer = post("/settings", data)
    assert answer.status_code == 200
    policy = file.read(policies.get)
    assert (policy.weights.intent, policy.weights.profile, policy.confidence) == (30, 20, 0.8)
    assert policy.rules.words == ("refund", "scam")
    assert not policy.rules.vip_sales
    assert policy.rules.no_evidence


def test_a_pattern_that_no_message_could_be_read_with_is_not_saved(
    post: Callable[..., Any], file: Any
) -> None:
    answer = post("/settings", _filled(order_patterns="AC-("))
    assert answer.status_code == 400
    assert ">AC-(</textarea>" in answer.text
    assert "is not a regular expression" in answer.text
    assert file.read(policies.get) == Policy()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("confidence", "2", "Give a number from 0 to 1."),
        ("confidence", "much", "Give a number from 0 to 1."),
        ("max_hits", "1.5", "Give a number from 1 to 20."),
        ("region", "Norway", "Give the two letters of a country"),
        ("weights.intent", "90", "They have to add up to 100."),
        ("thresholds.warm", "95", "A lead is warm from fewer points"),
        ("voice.greeting", "x" * 200, "This cannot be"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_saved(
    post: Callable[..., Any], file: Any, field: str, value: str, said: str
) -> None:
    answer = post("/settings", {**_filled(), field: value})
    assert answer.status_code == 400
    assert said in answer.text
    assert f'value="{value}"' in answer.text
    assert file.read(policies.get) == Policy()


def test_the_team_is_shown_to_those_who_manage_it(client: Client, browser: Browser) -> None:
    assert "vera@acme.example" in client.get("/team", headers=browser("adam")).text
    mine = client.get("/team", headers=browser("anna")).text
    assert "anna@acme.example" in mine
    assert "vera@acme.example" not in mine
    assert "rita@rival.example" not in client.get("/team", headers=browser("olga")).text


def test_someone_is_added_or_the_form_says_why_not(post: Callable[..., Any], app: App) -> None:
    new = {"name": "Nils", "email": "nils@acme.example", "role": "agent", "password": cast.PASSWORD}
    weak = post("/team", {**new, "password": "short"})
    assert weak.status_code == 400
    assert re.search(r'id="about-password".*?at least 10 characters', weak.text, re.DOTALL)
    assert 'value="nils@acme.example"' in weak.text
    taken = post("/team", {**new, "email": "vera@acme.example"})
    assert re.search(r'id="about-email".*?has an account already', taken.text, re.DOTALL)
    assert post("/team", new).status_code == 303
    assert "nils" in [user.name.lower() for user in app.files.app.read(lambda db: users.users(db, "acme"))]


def test_roles_change_and_the_last_owner_stays(
    post: Callable[..., Any], person: Callable[[str], Any], app: App
) -> None:
    vera, olga = person("vera").id, person("olga").id
    assert post(f"/team/{vera}/role", {"role": "agent"}).status_code == 303
    only = post(f"/team/{olga}/role", {"role": "viewer"})
    assert only.status_code == 400
    assert "This is the only owner" in only.text
    assert post(f"/team/{vera}/role", {"role": "owner"}, "adam").status_code == 403
    assert post(f"/team/{vera}/disable", {}).status_code == 303
    assert app.files.app.read(lambda db: users.get(db, "acme", vera)).disabled_at
    assert post(f"/team/{vera}/enable", {}).status_code == 303


def test_ones_own_password_needs_the_current_one(post: Callable[..., Any]) -> None:
    new = "a new green tomato"
    wrong = post("/team/password", {"current": "wrong", "new": new}, "vera")
    assert re.search(r'id="about-current".*?current password is wrong', wrong.text, re.DOTALL)
    weak = post("/team/password", {"current": cast.PASSWORD, "new": "short"}, "vera")
    assert re.search(r'id="about-new".*?at least 10', weak.text, re.DOTALL)
    assert (
        "Your password is changed"
        in post("/team/password", {"current": cast.PASSWORD, "new": new}, "vera").text
    )


def test_a_forgotten_password_is_set_anew(post: Callable[..., Any], person: Callable[[str], Any]) -> None:
    answer = post(f"/team/{person('vera').id}/password", {"password": "a new green tomato"})
    assert "vera has a new password" in answer.text
    assert post(f"/team/{person('vera').id}/password", {"password": "short"}).status_code == 400


def test_every_page_warns_when_the_disk_fills_up(app: App, client: Client, browser: Browser) -> None:
    assert "disk is nearly full" not in client.get("/team", headers=browser("anna")).text
    full = msgspec.structs.replace(app.settings, low_disk_bytes=2**60)
    client.app.state["hub"] = dataclasses.replace(app, settings=full)
    assert "disk is nearly full" in client.get("/team", headers=browser("anna")).text
