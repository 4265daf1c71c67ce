"""Every route of /api/v1: a new group is its module and a line here."""

from litestar import Router

from socialai.routes.access import guard
from socialai.routes.api import (
    articles,
    candidates,
    channels,
    contradictions,
    conversations,
    corrections,
    cost,
    crms,
    deliveries,
    engine,
    gaps,
    intents,
    leads,
    memory,
    policy,
    questions,
    replies,
    sites,
    users,
)


def api() -> Router:
    return Router(
        "/api/v1",
        route_handlers=[
            conversations.router,
            replies.router,
            leads.router,
            memory.router,
            articles.router,
            sites.router,
            gaps.router,
            contradictions.router,
            candidates.router,
            questions.router,
            deliveries.router,
            channels.router,
            crms.router,
            policy.router,
            engine.router,
            cost.router,
            intents.router,
            corrections.router,
            users.router,
        ],
        guards=[guard],
    )
