"""Loading content files: idempotent, minimal writes, nothing of a learner is lost."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.core.database import Database
from app.domain.curriculum.load_queries import LOCK_KEY
from app.domain.curriculum.loading import Changes, ContentConflict, LoadReport, load_content
from app.domain.curriculum.reading import InvalidContent
from app.models import Lesson, LessonProgress, LessonQuestion, Question, Unit, VocabularyEntry
from app.models import Path as PathRow
from tests.content_files import ContentFolder, lesson, question, titled
from tests.factories import NOW, make_lesson, make_question, make_user
from tests.work import work_on

LATER = NOW + timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> ContentFolder:
    return ContentFolder(tmp_path)


def updated(report: LoadReport) -> dict[str, int]:
    return {name: changes.updated for name, changes in report.kinds().items() if changes.updated}


async def row_versions(db: AsyncSession) -> set[tuple[str, str]]:
    """Every content row with the transaction and command that last wrote it."""
    parts = " UNION ALL ".join(
        f"SELECT '{table}' || ctid, xmin::text || '-' || cmin::text FROM {table}"
        for table in (
            "vocabulary_entries",
            "paths",
            "units",
            "lessons",
            "questions",
            "lesson_questions",
        )
    )
    return {tuple(row) for row in await db.execute(text(parts))}


async def questions_of(db: AsyncSession, slug: str) -> list[str | None]:
    statement = (
        select(Question.slug)
        .join(LessonQuestion, LessonQuestion.question_id == Question.id)
        .join(Lesson, Lesson.id == LessonQuestion.lesson_id)
        .where(Lesson.slug == slug)
        .order_by(LessonQuestion.position)
    )
    return list(await db.scalars(statement))


async def test_the_first_load_publishes_everything(db: AsyncSession, folder: ContentFolder) -> None:
    report = await load_content(work_on(db), folder.directory, NOW)
    assert report.kinds() == {
        "vocabulary": Changes(inserted=2),
        "paths": Changes(inserted=1),
        "units": Changes(inserted=1),
        "lessons": Changes(inserted=2),
        "questions": Changes(inserted=20),
    }
    stored = await db.scalar(select(Lesson).where(Lesson.slug == "be"))
    assert stored is not None
    assert (stored.status, stored.published_at, stored.updated_at) == ("published", NOW, NOW)
    assert stored.id.version == 7
    assert stored.sections[0].title.id == "Kata kerja be"
    assert await questions_of(db, "be") == [f"be-{n:02}" for n in range(1, 11)]
    first = await db.scalar(select(Question).where(Question.slug == "be-01"))
    assert first is not None
    assert (first.level, first.skill, first.status) == ("A1", "grammar", "published")


async def test_a_second_load_writes_nothing(db: AsyncSession, folder: ContentFolder) -> None:
    await load_content(work_on(db), folder.directory, NOW)
    before = await row_versions(db)
    report = await load_content(work_on(db), folder.directory, LATER)
    assert not report.has_changed
    assert report.questions == Changes(unchanged=20)
    assert await row_versions(db) == before


async def test_only_the_changed_row_changes(db: AsyncSession, folder: ContentFolder) -> None:
    await load_content(work_on(db), folder.directory, NOW)
    before = await row_versions(db)
    folder.be["questions"][3]["explanation"] = "A better reason."
    report = await load_content(work_on(db), folder.write(), LATER)
    assert updated(report) == {"questions": 1}
    assert len(await row_versions(db) - before) == 1
    touched = await db.scalars(select(Question.slug).where(Question.updated_at == LATER))
    assert list(touched) == ["be-04"]


async def test_a_changed_lesson_keeps_its_id_and_first_publication(
    db: AsyncSession, folder: ContentFolder
) -> None:
    await load_content(work_on(db), folder.directory, NOW)
    before = await db.scalar(select(Lesson.id).where(Lesson.slug == "be"))
    folder.be["title"] = "To be"
    await load_content(work_on(db), folder.write(), LATER)
    after = await db.scalar(select(Lesson).where(Lesson.slug == "be"))
    assert after is not None
    assert (after.id, after.title, after.published_at) == (before, "To be", NOW)


async def test_lessons_may_swap_places(db: AsyncSession, folder: ContentFolder) -> None:
    await load_content(work_on(db), folder.directory, NOW)
    folder.be["position"], folder.have["position"] = 2, 1
    report = await load_content(work_on(db), folder.write(), LATER)
    assert updated(report) == {"lessons": 2}
    in_order = await db.scalars(select(Lesson.slug).order_by(Lesson.position))
    assert list(in_order) == ["have", "be"]


async def test_questions_may_be_reordered(db: AsyncSession, folder: ContentFolder) -> None:
    await load_content(work_on(db), folder.directory, NOW)
    folder.be["questions"].reverse()
    report = await load_content(work_on(db), folder.write(), LATER)
    assert not report.has_changed
    assert await questions_of(db, "be") == [f"be-{n:02}" for n in range(10, 0, -1)]


async def test_a_removed_question_is_unlinked_and_archived(
    db: AsyncSession, folder: ContentFolder
) -> None:
    folder.be["questions"].append(question("be-11"))
    await load_content(work_on(db), folder.write(), NOW)
    del folder.be["questions"][0]
    report = await load_content(work_on(db), folder.write(), LATER)
    assert report.questions == Changes(unchanged=20, archived=1)
    assert await questions_of(db, "be") == [f"be-{n:02}" for n in range(2, 12)]
    removed = await db.scalar(select(Question.status).where(Question.slug == "be-01"))
    assert removed == "archived"


async def test_a_question_that_moved_to_another_lesson_stays_published(
    db: AsyncSession, folder: ContentFolder
) -> None:
    folder.be["questions"].append(question("moving"))
    await load_content(work_on(db), folder.write(), NOW)
    folder.have["questions"].append(folder.be["questions"].pop())
    report = await load_content(work_on(db), folder.write(), LATER)
    assert not report.has_changed
    assert "moving" in await questions_of(db, "have")
    assert "moving" not in await questions_of(db, "be")


async def test_a_removed_question_that_another_lesson_uses_is_only_unlinked(
    db: AsyncSession, folder: ContentFolder
) -> None:
    folder.be["questions"].append(question("shared"))
    await load_content(work_on(db), folder.write(), NOW)
    other = make_lesson()
    shared = await db.scalar(select(Question).where(Question.slug == "shared"))
    assert shared is not None
    db.add(other)
    await db.flush()
    db.add(LessonQuestion(lesson_id=other.id, question_id=shared.id, position=1))
    await db.flush()
    folder.be["questions"].pop()
    report = await load_content(work_on(db), folder.write(), LATER)
    assert report.questions.archived == 0
    assert await questions_of(db, other.slug) == ["shared"]


async def test_a_lesson_without_a_file_is_archived_and_comes_back_with_it(
    db: AsyncSession, folder: ContentFolder
) -> None:
    await load_content(work_on(db), folder.directory, NOW)
    kept = folder.files.pop("paths/general/1-start/be.yaml")
    folder.have["position"] = 1
    report = await load_content(work_on(db), folder.write(), LATER)
    assert (report.lessons.archived, report.questions.archived) == (1, 10)
    folder.files["paths/general/1-start/be.yaml"] = kept
    folder.have["position"] = 2
    report = await load_content(work_on(db), folder.write(), LATER)
    assert (report.lessons.updated, report.questions.updated) == (2, 10)
    back = await db.scalar(select(Lesson).where(Lesson.slug == "be"))
    assert back is not None
    assert (back.status, back.published_at) == ("published", NOW)


async def test_an_empty_unit_leaves_with_its_files(db: AsyncSession, folder: ContentFolder) -> None:
    folder.files["paths/general/2-next/unit.yaml"] = titled("next", 2, level="A1")
    folder.files["paths/general/2-next/can.yaml"] = lesson("can")
    await load_content(work_on(db), folder.write(), NOW)
    del folder.files["paths/general/2-next/unit.yaml"]
    del folder.files["paths/general/2-next/can.yaml"]
    report = await load_content(work_on(db), folder.write(), LATER)
    assert (report.units.archived, report.lessons.archived) == (1, 1)
    assert list(await db.scalars(select(Unit.slug))) == ["start"]


async def add_second_path(db: AsyncSession, folder: ContentFolder) -> None:
    """Load the folder with a path `travel` (unit `abroad`, lesson `can`), then drop its files."""
    before = dict(folder.files)
    folder.files["paths/travel/path.yaml"] = titled("travel", 2)
    folder.files["paths/travel/1-abroad/unit.yaml"] = titled("abroad", level="A1")
    folder.files["paths/travel/1-abroad/can.yaml"] = lesson("can")
    await load_content(work_on(db), folder.write(), NOW)
    folder.files = before
    folder.write()


async def test_a_path_without_files_is_archived_and_comes_back_with_them(
    db: AsyncSession, folder: ContentFolder
) -> None:
    await add_second_path(db, folder)
    report = await load_content(work_on(db), folder.directory, LATER)
    archived = [report.paths.archived, report.lessons.archived, report.questions.archived]
    assert archived == [1, 1, 10]
    status = select(PathRow.status).where(PathRow.slug == "travel")
    assert await db.scalar(status) == "archived"
    assert not (await load_content(work_on(db), folder.directory, LATER)).has_changed
    await add_second_path(db, folder)
    assert await db.scalar(status) == "published"
    assert await db.scalar(select(Lesson.status).where(Lesson.slug == "can")) == "published"


async def test_a_path_without_files_stays_for_the_lesson_of_an_author(
    db: AsyncSession, folder: ContentFolder
) -> None:
    await add_second_path(db, folder)
    author = make_user(role="author")
    db.add(author)
    await db.flush()
    unit_id = await db.scalar(select(Unit.id).where(Unit.slug == "abroad"))
    own = make_lesson(author_id=author.id, unit_id=unit_id, position=2)
    db.add(own)
    await db.flush()
    report = await load_content(work_on(db), folder.directory, LATER)
    assert (report.paths.archived, report.lessons.archived) == (0, 1)
    await db.refresh(own)
    assert (own.status, own.unit_id) == ("published", unit_id)
    assert await db.scalar(select(PathRow.status).where(PathRow.slug == "travel")) == "published"


async def test_generated_lessons_and_questions_outside_any_unit_are_left_alone(
    db: AsyncSession, folder: ContentFolder
) -> None:
    await load_content(work_on(db), folder.directory, NOW)
    generated, retired = make_lesson(), make_lesson(status="archived")
    asked = make_question(slug="volume-1")
    db.add_all([generated, retired, asked])
    await db.flush()
    db.add(LessonQuestion(lesson_id=retired.id, question_id=asked.id, position=1))
    await db.flush()
    assert not (await load_content(work_on(db), folder.directory, LATER)).has_changed


async def test_what_authors_made_in_the_database_is_left_alone(
    db: AsyncSession, folder: ContentFolder
) -> None:
    await load_content(work_on(db), folder.directory, NOW)
    author = make_user(role="author")
    db.add(author)
    await db.flush()
    unit_id = await db.scalar(select(Unit.id))
    own = make_lesson(author_id=author.id, unit_id=unit_id, position=9)
    db.add_all([own, make_question(author_id=author.id)])
    await db.flush()
    report = await load_content(work_on(db), folder.directory, LATER)
    assert not report.has_changed
    await db.refresh(own)
    assert (own.status, own.unit_id) == ("published", unit_id)


async def test_a_place_that_an_author_took_is_explained(
    db: AsyncSession, folder: ContentFolder
) -> None:
    await load_content(work_on(db), folder.directory, NOW)
    author = make_user(role="author")
    db.add(author)
    await db.flush()
    unit_id = await db.scalar(select(Unit.id))
    db.add(make_lesson(author_id=author.id, unit_id=unit_id, position=3))
    await db.flush()
    folder.have["position"] = 3
    with pytest.raises(ContentConflict, match="same place in its unit"):
        await load_content(work_on(db), folder.write(), LATER)


async def test_an_author_keeps_what_has_a_slug_of_the_files(
    db: AsyncSession, folder: ContentFolder
) -> None:
    author = make_user(role="author")
    db.add(author)
    await db.flush()
    own = make_lesson(slug="have", author_id=author.id, status="draft", published_at=None)
    asked = make_question(slug="be-03", author_id=author.id, status="draft")
    db.add_all([own, asked])
    await db.flush()
    before = await row_versions(db)
    with pytest.raises(ContentConflict, match=r"lesson have, question be-03.*another slug"):
        await load_content(work_on(db), folder.directory, LATER)
    assert await row_versions(db) == before
    await db.refresh(own)
    assert (own.status, own.unit_id) == ("draft", None)


async def test_learners_keep_their_progress(db: AsyncSession, folder: ContentFolder) -> None:
    await load_content(work_on(db), folder.directory, NOW)
    user = make_user()
    db.add(user)
    lesson_id = await db.scalar(select(Lesson.id).where(Lesson.slug == "be"))
    await db.flush()
    db.add(LessonProgress(user_id=user.id, lesson_id=lesson_id, questions_attempted=1))
    await db.flush()
    version = text("SELECT xmin::text || ctid::text FROM lesson_progress")
    before = await db.scalar(version)
    folder.be["questions"].pop(0)
    folder.be["questions"].append(question("be-11"))
    folder.words[0]["meaning"] = "pengajar"
    report = await load_content(work_on(db), folder.write(), LATER)
    assert report.vocabulary.updated == 1
    assert await db.scalar(version) == before


async def test_words_that_left_the_files_stay(db: AsyncSession, folder: ContentFolder) -> None:
    await load_content(work_on(db), folder.directory, NOW)
    folder.words.pop()
    await load_content(work_on(db), folder.write(), LATER)
    assert await db.scalar(select(func.count()).select_from(VocabularyEntry)) == 2


async def test_files_with_errors_change_nothing(db: AsyncSession, folder: ContentFolder) -> None:
    folder.be["questions"].pop()
    with pytest.raises(InvalidContent, match="9 questions; a lesson needs at least 10"):
        await load_content(work_on(db), folder.write(), NOW)
    assert await db.scalar(select(func.count()).select_from(Lesson)) == 0


async def test_two_loaders_wait_for_each_other(
    fresh_database: Database, folder: ContentFolder
) -> None:
    async def load() -> LoadReport:
        async with fresh_database.sessions.begin() as session:
            return await load_content(work_on(session), folder.directory, NOW)

    reports = await asyncio.gather(load(), load(), load())
    assert sorted(report.lessons.inserted for report in reports) == [0, 0, 2]
    assert sorted(report.lessons.unchanged for report in reports) == [0, 2, 2]


async def test_a_load_holds_the_loaders_lock_until_the_commit(
    fresh_database: Database, folder: ContentFolder
) -> None:
    taken = select(func.pg_try_advisory_lock(LOCK_KEY))
    async with fresh_database.sessions() as other:
        async with fresh_database.sessions.begin() as first:
            await load_content(work_on(first), folder.directory, NOW)
            assert await other.scalar(taken) is False
        assert await other.scalar(taken) is True


async def passages(db: AsyncSession) -> dict[str | None, str | None]:
    """The slug of each question that is about a passage, and of the passage."""
    passage = aliased(Question)
    statement = select(Question.slug, passage.slug).join(passage, Question.passage_id == passage.id)
    return dict((await db.execute(statement)).all())


async def test_a_question_is_tied_to_its_passage(db: AsyncSession, folder: ContentFolder) -> None:
    """The passage may come later in the files, and in the same load."""
    folder.be["questions"][0]["about"] = "have-02"
    folder.have["questions"][1] = question("have-02", "reading")
    report = await load_content(work_on(db), folder.write(), NOW)
    assert report.questions == Changes(inserted=20)
    assert await passages(db) == {folder.be["questions"][0]["slug"]: "have-02"}
    before = await row_versions(db)
    assert not (await load_content(work_on(db), folder.directory, LATER)).has_changed
    assert await row_versions(db) == before


async def test_a_question_that_is_no_longer_about_a_passage_is_untied(
    db: AsyncSession, folder: ContentFolder
) -> None:
    folder.have["questions"][1] = question("have-02", "reading")
    folder.be["questions"][0]["about"] = "have-02"
    await load_content(work_on(db), folder.write(), NOW)
    del folder.be["questions"][0]["about"]
    folder.be["questions"][1]["about"] = "have-02"
    report = await load_content(work_on(db), folder.write(), LATER)
    assert updated(report) == {"questions": 2}
    assert await passages(db) == {folder.be["questions"][1]["slug"]: "have-02"}
    times = select(Question.updated_at).where(Question.slug.in_(["be-01", "be-02"]))
    assert set(await db.scalars(times)) == {LATER}
