"""How a person enters right and wrong answers into the form of each question type."""

import re
from pathlib import Path

from playwright.async_api import expect

MARKED = ("essay", "speaking")
SOUND = Path(__file__).with_name("hello.wav")


async def press(target) -> None:
    """Press a control: with a finger where the device has a touch screen, else with the mouse."""
    has_touch = await target.page.evaluate("navigator.maxTouchPoints > 0")
    await (target.tap() if has_touch else target.click())


async def fill(page, item) -> None:
    """Enter the right answer to the question that is open."""
    if item.type == "reading":
        for part in item.options.parts:
            await _enter(page, item.answer_key.parts[part.id], part.options, f"part-{part.id}-")
    else:
        await _enter(page, item.answer_key, item.options, "")


async def fill_wrongly(page, item) -> None:
    """Enter an answer of which no part is right."""
    if item.type == "reading":
        for part in item.options.parts:
            key = item.answer_key.parts[part.id]
            await _enter_wrongly(page, key, part.options, f"part-{part.id}-")
    else:
        await _enter_wrongly(page, item.answer_key, item.options, "")


async def _enter(page, key, options, prefix) -> None:  # noqa: C901, PLR0912 - a type a case
    match key.type:
        case "multiple_choice":
            await _tick(page, f"{prefix}choice", key.choice)
        case "multiple_answer":
            for choice in key.choices:
                await _tick(page, f"{prefix}choices", choice)
        case "true_false":
            await _tick(page, f"{prefix}value", str(key.value).lower())
        case "fill_blank":
            for number, accepted in enumerate(key.gaps):
                await page.locator(f"[name={prefix}gap-{number}]").fill(accepted[0])
        case "cloze_choice":
            for number, choice in enumerate(key.gaps):
                await choose_for_gap(page, options, f"{prefix}gap-{number}", number, choice)
        case "short_answer" | "error_correction" | "translation" | "dictation":
            await page.locator(f"[name={prefix}text]").fill(key.accepted[0])
        case "matching":
            for left, right in key.pairs.items():
                await pair(page, options, f"{prefix}match-{left}", left, right)
        case "categorise":
            for word, group in key.places.items():
                await sort(page, options, prefix, word, group)
        case "ordering":
            await _arrange(page, key.orders[0], options, prefix)
        case "essay":
            await page.locator("[name=text]").fill(key.sample or "I like my new school. " * 10)
        case "speaking" if await page.locator("[data-record]").is_visible():
            await press(page.locator("[data-record]"))
            await press(page.locator("[data-stop]"))
            await expect(page.locator("[data-recorder] audio")).to_be_visible()
        case "speaking":
            await page.locator("[name=audio]").set_input_files(SOUND)


async def _enter_wrongly(page, key, options, prefix) -> None:  # noqa: C901, PLR0912 - a type a case
    match key.type:
        case "multiple_choice":
            others = (choice.id for choice in options.choices if choice.id != key.choice)
            await _tick(page, f"{prefix}choice", next(others))
        case "multiple_answer":
            others = (choice.id for choice in options.choices if choice.id not in key.choices)
            await _tick(page, f"{prefix}choices", next(others))
        case "true_false":
            await _tick(page, f"{prefix}value", str(not key.value).lower())
        case "fill_blank":
            for number in range(len(key.gaps)):
                await page.locator(f"[name={prefix}gap-{number}]").fill("xylophones")
        case "cloze_choice":
            for number, (right, choices) in enumerate(zip(key.gaps, options.gaps, strict=True)):
                other = next(choice.id for choice in choices if choice.id != right)
                await choose_for_gap(page, options, f"{prefix}gap-{number}", number, other)
        case "short_answer" | "error_correction" | "translation" | "dictation":
            await page.locator(f"[name={prefix}text]").fill("Two xylophones sing")
        case "matching":
            rights = list(key.pairs.values())
            for left, other in zip(key.pairs, rights[1:] + rights[:1], strict=True):
                await pair(page, options, f"{prefix}match-{left}", left, other)
        case "categorise":
            for word, right in key.places.items():
                wrong = next(group.id for group in options.groups if group.id != right)
                await sort(page, options, prefix, word, wrong)
        case "ordering":
            await _arrange(page, key.orders[0][::-1], options, prefix)


async def choose_for_gap(page, options, name, number, wanted) -> None:
    """Tap the gap and its word in the bank, or, without JavaScript, use the select."""
    select = page.locator(f"[name={name}]")
    if await select.is_visible():
        await select.select_option(wanted)
        return
    part = page.locator("fieldset", has=select).last
    await press(part.locator(".gap-button").nth(number))
    text = next(choice.text for choice in options.gaps[number] if choice.id == wanted)
    await press(part.locator(".cloze-bank").get_by_role("button", name=text, exact=True))


async def pair(page, options, name, left, right) -> None:
    """Pair by tapping, or, without JavaScript, by the select."""
    select = page.locator(f"[name={name}]")
    if await select.is_visible():
        await select.select_option(right)
        return
    for side, choices, wanted in (
        ("left", options.left, left),
        ("right", options.right, right),
    ):
        text = next(choice.text for choice in choices if choice.id == wanted)
        shown = re.compile(f"^\\d*{re.escape(text)}$")
        await press(page.locator(f".pair-{side} button", has_text=shown))


async def sort(page, options, prefix, word, group) -> None:
    """Tap the word and its group, or, without JavaScript, the radio button of the group."""
    radio = page.locator(f"[name={prefix}group-{word}][value={group}]")
    if await radio.is_visible():
        await press(radio)
        return
    box = page.locator("[data-categorise]", has=radio)
    text = next(choice.text for choice in options.words if choice.id == word)
    await press(box.locator(".category-bank").get_by_role("button", name=text, exact=True))
    place = [each.id for each in options.groups].index(group)
    await press(box.locator(".category-name").nth(place))


async def _tick(page, name, value) -> None:
    choice = page.locator(f"input[name={name}][value={value}]")
    if not await choice.is_checked():
        await press(choice)


async def _arrange(page, order, options, prefix) -> None:
    """Tap the tiles in order, or, without JavaScript, choose their places."""
    texts = {token.id: token.text for token in options.tokens}
    name = f"{prefix}position-{order[0]}"
    box = page.locator("[data-ordering]", has=page.locator(f"[name={name}]"))
    bank = box.locator(".ordering-bank")
    for place, token in enumerate(order, start=1):
        if await bank.count():
            await press(bank.get_by_role("button", name=texts[token], exact=True).first)
        else:
            await page.locator(f"[name={prefix}position-{token}]").select_option(str(place))
