"""Another encoder for the search: what was indexed is indexed again, and questions find it."""

from pathlib import Path

from socialai import app as hub
from socialai.actions import articles as actions
from socialai.inference.bundles import installed
from socialai.jobs.index import index, use_encoder
from socialai.security.permissions import operator
from socialai.settings import Settings
from socialai.store import articles
from tests import bundles

_WHO = operator("acme")


def test_the_knowledge_is_indexed_again_and_found(settings: Settings, tmp_path: Path) -> None:
    _index(settings)
    brought = bundles.bring(settings.data_dir, bundles.make_search(tmp_path / "brought"))
    installed.activate(settings.data_dir, brought.id)
    app = hub.build(settings)
    use_encoder(app, "acme")
    database = app.files.tenant("acme")
    waiting = database.read(articles.unindexed)
    assert waiting
    for article_id in waiting:
        index(app, "acme", article_id)
    assert database.read(articles.unindexed) == []
    assert actions.look_up(app, _WHO, "Do you ship to Norway?", 3)
    hub.stop(app)


def _index(settings: Settings) -> None:
    app = hub.build(settings)
    for article_id in app.files.tenant("acme").read(articles.unindexed):
        index(app, "acme", article_id)
    assert app.files.tenant("acme").read(articles.unindexed) == []
    hub.stop(app)
