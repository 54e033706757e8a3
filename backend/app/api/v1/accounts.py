"""Sign-up, sessions, and the account that is signed in."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response, status

from app.api.v1.schemas.accounts import Credentials, Me, MeChanges, SessionStarted, SignUp
from app.core.config import get_settings
from app.domain.accounts import accounts, preferences, signing_in
from app.http.deps import (
    HOST_COOKIE,
    CurrentAccount,
    CurrentWork,
    Now,
    clear_session_cookie,
    client_address,
    public,
    session_token,
    set_session_cookie,
)
from app.http.problems import problems
from app.http.routing import JSONRoute
from app.models import User

ANYBODY = [Depends(public)]
router = APIRouter(tags=["accounts"], route_class=JSONRoute)
SECONDS_PER_DAY = 86_400

_SETS_COOKIE: dict[str, Any] = {
    "headers": {
        "Set-Cookie": {
            "description": "The session's token, for browsers: HttpOnly, SameSite=Lax.",
            "schema": {
                "type": "string",
                "examples": [f"{HOST_COOKIE}=cXVpdGUt…; HttpOnly; Path=/"],
            },
        }
    }
}

Address = Annotated[str, Depends(client_address)]


@router.post(
    "/accounts",
    status_code=status.HTTP_201_CREATED,
    response_model=Me,
    responses=problems(409),
    dependencies=ANYBODY,
)
async def sign_up(body: SignUp, work: CurrentWork, now: Now, address: Address) -> User:
    """Make an account. It is not signed in yet."""
    return await accounts.sign_up(work, **body.model_dump(), now=now, address=address)


@router.post(
    "/sessions",
    dependencies=ANYBODY,
    status_code=status.HTTP_201_CREATED,
    responses=problems(401) | {status.HTTP_201_CREATED: _SETS_COOKIE},
)
async def sign_in(
    body: Credentials,
    request: Request,
    response: Response,
    work: CurrentWork,
    *,
    now: Now,
    address: Address,
) -> SessionStarted:
    """Sign in: sets the session cookie, and returns the same token for clients without cookies."""
    token = await signing_in.sign_in(
        work,
        email=body.email,
        password=body.password,
        user_agent=request.headers.get("user-agent"),
        now=now,
        address=address,
    )
    set_session_cookie(request, response, token)
    return SessionStarted(token=token, expires_in=get_settings().SESSION_DAYS * SECONDS_PER_DAY)


@router.delete("/sessions", status_code=status.HTTP_204_NO_CONTENT, dependencies=ANYBODY)
async def sign_out(request: Request, response: Response, work: CurrentWork) -> None:
    """Sign out: ends the session of the token that was sent. Repeating it does no harm."""
    token = session_token(request)
    if token:
        await signing_in.sign_out(work, token)
    clear_session_cookie(request, response)


@router.get("/me", response_model=Me, responses=problems(401))
async def get_me(work: CurrentWork, account: CurrentAccount) -> User:
    """Return the account that is signed in, with its preferences."""
    return await accounts.get_profile(work, account)


@router.patch("/me", response_model=Me, responses=problems(401))
async def update_me(body: MeChanges, work: CurrentWork, account: CurrentAccount, now: Now) -> User:
    """Change the account; all that is given or, when a value is refused, nothing.

    What is absent or null stays as it is. Another `desired_retention` or `maximum_interval_days`
    moves no card by itself: `GET /cards/reschedule` tells how many would, `POST` moves them.
    """
    async with work.transaction():
        if body.full_name is not None:
            account = await preferences.change_name(work, account, body.full_name, now)
        if body.level is not None:
            account = await preferences.change_level(work, account, body.level, now)
        if body.learning_goals is not None:
            await preferences.change_goals(work, account, body.learning_goals, now)
        if body.birth_year is not None:
            await preferences.change_birth_year(work, account, body.birth_year, now)
        if body.preferences is not None:
            changes = body.preferences.model_dump(exclude_none=True)
            account = await preferences.update_preferences(work, account, changes, now)
    return await accounts.get_profile(work, account)
