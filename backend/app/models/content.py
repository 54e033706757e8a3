"""Content: paths, units, lessons, questions and question sets."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import (
    LEVELS,
    SKILLS,
    Base,
    Level,
    PrimaryKey,
    PydanticJSON,
    SlugColumn,
    Timestamps,
    Title,
    one_of,
    slug_check,
)
from app.models.text_search import ENGLISH, INDONESIAN, TAGS, search_column
from app.questions.documents.sections import Section, Sections
from app.questions.documents.translations import QuestionTranslations, Translations
from app.questions.types import QUESTION_TYPES, TYPES_WITH_OPTIONS, AnswerKey, Options

STATUSES = ("draft", "review", "published", "archived")


def _complete_when_published(*fields: str) -> CheckConstraint:
    """Publishing requires the Indonesian text of every listed field (DESIGN 2.6)."""
    complete = " AND ".join(
        f"coalesce(translations -> 'id' ->> '{field}', '') <> ''" for field in fields
    )
    return CheckConstraint(f"status <> 'published' OR ({complete})", name="published_translations")


def _object(column: str) -> CheckConstraint:
    return CheckConstraint(f"jsonb_typeof({column}) = 'object'", name=column)


def _status() -> CheckConstraint:
    return CheckConstraint(one_of("status", STATUSES), name="status")


class Path(Timestamps, Base):
    """A course: an ordered list of units."""

    __tablename__ = "paths"
    __table_args__ = (
        slug_check(),
        _object("translations"),
        _status(),
        _complete_when_published("title"),
        CheckConstraint("position >= 1", name="position"),
    )

    id: Mapped[PrimaryKey]
    slug: Mapped[SlugColumn]
    title: Mapped[Title]
    description: Mapped[str | None]
    position: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    status: Mapped[str] = mapped_column(String(20), server_default="draft")
    translations: Mapped[Translations] = mapped_column(
        PydanticJSON(Translations), server_default=text("'{}'")
    )

    units: Mapped[list["Unit"]] = relationship(
        back_populates="path", lazy="raise", order_by="Unit.position", passive_deletes=True
    )


class Unit(Timestamps, Base):
    """A group of lessons at one level."""

    __tablename__ = "units"
    __table_args__ = (
        # Serves: the units of a path in order, and the foreign key. Deferred, to allow swaps.
        UniqueConstraint("path_id", "position", deferrable=True, initially="DEFERRED"),
        slug_check(),
        _object("translations"),
        CheckConstraint(one_of("level", LEVELS), name="level"),
        CheckConstraint("position >= 1", name="position"),
    )

    id: Mapped[PrimaryKey]
    path_id: Mapped[UUID] = mapped_column(ForeignKey("paths.id", ondelete="CASCADE"))
    slug: Mapped[SlugColumn]
    title: Mapped[Title]
    description: Mapped[str | None]
    level: Mapped[Level]
    position: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    translations: Mapped[Translations] = mapped_column(
        PydanticJSON(Translations), server_default=text("'{}'")
    )

    path: Mapped[Path] = relationship(back_populates="units", lazy="raise")
    lessons: Mapped[list["Lesson"]] = relationship(
        back_populates="unit", lazy="raise", order_by="Lesson.position", passive_deletes=True
    )


class Lesson(Timestamps, Base):
    """Interactive lesson content: sections to read, then questions to answer."""

    __tablename__ = "lessons"
    __table_args__ = (
        UniqueConstraint("unit_id", "position", deferrable=True, initially="DEFERRED"),
        slug_check(),
        CheckConstraint(one_of("level", LEVELS), name="level"),
        CheckConstraint(one_of("skill", SKILLS), name="skill"),
        CheckConstraint("jsonb_typeof(sections) = 'array' AND sections <> '[]'", name="sections"),
        _status(),
        CheckConstraint("status <> 'published' OR published_at IS NOT NULL", name="published_at"),
        _object("translations"),
        _complete_when_published("title"),
        CheckConstraint("position >= 1", name="position"),
        CheckConstraint("estimated_minutes BETWEEN 1 AND 240", name="estimated_minutes"),
        # Serves: lesson lists filtered by level and skill.
        Index("idx_lessons_level_skill", "level", "skill"),
        # Serves: full-text search.
        Index("idx_lessons_search", "search_vector", postgresql_using="gin"),
        # Serves: the public lesson list, keyset pages newest first.
        Index(
            "idx_lessons_published",
            text("published_at DESC"),
            text("id DESC"),
            postgresql_where=text("status = 'published'"),
        ),
        # Serves: "did you mean" over titles.
        Index(
            "idx_lessons_title_trgm",
            "title",
            postgresql_using="gin",
            postgresql_ops={"title": "gin_trgm_ops"},
        ),
        # Serves: "did you mean" over topics.
        Index(
            "idx_lessons_topic_trgm",
            "topic",
            postgresql_using="gin",
            postgresql_ops={"topic": "gin_trgm_ops"},
        ),
        # Serves: an author's own lessons, and the foreign key.
        Index(None, "author_id"),
        # Serves: the parts of a lesson that was split, and the foreign key.
        Index(None, "split_from_id", postgresql_where=text("split_from_id IS NOT NULL")),
    )

    id: Mapped[PrimaryKey]
    title: Mapped[Title]
    slug: Mapped[SlugColumn]
    level: Mapped[Level]
    skill: Mapped[str] = mapped_column(String(50))
    topic: Mapped[str] = mapped_column(String(100))
    sections: Mapped[list[Section]] = mapped_column(PydanticJSON(Sections))
    status: Mapped[str] = mapped_column(String(20), server_default="draft")
    search_vector = search_column(
        ("title", "A", ENGLISH, "title"),
        ("topic", "B", ENGLISH, "topic"),
        ("summary", "B", ENGLISH, "summary"),
        ("title", "C", INDONESIAN, "translations -> 'id' ->> 'title'"),
        ("summary", "C", INDONESIAN, "translations -> 'id' ->> 'description'"),
        ("sections", "C", INDONESIAN, "jsonb_path_query_array(sections, 'strict $.**.id')"),
        ("sections", "D", ENGLISH, "jsonb_path_query_array(sections, 'strict $.**.en')"),
        ("tags", "D", ENGLISH, TAGS),
    )
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id", ondelete="SET NULL"))
    split_from_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("lessons.id", ondelete="SET NULL")
    )
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    summary: Mapped[str | None]
    position: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    estimated_minutes: Mapped[int] = mapped_column(Integer, server_default=text("15"))
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    translations: Mapped[Translations] = mapped_column(
        PydanticJSON(Translations), server_default=text("'{}'")
    )
    published_at: Mapped[datetime | None]

    unit: Mapped[Unit | None] = relationship(back_populates="lessons", lazy="raise")
    questions: Mapped[list["Question"]] = relationship(
        secondary="lesson_questions",
        order_by="LessonQuestion.position",
        lazy="raise",
        viewonly=True,
    )


class Question(Timestamps, Base):
    """One item of the question bank.

    `passage_id` names the `reading` question whose passage this one is about, too.
    """

    __tablename__ = "questions"
    __table_args__ = (
        slug_check(),
        CheckConstraint("btrim(stem) <> ''", name="stem"),
        CheckConstraint(one_of("type", QUESTION_TYPES), name="type"),
        CheckConstraint(
            "options IS NULL OR (jsonb_typeof(options) = 'object'"
            " AND options ->> 'type' IS NOT DISTINCT FROM type)",
            name="options",
        ),
        CheckConstraint(
            f"options IS NOT NULL OR NOT ({one_of('type', TYPES_WITH_OPTIONS)})",
            name="options_present",
        ),
        CheckConstraint(
            "jsonb_typeof(answer_key) = 'object'"
            " AND answer_key ->> 'type' IS NOT DISTINCT FROM type",
            name="answer_key",
        ),
        CheckConstraint(one_of("level", LEVELS), name="level"),
        CheckConstraint(one_of("skill", SKILLS), name="skill"),
        CheckConstraint("difficulty >= 1 AND difficulty <= 5", name="difficulty"),
        _status(),
        _object("translations"),
        _complete_when_published("stem"),
        # Serves: question lists filtered by type and level.
        Index("idx_questions_type_level", "type", "level"),
        # Serves: full-text search.
        Index("idx_questions_search", "search_vector", postgresql_using="gin"),
        # Serves: keyset pages of the bank, newest first.
        Index("idx_questions_created", text("created_at DESC"), text("id DESC")),
        # Serves: an author's own questions, and the foreign key.
        Index(None, "author_id"),
        # Serves: the questions about one passage, and the foreign key.
        Index(None, "passage_id", postgresql_where=text("passage_id IS NOT NULL")),
    )

    id: Mapped[PrimaryKey]
    stem: Mapped[str]
    type: Mapped[str] = mapped_column(String(50))
    options: Mapped[Options | None] = mapped_column(PydanticJSON(Options))
    answer_key: Mapped[AnswerKey] = mapped_column(PydanticJSON(AnswerKey))
    explanation: Mapped[str | None]
    level: Mapped[Level]
    skill: Mapped[str] = mapped_column(String(50))
    difficulty: Mapped[int] = mapped_column(Integer, server_default=text("3"))
    search_vector = search_column(
        ("stem", "A", ENGLISH, "stem"),
        ("explanation", "B", ENGLISH, "explanation"),
        ("stem", "C", INDONESIAN, "translations -> 'id' ->> 'stem'"),
        ("explanation", "C", INDONESIAN, "translations -> 'id' ->> 'explanation'"),
        (
            "options",
            "D",
            ENGLISH,
            "jsonb_path_query_array(coalesce(options, '{}'), 'strict $.**.text')",
        ),
        ("tags", "D", ENGLISH, TAGS),
    )
    slug: Mapped[str | None] = mapped_column(String(255), unique=True)
    status: Mapped[str] = mapped_column(String(20), server_default="draft")
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    passage_id: Mapped[UUID | None] = mapped_column(ForeignKey("questions.id", ondelete="SET NULL"))
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    translations: Mapped[QuestionTranslations] = mapped_column(
        PydanticJSON(QuestionTranslations), server_default=text("'{}'")
    )


class LessonQuestion(Timestamps, Base):
    """A question's place in a lesson: after a section, without one after the last."""

    __tablename__ = "lesson_questions"
    __table_args__ = (
        UniqueConstraint("lesson_id", "position", deferrable=True, initially="DEFERRED"),
        CheckConstraint("position >= 1", name="position"),
        CheckConstraint("after_section >= 1", name="after_section"),
        # Serves: the lessons that use a question, and the foreign key.
        Index(None, "question_id"),
    )

    lesson_id: Mapped[UUID] = mapped_column(
        ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True
    )
    question_id: Mapped[UUID] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer)
    after_section: Mapped[int | None] = mapped_column(Integer)


class QuestionSet(Timestamps, Base):
    """A custom collection of questions: practice, or the paper of a tryout."""

    __tablename__ = "question_sets"
    __table_args__ = (
        slug_check(),
        CheckConstraint(one_of("level", LEVELS), name="level"),
        CheckConstraint(one_of("kind", ("practice", "tryout")), name="kind"),
        CheckConstraint("time_limit_seconds > 0", name="time_limit_seconds"),
        CheckConstraint(
            "kind <> 'tryout' OR time_limit_seconds IS NOT NULL", name="tryout_time_limit"
        ),
        CheckConstraint("passing_score BETWEEN 0 AND 100", name="passing_score"),
        _status(),
        _object("translations"),
        _complete_when_published("title"),
        # Serves: a person's own sets, and the foreign key.
        Index(None, "owner_id"),
    )

    id: Mapped[PrimaryKey]
    title: Mapped[Title]
    slug: Mapped[str | None] = mapped_column(String(255), unique=True)
    description: Mapped[str | None]
    kind: Mapped[str] = mapped_column(String(20), server_default="practice")
    level: Mapped[str | None] = mapped_column(String(10))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    time_limit_seconds: Mapped[int | None] = mapped_column(Integer)
    passing_score: Mapped[int | None] = mapped_column(SmallInteger)
    status: Mapped[str] = mapped_column(String(20), server_default="draft")
    translations: Mapped[Translations] = mapped_column(
        PydanticJSON(Translations), server_default=text("'{}'")
    )

    questions: Mapped[list[Question]] = relationship(
        secondary="questionset_questions",
        order_by="QuestionSetQuestion.position",
        lazy="raise",
        viewonly=True,
    )


class QuestionSetQuestion(Timestamps, Base):
    """A question's place, and its weight, in a question set."""

    __tablename__ = "questionset_questions"
    __table_args__ = (
        UniqueConstraint("question_set_id", "position", deferrable=True, initially="DEFERRED"),
        CheckConstraint("position >= 1", name="position"),
        CheckConstraint("points > 0", name="points"),
        # Serves: the sets that use a question, and the foreign key.
        Index(None, "question_id"),
    )

    question_set_id: Mapped[UUID] = mapped_column(
        ForeignKey("question_sets.id", ondelete="CASCADE"), primary_key=True
    )
    question_id: Mapped[UUID] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer)
    points: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
