"""A question's card asks: it is answered as in its lesson, graded, and rated with one press."""

import pytest
from playwright.async_api import expect

from app.models.base import new_id
from app.questions.types import QUESTION_TYPES
from tests.web.answering import MARKED, fill, fill_wrongly
from tests.web.barriers import check
from tests.web.collection import cards
from tests.web.learner import lessons

ASKED = [kind for kind in QUESTION_TYPES if kind not in (*MARKED, "reading")]
QUESTIONS = {item.slug: item for lesson in lessons().values() for item in lesson.questions}


def first(kind):
    return next(item for item in QUESTIONS.values() if item.type == kind)


@pytest.fixture
def card_of(site_database):
    """Give a learner the card of a question, and open it in a review."""

    async def give(someone, item):
        async with site_database.driver() as connection:
            found = await connection.fetchval("SELECT id FROM questions WHERE slug = $1", item.slug)
        body = {"items": [{"item_type": "question", "item_id": str(found)}], "by_hand": True}
        answer = await someone.page.request.post("/api/v1/cards", data=body)
        assert answer.ok, await answer.text()
        (card,) = [card for card in await cards(someone.page) if card["item_id"] == str(found)]
        await someone.page.goto(f"/reviews?card={card['card_id']}")
        return card["card_id"]

    return give


def rating(page, name):
    return page.get_by_role("button", name=name)


async def log_of(site_database, card_id):
    query = """
        SELECT r.rating, a.context, a.is_correct, a.id = r.id AS is_one
        FROM srs_reviews AS r LEFT JOIN question_attempts AS a ON a.id = r.id
        WHERE r.card_id = $1
    """
    async with site_database.driver() as connection:
        return [tuple(row) for row in await connection.fetch(query, card_id)]


@pytest.mark.parametrize("kind", ASKED)
async def test_each_type_is_asked_graded_and_rated(kind, learner, card_of, site_database):
    sari = await learner("phone")
    page, item = sari.page, first(kind)
    card_id = await card_of(sari, item)
    await fill(page, item)
    await page.locator("form [data-primary]").click()
    await expect(sari.verdict).to_have_text("Benar")
    await expect(page.locator(".rating.is-suggested strong")).to_have_text("Baik")
    assert await log_of(site_database, card_id) == []
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-undo]")).to_be_visible()
    assert await log_of(site_database, card_id) == [(3, "review", True, True)]


async def test_wrong_proposes_again_and_the_learner_overrules_by_a_digit(
    learner, card_of, site_database
):
    sari = await learner("desktop")
    page, item = sari.page, first("multiple_choice")
    card_id = await card_of(sari, item)
    await fill_wrongly(page, item)
    await page.keyboard.press("Enter")
    await expect(sari.verdict).to_have_text("Belum tepat")
    await expect(page.locator(".rating.is-suggested strong")).to_have_text("Lupa")
    await check(page, "a question that was answered in a review")
    await page.keyboard.press("2")
    await expect(page.locator("[data-undo]")).to_be_visible()
    assert await log_of(site_database, card_id) == [(2, "review", False, True)]
    await page.keyboard.press("u")
    await expect(page.locator("[data-question] [data-primary]")).to_be_visible()


async def test_digits_choose_while_the_question_is_open_and_rate_afterwards(learner, card_of):
    sari = await learner("desktop")
    page = sari.page
    await card_of(sari, first("multiple_choice"))
    await page.keyboard.press("2")
    await expect(page.locator(".choice input").nth(1)).to_be_checked()
    await expect(page.locator("[data-question]")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(sari.verdict).to_be_focused()


async def test_a_letter_begins_an_answer_and_takes_no_review_back(learner, card_of):
    sari = await learner("desktop")
    page = sari.page
    await card_of(sari, first("translation"))
    await page.locator("h1").evaluate("heading => document.activeElement.blur()")
    await page.keyboard.press("u")
    await expect(page.locator("[name=text]")).to_be_focused()
    await expect(page.locator("[name=text]")).to_have_value("u")


async def test_nothing_answered_asks_for_an_answer_and_skipping_shows_what_is_right(
    learner, card_of
):
    sari = await learner("phone")
    page, item = sari.page, first("matching")
    await card_of(sari, item)
    await check(page, "a question asked in a review")
    await page.locator("form [data-primary]").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.locator("[name=skip]").click()
    await expect(sari.verdict).to_contain_text("Tidak apa-apa")
    await check(page, "a question skipped in a review")
    await expect(page.locator(".rating.is-suggested strong")).to_have_text("Lupa")
    left = {choice.id: choice.text for choice in item.options.left}
    right = {choice.id: choice.text for choice in item.options.right}
    for one, other in item.answer_key.pairs.items():
        row = page.locator(".match", has_text=left[one]).filter(has_text=right[other])
        await expect(row).to_have_class("match is-missed")
    await expect(page.locator(".match .mark.wrong")).to_have_count(0)


async def test_a_reading_asks_one_of_its_parts(learner, card_of, site_database):
    sari = await learner("phone")
    page, item = sari.page, first("reading")
    card_id = await card_of(sari, item)
    await expect(page.get_by_text(item.options.passage.title)).to_be_visible()
    await expect(page.locator("fieldset.part")).to_have_count(0)
    await expect(page.locator(".stem")).to_have_count(1)
    await page.locator("[name=skip]").click()
    await expect(page.locator(".rating.is-suggested strong")).to_have_text("Lupa")
    await rating(page, "Sulit").click()
    await expect(page.locator("[data-undo]")).to_be_visible()
    assert await log_of(site_database, card_id) == [(2, None, None, None)]


@pytest.mark.parametrize("kind", ["multiple_choice", "matching", "ordering", "cloze_choice"])
async def test_a_question_is_reviewed_without_a_script(kind, learner, card_of, site_database):
    sari = await learner("phone", java_script_enabled=False)
    page, item = sari.page, first(kind)
    card_id = await card_of(sari, item)
    await fill(page, item)
    await page.locator("form [data-primary]").click()
    await expect(sari.verdict).to_have_text("Benar")
    await rating(page, "Baik").click()
    await expect(page.locator("[data-undo]")).to_be_visible()
    assert await log_of(site_database, card_id) == [(3, "review", True, True)]


async def test_a_press_twice_stores_one_answer(learner, card_of, site_database):
    sari = await learner("phone")
    page, item = sari.page, first("true_false")
    card_id = await card_of(sari, item)
    await fill(page, item)
    await page.locator("form [data-primary]").click()
    await rating(page, "Mudah").dblclick()
    await expect(page.locator("[data-undo]")).to_be_visible()
    assert len(await log_of(site_database, card_id)) == 1


async def test_a_card_reviewed_in_another_tab_is_not_reviewed_twice(
    learner, card_of, site_database
):
    sari = await learner("phone")
    page, item = sari.page, first("multiple_choice")
    card_id = await card_of(sari, item)
    other = await page.context.new_page()
    await other.goto(page.url)
    await fill_wrongly(other, item)
    await other.locator("form [data-primary]").click()
    await rating(other, "Lupa").click()
    await expect(other.locator("[data-undo]")).to_be_visible()
    await fill(page, item)
    await page.locator("form [data-primary]").click()
    await rating(page, "Baik").click()
    await expect(page.get_by_text("sudah diulang di tempat lain")).to_be_visible()
    assert await log_of(site_database, card_id) == [(1, "review", False, True)]


async def test_a_graded_dictation_is_rated_by_keys_as_well(learner, card_of, site_database):
    sari = await learner("desktop")
    page, item = sari.page, first("dictation")
    card_id = await card_of(sari, item)
    await fill(page, item)
    await page.keyboard.press("Enter")
    await expect(sari.verdict).to_be_focused()
    await page.keyboard.press("2")
    await expect(page.locator("[data-undo]")).to_be_visible()
    assert await log_of(site_database, card_id) == [(2, "review", True, True)]


async def test_the_time_before_an_answer_that_was_sent_back_counts(learner, card_of):
    sari = await learner("phone")
    page, item = sari.page, first("multiple_choice")
    await card_of(sari, item)
    await page.locator("form [data-primary]").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    spent = page.locator("[data-question] [name=duration_ms]")
    before = int(await spent.get_attribute("data-spent"))
    assert before > 0
    await spent.evaluate("field => { field.dataset.spent = '50000'; }")
    await fill(page, item)
    await page.locator("form [data-primary]").click()
    await expect(sari.verdict).to_be_visible()
    assert int(await page.locator("[name=spent_ms]").get_attribute("value")) >= 50_000


@pytest.mark.parametrize("response", ["[" * 2000 + "]" * 2000, "{", '{"type": "essay"}'])
async def test_an_answer_that_cannot_be_read_is_asked_for_again(
    response, learner, card_of, site_database
):
    sari = await learner("phone")
    page = sari.page
    card_id = await card_of(sari, first("multiple_choice"))
    form = {"review_id": str(new_id()), "card_id": card_id, "rating": "3", "response": response}
    answer = await page.request.post("/reviews", form=form)
    assert answer.ok
    assert "Soalnya baru saja diubah" in await answer.text()
    assert await log_of(site_database, card_id) == []
