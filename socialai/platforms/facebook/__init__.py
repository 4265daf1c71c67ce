from socialai.platforms.facebook.adapter import Facebook

__all__ = ["Facebook"]
