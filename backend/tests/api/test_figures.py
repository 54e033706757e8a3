"""Each figure of a learner is the same wherever it is shown: pages, API, DatabaseUtils, tool."""

import re
from datetime import datetime, timedelta

import httpx
import pytest

from app.core.clock import utcnow
from app.core.database import Database
from app.domain.accounts.service import Account, get_account_of
from app.models import Path, PlacementTest, Unit
from app.models.base import new_id
from tests.api.conftest import SignedIn
from tests.db.learning import RIGHT, WRONG, answer, store_lesson
from tests.factories import make_question

pytestmark = pytest.mark.pg18_only

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
    return await get_account_of(database, me["email"])


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
