"""No page has a grave barrier, and what a thumb presses is large enough."""

import pytest
from playwright.async_api import expect

from app.questions.types import QUESTION_TYPES
from tests.web.answering import MARKED
from tests.web.barriers import check
from tests.web.learner import lessons
from tests.web.test_question_types import first_of

LESSON = "plans-and-predictions"
SECTIONS = {
    section.kind: (lesson.slug, number)
    for lesson in lessons().values()
    for number, section in enumerate(lesson.sections, start=1)
}


@pytest.mark.parametrize("size", ["phone", "desktop"])
async def test_pages_for_strangers_have_no_grave_barrier(size, visit):
    page = await visit(size)
    for path in ("/", "/sign-up", "/sign-in", "/nothing-here", "/components"):
        await page.goto(path)
        await check(page, path)
    await page.goto("/sign-up")
    for field in ("full_name", "email", "password"):
        await page.locator(f"#{field}").evaluate("field => field.removeAttribute('required')")
    await page.get_by_role("button", name="Buat akun").click()
    await expect(page.locator("[aria-invalid]")).to_be_visible()
    await check(page, "/sign-up with an error")


async def test_pages_for_learners_have_no_grave_barrier(learner):
    sari = await learner("phone", level="A2")
    page = sari.page
    paths = ["/", "/level", "/settings", "/reviews", "/search", "/search?q=have", "/search?q=xqzt"]
    paths += [f"/lessons/{LESSON}"]
    paths += [f"/lessons/{slug}/sections/{number}" for slug, number in SECTIONS.values()]
    for path in paths:
        await page.goto(path)
        await check(page, path)
    await page.get_by_text("terjemahan").or_(page.get_by_text("Baca dalam")).first.click()
    await check(page, "translation unfolded")


@pytest.mark.parametrize("kind", QUESTION_TYPES)
async def test_no_type_of_question_has_a_grave_barrier(kind, learner):
    sari = await learner("phone")
    path, item = first_of(kind)
    await sari.page.goto(path)
    await check(sari.page, f"{kind}, open")
    await sari.answer(item)
    await expect(sari.verdict).to_be_focused()
    await check(sari.page, f"{kind}, right")
    if kind not in MARKED:
        await sari.page.goto(path)
        await sari.answer_wrongly(item)
        await expect(sari.verdict).to_be_focused()
        await check(sari.page, f"{kind}, wrong")


async def test_summary_home_badges_and_reviews_have_no_grave_barrier(learner):
    sari = await learner("phone", level="A2")
    page = sari.page
    for number, item in enumerate(lessons()[LESSON].questions, start=1):
        await page.goto(f"/lessons/{LESSON}/questions/{number}")
        if number == 1:
            await sari.answer_wrongly(item)
        elif item.type == "reading" or number % 2:
            await page.locator("[name=skip]").click()
        else:
            await sari.answer(item)
        await expect(sari.verdict).to_be_visible()
    await sari.press("Selesaikan pelajaran")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Pelajaran selesai")
    await check(page, "lesson finished")
    for path in ("/", "/achievements"):
        await page.goto(path)
        await check(page, path)
    await page.goto("/settings")
    await page.get_by_text("Pengaturan lanjutan").click()
    await check(page, "advanced settings")
    await page.goto("/reviews")
    await check(page, "front of a card")
    await page.keyboard.press("Space")
    await check(page, "back of a card")


async def test_what_a_thumb_presses_is_large_enough(learner):
    sari = await learner("phone")
    for kind in QUESTION_TYPES:
        path, _ = first_of(kind)
        await sari.page.goto(path)
        small = await sari.page.locator(
            "main :is(button, .choice, select, input:not([type=hidden], [type=radio], "
            "[type=checkbox]), textarea, a.button, a.icon-button, summary)"
        ).evaluate_all(
            "all => all.filter(e => e.offsetHeight && e.offsetHeight < 44).map(e => e.outerHTML)"
        )
        assert small == [], kind
