"""Sign up, sign in, the choice of a level, settings, the language switch."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query
from starlette.responses import Response

from app.core.errors import DomainError, InvalidInput
from app.domain.accounts import accounts, preferences, sessions, signing_in
from app.domain.accounts.account import Account
from app.domain.curriculum import lessons as curriculum_lessons
from app.domain.practice import trial
from app.domain.srs import rescheduling
from app.domain.srs.results import Rescheduling
from app.http.deps import (
    CurrentWork,
    clear_session_cookie,
    client_address,
    session_token,
    set_session_cookie,
)
from app.web.i18n import LANGUAGES
from app.web.numbers import MAX_YEAR, read_whole
from app.web.timezones import timezone_choices
from app.web.trial import forget, read_answers
from app.web.visit import (
    Learner,
    LearnerVisit,
    Visit,
    Visitor,
    local_path,
    remember_language,
    see_other,
)

router = APIRouter()

Address = Annotated[str, Depends(client_address)]
Text = Annotated[str, Form()]
GROUPS: dict[str, tuple[str, ...]] = {
    "you": ("full_name", "level", "birth_year"),
    "look": ("ui_language", "theme", "speech_enabled"),
    "study": ("daily_goal_minutes", "timezone", "show_streak"),
    "reviews": (
        "new_cards_per_day",
        "reviews_per_day",
        "desired_retention",
        "learning_steps",
        "relearning_steps",
        "maximum_interval_days",
        "review_order",
        "bury_siblings",
    ),
}
"""The settings by the form in which they stand; those of "you" are no preferences."""
PREFERENCES = tuple(name for group in ("look", "study", "reviews") for name in GROUPS[group])
SWITCHES = ("show_streak", "speech_enabled", "bury_siblings")
ADVANCED = GROUPS["reviews"][2:]
RESCHEDULING = {"desired_retention", "maximum_interval_days"}
RETENTIONS = ("0.70", "0.75", "0.80", "0.85", "0.90", "0.93", "0.95", "0.97")


def _refused(
    visit: Visit, template: str, typed: dict[str, Any], error: DomainError, **context: Any
) -> Response:
    """Show a form again, with what was typed and what is wrong with it."""
    errors = {error.field or "": error.text(visit.language)}
    return visit.page(template, status=error.status, typed=typed, errors=errors, **context)


@router.get("/sign-up")
async def show_sign_up(visit: Visitor, work: CurrentWork) -> Response:
    """Show the form that makes an account."""
    if visit.account:
        return see_other("/")
    return visit.page("sign_up.html", typed={}, errors={}, **await _offered(visit, work))


async def _offered(visit: Visit, work: CurrentWork) -> dict[str, Any]:
    """Return what a sign-up brings: a guest's answers, and the lessons that there are."""
    lessons = await curriculum_lessons.count_lessons(work)
    return {"carried": len(read_answers(visit.request)), "lessons": sum(lessons.values())}


@router.post("/sign-up")
async def sign_up(
    visit: Visitor, work: CurrentWork, *, address: Address, full_name: Text = "",
    email: Text = "", password: Text = "",
) -> Response:  # fmt: skip
    """Make an account with the guest's answers, sign it in, and ask the first questions."""
    user_agent = visit.request.headers.get("user-agent")
    try:
        async with work.transaction():
            user = await accounts.sign_up(
                work,
                email=email,
                password=password,
                full_name=full_name,
                ui_language=visit.language,
                now=visit.now,
                address=address,
            )
            token = await signing_in.begin_session(
                work, user.id, user_agent=user_agent, now=visit.now
            )
    except DomainError as error:
        typed = {"full_name": full_name, "email": email}
        return _refused(visit, "sign_up.html", typed, error, **await _offered(visit, work))
    response = see_other("/welcome")
    await _keep_answers(visit, work, token, response)
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
    visit: Visitor, work: CurrentWork, *, address: Address, email: Text = "",
    password: Text = "", next_path: Annotated[str, Form(alias="next")] = "",
) -> Response:  # fmt: skip
    """Sign in, with a guest's answers, and go on to where the visitor wanted to go."""
    try:
        token = await _sign_in(visit, work, email, password, address)
    except DomainError as error:
        return _refused(visit, "sign_in.html", {"email": email, "next": next_path}, error)
    response = see_other(local_path(next_path))
    await _keep_answers(visit, work, token, response)
    set_session_cookie(visit.request, response, token)
    return response


async def _keep_answers(visit: Visit, work: CurrentWork, token: str, response: Response) -> None:
    """Store what a guest answered for the account of `token`; the browser forgets it."""
    answers = read_answers(visit.request)
    if not answers:
        return
    account = await sessions.find_account(work, token, visit.now)
    if account is not None:
        await trial.keep_answers(work, account, answers, visit.now)
    forget(response)


async def _sign_in(visit: Visit, work: CurrentWork, email: str, password: str, address: str) -> str:
    return await signing_in.sign_in(
        work,
        email=email,
        password=password,
        user_agent=visit.request.headers.get("user-agent"),
        now=visit.now,
        address=address,
    )


@router.post("/sign-out")
async def sign_out(visit: Visitor, work: CurrentWork) -> Response:
    """End the session."""
    token = session_token(visit.request)
    if token:
        await signing_in.sign_out(work, token)
    response = see_other("/")
    clear_session_cookie(visit.request, response)
    return response


@router.get("/level")
async def show_level(visit: Learner) -> Response:
    """Ask where to start."""
    return visit.page("level.html", chosen=visit.account.level, errors={})


@router.post("/level")
async def choose_level(visit: Learner, work: CurrentWork, level: Text = "") -> Response:
    """Set the level and begin."""
    try:
        await preferences.change_level(work, visit.account, level, visit.now)
    except DomainError as error:
        errors = {"": error.text(visit.language)}
        return visit.page(
            "level.html", status=error.status, chosen=visit.account.level, errors=errors
        )
    return see_other("/")


@router.get("/settings")
async def show_settings(
    visit: Learner, work: CurrentWork, saved: str = "", reschedule: str = ""
) -> Response:
    """Show the account and its preferences; after new ones, offer to `reschedule` by them.

    `saved` names the group that was saved just now.
    """
    offer = None
    if reschedule == "true":
        offer = await rescheduling.count_to_reschedule(work, visit.account, visit.now)
    present = await _present(visit, work)
    return _settings_page(visit, present, {}, saved=saved if saved in GROUPS else "", offer=offer)


async def _present(visit: Learner, work: CurrentWork) -> dict[str, str]:
    """Return the account and its preferences as the forms' fields hold them."""
    user = await accounts.get_profile(work, visit.account)
    fields = {name: _as_field(getattr(user.preferences, name)) for name in PREFERENCES}
    birth_year = "" if user.birth_year is None else str(user.birth_year)
    mine = {"full_name": user.full_name, "level": user.current_level, "birth_year": birth_year}
    return fields | mine


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
    group: str = "",
    saved: str = "",
    status: int = 200,
    offer: Rescheduling | None = None,
    opened: bool = False,
) -> Response:
    return visit.page(
        "settings.html",
        offer=offer,
        section="settings",
        status=status,
        typed=typed,
        errors=errors,
        group_of_errors=group,
        saved=saved,
        advanced=ADVANCED,
        jumps=not visit.is_htmx,  # where a script saves at once, the hand is elsewhere already
        advanced_open=opened,
        timezones=timezone_choices(typed["timezone"], visit.language),
        retentions=sorted({*RETENTIONS, typed["desired_retention"]}),
    )


@router.post("/settings")
async def save_settings(visit: Learner, work: CurrentWork) -> Response:
    """Change a group of settings, each by itself: one that is refused keeps no other from it.

    Only what differs is changed, because every change of the schedule's settings is kept.
    """
    form = await visit.request.form()
    group = str(form.get("group", ""))
    if group not in GROUPS:
        raise InvalidInput(field="group")
    given = {name: str(form[name]) for name in GROUPS[group] if name in form}
    switches = {name: "false" for name in SWITCHES if name in GROUPS[group]}
    present = await _present(visit, work)
    typed = present | switches | given
    changes = {name: typed[name] for name in GROUPS[group] if typed[name] != present[name]}
    account, errors = visit.account, {}
    for name, value in changes.items():
        try:
            account = await _change(visit, work, account, name, value)
        except DomainError as error:
            errors[name] = error.text(visit.language)
    if errors:
        return _settings_page(visit, typed, errors, group=group, status=422)
    reschedules = not changes.keys().isdisjoint(RESCHEDULING)
    if not visit.is_htmx:
        moves = "&reschedule=true" if reschedules else ""
        return see_other(f"/settings?saved={group}{moves}#{group}")
    if group == "look":
        return Response(headers={"HX-Refresh": "true"})  # the whole page looks different
    offer = None
    if reschedules:
        offer = await rescheduling.count_to_reschedule(work, account, visit.now)
    opened = not changes.keys().isdisjoint(ADVANCED)
    return _settings_page(visit, typed, {}, saved=group, offer=offer, opened=opened)


async def _change(
    visit: LearnerVisit, work: CurrentWork, account: Account, name: str, value: str
) -> Account:
    """Change one setting, and return the account as it is then. Raises InvalidInput."""
    match name:
        case "full_name":
            return await preferences.change_name(work, account, value, visit.now)
        case "level":
            return await preferences.change_level(work, account, value, visit.now)
        case "birth_year":
            text = value.strip()
            year = (read_whole(text, MAX_YEAR) or 0) if text else None
            await preferences.change_birth_year(work, account, year, visit.now)
            return account
        case _:
            return await preferences.update_preferences(work, account, {name: value}, visit.now)


@router.post("/language")
async def switch_language(
    visit: Visitor, work: CurrentWork, language: Text = "",
    next_path: Annotated[str, Form(alias="next")] = "/",
) -> Response:  # fmt: skip
    """Change the language of the pages, for the account or, signed out, for this browser."""
    response = see_other(local_path(next_path))
    if language in LANGUAGES:
        remember_language(response, language)
        if visit.account:
            await preferences.update_preferences(
                work, visit.account, {"ui_language": language}, visit.now
            )
    return response
