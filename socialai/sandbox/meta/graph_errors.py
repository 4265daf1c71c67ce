"""The Graph API's errors, in its own body shape."""

import secrets
from typing import Any


class GraphError(Exception):
    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        status: int = 400,
        kind: str = "OAuthException",
        transient: bool | None = None,
        headers: dict[str, str] | None = None,
        data: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self._error = {
            "message": message,
            "type": kind,
            "code": code,
            "error_subcode": subcode,
            "is_transient": transient,
            "error_data": data,
        }

    def body(self) -> dict[str, Any]:
        given = {key: value for key, value in self._error.items() if value is not None}
        return {"error": {**given, "fbtrace_id": "A" + secrets.token_urlsafe(16)}}


def bad_parameter(message: str) -> GraphError:
    return GraphError(100, f"(#100) {message}")


def no_such_object(node: str) -> GraphError:
    text = (
        f"Unsupported request. Object with ID '{node}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation"
    )
    return GraphError(100, text, subcode=33, kind="GraphMethodException")


def unknown_path(path: str) -> GraphError:
    return GraphError(2500, f"Unknown path components: {path}")


def no_token() -> GraphError:
    return GraphError(
        2500, "An active access token must be used to query information about the current user."
    )


def bad_token() -> GraphError:
    return GraphError(190, "Invalid OAuth access token - Cannot parse access token")


def bad_proof() -> GraphError:
    return GraphError(
        100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException"
    )


def expired_token() -> GraphError:
    text = "Error validating access token: Session has expired. The session is no longer valid."
    return GraphError(190, text, subcode=463)


def no_matching_user() -> GraphError:
    return GraphError(100, "(#100) No matching user found", subcode=2018001)


def person_unavailable() -> GraphError:
    return GraphError(551, "(#551) This person isn't available right now.", subcode=1545041)


def outside_window() -> GraphError:
    text = "(#10) This message is sent outside of allowed window. Learn more about the new policy."
    return GraphError(10, text, subcode=2018278)


def rate_limit(account_id: str) -> GraphError:
    usage = (
        f'{{"{account_id}":[{{"type":"messenger","call_count":100,"total_cputime":12,"total_time":15,'
        '"estimated_time_to_regain_access":1}]}'
    )
    text = "(#613) Calls to this api have exceeded the rate limit."
    return GraphError(613, text, headers={"X-Business-Use-Case-Usage": usage})


def server_error() -> GraphError:
    text = "An unexpected error has occurred. Please retry your request later."
    return GraphError(2, text, status=500, transient=True)


def temporary_block() -> GraphError:
    text = "(#368) The action attempted has been deemed abusive or is otherwise disallowed"
    return GraphError(368, text, subcode=1390008)


def no_permission() -> GraphError:
    return GraphError(200, "(#200) Permissions error")


def already_answered() -> GraphError:
    return GraphError(10900, "(#10900) Activity already replied to")


def bad_client() -> GraphError:
    return GraphError(101, "Error validating application. Invalid application ID or secret.")


def bad_code() -> GraphError:
    return GraphError(100, "This authorization code has been used or is not valid.", subcode=36009)


def callback_failed(why: str) -> GraphError:
    return GraphError(2200, f"(#2200) Callback verification failed: {why}")


def _whatsapp(code: int, text: str, status: int = 400) -> GraphError:
    details = {"messaging_product": "whatsapp", "details": text}
    return GraphError(code, f"(#{code}) {text}", status=status, data=details)


def pair_limit() -> GraphError:
    return _whatsapp(131056, "Message failed to send because there were too many messages to this user")


def missing_value(parameter: str) -> GraphError:
    return _whatsapp(131008, f"Required parameter is missing: {parameter}")


def wrong_value(parameter: str) -> GraphError:
    return _whatsapp(131009, f"Parameter value is not valid: {parameter}")


def no_template() -> GraphError:
    return _whatsapp(132001, "Template name does not exist in the translation", 404)


def wrong_blanks() -> GraphError:
    return _whatsapp(132000, "Number of parameters does not match the expected number of params")
