from socialai.platforms.x.adapter import X

__all__ = ["X"]
