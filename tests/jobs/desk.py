"""acme at work by the test's clock: deliveries come in, bells ring when due, the Page takes what is sent."""

import itertools
import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any

from socialai.actions import replies as replying
from socialai.context import App
from socialai.domain.conversation import Conversation, Message
from socialai.domain.outbox import OutboxItem
from socialai.domain.policy import Policy, Rules
from socialai.domain.reply import Reply
from socialai.domain.support import Candidate, Judgement
from socialai.domain.triage import INTENTS, Language, Traits
from socialai.inference.models import Models, Vectors
from socialai.inference.reading import Reading
from socialai.jobs import sweep as sweeping
from socialai.jobs.answer import answer
from socialai.jobs.deliver import deliver
from socialai.jobs.enrich import enrich
from socialai.jobs.index import index_article
from socialai.jobs.learn import learn
from socialai.jobs.process import process
from socialai.jobs.recap import recap
from socialai.security.permissions import Principal, principal_of
from socialai.store import channels, conversations, events, messages, outbox, policies, replies, users
from socialai.tasks import Job, Tasks
from tests import cast
from tests.jobs.page import Page
from tests.minds import thinking_with

PAGE = cast.PAGES["acme"]
POST = f"{PAGE}_88"
HELLO = "Hello, we look into it."
EASY = Rules(angry_below=-1, high_urgency=False, vip_sales=False, low_confidence=False)
"""Only the tenant's words and missing evidence call a person: what a model thinks does not matter."""


class Bells(Tasks):
    """Wake-ups kept until the test's clock says they are due."""

    def __init__(self, clock: cast.Clock) -> None:
        self._clock = clock
        self._order = itertools.count()
        self.waiting: list[tuple[datetime, int, Job, str, int]] = []

    def wake(self, name: Job, tenant_id: str, record_id: int, delay: float = 0.0) -> None:
        due_at = self._clock() + timedelta(seconds=max(delay, 0.0))
        heappush(self.waiting, (due_at, next(self._order), name, tenant_id, record_id))

    def depth(self) -> int:
        return len(self.waiting)

    def take(self, until: datetime) -> tuple[Job, str, int] | None:
        if not self.waiting or self.waiting[0][0] > until:
            return None
        due_at, _, job, tenant_id, record_id = heappop(self.waiting)
        self._clock.now = max(self._clock.now, due_at)
        return job, tenant_id, record_id

    def lose(self) -> None:
        """As if queue.db were gone."""
        self.waiting.clear()


class Mind(Models):
    """The real models; `meanwhile` happens while they think, one thing a turn."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self.courtesy = models.courtesy
        self.meanwhile: deque[Callable[[], None]] = deque()
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], timeout: float = 30.0) -> Vectors:
        self.asked += texts
        if self.meanwhile:
            self.meanwhile.popleft()()
        return self._models.encode(texts, timeout)

    def read(self, texts: Sequence[str], timeout: float = 30.0) -> Reading:
        self.asked += texts
        if self.meanwhile:
            self.meanwhile.popleft()()
        return self._models.read(texts, timeout)

    def blend(self, texts: Sequence[str], timeout: float = 30.0) -> Vectors:
        return self._models.blend(texts, timeout)

    def traits(self, texts: Sequence[str], vectors: Vectors) -> list[Traits]:
        return self._models.traits(texts, vectors)

    def judge(self, claim: str, candidates: Sequence[Candidate]) -> Judgement:
        return self._models.judge(claim, candidates)

    def language(self, text: str) -> Language:
        return self._models.language(text)

    def versions(self) -> dict[str, str]:
        return self._models.versions()

    @property
    def searches_apart(self) -> bool:
        return self._models.searches_apart


class Desk:
    def __init__(self, app: App, clock: cast.Clock, page: Page, ids: cast.Ids, models: Models) -> None:
        self.bells = Bells(clock)
        self.mind = Mind(models)
        self.app = replace(thinking_with(app, self.mind), tasks=self.bells)
        self.clock = clock
        self.page = page
        self.ids = ids
        self.db = app.files.tenant("acme")
        self._mids = itertools.count(1)
        index_article(self.db, models.encode, ids.article_id, clock())
        self.db.write(lambda db: policies.put(db, Policy(rules=EASY)))

    # -- what comes in

    def arrives(self, *items: dict[str, Any], page: str = PAGE, section: str = "messaging") -> int | None:
        """A delivery as the route keeps it; the event's id unless it came before."""
        whole = {"object": "page", "entry": [{"id": page, "time": self._ms(), section: list(items)}]}
        return self.arrives_raw(json.dumps(whole).encode())

    def arrives_raw(self, body: bytes) -> int | None:
        event_id = self.db.write(lambda db: events.keep(db, "facebook", body, "trace", self.clock()))
        if event_id is not None:
            self.bells.wake("process", "acme", event_id)
        return event_id

    def says(self, text: str, contact: str = "8001", **fields: Any) -> str:
        """A contact writes; the message's id on the platform."""
        mid = fields.pop("mid", None) or f"m_in{next(self._mids)}"
        self.arrives(self.item(contact, message={"mid": mid, "text": text, **fields}))
        return mid

    def edits(self, mid: str, text: str, contact: str = "8001") -> None:
        self.arrives(self.item(contact, message_edit={"mid": mid, "text": text, "num_edit": 1}))

    def deletes(self, mid: str, contact: str = "8001") -> None:
        self.arrives(self.item(contact, message={"mid": mid, "is_deleted": True}))

    def echo(self, sent: dict[str, Any], **fields: Any) -> None:
        """The platform tells that the Page wrote this."""
        message = {"mid": sent["id"], "text": sent["text"], "is_echo": True, **fields}
        if sent["key"]:
            message["metadata"] = sent["key"]
        self.arrives(
            {
                "sender": {"id": PAGE},
                "recipient": {"id": sent["contact"]},
                "timestamp": self._ms(),
                "message": message,
            }
        )

    def answers_in_the_inbox(self, text: str, contact: str = "8001") -> None:
        """Somebody of acme writes on Facebook itself."""
        self.echo(self.page.keep(contact, text))

    def item(self, contact: str, **content: Any) -> dict[str, Any]:
        ends = {"sender": {"id": contact}, "recipient": {"id": PAGE}}
        return {**ends, "timestamp": self._ms(), **content}

    # -- what a person of acme does

    def writes(self, text: str = HELLO, contact: str = "8001") -> None:
        replying.write(self.app, self.olga, self.conversation(contact).id, text)

    def reconnect(self) -> None:
        """With credentials that work; only the sweep notices."""
        values = {"page_id": PAGE, **cast.SECRETS}
        self.app.channels.connect("acme", "facebook", "Acme on Facebook", values, self.clock())

    # -- time

    def ring(self) -> None:
        """Run what is due now, and what that wakes."""
        self.wait(0)

    def wait(self, seconds: float) -> None:
        """Let time pass; everything runs when it is due."""
        until = self.clock() + timedelta(seconds=seconds)
        while bell := self.bells.take(until):
            self.run(*bell)
        self.clock.now = until

    def keep_all(self) -> None:
        """Only take in what arrived; nothing is answered or sent."""
        bells = [bell for bell in self.bells.waiting if bell[2] == "process"]
        self.bells.waiting = sorted(bell for bell in self.bells.waiting if bell[2] != "process")
        for _, _, job, tenant_id, event_id in sorted(bells):
            self.run(job, tenant_id, event_id)

    def run(self, job: Job, tenant_id: str, record_id: int) -> None:
        match job:
            case "process":
                process(self.app, tenant_id, record_id)
            case "answer":
                answer(self.app, tenant_id, record_id)
            case "deliver":
                deliver(self.app, tenant_id, record_id)
            case "enrich":
                enrich(self.app, tenant_id, record_id)
            case "index":
                index_article(self.db, self.app.models.encode, record_id, self.clock())
            case "learn":
                learn(self.app, tenant_id, record_id)
            case "recap":
                recap(self.app, tenant_id, record_id)

    def sweep(self) -> None:
        sweeping.sweep(self.app)

    def restart(self) -> None:
        """Every wake-up is gone; only the rows are left."""
        self.bells.lose()
        sweeping.recover(self.app)

    # -- how it is set

    def auto(self) -> None:
        """Answers of every intent go out by themselves."""
        self.db.write(lambda db: channels.set_mode(db, self.ids.channel_id, "auto", INTENTS))

    def set(self, policy: Policy) -> None:
        self.db.write(lambda db: policies.put(db, policy))

    # -- what there is

    @property
    def olga(self) -> Principal:
        return self._person("olga")

    @property
    def anna(self) -> Principal:
        return self._person("anna")

    def _person(self, name: str) -> Principal:
        team = self.app.files.app.read(lambda db: users.users(db, "acme"))
        return principal_of(next(user for user in team if user.name == name))

    def conversation(self, contact: str = "8001", thread: str = "") -> Conversation:
        """In private, or under the post `thread`."""

        def run(db: Any) -> Conversation:
            found = conversations.find_by_identity(db, self.ids.channel_id, contact, thread)
            assert found is not None, f"{contact} has no conversation"
            return conversations.get(db, found)

        return self.db.read(run)

    def tries(self) -> list[float]:
        """Seconds of every try to send a message, from the first one on."""
        return [(at - self.page.tries[0]).total_seconds() for at in self.page.tries]

    def messages(self, contact: str = "8001") -> list[Message]:
        conversation_id = self.conversation(contact).id
        return self.db.read(lambda db: messages.messages(db, conversation_id))

    def replies(self, contact: str = "8001") -> list[Reply]:
        conversation_id = self.conversation(contact).id
        return self.db.read(lambda db: replies.replies(db, conversation_id))

    def draft(self, contact: str = "8001") -> Reply:
        found = [reply for reply in self.replies(contact) if reply.state == "draft"]
        assert len(found) == 1, [reply.state for reply in self.replies(contact)]
        return found[0]

    def items(self, contact: str = "8001") -> list[OutboxItem]:
        """Oldest first."""
        conversation_id = self.conversation(contact).id
        found = self.db.read(lambda db: outbox.items(db, limit=1000))
        return [item for item in reversed(found) if item.conversation_id == conversation_id]

    def states(self, contact: str = "8001") -> list[str]:
        return [item.state for item in self.items(contact)]

    def activities(self, contact: str = "8001") -> list[str]:
        conversation_id = self.conversation(contact).id
        sql = "select text from activity where conversation_id = ? order by id"
        return self.db.read(lambda db: [row[0] for row in db.execute(sql, (conversation_id,))])

    def _ms(self) -> int:
        return round(self.clock().timestamp() * 1000)
