"""The published curriculum over HTTP."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from app.core.database import Database, session_scope
from app.domain.curriculum.loading import load_content
from tests.conftest import count_queries
from tests.content_files import ContentFolder
from tests.factories import NOW, make_lesson
from tests.work import work_on


@pytest.fixture
async def api(client: httpx.AsyncClient, database: Database, tmp_path: Path) -> httpx.AsyncClient:
    """Nobody is signed in; the small curriculum is loaded."""
    async with session_scope() as db:
        await load_content(work_on(db), ContentFolder(tmp_path).directory, NOW)
    return client


async def get(api: httpx.AsyncClient, path: str, **parameters: Any) -> Any:
    answer = await api.get(f"/api/v1{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_everybody_sees_the_outline(api, database):
    with count_queries(database) as queries:
        (path,) = await get(api, "/paths")
    assert queries.count == 3
    assert path["title"] == {"en": "General", "id": "Judul"}
    assert [lesson["slug"] for lesson in path["units"][0]["lessons"]] == ["be", "have"]


async def test_a_lesson_is_shown_without_what_gives_answers_away(api, database):
    with count_queries(database) as queries:
        lesson = await get(api, "/lessons/be")
    assert queries.count == 3
    assert (lesson["path"], lesson["unit"]) == ("general", "start")
    assert [section["kind"] for section in lesson["sections"]] == ["explanation", "vocabulary"]
    assert [word["headword"] for word in lesson["vocabulary"]] == ["teacher"]
    assert len(lesson["questions"]) == 10
    for question in lesson["questions"]:
        assert not {"answer_key", "explanation", "translations"} & question.keys()
    choices = lesson["questions"][0]["options"]["choices"]
    assert choices == [{"id": "a", "text": "am"}, {"id": "b", "text": "is"}]


async def test_a_word_is_looked_up_in_the_form_in_which_it_stands(api, database):
    with count_queries(database) as queries:
        found = await get(api, "/words", headword="Teachers", context="My teachers are kind.")
    assert queries.count == 1
    assert [(word["headword"], word["part_of_speech"]) for word in found] == [("teacher", "noun")]
    assert await get(api, "/words", headword="xyzzy") == []
    assert (await api.get("/api/v1/words", params={"headword": ""})).status_code == 422


async def test_an_unknown_lesson_is_a_404(api):
    for slug in ("no-such-lesson", "%00", "a%00b", "ÿ", "x" * 1000):
        answer = await api.get(f"/api/v1/lessons/{slug}")
        assert (slug, answer.status_code) == (slug, 404)
        assert answer.json()["code"] == "not_found"


async def test_a_draft_is_a_404(api):
    draft = make_lesson(slug="draft", status="draft", published_at=None)
    async with session_scope() as db:
        db.add(draft)
    assert (await api.get("/api/v1/lessons/draft")).status_code == 404


async def test_lessons_are_read_page_by_page(api, database):
    with count_queries(database) as queries:
        first = await get(api, "/lessons", limit=1, level="A1")
    assert queries.count == 1
    second = await get(api, "/lessons", limit=1, level="A1", cursor=first["next_cursor"])
    assert {first["items"][0]["slug"], second["items"][0]["slug"]} == {"be", "have"}
    assert second["next_cursor"] is None
    assert (await get(api, "/lessons", level="B2"))["items"] == []


async def test_a_cursor_of_another_list_is_refused(api):
    first = await get(api, "/lessons", limit=1)
    for cursor in (first["next_cursor"], "nonsense"):
        answer = await api.get("/api/v1/vocabulary", params={"cursor": cursor})
        assert answer.status_code == 422
        assert answer.json()["code"] == "invalid_input"


async def test_words_are_listed_by_level(api):
    page = await get(api, "/vocabulary", level="A1")
    assert [word["headword"] for word in page["items"]] == ["office", "teacher"]


async def test_a_search_finds_marks_and_counts(api):
    found = await get(api, "/search", q="kantor")
    assert found["total"] == 1
    (hit,) = found["items"]
    assert (hit["kind"], hit["slug"]) == ("vocabulary", "office")
    assert hit["title"] == {"en": "office", "id": "kantor"}


async def test_a_search_can_be_narrowed_to_kinds(api):
    found = await get(api, "/search", q="teacher", kind=["question", "vocabulary"], level="A1")
    assert {hit["kind"] for hit in found["items"]} == {"vocabulary"}
    assert any(part["match"] for part in found["items"][0]["snippet"])


async def test_a_misspelled_search_gets_a_suggestion(api):
    assert (await get(api, "/search", q="teachr"))["suggestion"] == "teacher"


async def test_a_parameter_that_makes_no_sense_is_a_422(api):
    for path, parameters in (
        ("/search", {}),
        ("/search", {"q": ""}),
        ("/search", {"q": "x" * 301}),
        ("/search", {"q": "x", "kind": "poem"}),
        ("/search", {"q": "x", "limit": 10**9}),
        ("/lessons", {"level": "C2"}),
        ("/lessons", {"skill": "flying"}),
        ("/lessons", {"limit": 0}),
        ("/vocabulary", {"level": "a1'--"}),
    ):
        answer = await api.get(f"/api/v1{path}", params=parameters)
        assert (path, parameters, answer.status_code) == (path, parameters, 422)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_the_openapi_document_describes_the_curriculum(api):
    document = (await api.get("/api/v1/openapi.json")).json()
    for path in ("/paths", "/lessons", "/lessons/{slug}", "/vocabulary", "/search"):
        operation = document["paths"][f"/api/v1{path}"]["get"]
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert schema
    assert "answer_key" not in str(document["components"]["schemas"]["QuestionOut"])
