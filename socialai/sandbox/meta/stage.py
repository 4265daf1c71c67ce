"""Meta's part of the demo."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from socialai.sandbox.meta.graph import Sandbox
from socialai.sandbox.meta.records import WORLD, Act, Say
from socialai.sandbox.northwind import shop
from socialai.sandbox.northwind.shop import Step, Story
from socialai.sandbox.stage import Account, Hub, Stage
from socialai.sandbox.traffic import Cue, told

VERIFY_TOKEN = "demo-verify-token"


class MetaStage(Stage):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.sandbox = Sandbox(database=folder / "sandbox.db")

    def __enter__(self) -> Self:
        self.sandbox.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sandbox.stop()

    def accounts(self) -> Sequence[Account]:
        page, app = WORLD.pages[0], WORLD.apps[0]
        values = {
            "page_id": page.id,
            "page_token": page.token,
            "app_id": app.id,
            "app_secret": app.secret,
            "verify_token": VERIFY_TOKEN,
            "graph_url": self.sandbox.base_url,
        }
        return [Account("facebook", page.name, values)]

    def connect(self, hub: Hub) -> None:
        self.sandbox.connect(hub.webhook("facebook"), VERIFY_TOKEN)

    def cues(self, number: int) -> Iterator[Cue]:
        return told(shop.traffic(), number, self.write)

    def write(self, story: Story[Step], step: Step) -> None:
        act = {field: getattr(step, field) for field in Act.__struct_fields__}
        self.sandbox.perform(Say(psid=story.who, name=story.name, locale=story.locale, **act))
