"""Every page: a new one is its module and a line here."""

from litestar import Router
from litestar.types import ControllerRouterHandler

from socialai.routes.access import guard
from socialai.routes.pages import (
    channel_accounts,
    channel_app,
    channel_care,
    channels,
    contacts,
    dead_letters,
    help,
    inbox,
    inbox_correct,
    inbox_deeds,
    inbox_memory,
    intent,
    intents,
    knowledge,
    knowledge_article,
    knowledge_candidates,
    knowledge_contradictions,
    knowledge_gaps,
    knowledge_sites,
    live,
    playground,
    playground_cases,
    quality,
    second_factor,
    settings,
    settings_backups,
    settings_cost,
    settings_engine,
    settings_program,
    start,
    status,
    team,
    welcome,
)

_MODULES = (
    start,
    help,
    live,
    quality,
    inbox,
    inbox_correct,
    inbox_deeds,
    inbox_memory,
    intents,
    intent,
    knowledge,
    knowledge_article,
    knowledge_candidates,
    knowledge_contradictions,
    knowledge_gaps,
    knowledge_sites,
    playground,
    playground_cases,
    channel_accounts,
    channel_app,
    channel_care,
    channels,
    contacts,
    dead_letters,
    status,
    settings,
    settings_engine,
    settings_cost,
    settings_backups,
    settings_program,
    team,
    second_factor,
    welcome,
)

PAGES: tuple[ControllerRouterHandler, ...] = (
    Router(
        "/", route_handlers=[handler for module in _MODULES for handler in module.HANDLERS], guards=[guard]
    ),
)
