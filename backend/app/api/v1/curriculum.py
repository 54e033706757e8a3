"""The published curriculum, readable by everybody: outline, lessons, vocabulary and search."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query

from app.api.v1.schemas.curriculum import (
    LessonOut,
    LessonPage,
    PathOut,
    SearchOut,
    WordOut,
    WordPage,
)
from app.domain.curriculum import lessons, searching, words
from app.domain.curriculum.files import Level, Skill
from app.domain.curriculum.searching import KINDS, MAX_HITS, Kind
from app.domain.curriculum.words import MAX_CONTEXT_LENGTH, MAX_WORD_LENGTH
from app.http.deps import CurrentWork, limit_search, public
from app.http.problems import problems
from app.http.routing import JSONRoute
from app.search.terms import MAX_TERM_LENGTH

router = APIRouter(tags=["curriculum"], route_class=JSONRoute, dependencies=[Depends(public)])

MAX_PAGE = 100
LevelFilter = Annotated[Level | None, Query(description="Only this CEFR level.")]
LessonSlug = Annotated[
    str, Path(description="The lesson's `slug`, as lists show it.", examples=["daily-routines"])
]
Cursor = Annotated[
    str | None, Query(max_length=1_000, description="`next_cursor` or `previous_cursor`.")
]


@router.get("/paths")
async def list_paths(work: CurrentWork) -> list[PathOut]:
    """Return the whole outline: paths, units and lessons, in teaching order."""
    return [PathOut.of(path) for path in await lessons.get_outline(work)]


@router.get("/lessons")
async def list_lessons(
    work: CurrentWork,
    level: LevelFilter = None,
    skill: Annotated[Skill | None, Query(description="Only this skill.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="Most lessons to return.")] = 20,
    cursor: Cursor = None,
) -> LessonPage:
    """Return lessons, newest first. A cursor belongs to one choice of filters."""
    page = await lessons.list_lessons(work, level=level, skill=skill, limit=limit, cursor=cursor)
    return LessonPage.of(page)


@router.get("/lessons/{slug}", responses=problems(404))
async def get_lesson(slug: LessonSlug, work: CurrentWork) -> LessonOut:
    """Return one lesson with its sections, questions and vocabulary."""
    return LessonOut.of_detail(await lessons.get_lesson(work, slug))


@router.get("/vocabulary")
async def list_vocabulary(
    work: CurrentWork,
    level: LevelFilter = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="Most entries to return.")] = 50,
    cursor: Cursor = None,
) -> WordPage:
    """Return vocabulary entries in alphabetical order."""
    return WordPage.of(await words.list_vocabulary(work, level=level, limit=limit, cursor=cursor))


@router.get("/words")
async def look_up_word(
    work: CurrentWork,
    headword: Annotated[
        str,
        Query(
            min_length=1,
            max_length=MAX_WORD_LENGTH,
            description="A word or phrase, in any form in which it stands in a text.",
            examples=["went"],
        ),
    ],
    context: Annotated[
        str,
        Query(
            max_length=MAX_CONTEXT_LENGTH,
            description="The sentence around it: finds the phrase that the word is part of.",
            examples=["She went to bed early."],
        ),
    ] = "",
) -> list[WordOut]:
    """Return the dictionary's entries for a word of a text, the likeliest first; often just one."""
    return [WordOut.model_validate(word) for word in await words.look_up(work, headword, context)]


@router.get("/search", dependencies=[Depends(limit_search)])
async def search(  # noqa: PLR0917 - the query of a search
    work: CurrentWork,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=MAX_TERM_LENGTH,
            description=(
                'Words in English or Indonesian; "quotes" make a phrase, OR separates '
                "alternatives, a leading minus excludes."
            ),
            examples=["used to"],
        ),
    ],
    kind: Annotated[list[Kind] | None, Query(description="Only these kinds.")] = None,
    level: LevelFilter = None,
    limit: Annotated[int, Query(ge=1, le=MAX_HITS, description="Most hits to return.")] = 20,
    language: Annotated[
        Literal["en", "id"],
        Query(description="Of the snippet, where the text in both languages matches."),
    ] = "en",
) -> SearchOut:
    """Search lessons, questions and vocabulary; hits in a title come first.

    Searches are counted apart from other requests, and more strictly. One that takes too long is
    answered with 503 and the code `search_too_slow`: use fewer or rarer words.
    """
    result = await searching.search(
        work, q, kinds=kind or KINDS, level=level, limit=limit, language=language
    )
    return SearchOut.of(result)
