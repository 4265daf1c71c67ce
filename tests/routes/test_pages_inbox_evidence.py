"""What the draft rests on, shown under it: each sentence underlined, its source beside it."""

from collections.abc import Callable
from typing import Any

import pytest

from socialai.context import App
from socialai.domain.support import Checked
from socialai.store import replies
from socialai.store.records import as_json
from tests.routes.conftest import Client, Headers

QUOTED = Checked("We ship to Norway.", "quoted", 1.0, "We ship to Norway.", "Shipping", 1, 1)
WRONG = Checked(
    "It costs <b>€9</b>.", "unsupported", 0.2, "It costs €14.90.", "Shipping", 1, 1, ("number: €9",)
)


@pytest.fixture
def show(app: App, client: Client, browser: Callable[[str], Headers]) -> Callable[..., str]:
    def keep(db: Any, found: tuple[Checked, ...]) -> None:
        draft = replies.find_draft(db, 1)
        assert draft
        db.execute("update turn set checked = ? where id = ?", (as_json(found), draft.turn_id))

    def show(*found: Checked) -> str:
        app.files.tenant("acme").write(lambda db: keep(db, found))
        answer = client.get("/inbox/1", headers=browser("anna"))
        assert answer.status_code == 200
        return str(answer.text)

    return show


def test_a_draft_that_the_knowledge_says_is_said_so(show: Callable[..., str]) -> None:
    page = show(QUOTED)
    assert "All of it is in your knowledge" in page
    assert "/knowledge/1?quote=We%20ship%20to%20Norway." in page
    assert "<details" in page
    assert 'id="proof-1" open' not in page


def test_what_the_knowledge_does_not_say_is_open_and_named(show: Callable[..., str]) -> None:
    page = show(QUOTED, WRONG)
    assert "One sentence is not in your knowledge" in page
    assert 'class="is-unsupported"' in page
    assert "Not in your knowledge: the number €9." in page
    assert "It costs €14.90." in page
    assert "It costs &lt;b&gt;€9&lt;/b&gt;." in page


def test_what_was_left_out_is_told(show: Callable[..., str]) -> None:
    left_out = Checked("A balloon comes with it.", "removed", 0.1, doubts=())
    page = show(QUOTED, left_out)
    assert "One sentence was left out" in page
    assert "<s>A balloon comes with it.</s>" in page


def test_courtesy_is_not_shown_and_alone_shows_nothing(show: Callable[..., str]) -> None:
    assert 'class="proof"' not in show(Checked("Hi Ada!", "courtesy"))


def test_a_draft_that_a_person_changed_is_theirs(app: App, show: Callable[..., str]) -> None:
    app.files.tenant("acme").write(lambda db: replies.edit(db, _draft(db).id, "We do.", app.clock()))
    assert 'class="proof"' not in show(QUOTED)


def _draft(db: Any) -> Any:
    return replies.find_draft(db, 1)
