"""Builds the ASGI application: routers, middleware, and what becomes of errors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from app.api import health
from app.api.openapi import complete
from app.api.v1 import (
    accounts,
    answered_reviews,
    cards,
    curriculum,
    marking,
    mistakes,
    placement,
    practice,
    recordings,
    reports,
    reviews,
    statistics,
    trial,
)
from app.core.cache import close_cache
from app.core.config import CONTENT, get_settings
from app.core.database import close_database, database
from app.core.database_errors import explain, is_behind
from app.core.errors import DomainError, Unavailable
from app.core.telemetry import configure_logging
from app.http.bodies import WholeBody
from app.http.compression import Compressed
from app.http.deps import limit_pages, limit_requests
from app.http.middleware import AnswerErrors, Guard, HeadAsGet, RequestContext, SecurityHeaders
from app.http.problems import (
    HTTPError,
    as_domain_error,
    headers_of,
    prefers_problem,
    problem_response,
    problems,
)
from app.http.repeating import RepeatReads
from app.http.routing import methods_of
from app.web import routes as web
from app.web.errors import render_error
from app.web.static_files import STATIC, HashedFiles

# Extend here: everything under /api/v1. The hot routes stand first: routes are tried in turn.
HOT_ROUTERS = (reviews.hot, answered_reviews.hot, practice.hot, cards.hot)
API_ROUTERS = (
    accounts.router,
    curriculum.router,
    marking.router,
    mistakes.router,
    placement.router,
    practice.router,
    recordings.router,
    reports.router,
    reviews.router,
    cards.router,
    statistics.router,
    trial.router,
)

_log = structlog.get_logger()


@asynccontextmanager
async def _lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Wait for the database, serve, and close every connection at the end."""
    configure_logging(get_settings())
    await database().wait_until_up()
    try:
        yield
    finally:
        await close_cache()
        await close_database()


class Application(FastAPI):
    """FastAPI whose description tells what all its routes share, and that drops no guard."""

    def include_router(self, router: APIRouter, **options: Any) -> None:
        """Include the routes of `router`; raise TypeError for one that runs no dependency."""
        for found in iter_route_contexts(router.routes):
            if not isinstance(found.original_route, APIRoute):
                raise TypeError(
                    f"{found.path} is a {type(found.original_route).__name__}, which no dependency"
                    " guards: declare it with @router.get or the like, or mount it on the"
                    " application, where everybody may see it."
                )
        super().include_router(router, **options)

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = complete(super().openapi())
        return self.openapi_schema


def create_app() -> FastAPI:
    """Return the application. Nothing is connected before it starts up or serves."""
    app = Application(
        title="Lancar",
        summary="Learn English, in Indonesian.",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its scripts come from elsewhere, which our policy forbids
        redoc_url=None,
        redirect_slashes=False,  # the redirect would repeat whatever Host the client sent
        lifespan=_lifespan,
        middleware=[
            Middleware(RequestContext),
            Middleware(HeadAsGet),
            Middleware(Compressed),
            Middleware(SecurityHeaders),
            Middleware(AnswerErrors, answer=_answer_error),
            Middleware(RepeatReads),
            Middleware(Guard),
            Middleware(WholeBody),
        ],
    )
    for kind in (DomainError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _answer_error)
    limited = [Depends(limit_requests)]
    for router in (*HOT_ROUTERS, *API_ROUTERS):
        app.include_router(
            router, prefix="/api/v1", responses=problems(422, 429, 503), dependencies=limited
        )
    app.include_router(health.router)
    app.include_router(web.router, dependencies=[Depends(limit_pages)])
    app.mount("/static/audio", HashedFiles(directory=CONTENT / "audio", check_dir=False))
    app.mount("/static", HashedFiles(directory=STATIC, check_dir=False), name="static")
    return app


async def _answer_error(request: Request, error: Exception) -> Response:
    """Answer any error: a problem for programs, a page for people. Log the unexpected ones."""
    answer = as_domain_error(error)
    if isinstance(answer, HTTPError) and answer.status == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers = {"Allow": ", ".join(methods_of(request.app.routes, request.url.path))}
    hint = {"hint": text} if (text := explain(error)) else {}
    if isinstance(answer, Unavailable) and not is_behind(error):
        # Known, and as frequent as requests are meanwhile.
        _log.warning("request_failed", code=answer.code, cause=type(error).__name__, **hint)
    elif answer.status >= 500:  # noqa: PLR2004 - faults on our side
        _log.error("request_failed", code=answer.code, exc_info=error, **hint)
    if prefers_problem(request):
        return problem_response(request, answer)
    page = render_error(request, answer)
    page.headers.update(headers_of(answer))
    return page


app = create_app()
