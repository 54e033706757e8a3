"""One visit to a page: who comes, in which language, and how the answer is rendered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.core.errors import Unauthenticated
from app.domain.accounts.account import Account
from app.http.deps import Now, OptionalAccount, permission
from app.http.middleware import is_secure
from app.web.i18n import DEFAULT_LANGUAGE, LANGUAGES
from app.web.rendering import render_template

LANGUAGE_COOKIE = "lancar_language"
ONE_YEAR_SECONDS = 31_536_000


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for a page, by somebody (`account`) or by a stranger (None)."""

    request: Request
    account: Account | None
    now: datetime

    @property
    def language(self) -> str:
        """The account's language; a stranger's from the cookie of the switch, else Indonesian."""
        if self.account is not None:
            return self.account.ui_language
        cookie = self.request.cookies.get(LANGUAGE_COOKIE)
        return cookie if cookie in LANGUAGES else DEFAULT_LANGUAGE

    @property
    def is_htmx(self) -> bool:
        """Whether htmx asks, which takes the next content itself instead of a redirect."""
        headers = self.request.headers
        return "hx-request" in headers and "hx-history-restore-request" not in headers

    def page(
        self, template: str, *, section: str = "", status: int = 200, **context: Any
    ) -> HTMLResponse:
        """Render a page; for htmx only its content. `section` marks the entry of the menu."""
        html = render_template(
            template,
            self.language,
            layout="layout/fragment.html" if self.is_htmx else "layout/base.html",
            account=self.account,
            theme=self.account.theme if self.account else "system",
            section=section,
            here=_path_with_query(self.request),
            origin=_origin(self.request),
            **context,
        )
        response = HTMLResponse(html, status, headers={"Vary": "Cookie, HX-Request"})
        if self.account and self.request.cookies.get(LANGUAGE_COOKIE) != self.language:
            remember_language(response, self.language)  # for the pages around a sign-in
        return response


@dataclass(frozen=True, slots=True)
class LearnerVisit(Visit):
    """A visit by somebody who is signed in."""

    account: Account


@permission("public")
async def _visit(request: Request, account: OptionalAccount, now: Now) -> Visit:
    request.state.account = account  # error pages greet the same person
    return Visit(request, account, now)


@permission("account")
async def _learner_visit(request: Request, account: OptionalAccount, now: Now) -> LearnerVisit:
    if account is None:
        raise Unauthenticated
    request.state.account = account
    return LearnerVisit(request, account, now)


Visitor = Annotated[Visit, Depends(_visit)]
Learner = Annotated[LearnerVisit, Depends(_learner_visit)]


def remember_language(response: Response, language: str) -> None:
    """Have this browser's pages in `language` when nobody is signed in."""
    response.set_cookie(
        LANGUAGE_COOKIE, language, max_age=ONE_YEAR_SECONDS, httponly=True, samesite="lax"
    )


def see_other(path: str) -> RedirectResponse:
    """Send the browser on with a GET, after a form was handled."""
    return RedirectResponse(path, 303)


def local_path(path: str | None, default: str = "/") -> str:
    """Return `path` when it is one of this site's, else `default`: no form may send people away."""
    # Browsers drop tabs and ends of lines, and "/<tab>/x" becomes the address of a host.
    if path and path.isprintable() and path.startswith("/") and not path.startswith(("//", "/\\")):
        return path
    return default


def _origin(request: Request) -> str:
    """Return what the addresses of this site begin with, as the visitor reached it."""
    scheme = "https" if is_secure(request.scope) else "http"
    return f"{scheme}://{request.url.netloc}"


def _path_with_query(request: Request) -> str:
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path
