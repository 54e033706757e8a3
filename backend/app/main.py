"""Builds the ASGI application: routers, middleware, and what becomes of errors."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from app.api import health
from app.api.middleware import AnswerErrors, Guard, RequestContext, SecurityHeaders
from app.api.problems import as_domain_error, headers_of, problem_response, problems
from app.api.v1 import accounts, curriculum
from app.core.cache import close_cache
from app.core.database import close_database, database
from app.core.errors import DomainError

STATIC = Path(__file__).parent / "web" / "static"
# Extend here: everything under /api/v1.
API_ROUTERS = (accounts.router, curriculum.router)

_log = structlog.stdlib.get_logger("lancar.errors")


@asynccontextmanager
async def _lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Wait for the database, serve, and close every connection at the end."""
    await database().wait_until_up()
    yield
    await close_cache()
    await close_database()


def create_app() -> FastAPI:
    """Return the application. Nothing is connected before it starts up or serves."""
    app = FastAPI(
        title="Lancar",
        summary="Learn English, in Indonesian.",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its scripts come from elsewhere, which our policy forbids
        redoc_url=None,
        lifespan=_lifespan,
        middleware=[
            Middleware(RequestContext),
            Middleware(SecurityHeaders),
            Middleware(AnswerErrors, answer=_answer_error),
            Middleware(Guard),
        ],
    )
    for kind in (DomainError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _answer_error)
    app.include_router(health.router)
    for router in API_ROUTERS:
        app.include_router(router, prefix="/api/v1", responses=problems(422, 429, 503))
    app.mount("/static", StaticFiles(directory=STATIC, check_dir=False), name="static")
    return app


async def _answer_error(request: Request, error: Exception) -> Response:
    """Answer any error: a problem for programs, a page for people. Log the unexpected ones."""
    answer = as_domain_error(error)
    if answer.status >= 500:  # noqa: PLR2004 - faults on our side
        _log.error("request_failed", code=answer.code, exc_info=error)
    if request.url.path.startswith(("/api/", "/health/")):
        return problem_response(request, answer)
    return HTMLResponse(
        f"<!doctype html><title>Lancar</title><p>{answer.message_id}",
        answer.status,
        headers_of(answer),
    )


app = create_app()
