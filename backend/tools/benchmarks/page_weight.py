"""What the first load of a page costs: requests, bytes on the wire, when it is there, what moves.

A real browser with an empty cache loads the real site, on a phone's screen. Bytes are those of the
answers as they were sent, their headers included. The largest contentful paint is that of
https://web.dev/articles/lcp: on this machine, and as a slow phone on fast 4G has it (1.6 Mbit/s,
150 ms, a processor four times as slow). The layout shift is the sum of what moved without being
asked (https://web.dev/articles/cls).
"""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import Browser, StorageState, async_playwright

from app.cli.demo.history import LEARNER, write_history
from app.core import database as core
from app.core.clock import utcnow
from app.core.config import get_settings
from app.core.database import Database
from app.core.work import Work
from app.domain.accounts import accounts
from app.domain.accounts.rules import DEMO_PASSWORD
from tests.chromium import ARGUMENTS, find_chromium
from tests.web.conftest import PHONE
from tests.web.learner import Learner, lessons
from tests.web.site import fill, serve
from tools.scratch import scratch_database

LIMITS = {
    "landing": (35_000, 7),
    "home": (45_000, 9),
    "home, 60 days": (45_000, 9),
    "lesson question": (40_000, 9),
}
"""The most bytes and requests of the pages that are asked for something."""
MAX_PAINT_MS, MAX_SLOW_PAINT_MS = 300, 1_200
ROUNDS = 3
"""How often each paint is measured; the median counts."""
SLOW_NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOW_PROCESSOR = 4
OBSERVED = """(kind) => new Promise((resolve) => {
    const seen = [];
    new PerformanceObserver((list) => seen.push(...list.getEntries())).observe(
        { type: kind, buffered: true });
    setTimeout(() => resolve(seen.map(
        (entry) => kind === "layout-shift" ? (entry.hadRecentInput ? 0 : entry.value)
                                           : entry.startTime)), 300);
})"""


@dataclass(frozen=True, slots=True)
class Weight:
    """The first load of a page; paints in milliseconds, here and on a slow phone."""

    name: str
    requests: int
    size: int
    layout_shift: float
    paint_ms: float
    slow_paint_ms: float

    @property
    def is_met(self) -> bool:
        """Whether it is light enough, early enough, and still."""
        size, requests = LIMITS.get(self.name, (self.size, self.requests))
        is_early = self.paint_ms < MAX_PAINT_MS and self.slow_paint_ms < MAX_SLOW_PAINT_MS
        is_light = self.size <= size and self.requests <= requests
        return is_light and is_early and round(self.layout_shift, 3) == 0


async def weigh() -> list[Weight]:
    """Load each page once on a phone's screen, on the configured servers."""
    settings = get_settings()
    async with scratch_database(settings.owner_url or "") as url:
        database = Database(url, settings)
        await fill(database)
        await live(database)
        await database.close()
        with tempfile.TemporaryDirectory() as folder:
            async with serve(url, Path(folder, "log")) as site, _browser() as browser:
                return await _weigh_all(browser, site)


async def live(database: Database) -> None:
    """Give the demo learner sixty days."""
    core.open_database(database.engine.url.render_as_string(hide_password=False), get_settings())
    try:
        async with core.session_scope() as db:
            await accounts.ensure_demo_accounts(Work.of(db), utcnow())
        await write_history(Work(database), utcnow(), 60)
    finally:
        await core.close_database()


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
        "lesson question": f"/lessons/{slug}/questions/1",
        "reviews": "/reviews",
        "statistics": "/statistics",
    }
    new, old = await _sign_up(browser, site), await _sign_in_as_demo(browser, site)
    pages = [("landing", "/", None)]
    pages += [(name, path, new) for name, path in known.items()]
    pages += [("home, 60 days", "/", old), ("mistake book, 60 days", "/mistakes", old)]
    return [await _weigh(browser, site, *page) for page in pages]


async def _sign_up(browser: Browser, site: str) -> StorageState:
    context = await browser.new_context(base_url=site)
    await Learner(await context.new_page()).enrol("A1")
    return await context.storage_state()


async def _sign_in_as_demo(browser: Browser, site: str) -> StorageState:
    context = await browser.new_context(base_url=site)
    credentials = {"email": LEARNER, "password": DEMO_PASSWORD}
    answer = await context.request.post("/api/v1/sessions", data=credentials)
    assert answer.ok, await answer.text()
    return await context.storage_state()


async def _weigh(
    browser: Browser, site: str, name: str, path: str, state: StorageState | None
) -> Weight:
    paints: dict[bool, list[float]] = {False: [], True: []}
    sizes: list[int] = []
    shift = 0.0
    for is_slow in [*[False] * (ROUNDS + 1), *[True] * ROUNDS]:  # the first one warms up the site
        context = await browser.new_context(base_url=site, viewport=PHONE, storage_state=state)
        page = await context.new_page()
        sizes = []
        session = await context.new_cdp_session(page)
        session.on("Network.loadingFinished", partial(_note, sizes))
        await session.send("Network.enable")
        if is_slow:
            await session.send("Network.emulateNetworkConditions", SLOW_NETWORK)
            await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PROCESSOR})
        await page.goto(path, wait_until="networkidle")
        shift = max(shift, sum(await page.evaluate(OBSERVED, "layout-shift")))
        paints[is_slow].append(max(await page.evaluate(OBSERVED, "largest-contentful-paint")))
        await context.close()
    here, slow = paints[False][1:], paints[True]
    return Weight(name, len(sizes), sum(sizes), shift, median(here), median(slow))


def _note(sizes: list[int], event: dict[str, Any]) -> None:
    sizes.append(event["encodedDataLength"])
