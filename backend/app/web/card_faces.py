"""What the two sides of a card show, for words of the dictionary, questions and own words."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter

from app.domain.accounts.account import Account
from app.domain.srs.results import DueCard, PersonalItem, QuestionItem, VocabularyItem
from app.domain.srs.rules import Rating
from app.english.answers import DiffPiece, compare
from app.questions.documents import (
    STORED,
    AnswerKey,
    Choice,
    ChoiceOptions,
    ClozeOptions,
    DictationOptions,
    ErrorCorrectionOptions,
    MatchingOptions,
    Options,
    OrderingOptions,
    Passage,
    QuestionTranslations,
    ReadingKey,
    ReadingOptions,
    TranslationOptions,
)
from app.questions.grading.rules import GradedQuestion, model_answer, shuffle_seed, shuffled
from app.web.feedback import answer_lines, telling

_options: TypeAdapter[Options] = TypeAdapter(Options)
_answer_key: TypeAdapter[AnswerKey] = TypeAdapter(AnswerKey)
# What may stand before a typed word, by its part of speech; own words have none.
_BEFORE = {
    "verb": ("to",),
    "noun": ("a", "an", "the"),
    None: ("to", "a", "an", "the"),
}


@dataclass(frozen=True, slots=True)
class WordFaces:
    """A word. `asks_for_english`: the meaning is shown and the English recalled."""

    headword: str
    meaning: str
    asks_for_english: bool
    part_of_speech: str | None = None
    level: str | None = None
    ipa: str | None = None
    example: str | None = None
    example_id: str | None = None

    kind = "word"


@dataclass(frozen=True, slots=True)
class QuestionFaces:
    """A question: what is asked, what there is to choose from, and the answer, a line a part."""

    type: str
    stem: str
    answer: list[str]
    explanation: str
    choices: list[str] = field(default_factory=list)
    text: str = ""
    text_language: str = "en"
    speech: str = ""
    passage: Passage | None = None
    parts: list[str] = field(default_factory=list)

    kind = "question"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was typed, how it differs from the answer, and the rating that it suggests."""

    typed: str
    verdict: Literal["right", "typo", "wrong"]
    diff: Sequence[DiffPiece]
    remarks: list[str]
    suggested: Rating


def faces_of(card: DueCard, account: Account, now: datetime) -> WordFaces | QuestionFaces:
    """Return the faces of a card in the language of the account's pages.

    The choices of a question are in an order of the learner's day: they cannot be known by place.
    """
    match card.item:
        case VocabularyItem() as word:
            return WordFaces(
                word.headword,
                word.meaning,
                card.direction == "production",
                word.part_of_speech,
                word.level,
                word.ipa,
                word.example_en,
                word.example_id,
            )
        case PersonalItem() as own:
            asks_for_english = card.direction == "production"
            return WordFaces(own.headword, own.meaning, asks_for_english, example=own.example)
        case QuestionItem() as question:
            today = account.day.date_of(now).toordinal()
            seed = shuffle_seed(account.user_id, card.item_id, today)
            return _question_faces(question, seed, account.ui_language)


def _question_faces(item: QuestionItem, seed: int, language: str) -> QuestionFaces:
    key = _answer_key.validate_json(bytes(item.answer_key), context=STORED)
    options = (
        None
        if item.options is None
        else _options.validate_json(bytes(item.options), context=STORED)
    )
    shown = shuffled(GradedQuestion(key, options), seed)
    translation = QuestionTranslations.model_validate_json(
        bytes(item.translations), context=STORED
    ).id
    words = translation if language == "id" and translation else item
    faces = QuestionFaces(
        type=item.type,
        stem=words.stem,
        answer=_answer_lines(key, options, language),
        explanation=words.explanation or "",
        choices=_choices(shown),
    )
    return _with_material(faces, shown, language)


def _with_material(faces: QuestionFaces, options: Options | None, language: str) -> QuestionFaces:
    """Return the faces with the text, the speech or the passage that the question is about."""
    match options:
        case ErrorCorrectionOptions():
            return replace(faces, text=options.text)
        case TranslationOptions():
            is_english = options.direction == "to_indonesian"
            return replace(faces, text=options.text, text_language="en" if is_english else "id")
        case DictationOptions():
            return replace(faces, speech=options.speech)
        case ReadingOptions():
            stems = [part.stem.id if language == "id" else part.stem.en for part in options.parts]
            return replace(faces, passage=options.passage, parts=stems)
        case _:
            return faces


def _choices(options: Options | None) -> list[str]:
    """Return what the front offers, a line a choice, a gap or an item to be paired."""
    match options:
        case ChoiceOptions():
            return _texts(options.choices)
        case OrderingOptions():
            return _texts(options.tokens)
        case ClozeOptions():
            return [" / ".join(_texts(gap)) for gap in options.gaps]
        case MatchingOptions():
            return _texts(options.left)
        case _:
            return []


def _texts(choices: list[Choice]) -> list[str]:
    return [choice.text for choice in choices]


def _answer_lines(key: AnswerKey, options: Options | None, language: str) -> list[str]:
    """Return the right answer, a line a part of a reading; see `answer_lines` for the others."""
    if isinstance(key, ReadingKey) and isinstance(options, ReadingOptions):
        return [model_answer(key.parts[part.id], part.options, language) for part in options.parts]
    return answer_lines(key, options, language)


def compare_typed(faces: WordFaces, typed: str, language: str) -> Attempt | None:
    """Return how what was typed compares with the English word; None when nothing was typed.

    An infinitive may have its "to", a noun its article. A slip suggests Hard: it was remembered,
    but not its spelling.
    """
    if not typed:
        return None
    before = _BEFORE.get(faces.part_of_speech, ())
    accepted = [faces.headword, *(f"{word} {faces.headword}" for word in before)]
    found = compare(accepted, typed)
    if not found.is_accepted:
        suggested = Rating.AGAIN
    else:
        suggested = Rating.HARD if found.typos else Rating.GOOD
    return Attempt(
        typed=typed,
        verdict="wrong" if not found.is_accepted else "typo" if found.typos else "right",
        diff=telling(found.diff),
        remarks=[remark.text(language) for remark in found.reasons],
        suggested=suggested,
    )
