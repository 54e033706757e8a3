"""Sign up, sign in, the choice of a level, settings, the language switch."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import Response

from app.api.deps import (
    DB,
    CurrentDatabase,
    clear_session_cookie,
    client_address,
    session_token,
    set_session_cookie,
)
from app.core.errors import DomainError
from app.domain.accounts import service as accounts
from app.domain.srs import service as srs
from app.web.i18n import LANGUAGES
from app.web.timezones import timezone_choices
from app.web.visit import (
    Learner,
    Visit,
    Visitor,
    local_path,
    remember_language,
    see_other,
)

router = APIRouter()

Address = Annotated[str, Depends(client_address)]
Text = Annotated[str, Form()]
SWITCHES = ("show_streak", "email_reminders", "speech_enabled", "bury_siblings")
PREFERENCES = (
    "ui_language",
    "theme",
    "timezone",
    "daily_goal_minutes",
    "new_cards_per_day",
    "reviews_per_day",
    "desired_retention",
    "learning_steps",
    "relearning_steps",
    "maximum_interval_days",
    "review_order",
    *SWITCHES,
)
RESCHEDULING = {"desired_retention", "maximum_interval_days"}
RETENTIONS = ("0.70", "0.75", "0.80", "0.85", "0.90", "0.93", "0.95", "0.97")


def _refused(
    visit: Visit, template: str, typed: dict[str, Any], error: DomainError, **context: Any
) -> Response:
    """Show a form again, with what was typed and what is wrong with it."""
    errors = {error.field or "": error.text(visit.language)}
    return visit.page(template, status=error.status, typed=typed, errors=errors, **context)


@router.get("/sign-up")
async def show_sign_up(visit: Visitor) -> Response:
    """Show the form that makes an account."""
    return see_other("/") if visit.account else visit.page("sign_up.html", typed={}, errors={})


@router.post("/sign-up")
async def sign_up(
    visit: Visitor, db: DB, *, address: Address, full_name: Text = "", email: Text = "",
    password: Text = "",
) -> Response:  # fmt: skip
    """Make an account, sign it in, and ask for the level."""
    try:
        user = await accounts.sign_up(
            db,
            email=email,
            password=password,
            full_name=full_name,
            ui_language=visit.language,
            now=visit.now,
            address=address,
        )
    except DomainError as error:
        return _refused(visit, "sign_up.html", {"full_name": full_name, "email": email}, error)
    user_agent = visit.request.headers.get("user-agent")
    token = await accounts.begin_session(db, user.id, user_agent=user_agent, now=visit.now)
    response = see_other("/level")
    set_session_cookie(visit.request, response, token)
    return response


@router.get("/sign-in")
async def show_sign_in(
    visit: Visitor, next_path: Annotated[str, Query(alias="next")] = ""
) -> Response:
    """Show the sign-in form; `next` is where to go afterwards."""
    if visit.account:
        return see_other(local_path(next_path))
    return visit.page("sign_in.html", typed={"next": local_path(next_path)}, errors={})


@router.post("/sign-in")
async def sign_in(
    visit: Visitor, db: DB, *, address: Address, email: Text = "", password: Text = "",
    next_path: Annotated[str, Form(alias="next")] = "",
) -> Response:  # fmt: skip
    """Sign in and go on to where the visitor wanted to go."""
    try:
        token = await _sign_in(visit, db, email, password, address)
    except DomainError as error:
        return _refused(visit, "sign_in.html", {"email": email, "next": next_path}, error)
    response = see_other(local_path(next_path))
    set_session_cookie(visit.request, response, token)
    return response


async def _sign_in(visit: Visit, db: DB, email: str, password: str, address: str) -> str:
    return await accounts.sign_in(
        db,
        email=email,
        password=password,
        user_agent=visit.request.headers.get("user-agent"),
        now=visit.now,
        address=address,
    )


@router.post("/sign-out")
async def sign_out(visit: Visitor, db: DB) -> Response:
    """End the session."""
    token = session_token(visit.request)
    if token:
        await accounts.sign_out(db, token)
    response = see_other("/")
    clear_session_cookie(visit.request, response)
    return response


@router.get("/level")
async def show_level(visit: Learner) -> Response:
    """Ask where to start."""
    return visit.page("level.html", typed={"level": visit.account.level}, errors={})


@router.post("/level")
async def choose_level(visit: Learner, db: DB, level: Text = "") -> Response:
    """Set the level and begin."""
    try:
        await accounts.change_level(db, visit.account, level, visit.now)
    except DomainError as error:
        return _refused(visit, "level.html", {"level": level}, error)
    return see_other("/")


@router.get("/settings")
async def show_settings(
    visit: Learner, db: DB, database: CurrentDatabase, saved: str = "", reschedule: str = ""
) -> Response:
    """Show the account and its preferences; after new ones, offer to `reschedule` by them."""
    # First, because `db` keeps its connection from its first statement on: never hold two.
    offer = None
    if reschedule == "true":
        offer = await srs.count_to_reschedule(database, visit.account, visit.now)
    present = await _present(visit, db)
    return _settings_page(visit, present, {}, saved=saved == "true", offer=offer)


async def _present(visit: Learner, db: DB) -> dict[str, str]:
    """Return the account and its preferences as the form's fields hold them."""
    user = await accounts.get_profile(db, visit.account)
    fields = {name: _as_field(getattr(user.preferences, name)) for name in PREFERENCES}
    return fields | {"full_name": user.full_name, "level": user.current_level}


def _as_field(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(map(str, value))
    return str(value)


def _settings_page(
    visit: Visit,
    typed: dict[str, str],
    errors: dict[str, str],
    *,
    saved: bool = False,
    status: int = 200,
    offer: srs.Rescheduling | None = None,
) -> Response:
    return visit.page(
        "settings.html",
        offer=offer,
        section="settings",
        status=status,
        typed=typed,
        errors=errors,
        saved=saved,
        timezones=timezone_choices(typed["timezone"]),
        retentions=sorted({*RETENTIONS, typed["desired_retention"]}),
    )


@router.post("/settings")
async def save_settings(visit: Learner, db: DB) -> Response:
    """Change the account; all of it or, when a value is refused, nothing.

    Only what differs is changed, because every change of the schedule's settings is kept.
    """
    form = await visit.request.form()
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    present = await _present(visit, db)
    typed = present | dict.fromkeys(SWITCHES, "false") | typed
    changes = {name: typed[name] for name in PREFERENCES if typed[name] != present[name]}
    try:
        async with db.begin_nested():
            account = await accounts.update_preferences(db, visit.account, changes, visit.now)
            await accounts.change_name(db, account, typed["full_name"], visit.now)
            await accounts.change_level(db, account, typed["level"], visit.now)
    except DomainError as error:
        errors = {error.field or "": error.text(visit.language)}
        return _settings_page(visit, typed, errors, status=error.status)
    moves = "&reschedule=true" if changes.keys() & RESCHEDULING else ""
    return see_other(f"/settings?saved=true{moves}")


@router.post("/language")
async def switch_language(
    visit: Visitor, db: DB, language: Text = "",
    next_path: Annotated[str, Form(alias="next")] = "/",
) -> Response:  # fmt: skip
    """Change the language of the pages, for the account or, signed out, for this browser."""
    response = see_other(local_path(next_path))
    if language in LANGUAGES:
        remember_language(response, language)
        if visit.account:
            await accounts.update_preferences(
                db, visit.account, {"ui_language": language}, visit.now
            )
    return response
