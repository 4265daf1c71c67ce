"""Every network of the demo; adding one is its stage and a line here."""

from socialai.sandbox.meta.stage import MetaStage
from socialai.sandbox.stage import Stage

STAGES: tuple[type[Stage], ...] = (MetaStage,)
