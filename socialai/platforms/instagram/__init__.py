from socialai.platforms.instagram.adapter import Instagram

__all__ = ["Instagram"]
