"""What the tests of accounts share: somebody who signs up and in."""

from app.domain.accounts import accounts, signing_in
from app.models.base import new_id
from tests.factories import NOW
from tests.work import work_on

PASSWORD = "kopi tubruk 3x"


def a_new_address() -> str:
    """One that no rate limit has counted."""
    return f"sari-{new_id().hex}@example.com"


async def sign_up(db, **fields):
    """Sign somebody up, with these fields or others; return the user."""
    defaults = {"email": a_new_address(), "password": PASSWORD, "full_name": "Sari Dewi"}
    return await accounts.sign_up(work_on(db), **defaults | fields, now=NOW)


async def sign_in(db, email, password=PASSWORD, **fields):
    """Sign in; return the token."""
    defaults = {"user_agent": "Tests", "now": NOW}
    return await signing_in.sign_in(
        work_on(db), email=email, password=password, **defaults | fields
    )
