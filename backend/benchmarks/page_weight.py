"""What the first load of a page costs: requests, bytes on the wire, and how much it moves.

A real browser with an empty cache loads the real site. Bytes are those of the answers as they were
sent, their headers included. The layout shift is the sum of what moved without being asked
(https://web.dev/articles/cls).
"""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from app.cli.scratch import scratch_database
from app.core.config import get_settings
from app.core.database import Database
from tests.chromium import ARGUMENTS, find_chromium
from tests.web.conftest import PHONE
from tests.web.learner import Learner, lessons
from tests.web.site import fill, serve

MAX_BYTES, MAX_REQUESTS = 40_000, 9
STUDY = "lesson question"
LAYOUT_SHIFT = """() => new Promise((resolve) => {
    let shift = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(shift), 300);
})"""


@dataclass(frozen=True, slots=True)
class Weight:
    """The first load of a page."""

    name: str
    requests: int
    size: int
    layout_shift: float

    @property
    def is_met(self) -> bool:
        """Whether it is light enough; a target stands for the page where most time is spent."""
        if self.name != STUDY:
            return True
        is_light = self.size <= MAX_BYTES and self.requests <= MAX_REQUESTS
        return is_light and round(self.layout_shift, 3) == 0


async def weigh() -> list[Weight]:
    """Load each page once on a phone's screen, on the configured servers."""
    settings = get_settings()
    async with scratch_database(settings.owner_url or "") as url:
        database = Database(url, settings)
        await fill(database)
        await database.close()
        with tempfile.TemporaryDirectory() as folder:
            async with serve(url, Path(folder, "log")) as site, _browser() as browser:
                return await _weigh_all(browser, site)


@asynccontextmanager
async def _browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        executable = find_chromium()
        browser = await playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        await browser.close()


async def _weigh_all(browser: Browser, site: str) -> list[Weight]:
    slug = next(iter(lessons()))
    known = {
        "home": "/",
        "lesson section": f"/lessons/{slug}/sections/1",
        STUDY: f"/lessons/{slug}/questions/1",
        "reviews": "/reviews",
        "statistics": "/statistics",
    }
    context = await browser.new_context(base_url=site)
    await Learner(await context.new_page()).enrol("A1")
    state = await context.storage_state()
    await context.close()
    found = []
    for name, path in {"landing": "/", **known}.items():
        cookies = state if name in known else None
        context = await browser.new_context(base_url=site, viewport=PHONE, storage_state=cookies)
        found.append(await _weigh(await context.new_page(), name, path))
        await context.close()
    return found


async def _weigh(page: Page, name: str, path: str) -> Weight:
    sizes: list[int] = []
    session = await page.context.new_cdp_session(page)
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    await session.send("Network.enable")
    await page.goto(path, wait_until="networkidle")
    shift = await page.evaluate(LAYOUT_SHIFT)
    return Weight(name, len(sizes), sum(sizes), shift)
