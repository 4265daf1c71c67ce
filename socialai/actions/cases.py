"""The tenant's test cases: kept, changed, asked one by one. Nothing of it reaches a contact or a figure."""

from functools import partial

import msgspec

from socialai.actions.asking import asking
from socialai.actions.judging import Judged, judge, titles
from socialai.channels import adapter_kind
from socialai.context import App
from socialai.domain.case import Case, Verdict, Wanted, checked
from socialai.domain.matching import plain_form
from socialai.errors import InvalidInput
from socialai.security.permissions import Principal
from socialai.store import cases

GROUP = 5
"""Asked before other work has its turn: a language model may need many seconds for each."""


def keep(app: App, who: Principal, wanted: Wanted) -> Case:
    """InvalidInput or Conflict says why not."""
    wanted = _checked(app, who, wanted)
    case = app.files.tenant(who.tenant_id).write(lambda db: cases.add(db, wanted, app.clock()))
    app.feed.tell(who.tenant_id, "cases", case.id)
    return case


def change(app: App, who: Principal, case_id: int, wanted: Wanted) -> Case:
    wanted = _checked(app, who, wanted)
    case = app.files.tenant(who.tenant_id).write(lambda db: cases.change(db, case_id, wanted, app.clock()))
    app.feed.tell(who.tenant_id, "cases", case.id)
    return case


def remove(app: App, who: Principal, case_id: int) -> None:
    app.files.tenant(who.tenant_id).write(lambda db: cases.delete(db, case_id))
    app.feed.tell(who.tenant_id, "cases", case_id)


def run(app: App, who: Principal) -> None:
    """Have every case asked; the verdicts come one by one."""
    app.files.tenant(who.tenant_id).write(lambda db: cases.set_waiting(db, waits=True))
    app.tasks.wake("examine", who.tenant_id, 0)
    app.feed.tell(who.tenant_id, "cases")


def stop(app: App, who: Principal) -> None:
    """What was not asked yet keeps its verdict of before."""
    app.files.tenant(who.tenant_id).write(lambda db: cases.set_waiting(db, waits=False))
    app.feed.tell(who.tenant_id, "cases")


def examine(app: App, tenant_id: str) -> bool:
    """Ask some of those that wait; True when more do. Raises ModelError, and they wait on."""
    database = app.files.tenant(tenant_id)
    waiting = database.read(lambda db: cases.waiting(db, GROUP))
    called = titles(app, tenant_id) if waiting else {}
    for case in waiting:
        verdict = _verdict(app, tenant_id, case, called)
        database.write(partial(cases.judged, case=case, verdict=verdict))
        app.feed.tell(tenant_id, "cases", case.id)
    return database.read(cases.has_waiting)


def as_lines(kept: list[Case]) -> bytes:
    """What `socialai eval answers` reads, oldest first."""
    lines = [{"question": each.wanted.question, **_said(each.wanted)} for each in reversed(kept)]
    return msgspec.json.Encoder().encode_lines(lines)


def _said(wanted: Wanted) -> dict[str, object]:
    said = {"facts": wanted.facts, "must_not": wanted.must_not, "article": wanted.article}
    return {"answerable": wanted.answerable, **{name: value for name, value in said.items() if value}}


def _verdict(app: App, tenant_id: str, case: Case, called: dict[int, frozenset[str]]) -> Verdict:
    question = case.wanted.asked(case.id)
    asked = asking(app, tenant_id, case.wanted.platform)(question.text)
    judged: Judged = judge(question, asked, called)
    return Verdict(
        at=app.clock(),
        mistake=judged.mistake,
        answered=judged.answered,
        claims=asked.claims,
        rank=judged.rank,
        reply=asked.reply,
        tier=asked.tier,
        milliseconds=round(asked.milliseconds, 1),
        missing=tuple(question.missing(asked.reply)) if question.answerable else (),
        said=tuple(question.forbidden(asked.reply)),
        reasons=asked.decision.reasons,
    )


def _checked(app: App, who: Principal, wanted: Wanted) -> Wanted:
    wanted = checked(wanted)
    adapter_kind(wanted.platform)
    known = frozenset[str]().union(*titles(app, who.tenant_id).values())
    for title in filter(None, map(str.strip, wanted.article.split("|"))):
        if plain_form(title) not in known:
            raise InvalidInput(f"No article is called “{title}”. Write its title as it is under Knowledge.")
    return wanted
