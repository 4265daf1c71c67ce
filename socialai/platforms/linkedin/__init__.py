from socialai.platforms.linkedin.adapter import LinkedIn

__all__ = ["LinkedIn"]
