"""Meta's part of the demo: a Page with Messenger and comments, an Instagram account and a number on
WhatsApp."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from socialai.sandbox.meta import accounts
from socialai.sandbox.meta.commenting import Remark
from socialai.sandbox.meta.graph import Sandbox
from socialai.sandbox.meta.records import Act, Say
from socialai.sandbox.meta.visits import Remarked, Wrote
from socialai.sandbox.meta.whatsapp.people import Does
from socialai.sandbox.northwind import shop
from socialai.sandbox.northwind.shop import Step, Story
from socialai.sandbox.stage import Account, Hub, Stage
from socialai.sandbox.traffic import Cue, told

VERIFY_TOKEN = "demo-verify-token"
TOKEN_ENDS_AT = 420.0
"""Seconds of the story."""


def channels(sandbox: Sandbox, verify_token: str) -> Sequence[Account]:
    """What a hub is told to connect the sandbox's accounts."""
    page, instagram, number = sandbox.first("page"), sandbox.first("instagram"), sandbox.number
    app = sandbox.world.apps[0]
    shared = {
        "app_id": app.id,
        "app_secret": app.secret,
        "verify_token": verify_token,
        "graph_url": sandbox.base_url,
    }
    sign_in = {**shared, "sign_in_url": sandbox.base_url}
    own = {"instagram_app_id": app.id, "instagram_app_secret": app.secret, "token_url": sandbox.base_url}
    of_number: dict[str, Any] = {"template_name": "we_are_back", "template_takes_text": True}
    of_number |= {"phone_number_id": number.id, "waba_id": number.parent, "access_token": number.token}
    return [
        Account("facebook", page.name, {"page_id": page.id, "page_token": page.token, **shared}, sign_in),
        Account(
            "instagram",
            f"@{instagram.handle}",
            {"account_id": instagram.id, "access_token": instagram.token, **shared},
            {**sign_in, **own},
        ),
        Account("whatsapp", number.handle, {**of_number, **shared}),
    ]


class MetaStage(Stage):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.sandbox = Sandbox(database=folder / "meta.db")

    def __enter__(self) -> Self:
        """Whoever signed out the last time has signed in again."""
        self.sandbox.start()
        accounts.fresh_token(self.sandbox.state, self.sandbox.first("instagram"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sandbox.stop()

    def accounts(self) -> Sequence[Account]:
        return channels(self.sandbox, VERIFY_TOKEN)

    def connect(self, hub: Hub) -> None:
        self.sandbox.connect(hub.webhook("facebook"), VERIFY_TOKEN, "page")
        self.sandbox.connect(hub.webhook("instagram"), VERIFY_TOKEN, "instagram")
        self.sandbox.connect(hub.webhook("whatsapp"), VERIFY_TOKEN, "whatsapp_business_account")

    def cues(self, number: int) -> Iterator[Cue]:
        if number == 0:
            yield TOKEN_ENDS_AT, self._end_instagram
        yield from told(shop.traffic(), number, self.write)
        yield from told(shop.stories("instagram", Step), number, self.write_on_instagram)
        for network in ("facebook", "instagram_comments"):
            yield from told(shop.stories(network, Remarked), number, self.comment)
        yield from told(shop.stories("whatsapp", Wrote), number, self.chat)

    def write(self, story: Story[Step], step: Step) -> None:
        self._say(story, step, None)

    def write_on_instagram(self, story: Story[Step], step: Step) -> None:
        self._say(story, step, self.sandbox.first("instagram").id)

    def _end_instagram(self) -> None:
        """Its owner signed out everywhere: what is answered there waits until they sign in again."""
        self.sandbox.end_token(self.sandbox.first("instagram"))

    def _say(self, story: Story[Step], step: Step, account_id: str | None) -> None:
        act = {field: getattr(step, field) for field in Act.__struct_fields__}
        self.sandbox.perform(
            Say(psid=story.who, name=story.name, locale=story.locale, account_id=account_id, **act)
        )

    def comment(self, story: Story[Remarked], step: Remarked) -> None:
        remark = {field: getattr(step, field) for field in Remark.__struct_fields__}
        self.sandbox.comment(story.who, name=story.name, account_id=self.sandbox.first(step.on).id, **remark)

    def chat(self, story: Story[Wrote], step: Wrote) -> None:
        does = {field: getattr(step, field) for field in Does.__struct_fields__}
        self.sandbox.chat(story.who, name=story.name, **does)
