"""Every network of the demo; adding one is its stage and a line here."""

from socialai.sandbox.meta.stage import MetaStage
from socialai.sandbox.stage import Stage
from socialai.sandbox.telegram.stage import TelegramStage
from socialai.sandbox.webchat.stage import WebChatStage

STAGES: tuple[type[Stage], ...] = (MetaStage, TelegramStage, WebChatStage)
