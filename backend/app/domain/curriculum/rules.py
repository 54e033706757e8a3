"""What makes content files fit to publish together; no file, no database, no word list.

The shape of a single file is `files.py`, a single question `question_rules.py`; this is about what
they say together: names that are used once, both languages, enough practice, passages that exist.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.domain.curriculum.files import (
    Content,
    LessonFile,
    Problem,
    SourceFile,
)
from app.domain.curriculum.question_rules import find_question_errors
from app.questions.documents.base import Document
from app.questions.documents.sections import VocabularySection

MIN_QUESTIONS = 10
MIN_QUESTION_TYPES = 5


def find_errors(content: Content) -> list[Problem]:
    """Return everything that forbids publishing `content`, file by file."""
    errors = [
        *_slug_errors(content),
        *_headword_errors(content),
        *_translation_errors(content),
        *_position_errors(content),
        *_level_errors(content),
        *_passage_errors(content),
        *_split_errors(content),
    ]
    slugs = {word.slug for word in content.words()}
    for lesson in content.lessons():
        errors += _practice_errors(lesson)
        errors += _vocabulary_errors(lesson, slugs)
        errors += _place_errors(lesson)
        for index, question in enumerate(lesson.document.questions):
            errors += [
                lesson.problem(message, "questions", index, *field.split("."))
                for field, message in find_question_errors(question)
            ]
    return sorted(errors, key=lambda problem: (problem.file, problem.line or 0))


# --- names --------------------------------------------------------------------------------------


def _slugs(content: Content) -> Iterator[tuple[str, SourceFile[Any], tuple[str | int, ...]]]:
    for path in content.paths:
        yield path.source.document.slug, path.source, ("slug",)
    for unit in content.units():
        yield unit.source.document.slug, unit.source, ("slug",)
    for lesson in content.lessons():
        yield lesson.document.slug, lesson, ("slug",)
        for index, question in enumerate(lesson.document.questions):
            yield question.slug, lesson, ("questions", index, "slug")
    for vocabulary in content.vocabulary:
        for index, word in enumerate(vocabulary.document.entries):
            yield word.slug, vocabulary, ("entries", index, "slug")


def _slug_errors(content: Content) -> Iterator[Problem]:
    first: dict[str, Problem] = {}
    for slug, source, location in _slugs(content):
        here = source.problem("", *location)
        if slug in first:
            other = first[slug]
            message = f"{slug!r} already names {other.file}:{other.line} {other.field}; rename one"
            yield source.problem(message, *location)
        else:
            first[slug] = here


def _headword_errors(content: Content) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for source in content.vocabulary:
        for index, word in enumerate(source.document.entries):
            key = (word.headword, word.part_of_speech)
            if key in seen:
                message = f"{word.headword} ({word.part_of_speech}) is there already; keep one"
                yield source.problem(message, "entries", index, "headword")
            seen.add(key)


# --- both languages -----------------------------------------------------------------------------


def _translation_errors(content: Content) -> Iterator[Problem]:
    titled: list[SourceFile[Any]] = [path.source for path in content.paths]
    titled += [unit.source for unit in content.units()]
    titled += content.lessons()
    for source in titled:
        yield from _untranslated(source, source.document, ("title", "description"))
    for lesson in content.lessons():
        for index, question in enumerate(lesson.document.questions):
            yield from _untranslated(lesson, question, ("stem", "explanation"), "questions", index)


def _untranslated(
    source: SourceFile[Any], document: Any, fields: tuple[str, ...], *location: str | int
) -> Iterator[Problem]:
    text: Document | None = document.translations.id
    for field in fields:
        if text is None or getattr(text, field) is None:
            message = f"the Indonesian {field} is missing; add translations: id: {field}"
            yield source.problem(message, *location, "translations", "id", field)


# --- order and level ----------------------------------------------------------------------------


def _position_errors(content: Content) -> Iterator[Problem]:
    yield from _repeated_positions([path.source for path in content.paths])
    for path in content.paths:
        yield from _repeated_positions([unit.source for unit in path.units])
    for unit in content.units():
        yield from _repeated_positions(unit.lessons)


def _repeated_positions(siblings: list[SourceFile[Any]]) -> Iterator[Problem]:
    taken: dict[int, str] = {}
    for source in siblings:
        position = source.document.position
        if position in taken:
            message = f"position {position} is taken by {taken[position]}; choose another"
            yield source.problem(message, "position")
        taken.setdefault(position, source.name)


def _level_errors(content: Content) -> Iterator[Problem]:
    for unit in content.units():
        level = unit.source.document.level
        for lesson in unit.lessons:
            if lesson.document.level != level:
                message = (
                    f"the lesson is {lesson.document.level}, its unit {level}; make them agree"
                )
                yield lesson.problem(message, "level")


# --- lessons ------------------------------------------------------------------------------------


def _practice_errors(lesson: SourceFile[LessonFile]) -> Iterator[Problem]:
    questions = lesson.document.questions
    types = {question.type for question in questions}
    if len(questions) < MIN_QUESTIONS:
        message = f"{len(questions)} questions; a lesson needs at least {MIN_QUESTIONS}"
        yield lesson.problem(message, "questions")
    if len(types) < MIN_QUESTION_TYPES:
        message = (
            f"{len(types)} question types ({', '.join(sorted(types))});"
            f" a lesson needs at least {MIN_QUESTION_TYPES}"
        )
        yield lesson.problem(message, "questions")


def _vocabulary_errors(lesson: SourceFile[LessonFile], slugs: set[str]) -> Iterator[Problem]:
    for index, section in enumerate(lesson.document.sections):
        if not isinstance(section, VocabularySection):
            continue
        for row, slug in enumerate(section.entries):
            if slug not in slugs:
                message = f"no vocabulary entry has the slug {slug!r}; add it or correct the slug"
                yield lesson.problem(message, "sections", index, "entries", row)
        for slug in _repeated(section.entries):
            message = f"{slug!r} is listed twice; keep one"
            yield lesson.problem(message, "sections", index, "entries")


def _passage_errors(content: Content) -> Iterator[Problem]:
    """Yield each `about` that names no passage."""
    types = {
        question.slug: question.type
        for lesson in content.lessons()
        for question in lesson.document.questions
    }
    for lesson in content.lessons():
        for index, question in enumerate(lesson.document.questions):
            if question.about is None or types.get(question.about) == "reading":
                continue
            found = types.get(question.about)
            message = (
                f"{question.about!r} is a {found} question; name a reading"
                if found
                else f"no question has the slug {question.about!r}; name a reading"
            )
            yield lesson.problem(message, "questions", index, "about")


def _split_errors(content: Content) -> Iterator[Problem]:
    """Yield each `split_from` that names no other lesson, or one that is a part itself."""
    whole = {
        lesson.document.slug for lesson in content.lessons() if lesson.document.split_from is None
    }
    for lesson in content.lessons():
        named = lesson.document.split_from
        if named is not None and named not in whole:
            message = f"{named!r} is no lesson, or a part of one itself; name the first part"
            yield lesson.problem(message, "split_from")


def _place_errors(lesson: SourceFile[LessonFile]) -> Iterator[Problem]:
    """Yield each question that stands after no section, or after a later one than its next."""
    total, reached = len(lesson.document.sections), 0
    for index, question in enumerate(lesson.document.questions):
        place = total if question.after is None else question.after
        if place > total:
            message = f"there are {total} sections; name one of them, or leave it out for the end"
            yield lesson.problem(message, "questions", index, "after")
        elif place < reached:
            message = f"an earlier question stands after section {reached}; put this one before it"
            yield lesson.problem(message, "questions", index, "after")
        reached = max(reached, min(place, total))


def _repeated(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
