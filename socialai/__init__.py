"""SocialAI Hub: the AI social inbox a small business runs on its own machine."""

__version__ = "0.1.0"
