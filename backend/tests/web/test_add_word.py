"""Adding words: from a lesson's text, from search, and words of the learner's own."""

import re

import pytest
from playwright.async_api import expect

from tests.web.barriers import check
from tests.web.collection import cards
from tests.web.learner import lessons

LESSON = "what-did-you-do"
EXAMPLES = next(
    number
    for number, section in enumerate(lessons()[LESSON].sections, 1)
    if section.kind == "examples"
)
PLACE_OF = """
(element, word) => {
  const range = document.createRange();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const start = node.data.search(new RegExp(`\\\\b${word}\\\\b`));
    if (start < 0) continue;
    range.setStart(node, start);
    range.setEnd(node, start + word.length);
    const box = range.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2, left: box.left, right: box.right };
  }
}
"""


async def place_of(page, word):
    """Return where a word of the lesson's text stands on the screen, scrolled there."""
    text = page.locator(".section [lang=en]").filter(has_text=re.compile(rf"\b{word}\b")).first
    await text.scroll_into_view_if_needed()
    return await text.evaluate(PLACE_OF, word)


def dialog(page):
    return page.get_by_role("dialog", name="Tambah kata")


@pytest.mark.parametrize("size", ["phone", "desktop"])
async def test_a_word_tapped_in_a_lesson_becomes_a_card(size, learner):
    is_phone = size == "phone"
    sari = await learner(size, has_touch=is_phone, is_mobile=is_phone)
    page = sari.page
    await page.goto(f"/lessons/{LESSON}/sections/{EXAMPLES}")
    place = await place_of(page, "stayed")
    await (page.touchscreen.tap if is_phone else page.mouse.click)(place["x"], place["y"])
    entry = dialog(page).get_by_role("region", name="stay")
    await expect(entry).to_contain_text("menginap")
    await expect(dialog(page).locator(".context mark")).to_have_text("stayed")
    await dialog(page).get_by_role("button", name="Tambah kartu: stay").click()
    await expect(entry.get_by_text("Kartu ditambahkan")).to_be_visible()
    added = await cards(page, text="stay")
    assert {card["direction"] for card in added} == {"recognition", "production"}
    await dialog(page).get_by_role("button", name="Tutup").click()
    await expect(dialog(page)).to_be_hidden()
    await page.mouse.click(place["x"], place["y"])
    await expect(entry.get_by_text("Sudah jadi kartumu")).to_be_visible()


async def test_a_tap_beside_the_words_or_on_indonesian_opens_nothing(learner):
    sari = await learner("desktop")
    page = sari.page
    await page.goto(f"/lessons/{LESSON}/sections/{EXAMPLES}")
    requests = []
    page.on("request", lambda sent: requests.append(sent.url))
    await page.locator(".pair-translation").first.click()
    await page.get_by_role("heading", level=1).click()
    box = await page.locator(".pair-english").first.bounding_box()
    await page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2)
    await expect(dialog(page)).to_be_hidden()
    assert not [url for url in requests if "/words" in url]


async def test_a_phrase_that_was_selected_is_looked_up_as_a_phrase(learner):
    sari = await learner("desktop")
    page = sari.page
    await page.goto(f"/lessons/{LESSON}/sections/{EXAMPLES}")
    offer = page.locator("#selection-add")
    await expect(offer).to_be_hidden()
    place = await place_of(page, "stayed")
    await page.mouse.move(place["left"], place["y"])
    await page.mouse.down()
    await page.mouse.move(place["right"], place["y"], steps=4)
    await page.mouse.up()
    await expect(offer).to_be_visible()
    await expect(dialog(page)).to_be_hidden()
    await offer.click()
    await expect(dialog(page).get_by_label("Kata atau frasa bahasa Inggris")).to_have_value(
        "stayed"
    )
    await expect(dialog(page).get_by_role("region", name="stay")).to_be_visible()


async def test_a_word_that_the_dictionary_lacks_is_added_with_its_sentence_by_keyboard(learner):
    sari = await learner("desktop")
    page = sari.page
    await page.goto(f"/lessons/{LESSON}/sections/{EXAMPLES}")
    await page.get_by_role("link", name="Tambah kata").focus()
    await page.keyboard.press("Enter")
    field = dialog(page).get_by_label("Kata atau frasa bahasa Inggris")
    await expect(field).to_be_focused()
    await page.keyboard.type("serendipity")
    await page.keyboard.press("Enter")
    await expect(dialog(page)).to_contain_text("belum ada di kamus Lancar")
    await dialog(page).get_by_label("Artinya").focus()
    await page.keyboard.type("kebetulan yang indah")
    await page.keyboard.press("Tab")
    await page.keyboard.type("It was pure serendipity.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(dialog(page).get_by_role("status")).to_contain_text("sudah jadi kartumu")
    await page.keyboard.press("Escape")
    await expect(dialog(page)).to_be_hidden()
    await expect(page).to_have_url(f"/lessons/{LESSON}/sections/{EXAMPLES}")
    assert len(await cards(page, item_type="personal")) == 2


async def test_an_own_word_needs_a_meaning_and_is_added_once(learner):
    sari = await learner("desktop")
    page = sari.page
    await page.goto("/words/add?word=moss&context=The+stone+had+moss+on+it.")
    await expect(page.locator(".context mark")).to_have_text("moss")
    meaning = page.get_by_label("Artinya")
    await meaning.evaluate("field => field.removeAttribute('required')")
    await sari.press("Tambah kartu")
    await expect(page.locator("#meaning-note")).to_contain_text("karakter yang terlihat")
    await expect(page.get_by_label("Contoh kalimat")).to_have_value("The stone had moss on it.")
    await meaning.fill("lumut")
    await sari.press("Tambah kartu")
    await expect(page.get_by_role("status")).to_contain_text("“moss” sudah jadi kartumu")
    await page.goto("/words/add?word=moss")
    await expect(page.get_by_text("Sudah jadi kartumu")).to_be_visible()
    again = await page.request.post("/words/own", form={"headword": "moss", "meaning": "lain"})
    assert again.status == 422
    assert "sudah kamu tambahkan" in await again.text()


async def test_an_own_word_that_nobody_sees_is_refused_at_its_field(learner):
    page = (await learner("phone")).page
    await page.goto("/words/add?word=moss")
    await page.get_by_label("Kata atau frasa", exact=True).fill("\u200b")
    await page.get_by_label("Artinya").fill("lumut")
    await page.get_by_role("button", name="Tambah kartu").click()
    await expect(page.locator("#headword-note")).to_have_text(
        "Isi dengan 1 sampai 255 karakter yang terlihat."
    )
    await expect(page.get_by_label("Artinya")).to_have_value("lumut")
    await expect(page.locator(".not-found")).to_have_count(0)


async def test_words_and_questions_are_added_from_search(learner):
    sari = await learner("phone")
    page = sari.page
    await page.goto("/search?q=teacher")
    words, questions = page.locator(".hits-vocabulary"), page.locator(".hits-question")
    await expect(page.locator(".hits-lesson").get_by_role("button", name="Tambah")).to_have_count(0)
    for hits in (words, questions):
        await hits.get_by_role("button", name="Tambah kartu").first.click()
        await expect(hits.get_by_text("Kartu ditambahkan")).to_be_visible()
    assert {card["item_type"] for card in await cards(page)} == {"vocabulary", "question"}
    await page.reload()
    await expect(words.get_by_text("Sudah jadi kartumu")).to_be_visible()
    await expect(questions.get_by_text("Sudah jadi kartumu")).to_be_visible()


async def test_a_search_without_hits_offers_a_card_of_ones_own(learner):
    sari = await learner("phone")
    page = sari.page
    await page.goto("/search?q=serendipity")
    await sari.follow("Buat kartu sendiri")
    await expect(page.get_by_label("Kata atau frasa", exact=True)).to_have_value("serendipity")
    await sari.follow("Kembali ke bacaan")
    await expect(page).to_have_url("/search?q=serendipity")


async def test_without_a_script_words_are_added_by_a_page(learner):
    sari = await learner("phone", java_script_enabled=False)
    page = sari.page
    section = f"/lessons/{LESSON}/sections/{EXAMPLES}"
    await page.goto(section)
    await sari.follow("Tambah kata")
    await page.get_by_label("Kata atau frasa bahasa Inggris").fill("stayed")
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry .headword").first).to_have_text("stay")
    await page.get_by_role("button", name="Tambah kartu: stay").first.click()
    await expect(page.get_by_text("Sudah jadi kartumu").first).to_be_visible()
    await sari.follow("Kembali ke bacaan")
    await expect(page).to_have_url(section)
    await page.goto("/search?q=teacher")
    await page.locator(".hits-vocabulary").get_by_role("button").first.click()
    await expect(page).to_have_url("/search?q=teacher")
    await expect(page.get_by_text("Sudah jadi kartumu")).to_be_visible()


@pytest.mark.parametrize("size", ["phone", "desktop"])
async def test_adding_words_has_no_grave_barrier(size, learner):
    sari = await learner(size)
    page = sari.page
    for path in (
        "/words/add",
        "/words/add?word=went&context=We+went+home.",
        "/words/add?word=moss",
    ):
        await page.goto(path)
        await check(page, path)
    await page.goto(f"/lessons/{LESSON}/sections/{EXAMPLES}")
    place = await place_of(page, "stayed")
    await page.mouse.click(place["x"], place["y"])
    await expect(dialog(page).get_by_role("region", name="stay")).to_be_visible()
    await check(page, "the dialog")
    await dialog(page).get_by_role("button", name="Tambah kartu: stay").click()
    await expect(dialog(page).get_by_text("Kartu ditambahkan")).to_be_visible()
    await check(page, "the dialog, added")
    await page.goto("/search?q=stay")
    await check(page, "search with what is a card already")
