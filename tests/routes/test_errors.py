"""What goes wrong is said in the asker's own form, with an id that the log has too."""

from collections.abc import Callable
from typing import Any

import pytest
from litestar import Litestar, get
from litestar.datastructures import State
from litestar.template import TemplateConfig
from litestar.testing import TestClient

from socialai import errors as ours
from socialai.context import App
from socialai.routes import errors, templates
from tests.routes.conftest import Client, Headers

RAISED: list[tuple[Exception, int, str]] = [
    (ours.InvalidInput("no"), 400, "invalid-input"),
    (ours.TooLarge("no"), 413, "too-large"),
    (ours.SignatureError("no"), 401, "signature-error"),
    (ours.NotSignedIn("no"), 401, "not-signed-in"),
    (ours.NotAllowed("no"), 403, "not-allowed"),
    (ours.NotFound("no"), 404, "not-found"),
    (ours.Conflict("no"), 409, "conflict"),
    (ours.TooManyTries("no", 7), 429, "too-many-tries"),
    (ours.StoreBusy("no"), 503, "store-busy"),
    (ours.DiskFull("no"), 503, "disk-full"),
    (ours.StoreError("no"), 503, "store-error"),
    (ours.ModelMissing("no"), 503, "model-error"),
    (ours.Overloaded("no"), 503, "overloaded"),
    (ours.DeliveryError("reauthorise", "no"), 502, "delivery-error"),
    (ours.SettingsError("no"), 500, "unexpected"),
    (ZeroDivisionError("a customer's words"), 500, "unexpected"),
]


@pytest.fixture
def failing(app: App) -> Callable[[Exception, Headers], Any]:
    """The answer of a route that raises this."""

    def ask(error: Exception, headers: Headers) -> Any:
        @get("/fail", sync_to_thread=False)
        def fail() -> None:
            raise error

        site = Litestar(
            [fail],
            state=State({"hub": app}),
            exception_handlers=errors.handlers(),
            template_config=TemplateConfig(instance=templates.engine()),
            logging_config=None,
            openapi_config=None,
        )
        with TestClient(site, raise_server_exceptions=False) as client:
            return client.get("/fail", headers=headers, follow_redirects=False)

    return ask


@pytest.mark.parametrize(("error", "status", "slug"), RAISED, ids=lambda value: type(value).__name__)
def test_a_program_gets_a_problem(
    failing: Callable[[Exception, Headers], Any], error: Exception, status: int, slug: str
) -> None:
    answer = failing(error, {"accept": "application/json"})
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["type"]) == (
        status,
        status,
        f"urn:socialai:{slug}",
    )
    assert problem["instance"].startswith("urn:socialai:trace:")
    assert problem["detail"] == "no" or status == 500
    assert "customer" not in answer.text


def test_a_person_gets_a_page_and_htmx_a_toast(failing: Callable[[Exception, Headers], Any]) -> None:
    page = failing(ours.Conflict("<b>Look again.</b>"), {"accept": "text/html"})
    toast = failing(ours.Conflict("<b>Look again.</b>"), {"accept": "*/*", "hx-request": "true"})
    for answer in (page, toast):
        assert answer.status_code == 409
        assert "&lt;b&gt;Look again.&lt;/b&gt;" in answer.text
        assert answer.headers["content-type"].startswith("text/html")
    assert "<html" in page.text
    assert "<html" not in toast.text
    assert toast.headers["hx-retarget"] == "#toasts"


def test_whoever_is_not_signed_in_is_brought_to_the_sign_in_and_back(
    failing: Callable[[Exception, Headers], Any],
) -> None:
    page = failing(ours.NotSignedIn("no"), {"accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/login?next=/fail")
    part = failing(ours.NotSignedIn("no"), {"accept": "*/*", "hx-request": "true"})
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/login")


def test_waiting_is_told_in_seconds(failing: Callable[[Exception, Headers], Any]) -> None:
    json = {"accept": "application/json"}
    assert failing(ours.TooManyTries("no", 7), json).headers["retry-after"] == "7"
    assert int(failing(ours.StoreBusy("no"), json).headers["retry-after"]) > 0
    assert int(failing(ours.DiskFull("no"), json).headers["retry-after"]) > 0


def test_a_platforms_refusal_says_what_it_means(failing: Callable[[Exception, Headers], Any]) -> None:
    answer = failing(ours.DeliveryError("reauthorise", "no"), {"accept": "application/json"})
    assert answer.json()["outcome"] == "reauthorise"


def test_what_is_wrong_with_a_body_is_named(api: Callable[..., Any]) -> None:
    problem = api("olga", "PUT", "/policy", json={"weights": {"intent": "many"}}).json()
    assert problem["type"] == "urn:socialai:invalid-input"
    assert problem["errors"][0]["field"] == "weights.intent"
    problem = api("olga", "GET", "/leads?limit=0").json()
    assert problem["errors"] == [{"field": "limit", "message": "Expected `int` >= 1", "source": "query"}]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[]", "application/json"),
        (b'{"text": "\\ud800"}', "application/json"),
        (b"text=x", "application/x-www-form-urlencoded"),
        (b"", "application/json"),
        (b"[" * 100_000, "application/json"),
    ],
)
def test_a_body_that_is_no_body_is_refused_in_words(api: Callable[..., Any], body: bytes, kind: str) -> None:
    answer = api("olga", "POST", "/conversations/1/replies", content=body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_is_not_there_and_what_cannot_be_done_are_problems_too(client: Client) -> None:
    missing = client.get("/api/v1/nothing")
    assert (missing.status_code, missing.json()["type"]) == (404, "urn:socialai:not-found")
    wrong = client.delete("/api/v1/auth/token")
    assert (wrong.status_code, wrong.json()["type"]) == (405, "urn:socialai:method-not-allowed")
    assert client.get("/nothing", headers={"accept": "text/html"}).status_code == 404


def test_a_number_no_database_can_hold_is_refused(api: Callable[..., Any]) -> None:
    assert api("olga", "GET", f"/conversations/{2**64}").status_code == 400
    assert api("olga", "GET", f"/conversations?channel_id={2**64}").status_code == 400
