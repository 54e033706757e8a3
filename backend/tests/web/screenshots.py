"""Writes the pictures of `docs/screens.md`: `python -m tests.web.screenshots`.

Every screen, on a phone (light and dark) and on a desktop (light): of a stranger, of somebody new,
of the demo learner after sixty days, and of a teacher.
"""

import asyncio
import os
import re
import tempfile
from itertools import count
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright, expect

from app.cli.demo.history import LEARNER, TEACHER, write_history
from app.core import database as core
from app.core.clock import utcnow
from app.core.config import BACKEND, get_settings
from app.core.database import Database
from app.domain.accounts import accounts
from app.domain.accounts.rules import DEMO_PASSWORD
from tests.chromium import ARGUMENTS, find_chromium
from tests.servers import TEMPLATE, create_database, postgres_url, redis_url, test_run
from tests.web.answering import choose_for_gap, fill
from tests.web.collection import act, cards
from tests.web.learner import Learner, lessons
from tests.web.site import fill as load
from tests.web.site import serve
from tests.web.test_question_types import first_of
from tests.work import work_on

IMAGES = BACKEND.parent / "docs" / "images"
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
VARIANTS = (("phone", "light"), ("phone", "dark"), ("desktop", "light"))
FINISHED = "plans-and-predictions"
ASKED = ("multiple_choice", "cloze_choice", "matching", "ordering", "dictation", "essay")


class Album:
    """One learner with one device; `shoot` takes a picture of what they see."""

    def __init__(self, page: Page, size: str, scheme: str) -> None:
        self.page, self.variant = page, f"{size}-{scheme}"

    async def shoot(self, name: str) -> None:
        await self.page.wait_for_load_state("networkidle")
        await self.page.screenshot(path=IMAGES / f"{name}-{self.variant}.png")


async def take(browser: Browser, site: str, size: str, scheme: str) -> None:
    """Take the pictures of the first minutes, of an evening of study, and of later days."""
    context = await browser.new_context(
        base_url=site, viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce"
    )
    page = await context.new_page()
    album = Album(page, size, scheme)
    await take_first_minutes(Learner(page), album)
    await take_study(Learner(page), album)
    await take_later_days(page, album)
    await take_teaching(page, album)
    await context.close()


async def take_first_minutes(sari: Learner, album: Album) -> None:
    """Take what comes before the first lesson, from the landing page on."""
    page = sari.page
    await page.goto("/")
    await album.shoot("landing")
    await page.locator("#trial .choice").first.click()
    await expect(sari.verdict).to_be_visible()
    await album.shoot("landing-answered")
    await page.get_by_text("Ketuk untuk melihat").first.click()
    await page.locator("#mistakes").scroll_into_view_if_needed()
    await album.shoot("landing-mistakes")
    await page.goto("/sign-in")
    await album.shoot("sign-in")
    await page.goto("/sign-up")
    await album.shoot("sign-up")
    await sari.sign_up()
    await album.shoot("welcome-reason")
    await sari.press("Pekerjaan")
    await album.shoot("welcome-goal")
    await sari.press("10 menit")
    await album.shoot("welcome-birth-year")
    await sari.follow("Lewati dulu")
    await album.shoot("level")
    await sari.follow("Ikuti tes penempatan")
    await album.shoot("placement")
    await sari.press("Mulai tes")
    await album.shoot("placement-question")
    for number in count(1):
        heading = page.get_by_role("heading", level=1)
        await expect(heading).to_have_text(re.compile(rf"Soal {number}$|Kamu mulai dari"))
        if "/placement/result" in page.url:
            break
        await page.locator("[name=skip]").click()
    await album.shoot("placement-result")
    await sari.follow("Mulai belajar")
    await album.shoot("home-new")
    await page.goto("/statistics")
    await album.shoot("statistics-new")
    await page.goto("/mistakes")
    await album.shoot("mistakes-new")
    await page.goto("/no-such-page")
    await album.shoot("error")
    await page.goto("/offline")
    await album.shoot("offline")
    await sign_out(page)


async def sign_out(page: Page) -> None:
    """End the session."""
    await page.goto("/settings")
    await page.get_by_role("button", name="Keluar").click()


async def take_later_days(page: Page, album: Album) -> None:
    """Take what the demo learner sees."""
    await sign_out(page)
    await sign_in(page, LEARNER)
    await album.shoot("home")
    for name in ("statistics", "achievements", "settings", "mistakes", "cards", "marks"):
        await page.goto(f"/{name}")
        await album.shoot(name)
    await page.goto("/search?q=used+to")
    await album.shoot("search")
    await page.goto("/mistakes/tense")
    await album.shoot("mistakes-cause")
    await page.get_by_role("button", name="Latih 5 menit").click()
    await album.shoot("practice")
    await page.goto("/cards?sort=lapses")
    await page.locator(".card-cell a").first.click()
    await album.shoot("card")
    await sign_out(page)


async def sign_in(page: Page, email: str) -> None:
    """Sign in with a demo account."""
    await page.goto("/sign-in")
    await page.get_by_label("Alamat email").fill(email)
    await page.get_by_label("Kata sandi").fill(DEMO_PASSWORD)
    await page.get_by_role("button", name="Masuk").click()
    await expect(page.locator(".today-card")).to_be_visible()


async def take_teaching(page: Page, album: Album) -> None:
    """Take what a teacher sees."""
    await sign_in(page, TEACHER)
    await album.shoot("home-teacher")
    await page.goto("/marking")
    await album.shoot("marking")
    await page.locator(".waiting a").first.click()
    await album.shoot("marking-answer")
    await page.goto("/reports")
    await album.shoot("reports")


async def take_study(sari: Learner, album: Album) -> None:
    """Study for an evening."""
    page = sari.page
    await sari.enrol("A2")
    await take_lesson(sari, album)
    await take_questions(sari, album)
    await take_summary(sari, album)
    await take_reviews(sari, album)
    await page.goto("/components")
    await album.shoot("components")


async def take_lesson(sari: Learner, album: Album) -> None:
    """Take the cover of a lesson, and a section of each look."""
    page = sari.page
    await page.goto(f"/lessons/{FINISHED}")
    await album.shoot("cover")
    await page.goto(f"/lessons/{FINISHED}/sections/1")
    await album.shoot("section")
    await page.goto("/lessons/asking-about-people/sections/4")
    await album.shoot("dialogue")


async def take_questions(sari: Learner, album: Album) -> None:
    """Take questions as they are asked, and right, partly right and wrong answers."""
    page = sari.page
    for kind in ASKED:
        path, item = first_of(kind)
        await page.goto(path)
        await album.shoot(f"question-{kind.replace('_', '-')}")
    await sari.answer(item)  # an essay, for a teacher to mark
    await expect(sari.verdict).to_be_visible()
    path, item = first_of("translation")
    await page.goto(path)
    await sari.answer_wrongly(item)
    await expect(sari.verdict).to_be_visible()
    await album.shoot("feedback-wrong")
    path, item = first_of("cloze_choice")
    await page.goto(path)
    await fill(page, item)
    other = next(c.id for c in item.options.gaps[0] if c.id != item.answer_key.gaps[0])
    await choose_for_gap(page, item.options, "gap-0", 0, other)
    await page.locator("form [data-primary]").click()
    await expect(sari.verdict).to_be_visible()
    await album.shoot("feedback-partly")


async def take_summary(sari: Learner, album: Album) -> None:
    """Finish a lesson; the third right answer in a row is on the way."""
    page, questions = sari.page, lessons()[FINISHED].questions
    await page.goto(f"/lessons/{FINISHED}/questions/1?only=true")
    for number, item in enumerate(questions, start=1):
        await expect(page.get_by_text(f"Soal {number}/{len(questions)}")).to_be_visible()
        await sari.answer(item)
        await expect(sari.verdict).to_be_visible()
        if number == 3:
            await album.shoot("feedback-right")
        if number < len(questions):
            await sari.follow("Lanjut")
    await sari.press("Selesaikan pelajaran")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Pelajaran selesai")
    await album.shoot("lesson-done")


async def take_reviews(sari: Learner, album: Album) -> None:
    """Review a word and a question, and end the day."""
    page = sari.page
    words = await cards(page, item_type="vocabulary")
    await page.goto(f"/reviews?card={words[0]['card_id']}")
    await album.shoot("review-word")
    await page.keyboard.press("Space")
    await expect(page.get_by_role("button", name="Baik")).to_be_visible()
    await album.shoot("review-word-back")
    asked = [card for card in await cards(page) if card["item_type"] == "question"]
    await page.goto(f"/reviews?card={asked[0]['card_id']}")
    await album.shoot("review-question")
    await page.locator("[name=skip]").click()
    await expect(sari.verdict).to_be_visible()
    await album.shoot("review-question-graded")
    await page.get_by_text("Ada yang salah?").click()
    await page.get_by_label("Ceritakan singkat").scroll_into_view_if_needed()
    await album.shoot("report")
    await act(page, "suspend", await cards(page))
    await page.goto("/reviews")
    await album.shoot("review-done")


async def live(url: str) -> None:
    """Give the demo learner sixty days."""
    database = core.open_database(url, get_settings())
    async with core.session_scope() as db:
        await accounts.ensure_demo_accounts(work_on(db), utcnow())
    await write_history(work_on(database), utcnow(), 60)
    await core.close_database()


async def take_all(postgres: str) -> None:
    """Serve a fresh site from the server at `postgres` and take all pictures."""
    url = f"{postgres}screenshots"
    await create_database(f"{postgres}postgres", "screenshots", TEMPLATE)
    database = Database(url, get_settings())
    await load(database)
    await database.close()
    await live(url)
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with serve(url, Path(folder) / "log") as site, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_chromium(), args=ARGUMENTS
            )
            for size, scheme in VARIANTS:
                await take(browser, site, size, scheme)
            await browser.close()


def main() -> None:
    """Start the servers, take all pictures, stop the servers."""
    with test_run():
        os.environ |= {"REDIS_URL": redis_url()}
        asyncio.run(take_all(postgres_url("18")))


if __name__ == "__main__":
    main()
