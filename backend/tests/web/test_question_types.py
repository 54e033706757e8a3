"""Every question type of the curriculum: answered right and wrong, with and without JavaScript."""

import re

import pytest
from playwright.async_api import expect

from app.questions.types import QUESTION_TYPES
from tests.web.answering import MARKED, fill, press
from tests.web.barriers import check
from tests.web.learner import lessons

GRADED = [kind for kind in QUESTION_TYPES if kind not in MARKED]
SIZES = {kind: ("phone", "desktop")[n % 2] for n, kind in enumerate(QUESTION_TYPES)}


def first_of(kind, is_fit=lambda item: True):
    """Return address and file of the first question of a kind in the curriculum."""
    return next(
        (f"/lessons/{slug}/questions/{number}", item)
        for slug, lesson in lessons().items()
        for number, item in enumerate(lesson.questions, start=1)
        if item.type == kind and is_fit(item)
    )


@pytest.mark.parametrize("kind", QUESTION_TYPES)
async def test_each_type_is_answered_by_touch(kind, learner):
    sari = await learner("phone", has_touch=True, is_mobile=True)
    path, item = first_of(kind)
    await sari.page.goto(path)
    await fill(sari.page, item)
    await press(sari.page.locator("form [data-primary]"))
    await expect(sari.verdict).to_have_text("Terkirim" if kind in MARKED else "Benar")


@pytest.mark.parametrize("kind", QUESTION_TYPES)
async def test_a_right_answer_is_told_to_be_right(kind, learner):
    sari = await learner(SIZES[kind])
    path, item = first_of(kind)
    await sari.page.goto(path)
    await expect(sari.page.get_by_role("heading", level=1)).to_have_count(1)
    await sari.answer(item)
    await expect(sari.verdict).to_have_text("Terkirim" if kind in MARKED else "Benar")
    await expect(sari.page.get_by_role("heading", level=1)).to_have_count(1)
    await expect(sari.verdict).to_be_focused()
    await expect(sari.page.locator(".is-wrong, del")).to_have_count(0)


@pytest.mark.parametrize("has_script", [True, False])
async def test_an_essay_of_a_few_words_is_sent_after_a_question(learner, has_script):
    sari = await learner(java_script_enabled=has_script)
    path, item = first_of("essay")
    await sari.page.goto(path)
    await sari.page.locator("[name=text]").fill("Short.")
    await sari.press("Kirim jawaban")
    asked = f"Baru 1 kata dari sedikitnya {item.options.min_words}."
    await expect(sari.page.get_by_role("alert").filter(has_text=asked)).to_be_visible()
    await expect(sari.page.locator("[name=text]")).to_have_value("Short.")
    await sari.press("Tetap kirim")
    await expect(sari.verdict).to_have_text("Terkirim")


@pytest.mark.parametrize("kind", GRADED)
async def test_a_wrong_answer_shows_what_is_right_and_why(kind, learner):
    sari = await learner(SIZES[kind])
    path, item = first_of(kind)
    await sari.page.goto(path)
    await sari.answer_wrongly(item)
    await expect(sari.verdict).to_have_text("Belum tepat")
    await expect(sari.verdict).to_be_focused()
    explanation = re.split("[“-]", item.translations.id.explanation)[0][:20].strip()
    await expect(sari.page.locator(".feedback")).to_contain_text(explanation)
    await expect(sari.page.locator("[data-question] [data-primary]")).to_have_count(0)
    shown = sari.page.locator(
        ".is-right, .is-missed, .model-answer, .feedback ins, .part-feedback, .feedback .quoted"
    )
    assert await shown.count()


@pytest.mark.parametrize("kind", QUESTION_TYPES)
async def test_an_empty_form_is_not_graded_and_a_skipped_one_shows_its_answer(kind, learner):
    sari = await learner(SIZES[kind])
    path, _ = first_of(kind)
    await sari.page.goto(path)
    await sari.page.locator("[data-question] [data-primary]").click()
    await expect(sari.page.get_by_role("alert").first).to_be_visible()
    await expect(sari.verdict).to_have_count(0)
    await sari.page.get_by_role("button", name=re.compile("Saya belum tahu|Lewati")).click()
    await expect(sari.verdict).to_have_text(re.compile("Tidak apa-apa|dilewati"))
    shown = sari.page.locator(".model-answer, .is-missed, .part-feedback, .explanation")
    await expect(shown.first).to_be_visible()


@pytest.mark.parametrize("kind", QUESTION_TYPES)
async def test_without_javascript_every_form_is_answered_and_shown_again(kind, learner):
    sari = await learner(SIZES[kind], java_script_enabled=False)
    path, item = first_of(kind)
    await sari.page.goto(path)
    await sari.answer(item)
    await expect(sari.page).to_have_url(re.compile(r"\?attempt="))
    await expect(sari.verdict).to_have_text("Terkirim" if kind in MARKED else "Benar")
    await sari.page.reload()
    await expect(sari.verdict).to_have_text("Terkirim" if kind in MARKED else "Benar")


async def test_feedback_comes_in_one_round_trip_with_the_address_of_the_answer(learner):
    sari = await learner()
    path, item = first_of("multiple_choice")
    await sari.page.goto(path)
    await fill(sari.page, item)
    requests = []
    sari.page.on("request", lambda request: requests.append(f"{request.method} {request.url}"))
    await sari.page.locator("[data-question] [data-primary]").click()
    await expect(sari.verdict).to_be_visible()
    await expect(sari.page).to_have_url(re.compile(rf"{path}\?attempt="))
    pages = [request for request in requests if "/static/" not in request]
    assert len(pages) == 1, pages
    assert pages[0].startswith("POST")


async def choices_of(page):
    """Return the choices in the order in which they are shown."""
    return await page.locator("[data-choices] input").evaluate_all("all => all.map(i => i.value)")


async def test_choices_stand_in_the_learners_own_order_on_every_look_and_device(learner, visit):
    sari = await learner()
    path, item = first_of("multiple_choice", lambda item: len(item.options.choices) > 3)
    await sari.page.goto(path)
    order = await choices_of(sari.page)
    await sari.page.reload()
    assert await choices_of(sari.page) == order
    elsewhere = type(sari)(await visit("desktop"))
    elsewhere.email = sari.email
    await elsewhere.sign_in()
    await expect(elsewhere.page).to_have_url(re.compile("/$"))
    await elsewhere.page.goto(path)
    assert await choices_of(elsewhere.page) == order
    await sari.answer(item)
    await expect(sari.verdict).to_be_visible()
    assert await choices_of(sari.page) == order
    await sari.page.reload()
    assert await choices_of(sari.page) == order


async def test_learners_get_different_orders(learner):
    path, _ = first_of("multiple_choice", lambda item: len(item.options.choices) > 3)
    orders = set()
    for _ in range(6):
        sari = await learner()
        await sari.page.goto(path)
        orders.add(tuple(await choices_of(sari.page)))
    assert len(orders) > 1


async def test_a_forgiven_typo_is_right_and_shown(learner):
    sari = await learner()
    long_word = re.compile(r"\b[a-z]{8,}\b")
    path, item = first_of("dictation", lambda item: long_word.search(item.answer_key.accepted[0]))
    word = long_word.search(item.answer_key.accepted[0])[0]
    typo = word[:4] + word[5:]
    await sari.page.goto(path)
    await sari.page.locator("[name=text]").fill(item.answer_key.accepted[0].replace(word, typo))
    await sari.page.locator("form [data-primary]").click()
    await expect(sari.verdict).to_have_text("Benar, hanya salah ketik")
    await expect(sari.page.locator(".diff del")).to_contain_text(typo)
    await expect(sari.page.locator(".diff ins")).to_contain_text(word)


async def test_an_unchanged_sentence_is_sent_back_without_using_up_the_attempt(learner):
    sari = await learner()
    path, item = first_of("error_correction")
    await sari.page.goto(path)
    box = sari.page.locator("[name=text]")
    await expect(box).to_have_value(item.options.text)
    await sari.page.locator("form [data-primary]").click()
    await expect(sari.page.get_by_role("alert").first).to_contain_text("belum berubah")
    await box.fill("Something else")
    await sari.press("Kembalikan kalimat semula")
    await expect(box).to_have_value(item.options.text)


async def test_a_translation_is_asked_for_in_the_right_language(learner):
    sari = await learner()
    for direction, given, answered in (("to_english", "id", "en"), ("to_indonesian", "en", "id")):
        path, _ = first_of("translation", lambda item, way=direction: item.options.direction == way)
        await sari.page.goto(path)
        await expect(sari.page.locator("blockquote")).to_have_attribute("lang", given)
        await expect(sari.page.locator("[name=text]")).to_have_attribute("lang", answered)


async def test_an_essay_counts_its_words_and_shows_what_is_looked_at(learner):
    sari = await learner()
    path, item = first_of("essay")
    await sari.page.goto(path)
    await sari.page.locator("[name=text]").fill("I like tea.")
    await expect(sari.page.locator("#word-count")).to_contain_text("Sekarang 3 kata")
    await expect(sari.page.locator("#word-count")).to_contain_text(str(item.options.min_words))
    await sari.page.get_by_text("Yang akan dinilai guru").click()
    await expect(sari.page.get_by_text(item.options.rubric[0].name.id)).to_be_visible()
    await sari.page.locator("[name=text]").fill("I like tea. " * item.options.min_words)
    await sari.page.locator("form [data-primary]").click()
    await expect(sari.page.locator(".feedback")).to_contain_text("dinilai oleh guru")


async def test_a_dictation_is_heard_again_after_grading(learner):
    sari = await learner()
    path, item = first_of("dictation")
    await sari.page.goto(path)
    await expect(sari.page.get_by_role("button", name="Lebih pelan")).to_be_visible()
    await sari.answer(item)
    await expect(sari.verdict).to_be_visible()
    await expect(sari.page.get_by_role("button", name="Dengarkan", exact=True)).to_be_enabled()


# A device's voice: what it is told to say is noted, and it may fail.
VOICE = """
    window.said = [];
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    speechSynthesis.getVoices = () => [{ lang: "en-GB" }];
    speechSynthesis.speak = (utterance) => {
        said.push([utterance.text, utterance.rate]);
        if (FAILS) utterance.onerror({ error: "synthesis-failed" });
    };
"""


async def test_a_dictation_is_said_once_by_itself_and_slowly_on_request(learner):
    sari = await learner("phone")
    await sari.page.add_init_script(VOICE.replace("FAILS", "false"))
    path, item = first_of("dictation")
    await sari.page.goto(path)
    await sari.press("Lebih pelan")
    speech = item.options.speech
    assert await sari.page.evaluate("said") == [[speech, 0.9], [speech, 0.6]]
    await sari.answer(item)
    await expect(sari.verdict).to_be_visible()
    assert len(await sari.page.evaluate("said")) == 2


async def test_a_device_without_a_voice_says_so_once_and_hides_its_buttons(learner):
    sari = await learner("phone")
    await sari.page.add_init_script(VOICE.replace("FAILS", "true"))
    await sari.page.goto("/lessons/asking-about-people/sections/3")
    speakers = sari.page.locator("[data-speak]")
    # On its edge: where the text will be once the button is gone.
    await speakers.first.click(position={"x": 2, "y": 22})
    note = sari.page.get_by_text("tidak punya suara bahasa Inggris")
    await expect(note).to_be_visible()
    await expect(speakers.first).to_be_hidden()
    await expect(sari.page.locator("dialog")).to_be_hidden()
    await sari.page.locator("[data-primary]").click()
    await expect(note).to_be_hidden()
    await expect(speakers.first).to_be_hidden()


async def test_a_browser_that_cannot_speak_says_so(visit, learner):
    sari = await learner(java_script_enabled=False)
    path, _ = first_of("dictation")
    await sari.page.goto(path)
    await expect(sari.page.get_by_text("tidak bisa membacakan")).to_be_visible()
    await sari.press("Lewati soal ini")
    await expect(sari.verdict).to_be_visible()


async def test_a_recording_is_kept_played_back_and_sent(learner):
    sari = await learner()
    path, _ = first_of("speaking")
    await sari.page.goto(path)
    await sari.press("Mulai merekam")
    await expect(sari.page.get_by_text("Sisa")).to_be_visible()
    await expect(sari.page.locator("[data-question] [data-primary]")).to_be_disabled()
    await sari.press("Selesai merekam")
    await expect(sari.page.get_by_text("Rekaman tersimpan")).to_be_visible()
    player = sari.page.locator("[data-recorder] audio")
    kept = await player.get_attribute("src")
    assert (await sari.page.request.get(kept)).headers["content-type"] == "audio/webm"
    await sari.page.get_by_label("Catatan untuk guru").fill("I was a little nervous.")
    await sari.page.locator("form [data-primary]").click()
    await expect(sari.verdict).to_have_text("Terkirim")
    assert await sari.page.locator("audio").get_attribute("src") == kept
    await expect(sari.page.get_by_text("I was a little nervous.")).to_be_visible()


async def test_without_a_microphone_a_file_is_chosen(learner):
    sari = await learner()
    path, _ = first_of("speaking")
    await sari.page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('denied'))"
    )
    await sari.page.goto(path)
    await expect(sari.page.get_by_label("Berkas rekaman suara")).to_be_hidden()
    await sari.press("Mulai merekam")
    await expect(sari.page.get_by_text("Mikrofon tidak bisa dipakai")).to_be_visible()
    await expect(sari.page.get_by_label("Berkas rekaman suara")).to_be_visible()


async def test_a_file_that_is_no_sound_is_refused_with_a_reason(learner, tmp_path):
    sari = await learner(java_script_enabled=False)
    path, _ = first_of("speaking")
    await sari.page.goto(path)
    (tmp_path / "notes.wav").write_text("not a sound")
    await sari.page.locator("[name=audio]").set_input_files(tmp_path / "notes.wav")
    await sari.page.locator("form [data-primary]").click()
    await expect(sari.page.get_by_role("alert").first).to_be_visible()
    await expect(sari.verdict).to_have_count(0)


async def test_pairs_are_made_and_parted_by_tapping_and_by_keyboard(learner):
    sari = await learner("phone")
    page = sari.page
    path, item = first_of("matching")
    await page.goto(path)
    left, right = page.locator(".pair-left button"), page.locator(".pair-right button")
    chosen = page.locator(f"[name=match-{item.options.left[0].id}]")

    await left.first.click()
    await expect(left.first).to_have_attribute("aria-pressed", "true")
    await right.nth(1).click()
    await expect(left.first).to_have_attribute("data-pair", "0")
    await expect(right.nth(1)).to_have_attribute("data-pair", "0")
    await expect(chosen).not_to_have_value("")
    text = item.options.left[0].text
    await expect(left.first).to_have_accessible_name(re.compile(f"^{text}, berpasangan dengan "))

    await left.nth(1).click()
    await right.nth(1).click()  # of another pair: the tap parts it
    await expect(chosen).to_have_value("")
    await expect(right.nth(1)).not_to_have_attribute("data-pair", "0")

    await right.first.focus()
    await page.keyboard.press("Enter")
    await left.first.focus()
    await page.keyboard.press("Space")
    await expect(left.first).to_have_attribute("data-pair", "0")
    await expect(chosen).not_to_have_value("")
    await page.keyboard.press("Space")
    await expect(chosen).to_have_value("")


async def test_a_gap_is_filled_from_its_bank_and_filled_anew(learner):
    sari = await learner("phone", has_touch=True, is_mobile=True)
    page = sari.page
    path, _ = first_of("cloze_choice")
    await page.goto(path)
    gaps, bank = page.locator(".gap-button"), page.locator(".cloze-bank button")
    first, second = page.locator("[name=gap-0]"), page.locator("[name=gap-1]")
    await expect(page.locator("select.gap").first).to_be_hidden()
    await expect(gaps.first).to_have_attribute("aria-pressed", "true")
    texts = await bank.all_inner_texts()
    await bank.first.tap()
    await expect(gaps.first).to_have_text(texts[0])
    await expect(first).not_to_have_value("")
    await expect(gaps.nth(1)).to_have_attribute("aria-pressed", "true")
    await expect(second).to_have_value("")
    await gaps.first.tap()
    await bank.nth(1).tap()
    await expect(gaps.first).to_have_text(texts[1])
    await expect(gaps.nth(1)).to_have_attribute("aria-pressed", "true")
    await expect(gaps.first).to_have_accessible_name(f"Rumpang 1: {texts[1]}")


async def test_a_question_about_a_reading_shows_its_text_in_lesson_and_review(learner):
    sari = await learner("phone")
    page = sari.page
    path, item = first_of("multiple_answer", lambda item: item.about)
    options = next(
        q.options for each in lessons().values() for q in each.questions if q.slug == item.about
    )
    fold = page.locator(".passage-fold")
    await page.goto(path)
    await expect(fold).to_have_attribute("open", "")
    await expect(fold.locator("summary")).to_have_text(options.passage.title)
    await expect(fold.locator(".prose")).to_contain_text(options.passage.text.split(".")[0])
    await check(page, "a question about a reading")
    await sari.answer_wrongly(item)
    await expect(sari.verdict).to_have_text(re.compile("Belum tepat|Sebagian"))
    await expect(fold).not_to_have_attribute("open", "")
    await page.goto("/reviews")
    await expect(fold.locator(".prose")).to_contain_text(options.passage.text.split(".")[0])


async def test_words_to_be_sorted_are_chosen_by_arrows_and_taken_back(learner):
    sari = await learner("desktop")
    path, item = first_of("categorise")
    await sari.page.goto(path)
    bank = sari.page.locator(".category-bank button")
    taken = sari.page.locator(".category-bank [aria-pressed=true]")
    words = await bank.all_inner_texts()
    await expect(taken).to_have_text(words[0])
    await bank.first.focus()
    await sari.page.keyboard.press("ArrowRight")
    await expect(taken).to_have_text(words[1])
    await expect(taken).to_be_focused()
    await sari.page.keyboard.press("2")
    box = sari.page.locator(".category").nth(1)
    await expect(box.get_by_role("button", name=words[1])).to_be_visible()
    await expect(sari.page.get_by_role("status").filter(has_text=words[1])).to_have_count(1)
    await expect(bank).to_have_count(len(words) - 1)
    await sari.page.keyboard.press("Backspace")
    await expect(taken).to_have_text(words[1])
    await sari.page.keyboard.press("1")
    await sari.page.locator(".category").first.get_by_role("button", name=words[1]).click()
    await expect(bank).to_have_count(len(words))
    assert not await sari.page.locator("[name^=group-]:checked").count()
    assert item.type == "categorise"


async def test_a_word_in_the_wrong_group_names_its_own(learner):
    sari = await learner("phone")
    path, item = first_of("categorise")
    await sari.page.goto(path)
    await sari.answer_wrongly(item)
    names = {group.id: group.name.id for group in item.options.groups}
    for word in item.options.words:
        shown = sari.page.locator(".category-word", has_text=re.compile(f"^{word.text}\\s"))
        await expect(shown).to_contain_text(f"→ {names[item.answer_key.places[word.id]]}")
