"""What a person does with the business's CRMs."""

from collections.abc import Mapping, Sequence
from typing import Any

from socialai.context import App
from socialai.domain.crm import Crm
from socialai.errors import DeliveryError, InvalidInput, WrongKey
from socialai.platforms.base import Finding
from socialai.security.permissions import Principal
from socialai.store import crms, outbox


def connect(app: App, who: Principal, kind: str, values: Mapping[str, Any]) -> tuple[Crm, Sequence[Finding]]:
    """Keep it once its credentials work, with the fields that we need there. InvalidInput says what is
    wrong."""
    adapter = app.crms.draft(kind, dict(values))
    try:
        adapter = app.crms.signed_in(adapter, app.clock())
        external_id, name = adapter.account()
        findings = adapter.prepare()
    except DeliveryError as error:
        raise InvalidInput(str(error)) from None
    crm = app.crms.connect(who.tenant_id, adapter, external_id, name, app.clock())
    _go_on(app, who.tenant_id)
    app.feed.tell(who.tenant_id, "channel")
    return crm, findings


def disconnect(app: App, who: Principal, crm_id: int) -> None:
    app.crms.disconnect(who.tenant_id, crm_id)
    app.feed.tell(who.tenant_id, "channel")


def examine(app: App, who: Principal, crm_id: int) -> list[Finding]:
    """Whether it can be reached, its credentials work, and our fields are there."""
    try:
        adapter = app.crms.fresh(who.tenant_id, crm_id, app.clock())
        _, name = adapter.account()
        return [Finding("Account", "ok", f"The credentials work for {name}."), *adapter.prepare()]
    except WrongKey as error:
        return [Finding("Credentials", "fix", str(error))]
    except DeliveryError as error:
        return [Finding("Account", "warn" if error.outcome == "retry" else "fix", str(error))]


def pause(app: App, who: Principal, crm_id: int, *, paused: bool) -> Crm:
    """While it is paused what is owed to it waits."""

    def run(db: Any) -> Crm:
        crms.get(db, crm_id)
        crms.set_state(db, crm_id, "paused" if paused else "active", None)
        return crms.get(db, crm_id)

    crm = app.files.tenant(who.tenant_id).write(run)
    _go_on(app, who.tenant_id)
    return crm


def _go_on(app: App, tenant_id: str) -> None:
    """What waited for it goes now, not at its next turn."""
    now = app.clock()
    for item_id in app.files.tenant(tenant_id).write(lambda db: outbox.hurry(db, "crm", now)):
        app.tasks.wake("deliver", tenant_id, item_id)
