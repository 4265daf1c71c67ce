"""App: what a page, a job or a command may use."""

from dataclasses import dataclass

from socialai.channels import Channels
from socialai.copies import Copies
from socialai.crm_accounts import CrmAccounts
from socialai.domain.clock import Clock
from socialai.engines import Engines
from socialai.feed import Feed
from socialai.inference.models import Models
from socialai.metrics import Metrics
from socialai.security.gate import Gate
from socialai.settings import Settings
from socialai.store.files import Files
from socialai.tasks import Tasks


@dataclass(frozen=True, slots=True)
class App:
    settings: Settings
    clock: Clock
    files: Files
    channels: Channels
    crms: CrmAccounts
    tasks: Tasks
    engines: Engines
    feed: Feed
    metrics: Metrics
    gate: Gate
    copies: Copies

    @property
    def models(self) -> Models:
        """The small ones, which everything needs."""
        return self.engines.models
