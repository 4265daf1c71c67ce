"""Tell a CRM of a lead: its record, and for a hot one a task and what was said. Each step may be made twice:
the second changes nothing."""

import random
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta

from socialai.crms.base import CrmAdapter, Task, Values, Wanted
from socialai.domain.crm import TASK, Crm, LeadFacts, activity
from socialai.errors import DeliveryError, NotFound
from socialai.jobs.sender import Sender
from socialai.platforms.gate import Gate
from socialai.store import crms, lead_facts, outbox, tries
from socialai.store.db import Job

_TOLD_OF = frozenset({"lead.hot", "lead.sent"})
"""For these somebody of the business should act."""
_DISCONNECTED = 300.0
_JITTER = 0.2


class LeadSender(Sender):
    topic = "conversation"

    def prepare(self, db: sqlite3.Connection, now: datetime) -> bool:
        payload = self.item.payload
        self._contact_id, self._events = int(payload["contact_id"]), frozenset(payload["events"])
        try:
            self._crm = crms.get(db, int(payload["crm_id"]))
            self._facts = lead_facts.read(db, self.tenant_id, self._contact_id)
        except NotFound as error:
            tries.bury(db, self.item.id, f"Not told: {error}", "gone")
            tries.discard(db, self.item.id)
            return False
        self.to = self._crm.kind
        self._link = crms.find_link(db, self._crm.id, self._contact_id)
        return True

    def send(self, now: datetime) -> str:
        self._adapter = self.app.crms.fresh(self.tenant_id, self._crm.id, now)
        try:
            return self._tell_all(self._adapter, now)
        except DeliveryError as error:
            if error.code == "dead_token" and self.app.crms.doubt(self.tenant_id, self._crm.id, now):
                raise DeliveryError("retry", str(error), code=error.code) from None
            raise

    def _tell_all(self, adapter: CrmAdapter, now: datetime) -> str:
        record_id = self._tell(adapter, _theirs(adapter, self._crm, self._facts), now)
        if self._events & _TOLD_OF:
            self._ask_to_act(adapter, record_id, now)
        return record_id

    def arrived(self, _db: sqlite3.Connection, _external_id: str, _now: datetime) -> None:
        """Each step was written down when it was made."""

    def died(self, _db: sqlite3.Connection, _reason: str, _now: datetime) -> None:
        """The dead letter says it all."""

    def stop(self, db: sqlite3.Connection, reason: str) -> None:
        crms.set_state(db, self._crm.id, "reauthorise", reason)

    def hold(self, now: datetime) -> float:
        return self._gate.wait(now) if self._crm.state == "active" else _DISCONNECTED

    def heard(self, error: DeliveryError | None, now: datetime) -> None:
        if error is None:
            self._gate.worked(now, self._adapter.used)
        elif error.outcome in ("retry", "unknown"):
            self._gate.failed(now, error.retry_after)

    def wait(self, retry_after: float | None) -> float | None:
        """Not all at once, when it is back."""
        wait = super().wait(retry_after)
        return wait and wait * (1 + _JITTER * random.random())

    @property
    def _gate(self) -> Gate:
        return self.app.crms.gate(self.tenant_id, self._crm.id)

    def _tell(self, adapter: CrmAdapter, values: Values, now: datetime) -> str:
        """The record's id. One that was deleted there is not made again, unless a person wants it there."""
        if self._link and self._link.gone_at and "lead.sent" not in self._events:
            raise DeliveryError("permanent", f"It was deleted in {adapter.title}.", code="gone")
        record_id = (
            self._link.record_id if self._link and not self._link.gone_at else _find(adapter, self._facts)
        )
        if record_id is None:
            made = adapter.create(values)
            self._keep(made.record_id, adapter, "created" if made.created else "updated", {}, values, now)
            return made.record_id
        self._update(adapter, record_id, values, now)
        return record_id

    def _update(self, adapter: CrmAdapter, record_id: str, values: Values, now: datetime) -> None:
        try:
            before = adapter.read(record_id, list(values))
            news = {name: value for name, value in values.items() if before.get(name) != value}
            if news:
                adapter.update(record_id, news)
        except DeliveryError as error:
            if error.code == "gone" and self._link:
                self._write(lambda db: crms.gone(db, self._crm.id, self._contact_id, now))
            raise
        self._keep(record_id, adapter, "updated", before, news, now)

    def _ask_to_act(self, adapter: CrmAdapter, record_id: str, now: datetime) -> None:
        key, said, done = self.item.key, activity(self._facts), self.item.payload.get("done", [])
        if "task" not in done:
            task = Task(TASK, said, (now + timedelta(days=1)).date())
            adapter.add_task(record_id, task, key)
            self._note("task", record_id, now)
        if "note" not in done:
            adapter.add_note(record_id, said, now, f"{key}:note")
            self._note("note", record_id, now)

    def _keep(
        self,
        record_id: str,
        adapter: CrmAdapter,
        what: str,
        before: Values,
        told: Values,
        now: datetime,
    ) -> None:
        """As soon as it was made: whoever is cut off after this goes on from here."""
        url = adapter.url(record_id)
        fields = {name: (before.get(name), value) for name, value in told.items()}
        crm_id, contact_id = self._crm.id, self._contact_id

        def run(db: sqlite3.Connection) -> None:
            crms.link(db, crm_id, contact_id, record_id, url, told, now)
            if fields:
                crms.add_change(db, crm_id, contact_id, self._why, what, record_id, fields, now)

        self._write(run)

    def _note(self, what: str, record_id: str, now: datetime) -> None:
        crm_id, contact_id = self._crm.id, self._contact_id

        def run(db: sqlite3.Connection) -> None:
            outbox.note_step(db, self.item.id, what)
            crms.add_change(db, crm_id, contact_id, self._why, what, record_id, {}, now)

        self._write(run)

    @property
    def _why(self) -> str:
        return ", ".join(sorted(self._events))

    def _write(self, job: Job[None]) -> None:
        self.app.files.tenant(self.tenant_id).write(job)


def _find(adapter: CrmAdapter, facts: LeadFacts) -> str | None:
    social_id = facts.social_ids[0] if facts.social_ids else None
    return adapter.find(Wanted(facts.external_id, facts.email, facts.phone, social_id))


def _theirs(adapter: CrmAdapter, crm: Crm, facts: LeadFacts) -> Mapping[str, str]:
    """By the CRM's own fields; an owner may have named others, or left some out."""
    named = {field: crm.fields.get(field, theirs) for field, theirs in adapter.fields.items()}
    return {named[field]: value for field, value in facts.values().items() if named.get(field)}
