"""Single pages: forms that help, the language switch, search, settings, errors, no JavaScript."""

import re

import pytest
from playwright.async_api import expect

from tests.web.learner import PASSWORD, Learner, lessons
from tests.web.test_question_types import first_of

FIRST = "introducing-yourself"


async def test_sign_up_says_what_is_wrong_and_keeps_what_was_typed(visit):
    page = await visit()
    await page.goto("/sign-up")
    await page.get_by_label("Nama").fill("Sari")
    await page.get_by_label("Alamat email").fill("sari@example.com")
    await page.get_by_label("Kata sandi").fill("password123")
    await page.get_by_role("button", name="Buat akun").click()
    await expect(page.get_by_text("terlalu mudah ditebak")).to_be_visible()
    await expect(page.get_by_label("Kata sandi")).to_be_focused()
    await expect(page.get_by_label("Kata sandi")).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_label("Nama")).to_have_value("Sari")
    await expect(page.get_by_label("Alamat email")).to_have_value("sari@example.com")


async def test_an_address_signs_up_once(learner, visit):
    sari = await learner()
    page = await visit()
    await page.goto("/sign-up")
    await page.get_by_label("Nama").fill("Sari Kedua")
    await page.get_by_label("Alamat email").fill(sari.email)
    await page.get_by_label("Kata sandi").fill(PASSWORD)
    await page.get_by_role("button", name="Buat akun").click()
    await expect(page.get_by_text("Alamat email ini sudah dipakai")).to_be_visible()


async def test_signing_in_leads_back_to_where_one_wanted_to_go(learner, visit):
    sari = await learner()
    page = await visit()
    await page.goto("/search?q=used+to")
    await expect(page).to_have_url(re.compile("/sign-in"))
    await page.get_by_label("Alamat email").fill(sari.email)
    await page.get_by_label("Kata sandi").fill("bukan kata sandinya")
    await page.get_by_role("button", name="Masuk").click()
    await expect(page.get_by_role("alert").first).to_contain_text("salah")
    await page.get_by_label("Kata sandi").fill(PASSWORD)
    await page.get_by_role("button", name="Masuk").click()
    await expect(page.get_by_role("searchbox")).to_have_value("used to")


async def test_a_stranger_reads_english_after_one_press(visit):
    page = await visit()
    await page.goto("/")
    await expect(page.locator("html")).to_have_attribute("lang", "id")
    await page.get_by_role("button", name="Switch to English").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.get_by_role("heading", level=1)).to_have_text("English that flows.")
    await page.goto("/sign-up")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Create an account")


async def test_search_finds_lessons_questions_and_words_and_offers_a_spelling(learner):
    sari = await learner()
    page = sari.page
    await page.goto("/search")
    await page.get_by_role("searchbox").fill("used to")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Pelajaran")).to_be_visible()
    await expect(page.get_by_role("heading", name="Soal")).to_be_visible()
    await expect(page.get_by_role("status")).to_contain_text("hasil untuk “used to”")
    await page.get_by_role("searchbox").fill("presnt perfect")
    await page.keyboard.press("Enter")
    suggestion = page.locator(".suggestion a")
    await expect(suggestion).to_contain_text("present perfect")
    await suggestion.click()
    await expect(page.get_by_role("heading", name="Pelajaran")).to_be_visible()


async def test_back_leads_to_the_step_before(learner):
    sari = await learner("desktop")
    page, sections = sari.page, lessons()["since-when"].sections
    heading = page.get_by_role("heading", level=1)
    await page.goto("/lessons/since-when/sections/2")
    for section in sections[2:4]:
        await page.locator("[data-primary]").click()
        await expect(heading).to_have_text(section.title.id)
    await page.go_back()
    await expect(heading).to_have_text(sections[2].title.id)
    await page.go_back()
    await expect(heading).to_have_text(sections[1].title.id)
    await expect(page.locator("header.site-header")).to_have_count(1)


async def test_a_lesson_with_open_questions_is_not_finished_but_shows_them(learner):
    sari = await learner()
    page, questions = sari.page, lessons()[FIRST].questions
    await page.goto(f"/lessons/{FIRST}/questions/{len(questions)}")
    await sari.answer(questions[-1])
    await sari.press("Selesaikan pelajaran")
    await expect(page.get_by_text("Masih ada soal yang belum dijawab")).to_be_visible()
    await page.get_by_role("link", name="Soal 1", exact=True).click()
    await expect(page.get_by_text(f"Soal 1/{len(questions)}")).to_be_visible()


async def test_every_step_of_a_lesson_begins_at_its_top(learner):
    sari = await learner("phone")
    page = sari.page
    await page.goto(f"/lessons/{FIRST}/sections/1")
    button = page.locator("[data-primary]")
    await button.scroll_into_view_if_needed()
    assert await page.evaluate("scrollY") > 0
    await button.click()
    await expect(page).to_have_url(re.compile("/questions/1$"))
    await expect(page.locator(".step-bar")).to_be_in_viewport(ratio=1)
    assert await page.evaluate("scrollY") == 0


async def test_a_very_long_name_does_not_widen_the_page(visit):
    sari = Learner(await visit("phone"), name="Sari" + "wati" * 40)
    await sari.sign_up()
    await sari.skip_to_level()
    await sari.choose_level("A1")
    width = await sari.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


async def test_settings_change_the_pages_at_once(learner):
    sari = await learner()
    page = sari.page
    await page.goto("/settings")
    await page.get_by_label("Nama").fill("Sari Dewi Anggraini")
    await page.get_by_label("Nama").blur()
    await page.get_by_label("Zona waktu").select_option("Asia/Jayapura")
    await expect(page.locator("#study .saved")).to_have_text("Perubahan tersimpan.")
    await expect(page.locator("#you .saved")).to_have_text("Perubahan tersimpan.")
    await page.get_by_label("Bahasa tampilan").select_option("en")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Account")
    await page.get_by_label("Theme").select_option("dark")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await expect(page.get_by_label("Name")).to_have_value("Sari Dewi Anggraini")
    await expect(page.get_by_label("Time zone")).to_have_value("Asia/Jayapura")
    goal = page.get_by_label("Daily goal")
    await goal.fill("9999")
    await goal.blur()
    await expect(goal).to_have_attribute("aria-invalid", "true")
    await goal.fill("20")
    await goal.blur()
    await expect(goal).not_to_have_attribute("aria-invalid", "true")
    await page.reload()
    await expect(goal).to_have_value("20")


async def test_settings_are_saved_by_a_button_without_javascript(learner):
    sari = await learner(java_script_enabled=False)
    page = sari.page
    await page.goto("/settings")
    await page.get_by_label("Tahun lahir").fill("19xx")
    await page.locator("#you").get_by_role("button", name="Simpan").click()
    await expect(page.locator("#birth_year-note")).to_contain_text("empat angka")
    await page.get_by_label("Tahun lahir").fill("1998")
    await page.locator("#you").get_by_role("button", name="Simpan").click()
    await expect(page.locator("#you .saved")).to_have_text("Perubahan tersimpan.")
    await expect(page.get_by_label("Tahun lahir")).to_have_value("1998")


@pytest.mark.parametrize(
    ("path", "typed", "place"),
    [
        ("/level", {"level": "xyz"}, "[role=alert]"),
        ("/settings", {"group": "look", "theme": "xyz"}, "#theme-note"),
        ("/settings", {"group": "you", "full_name": " "}, "#full_name-note"),
        ("/welcome/birth-year", {"birth_year": "20"}, "#birth_year-note"),
    ],
)
async def test_a_value_that_no_page_offers_is_refused_beside_its_field(path, typed, place, learner):
    sari = await learner()
    answer = await sari.page.request.post(path, form=typed)
    assert answer.status == 422
    await sari.page.set_content(await answer.text())
    await expect(sari.page.locator(place).first).to_be_visible()


async def test_an_unknown_flag_in_an_address_is_ignored(learner):
    sari = await learner()
    for path in ("/settings?saved=xyz", f"/lessons/{FIRST}?unfinished=xyz"):
        assert (await sari.page.goto(path)).status == 200
        await expect(
            sari.page.get_by_role("status").filter(has_text=re.compile("."))
        ).to_have_count(0)


async def test_a_search_that_is_too_long_keeps_the_box_and_what_was_typed(learner):
    sari = await learner()
    term = "present perfect " * 20
    await sari.page.goto(f"/search?q={term}")
    await expect(sari.page.get_by_text("Pencarian ini terlalu panjang")).to_be_visible()
    await expect(sari.page.get_by_role("searchbox")).to_have_value(term.strip())


@pytest.mark.parametrize(
    "path", ["/", "/sign-up", "/robots.txt", "/favicon.ico", "/health/live", "/api/v1/openapi.json"]
)
async def test_head_is_get_without_the_body(path, visit):
    request = (await visit()).request
    head, get = await request.head(path), await request.get(path)
    assert (head.status, get.status) == (200, 200)
    assert head.headers["content-type"] == get.headers["content-type"]
    assert await head.body() == b""


@pytest.mark.parametrize(
    "path",
    [
        "/nothing-here",
        "/lessons/no-such-lesson",
        f"/lessons/{FIRST}/questions/99",
        f"/lessons/{FIRST}/questions/abc",
    ],
)
async def test_a_missing_page_says_so_and_shows_a_way_on(path, learner):
    sari = await learner()
    answer = await sari.page.goto(path)
    assert answer.status == 404
    await expect(sari.page.get_by_role("heading", level=1)).to_have_text("Halaman ini tidak ada")
    await sari.follow("Ke halaman utama")
    await expect(sari.page.get_by_role("heading", level=1)).to_contain_text("Selamat")


async def test_without_javascript_a_question_is_answered_and_a_card_reviewed(learner):
    sari = await learner("phone", java_script_enabled=False)
    page = sari.page
    lesson = lessons()[FIRST]
    await page.goto(f"/lessons/{FIRST}/questions/1")
    await sari.answer(lesson.questions[0])
    await expect(page.get_by_role("heading", name="Benar")).to_be_visible()
    path, ordering = first_of("ordering")
    await page.goto(path)
    for place, token in enumerate(ordering.answer_key.orders[0], start=1):
        await page.locator(f"[name=position-{token}]").select_option(str(place))
    await sari.press("Periksa jawaban")
    await expect(page.get_by_role("heading", name="Benar")).to_be_visible()


async def test_the_questions_of_a_lesson_can_be_gone_to_at_once(learner):
    sari = await learner()
    await sari.page.goto(f"/lessons/{FIRST}")
    await sari.follow("Langsung ke soal")
    await expect(sari.page.get_by_text(f"Soal 1/{len(lessons()[FIRST].questions)}")).to_be_visible()


async def test_a_search_shows_indonesian_text_and_where_it_matches(learner):
    sari = await learner("phone")
    page = sari.page
    await page.goto("/search?q=kebiasaan")
    snippet = page.locator(".hits-lesson .snippet").first
    await expect(snippet.locator("mark").first).to_have_text(re.compile("biasa", re.IGNORECASE))
    await expect(snippet).to_contain_text(re.compile(r"\b(dan|yang|di)\b"))
    await page.goto("/search?q=yesterday")
    question = page.locator(".hits-question .hit").filter(has_text="yesterday").first
    await expect(question.locator("mark").first).to_have_text("yesterday")


async def test_a_word_that_is_explained_comes_before_lessons_and_questions(learner):
    sari = await learner("phone")
    await sari.page.goto("/search?q=abroad")
    await expect(sari.page.locator(".hits h2").first).to_have_text("Kosakata")
    await sari.page.goto("/search?q=used+to")
    await expect(sari.page.locator(".hits h2").first).to_have_text("Pelajaran")


async def test_the_browsers_own_complaints_are_in_the_language_of_the_page(learner):
    sari = await learner("phone")
    page = sari.page
    path, item = first_of("multiple_choice")
    await page.goto(path)
    await sari.answer(item)
    await expect(sari.verdict).to_be_visible()
    await page.goto("/cards")
    await page.locator(".card-cell a").first.click()
    field = page.get_by_label("Tanggal pengulangan berikutnya")
    await sari.press("Jadwalkan ulang")
    assert await field.evaluate("field => field.validationMessage") == "Isi kolom ini dulu."
    await field.fill("2001-01-01")
    await sari.press("Jadwalkan ulang")
    assert await field.evaluate("field => field.validationMessage") == "Periksa lagi isian ini."
    for path in ("/sign-up", "/sign-in"):
        await page.context.clear_cookies()
        await page.goto(path)
        await page.locator("main form:not(.language-switch) button").last.click()
        await expect(
            page.get_by_role("alert").or_(page.locator(".field .error")).first
        ).to_be_visible()
