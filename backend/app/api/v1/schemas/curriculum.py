"""What the curriculum API returns. Answer keys and explanations are never part of it."""

from datetime import datetime
from typing import Annotated, Generic, Literal, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.core.pagination import KeysetPage
from app.domain.curriculum.files import Level, Skill
from app.domain.curriculum.lessons import LessonDetail
from app.domain.curriculum.searching import SearchHit, SearchResult
from app.models import Lesson, Path, Question, Unit, VocabularyEntry
from app.questions.documents.sections import Section
from app.questions.types import Options, TypeName

Item = TypeVar("Item")
Slug = Annotated[str, Field(examples=["daily-routines"])]
LevelOut = Annotated[Level, Field(description="CEFR level.", examples=["A1"])]


class BothLanguages(BaseModel):
    """The same text in English and in Indonesian (null where not translated)."""

    en: str | None = Field(examples=["Daily Routines"])
    id: str | None = Field(examples=["Kegiatan Sehari-hari"])


def _both(row: Path | Unit | Lesson | Question, english: str, indonesian: str) -> BothLanguages:
    return BothLanguages(
        en=getattr(row, english), id=getattr(row.translations.id, indonesian, None)
    )


class LessonSummary(BaseModel):
    """A lesson as lists show it."""

    id: UUID
    slug: Slug
    title: BothLanguages
    summary: BothLanguages
    level: LevelOut
    skill: Skill = Field(examples=["grammar"])
    topic: str = Field(examples=["present simple"])
    estimated_minutes: int = Field(examples=[20])
    published_at: datetime

    @classmethod
    def of(cls, lesson: Lesson) -> Self:
        """Return `lesson` without its sections."""
        return cls.model_validate(_summary(lesson))


def _summary(lesson: Lesson) -> dict[str, object]:
    return {
        "id": lesson.id,
        "slug": lesson.slug,
        "title": _both(lesson, "title", "title"),
        "summary": _both(lesson, "summary", "description"),
        "level": lesson.level,
        "skill": lesson.skill,
        "topic": lesson.topic,
        "estimated_minutes": lesson.estimated_minutes,
        "published_at": lesson.published_at,
    }


class UnitOut(BaseModel):
    """A unit with its lessons, in order."""

    id: UUID
    slug: Slug
    title: BothLanguages
    description: BothLanguages
    level: LevelOut
    lessons: list[LessonSummary]

    @classmethod
    def of(cls, unit: Unit) -> Self:
        """Return `unit`, whose lessons are loaded."""
        return cls(
            id=unit.id,
            slug=unit.slug,
            title=_both(unit, "title", "title"),
            description=_both(unit, "description", "description"),
            level=unit.level,
            lessons=[LessonSummary.of(lesson) for lesson in unit.lessons],
        )


class PathOut(BaseModel):
    """A course with its units, in order."""

    id: UUID
    slug: Slug
    title: BothLanguages
    description: BothLanguages
    units: list[UnitOut]

    @classmethod
    def of(cls, path: Path) -> Self:
        """Return `path`, whose units and lessons are loaded."""
        return cls(
            id=path.id,
            slug=path.slug,
            title=_both(path, "title", "title"),
            description=_both(path, "description", "description"),
            units=[UnitOut.of(unit) for unit in path.units],
        )


class QuestionOut(BaseModel):
    """A question to be answered; what is right is told after answering."""

    id: UUID
    slug: str | None = Field(examples=["daily-routines-01"])
    type: TypeName
    stem: BothLanguages = Field(description="Three underscores mark a gap.")
    options: Options | None = Field(
        description="What can be chosen, for the types that offer it.",
        examples=[
            {
                "type": "multiple_choice",
                "choices": [{"id": "a", "text": "wake"}, {"id": "b", "text": "wakes"}],
            }
        ],
    )
    level: LevelOut
    skill: Skill
    difficulty: int = Field(description="1 (easy) to 5 (hard).", examples=[2])

    @classmethod
    def of(cls, question: Question) -> Self:
        """Return `question` without answer key and explanation."""
        return cls(
            id=question.id,
            slug=question.slug,
            type=question.type,
            stem=_both(question, "stem", "stem"),
            options=question.options,
            level=question.level,
            skill=question.skill,
            difficulty=question.difficulty,
        )


class WordOut(BaseModel):
    """A vocabulary entry."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    slug: Slug
    headword: str = Field(examples=["breakfast"])
    part_of_speech: str = Field(examples=["noun"])
    ipa: str = Field(examples=["/ˈbrekfəst/"])
    level: LevelOut
    meaning: str = Field(description="In Indonesian.", examples=["sarapan"])
    example_en: str = Field(examples=["I have breakfast at six."])
    example_id: str = Field(examples=["Saya sarapan pukul enam."])


class StepOut(BaseModel):
    """A section or a question of a lesson, by its number from 1 among its kind."""

    kind: Literal["section", "question"] = Field(examples=["section"])
    number: int = Field(examples=[1])


class LessonOut(LessonSummary):
    """A lesson: sections to read, questions to answer, and the words of its vocabulary sections."""

    path: Slug | None
    unit: Slug | None
    sections: list[Section] = Field(
        examples=[
            [
                {
                    "kind": "tip",
                    "title": {"en": "The -s", "id": "Akhiran -s"},
                    "body": {
                        "en": "He, she and it take **-s**.",
                        "id": "He, she, dan it memakai **-s**.",
                    },
                }
            ]
        ]
    )
    questions: list[QuestionOut]
    steps: list[StepOut] = Field(
        description="The order in which sections and questions are learnt.",
        examples=[[{"kind": "section", "number": 1}, {"kind": "question", "number": 1}]],
    )
    vocabulary: list[WordOut]

    @classmethod
    def of_detail(cls, detail: LessonDetail) -> Self:
        """Return everything on the lesson's page."""
        unit = detail.lesson.unit
        return cls.model_validate(
            _summary(detail.lesson)
            | {
                "path": unit.path.slug if unit else None,
                "unit": unit.slug if unit else None,
                "sections": detail.lesson.sections,
                "questions": [QuestionOut.of(question) for question in detail.questions],
                "steps": [step._asdict() for step in detail.steps],
                "vocabulary": [WordOut.model_validate(w) for w in detail.vocabulary.values()],
            }
        )


class CursorPage(BaseModel, Generic[Item]):
    """A page of an endless list. Send a cursor back as `cursor`; null: nothing further."""

    items: list[Item]
    next_cursor: str | None = Field(examples=["eyJrIjoxfQ.c2lnbmVk"])
    previous_cursor: str | None = Field(examples=[None])


class LessonPage(CursorPage[LessonSummary]):
    """A page of lessons."""

    @classmethod
    def of(cls, page: KeysetPage[Lesson]) -> Self:
        """Return `page` as the API shows it."""
        return cls(
            items=[LessonSummary.of(lesson) for lesson in page.items],
            next_cursor=page.next_cursor,
            previous_cursor=page.previous_cursor,
        )


class WordPage(CursorPage[WordOut]):
    """A page of vocabulary entries."""

    @classmethod
    def of(cls, page: KeysetPage[VocabularyEntry]) -> Self:
        """Return `page` as the API shows it."""
        return cls(
            items=[WordOut.model_validate(word) for word in page.items],
            next_cursor=page.next_cursor,
            previous_cursor=page.previous_cursor,
        )


class FragmentOut(BaseModel):
    """A stretch of plain text (not HTML); `match` where it should be highlighted."""

    text: str = Field(examples=["used to"])
    match: bool


class HitOut(BaseModel):
    """One search result."""

    kind: Literal["lesson", "question", "vocabulary"]
    id: UUID
    slug: str | None = Field(examples=["used-to"])
    title: BothLanguages
    level: LevelOut
    lesson: str | None = Field(description="Slug of a lesson that has it.", examples=["be"])
    snippet: list[FragmentOut]

    @classmethod
    def of(cls, hit: SearchHit) -> Self:
        """Return `hit` as the API shows it."""
        return cls(
            kind=hit.kind,
            id=hit.id,
            slug=hit.slug,
            title=BothLanguages(en=hit.title, id=hit.title_id),
            level=hit.level,
            lesson=hit.lesson_slug,
            snippet=[FragmentOut(text=f.text, match=f.is_match) for f in hit.fragments],
        )


class SearchOut(BaseModel):
    """What a search found, best first."""

    items: list[HitOut]
    total: int = Field(description="Hits of all kinds.", examples=[42])
    total_is_exact: bool = Field(description="False: there are at least `total`.")
    suggestion: str | None = Field(
        description="When nothing was found: what may have been meant.",
        examples=["present perfect"],
    )

    @classmethod
    def of(cls, result: SearchResult) -> Self:
        """Return `result` as the API shows it."""
        return cls(
            items=[HitOut.of(hit) for hit in result.hits],
            total=result.total,
            total_is_exact=result.total_is_exact,
            suggestion=result.suggestion,
        )
