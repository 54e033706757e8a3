"""Reading and searching the curriculum: what is found, and with how many statements."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.errors import InvalidInput, NotFound
from app.domain.curriculum import lessons, loading, searching, words
from app.domain.curriculum.searching import SearchResult
from tests.conftest import count_queries
from tests.content_files import ContentFolder, lesson, titled
from tests.factories import NOW, make_lesson, make_question, make_vocabulary
from tests.work import work_on


@pytest.fixture
async def loaded(db: AsyncSession, tmp_path: Path) -> AsyncSession:
    """The small curriculum, a second unit, and drafts that nobody may see."""
    folder = ContentFolder(tmp_path)
    folder.files["paths/general/2-next/unit.yaml"] = titled("next", 2, level="A2")
    folder.files["paths/general/2-next/perfect.yaml"] = lesson(
        "perfect", level="A2", title="The present perfect", topic="present perfect", skill="reading"
    )
    folder.be["questions"][0]["stem"] = "My father used to live in Bogor."
    folder.have["translations"]["id"]["description"] = "Ceritakan kebiasaan keluargamu."
    folder.have["questions"][0]["stem"] = "We use a pen to write."
    await loading.load_content(work_on(db), folder.write(), NOW)
    draft = {"status": "draft", "published_at": None}
    db.add(make_lesson(title="A draft about giraffes", **draft))
    db.add(make_question(stem="A draft giraffe", status="draft"))
    await db.flush()
    db.expunge_all()
    return db


def found(result: SearchResult) -> list[tuple[str, str | None]]:
    return [(hit.kind, hit.slug) for hit in result.hits]


async def test_the_outline_takes_three_statements_and_reads_no_sections(
    loaded: AsyncSession, worker_database: Database
) -> None:
    with count_queries(worker_database) as queries:
        (path,) = await lessons.get_outline(work_on(loaded))
    assert queries.count == 3
    assert [unit.slug for unit in path.units] == ["start", "next"]
    assert [lesson.slug for lesson in path.units[0].lessons] == ["be", "have"]
    assert not any("sections" in statement for statement in queries.statements)
    with pytest.raises(InvalidRequestError):
        _ = path.units[0].lessons[0].sections


async def test_a_unit_without_published_lessons_is_not_in_the_outline(
    loaded: AsyncSession,
) -> None:
    shown = await lessons.get_lesson(work_on(loaded), "perfect")
    shown.lesson.status = "archived"
    await loaded.flush()
    loaded.expunge_all()
    (path,) = await lessons.get_outline(work_on(loaded))
    assert [unit.slug for unit in path.units] == ["start"]


async def test_a_lesson_comes_with_its_place_questions_and_words_in_three_statements(
    loaded: AsyncSession, worker_database: Database
) -> None:
    with count_queries(worker_database) as queries:
        detail = await lessons.get_lesson(work_on(loaded), "be")
    assert queries.count == 3
    assert detail.lesson.unit is not None
    assert detail.lesson.unit.path.slug == "general"
    assert [question.slug for question in detail.questions] == [f"be-{n:02}" for n in range(1, 11)]
    assert detail.vocabulary["teacher"].meaning == "guru"


async def test_a_draft_is_not_found(loaded: AsyncSession) -> None:
    draft = make_lesson(status="draft", published_at=None)
    loaded.add(draft)
    await loaded.flush()
    for slug in (draft.slug, "no-such-lesson"):
        with pytest.raises(NotFound):
            await lessons.get_lesson(work_on(loaded), slug)


async def test_lessons_are_listed_page_by_page_in_one_statement_each(
    loaded: AsyncSession, worker_database: Database
) -> None:
    with count_queries(worker_database) as queries:
        first = await lessons.list_lessons(work_on(loaded), limit=2)
        second = await lessons.list_lessons(work_on(loaded), limit=2, cursor=first.next_cursor)
    assert queries.count == 2
    slugs = [lesson.slug for lesson in [*first.items, *second.items]]
    assert sorted(slugs) == ["be", "have", "perfect"]
    assert second.next_cursor is None


@pytest.mark.parametrize(
    ("filters", "slugs"),
    [
        ({"level": "A2"}, {"perfect"}),
        ({"skill": "grammar"}, {"be", "have"}),
        ({"level": "A2", "skill": "grammar"}, set()),
    ],
)
async def test_lessons_are_filtered_by_level_and_skill(
    loaded: AsyncSession, filters: dict[str, Any], slugs: set[str]
) -> None:
    page = await lessons.list_lessons(work_on(loaded), **filters)
    assert {lesson.slug for lesson in page.items} == slugs


async def test_words_are_listed_alphabetically(loaded: AsyncSession) -> None:
    page = await words.list_vocabulary(work_on(loaded), level="A1")
    assert [word.headword for word in page.items] == ["office", "teacher"]
    assert (await words.list_vocabulary(work_on(loaded), level="B1")).items == []


# --- search -------------------------------------------------------------------------------------


async def test_a_search_finds_all_kinds_titles_first(loaded: AsyncSession) -> None:
    loaded.add(make_vocabulary(slug="perfect-word", headword="perfect", meaning="sempurna"))
    await loaded.flush()
    result = await searching.search(work_on(loaded), "perfect")
    assert found(result)[:2] == [("lesson", "perfect"), ("vocabulary", "perfect-word")]
    assert (result.total, result.total_is_exact, result.suggestion) == (2, True, None)


async def test_used_to_is_found_as_typed(loaded: AsyncSession) -> None:
    result = await searching.search(work_on(loaded), "used to", kinds=["question"])
    assert found(result) == [("question", "be-01")]
    (hit,) = result.hits
    assert [f.text for f in hit.fragments if f.is_match] == ["used", "to"]
    assert hit.lesson_slug == "be"


async def test_indonesian_is_found_by_its_stem_and_highlighted(loaded: AsyncSession) -> None:
    (hit,) = (await searching.search(work_on(loaded), "biasanya")).hits
    assert hit.slug == "have"
    assert [f.text for f in hit.fragments if f.is_match] == ["kebiasaan"]


async def test_a_misspelling_gets_a_suggestion(loaded: AsyncSession) -> None:
    result = await searching.search(work_on(loaded), "presnt perfect")
    assert (result.hits, result.total) == ([], 0)
    assert result.suggestion == "present perfect"


async def test_drafts_are_neither_found_nor_suggested(loaded: AsyncSession) -> None:
    for term in ("giraffe", "A draft about girafes"):
        result = await searching.search(work_on(loaded), term)
        assert (result.hits, result.suggestion) == ([], None)


async def test_a_search_can_be_narrowed_to_a_level(loaded: AsyncSession) -> None:
    result = await searching.search(work_on(loaded), "verb", level="A2", kinds=["lesson"])
    assert found(result) == [("lesson", "perfect")]


async def test_a_snippet_never_shows_an_explanation(loaded: AsyncSession) -> None:
    loaded.add(make_question(stem="Choose.", explanation="The answer is zebra."))
    await loaded.flush()
    result = await searching.search(work_on(loaded), "zebra")
    assert len(result.hits) == 1
    assert "zebra" not in result.hits[0].snippet


async def test_markup_in_content_stays_text(loaded: AsyncSession) -> None:
    loaded.add(make_question(stem="Is <b>quagga</b> & <script> a word?"))
    await loaded.flush()
    (hit,) = (await searching.search(work_on(loaded), "quagga")).hits
    assert hit.snippet == "Is <b>quagga</b> & <script> a word? am is"
    assert [f.text for f in hit.fragments if f.is_match] == ["quagga"]


@pytest.mark.parametrize("term", ["", "   ", "-", '"', "' OR 1=1 --", "a\0b", "& | !", "%", "*:*"])
async def test_hostile_terms_find_nothing_and_break_nothing(
    loaded: AsyncSession, term: str
) -> None:
    result = await searching.search(work_on(loaded), term)
    assert result.total == len(result.hits)


async def test_an_unknown_kind_is_refused(loaded: AsyncSession) -> None:
    with pytest.raises(InvalidInput, match="there are lesson, question, vocabulary"):
        await searching.search(work_on(loaded), "verb", kinds=["poem"])  # type: ignore[list-item]


async def test_a_search_takes_few_statements(
    loaded: AsyncSession, worker_database: Database
) -> None:
    loaded.add_all([make_question(stem=f"Common walrus {n}") for n in range(5)])
    await loaded.flush()
    with count_queries(worker_database) as queries:
        result = await searching.search(work_on(loaded), "walrus", limit=3)
    assert (len(result.hits), result.total) == (3, 5)
    kinds_and_snippets, savepoint_and_limits = 4, 4
    assert queries.count == kinds_and_snippets + savepoint_and_limits


async def test_kinds_take_turns(loaded: AsyncSession) -> None:
    loaded.add_all([make_question(stem=f"Common walrus {n}") for n in range(5)])
    loaded.add_all([make_vocabulary(headword=f"walrus {n}") for n in range(5)])
    await loaded.flush()
    result = await searching.search(work_on(loaded), "walrus", limit=4)
    assert [hit.kind for hit in result.hits] == ["vocabulary", "question"] * 2
