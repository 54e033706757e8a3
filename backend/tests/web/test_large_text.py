"""Text at twice its size, without zoom: nothing is wider than a phone."""

import re

import pytest
from playwright.async_api import expect

from tests.web.collection import cards
from tests.web.learner import lessons
from tests.web.test_question_types import first_of

FIRST = next(iter(lessons()))
STUDY = {
    "cover": f"/lessons/{FIRST}",
    **{
        f"{section.kind} of {lesson.slug}": f"/lessons/{lesson.slug}/sections/{number}"
        for lesson in (lessons()["asking-about-people"], lessons()["the-passive-in-reports"])
        for number, section in enumerate(lesson.sections, start=1)
    },
    **{
        kind: first_of(kind)[0]
        for kind in (
            "multiple_choice",
            "multiple_answer",
            "cloze_choice",
            "matching",
            "ordering",
            "dictation",
            "categorise",
        )
    },
    "reading": first_of("reading")[0],
    "essay": first_of("essay")[0],
    "reviews": "/reviews",
    "reports": "/reports/mine",
    "home": "/",
    "cards": "/cards",
    "statistics": "/statistics",
    "settings": "/settings",
}
WIDEST = """() => {
    const wide = [...document.querySelectorAll("body *")].filter((element) => {
        const box = element.getBoundingClientRect();
        const scrolls = element.closest(".table, .chart-scroll, .visually-hidden");
        return box.width && box.right > innerWidth + 1 && !scrolls;
    });
    return document.documentElement.scrollWidth > innerWidth
        ? wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)) : [];
}"""


@pytest.mark.parametrize("width", [390, 320])
async def test_text_of_twice_the_size_fits_a_phone(learner, width):
    sari = await learner("phone", service_workers="block")  # it would serve the style sheet itself
    page = sari.page
    await page.set_viewport_size({"width": width, "height": 844})
    await page.route(re.compile("/static/[a-z]+[.]css"), double)
    found = {}
    for name, path in STUDY.items():
        await page.goto(path)
        if wide := await page.evaluate(WIDEST):
            found[name] = wide
    path, item = first_of("translation")
    await page.goto(path)
    await sari.answer_wrongly(item)
    await expect(sari.verdict).to_be_visible()
    await page.get_by_text("Ada yang salah?").click()
    found |= {"feedback": wide} if (wide := await page.evaluate(WIDEST)) else {}
    await page.get_by_label("Ceritakan singkat").fill("Artinya sama.")
    await sari.press("Laporkan soal")
    await expect(page.get_by_role("status").filter(has_text="sudah terkirim")).to_be_visible()
    (card,) = [card for card in await cards(page) if card["item_type"] == "question"]
    await page.goto(f"/reviews?card={card['card_id']}")
    found |= {"asked card": wide} if (wide := await page.evaluate(WIDEST)) else {}
    await page.locator("[name=skip]").click()
    await expect(page.locator(".rating").first).to_be_visible()
    found |= {"graded card": wide} if (wide := await page.evaluate(WIDEST)) else {}
    assert not found, "\n".join(f"{name}: {each}" for name, wide in found.items() for each in wide)


async def double(route):
    """Serve the style sheet with a root of 32 px, as a browser set to large text shows it."""
    answer = await route.fetch()
    await route.fulfill(response=answer, body=await answer.text() + "html { font-size: 200% }")
