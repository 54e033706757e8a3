"""Every page of the router, for a stranger, a learner with a history, and a teacher.

axe finds nothing, light and dark, small and large; text of twice the size fits a phone.
"""

import re

import pytest
from playwright.async_api import expect
from sqlalchemy import select

import app.core.database as core
from app.cli.demo.history import LEARNER, TEACHER, write_history
from app.core.clock import utcnow
from app.domain.accounts import accounts
from app.domain.accounts.rules import DEMO_PASSWORD
from app.models import QuestionAttempt, SRSCard, User
from tests.api.running import addresses
from tests.web.barriers import check
from tests.web.test_large_text import WIDEST, double
from tests.work import work_on

# What is no page to look at: files, and what only sends on.
NO_PAGES = {
    "/favicon.ico",
    "/manifest.webmanifest",
    "/robots.txt",
    "/sw.js",
    "/lessons/{slug}/again",
}
STRANGERS = ["/", "/sign-up", "/sign-in", "/offline", "/components", "/no-such-page"]
OF_TEACHERS = ("/marking", "/reports")
PARTS = 6


@pytest.fixture(scope="session")
async def demo(site_database):
    """The demo learner with sixty days behind them, and what their addresses name."""
    before, core._current = core._current, site_database
    try:
        async with site_database.sessions.begin() as db:
            await accounts.ensure_demo_accounts(work_on(db), utcnow())
        await write_history(work_on(site_database), utcnow(), 60)
    finally:
        core._current = before
    async with site_database.sessions() as db:
        learner = await db.scalar(select(User.id).where(User.email == LEARNER))
        essay = select(QuestionAttempt.id).where(
            QuestionAttempt.user_id == learner, QuestionAttempt.score.is_(None)
        )
        card = select(SRSCard.id).where(SRSCard.user_id == learner, SRSCard.review_count > 2)
        words = card.where(SRSCard.item_type == "vocabulary", SRSCard.direction == "recognition")
        return {
            "card": await db.scalar(card.limit(1)),
            "attempt": await db.scalar(essay.limit(1)),
            "words": (await db.scalars(words)).all(),
            "cards": (await db.scalars(card)).all(),
        }


def pages_of(found: dict) -> list[str]:
    """Return the address of every page that the router has for somebody who is signed in."""
    paths = {address.path for address in addresses("GET") if not address.path.startswith("/api/")}
    nothing = next(path for path in paths if path.startswith("/cards/")).rpartition("/")[2]
    named = []
    for path in sorted(paths):
        if path.startswith("/health") or path in NO_PAGES or path in STRANGERS[1:]:
            continue
        filled = path.replace(f"/cards/{nothing}", f"/cards/{found['card']}")
        filled = filled.replace(f"/marking/{nothing}", f"/marking/{found['attempt']}")
        named.append(filled.replace(f"/mistakes/{nothing}", "/mistakes/tense"))
    return [*named, "/search?q=used+to", "/reviews?cause=tense", "/placement/question"]


async def sign_in(page, email):
    await page.goto("/sign-in")
    await page.get_by_label("Alamat email").fill(email)
    await page.get_by_label("Kata sandi").fill(DEMO_PASSWORD)
    await page.get_by_role("button", name="Masuk").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Selamat")


async def look_at(page, path):
    answer = await page.goto(path)
    assert answer.status < 400 or path == "/no-such-page", f"{path}: {answer.status}"
    assert "text/html" in answer.headers["content-type"], path


def owner_of(path):
    return TEACHER if path.startswith(OF_TEACHERS) and path != "/reports/mine" else LEARNER


@pytest.mark.parametrize("part", range(PARTS))
async def test_no_page_of_the_router_has_a_grave_barrier(visit, demo, part):
    pages = dict.fromkeys((LEARNER, TEACHER))
    for path in pages_of(demo)[part::PARTS]:
        email = owner_of(path)
        if pages[email] is None:
            pages[email] = await visit("phone")
            await sign_in(pages[email], email)
        await look_at(pages[email], path)
        await check(pages[email], path)


async def test_no_page_for_strangers_has_a_grave_barrier(visit, demo):
    page = await visit("phone")
    for path in STRANGERS:
        await look_at(page, path)
        await check(page, path)


@pytest.mark.parametrize("width", [390, 320])
@pytest.mark.parametrize("email", [None, LEARNER, TEACHER])
async def test_text_of_twice_the_size_fits_on_every_page(visit, demo, email, width):
    paths = [path for path in pages_of(demo) if owner_of(path) == email] if email else STRANGERS
    await expect_twice_the_size_fits(visit, email, width, paths)


async def test_the_page_of_every_card_opens(visit, demo):
    page = await visit("phone")
    await sign_in(page, LEARNER)
    answers = {card: await page.request.get(f"/cards/{card}") for card in demo["cards"]}
    assert [str(card) for card, answer in answers.items() if answer.status != 200] == []


async def test_text_of_twice_the_size_fits_on_the_card_of_every_word(visit, demo):
    await expect_twice_the_size_fits(
        visit, LEARNER, 320, [f"/cards/{card}" for card in demo["words"]]
    )


async def expect_twice_the_size_fits(visit, email, width, paths):
    page = await visit("phone", service_workers="block")  # it would serve the style sheet itself
    if email:
        await sign_in(page, email)
    await page.set_viewport_size({"width": width, "height": 844})
    await page.route(re.compile("/static/[a-z]+[.]css"), double)
    found = {}
    for path in paths:
        await look_at(page, path)
        if wide := await page.evaluate(WIDEST):
            found[path] = wide
    assert not found, "\n".join(f"{path}: {each}" for path, wide in found.items() for each in wide)
