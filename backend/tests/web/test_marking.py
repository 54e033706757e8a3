"""Marking in a real browser: a teacher marks an essay and a recording, the learner sees it."""

import re

import pytest
from playwright.async_api import expect

from tests.web.barriers import check
from tests.web.test_question_types import first_of


async def hand_in(sari, kind):
    """Answer the first essay or speaking question; return the address of the attempt's page."""
    path, item = first_of(kind)
    await sari.page.goto(path)
    await sari.answer(item)
    await expect(sari.verdict).to_have_text("Terkirim")
    await expect(sari.page).to_have_url(re.compile("attempt="))
    return sari.page.url, item


async def open_newest(ayu):
    """Open the answer that came last: it is the last one of the list."""
    await ayu.page.goto("/marking")
    while await ayu.page.get_by_role("link", name="Halaman berikutnya").count():
        await ayu.follow("Halaman berikutnya")
    await ayu.page.locator(".waiting a").last.click()
    await expect(ayu.page.get_by_role("heading", level=1)).to_have_text("Beri nilai")


async def give(ayu, item, points):
    for criterion, given in zip(item.options.rubric, points, strict=True):
        chips = ayu.page.get_by_role("group", name=criterion.name.id)
        await chips.get_by_label(str(given), exact=True).check(force=True)
    await ayu.press("Simpan nilai")


@pytest.mark.parametrize("kind", ["essay", "speaking"])
async def test_a_teacher_marks_and_the_learner_sees_it(learner, teacher, kind):
    sari, ayu = await learner("phone"), await teacher()
    address, item = await hand_in(sari, kind)
    await open_newest(ayu)
    await expect(ayu.page.locator("main")).not_to_contain_text(sari.name)
    if kind == "speaking":
        source = await ayu.page.locator("audio").get_attribute("src")
        heard, said = [await page.request.get(source) for page in (ayu.page, sari.page)]
        assert heard.headers["content-type"].startswith("audio/")
        assert await heard.body() == await said.body()
    full = [criterion.points for criterion in item.options.rubric]
    await ayu.page.get_by_label("Komentar untuk pelajar").fill("Ceritanya jelas.\nTeruskan!")
    if kind == "essay":
        text = ayu.page.locator("#corrected")
        await text.fill((await text.input_value()).replace(".", " indeed.", 1))
    await give(ayu, item, [full[0] - 1, *full[1:]])
    await expect(ayu.page.get_by_role("status")).to_have_text("Nilai tersimpan.")
    await sari.page.goto("/")
    await sari.follow("Lihat nilai")
    score = f"{sum(full) - 1} dari {sum(full)} poin"
    await expect(sari.page.locator(".marked")).to_contain_text(score)
    await expect(sari.page.locator(".marked")).to_contain_text("Ceritanya jelas.")
    await sari.page.goto(address)
    await expect(sari.verdict).to_have_text("Sudah dinilai guru")
    await expect(sari.page.locator(".teacher-mark")).to_contain_text(score)
    await expect(sari.page.locator(".teacher-mark")).to_contain_text("Teruskan!")
    changed = sari.page.locator(".teacher-mark .diff ins")
    await expect(changed).to_have_count(1 if kind == "essay" else 0)


async def test_a_second_mark_replaces_the_first(learner, teacher):
    sari, ayu = await learner("phone"), await teacher("phone")
    address, item = await hand_in(sari, "essay")
    await open_newest(ayu)
    form = ayu.page.url
    await give(ayu, item, [0 for _ in item.options.rubric])
    await expect(ayu.page.get_by_role("status")).to_be_visible()
    await ayu.page.goto(form)
    await expect(ayu.page.get_by_text("Sudah dinilai hari ini.")).to_be_visible()
    await give(ayu, item, [criterion.points for criterion in item.options.rubric])
    await expect(ayu.page.get_by_role("status")).to_be_visible()
    await sari.page.goto(address)
    total = sum(criterion.points for criterion in item.options.rubric)
    await expect(sari.page.locator(".mark-score")).to_have_text(f"{total} dari {total} poin")


async def test_points_outside_the_rubric_are_shown_at_their_field(learner, teacher):
    sari, ayu = await learner("phone"), await teacher("phone")
    _, item = await hand_in(sari, "essay")
    await open_newest(ayu)
    first = ayu.page.get_by_role("group", name=item.options.rubric[0].name.id)
    await first.locator("[type=radio]").last.evaluate("chip => { chip.value = 99; }")
    await first.locator("[type=radio]").last.check(force=True)
    await ayu.press("Simpan nilai")
    await expect(first.locator("[aria-invalid=true]")).to_be_focused()
    await expect(first.locator(".error")).to_be_visible()
    await check(ayu.page, "a refused mark")


async def test_learners_have_no_way_into_marking(learner):
    sari = await learner("phone")
    await sari.page.goto("/settings")
    await expect(sari.page.get_by_role("link", name="Penilaian")).to_have_count(0)
    answer = await sari.page.goto("/marking")
    assert answer.status == 403


async def test_the_own_answer_cannot_be_marked(teacher):
    ayu = await teacher()
    address, _ = await hand_in(ayu, "essay")
    attempt_id = address.rpartition("attempt=")[2]
    answer = await ayu.page.goto(f"/marking/{attempt_id}")
    assert answer.status == 403
    await expect(ayu.page.get_by_text("jawabanmu sendiri")).to_be_visible()


async def test_the_pages_have_no_grave_barrier(learner, teacher):
    sari = await learner("phone")
    ayu = await teacher("phone")
    await sari.page.goto("/marks")
    await check(sari.page, "/marks, empty")
    address, item = await hand_in(sari, "essay")
    await ayu.page.goto("/marking")
    await check(ayu.page, "/marking")
    await open_newest(ayu)
    await check(ayu.page, "an answer to mark")
    await give(ayu, item, [1 for _ in item.options.rubric])
    await expect(ayu.page.get_by_role("status")).to_be_visible()
    await ayu.page.goto("/settings")
    await check(ayu.page, "settings of a teacher")
    for path in ("/marks", address):
        await sari.page.goto(path)
        await expect(sari.page.locator(".teacher-mark")).to_be_visible()
        await check(sari.page, path)
