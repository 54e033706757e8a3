"""What the two sides of a card show, for words of the dictionary, questions and own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.domain.accounts.account import Account
from app.domain.srs.results import DueCard, PersonalItem, QuestionItem, VocabularyItem
from app.domain.srs.rules import Rating
from app.english.answers import DiffPiece, compare
from app.questions.documents.base import STORED
from app.questions.documents.translations import QuestionTranslations
from app.questions.grading import parts_of, shuffled, stored_question
from app.questions.shuffling import shuffle_seed
from app.questions.types import TYPES
from app.questions.types.base import Front
from app.web.feedback import telling
from app.web.rendering import in_language

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
    """A question: what is asked, what stands beside it, its parts, and the answer, in lines."""

    type: str
    stem: str
    answer: list[str]
    explanation: str
    front: Front
    parts: list[str]

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
    graded = stored_question(bytes(item.answer_key), item.options and bytes(item.options))
    shown, kind = shuffled(graded, seed), TYPES[item.type]
    translation = QuestionTranslations.model_validate_json(
        bytes(item.translations), context=STORED
    ).id
    words = translation if language == "id" and translation else item
    return QuestionFaces(
        type=item.type,
        stem=words.stem,
        answer=kind.answer_lines(graded.key, graded.options, language),
        explanation=words.explanation or "",
        front=kind.front(shown),
        parts=[in_language(part.stem, language) for part in parts_of(graded)],
    )


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
