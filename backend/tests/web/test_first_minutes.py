"""From the landing page to the first day: a question before the account, and what home shows then."""

import re

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from app.domain.practice.trial import TRIAL
from app.models import QuestionAttempt, User
from tests.web.barriers import check
from tests.web.conftest import SIZES
from tests.web.learner import PASSWORD, Learner, lessons
from tests.web.test_question_types import first_of

ITEMS = {item.slug: item for lesson in lessons().values() for item in lesson.questions}
RIGHT = [
    next(c.text for c in ITEMS[slug].options.choices if c.id == ITEMS[slug].answer_key.choice)
    for slug in TRIAL
]
WRONG = [
    next(c.text for c in ITEMS[slug].options.choices if c.id != ITEMS[slug].answer_key.choice)
    for slug in TRIAL
]


async def sign_up(page, sari):
    await page.get_by_label("Nama").fill(sari.name)
    await page.get_by_label("Alamat email").fill(sari.email)
    await page.get_by_label("Kata sandi").fill(PASSWORD)
    await sari.press("Buat akun")
    await expect(page).to_have_url(re.compile("/welcome$"))


async def attempts_of(database, sari):
    async with database.sessions() as db:
        mine = select(User.id).where(User.email == sari.email).scalar_subquery()
        rows = await db.scalars(
            select(QuestionAttempt.is_correct)
            .where(QuestionAttempt.user_id == mine)
            .order_by(QuestionAttempt.id)
        )
        return rows.all()


@pytest.mark.parametrize("size", SIZES)
async def test_one_press_answers_the_first_question_and_the_account_keeps_it(
    size, visit, site_database
):
    sari = Learner(await visit(size))
    page = sari.page
    await page.goto("/")
    assert await page.locator("main :is(input:not([type=hidden]), textarea, select)").count() == 0
    await sari.page.locator("#trial").get_by_role("button", name=WRONG[0], exact=True).click()
    await expect(sari.verdict).to_have_text("Belum tepat")
    await expect(page.locator("#trial .is-right .english")).to_have_text(RIGHT[0])
    await check(page, "an answered question of the trial")
    await page.reload()  # the answer is in the cookie, and the next question is asked
    await expect(page.get_by_text("Soal 2 dari 4")).to_be_attached()
    for number, text in enumerate([RIGHT[1], RIGHT[2], RIGHT[3]], start=2):
        await page.locator("#trial").get_by_role("button", name=text, exact=True).click()
        await expect(sari.verdict).to_have_text("Benar" if text in RIGHT else "Belum tepat")
        if number < 4:
            await page.keyboard.press("Tab")
            await page.keyboard.press("Enter")  # the next question, without a mouse
            await expect(page.locator("#trial-stem")).to_be_focused()
    await expect(page.get_by_text("3 dari 4 benar.")).to_be_visible()
    assert await attempts_of(site_database, sari) == []
    await sari.follow("Simpan kemajuanmu")
    await expect(page.get_by_text("4 jawabanmu ikut tersimpan")).to_be_visible()
    await sign_up(page, sari)
    assert sorted(await attempts_of(site_database, sari)) == [False, True, True, True]
    await page.goto("/mistakes")
    await expect(page.locator(".cause")).to_contain_text([re.compile("1 perlu dilatih")])


async def test_the_trial_works_without_javascript_and_in_english(visit, site_database):
    sari = Learner(await visit("phone", java_script_enabled=False))
    page = sari.page
    await page.goto("/")
    await page.get_by_role("button", name="Switch to English").click()
    await page.locator("#trial").get_by_role("button", name=WRONG[0], exact=True).click()
    await expect(sari.verdict).to_have_text("Not quite")
    await expect(page).to_have_url(re.compile(r"question=1#trial$"))
    await sari.follow("Next question")
    await expect(page.locator("#trial .level-badge")).to_have_text("A2")


@pytest.mark.parametrize("value", ["x", "W10.abc", "a" * 3000])
async def test_a_forged_cookie_is_nobodys_answer(visit, site, value):
    page = await visit("phone")
    await page.context.add_cookies([{"name": "lancar_trial", "value": value, "url": site}])
    answer = await page.goto("/")
    assert answer.status == 200
    await expect(page.get_by_text("Soal 1 dari 4")).to_be_attached()


async def test_a_guest_who_signs_in_keeps_the_answers_and_leaves_none_behind(
    learner, visit, site_database
):
    sari = await learner("phone")
    guest = Learner(await visit("phone"))
    guest.email = sari.email
    await guest.page.goto("/")
    await guest.page.locator("#trial").get_by_role("button", name=WRONG[0], exact=True).click()
    await expect(guest.verdict).to_be_visible()
    await guest.sign_in()
    await expect(guest.page.locator(".today-card")).to_be_visible()
    assert await attempts_of(site_database, sari) == [False]
    await guest.page.goto("/settings")
    await guest.press("Keluar")
    await expect(guest.page.get_by_text("Soal 1 dari 4")).to_be_attached()
    await guest.page.goto("/sign-up")
    await expect(guest.page.get_by_text("ikut tersimpan")).to_have_count(0)


async def test_a_question_or_a_choice_that_is_none_is_refused(visit):
    page = await visit("phone")
    await page.goto("/")
    form = {
        name: await page.locator(f"#trial [name={name}]").get_attribute("value")
        for name in ("question", "attempt_id")
    }
    nothing = "00000000-0000-0000-0000-000000000000"
    for change, status in (
        ({"choice": "zz"}, 422),
        ({}, 422),
        ({"question": nothing, "choice": "a"}, 404),
        ({"question": "x", "choice": "a"}, 422),
    ):
        answer = await page.request.post("/try", form=form | change)
        assert answer.status == status, change


async def test_the_first_minute_asks_four_things_and_each_can_wait(visit, site_database):
    sari = Learner(await visit("phone"))
    page = sari.page
    await page.goto("/sign-up")
    await sign_up(page, sari)
    await check(page, "/welcome")
    await sari.press("Pekerjaan")
    await expect(page).to_have_url(re.compile("/welcome/goal$"))
    await sari.press("20 menit")
    await page.get_by_label("Tahun lahir").fill("12")
    await sari.press("Lanjut")
    await expect(page.locator("#birth_year-note")).to_contain_text("empat angka")
    await check(page, "a year of birth that is none")
    await page.get_by_label("Tahun lahir").fill("2001")
    await sari.press("Lanjut")
    await sari.choose_level("A2")
    async with site_database.sessions() as db:
        user = await db.scalar(select(User).where(User.email == sari.email))
    assert (user.learning_goals, user.birth_year, user.current_level) == (["work"], 2001, "A2")
    await expect(page.get_by_text("0 dari 20 menit")).to_be_visible()
    await page.goto("/welcome")  # nothing is lost by going back
    await expect(page.locator(".choice.chosen")).to_have_text("Pekerjaan")
    await page.goto("/welcome/goal")
    await expect(page.locator(".choice.chosen")).to_contain_text("20 menit")


async def test_home_of_a_new_learner_has_one_next_step(learner):
    sari = await learner("phone")
    page = sari.page
    await expect(page.get_by_text("Cukup satu pelajaran untuk memulai")).to_be_visible()
    await expect(page.locator(".today-card .button")).to_have_count(1)
    await expect(page.locator(".tiles")).to_have_count(0)  # no figure of which all are zero
    await expect(page.locator(".stop.here")).to_have_count(1)
    await expect(page.locator(".unit-passed")).to_have_count(0)


async def test_home_of_a_placed_learner_welcomes_and_begins_at_their_level(learner):
    sari = await learner("phone", level="B1")
    page = sari.page
    await expect(page.get_by_text("Cukup satu pelajaran untuk memulai")).to_be_visible()
    passed = page.locator(".unit-passed")
    await expect(passed).to_have_count(2)
    await expect(passed.first.get_by_role("link").first).to_be_hidden()
    await expect(page.locator(".unit-here .label")).to_contain_text("B1")
    here = page.locator(".stop.here")
    top = await here.evaluate("stop => stop.getBoundingClientRect().top + scrollY")
    assert top < 1500  # two levels of undone lessons stood before it once
    await passed.first.locator("summary").click()
    await expect(passed.first.get_by_role("link").first).to_be_visible()


async def test_home_of_an_old_learner_puts_reviews_first_and_folds_what_is_done(learner):
    sari = await learner("phone")
    page = sari.page
    await sari.finish_lesson(lessons()["introducing-yourself"])
    await page.goto("/")
    await expect(page.locator(".today-card .button")).to_contain_text(
        re.compile(r"Ulangi \d+ kartu")
    )
    await expect(page.locator(".other-step")).to_contain_text("Setelah itu")
    await expect(page.locator(".week .active")).to_have_count(1)
    await expect(page.get_by_text("Runtunan 1 hari")).to_be_visible()
    await expect(page.locator(".tiles a")).to_have_count(4)
    await expect(page.locator(".stop.completed")).to_have_count(1)


async def test_the_mistake_book_gathers_planted_mistakes_and_practises_them(learner):
    sari = await learner("phone")
    page = sari.page
    await page.goto("/mistakes")
    await expect(page.get_by_text("Belum ada kesalahan di sini")).to_be_visible()
    await check(page, "an empty mistake book")
    path, verdict = first_of("true_false", lambda item: item.slug == "life-experiences-03")
    await page.goto(path)
    await sari.answer_wrongly(verdict)
    await expect(sari.verdict).to_have_text("Belum tepat")
    path, reading = first_of("reading")
    await page.goto(path)
    await sari.answer_wrongly(reading)
    await expect(sari.verdict).to_be_visible()
    await page.goto("/")
    await expect(page.locator(".tiles a").first).to_contain_text("2")
    await page.locator(".tiles a").first.click()
    causes = page.locator(".cause")
    rules = causes.filter(has=page.get_by_role("link", name="Aturan tata bahasa"))
    await expect(rules).to_contain_text("1 perlu dilatih")
    await expect(causes.filter(has=page.get_by_role("link", name="Pemahaman"))).to_have_count(1)
    await rules.get_by_role("link").click()
    await expect(page.locator(".mistake")).to_have_count(1)
    await expect(page.locator(".contrast-line.wrong")).to_be_visible()
    await check(page, "mistakes of one cause")

    await sari.press("Latih 5 menit")
    await expect(page).to_have_url(re.compile(r"/reviews\?cause=grammar&began=\d+$"))
    value = str(verdict.answer_key.value).lower()
    await page.locator(f"input[value={value}]").check(force=True)
    await sari.press("Periksa jawaban")
    await expect(sari.verdict).to_have_text("Benar")
    await page.locator(".rating.is-suggested").click()
    await expect(page.get_by_role("heading", name="Latihan selesai")).to_be_focused()
    assert await page.locator(".day-figures dd").all_inner_texts() == ["1", "1", "0"]

    await page.goto("/mistakes/understanding")  # a reading is asked whole: so it can be put right
    await sari.press("Latih 5 menit")
    await sari.answer(reading)
    await expect(sari.verdict).to_have_text("Benar")
    await page.locator(".rating.is-suggested").click()
    await expect(page.get_by_role("heading", name="Latihan selesai")).to_be_focused()
    await page.goto("/mistakes")
    await expect(page.get_by_text("sudah diperbaiki").first).to_be_visible()
    await expect(page.get_by_text("perlu dilatih")).to_have_count(0)


async def test_a_practice_keeps_to_its_cause_without_javascript(learner):
    sari = await learner("phone", java_script_enabled=False)
    page = sari.page
    path, item = first_of("true_false")
    await page.goto(path)
    await sari.answer_wrongly(item)
    await page.goto("/mistakes")
    await sari.press("Latih 5 menit")
    await expect(page.get_by_text("Buku kesalahan · ")).to_be_visible()
    await page.get_by_role("button", name="Saya belum tahu").click()
    await page.locator(".rating-again").click()
    await expect(page.get_by_role("heading", name="Latihan selesai")).to_be_visible()
    assert (await page.goto("/mistakes/handwriting")).status == 404
