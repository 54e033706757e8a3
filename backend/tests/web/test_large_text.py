"""Text at twice its size, without zoom: nothing is wider than a phone."""

import pytest

from tests.web.learner import lessons
from tests.web.test_question_types import first_of

FIRST = next(iter(lessons()))
STUDY = {
    "cover": f"/lessons/{FIRST}",
    "explanation": f"/lessons/{FIRST}/sections/1",
    "dialogue": f"/lessons/{FIRST}/sections/5",
    "words": f"/lessons/{FIRST}/sections/7",
    **{
        kind: first_of(kind)[0]
        for kind in ("multiple_choice", "cloze_choice", "matching", "ordering", "dictation")
    },
    "reading": first_of("reading")[0],
    "essay": first_of("essay")[0],
    "reviews": "/reviews",
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
    page = (await learner("phone")).page
    await page.set_viewport_size({"width": width, "height": 844})
    await page.route("**/static/lancar.css*", double)
    found = {}
    for name, path in STUDY.items():
        await page.goto(path)
        if wide := await page.evaluate(WIDEST):
            found[name] = wide
    assert not found, "\n".join(f"{name}: {each}" for name, wide in found.items() for each in wide)


async def double(route):
    """Serve the style sheet with a root of 32 px, as a browser set to large text shows it."""
    answer = await route.fetch()
    await route.fulfill(response=answer, body=await answer.text() + "html { font-size: 200% }")
