"""A lesson that is split: what learners did goes with the questions, and nothing is lost."""

import shutil
from datetime import timedelta

import pytest
import yaml
from sqlalchemy import select

from app.core.config import CONTENT
from app.domain.curriculum import lessons, loading
from app.domain.practice import answering
from app.domain.practice import lessons as practice_lessons
from app.domain.progress import latest_answers, proof, standing
from app.domain.progress.completion import completion_percentage
from app.domain.srs import queue
from app.models import DailyActivity, Lesson, LessonProgress, SRSCard
from app.models.base import new_id
from app.questions.grading import model_response
from tests.db.learning import NOW, TODAY, rows_of
from tests.factories import make_account, make_user
from tests.work import work_on

WHOLE, PART = "introducing-yourself", "asking-about-people"
LATER = NOW + timedelta(days=1)


@pytest.fixture
def before(tmp_path):
    """The content as it was before the lesson was split."""
    folder = shutil.copytree(CONTENT, tmp_path / "content")
    unit = folder / "paths" / "general-english" / "1-first-steps"
    whole = yaml.safe_load((unit / f"{WHOLE}.yaml").read_text())
    part = yaml.safe_load((unit / f"{PART}.yaml").read_text())
    for name in ("sections", "questions"):
        whole[name] += part[name]
    for question in whole["questions"]:
        question.pop("after", None)
    (unit / f"{WHOLE}.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True))
    (unit / f"{PART}.yaml").unlink()
    return folder


async def load(session, folder):
    await loading.load_content(work_on(session), folder, NOW)
    await session.commit()
    session.expire_all()


async def answer_first(database, session, account, total):
    """Read the whole lesson and answer its first questions as their keys say."""
    detail = await lessons.get_lesson(work_on(session), WHOLE)
    await practice_lessons.open_lesson(
        work_on(session), account, detail.lesson.id, NOW, sections_read=len(detail.lesson.sections)
    )
    await session.commit()
    for question in detail.questions[:total]:
        await answering.submit_answer(
            work_on(database),
            account,
            attempt_id=new_id(),
            question_id=question.id,
            lesson_id=detail.lesson.id,
            response=model_response(question.answer_key),
            duration_ms=1000,
            now=NOW,
        )
    return detail


async def progress_of(session, account):
    """Return the learner's progress by the lesson's slug."""
    statement = (
        select(Lesson.slug, LessonProgress)
        .join(Lesson, Lesson.id == LessonProgress.lesson_id)
        .where(LessonProgress.user_id == account.user_id)
        .execution_options(populate_existing=True)
    )
    return {row.slug: row.LessonProgress for row in await session.execute(statement)}


async def learners(session, total):
    users = [make_user() for _ in range(total)]
    session.add_all(users)
    await session.commit()
    return [make_account(user) for user in users]


async def test_progress_goes_with_the_questions(fresh_database, session, before):
    await load(session, before)
    whole = await lessons.get_lesson(work_on(session), WHOLE)
    done, middle, begun, none = await learners(session, 4)
    first = len((await lessons.get_lesson(work_on(session), WHOLE)).questions) - 10
    await answer_first(fresh_database, session, done, len(whole.questions))
    await answer_first(fresh_database, session, middle, first + 4)
    await answer_first(fresh_database, session, begun, 2)
    cards = len(await rows_of(session, SRSCard))

    await load(session, CONTENT)
    assert len(await rows_of(session, SRSCard)) == cards
    parts = [await lessons.get_lesson(work_on(session), slug) for slug in (WHOLE, PART)]
    assert len(parts[0].questions) + len(parts[1].questions) == len(whole.questions)

    finished = await progress_of(session, done)
    for part in parts:
        progress = finished[part.lesson.slug]
        assert (progress.status, progress.completion_percentage) == ("completed", 100)
        assert progress.questions_attempted == len(part.questions)
        assert progress.sections_read == len(part.lesson.sections)

    half = await progress_of(session, middle)
    assert half[WHOLE].status == "completed"
    assert (half[PART].status, half[PART].questions_attempted) == ("in_progress", 4)
    assert half[PART].completion_percentage == completion_percentage(
        sections_total=len(parts[1].lesson.sections),
        sections_read=half[PART].sections_read,
        questions_total=len(parts[1].questions),
        questions_attempted=4,
    )
    little = await progress_of(session, begun)
    assert set(little) == {WHOLE}
    assert (little[WHOLE].status, little[WHOLE].questions_attempted) == ("in_progress", 2)
    assert await progress_of(session, none) == {}
    assert await proof.find_unproven_progress(work_on(session)) == []

    score = await latest_answers.get_score(work_on(session), done, parts[1].lesson.id)
    assert score.right + score.waiting == len(parts[1].questions)


async def test_somebody_in_mid_lesson_goes_on_and_completes_the_part(
    fresh_database, session, before
):
    await load(session, before)
    (account,) = await learners(session, 1)
    whole = await lessons.get_lesson(work_on(session), WHOLE)
    await answer_first(fresh_database, session, account, len(whole.questions) - 1)
    last = whole.questions[-1]
    await load(session, CONTENT)
    part = await lessons.get_lesson(work_on(session), PART)
    assert last.id in {question.id for question in part.questions}
    result = await answering.submit_answer(
        work_on(fresh_database),
        account,
        attempt_id=new_id(),
        question_id=last.id,
        lesson_id=part.lesson.id,
        response=model_response(last.answer_key),
        duration_ms=1000,
        now=LATER,
    )
    assert result.progress.just_completed
    assert result.progress.questions_attempted == len(part.questions)
    assert (await queue.count_due(work_on(fresh_database), account, LATER)).total > 0


async def test_loading_once_more_moves_nothing(fresh_database, session, before):
    await load(session, before)
    (account,) = await learners(session, 1)
    await answer_first(fresh_database, session, account, 5)
    await load(session, CONTENT)
    first = {
        slug: progress.updated_at
        for slug, progress in (await progress_of(session, account)).items()
    }
    report = await loading.load_content(work_on(session), CONTENT, LATER)
    await session.commit()
    assert not report.has_changed
    again = await progress_of(session, account)
    assert {slug: progress.updated_at for slug, progress in again.items()} == first


async def test_a_question_between_sections_has_only_those_before_it_behind_it(
    fresh_database, session
):
    await load(session, CONTENT)
    (account,) = await learners(session, 1)
    detail = await lessons.get_lesson(work_on(session), WHOLE)
    assert detail.places[0] == 1 < len(detail.lesson.sections)
    question = detail.questions[0]
    result = await answering.submit_answer(
        work_on(fresh_database),
        account,
        attempt_id=new_id(),
        question_id=question.id,
        lesson_id=detail.lesson.id,
        response=model_response(question.answer_key),
        duration_ms=1000,
        now=NOW,
    )
    progress = (await progress_of(session, account))[WHOLE]
    assert progress.sections_read == 1
    assert result.progress.completion_percentage == completion_percentage(
        sections_total=len(detail.lesson.sections),
        sections_read=1,
        questions_total=len(detail.questions),
        questions_attempted=1,
    )


async def test_reading_counts_toward_the_goal_once_and_three_minutes_a_section_at_most(
    fresh_database, session
):
    await load(session, CONTENT)
    (account,) = await learners(session, 1)
    lesson = (await lessons.get_lesson(work_on(session), WHOLE)).lesson

    async def read(sections, duration_ms):
        await practice_lessons.open_lesson(
            work_on(session),
            account,
            lesson.id,
            NOW,
            sections_read=sections,
            duration_ms=duration_ms,
        )
        await session.commit()
        rows = await rows_of(session, DailyActivity)
        assert [row.day for row in rows] in ([], [TODAY])
        return sum(row.duration_ms for row in rows)

    assert await read(1, 40_000) == 40_000
    assert await read(1, 40_000) == 40_000
    assert await read(2, 900_000) == 220_000
    assert await read(3, None) == 220_000
    assert await read(3, -5) == 220_000
    assert (await progress_of(session, account))[WHOLE].time_spent_seconds == 220
    overview = await standing.get_overview(work_on(session), account, NOW)
    assert overview.goal.minutes == 3
    assert overview.active_days == 0


async def test_a_lesson_that_lost_sections_goes_on(fresh_database, session):
    await load(session, CONTENT)
    (account,) = await learners(session, 1)
    detail = await lessons.get_lesson(work_on(session), WHOLE)
    progress = LessonProgress(
        user_id=account.user_id, lesson_id=detail.lesson.id, status="in_progress", sections_read=40
    )
    session.add(progress)
    await session.commit()
    question = detail.questions[0]
    result = await answering.submit_answer(
        work_on(fresh_database),
        account,
        attempt_id=new_id(),
        question_id=question.id,
        lesson_id=detail.lesson.id,
        response=model_response(question.answer_key),
        duration_ms=1000,
        now=NOW,
    )
    total = len(detail.lesson.sections)
    assert result.progress.completion_percentage == completion_percentage(
        sections_total=total,
        sections_read=total,
        questions_total=len(detail.questions),
        questions_attempted=1,
    )
