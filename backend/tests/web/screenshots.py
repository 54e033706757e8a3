"""Writes the screenshots of the documents: `python -m tests.web.screenshots`.

The pages of one learner's first evening, on a phone and on a desktop, light and dark.
"""

import asyncio
import os
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright, expect

from app.core.config import BACKEND, get_settings
from app.core.database import Database
from tests.chromium import ARGUMENTS, find_chromium
from tests.servers import TEMPLATE, create_database, postgres_url, redis_url, test_run
from tests.web.learner import Learner, lessons
from tests.web.site import fill, serve

IMAGES = BACKEND.parent / "docs" / "images"
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
FINISHED, BEGUN, SHOWN = "last-weekend", "comparing-things", "plans-and-predictions"


async def take(browser: Browser, site: str, size: str, scheme: str) -> None:
    """Live one evening and take its pictures."""
    context = await browser.new_context(
        base_url=site, viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce"
    )
    page = await context.new_page()
    sari = Learner(page)

    async def shoot(name: str) -> None:
        await page.screenshot(path=IMAGES / f"{name}-{size}-{scheme}.png")

    await sari.sign_up()
    await sari.choose_level("A2")
    await sari.finish_lesson(lessons()[FINISHED])
    await page.goto(f"/lessons/{BEGUN}/sections/1")
    await page.locator("[data-primary]").click()
    await expect(page.get_by_text("Bagian 2/")).to_be_visible()
    await page.goto("/")
    await shoot("home")
    await page.goto(f"/lessons/{SHOWN}/sections/1")
    await shoot("lesson")
    question = lessons()[SHOWN].questions[0]
    await page.goto(f"/lessons/{SHOWN}/questions/1")
    await sari.answer(question)
    await expect(page.locator("#verdict")).to_be_visible()
    await shoot("question")
    await page.goto("/reviews")
    await page.keyboard.press("Space")
    await expect(page.get_by_role("button", name="Baik")).to_be_visible()
    await shoot("review")
    await context.close()


async def take_all(postgres: str) -> None:
    """Serve a fresh site from the server at `postgres` and take all pictures."""
    url = f"{postgres}screenshots"
    await create_database(f"{postgres}postgres", "screenshots", TEMPLATE)
    database = Database(url, get_settings())
    await fill(database)
    await database.close()
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with serve(url, Path(folder) / "log") as site, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_chromium(), args=ARGUMENTS
            )
            for size in SIZES:
                for scheme in ("light", "dark"):
                    await take(browser, site, size, scheme)
            await browser.close()


def main() -> None:
    """Start the servers, take all pictures, stop the servers."""
    with test_run():
        os.environ |= {"REDIS_URL": redis_url()}
        asyncio.run(take_all(postgres_url("18")))


if __name__ == "__main__":
    main()
