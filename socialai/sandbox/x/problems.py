"""X's errors: problem details, by RFC 7807."""

from typing import Any

from socialai.sandbox.failures import FailureKind


class XError(Exception):
    def __init__(self, status: int, kind: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.headers = status, headers or {}
        self.body: dict[str, Any] = {
            "type": f"https://api.x.com/2/problems/{kind}",
            "title": kind.replace("-", " ").title(),
            "detail": detail,
            "status": status,
        }


class GrantError(Exception):
    """OAuth's own."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.status, self.error = status, error


def unauthorised() -> XError:
    return XError(401, "unauthorized", "Unauthorized")


def not_found() -> XError:
    return XError(404, "resource-not-found", "Could not find what was asked for.")


def refused(detail: str) -> XError:
    return XError(403, "not-authorized-for-resource", detail)


def invalid(detail: str) -> XError:
    return XError(400, "invalid-request", detail)


def of(failure: FailureKind, now: float) -> XError:
    if failure == "rate_limit":
        limits = {"limit": "100", "remaining": "0", "reset": str(round(now) + 5)}
        headers = {f"x-rate-limit-{name}": value for name, value in limits.items()}
        return XError(429, "rate-limit-exceeded", "Too Many Requests", headers)
    if failure == "expired_token":
        return unauthorised()
    if failure == "temporary_block":
        return refused("You are not permitted to perform this action.")
    return XError(503, "service-unavailable", "Over capacity")
