"""Work in progress outlasts a reload, the way out, an ended session and a lost connection."""

import re

import pytest
from playwright.async_api import expect

from tests.web.answering import fill
from tests.web.learner import PASSWORD
from tests.web.test_question_types import first_of

TEXT = "My grandmother sells fried bananas at the market near our house."


async def drafts(page):
    return await page.evaluate("Object.keys(localStorage).filter((key) => key.includes('draft'))")


async def open_essay(learner):
    sari = await learner()
    path, _ = first_of("essay")
    await sari.page.goto(path)
    return sari, path, sari.page.locator("[name=text]")


async def test_an_essay_is_there_again_after_a_reload_and_after_leaving(learner):
    sari, path, essay = await open_essay(learner)
    await essay.fill(TEXT)
    await sari.page.reload()
    await expect(essay).to_have_value(TEXT)
    await expect(sari.page.locator("[data-draft-note]")).to_be_visible()
    await sari.page.locator(".step-bar a").click()
    await expect(sari.page).to_have_url(re.compile("/lessons/[a-z-]+$"))
    await sari.page.goto(path)
    await expect(essay).to_have_value(TEXT)
    await essay.fill("")
    await sari.page.reload()
    await expect(essay).to_have_value("")
    assert await drafts(sari.page) == []


async def test_an_answer_sent_after_the_session_ended_waits_behind_the_sign_in(learner):
    sari, path, essay = await open_essay(learner)
    await essay.fill(TEXT)
    await sari.page.context.clear_cookies()
    await sari.page.locator("form [data-primary]").click()
    await expect(sari.page).to_have_url(re.compile("/sign-in"))
    await sari.page.get_by_label("Alamat email").fill(sari.email)
    await sari.page.get_by_label("Kata sandi").fill(PASSWORD)
    await sari.press("Masuk")
    await expect(sari.page).to_have_url(re.compile(path))
    await expect(essay).to_have_value(TEXT)


async def test_a_lost_connection_loses_nothing_and_what_is_stored_is_no_draft(learner):
    sari, _, essay = await open_essay(learner)
    await essay.fill(TEXT * 4)
    await sari.page.context.set_offline(offline=True)
    await sari.page.evaluate(
        "document.dispatchEvent(new CustomEvent('htmx:error', { bubbles: true }))"
    )
    assert len(await drafts(sari.page)) == 1
    await sari.page.context.set_offline(offline=False)
    await sari.page.reload()
    await expect(essay).to_have_value(TEXT * 4)
    await sari.page.locator("form [data-primary]").click()
    await expect(sari.verdict).to_be_visible()
    assert await drafts(sari.page) == []


@pytest.mark.parametrize("kind", ["multiple_answer", "cloze_choice", "matching", "ordering"])
async def test_what_was_chosen_is_kept_as_well(learner, kind):
    sari = await learner()
    path, item = first_of(kind)
    await sari.page.goto(path)
    form = sari.page.locator("[data-question]")
    await fill(sari.page, item)
    answered = await form.evaluate("(form) => [...new FormData(form)].slice(3).join()")
    await sari.page.reload()
    await expect(sari.page.locator("[data-draft-note]")).to_be_visible()
    assert await form.evaluate("(form) => [...new FormData(form)].slice(3).join()") == answered
    await sari.page.locator("form [data-primary]").click()
    await expect(sari.verdict).to_have_text("Benar")


async def test_signing_out_and_another_account_leave_no_draft(learner):
    sari, _, essay = await open_essay(learner)
    await essay.fill(TEXT)
    await sari.page.goto("/settings")
    await sari.press("Keluar")
    await expect(sari.page).to_have_url(re.compile("/$"))
    assert await drafts(sari.page) == []

    foreign = "lancar:draft:somebody-else:1"
    await sari.page.evaluate(f"localStorage.setItem('{foreign}', '{{\"at\": {10**13}}}')")
    await sari.sign_in()
    await expect(sari.page).to_have_url(re.compile("/$"))
    assert await drafts(sari.page) == []
