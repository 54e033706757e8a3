"""The statistics page in a browser: drawn, told in tables, and reachable without a mouse."""

import pytest
from playwright.async_api import expect

from tests.web.barriers import check
from tests.web.learner import lessons


@pytest.mark.parametrize("size", ["phone", "desktop"])
async def test_a_new_learner_sees_levels_and_what_will_be_here(learner, size):
    sari = await learner(size)
    await sari.page.goto("/statistics")
    await expect(sari.page.get_by_role("heading", level=1)).to_have_text("Statistik belajar")
    await expect(sari.page.get_by_role("img")).to_have_count(0)
    await expect(sari.page.locator(".level-step")).to_have_count(4)
    await expect(sari.page.locator(".level-step.here")).to_contain_text("A1")
    await expect(sari.page.get_by_text("Belum ada yang bisa digambar")).to_be_visible()
    await check(sari.page, "/statistics")


async def test_an_answer_shows_in_the_calendar_and_in_its_table(learner):
    sari = await learner("phone")
    lesson = lessons()["last-weekend"]
    await sari.page.goto(f"/lessons/{lesson.slug}/questions/1")
    await sari.answer(lesson.questions[0])
    await expect(sari.page.locator("#verdict")).to_be_visible()
    await sari.page.goto("/")
    await sari.page.get_by_role("link", name="Statistik").click()
    await expect(sari.page.get_by_role("img", name="1 hari dengan latihan")).to_be_visible()
    first = sari.page.locator(".chart-table").first
    await first.locator("summary").focus()
    await sari.page.keyboard.press("Enter")
    row = first.get_by_role("row").nth(1)
    await expect(row.get_by_role("cell").first).to_have_text("1")
