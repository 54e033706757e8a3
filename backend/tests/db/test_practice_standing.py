"""Overview, progress, mastery and badges, from what was stored."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.domain.progress import proof
from app.domain.progress import standing as progress_standing
from app.domain.progress.achievements import ACHIEVEMENTS
from app.domain.progress.standing import BATCH
from app.domain.srs import cards, queue, reviewing
from app.domain.srs.rules import Rating
from app.models import (
    AttemptMark,
    DailyActivity,
    Path,
    PersonalEntry,
    QuestionAttempt,
    Unit,
    UserAchievement,
    UserPreferences,
)
from app.models.base import new_id
from tests.conftest import count_queries
from tests.db.learning import NOW, RIGHT, TODAY, WRONG, answer, rows_of, store_lesson
from tests.factories import make_account, make_card, make_question, make_user, make_vocabulary
from tests.work import work_on

MINUTE_MS = 60_000
JUST_BEGUN = {"first_lesson", "perfect_lesson", "first_unit"}


def _day(user_id, days_ago=0, **fields):
    return DailyActivity(
        **{"user_id": user_id, "day": TODAY - timedelta(days=days_ago), "answers": 1} | fields
    )


async def _store(session, *rows):
    session.add_all(rows)
    await session.commit()


async def _course(session, levels=("A1", "A2")):
    """Store a path with a unit a level; return the path and the units."""
    texts = {"id": {"title": "Kursus"}}
    path = Path(slug=f"p-{new_id().hex}", title="Course", status="published", translations=texts)
    await _store(session, path)
    units = [
        Unit(path_id=path.id, slug=f"u-{new_id().hex}", title="Unit", level=level, position=n,
             translations=texts)
        for n, level in enumerate(levels, 1)
    ]  # fmt: skip
    await _store(session, *units)
    return path, units


async def _codes(session):
    return {badge.achievement for badge in await rows_of(session, UserAchievement)}


# --- overview ---------------------------------------------------------------------------------


async def test_a_new_learner_has_done_nothing(session, learner):
    overview = await progress_standing.get_overview(work_on(session), learner, NOW)
    assert (overview.active_days, overview.answers_today, overview.accuracy) == (0, 0, None)
    assert (overview.streak.days, overview.goal.minutes, overview.goal.is_reached) == (0, 0, False)
    assert (overview.achievements, overview.new_achievements, overview.paths) == ([], [], ())


async def test_the_overview_counts_in_the_learners_days(fresh_database, session, learner):
    lesson, (question, *_) = await store_lesson(session)
    # 01:30 in Jakarta on 1 March is still 28 February there; 22:00 on 1 March follows.
    for when in (datetime(2026, 2, 28, 18, 30, tzinfo=UTC), datetime(2026, 3, 1, 15, tzinfo=UTC)):
        await answer(fresh_database, learner, question, WRONG, now=when)
    early = await progress_standing.get_overview(work_on(session), learner, NOW)
    assert (early.streak.days, early.streak.is_active_today, early.answers_today) == (2, False, 0)
    await answer(fresh_database, learner, question, lesson=lesson)
    overview = await progress_standing.get_overview(work_on(session), learner, NOW)
    assert (overview.streak.days, overview.answers_today, overview.active_days) == (3, 1, 3)
    assert overview.accuracy == pytest.approx(1 / 3)
    assert overview.progress[lesson.id].questions_correct == 1
    assert overview.lessons_completed == 0


async def test_an_answer_that_waits_for_its_mark_lowers_no_accuracy(session, learner):
    (question,) = (await store_lesson(session, questions=1))[1]
    for score in (1, None):
        session.add(
            QuestionAttempt(
                user_id=learner.user_id, question_id=question.id, response=RIGHT,
                is_correct=score == 1, score=score, attempted_at=NOW,
            )
        )  # fmt: skip
    await session.commit()
    assert (await progress_standing.get_overview(work_on(session), learner, NOW)).accuracy == 1


async def test_a_change_of_time_zone_rewrites_no_history(session, learner):
    await _store(session, *(_day(learner.user_id, n) for n in range(5)))
    for zone in ("Asia/Jayapura", "America/New_York", "Pacific/Kiritimati"):
        moved = replace(learner, timezone=zone)
        assert (await progress_standing.get_overview(work_on(session), moved, NOW)).streak.days == 5


async def test_reviews_keep_a_streak_too(fresh_database, session, learner):
    word = make_vocabulary()
    await _store(session, word)
    await cards.add_cards(work_on(session), learner, [("vocabulary", word.id)], NOW)
    await session.commit()
    card = (await queue.get_queue(work_on(fresh_database), learner, NOW)).cards[0]
    for days in range(7):
        when = NOW + timedelta(days=days)
        await reviewing.submit_review(
            work_on(fresh_database), learner, review_id=new_id(), card_id=card.card_id,
            rating=Rating.GOOD, duration_ms=None, state_token=None, now=when,
        )  # fmt: skip
    for _ in range(2):
        overview = await progress_standing.get_overview(work_on(session), learner, when)
        assert (overview.streak.days, overview.streak.freezes, overview.reviews_today) == (7, 1, 1)
        assert "streak_7" in overview.achievements


async def test_a_day_that_was_undone_is_no_day(session, learner):
    await _store(session, _day(learner.user_id), _day(learner.user_id, 1, answers=0))
    overview = await progress_standing.get_overview(work_on(session), learner, NOW)
    assert (overview.active_days, overview.streak.days) == (1, 1)


async def test_a_hidden_streak_is_shown_nowhere_and_still_counted(session, learner):
    await _store(session, *(_day(learner.user_id, n) for n in range(8)))
    shy = replace(learner, show_streak=False)
    hidden = await progress_standing.get_overview(work_on(session), shy, NOW)
    assert hidden.streak is None
    assert "streak_7" not in hidden.achievements
    assert "streak_7" not in {badge.code for badge in hidden.new_achievements}
    shown = await progress_standing.get_achievements(work_on(session), shy, NOW)
    assert all(standing.badge.measure != "longest_streak" for standing in shown)
    assert (
        "streak_7"
        in (await progress_standing.get_overview(work_on(session), learner, NOW)).achievements
    )


async def test_the_goal_of_the_day_is_in_whole_minutes(session, learner):
    await _store(
        session,
        _day(learner.user_id, duration_ms=15 * MINUTE_MS - 1),
        _day(learner.user_id, 1, duration_ms=40 * MINUTE_MS),
    )
    goal = (await progress_standing.get_overview(work_on(session), learner, NOW)).goal
    assert (goal.minutes, goal.goal_minutes, goal.is_reached) == (14, 15, False)
    easier = replace(learner, daily_goal_minutes=14)
    assert (await progress_standing.get_overview(work_on(session), easier, NOW)).goal.is_reached


async def test_the_overview_is_seven_statements_however_much_there_is(
    fresh_database, session, learner
):
    _, units = await _course(session)
    for unit in units:
        for position in (1, 2):
            lesson, (question,) = await store_lesson(
                session, questions=1, unit_id=unit.id, position=position
            )
    await answer(fresh_database, learner, question, lesson=lesson, now=NOW - timedelta(days=200))
    await _store(session, *(_day(learner.user_id, n, reviews=9) for n in range(100)))
    for most in (7, 6):  # the first look awards
        with count_queries(fresh_database) as queries:
            await progress_standing.get_overview(work_on(session), learner, NOW)
        assert queries.count == most


# --- progress ---------------------------------------------------------------------------------


async def test_units_and_paths_are_as_done_as_their_lessons(fresh_database, session, learner):
    path, (first, second) = await _course(session)
    lessons = [
        await store_lesson(session, questions=1, unit_id=unit.id, position=position)
        for unit, position in ((first, 1), (first, 2), (second, 1))
    ]
    await store_lesson(session, unit_id=second.id, position=2, status="draft")
    for lesson, (question,) in lessons[:2]:
        await answer(fresh_database, learner, question, lesson=lesson)
    (found,) = await progress_standing.get_path_progress(work_on(session), learner)
    assert (found.id, found.completion.completed, found.completion.lessons) == (path.id, 2, 3)
    assert [unit.completion.share for unit in found.units] == [1, 0]
    assert found.units[0].completion.completed_at == NOW
    assert found.completion.completed_at is None
    assert await _codes(session) >= {"first_unit", "first_level", *JUST_BEGUN}


async def test_a_perfect_lesson_needs_nothing_of_what_a_teacher_marks(
    fresh_database, session, learner
):
    essay = make_question(
        type="essay",
        options={
            "type": "essay",
            "min_words": 1,
            "max_words": 9,
            "rubric": [{"id": "a", "name": {"en": "All", "id": "Semua"}, "points": 2}],
        },
        answer_key={"type": "essay"},
    )
    lesson, (question, *_) = await store_lesson(session, questions=[make_question(), essay])
    await answer(fresh_database, learner, question, WRONG, lesson=lesson)
    text = {"type": "essay", "text": "My name is Sari."}
    await answer(fresh_database, learner, essay, text, lesson=lesson)
    assert "perfect_lesson" not in await _codes(session)
    await answer(fresh_database, learner, question, lesson=lesson)
    await progress_standing.award_achievements(work_on(session), learner, NOW)
    assert "perfect_lesson" in await _codes(session)


# --- mastery ----------------------------------------------------------------------------------


async def test_mastery_is_by_skill_and_by_the_topic_of_the_lesson(fresh_database, session, learner):
    rows = [make_question() for _ in range(5)]
    lesson, _ = await store_lesson(session, questions=rows, topic="articles")
    alone = make_question(skill="vocabulary")
    await _store(session, alone)
    for question in rows[:3]:
        await answer(fresh_database, learner, question, lesson=lesson)
    for question in (*rows[3:], alone):  # outside the lesson: its topic is that of the lesson
        await answer(fresh_database, learner, question, WRONG)
    report = await progress_standing.get_mastery(work_on(session), learner, NOW)
    assert list(report.skills) == ["grammar", "vocabulary"]
    assert (list(report.topics), report.topic_names) == (["articles"], {"articles": "articles"})
    assert report.topics["articles"] == report.skills["grammar"]
    assert report.skills["grammar"].estimate == pytest.approx(4 / 7)
    assert not report.skills["vocabulary"].has_evidence


async def test_old_answers_and_those_that_wait_are_no_evidence(session, learner):
    question = make_question()
    await _store(session, question)

    def attempt(score, when):
        return QuestionAttempt(
            user_id=learner.user_id, question_id=question.id, response=RIGHT,
            is_correct=score == 1, score=score, attempted_at=when,
        )  # fmt: skip

    waiting, marked = attempt(None, NOW), attempt(None, NOW - timedelta(days=1))
    await _store(session, attempt(1, NOW - timedelta(days=200)), waiting, marked)
    assert (await progress_standing.get_mastery(work_on(session), learner, NOW)).skills == {}
    await _store(
        session,
        AttemptMark(user_id=learner.user_id, attempt_id=marked.id, points={}, score=0.5),
    )
    assert (await progress_standing.get_mastery(work_on(session), learner, NOW)).skills[
        "grammar"
    ].answers == 1


async def test_mastery_is_one_statement(fresh_database, session, learner):
    lesson, rows = await store_lesson(session, questions=6)
    for question in rows:
        await answer(fresh_database, learner, question, lesson=lesson)
    with count_queries(fresh_database) as queries:
        await progress_standing.get_mastery(work_on(fresh_database), learner, NOW)
    assert queries.count == 1


# --- achievements -----------------------------------------------------------------------------


async def test_badges_are_counted_from_everything_that_was_done(session, learner):
    own = [
        PersonalEntry(user_id=learner.user_id, headword=f"word {n}", meaning="kata")
        for n in range(50)
    ]
    words = [make_card(learner.user_id, interval=21) for _ in range(9)]
    both = new_id()  # a word that is known in both directions is one word
    words += [
        make_card(learner.user_id, item_id=both, interval=30, direction=direction)
        for direction in ("recognition", "production")
    ]
    young = [make_card(learner.user_id, interval=20) for _ in range(5)]
    long_day = {"answers": 60, "correct_answers": 10, "reviews": 10, "duration_ms": 60 * MINUTE_MS}
    days = [_day(learner.user_id, 2 * n, **long_day) for n in range(10)]
    await _store(session, *own, *words, *young, *days)
    overview = await progress_standing.get_overview(work_on(session), learner, NOW)
    assert set(overview.achievements) == {
        "first_own_word", "fifty_own_words", "ten_words", "ten_days", "hundred_answers",
        "hundred_right", "hundred_reviews", "goal_5", "ten_hours",
    }  # fmt: skip
    assert {badge.code for badge in overview.new_achievements} == set(overview.achievements)
    later = await progress_standing.get_overview(work_on(session), learner, NOW + timedelta(days=1))
    assert later.new_achievements == []
    assert later.achievements == overview.achievements


async def test_every_badge_shows_how_far_it_is_and_is_never_taken_back(session, learner):
    days = [_day(learner.user_id, n, answers=10) for n in range(10)]
    await _store(session, *days)
    found = {
        row.badge.code: row
        for row in await progress_standing.get_achievements(work_on(session), learner, NOW)
    }
    assert len(found) == len(ACHIEVEMENTS)
    assert (found["thousand_answers"].reached, found["thousand_answers"].earned_at) == (100, None)
    assert found["hundred_answers"].earned_at == NOW
    for day in days:
        day.answers = 0
    await session.commit()
    found = {
        row.badge.code: row
        for row in await progress_standing.get_achievements(work_on(session), learner, NOW)
    }
    badge = found["hundred_answers"]
    assert (badge.earned_at, badge.reached) == (NOW, 100)


async def test_a_badge_won_on_many_devices_at_once_is_won_once(fresh_database, session, learner):
    await _store(session, *(_day(learner.user_id, n) for n in range(10)))

    async def award():
        async with fresh_database.sessions.begin() as own:
            return await progress_standing.award_achievements(work_on(own), learner, NOW)

    won = await asyncio.gather(*(award() for _ in range(6)))
    assert sorted(code for codes in won for code in codes) == ["streak_7", "ten_days"]
    assert await session.scalar(select(func.count()).select_from(UserAchievement)) == 2


async def test_everybody_is_given_what_they_earned_before(fresh_database, session, monkeypatch):
    monkeypatch.setattr("app.domain.progress.standing.BATCH", 2)
    users = [make_user() for _ in range(5)]
    await _store(session, *users)
    goals = [UserPreferences(user_id=user.id, daily_goal_minutes=480) for user in users]
    await _store(session, *goals)
    for user in users[:4]:
        session.add_all(_day(user.id, n, duration_ms=20 * MINUTE_MS) for n in range(8))
    await session.commit()
    assert BATCH > 2
    assert (
        await progress_standing.award_everybody(work_on(fresh_database), NOW) == 4
    )  # no goal of 480 minutes
    assert await progress_standing.award_everybody(work_on(fresh_database), NOW) == 0
    badges = await rows_of(session, UserAchievement)
    assert {badge.user_id for badge in badges} == {user.id for user in users[:4]}
    assert {badge.achievement for badge in badges} == {"streak_7"}
    easy = make_account(users[0], daily_goal_minutes=15)
    assert await progress_standing.award_achievements(work_on(session), easy, NOW) == ["goal_5"]


# --- checks -----------------------------------------------------------------------------------


async def test_days_that_do_not_add_up_to_the_attempts_are_found(fresh_database, session, learner):
    _, (question, *_) = await store_lesson(session)
    await answer(fresh_database, learner, question, WRONG)
    await answer(fresh_database, learner, question, now=NOW + timedelta(days=1))
    assert await proof.find_unproven_activity(work_on(session)) == []
    (first, _) = sorted(await rows_of(session, DailyActivity), key=lambda row: row.day)
    first.correct_answers = 1
    await session.commit()
    assert await proof.find_unproven_activity(work_on(session)) == [learner.user_id]
    await session.delete(first)
    await session.commit()
    assert await proof.find_unproven_activity(work_on(session)) == [learner.user_id]


@pytest.mark.parametrize(
    "zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "America/New_York", "Europe/Berlin"]
)
async def test_answers_are_stored_on_the_days_of_the_rules(fresh_database, session, learner, zone):
    """Around both clock changes of 2026 in America, every few hours."""
    (question,) = (await store_lesson(session, questions=1))[1]
    there = replace(learner, timezone=zone)
    moments = [
        start + timedelta(hours=hour)
        for start in (datetime(2026, 3, 7, 20, tzinfo=UTC), datetime(2026, 10, 31, 20, tzinfo=UTC))
        for hour in range(0, 40, 3)
    ]
    for moment in moments:
        await answer(fresh_database, there, question, now=moment)
    expected: dict[date, int] = {}
    for moment in moments:
        expected[there.day.date_of(moment)] = expected.get(there.day.date_of(moment), 0) + 1
    found = {row.day: row.answers for row in await rows_of(session, DailyActivity)}
    assert found == expected
