"""From a feedback to the author and back: a report, its answer, the learner's notice."""

import pytest
from playwright.async_api import expect

from tests.web.answering import fill_wrongly
from tests.web.barriers import check
from tests.web.test_asked_reviews import card_of  # noqa: F401 - a fixture
from tests.web.test_question_types import first_of


async def wrong_answer(someone, kind="translation"):
    path, item = first_of(kind)
    await someone.page.goto(path)
    await fill_wrongly(someone.page, item)
    await someone.page.locator("form [data-primary]").click()
    await expect(someone.verdict).to_be_visible()
    return item


@pytest.mark.parametrize("has_script", [True, False])
async def test_a_report_reaches_an_author_and_its_answer_the_learner(has_script, learner, teacher):
    sari = await learner("phone", java_script_enabled=has_script)
    page = sari.page
    await wrong_answer(sari)
    await page.get_by_text("Ada yang salah?").click()
    note = f"Artinya sama, {sari.email}"
    await page.get_by_label("Ceritakan singkat").fill(note)
    await sari.press("Jawabanku seharusnya benar")
    await expect(page.get_by_text("laporanmu sudah terkirim")).to_be_visible()
    if has_script:
        await expect(sari.verdict).to_be_visible()
    await page.goto("/reports/mine")
    await expect(page.locator(".chip")).to_have_text("Menunggu")

    rina = await teacher()
    await rina.page.goto("/reports")
    card = rina.page.locator(".report-card", has_text=note)
    await expect(card).to_contain_text("Two xylophones sing")
    await check(rina.page, "reports for authors")
    await card.get_by_label("Pesan untuk pelajar").fill("Sayang sekali, xilofon tidak cocok.")
    await card.get_by_role("button", name="Tolak").click()
    await expect(rina.page.get_by_role("status")).to_contain_text("tersimpan")
    await expect(rina.page.locator(".report-card", has_text=note)).to_have_count(0)

    await page.goto("/")
    await page.get_by_role("link", name="Lihat jawabannya").click()
    await expect(page.locator(".chip")).to_have_text("Ditolak")
    await expect(page.get_by_text("xilofon tidak cocok")).to_be_visible()
    if has_script:
        await check(page, "the learner's reports")


async def test_a_right_answer_offers_only_to_report_the_question(learner):
    sari = await learner("phone")
    path, item = first_of("multiple_choice")
    await sari.page.goto(path)
    await sari.answer(item)
    await expect(sari.verdict).to_be_visible()
    await sari.page.get_by_text("Ada yang salah?").click()
    await expect(sari.page.get_by_role("button", name="Laporkan soal")).to_be_visible()
    await expect(sari.page.get_by_role("button", name="seharusnya benar")).to_have_count(0)
    await check(sari.page, "a feedback with its report unfolded")


async def test_an_answer_in_a_review_is_reported_as_well(learner, card_of, site_database):  # noqa: F811
    sari = await learner("phone")
    page = sari.page
    _, item = first_of("reading")
    await card_of(sari, item)
    await page.locator("[name=skip]").click()
    await page.get_by_text("Ada yang salah?").click()
    await sari.press("Laporkan soal")
    await expect(page.get_by_text("laporanmu sudah terkirim")).to_be_visible()
    await page.keyboard.press("1")
    await expect(page.locator("[data-undo]")).to_be_visible()
    reports = await (await page.request.get("/api/v1/me/reports")).json()
    assert [(report["kind"], report["response"]["type"]) for report in reports] == [
        ("question", "reading")
    ]


async def test_learners_see_no_reports_of_others(learner):
    sari = await learner("phone")
    answer = await sari.page.goto("/reports")
    assert answer.status == 403
    await sari.page.goto("/reports/mine")
    await expect(sari.page.get_by_text("Belum ada laporan")).to_be_visible()


async def test_a_report_that_is_refused_keeps_what_was_written(learner):
    sari = await learner("phone")
    page = sari.page
    await wrong_answer(sari)
    await page.get_by_text("Ada yang salah?").click()
    comment = page.get_by_label("Ceritakan singkat")
    await comment.evaluate("field => field.removeAttribute('maxlength')")
    await comment.fill("x" * 1001)
    await sari.press("Laporkan soal")
    await expect(page.get_by_role("alert")).to_have_text("Maksimal 1000 karakter.")
    await expect(comment).to_have_value("x" * 1001)
    await comment.fill("pendek")
    await sari.press("Laporkan soal")
    await expect(page.get_by_role("status").filter(has_text="sudah terkirim")).to_be_focused()
