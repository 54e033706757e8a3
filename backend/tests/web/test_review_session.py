"""A review session in a real browser: by keyboard, by thumb, without a script; undo and typing."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import expect

from app.core.clock import LearnerDay, utcnow
from tests.web.barriers import check
from tests.web.collection import act, add_own_word, add_word, ask_for_english, cards, review

WORDS = {"serendipity": "kebetulan yang indah", "moss": "lumut", "kettle": "ceret"}


def today():
    return LearnerDay().date_of(utcnow())


async def with_words(someone):
    """Give the learner three words and open the session."""
    for headword, meaning in WORDS.items():
        await add_own_word(someone.page, headword, meaning, f"I like {headword}.")
    await someone.page.goto("/reviews")


def front(page):
    return page.locator(".front .headword")


async def test_a_session_by_keyboard_alone_with_undo_to_its_summary(learner):
    sari = await learner("desktop")
    page = sari.page
    await with_words(sari)
    answer, left = page.locator(".answer"), page.locator(".step-bar .numeric")
    await expect(left).to_have_text("3 tersisa")
    await expect(page.locator("[data-undo]")).to_have_count(0)

    first = await front(page).inner_text()
    await page.keyboard.press("Space")
    await expect(answer.get_by_text(WORDS[first])).to_be_visible()
    await page.keyboard.press("4")
    await expect(left).to_have_text("2 tersisa")
    await expect(front(page)).not_to_have_text(first)
    await expect(page.get_by_role("progressbar")).to_have_attribute("value", "1")

    await page.keyboard.press("u")
    await expect(front(page)).to_have_text(first)
    await expect(left).to_have_text("3 tersisa")
    await expect(page.get_by_role("status")).to_contain_text("diurungkan")
    await expect(page.locator("[data-undo]")).to_have_count(0)

    for remaining in (2, 1):
        await page.keyboard.press("Enter")  # the button "show the answer" has the focus
        await expect(page.get_by_role("button", name="Baik")).to_be_focused()
        await page.keyboard.press("4")
        await expect(left).to_have_text(f"{remaining} tersisa")
    last = await front(page).inner_text()
    await page.keyboard.press("Space")
    await page.keyboard.press("4")
    heading = page.get_by_role("heading", name="Selesai mengulang")
    await expect(heading).to_be_focused()
    await expect(page.locator(".day-figures")).to_contain_text("Diulang hari ini3")
    await page.keyboard.press("Control+z")
    await expect(front(page)).to_have_text(last)


async def test_a_rating_is_one_request_and_no_new_page(learner):
    sari = await learner("desktop")
    page = sari.page
    await with_words(sari)
    requests = []
    page.on(
        "request",
        lambda sent: sent.resource_type in {"document", "fetch"} and requests.append(sent.method),
    )
    await page.evaluate("window.stillHere = true")
    await page.keyboard.press("Space")
    await page.keyboard.press("3")
    await expect(page.locator(".step-bar .numeric")).to_have_text("2 tersisa")
    assert requests == ["POST"]
    assert await page.evaluate("window.stillHere")
    await expect(page).to_have_url("/reviews")


async def test_a_session_by_thumb_on_a_phone(learner):
    sari = await learner("phone", has_touch=True, is_mobile=True)
    page = sari.page
    await with_words(sari)
    await expect(page.locator(".keys")).to_be_hidden()
    for _ in range(2):
        await page.get_by_text("Tampilkan jawaban").tap()
        await page.get_by_role("button", name="Mudah").tap()
        await expect(page.locator(".answer")).to_be_hidden()
    await expect(page.locator(".step-bar .numeric")).to_have_text("1 tersisa")
    undo = page.get_by_role("button", name="Urungkan")
    await expect(undo).to_be_in_viewport()
    for target in (undo, page.locator(".card-menu summary"), page.locator(".reveal summary")):
        box = await target.bounding_box()
        assert box["height"] >= 44, await target.inner_text()
    await undo.tap()
    await expect(page.locator(".step-bar .numeric")).to_have_text("2 tersisa")


async def test_what_is_typed_is_compared_and_the_learner_still_decides(learner):
    sari = await learner("desktop")
    page = sari.page
    await with_words(sari)
    await ask_for_english(page, today())
    await page.goto("/reviews")
    field = page.get_by_label("Ketik dalam bahasa Inggris")
    await expect(field).to_be_focused()
    english = {meaning: word for word, meaning in WORDS.items()}
    tried = {"serendipity": "serendipty", "moss": "stone", "kettle": "a kettle"}
    said = {"serendipity": "typo", "moss": "wrong", "kettle": "right"}
    likely = {"serendipity": "Sulit", "moss": "Lupa", "kettle": "Baik"}
    for remaining in (2, 1, 0):
        word = english[await front(page).inner_text()]
        await page.keyboard.type(tried[word])
        await page.keyboard.press("Enter")
        await expect(page.locator(f".attempt.{said[word]}")).to_be_visible()
        await expect(page.get_by_role("button", name=likely[word])).to_be_focused()
        await page.keyboard.press("4")
        if remaining:
            await expect(page.locator(".step-bar .numeric")).to_have_text(f"{remaining} tersisa")
            await expect(field).to_be_focused()
    await expect(page.get_by_role("heading", name="Selesai mengulang")).to_be_visible()


async def test_a_field_left_empty_turns_the_card_over_by_space_or_enter(learner):
    sari = await learner("desktop")
    page = sari.page
    await with_words(sari)
    await ask_for_english(page, today())
    for key in ("Space", "Enter"):
        await page.goto("/reviews")
        await expect(page.get_by_label("Ketik dalam bahasa Inggris")).to_be_focused()
        await page.keyboard.press(key)
        await expect(page.locator(".answer-word")).to_be_visible()
        await expect(page.get_by_role("button", name="Baik")).to_be_focused()


async def test_a_card_is_put_off_or_suspended_from_its_menu(learner):
    sari = await learner("desktop")
    page = sari.page
    await with_words(sari)
    for action, said, state in (
        ("Tunda sampai besok", "muncul lagi besok", "buried"),
        ("Istirahatkan kartu", "tidak akan muncul lagi", "suspended"),
    ):
        word = await front(page).inner_text()
        await page.get_by_label("Menu kartu ini").click()
        await sari.press(action)
        await expect(page.get_by_role("status")).to_contain_text(said)
        await expect(front(page)).not_to_have_text(word)
        (card,) = await cards(page, state=state)
        assert card["front"] == word
    await page.get_by_label("Menu kartu ini").click()
    await sari.follow("Riwayat kartu")
    await expect(page.get_by_text("belum pernah diulang")).to_be_visible()


async def test_what_was_put_aside_in_a_session_is_brought_back_by_the_same_undo(learner):
    sari = await learner("phone")
    page = sari.page
    await with_words(sari)
    for action, said in (
        ("Tunda sampai besok", "tidak jadi ditunda"),
        ("Istirahatkan kartu", "aktif lagi"),
    ):
        word = await front(page).inner_text()
        await expect(page.locator("[data-undo]")).to_have_count(0)
        await page.get_by_label("Menu kartu ini").click()
        await sari.press(action)
        await expect(front(page)).not_to_have_text(word)
        await sari.press("Urungkan")
        await expect(page.get_by_role("status")).to_contain_text(said)
        await expect(front(page)).to_have_text(word)
    assert await cards(page, state="buried") == await cards(page, state="suspended") == []


async def test_a_card_that_keeps_being_forgotten_gets_friendly_advice(learner, let_be_old):
    sari = await learner("desktop")
    page = sari.page
    await add_word(page, "teacher")
    await act(page, "suspend", await cards(page, direction="production"))
    (card,) = await cards(page, direction="recognition")
    await let_be_old(card)
    began = utcnow() - timedelta(days=20)
    for lapse in range(8):
        await review(page, card, 4, began + timedelta(days=2 * lapse))
        if lapse < 7:
            await review(page, card, 1, began + timedelta(days=2 * lapse + 1))
    await act(page, "reschedule", [card], today())
    await page.goto("/reviews")
    await page.keyboard.press("Space")
    await page.keyboard.press("1")
    await expect(page.get_by_text("sering terlupa. Itu wajar")).to_be_visible()
    await sari.follow("Lihat kartunya")
    await expect(page.get_by_text("Sering terlupa", exact=True)).to_be_visible()
    await expect(page.get_by_role("img", name="Kurva ingatan")).to_be_visible()
    await expect(page.locator(".history tbody tr")).to_have_count(17)


async def test_without_a_script_the_session_works_all_the_same(learner):
    sari = await learner("phone", java_script_enabled=False)
    page = sari.page
    await with_words(sari)
    word = await front(page).inner_text()
    await page.get_by_text("Tampilkan jawaban").click()
    await sari.press("Mudah")
    await expect(page.locator(".step-bar .numeric")).to_have_text("2 tersisa")
    await sari.press("Urungkan")
    await expect(front(page)).to_have_text(word)
    await expect(page.locator(".step-bar .numeric")).to_have_text("3 tersisa")
    await ask_for_english(page, today())
    await page.goto("/reviews")
    await page.get_by_label("Ketik dalam bahasa Inggris").fill("nonsense")
    await page.keyboard.press("Enter")
    await expect(page.locator(".attempt.wrong")).to_be_visible()
    await sari.press("Lupa")
    await expect(page).to_have_url(re.compile("/reviews$"))


@pytest.mark.parametrize("size", ["phone", "desktop"])
async def test_every_state_of_a_session_has_no_grave_barrier(size, learner):
    sari = await learner(size)
    page = sari.page
    await with_words(sari)
    await check(page, "front")
    await page.get_by_label("Menu kartu ini").click()
    await check(page, "menu")
    await page.keyboard.press("Escape")
    if size == "desktop":
        await page.keyboard.press("?")
        await check(page, "keys")
    await page.locator(".reveal summary").click()
    await check(page, "back")
    await sari.press("Mudah")
    await expect(page.locator("[data-undo]")).to_be_visible()
    await sari.press("Urungkan")
    await expect(page.get_by_role("status")).to_be_visible()
    await check(page, "undone")
    await ask_for_english(page, today())
    await page.goto("/reviews")
    await check(page, "front that asks for the English")
    await page.locator("#typed").fill("serendipty moss")
    await page.locator("#typed").press("Enter")
    await expect(page.locator(".attempt")).to_be_visible()
    await check(page, "typed")
    await act(page, "suspend", await cards(page))
    await page.goto("/reviews")
    await check(page, "nothing due")


async def test_the_front_stays_and_only_a_key_draws_a_ring(learner):
    sari = await learner("phone")
    page = sari.page
    await with_words(sari)
    ring = "() => getComputedStyle(document.activeElement).outlineStyle"
    place = await page.locator(".front").bounding_box()
    await page.locator(".reveal summary").click()
    await expect(page.get_by_role("button", name="Baik")).to_be_focused()
    assert await page.evaluate(ring) == "none"
    assert await page.locator(".front").bounding_box() == place
    await sari.press("Mudah")
    await expect(page.locator(".answer")).to_be_hidden()
    await page.keyboard.press("Space")
    await expect(page.get_by_role("button", name="Baik")).to_be_focused()
    assert await page.evaluate(ring) == "solid"
