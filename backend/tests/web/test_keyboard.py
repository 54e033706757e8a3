"""A lesson's questions without a mouse: digits choose, letters type, Enter checks and goes on."""

from playwright.async_api import expect

from tests.web.answering import MARKED
from tests.web.learner import lessons

FIRST = "introducing-yourself"


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


async def test_a_lesson_is_answered_with_the_keyboard_alone(learner):
    sari = await learner("desktop")
    page, questions = sari.page, lessons()[FIRST].questions
    numbers = [
        number
        for number, item in enumerate(questions, start=1)
        if item.type not in (*MARKED, "reading")
    ]
    await page.goto(f"/lessons/{FIRST}/questions/{numbers[0]}")
    for number, item in enumerate(questions, start=1):
        if number not in numbers:
            await page.goto(f"/lessons/{FIRST}/questions/{number + 1}")
            continue
        counter = page.get_by_text(f"Soal {number}/{len(questions)}", exact=True)
        await expect(counter).to_be_visible()
        await expect(sari.verdict).to_have_count(0)
        await enter(page, item)
        await page.keyboard.press("Enter")
        await expect(sari.verdict).to_be_focused()
        await expect(sari.verdict).to_have_text("Benar")
        if number == numbers[-1]:
            return
        await page.keyboard.press("Enter")


async def test_backspace_takes_the_last_tile_back(learner):
    sari = await learner("desktop")
    number = next(
        n for n, item in enumerate(lessons()[FIRST].questions, 1) if item.type == "ordering"
    )
    await sari.page.goto(f"/lessons/{FIRST}/questions/{number}")
    placed = sari.page.locator(".ordering-line button")
    await sari.page.keyboard.press("1")
    await sari.page.keyboard.press("1")
    await expect(placed).to_have_count(2)
    await sari.page.keyboard.press("Backspace")
    await expect(placed).to_have_count(1)


async def test_enter_reads_on(learner):
    sari = await learner("desktop")
    sections = lessons()[FIRST].sections
    await sari.page.goto(f"/lessons/{FIRST}/sections/1")
    await expect(sari.page.get_by_role("heading", level=1)).to_have_text(sections[0].title.id)
    await sari.page.keyboard.press("Enter")
    await expect(sari.page.get_by_role("heading", level=1)).to_have_text(sections[1].title.id)
