"""Installing the site, what others see of it when it is shared, and no connection at all."""

import json

import httpx
import pytest
from playwright.async_api import expect

from tests.web.barriers import check


async def ready(page):
    """Wait until the worker is in charge of the pages."""
    await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    await page.reload()
    assert await page.evaluate("Boolean(navigator.serviceWorker.controller)")


async def test_the_manifest_and_its_icons_are_there(visit, site):
    page = await visit("phone")
    await page.goto("/")
    address = await page.locator("link[rel=manifest]").get_attribute("href")
    answer = await page.request.get(address)
    assert answer.headers["content-type"].startswith("application/manifest+json")
    manifest = json.loads(await answer.text())
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    sizes = {(icon["sizes"], icon.get("purpose", "any")) for icon in manifest["icons"]}
    assert sizes >= {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    touch = await page.locator("link[rel=apple-touch-icon]").get_attribute("href")
    for source in [icon["src"] for icon in manifest["icons"]] + [touch]:
        picture = await page.request.get(source)
        assert picture.headers["content-type"] == "image/png", source
    assert await page.locator("meta[name=theme-color]").count() == 2  # light, and dark


async def test_a_shared_link_has_a_picture_a_title_and_whole_addresses(site):
    async with httpx.AsyncClient(base_url=site) as client:
        page = (await client.get("/")).text
        for name in ("og:title", "og:description", "og:image", "og:url", "og:type"):
            assert f'property="{name}"' in page, name
        image = page.partition('property="og:image" content="')[2].partition('"')[0]
        assert image.startswith(site)
        assert (await client.get(image)).headers["content-type"] == "image/png"
        behind = {"X-Forwarded-Proto": "https", "Host": "lancar.example"}
        page = (await client.get("/", headers=behind)).text
        assert 'property="og:url" content="https://lancar.example/"' in page


@pytest.mark.parametrize("path", ["/", "/reviews", "/lessons/daily-routines/sections/2"])
async def test_without_a_connection_a_page_of_ours_is_shown_and_leads_back(learner, path):
    sari = await learner("phone")
    page = sari.page
    await ready(page)
    await page.context.set_offline(True)
    await page.goto(path)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Tidak ada sambungan")
    assert await page.locator(".brand").evaluate("brand => getComputedStyle(brand).display") != (
        "inline"
    )  # it has its looks with it
    await check(page, "the offline page")
    await page.context.set_offline(False)
    await page.get_by_role("link", name="Coba lagi").click()
    await expect(page.get_by_role("heading", level=1)).not_to_have_text("Tidak ada sambungan")
    assert page.url.endswith(path)


async def test_nothing_that_a_learner_reads_is_kept_on_the_device(learner):
    sari = await learner("phone")
    page = sari.page
    await ready(page)
    for path in ("/", "/settings", "/mistakes"):
        await page.goto(path)
    kept = await page.evaluate(
        """async () => {
            const names = await caches.keys();
            const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
            return all.flat().map((request) => new URL(request.url).pathname);
        }"""
    )
    assert sorted(kept) == ["/offline", "/static/around.css"]
    text = await page.evaluate("caches.match('/offline').then((kept) => kept.text())")
    assert sari.email not in text
    assert "Sari" not in text
