"""A page's proof that it is ours: derived from the session's token, so nothing more is stored."""

import hmac

from socialai.errors import NotAllowed


def csrf_token(session_token: str) -> str:
    return hmac.digest(_bytes(session_token), b"socialai-hub/csrf", "sha256").hex()


def check_csrf(session_token: str, given: str | None) -> None:
    """NotAllowed unless `given` is this session's token."""
    if not hmac.compare_digest(_bytes(csrf_token(session_token)), _bytes(given or "")):
        raise NotAllowed("This page is out of date. Load it again, then repeat what you did.")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
