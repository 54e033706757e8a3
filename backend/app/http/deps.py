"""What routes ask for: the session, the time, and who is signed in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Depends, Request, Response, Security
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security.base import SecurityBase

from app.core import ratelimit
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import database
from app.core.errors import Forbidden, Unauthenticated
from app.core.work import Work
from app.domain.accounts import sessions
from app.domain.accounts.account import Account, has_role
from app.http.middleware import is_secure

F = TypeVar("F", bound=Callable[..., object])
COOKIE = "lancar_session"
# Over TLS the browser itself guards the name: no other host and no plain page can set it.
HOST_COOKIE = f"__Host-{COOKIE}"


def permission(name: str) -> Callable[[F], F]:
    """Mark a dependency as one that decides who may call a route (see tools/promises.py)."""

    def mark(dependency: F) -> F:
        vars(dependency)["permission"] = name
        return dependency

    return mark


# Coroutines, because FastAPI runs plain functions in a thread.
async def current_work() -> AsyncIterator[Work]:
    """Lend the request its handle to the database; what it holds is given back at the end."""
    async with Work(database()) as work:
        yield work


async def current_time() -> datetime:
    """Return the time at which the request is served, in UTC."""
    return utcnow()


CurrentWork = Annotated[Work, Depends(current_work, scope="function")]
Now = Annotated[datetime, Depends(current_time)]


def session_token(request: Request) -> str | None:
    """Return the token that the request carries, as a bearer token or in a cookie.

    Sessions that began before HOST_COOKIE go on until they end.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip() or None
    return request.cookies.get(HOST_COOKIE) or request.cookies.get(COOKIE)


async def optional_account(request: Request, work: CurrentWork, now: Now) -> Account | None:
    """Return who is signed in, or None."""
    token = session_token(request)
    return await sessions.find_account(work, token, now) if token else None


class _SessionScheme(SecurityBase):
    """Says in the OpenAPI document how to sign a request."""

    model = HTTPBearerModel(
        description="The token of POST /sessions. Browsers send it as a cookie instead."
    )
    scheme_name = "session"

    async def __call__(self) -> None:
        """Check nothing: `optional_account` does."""


@permission("account")
async def current_account(
    account: Annotated[Account | None, Depends(optional_account)],
    _documented: Annotated[None, Security(_SessionScheme())],
) -> Account:
    """Return who is signed in; raise Unauthenticated (401) when nobody is."""
    if account is None:
        raise Unauthenticated
    return account


CurrentAccount = Annotated[Account, Depends(current_account)]
OptionalAccount = Annotated[Account | None, Depends(optional_account)]


@permission("public")
async def public() -> None:
    """Say that anybody may call this route: each route asks for a permission, or for this."""


def require_role(role: str) -> Callable[[Account], Awaitable[Account]]:
    """Return a dependency that raises Forbidden (403) for accounts below `role`."""

    @permission(role)
    async def check(account: CurrentAccount) -> Account:
        if not has_role(account.role, role):
            raise Forbidden
        return account

    return check


async def client_address(request: Request) -> str:
    """Return the client's address, as far as a rate limit is concerned (see `network_of`).

    Behind N proxies (`TRUSTED_PROXIES`) it is the Nth entry of X-Forwarded-For from the right,
    which the outermost of them wrote; what clients put further left is not believed.
    """
    address = request.client.host if request.client else "unknown"
    hops = get_settings().TRUSTED_PROXIES
    forwarded = request.headers.get("x-forwarded-for", "").split(",")
    if 0 < hops <= len(forwarded):
        address = forwarded[-hops].strip()
    return ratelimit.network_of(address)


async def limit_requests(
    account: OptionalAccount, address: Annotated[str, Depends(client_address)]
) -> None:
    """Count the request against the limit of its user, or of its address when signed out."""
    await ratelimit.limit_requests(str(account.user_id) if account else address)


async def limit_search(
    account: OptionalAccount, address: Annotated[str, Depends(client_address)]
) -> None:
    """Count a search apart from other requests: it is the costliest thing that anybody may ask."""
    key = str(account.user_id) if account else address
    await ratelimit.limit_search(key, is_stranger=account is None)


async def limit_pages(account: OptionalAccount) -> None:
    """Count a learner's page, apart from the API. Strangers' pages cost little: none is refused."""
    if account is not None:
        await ratelimit.limit_pages(str(account.user_id))


def set_session_cookie(request: Request, response: Response, token: str) -> None:
    """Have the browser keep the session's token, out of reach of scripts and other sites."""
    secure = is_secure(request.scope)
    response.set_cookie(
        HOST_COOKIE if secure else COOKIE,
        token,
        max_age=get_settings().SESSION_DAYS * 86_400,
        httponly=True,
        samesite="lax",
        secure=secure,
    )
    if secure and COOKIE in request.cookies:
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")


def clear_session_cookie(request: Request, response: Response) -> None:
    """Have the browser forget the token, under whichever name it has it."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    if is_secure(request.scope):
        response.delete_cookie(HOST_COOKIE, httponly=True, samesite="lax", secure=True)
