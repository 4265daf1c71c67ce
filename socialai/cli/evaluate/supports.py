"""The evidence gate by itself: replies that are or are not what the knowledge says."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from socialai.actions import thinking
from socialai.actions.asking import seek
from socialai.agents.check import check
from socialai.agents.turn import Turn
from socialai.channels import usual_limits
from socialai.cli.evaluate import rows
from socialai.cli.evaluate.sets import area
from socialai.cli.output import plain
from socialai.context import App
from socialai.domain.conversation import Contact
from socialai.domain.support import Checked
from socialai.store import policies


class Claim(Struct, frozen=True):
    line: int
    question: str
    reply: str
    supported: bool


class Verdict(Struct, frozen=True):
    """`support` is the gate's degree, higher is better supported."""

    claim: Claim
    passed: bool
    support: float
    doubts: tuple[str, ...]


class Mistake(Struct, frozen=True):
    line: int
    supported: bool
    question: str
    reply: str
    doubts: tuple[str, ...]


class Report(Struct, frozen=True):
    """Shares are 0…1. `let_through` are unsupported replies that the gate passed, `held_back` supported ones
    that it did not."""

    replies: int
    accuracy: float | None
    auroc: float | None
    passed_rightly: int
    let_through: int
    stopped_rightly: int
    held_back: int
    worst: tuple[Mistake, ...]


def claim(row: dict[str, Any], line: int) -> Claim:
    """InvalidInput says what to write instead."""
    return Claim(line, rows.text(row, "question"), rows.text(row, "reply"), rows.truth(row, "supported"))


def judging(app: App, tenant: str, platform: str) -> Callable[[Claim], Verdict]:
    """The gate sees what it would see in a turn: the reply, and what the question found."""
    policy = app.files.tenant(tenant).read(policies.get)
    limits = usual_limits(platform)

    def judge(claim: Claim) -> Verdict:
        contact, now = Contact(id=0, created_at=app.clock()), app.clock()
        turn = Turn(question=claim.question, contact=contact, now=now, policy=policy, limits=limits)
        tools = thinking.tools(app, tenant)
        checked = check(seek(turn, tools).learn(reply=claim.reply), tools)
        return _verdict(claim, checked.checked)

    return judge


def _verdict(claim: Claim, checked: Sequence[Checked]) -> Verdict:
    """A reply is as well supported as its weakest sentence."""
    claimed = [one for one in checked if one.claims]
    weakest = min(claimed, key=lambda one: one.support, default=None)
    passed = all(one.holds for one in claimed)
    return Verdict(claim, passed, weakest.support if weakest else 1.0, weakest.doubts if weakest else ())


def report(verdicts: Sequence[Verdict], worst: int) -> Report:
    right = [one for one in verdicts if one.passed == one.claim.supported]
    wrong = [one for one in verdicts if one.passed != one.claim.supported]
    supported = [one.support for one in verdicts if one.claim.supported]
    others = [one.support for one in verdicts if not one.claim.supported]
    wrong.sort(key=lambda one: -one.support if one.passed else one.support)
    let_through, held_back = [one for one in wrong if one.passed], [one for one in wrong if not one.passed]
    return Report(
        replies=len(verdicts),
        accuracy=len(right) / len(verdicts) if verdicts else None,
        auroc=area(supported, others),
        passed_rightly=sum(one.passed for one in right),
        let_through=len(let_through),
        stopped_rightly=sum(not one.passed for one in right),
        held_back=len(held_back),
        worst=tuple(map(_mistake, (*let_through[:worst], *held_back[:worst]))),
    )


def _mistake(one: Verdict) -> Mistake:
    said = one.claim
    return Mistake(said.line, said.supported, plain(said.question), plain(said.reply), one.doubts)
