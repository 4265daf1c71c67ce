"""The first run of a business, step by step; it can be left and gone on with at any time."""

import sqlite3
from contextlib import suppress

from msgspec.structs import replace

from socialai.actions import articles as writing
from socialai.actions import channels as channel_actions
from socialai.actions import engines
from socialai.actions import policy as policies_of
from socialai.context import App
from socialai.domain.business import Business, check_zone, hours_text
from socialai.domain.channel import Channel, Mode
from socialai.domain.engine import LocalEngine, NoEngine
from socialai.domain.triage import Intent
from socialai.domain.user import clean_name
from socialai.errors import Conflict, InvalidInput
from socialai.security.permissions import Principal
from socialai.store import articles, businesses, channels, policies, tenants
from socialai.store.businesses import FirstRun

STEPS = ("account", "business", "knowledge", "voice", "channel", "answers", "try")
HOURS = "Opening hours"
CHAT = "webchat"
BY_ITSELF: tuple[Intent, ...] = ("inquiry", "support")
"""What a channel answers by itself where the owner chose that: questions of fact."""

_SOURCE = "first run"
_EVERY = 1_000_000
_LONGEST_NAME = 80


def begin(app: App, tenant_id: str) -> None:
    app.files.tenant(tenant_id).write(lambda db: businesses.put_first_run(db, FirstRun()))


def next_step(app: App, tenant_id: str) -> str | None:
    """None when it is over, or was never begun."""
    first_run = app.files.tenant(tenant_id).read(businesses.find_first_run)
    if first_run is None or first_run.is_over:
        return None
    return next((step for step in STEPS if step not in first_run.done), STEPS[-1])


def done(app: App, who: Principal, step: str) -> str:
    """The step is done or passed over; the next one. The last one ends the run."""

    def keep(db: sqlite3.Connection) -> None:
        first_run = businesses.find_first_run(db) or FirstRun()
        passed = tuple(each for each in STEPS if each == step or each in first_run.done)
        is_over = first_run.is_over or step == STEPS[-1]
        businesses.put_first_run(db, replace(first_run, done=passed, is_over=is_over))

    app.files.tenant(who.tenant_id).write(keep)
    return STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]


def describe(app: App, who: Principal, name: str, language: str, business: Business) -> None:
    """Name, language and hours. The hours become an article, so that who asks for them is answered."""
    name = clean_name(name)
    check_zone(business.time_zone)
    file = app.files.tenant(who.tenant_id)
    policy = file.read(policies.get)
    if policy.voice.languages[:1] != (language,):
        others = tuple(each for each in policy.voice.languages if each != language)
        voice = replace(policy.voice, languages=(language, *others))
        policies_of.put(app, who, replace(policy, voice=voice))
    app.files.app.write(lambda db: tenants.rename(db, who.tenant_id, name))
    file.write(lambda db: businesses.put(db, business))
    _tell_hours(app, who, hours_text(business))


def answer_by_itself(app: App, who: Principal, mode: Mode) -> None:
    """For every channel that is connected."""
    for channel in app.files.tenant(who.tenant_id).read(channels.channels):
        channel_actions.set_mode(app, who, channel.id, mode, BY_ITSELF)


def try_chat(app: App, who: Principal, base: str) -> Channel:
    """A chat on this hub's own pages, where one plays the visitor; it can stand on a site later."""
    if known := channel_actions.of_platform(app, who, CHAT):
        return known[0]
    name = app.files.app.read(lambda db: tenants.get(db, who.tenant_id)).name
    values = {"origins": base, "title": name, "always_open": True}
    return channel_actions.connect(app, who, CHAT, f"Chat of {name}"[:_LONGEST_NAME], values)


def choose_writer(app: App, who: Principal, path: str) -> None:
    """One of the language models that are offered, by its path; none: the knowledge's own sentences."""
    if path and path not in {offer.path for offer in engines.offers(app)}:
        raise InvalidInput("Choose one of the models that are on this machine.")
    engines.choose(app, who, LocalEngine(path) if path else NoEngine())


def _tell_hours(app: App, who: Principal, text: str) -> None:
    """Once: said again it changes the article that it made."""
    known = app.files.tenant(who.tenant_id).read(lambda db: articles.articles(db, limit=_EVERY))
    ours = next((each.id for each in known if each.source == _SOURCE), None)
    with suppress(Conflict):  # it says so already
        if ours is None:
            writing.add(app, who, HOURS, "text", text, _SOURCE)
        else:
            writing.change(app, who, ours, HOURS, text)
