"""Each figure of a learner is the same wherever it is shown: pages, API, DatabaseUtils, tool."""

import json
import os
import re
from dataclasses import asdict
from datetime import datetime, timedelta

import httpx
import pytest

from app.core.clock import utcnow
from app.core.database import Database
from app.core.database_utils import DatabaseUtils
from app.domain.accounts.account import Account
from app.domain.accounts.sessions import get_account_of
from app.domain.srs import cards, details, queue, reviewing
from app.domain.srs.rules import Rating
from app.models import Path, PlacementTest, Unit
from app.models.base import new_id
from tests.api.conftest import SignedIn
from tests.api.history import Month
from tests.cli.commands import run
from tests.db.learning import RIGHT, WRONG, answer, store_lesson
from tests.factories import make_question
from tests.work import work_on

ESSAY = {
    "type": "essay",
    "min_words": 1,
    "max_words": 90,
    "rubric": [{"id": "a", "name": {"en": "All", "id": "Semua"}, "points": 2}],
}


@pytest.fixture
async def sari(database: Database, signed_in: SignedIn) -> Account:
    """A learner who is signed in."""
    me = await signed_in()
    return await get_account_of(work_on(database), me["email"])


async def store_course(database: Database, units: int = 2):
    """Store a path of A1 units with a lesson of three questions each; return units and lessons."""
    texts = {"id": {"title": "Kursus"}}
    async with database.sessions() as session:
        path = Path(slug=f"p-{new_id().hex}", title="Course", status="published")
        path.translations = texts
        session.add(path)
        await session.flush()
        made = [
            Unit(path_id=path.id, slug=f"u-{new_id().hex}", title="Unit", level="A1", position=n)
            for n in range(1, units + 1)
        ]
        for unit in made:
            unit.translations = texts
        session.add_all(made)
        await session.flush()
        lessons = [
            await store_lesson(
                session,
                questions=[make_question() for _ in range(3)]
                + [make_question(type="essay", options=ESSAY, answer_key={"type": "essay"})],
                unit_id=unit.id,
            )
            for unit in made
        ]
    return made, lessons


async def place(database: Database, learner: Account, unit: Unit, now: datetime) -> None:
    """Store a placement test that put the learner into a unit."""
    test = PlacementTest(
        user_id=learner.user_id, status="finished", level=unit.level, unit_id=unit.id,
        ability=0, standard_error=0.4, started_at=now, finished_at=now,
    )  # fmt: skip
    async with database.sessions.begin() as session:
        session.add(test)


def offered(page: httpx.Response) -> str:
    """Return the lesson that the main button of a page leads to."""
    assert page.status_code == 200
    found = re.search(r'class="button[^"]*" href="/lessons/([^"/]+)"', page.text)
    assert found, page.text
    return found[1]


async def test_the_lesson_after_reviews_and_lessons_is_the_one_that_home_offers(
    client, database: Database, sari: Account
):
    units, lessons = await store_course(database, units=3)
    now = utcnow()
    await place(database, sari, units[1], now)
    for expected in (lessons[1], lessons[2]):  # that of the placement, then the one after it
        slug = expected[0].slug
        assert offered(await client.get("/")) == slug
        assert offered(await client.get("/reviews")) == slug
        overview = (await client.get("/api/v1/me/overview")).json()
        assert overview["next_lesson"]["slug"] == slug
        for question in expected[1]:
            response = {"type": "essay", "text": "I am Sari."} if question.type == "essay" else None
            await answer(database, sari, question, response or RIGHT, lesson=expected[0], now=now)
        if expected is lessons[1]:
            assert offered(await client.get(f"/lessons/{slug}/done")) == lessons[2][0].slug


async def test_home_and_the_end_of_a_lesson_give_it_the_same_score(
    client, database: Database, sari: Account
):
    _, ((lesson, (first, second, third, essay)), _) = await store_course(database)
    now = utcnow() - timedelta(minutes=10)
    given = [(first, RIGHT), (second, RIGHT), (third, WRONG), (first, WRONG), (third, RIGHT)]
    given += [(third, {"type": "multiple_choice"}), (essay, {"type": "essay", "text": "I am."})]
    for minute, (question, response) in enumerate(given):
        moment = now + timedelta(minutes=minute)
        await answer(database, sari, question, response, lesson=lesson, now=moment)
    done = (await client.get(f"/lessons/{lesson.slug}/done")).text
    assert "<strong>1</strong> <span>/ 3</span>" in done
    assert "Selesai, 1 dari 3 benar" in (await client.get("/")).text
    score = {"right": 1, "graded": 3, "waiting": 1}
    (progress,) = (await client.get("/api/v1/me/overview")).json()["progress"]
    assert progress["score"] == score
    one = (await client.get(f"/api/v1/lessons/{lesson.id}/progress")).json()
    assert one["score"] == score
    assert one["questions_correct"] == 3  # each was right once


@pytest.fixture
async def month(client, database: Database, sari: Account) -> Month:
    """A learner who is signed in, after a month of study."""
    month = Month(database, sari, utcnow())
    _, lessons = await store_course(database)
    await month.live(lessons)
    await client.get("/api/v1/me/overview")  # awards what was earned
    return month


async def counted(month: Month) -> dict[str, int | float]:
    """Return the figures as `DatabaseUtils` has them."""
    async with month.database.read_sessions() as session:
        found = await DatabaseUtils.get_user_statistics(session, month.account.user_id, utcnow())
    return asdict(found)


def shown(page: str, label: str) -> str:
    """Return the figure under a label of a page."""
    found = re.search(rf"<dt>{label}</dt><dd[^>]*>(?:<[^>]+>)?([^<]+)", page)
    assert found, f"{label}: {page}"
    return found[1].strip()


async def test_a_varied_month_gives_the_same_figures_everywhere(client, month: Month):
    figures = await counted(month)
    assert figures["streak_days"] > 7  # days before the missed one count
    assert all(figures.values()), figures  # nothing is compared with nothing

    tool = await run(
        ["statistics", month.account.email, "--json"],
        {**os.environ, "DATABASE_URL": month.database.engine.url.render_as_string(False)},
    )
    assert json.loads(tool.output) == figures, tool.errors

    overview = (await client.get("/api/v1/me/overview")).json()
    statistics = (await client.get("/api/v1/me/statistics")).json()
    counts = (await client.get("/api/v1/reviews/due")).json()["counts"]
    stages, weeks, days = (statistics[name] for name in ("stages", "retention", "days"))
    by_api = {
        "lessons_started": len(overview["progress"]),
        "lessons_completed": overview["lessons_completed"],
        "average_completion": overview["progress"][0]["completion_percentage"],
        "questions_attempted": sum(day["answers"] for day in days),
        "questions_correct": sum(day["correct_answers"] for day in days),
        "accuracy": overview["accuracy"],
        "cards_total": sum(stages.values()),
        "cards_due": sum(counts.values()),
        "cards_learning": stages["learning"],
        "cards_mature": stages["mature"],
        "reviews_last_30_days": sum(day["reviews"] for day in days),  # there are no earlier ones
        "retention": sum(week["remembered"] for week in weeks)
        / sum(week["reviews"] for week in weeks),
        "streak_days": overview["streak"]["days"],
        "study_days": overview["active_days"],
        "achievements": len(overview["achievements"]),
    }
    assert by_api == pytest.approx(figures)

    home = (await client.get("/")).text
    assert f"Runtunan {figures['streak_days']} hari" in home
    assert re.search(
        rf"Ulangi {figures['cards_due']} kartu|{figures['cards_due']} kartu menu", home
    )
    course = overview["course"]
    assert f">{course['completed']}<span>/{course['lessons']}</span></strong><span>pelaj" in home
    page = (await client.get("/statistics")).text
    for label, name in (
        ("Hari belajar setahun ini", "study_days"), ("Soal dijawab", "questions_attempted"),
        ("Kartu diulang", "reviews_last_30_days"), ("Kartu yang melekat", "cards_mature"),
        ("Sedang dipelajari", "cards_learning"),
    ):  # fmt: skip
        assert shown(page, label) == str(figures[name]), label
    review = (await client.get("/reviews")).text
    assert f"{figures['cards_due']} tersisa" in review
    badges = (await client.get("/achievements")).text
    assert f"Sudah kamu raih: {figures['achievements']}" in badges


async def test_due_is_what_the_queue_offers_after_a_change_of_time_zone(client, month: Month):
    for zone in ("Pacific/Kiritimati", "Asia/Jakarta", "Pacific/Honolulu"):
        changed = await client.patch("/api/v1/me", json={"preferences": {"timezone": zone}})
        assert changed.status_code == 200, changed.text
        figures = await counted(month)
        counts = (await client.get("/api/v1/reviews/due")).json()["counts"]
        assert figures["cards_due"] == sum(counts.values()), zone
        overview = (await client.get("/api/v1/me/overview")).json()
        assert figures["streak_days"] == overview["streak"]["days"], zone


async def test_reviews_and_minutes_of_today_are_one_figure_each(client, month: Month):
    overview = (await client.get("/api/v1/me/overview")).json()
    today = month.account.day.date_of(month.now).isoformat()
    days = {day["day"]: day for day in (await client.get("/api/v1/me/statistics")).json()["days"]}
    assert overview["reviews_today"] == days[today]["reviews"] > 0
    assert overview["goal"]["minutes"] == int(days[today]["minutes"]) > 0
    page = (await client.get("/statistics")).text
    reviews, minutes = overview["reviews_today"], overview["goal"]["minutes"]
    assert f"<td>{days[today]['answers']}</td><td>{reviews}</td><td>{minutes}</td>" in re.sub(
        r' class="[^"]*"', "", page
    )
    found = await details.get_review_day(work_on(month.database), month.account, month.now)
    assert found.reviews == reviews


@pytest.mark.parametrize(
    ("spent_ms", "shown"), [(7_000, "kurang dari 1 menit"), (100_000, "1 menit")]
)
async def test_the_summary_of_reviews_counts_the_minutes_that_the_goal_counts(
    client, database: Database, sari: Account, spent_ms: int, shown: str
):
    now = utcnow()
    async with database.sessions.begin() as session:
        await cards.add_personal_word(work_on(session), sari, "moss", "lumut", None, now)
    (card,) = (await queue.get_queue(work_on(database), sari, now, limit=1)).cards
    await reviewing.submit_review(
        work_on(database), sari, review_id=new_id(), card_id=card.card_id, rating=Rating.EASY,
        duration_ms=spent_ms, state_token=None, now=now,
    )  # fmt: skip
    page = (await client.get("/reviews")).text
    assert f"<dd>{shown}</dd>" in page
    assert f">{spent_ms // 60_000} dari 15 menit<" in page
