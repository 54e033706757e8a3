"""The placement test in a real browser, from the offer after sign-up to the first lesson."""

import re
from functools import cache

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from app.domain.placement.irt import item_difficulty
from app.models import PlacementTest, Question, QuestionAttempt, User
from tests.web.answering import fill
from tests.web.barriers import check
from tests.web.learner import Learner, lessons

UNKNOWN = "Saya belum tahu"


@cache
def items():
    """Return the questions of the content files with their lesson's level, by slug."""
    return {
        item.slug: (item, item.level or lesson.level)
        for lesson in lessons().values()
        for item in lesson.questions
    }


@pytest.fixture
def newcomer(visit):
    """Make somebody who has signed up and has not chosen a level."""

    async def sign_up(size="phone", **options):
        someone = Learner(await visit(size, **options))
        await someone.sign_up()
        await someone.skip_to_level()
        return someone

    return sign_up


async def begin(sari):
    await sari.follow("Ikuti tes penempatan")
    await expect(sari.page.get_by_role("heading", level=1)).to_have_text("Tes penempatan")
    await sari.press("Mulai tes")
    await expect(sari.page).to_have_url(re.compile("/placement/question$"))


async def open_item(page, database):
    """Return the content of the question that is open, and its difficulty on the scale."""
    question_id = await page.locator("[name=question]").get_attribute("value")
    async with database.sessions() as db:
        slug = await db.scalar(select(Question.slug).where(Question.id == question_id))
    item, level = items()[slug]
    return item, item_difficulty(level, item.difficulty)


async def take(sari, database, ability):
    """Answer right what is easier than `ability`, and say of the rest that it is not known."""
    page, number, kinds, far = sari.page, 1, [], 0.0
    while True:
        heading = page.get_by_role("heading", level=1)
        await expect(heading).to_have_text(re.compile(rf"Soal {number}$|Kamu mulai dari"))
        if "/placement/result" in page.url:
            assert "reading" not in kinds[:-1]  # one at most, and that the last
            return number - 1
        item, difficulty = await open_item(page, database)
        kinds.append(item.type)
        so_far = await page.locator(".step-bar progress").evaluate("bar => bar.value / bar.max")
        assert so_far > far or number == 1  # it only grows
        far = so_far
        if difficulty < ability:
            await fill(page, item)
            await page.get_by_role("button", name="Lanjut").click()
        else:
            await sari.press(UNKNOWN)
        number += 1


@pytest.mark.parametrize(
    ("size", "ability", "level"),
    [("phone", -0.6, "A2"), ("desktop", 0.6, "B1"), ("phone", -4, "A1")],
)
async def test_a_newcomer_is_placed_and_begins_there(newcomer, site_database, size, ability, level):
    sari = await newcomer(size)
    await begin(sari)
    answered = await take(sari, site_database, ability)
    assert 8 <= answered <= 20
    await expect(sari.page.get_by_role("heading", level=1)).to_contain_text(f"mulai dari {level}")
    onward = sari.page.get_by_role("link", name="Mulai belajar")
    await expect(onward).to_be_in_viewport(ratio=1)  # nothing lies over the way on
    await onward.click()
    await expect(sari.page.get_by_text("Cukup satu pelajaran untuk memulai")).to_be_visible()
    await expect(sari.page.locator(".unit-here .label")).to_contain_text(level)
    async with site_database.sessions() as db:
        user = await db.scalar(select(User).where(User.email == sari.email))
        mine = (QuestionAttempt.user_id == user.id, QuestionAttempt.context == "placement")
        attempts = (await db.scalars(select(QuestionAttempt).where(*mine))).all()
    assert (user.current_level, len(attempts)) == (level, answered)


async def test_a_reload_and_another_device_show_the_same_question(newcomer, visit, site_database):
    sari = await newcomer()
    await begin(sari)
    await sari.press(UNKNOWN)
    heading = sari.page.get_by_role("heading", level=1)
    await expect(heading).to_have_text("Soal 2")
    await expect(heading).to_be_focused()
    shown = await sari.page.locator("form.question").inner_text()
    await sari.page.reload()
    assert await sari.page.locator("form.question").inner_text() == shown
    elsewhere = Learner(await visit("phone"))
    elsewhere.email = sari.email
    await elsewhere.sign_in()
    await elsewhere.page.goto("/placement")
    await expect(elsewhere.page.get_by_role("status")).to_contain_text("1 soal")
    await elsewhere.follow("Lanjutkan tes")
    assert await elsewhere.page.locator("form.question").inner_text() == shown
    await elsewhere.press(UNKNOWN)
    await expect(elsewhere.page.get_by_role("heading", level=1)).to_have_text("Soal 3")
    await sari.press(UNKNOWN)  # the same question, answered there already
    await expect(heading).to_have_text("Soal 3")
    async with site_database.sessions() as db:
        mine = select(User.id).where(User.email == sari.email).scalar_subquery()
        given = await db.scalars(select(QuestionAttempt).where(QuestionAttempt.user_id == mine))
        assert len(given.all()) == 2


async def test_nothing_answered_is_asked_for_and_nothing_is_judged(newcomer):
    sari = await newcomer()
    await begin(sari)
    await sari.page.locator("[data-primary]").click()
    await expect(sari.page.get_by_role("alert")).to_contain_text("Jawab dulu")
    await sari.press(UNKNOWN)
    await expect(sari.page.get_by_role("heading", level=1)).to_have_text("Soal 2")
    await expect(sari.page.locator(".feedback, .is-right, .is-wrong, #verdict")).to_have_count(0)


async def test_the_test_works_without_javascript(newcomer, site_database):
    sari = await newcomer(java_script_enabled=False)
    await begin(sari)
    await take(sari, site_database, -4)
    await expect(sari.page.get_by_role("heading", level=1)).to_contain_text("A1")


async def test_a_test_can_be_stopped_and_taken_again(newcomer, site_database):
    sari = await newcomer()
    await begin(sari)
    await sari.press(UNKNOWN)
    await expect(sari.page.get_by_role("heading", level=1)).to_have_text("Soal 2")
    await sari.page.get_by_role("link", name="Keluar dari tes").click()
    await sari.press("Hentikan tes ini")
    await expect(sari.page).to_have_url(re.compile("/level$"))
    await sari.choose_level("B1")
    await sari.page.goto("/settings")
    await begin(sari)
    await take(sari, site_database, -4)
    await sari.follow("Ulangi tes")
    await expect(sari.page.get_by_text("Hasil tesmu yang terakhir: A1")).to_be_visible()
    await sari.press("Ulangi tes")
    await expect(sari.page.get_by_role("heading", level=1)).to_have_text("Soal 1")
    async with site_database.sessions() as db:
        mine = select(User.id).where(User.email == sari.email).scalar_subquery()
        tests = await db.scalars(select(PlacementTest.status).where(PlacementTest.user_id == mine))
        assert sorted(tests) == ["abandoned", "finished", "open"]


@pytest.mark.parametrize("size", ["phone", "desktop"])
async def test_the_pages_have_no_grave_barrier(newcomer, site_database, size):
    sari = await newcomer(size)
    await check(sari.page, "/level")
    await begin(sari)
    await check(sari.page, "question of the placement test")
    await sari.page.goto("/placement")
    await check(sari.page, "/placement with an open test")
    await sari.follow("Lanjutkan tes")
    await take(sari, site_database, -4)
    await check(sari.page, "/placement/result")
    await sari.page.goto("/placement")
    await check(sari.page, "/placement with a result")
