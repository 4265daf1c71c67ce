"""Connect accounts by signing in at their platform: the way there and the way back."""

from typing import Any

from litestar import MediaType, Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template
from msgspec import Struct

from socialai.actions import connecting
from socialai.channels import adapter_kind
from socialai.errors import NotAllowed, NotFound
from socialai.routes.access import Asked, guard, hub, needs
from socialai.security.permissions import Principal


class SignInAt(Struct):
    """`authorise_url` is where the person signs in and agrees, `redirect_url` what the app there must
    allow."""

    authorise_url: str
    redirect_url: str


@post(
    "/auth/social/{platform:str}/init",
    opt=needs("channels:write"),
    status_code=200,
    sync_to_thread=True,
    tags=["channels"],
)
def begin(request: Asked, platform: FromPath[str]) -> Response[Any]:
    """Begin to connect accounts by signing in at the platform; a page's form is sent there at once.

    By a page in between: a browser follows no redirect from a form to where our own rules let no form go.
    """
    app, back = hub(request), str(request.base_url).rstrip("/")
    url = connecting.begin(app, request.user, platform, back)
    if "text/html" in request.headers.get("accept", ""):
        context = {"platform": adapter_kind(platform), "url": url}
        return Template("channels/leave.html", context=context, headers={"refresh": f"0; url={url}"})
    told = SignInAt(url, connecting.callback(app, platform, back))
    return Response(told, media_type=MediaType.JSON)


@get("/auth/social/{platform:str}/callback", sync_to_thread=True, include_in_schema=False)
def come_back(request: Asked, platform: FromPath[str]) -> Response[Any]:
    """The platform sends the browser here. Whoever cannot show what was begun is sent to the start."""
    who: Principal | None = request.scope.get("user")
    try:
        url = connecting.come_back(hub(request), who, platform, dict(request.query_params))
    except (NotFound, NotAllowed):
        url = "/channels?refused=over"
    return Redirect(url, status_code=303)


router = Router("/", route_handlers=[begin], guards=[guard])
