"""Vocabulary: words and phrases with meaning, pronunciation and an example."""

from sqlalchemy import ARRAY, CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import (
    LEVELS,
    Base,
    Level,
    PrimaryKey,
    SlugColumn,
    Timestamps,
    Title,
    one_of,
    slug_check,
)
from app.models.text_search import ENGLISH, INDONESIAN, TAGS, search_column

PARTS_OF_SPEECH = (
    "noun",
    "verb",
    "phrasal verb",
    "adjective",
    "adverb",
    "pronoun",
    "preposition",
    "conjunction",
    "determiner",
    "numeral",
    "interjection",
    "phrase",
)


class VocabularyEntry(Timestamps, Base):
    """One word or phrase, with its Indonesian meaning and an example in both languages."""

    __tablename__ = "vocabulary_entries"
    __table_args__ = (
        UniqueConstraint("headword", "part_of_speech"),
        slug_check(),
        CheckConstraint("btrim(headword) <> ''", name="headword"),
        CheckConstraint(one_of("part_of_speech", PARTS_OF_SPEECH), name="part_of_speech"),
        CheckConstraint(one_of("level", LEVELS), name="level"),
        CheckConstraint("ipa LIKE '/%/'", name="ipa"),
        # Serves: word lists by level, alphabetical.
        Index("idx_vocabulary_entries_level", "level", "headword"),
        # Serves: full-text search.
        Index("idx_vocabulary_entries_search", "search_vector", postgresql_using="gin"),
        # Serves: "did you mean" over headwords.
        Index(
            "idx_vocabulary_entries_headword_trgm",
            "headword",
            postgresql_using="gin",
            postgresql_ops={"headword": "gin_trgm_ops"},
        ),
    )

    id: Mapped[PrimaryKey]
    slug: Mapped[SlugColumn]
    headword: Mapped[str] = mapped_column(String(100))
    part_of_speech: Mapped[str] = mapped_column(String(20))
    ipa: Mapped[str] = mapped_column(String(100))
    level: Mapped[Level]
    meaning: Mapped[Title]
    example_en: Mapped[str]
    example_id: Mapped[str]
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    search_vector = search_column(
        ("headword", "A", ENGLISH, "headword"),
        ("example_en", "B", ENGLISH, "example_en"),
        ("meaning", "C", INDONESIAN, "meaning"),
        ("example_id", "C", INDONESIAN, "example_id"),
        ("tags", "D", ENGLISH, TAGS),
    )
