"""A learner's first day, in a real browser, on a phone and on a desktop."""

from itertools import chain, repeat

import pytest
from playwright.async_api import expect

from tests.web.answering import MARKED
from tests.web.conftest import SIZES
from tests.web.learner import lessons

FIRST = "introducing-yourself"


@pytest.mark.parametrize("size", SIZES)
async def test_a_learner_signs_up_finishes_a_lesson_reviews_a_card_and_signs_out(size, learner):
    sari = await learner(size)
    page = sari.page
    await expect(page.get_by_text("Cukup satu pelajaran untuk memulai")).to_be_visible()

    lesson = lessons()[FIRST]
    await sari.finish_lesson(lesson)
    right = sum(item.type not in MARKED for item in lesson.questions)
    await expect(page.locator(".score")).to_have_text(f"{right} / {right}")
    await expect(page.get_by_text("Semua benar.")).to_be_visible()
    await expect(page.get_by_text("menunggu penilaian guru")).to_be_visible()
    await expect(page.get_by_text("Pelajaran pertama", exact=True)).to_be_visible()
    await sari.follow("Ke halaman belajar")
    await expect(page.get_by_text(f"Selesai, {right} dari")).to_be_visible()
    await expect(page.get_by_text("1 dari 6 pelajaran selesai")).to_be_visible()
    await expect(page.get_by_text("Runtunan 1 hari")).to_be_visible()

    await page.locator(".today-card").get_by_role("link", name="Ulangi").click()
    counter = page.get_by_text("tersisa")
    before = await counter.inner_text()
    await page.get_by_text("Tampilkan jawaban").click()
    await sari.press("Baik")
    await expect(counter).not_to_have_text(before)

    await page.goto("/settings")
    await sari.press("Keluar")
    await expect(page.get_by_role("link", name="Mulai belajar").first).to_be_visible()
    await page.goto("/reviews")
    await expect(page).to_have_url("/sign-in?next=/reviews")


async def test_a_review_goes_on_until_nothing_is_due_by_keyboard_alone(learner):
    sari = await learner("desktop")
    page = sari.page
    await sari.finish_lesson(lessons()[FIRST])
    await page.goto("/reviews")
    answer, done = page.locator(".answer"), page.get_by_role("heading", name="Selesai mengulang")
    keys = chain("123", repeat("4"))
    while await answer.count():
        await expect(answer).to_be_hidden()
        this_one = await page.locator("[name=review_id]").get_attribute("value")
        await page.keyboard.press("Space")
        await expect(answer).to_be_visible()
        await expect(page.get_by_role("button", name="Baik")).to_be_focused()
        await page.keyboard.press(next(keys))
        next_one = page.locator(f"[name=review_id]:not([value='{this_one}'])")
        await expect(next_one.or_(done).first).to_be_attached()
    await expect(done).to_be_focused()


async def test_a_wrong_answer_shows_the_right_one_and_why(learner):
    sari = await learner()
    page = sari.page
    lesson = lessons()[FIRST]
    number, item = next(
        (n, q) for n, q in enumerate(lesson.questions, start=1) if q.type == "multiple_choice"
    )
    await page.goto(f"/lessons/{FIRST}/questions/{number}")
    await sari.press("Periksa jawaban")
    await expect(page.get_by_text("Jawab dulu")).to_be_visible()
    wrong = next(c for c in item.options.choices if c.id != item.answer_key.choice)
    right = next(c for c in item.options.choices if c.id == item.answer_key.choice)
    await page.locator(f"input[value={wrong.id}]").check()
    await sari.press("Periksa jawaban")
    await expect(page.get_by_role("heading", name="Belum tepat")).to_be_focused()
    await expect(page.locator(".model-answer")).to_contain_text(right.text)
    await expect(page.locator(".feedback")).to_contain_text(
        item.translations.id.explanation[:20].strip()
    )
