"""Hot routes, and every other kind of route: no dependency of theirs is ever dropped."""

from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends
from starlette.responses import PlainTextResponse
from starlette.routing import Mount

from app.core.errors import Forbidden
from app.domain.accounts.account import Account
from app.http.deps import CurrentAccount, CurrentWork, Now
from app.http.hot import HotRoute
from app.main import create_app

NOTED: list[str] = []


async def refuse() -> None:
    """Let nobody in."""
    raise Forbidden


async def note() -> None:
    """Let everybody in, and remember it."""
    NOTED.append("asked")


async def hello(account: CurrentAccount, work: CurrentWork, now: Now) -> dict[str, str]:
    """Greet."""
    return {"hello": account.full_name}


async def guarded(
    account: Annotated[Account, Depends(refuse)], work: CurrentWork, now: Now
) -> None:
    """Greet nobody."""


def app_with(guard: Any, level: str):
    """Return the application with a hot route that is guarded at `level`."""

    def at(name: str) -> list[Any]:
        return [Depends(guard)] if level == name else []

    app = create_app()
    inner = APIRouter(route_class=HotRoute, dependencies=at("router"))
    endpoint = guarded if level == "endpoint" else hello
    inner.get("/hello", response_model=dict[str, str], dependencies=at("route"))(endpoint)
    outer = APIRouter(dependencies=at("outer router"))
    outer.include_router(inner, dependencies=at("inclusion"))
    app.include_router(outer, prefix="/api/trial", dependencies=at("outer inclusion"))
    return app


LEVELS = ["router", "route", "inclusion", "outer router", "outer inclusion"]


def client_of(app) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="https://testserver")


@pytest.mark.parametrize("level", [*LEVELS, "endpoint"])
async def test_a_guard_of_a_hot_route_is_asked(level):
    async with client_of(app_with(refuse, level)) as client:
        assert (await client.get("/api/trial/hello")).status_code == 403


@pytest.mark.parametrize("level", LEVELS)
async def test_a_hot_route_answers_those_whom_its_guard_lets_in(client, signed_in, level):
    await signed_in()
    NOTED.clear()
    async with client_of(app_with(note, level)) as other:
        other.cookies = client.cookies
        answer = await other.get("/api/trial/hello")
    assert (answer.status_code, answer.json(), NOTED) == (200, {"hello": "Sari Dewi"}, ["asked"])


@pytest.mark.parametrize("method", ["add_route", "mount"])
def test_a_route_that_runs_no_dependency_is_refused_where_one_could_be_meant_for_it(method):
    router = APIRouter(dependencies=[Depends(refuse)])
    if method == "mount":
        router.routes.append(Mount("/files", app=PlainTextResponse("free for all")))
    else:
        router.add_route("/files", lambda _request: PlainTextResponse("free for all"))
    with pytest.raises(TypeError, match=r"/files is a .*no dependency guards"):
        create_app().include_router(router)
