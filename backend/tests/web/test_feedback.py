"""What a learner sees after an answer: the stored one, marked, and still there after a reload."""

import re

import pytest
from playwright.async_api import expect

from tests.web.answering import choose_for_gap, fill, pair
from tests.web.learner import lessons
from tests.web.test_question_types import first_of

FIRST = "introducing-yourself"


async def test_an_attempt_sent_again_shows_its_first_answer(learner):
    sari = await learner()
    page = sari.page
    path, item = first_of("multiple_choice")
    key = item.answer_key
    await page.goto(path)
    attempt = await page.locator("[name=attempt_id]").get_attribute("value")
    wrong = next(choice for choice in "abc" if choice != key.choice)
    for choice in (wrong, key.choice):
        await page.request.post(path, form={"attempt_id": attempt, "choice": choice})
    await page.goto(f"{path}?attempt={attempt}")
    await expect(page.get_by_role("heading", name="Belum tepat")).to_be_visible()
    await expect(page.locator(f"input[value={wrong}]")).to_be_checked()
    await expect(page.locator(f"input[value={key.choice}]")).not_to_be_checked()


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_reload_keeps_the_feedback(scripts, learner):
    sari = await learner(java_script_enabled=scripts)
    page = sari.page
    path, item = first_of("multiple_choice")
    await page.goto(path)
    wrong = next(c.id for c in item.options.choices if c.id != item.answer_key.choice)
    await page.locator(f"input[value={wrong}]").check()
    await sari.press("Periksa jawaban")
    await expect(page).to_have_url(re.compile(rf"{path}\?attempt="))
    for _ in range(2):
        await expect(page.get_by_role("heading", name="Belum tepat")).to_be_visible()
        await expect(page.locator(f"input[value={wrong}]")).to_be_checked()
        await expect(page.get_by_role("button", name="Periksa jawaban")).to_have_count(0)
        await page.reload()


async def test_an_answer_of_somebody_else_is_not_shown(learner):
    sari, budi = await learner(), await learner()
    path, item = first_of("multiple_choice")
    await sari.page.goto(path)
    await sari.answer(item)
    await expect(sari.page.locator("#verdict")).to_be_visible()
    for address in (sari.page.url, f"{path}?attempt=xyz"):
        assert (await budi.page.goto(address)).status == 404


async def test_without_javascript_no_two_words_share_a_place(learner):
    sari = await learner(java_script_enabled=False)
    page = sari.page
    path, item = first_of("ordering")
    await page.goto(path)
    for token in item.answer_key.orders[0][:2]:
        await page.locator(f"[name=position-{token}]").select_option("1")
    await sari.press("Periksa jawaban")
    await expect(page.get_by_role("alert").first).to_have_text(
        "Pilih setiap urutan satu kali saja."
    )
    await expect(page.locator(f"[name=position-{token}]")).to_have_value("1")


async def test_each_gap_with_choices_is_marked_right_or_wrong(learner):
    sari = await learner()
    page = sari.page
    path, item = first_of("cloze_choice")
    right, choices = item.answer_key.gaps, item.options.gaps
    await page.goto(path)
    await fill(page, item)
    other = next(choice.id for choice in choices[0] if choice.id != right[0])
    await choose_for_gap(page, item.options, "gap-0", 0, other)
    await sari.press("Periksa jawaban")
    await expect(sari.verdict).to_have_text("Sebagian benar")
    await expect(page.locator("select.gap").first).to_have_class("gap is-wrong")
    await expect(page.locator("select.gap").nth(1)).to_have_class("gap is-right")
    await expect(page.locator(".model-answer li")).to_have_count(len(right))


async def test_the_pairs_of_a_matching_question_are_listed(learner):
    sari = await learner()
    path, item = first_of("matching")
    await sari.page.goto(path)
    left, right = next(iter(item.answer_key.pairs.items()))
    wrong = next(choice.id for choice in item.options.right if choice.id != right)
    await pair(sari.page, item.options, f"match-{left}", left, wrong)
    await sari.press("Periksa jawaban")
    await expect(sari.page.locator(".model-answer li")).to_have_count(len(item.answer_key.pairs))


async def test_a_text_box_that_was_made_larger_is_sent_without_complaint(learner):
    sari = await learner("desktop")
    page = sari.page
    path, item = first_of("translation")
    await page.goto(path)
    box = await page.locator("#text").bounding_box()
    x, y = box["x"] + box["width"] - 5, box["y"] + box["height"] - 5
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x, y + 120)
    await page.mouse.up()
    assert (await page.locator("#text").bounding_box())["height"] > box["height"] + 60
    await sari.answer(item)
    await expect(page.get_by_role("heading", name="Benar", exact=True)).to_be_visible()


async def test_what_says_to_press_again_does_not_cover_what_is_to_be_pressed(learner):
    rina = await learner("phone")
    page = rina.page
    lesson = next(iter(lessons().values()))
    await page.goto(f"/lessons/{lesson.slug}/questions/1")
    await page.locator("form [data-primary]").click()
    await expect(page.get_by_role("alert").filter(has_text="Jawab dulu")).to_be_focused()
    await fill(page, lesson.questions[0])
    # As htmx does on a lost connection, which the browser would complain of.
    await page.locator("[data-question]").evaluate(
        "form => form.dispatchEvent(new CustomEvent('htmx:error', { bubbles: true }))"
    )
    notice = page.get_by_role("alert").filter(has_text="Tidak ada sambungan")
    for shown in (page.locator(".step-bar a"), page.locator(".stem"), page.locator("form .button")):
        place, bar = await shown.bounding_box(), await notice.bounding_box()
        assert place["y"] + place["height"] <= bar["y"] or bar["y"] + bar["height"] <= place["y"]
    await notice.get_by_role("button", name="Coba lagi").click()
    await expect(rina.verdict).to_have_text("Benar")
    await expect(notice).to_be_hidden()


async def test_one_right_answer_is_shown_and_what_else_is_right_is_folded(learner):
    sari = await learner("phone")
    page = sari.page
    number = next(
        number
        for number, item in enumerate(lessons()["asking-about-people"].questions, start=1)
        if "We are not university students" in getattr(item.answer_key, "accepted", ())
    )
    await page.goto(f"/lessons/asking-about-people/questions/{number}")
    await page.locator("[name=text]").fill("students university not we")
    await sari.press("Periksa jawaban")
    nearest = page.get_by_text("Jawaban yang tepat: “We are not university students”")
    await expect(nearest).to_be_visible()
    await expect(page.get_by_text("Jawaban yang benar")).to_have_count(0)
    await expect(page.get_by_text("Juga benar")).to_be_hidden()
    await page.get_by_text("Selengkapnya").click()
    await expect(page.get_by_text("Juga benar")).to_be_visible()
    await expect(page.get_by_text("We are not students", exact=True)).to_be_visible()


async def test_the_hint_at_the_words_is_given_twice(learner):
    sari = await learner("phone")
    slug = next(iter(lessons()))
    seen = []
    for number in (1, 2, 3):
        await sari.page.goto(f"/lessons/{slug}/sections/{number}")
        seen.append(await sari.page.locator("[data-tap-hint]").is_visible())
    assert seen == [True, True, False]


async def test_a_lost_connection_is_told_until_it_is_back_or_closed(learner):
    page = (await learner("phone")).page
    notice = page.get_by_role("alert").filter(has_text="Tidak ada sambungan")
    await page.context.set_offline(offline=True)
    await expect(notice).to_be_visible()
    await expect(notice.get_by_role("button", name="Coba lagi")).to_be_hidden()
    await page.context.set_offline(offline=False)
    await expect(notice).to_be_hidden()
    await page.context.set_offline(offline=True)
    await notice.get_by_role("button", name="Tutup pesan ini").click()
    await expect(notice).to_be_hidden()


async def test_the_next_step_begins_at_its_top_at_once(learner):
    page = (await learner("phone")).page
    await page.goto(f"/lessons/{next(iter(lessons()))}/sections/1")
    depth = await page.evaluate(
        """() => new Promise((resolve) => {
            scrollTo(0, 1000);
            document.addEventListener("htmx:after:swap", () => {
                requestAnimationFrame(() => resolve(scrollY));
            });
            document.querySelector("[data-primary]").click();
        })"""
    )
    assert depth == 0


async def test_a_slow_answer_shows_that_it_is_on_its_way(learner):
    sari = await learner("phone")
    page, item = sari.page, lessons()[FIRST].questions[0]
    await page.goto(f"/lessons/{FIRST}/questions/1")
    await fill(page, item)
    bar = "() => getComputedStyle(document.body, '::before').animationName"
    seen = []

    async def slowly(route):
        seen.append(await page.evaluate(bar))
        await route.continue_()

    await page.route("**/questions/1", slowly)
    await page.locator("form [data-primary]").click()
    await expect(sari.verdict).to_be_visible()
    assert seen == ["pending"]
    assert await page.evaluate(bar) == "none"


async def test_right_answers_in_a_row_are_noticed(learner):
    sari = await learner()
    page, said = sari.page, []
    for number, item in enumerate(lessons()[FIRST].questions[:5], start=1):
        await page.goto(f"/lessons/{FIRST}/questions/{number}")
        await sari.answer(item)
        await expect(sari.verdict).to_have_text("Benar")
        said.append(await page.locator(".run").all_inner_texts())
    assert said == [
        [],
        [],
        ["Tiga benar berturut-turut. Mantap!"],
        [],
        ["Lima benar berturut-turut. Hebat!"],
    ]
    await page.goto(f"/lessons/{FIRST}/questions/1")
    await sari.answer_wrongly(lessons()[FIRST].questions[0])
    await expect(sari.verdict).to_have_text("Belum tepat")
    await expect(page.locator(".run")).to_have_count(0)


async def test_a_graded_answer_sounds_once_unless_the_device_is_quiet(learner):
    sari = await learner()
    page = sari.page
    await page.context.add_init_script(
        """
        window.sounds = 0;
        const start = OscillatorNode.prototype.start;
        OscillatorNode.prototype.start = function (...when) { window.sounds += 1; start.apply(this, when); };
        """
    )
    path, item = first_of("true_false")
    await page.goto(path)
    await sari.answer(item)
    await expect(sari.verdict).to_have_text("Benar")
    assert await page.evaluate("window.sounds") == 2
    await page.reload()
    await expect(sari.verdict).to_have_text("Benar")
    assert await page.evaluate("window.sounds") == 0
    await page.goto("/settings")
    switch = page.get_by_label("Bunyi dan getar")
    await expect(switch).to_be_checked()
    await switch.uncheck()
    await page.goto(path)
    await sari.answer(item)
    await expect(sari.verdict).to_have_text("Benar")
    assert await page.evaluate("window.sounds") == 0
    await page.goto("/settings")
    await expect(switch).not_to_be_checked()
