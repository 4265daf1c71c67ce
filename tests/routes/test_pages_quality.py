"""The quality page: what it draws, what it says before there is anything, and learning now."""

import html
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import pytest

from socialai.actions import corrections as correcting
from socialai.context import App
from socialai.domain.correction import PARTS, Bin, Checked, LearntReport, Mix, Quality, Week
from socialai.domain.triage import Intent
from socialai.routes.pages.quality_charts import agreement, calibration, mix
from socialai.security.permissions import operator
from socialai.store import heads
from tests import cast
from tests.routes.conftest import Client, Headers

Browser = Callable[[str], Headers]
Look = Callable[..., str]
MONDAY = cast.START.date()


@pytest.fixture
def look(client: Client, browser: Browser) -> Look:
    def get(path: str = "/quality", person: str = "vera") -> str:
        answer = client.get(path, headers=browser(person))
        assert answer.status_code == 200
        return str(answer.text)

    return get


@pytest.fixture
def correct(app: App, ids: dict[str, cast.Ids]) -> Callable[[Intent], Any]:
    who, message_id = operator("acme"), ids["acme"].message_id
    return lambda intent: correcting.correct(app, who, message_id, intent=intent)


def charts(text: str) -> list[str]:
    return [json.loads(html.unescape(found))["kind"] for found in re.findall(r'data-chart="([^"]+)"', text)]


def test_before_anybody_checked_anything_it_says_what_will_be_there(look: Look) -> None:
    text = look()
    for shown in ("A line for each week appears here", "Points appear here", "A table appears here"):
        assert shown in text
    assert charts(text) == ["stack"]  # the cast's message was understood
    assert "from 10 on. There are <b>0</b> so far" in text


def test_what_people_corrected_is_drawn_and_told_in_tables(look: Look, correct: Any) -> None:
    correct("inquiry")
    text = look()
    assert charts(text) == ["lines", "shares", "stack"]
    assert re.search(r'<div class="number">0 %</div><div class="what">intent as your team', text)
    assert re.search(r'class="is-miss" style="--heat: 100%">1<', text)
    assert text.count("As a table") == 3


def test_another_span_of_time(look: Look) -> None:
    assert 'active" href="/quality?days=365"' in look("/quality?days=365")
    assert 'active" href="/quality?days=90"' in look("/quality?days=-5")


@pytest.mark.parametrize(("accepted", "shown"), [(True, "In use since"), (False, "Not used.")])
def test_what_was_learnt_or_refused_is_told_with_its_figures(
    app: App, look: Look, correct: Any, accepted: bool, shown: str
) -> None:
    reason = "" if accepted else "intent would be right 40% of the time instead of 80%"
    checked = tuple(Checked(part, 12, 0.8, 0.9 if accepted else 0.4) for part in PARTS)
    report = LearntReport(12, accepted, reason, checked, cast.START)
    _keep(app, report)
    _fill(app, 10)
    text = look()
    assert shown in text
    assert reason in text
    assert ("90 %" if accepted else "40 %") in text


def test_who_runs_the_shop_has_it_learn_now(
    client: Client, browser: Browser, app: App, look: Look, correct: Any
) -> None:
    assert client.post("/quality/learn", headers=browser("anna")).status_code == 403
    few = client.post("/quality/learn", headers=browser("olga") | {"hx-request": "true"})
    assert few.status_code == 400
    assert "0 corrections" in few.text
    _fill(app, 10)
    assert "Learn from corrections now" in look(person="olga")
    assert "Learn from corrections now" not in look(person="anna")
    done = client.post("/quality/learn", headers=browser("olga") | {"hx-request": "true"})
    assert done.status_code == 200
    assert "Right before" in done.text


def _fill(app: App, count: int) -> None:
    """More of the cast's message, each corrected."""

    def run(db: Any) -> Iterable[int]:
        rows = [
            db.execute(
                """
                insert into message (conversation_id, author, kind, text, sent_at, created_at)
                select conversation_id, author, kind, text || ?, sent_at, created_at from message where id = 1
                returning id
                """,
                (f" {number}?",),
            ).fetchone()["id"]
            for number in range(count)
        ]
        db.execute("update turn set message_id = ?", (rows[-1],))
        return rows

    for message_id in app.files.tenant("acme").write(run):
        correcting.correct(app, operator("acme"), message_id, intent="inquiry")


def _keep(app: App, report: LearntReport) -> None:
    text = msgspec.json.encode(report).decode()
    app.files.tenant("acme").write(
        lambda db: heads.add(
            db,
            "corrections",
            encoder="e",
            basis=1,
            accepted=report.accepted,
            report=text,
            arrays=b"",
            now=cast.START,
        )
    )


def test_the_charts_hold_shares() -> None:
    weeks = (Week(MONDAY, 4, {"intent": 3, "mood": 4, "urgency": 0}),)
    seen = Quality(
        since=MONDAY,
        reviewed=4,
        weeks=weeks,
        confusion=(),
        mix=(Mix(MONDAY, {"sales": 1, "spam": 3}, {}),),
        calibration=(Bin(0.7, 0.8, 4, 0.75, 0.5),),
        calibration_error=0.25,
        learnt=None,
    )
    lines = json.loads(agreement(seen))
    assert [each["values"] for each in lines["series"]] == [[0.75], [1.0], [0.0]]
    stack = {each["label"]: each["values"] for each in json.loads(mix(seen))["series"]}
    assert stack == {"Complaint": [1.0], "Inquiry": [1.0], "Spam": [1.0], "Support": [0.25], "Sales": [0.25]}
    shares = json.loads(calibration(seen))
    assert (shares["at"], shares["series"][1]["values"]) == ([0, 0.75, 1], [None, 0.5, None])


def test_nothing_makes_empty_charts() -> None:
    empty = Quality(MONDAY, 0, (), (), (), (), None, None)
    assert len(json.loads(agreement(empty))["series"]) == len(PARTS)
    assert json.loads(mix(empty))["at"] == []
