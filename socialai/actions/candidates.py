"""Answers of people that could become articles: finding them, and what a person decides."""

import sqlite3

from socialai.actions import articles as articling
from socialai.agents.mining import exchanges
from socialai.context import App
from socialai.domain.candidate import Candidate
from socialai.domain.knowledge import Article
from socialai.errors import InvalidInput
from socialai.knowledge.faq import Pair, write_pairs
from socialai.security.permissions import Principal
from socialai.store import articles, candidates, contacts, conversations, messages, policies, users

_MOST_CONVERSATIONS = 50
_MOST_MESSAGES = 200


def mine(app: App, tenant_id: str) -> None:
    """Look through what people resolved since the last time. Nothing becomes an article by itself."""
    database = app.files.tenant(tenant_id)
    team = [user.name for user in app.files.app.read(lambda db: users.users(db, tenant_id))]
    for conversation_id, until in database.read(lambda db: candidates.resolved(db, _MOST_CONVERSATIONS)):

        def run(db: sqlite3.Connection, conversation_id: int = conversation_id, until: int = until) -> None:
            _look(db, app, conversation_id, team)
            candidates.looked_until(db, until)

        database.write(run)
    app.feed.tell(tenant_id, "knowledge")


def approve(app: App, who: Principal, candidate_id: int, question: str, answer: str) -> Article:
    """As the person has it now: it becomes an article."""
    question = " ".join(question.split())
    if not question or not answer.strip():
        raise InvalidInput("A question needs its answer.")
    app.files.tenant(who.tenant_id).read(lambda db: candidates.get(db, candidate_id))
    text = write_pairs([Pair(question, answer.strip())])
    now = app.clock()

    def decide(db: sqlite3.Connection, article_id: int) -> None:
        candidates.decide(db, candidate_id, "approved", who.user_id, now, article_id)

    title = question[: articles.MAX_TITLE]
    return articling.add(app, who, title, "faq", text, "from a conversation", then=decide)


def reject(app: App, who: Principal, candidate_id: int) -> Candidate:
    now = app.clock()
    done = app.files.tenant(who.tenant_id).write(
        lambda db: candidates.decide(db, candidate_id, "rejected", who.user_id, now)
    )
    app.feed.tell(who.tenant_id, "knowledge")
    return done


def _look(db: sqlite3.Connection, app: App, conversation_id: int, team: list[str]) -> None:
    said = messages.messages(db, conversation_id, limit=_MOST_MESSAGES)
    contact = contacts.get(db, conversations.get(db, conversation_id).contact_id)
    seen = candidates.mined_until(db, conversation_id)
    found = exchanges(said, [*filter(None, [contact.name]), *team], policies.get(db).region)
    new = [one for one in found if one.message_id > seen]
    candidates.add(db, conversation_id, new, max((message.id for message in said), default=seen), app.clock())
