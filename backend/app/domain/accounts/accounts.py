"""Use cases of accounts: signing up, making one for somebody, reading one's own."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.core.config import get_settings
from app.core.errors import Conflict, Forbidden, NotFound, raise_for
from app.core.ratelimit import limit_sign_in
from app.core.security import hash_password
from app.core.work import Work, transactional
from app.domain.accounts import queries, rules
from app.domain.accounts.account import Account
from app.domain.accounts.rules import DEMO_PASSWORD, _check_choice
from app.models import User, UserPreferences
from app.models.base import LEVELS
from app.models.user import UI_LANGUAGES

DEMO_ACCOUNTS = (
    ("demo@lancar.test", "Sari Demo", "learner"),
    ("author@lancar.test", "Ayu Penulis", "author"),
)


class EmailTaken(Conflict):
    """Another account has this address."""

    code = "email_taken"
    message = "There is an account with this e-mail address already."
    message_id = "Alamat email ini sudah dipakai."


async def sign_up(
    work: Work,
    *,
    email: str,
    password: str,
    full_name: str,
    level: str = "A1",
    ui_language: str = "id",
    now: datetime,
    address: str | None = None,
) -> User:
    """Make a learner's account with its preferences and return it.

    `address` is the client's, for the rate limit. Raises EmailTaken, TooManyRequests, or
    InvalidInput naming the field.
    """
    await limit_sign_in(address=address)
    return await create_account(
        work,
        email=email,
        password=password,
        full_name=full_name,
        level=level,
        ui_language=ui_language,
        now=now,
    )


@transactional()
async def create_account(
    work: Work,
    *,
    email: str,
    password: str,
    full_name: str,
    role: str = "learner",
    level: str = "A1",
    ui_language: str = "id",
    now: datetime,
) -> User:
    """Make an account of any role; for operators, `sign_up` is for people. Raises as `sign_up`."""
    email = rules.normalise_email(email)
    full_name = rules.check_name(full_name)
    rules.check_password(password, email)
    if not get_settings().is_development:
        rules.refuse_demo(email, password)
    _check_choice("level", level, LEVELS)
    _check_choice("ui_language", ui_language, UI_LANGUAGES)
    user = User(
        email=email,
        password_hash=await hash_password(password),
        full_name=full_name,
        role=role,
        current_level=level,
        preferences=UserPreferences(ui_language=ui_language, created_at=now, updated_at=now),
        created_at=now,
        updated_at=now,
    )
    try:
        async with work.session.begin_nested():
            work.session.add(user)
    except IntegrityError as error:
        raise_for(error, {"users_email_key": EmailTaken(field="email")})
    return user


async def get_profile(work: Work, account: Account) -> User:
    """Return the account's user with its preferences; raise NotFound when it was deleted."""
    user = await queries.find_user(work, account.user_id)
    if user is None:
        raise NotFound
    return user


@transactional()
async def ensure_demo_accounts(work: Work, now: datetime) -> None:
    """Make the demo learner and the demo author where they are missing.

    Their password is public, so this raises Forbidden in production.
    """
    if not get_settings().is_development:
        raise Forbidden("There are no demo accounts in production.")
    for email, full_name, role in DEMO_ACCOUNTS:
        if not await queries.email_is_taken(work, email):
            await create_account(
                work, email=email, password=DEMO_PASSWORD, full_name=full_name, role=role, now=now
            )


async def find_demo_accounts(work: Work, shown: int) -> tuple[int, Sequence[str]]:
    """Return how many active accounts were made by development, and `shown` of their addresses."""
    return await queries.demo_accounts(work, shown)
