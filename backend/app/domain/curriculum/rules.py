"""What makes content files fit to publish together; no file, no database, no word list.

The shape of a single file is `files.py`; this is about meaning: names that are used once, both
languages, enough practice, and answer keys that agree with their questions and with the grader.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.domain.curriculum.files import (
    Content,
    LessonFile,
    Problem,
    QuestionItem,
    SourceFile,
)
from app.domain.practice.rules import grade
from app.models.documents import (
    AnswerKey,
    ChoiceOptions,
    Document,
    FillBlankKey,
    FillBlankResponse,
    MatchingKey,
    MatchingOptions,
    MatchingResponse,
    MultipleChoiceKey,
    MultipleChoiceResponse,
    MultipleAnswerKey,
    MultipleAnswerResponse,
    OrderingKey,
    OrderingOptions,
    OrderingResponse,
    Response,
    ShortAnswerKey,
    ShortAnswerResponse,
    TrueFalseKey,
    TrueFalseResponse,
    VocabularySection,
)

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
    ]
    slugs = {word.slug for word in content.words()}
    for lesson in content.lessons():
        errors += _practice_errors(lesson)
        errors += _vocabulary_errors(lesson, slugs)
        for index, question in enumerate(lesson.document.questions):
            errors += [
                lesson.problem(message, "questions", index, field)
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


# --- one question -------------------------------------------------------------------------------


def find_question_errors(question: QuestionItem) -> list[tuple[str, str]]:
    """Return (field, message) for each way in which the parts of `question` disagree."""
    key, options = question.answer_key, question.options
    errors: list[str] = []
    if isinstance(options, ChoiceOptions) and isinstance(
        key, MultipleChoiceKey | MultipleAnswerKey
    ):
        errors = _choice_errors(key, options)
    elif isinstance(options, MatchingOptions) and isinstance(key, MatchingKey):
        errors = _matching_errors(key, options)
    elif isinstance(options, OrderingOptions) and isinstance(key, OrderingKey):
        errors = _ordering_errors(key, options)
    errors += [
        f"the grader does not accept this key's own answer {response.model_dump(mode='json')}"
        for response in model_responses(key)
        if not grade(key, response).is_correct
    ]
    return [("answer_key", message) for message in errors]


def _choice_errors(key: MultipleChoiceKey | MultipleAnswerKey, options: ChoiceOptions) -> list[str]:
    chosen = [key.choice] if isinstance(key, MultipleChoiceKey) else key.choices
    return _id_errors(chosen, {choice.id for choice in options.choices}, "choices")


def _matching_errors(key: MatchingKey, options: MatchingOptions) -> list[str]:
    left = {item.id for item in options.left}
    errors = _id_errors(list(key.pairs), left, "left")
    partners = sorted(set(key.pairs.values()))  # several left items may share one
    errors += _id_errors(partners, {item.id for item in options.right}, "right")
    unpaired = sorted(left - key.pairs.keys())
    if unpaired:
        errors.append(f"left {', '.join(unpaired)} has no partner; pair every left item")
    return errors


def _ordering_errors(key: OrderingKey, options: OrderingOptions) -> list[str]:
    shown = [token.id for token in options.tokens]
    errors = [error for order in key.orders for error in _id_errors(order, set(shown), "tokens")]
    if shown in key.orders:
        errors.append("the tokens stand in a right order already; shuffle options.tokens")
    return errors


def _id_errors(used: list[str], known: set[str], where: str) -> list[str]:
    errors = [
        f"{name!r} is not an id in options.{where} ({', '.join(sorted(known))})"
        for name in used
        if name not in known
    ]
    return errors + [f"{name!r} is used twice; use each id once" for name in _repeated(used)]


def _repeated(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def model_responses(key: AnswerKey) -> list[Response]:  # noqa: PLR0911 - a type a branch
    """Return responses that `key` says are right, together using every accepted answer."""
    match key:
        case MultipleChoiceKey():
            return [MultipleChoiceResponse(type="multiple_choice", choice=key.choice)]
        case MultipleAnswerKey():
            return [MultipleAnswerResponse(type="multiple_answer", choices=key.choices)]
        case TrueFalseKey():
            return [TrueFalseResponse(type="true_false", value=key.value)]
        case ShortAnswerKey():
            return [ShortAnswerResponse(type="short_answer", text=text) for text in key.accepted]
        case MatchingKey():
            return [MatchingResponse(type="matching", pairs=key.pairs)]
        case OrderingKey():
            return [OrderingResponse(type="ordering", order=order) for order in key.orders]
        case FillBlankKey():
            rows = max(len(fillings) for fillings in key.gaps)
            return [
                FillBlankResponse(
                    type="fill_blank",
                    gaps=[fillings[min(row, len(fillings) - 1)] for fillings in key.gaps],
                )
                for row in range(rows)
            ]
