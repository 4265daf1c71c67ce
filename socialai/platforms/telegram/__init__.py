from socialai.platforms.telegram.adapter import Telegram

__all__ = ["Telegram"]
