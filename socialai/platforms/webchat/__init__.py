from socialai.platforms.webchat.adapter import WebChat

__all__ = ["WebChat"]
