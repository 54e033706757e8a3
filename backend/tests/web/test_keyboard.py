"""A lesson's questions without a mouse: digits choose, letters type, Enter checks and goes on."""

import pytest
from playwright.async_api import expect

from app.questions.types import QUESTION_TYPES
from tests.web.answering import MARKED
from tests.web.learner import lessons
from tests.web.test_question_types import first_of

READ_ON = "since-when"  # nothing is asked between its last sections


async def press_digit_of(page, value, name):
    """Press the digit under which a choice stands."""
    shown = await page.locator(f"input[name={name}]").evaluate_all("all => all.map(i => i.value)")
    await page.keyboard.press(str(shown.index(value) + 1))


async def type_in_gaps(page, key):
    """Type the first gap at once, the others after a Tab."""
    for number, accepted in enumerate(key.gaps):
        if number:
            await page.keyboard.press("Tab")
        await page.keyboard.type(accepted[0])


async def enter(page, item):  # noqa: C901, PLR0912 - a type a case
    """Enter the right answer with keys alone."""
    key = item.answer_key
    match item.type:
        case "multiple_choice":
            await press_digit_of(page, key.choice, "choice")
        case "multiple_answer":
            for choice in key.choices:
                await press_digit_of(page, choice, "choices")
        case "true_false":
            await page.keyboard.press("1" if key.value else "2")
        case "fill_blank":
            await type_in_gaps(page, key)
        case "cloze_choice":
            for right, choices in zip(key.gaps, item.options.gaps, strict=True):
                text = next(choice.text for choice in choices if choice.id == right)
                bank = await page.locator(".cloze-bank button").all_inner_texts()
                await page.keyboard.press(str(bank.index(text) + 1))
        case "matching":
            for pair in key.pairs.items():
                for side, wanted in zip(("left", "right"), pair, strict=True):
                    choices = getattr(item.options, side)
                    text = next(choice.text for choice in choices if choice.id == wanted)
                    cards = page.locator(f".pair-{side} button")
                    shown = [card.lstrip("0123456789\n") for card in await cards.all_inner_texts()]
                    await page.keyboard.press(str(shown.index(text) + 1))
        case "categorise":
            texts = {word.id: word.text for word in item.options.words}
            groups = {texts[word]: group for word, group in key.places.items()}
            numbers = {group.id: n for n, group in enumerate(item.options.groups, start=1)}
            for _ in groups:
                word = await page.locator(".category-bank [aria-pressed=true]").inner_text()
                await page.keyboard.press(str(numbers[groups[word]]))
        case "ordering":
            texts = {token.id: token.text for token in item.options.tokens}
            for token in key.orders[0]:
                bank = await page.locator(".ordering-bank button").all_inner_texts()
                await page.keyboard.press(str(bank.index(texts[token]) + 1))
        case "short_answer" | "translation" | "dictation":
            await page.keyboard.type(key.accepted[0])
        case "error_correction":
            await page.locator("[name=text]").focus()
            await page.keyboard.press("Control+A")
            await page.keyboard.type(key.accepted[0])


@pytest.mark.parametrize("kind", QUESTION_TYPES)
async def test_each_type_is_answered_with_the_keyboard_alone(kind, learner):
    sari = await learner("desktop")
    page = sari.page
    path, item = first_of(kind)
    await page.goto(path)
    if kind == "speaking":
        await press_button(page, "[data-record]")
        await press_button(page, "[data-stop]")
        await expect(page.locator("[data-recorder] audio")).to_be_visible()
    elif kind == "essay":
        await page.keyboard.type("I like my new school very much. " * 10)
    elif kind == "reading":
        await answer_parts(page, item)
    else:
        await enter(page, item)
    if kind in ("essay", "reading", "speaking"):
        await press_button(page, "form [data-primary]")
    else:
        await page.keyboard.press("Enter")
    await expect(sari.verdict).to_be_focused()
    await expect(sari.verdict).to_have_text("Terkirim" if kind in MARKED else "Benar")
    await page.keyboard.press("Enter")
    await expect(sari.verdict).to_have_count(0)


async def press_button(page, selector):
    """Go to a button and press it, as Tab and Enter do."""
    await expect(page.locator(selector)).to_be_visible()
    await page.locator(selector).focus()
    await page.keyboard.press("Enter")


async def answer_parts(page, item):
    """Answer each part of a reading: digits and letters are for the part in which the focus is."""
    for part in item.options.parts:
        key, prefix = item.answer_key.parts[part.id], f"part-{part.id}-"
        here = page.locator("fieldset.part", has=page.locator(f"[name^={prefix}]"))
        if part.type in ("fill_blank", "short_answer"):
            await here.locator("input, textarea").first.focus()
            answers = key.gaps if part.type == "fill_blank" else [key.accepted]
            await page.keyboard.type(answers[0][0])
        elif part.type == "ordering":
            texts = {token.id: token.text for token in part.options.tokens}
            await here.locator(".ordering-bank button").first.focus()
            for token in key.orders[0]:
                bank = await here.locator(".ordering-bank button").all_inner_texts()
                await page.keyboard.press(str(bank.index(texts[token]) + 1))
        else:
            await here.locator("input").first.focus()
            right = key.choice if part.type == "multiple_choice" else str(key.value).lower()
            shown = await here.locator("input").evaluate_all("all => all.map(i => i.value)")
            await page.keyboard.press(str(shown.index(right) + 1))


async def test_backspace_takes_the_last_tile_back(learner):
    sari = await learner("desktop")
    path, _ = first_of("ordering")
    await sari.page.goto(path)
    placed = sari.page.locator(".ordering-line button")
    await sari.page.keyboard.press("1")
    await sari.page.keyboard.press("1")
    await expect(placed).to_have_count(2)
    await sari.page.keyboard.press("Backspace")
    await expect(placed).to_have_count(1)


async def test_enter_reads_on(learner):
    sari = await learner("desktop")
    sections = lessons()[READ_ON].sections
    await sari.page.goto(f"/lessons/{READ_ON}/sections/2")
    await expect(sari.page.get_by_role("heading", level=1)).to_have_text(sections[1].title.id)
    await sari.page.keyboard.press("Enter")
    await expect(sari.page.get_by_role("heading", level=1)).to_have_text(sections[2].title.id)
