"""One site and one browser for all page tests of a worker; every page is watched for complaints."""

import pytest
from playwright.async_api import async_playwright, expect
from sqlalchemy import update

from app.core.database import Database
from app.models import User
from tests.chromium import ARGUMENTS, find_chromium
from tests.web.learner import Learner
from tests.web.site import fill, serve

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
SIZES = {"phone": PHONE, "desktop": DESKTOP}

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
async def site_database(server, settings):
    """The database of the site, with the curriculum loaded."""
    name = await server.create()
    database = Database(server.url(name), settings, role=settings.DATABASE_ROLE)
    await fill(database)
    yield database
    await database.close()
    await server.drop(name)


@pytest.fixture(scope="session")
async def site(site_database, tmp_path_factory):
    """The address of the real application."""
    url = site_database.engine.url.render_as_string(hide_password=False)
    async with serve(url, tmp_path_factory.mktemp("site") / "log") as address:
        yield address


@pytest.fixture(scope="session")
async def browser():
    """Headless Chromium (without its sandbox, which root has not); a missing one is a failure."""
    executable = find_chromium()
    assert executable, "no Chromium: python -m tests.prepare says how to install it"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def visit(site, browser):
    """Open a fresh browser profile on the site: `page = await visit("phone")`."""
    contexts = []
    complaints = []

    async def open_page(size="phone", **options):
        context = await browser.new_context(base_url=site, viewport=SIZES[size], **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = await context.new_page()
        page.on("console", lambda message: _note(complaints, message))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert not complaints, "the browser complained:\n" + "\n".join(complaints)


def _note(complaints, message):
    """Keep errors and warnings, policy violations among them.

    An error page's own status is none, and neither is that a test will have no worker, or takes
    the connection away while its script is fetched.
    """
    expected = (
        "the server responded with",
        "blocked by Playwright",
        "occurred when fetching the script",
    )
    if message.type in {"error", "warning"} and not any(x in message.text for x in expected):
        complaints.append(f"{message.location.get('url')}: {message.text}")


@pytest.fixture
def let_be_old(site_database):
    """Let a card have been made two months ago: no review is older than its card."""

    async def let_be_old(card):
        statement = "UPDATE srs_cards SET created_at = now() - interval '60 days' WHERE id = $1"
        async with site_database.driver() as connection:
            await connection.execute(statement, card["card_id"])

    return let_be_old


@pytest.fixture
def learner(visit):
    """Make a learner who is signed in: `someone = await learner("phone")`."""

    async def sign_up(size="phone", level="A1", **options):
        someone = Learner(await visit(size, **options))
        await someone.enrol(level)
        return someone

    return sign_up


@pytest.fixture
def teacher(learner, site_database):
    """Make an author, who may mark and answer reports."""

    async def sign_in(size="desktop", **options):
        ayu = await learner(size, **options)
        async with site_database.sessions.begin() as db:
            await db.execute(update(User).where(User.email == ayu.email).values(role="author"))
        await ayu.page.goto("/settings")
        await ayu.press("Keluar")
        await ayu.sign_in()
        return ayu

    return sign_in
