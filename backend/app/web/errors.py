"""Error pages: what happened, what to do next, and a way on."""

from http import HTTPStatus
from urllib.parse import quote

from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.core.clock import utcnow
from app.core.errors import DomainError, Unauthenticated
from app.web.i18n import has_message, translate
from app.web.visit import Visit, local_path

_RETRY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}


def render_error(request: Request, error: DomainError) -> Response:
    """Return the page for `error`; who is not signed in is sent to sign in, and then back."""
    if isinstance(error, Unauthenticated):
        return _to_sign_in(request)
    visit = Visit(request, getattr(request.state, "account", None), utcnow())
    known = error.status if has_message(f"error.{error.status}.title") else _family(error.status)
    return visit.page(
        "error.html",
        section="error",
        status=error.status,
        heading=translate(visit.language, f"error.{known}.title"),
        message=error.text(visit.language),
        advice=translate(visit.language, f"error.{known}.advice"),
        can_retry=error.status in _RETRY and request.method == "GET",
        request_id=request.scope.get("lancar.request_id") if known == 500 else None,  # noqa: PLR2004
        code=error.status,
    )


def _family(status: int) -> int:
    return 500 if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 400


def _to_sign_in(request: Request) -> Response:
    """Redirect to sign-in; a form that was sent comes back to the page it stood on."""
    here = _with_query(request.url) if request.method == "GET" else _page_of_form(request)
    target = f"/sign-in?next={quote(here, safe='/')}" if here else "/sign-in"
    if "hx-request" in request.headers:
        return Response(headers={"HX-Redirect": target})
    return RedirectResponse(target, HTTPStatus.SEE_OTHER)


def _page_of_form(request: Request) -> str:
    """Return the path of the page that a form stood on; "" when the browser names none of ours."""
    named = request.headers.get("hx-current-url") or request.headers.get("referer", "")
    try:
        page = URL(named)
        is_ours = page.scheme in {"http", "https"} and page.netloc == request.url.netloc
    except ValueError:  # no address at all
        return ""
    return local_path(_with_query(page), "") if is_ours else ""


def _with_query(url: URL) -> str:
    return f"{url.path}?{url.query}" if url.query else url.path
