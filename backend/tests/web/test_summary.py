"""The end of a lesson, trying again what was not right, badges, and what the settings hide."""

import re

from playwright.async_api import expect

from tests.web.answering import MARKED
from tests.web.learner import lessons

FIRST = "introducing-yourself"


async def finish_with(sari, slug, wrong):
    """Answer all questions of a lesson, those numbered in `wrong` wrongly, and finish it."""
    page, questions = sari.page, lessons()[slug].questions
    await page.goto(f"/lessons/{slug}/questions/1?only=true")
    for number, item in enumerate(questions, start=1):
        await expect(
            page.get_by_text(f"Soal {number}/{len(questions)}", exact=True)
        ).to_be_visible()
        if item.type in MARKED:
            await page.locator("[name=skip]").click()
        elif number in wrong:
            await sari.answer_wrongly(item)
        else:
            await sari.answer(item)
        await expect(sari.verdict).to_be_visible()
        if number < len(questions):
            await page.locator("main [data-primary]").click()
    await sari.press("Selesaikan pelajaran")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Pelajaran selesai")


async def test_what_was_not_right_is_tried_again_from_the_summary(learner):
    sari = await learner()
    page, questions = sari.page, lessons()[FIRST].questions
    open_ones = [n for n, item in enumerate(questions, 1) if item.type in MARKED]
    await finish_with(sari, FIRST, wrong={2})
    right = len(questions) - 1 - len(open_ones)
    await expect(page.locator(".score")).to_have_text(f"{right} / {len(questions)}")
    await expect(page.locator(".retries")).to_be_hidden()
    await page.get_by_text("Lihat rinciannya").click()
    await expect(page.locator(".retries li")).to_have_count(1 + len(open_ones))
    await expect(page.locator(".type-scores div").first).to_be_visible()
    await sari.follow(f"Coba lagi {1 + len(open_ones)} soal")
    await expect(page).to_have_url(re.compile(r"/questions/2\?again=true$"))
    await sari.answer(questions[1])
    await expect(sari.verdict).to_have_text("Benar")
    await sari.follow("Lanjut")
    for _ in open_ones:
        await expect(page.locator("[name=skip]")).to_be_visible()
        await page.locator("[name=skip]").click()
        await sari.follow("Lanjut")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Pelajaran selesai")
    await expect(page.locator(".score")).to_have_text(f"{right + 1} / {len(questions)}")


async def test_what_was_wrong_comes_back_before_the_lesson_ends(learner):
    sari = await learner()
    page, questions = sari.page, lessons()[FIRST].questions
    await page.goto(f"/lessons/{FIRST}/questions/1?only=true")
    for number, item in enumerate(questions, start=1):
        await expect(page.get_by_text(f"Soal {number}/{len(questions)}")).to_be_visible()
        await (sari.answer_wrongly(item) if number in {1, 3} else sari.answer(item))
        await expect(sari.verdict).to_be_visible()
        if number < len(questions):
            await sari.follow("Lanjut")
    await sari.follow("Ulangi 2 soal yang belum tepat")
    for number in (1, 3):
        await expect(page).to_have_url(re.compile(rf"/questions/{number}\?again=true$"))
        await sari.answer(questions[number - 1])
        await expect(sari.verdict).to_have_text("Benar")
        await sari.follow("Lanjut")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Pelajaran selesai")
    await expect(page.get_by_text("Semua benar.")).to_be_visible()


async def test_questions_stand_between_the_sections_and_reading_fills_the_goal(learner):
    sari = await learner("phone")
    page, lesson = sari.page, lessons()[FIRST]
    await page.goto(f"/lessons/{FIRST}")
    await sari.follow("Mulai pelajaran")
    await expect(page.get_by_role("heading", level=1)).to_have_text(lesson.sections[0].title.id)
    await page.locator("form[data-timed] [name=duration_ms]").evaluate(
        "field => { field.form.addEventListener('htmx:config:request',"
        " event => event.detail.ctx.request.body.set('duration_ms', '61000')); }"
    )
    await page.locator("[data-primary]").click()
    await expect(page.get_by_text(f"Soal 1/{len(lesson.questions)}")).to_be_visible()
    await page.goto(f"/lessons/{FIRST}")
    await sari.follow("Lanjutkan")
    await expect(page.get_by_text(f"Soal 1/{len(lesson.questions)}")).to_be_visible()
    overview = await (await page.request.get("/api/v1/me/overview")).json()
    assert overview["progress"][0]["sections_read"] == 1
    assert overview["progress"][0]["time_spent_seconds"] == 61


async def test_badges_are_shown_earned_and_to_come(learner):
    sari = await learner()
    await sari.page.goto("/achievements")
    await expect(sari.page.get_by_text("Sudah kamu raih: 0")).to_be_visible()
    await finish_with(sari, FIRST, wrong=set())
    await expect(sari.page.locator(".new-badge").first).to_contain_text("Pelajaran pertama")
    await sari.page.goto("/achievements")
    earned = sari.page.locator(".medal-tile:has(time)")
    await expect(earned.first).to_contain_text("Pelajaran pertama")
    await expect(earned.first.locator(".medal-mark.earned")).to_be_visible()
    await expect(sari.page.locator(".nearest-badge")).to_have_count(3)
    hours = sari.page.get_by_text("dari 10 jam")
    await expect(hours).to_have_count(1)  # what is promised in hours is counted in hours


async def test_the_streak_can_be_hidden(learner):
    sari = await learner()
    page = sari.page
    await page.goto(f"/lessons/{FIRST}/questions/1")
    await sari.answer(lessons()[FIRST].questions[0])
    await expect(sari.verdict).to_be_visible()
    await page.goto("/")
    await expect(page.get_by_text("Runtunan")).to_be_visible()
    await page.goto("/settings")
    await page.get_by_label("Tampilkan hari belajar berturut-turut").uncheck()
    await expect(page.get_by_text("Perubahan tersimpan.")).to_be_visible()
    await page.goto("/")
    await expect(page.locator(".today-card")).to_be_visible()
    await expect(page.get_by_text("Runtunan")).to_have_count(0)
    await page.goto("/achievements")
    await expect(page.get_by_text("hari berturut-turut")).to_have_count(0)


async def test_advanced_settings_are_kept_and_refused_beside_their_field(learner):
    sari = await learner()
    page = sari.page
    await page.goto("/settings")
    await expect(page.get_by_label("pengingat")).to_have_count(0)  # nobody sends any yet
    await expect(page.get_by_label("Target ingatan")).to_be_hidden()
    await page.get_by_text("Pengaturan lanjutan").click()
    saved = page.locator("#reviews .saved")
    for label, text in (
        ("Jeda untuk kartu baru", "2, 15 60"),
        ("Jeda untuk kartu yang lupa", ""),
        ("Jarak pengulangan terjauh", "365"),
    ):
        await page.get_by_label(label).fill(text)
        async with page.expect_response("**/settings"):
            await page.get_by_label(label).blur()
        await expect(saved).to_have_text("Perubahan tersimpan.")
        await expect(page.get_by_label(label)).to_be_visible()  # nothing folds under the hand
    for label, value in (("Target ingatan", "0.85"), ("Urutan pengulangan", "retrievability")):
        async with page.expect_response("**/settings"):
            await page.get_by_label(label).select_option(value)
    async with page.expect_response("**/settings"):
        await page.get_by_label("Pisahkan kartu yang berkaitan").uncheck()
    await page.reload()
    await page.get_by_text("Pengaturan lanjutan").click()
    await expect(page.get_by_label("Target ingatan")).to_have_value("0.85")
    await expect(page.get_by_label("Jeda untuk kartu baru")).to_have_value("2 15 60")
    await expect(page.get_by_label("Jeda untuk kartu yang lupa")).to_have_value("")
    await expect(page.get_by_label("Pisahkan kartu yang berkaitan")).not_to_be_checked()
    field = page.get_by_label("Jeda untuk kartu baru")
    await field.fill("sebentar")
    await field.press("Enter")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_be_focused()
