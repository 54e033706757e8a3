"""The question of a card as a review asks it: its inputs, and how it was answered."""

from dataclasses import dataclass, replace

import msgspec
from pydantic import TypeAdapter

from app.core.errors import InvalidInput
from app.domain.practice.review_rules import choose_part
from app.domain.practice.reviewing import CheckedAnswer, GivenAnswer
from app.domain.srs.results import DueCard, QuestionItem
from app.domain.srs.rules import Rating
from app.questions.documents.base import STORED, Passage
from app.questions.documents.translations import QuestionTranslations
from app.questions.forms import Fields, first
from app.questions.grades import GradedQuestion, QuestionPart
from app.questions.grading import shuffled, stored_question
from app.questions.shuffling import shuffle_seed
from app.questions.types import MARKED_TYPES, TYPES, Options, Response
from app.web.answers import read_answer, read_duration, read_seed
from app.web.feedback import Feedback, feedback_on
from app.web.questions import Form, by_id
from app.web.rendering import in_language
from app.web.visit import LearnerVisit

_RESPONSES: TypeAdapter[Response] = TypeAdapter(Response)


@dataclass(frozen=True, slots=True)
class CardQuestion:
    """What a review asks of a card's question: all of it, or one `part` of a reading.

    `options` stand in the order of `seed`; `passage` is the text that it is about.
    """

    type: str
    stem: str
    graded: GradedQuestion
    options: Options | None
    seed: int
    part: str = ""
    passage: Passage | None = None


@dataclass(frozen=True, slots=True)
class AskedCard:
    """The form of a card's question; once it is graded, with what is said and proposed.

    `response` is the answer as JSON, to be sent with the rating, `spent_ms` the time it took.
    """

    question: CardQuestion
    form: Form
    feedback: Feedback | None = None
    response: str = ""
    spent_ms: int | None = None
    proposed: Rating = Rating.GOOD
    slow_seconds: int | None = None

    @property
    def whole_response(self) -> str:
        """The answer as one to the whole question, of which a part may have been asked."""
        if not self.question.part or not self.response:
            return self.response
        parts = {self.question.part: msgspec.Raw(self.response.encode())}
        return msgspec.json.encode({"type": "reading", "parts": parts}).decode()


def is_asked(card: DueCard) -> bool:
    """Return whether a card has a question that is graded at once."""
    return isinstance(card.item, QuestionItem) and card.item.type not in MARKED_TYPES


def question_of(
    card: DueCard, visit: LearnerVisit, seed: int | None = None, *, whole: bool = False
) -> CardQuestion:
    """Return what a review asks of a card, in the language of the pages.

    Without the `seed` of a form, order and part are of the learner's day: no place can be learnt.
    `whole`: a reading is asked with all its parts.
    """
    item = card.item
    assert isinstance(item, QuestionItem)
    if seed is None:
        today = visit.account.day.date_of(visit.now).toordinal()
        seed = shuffle_seed(visit.account.user_id, card.item_id, today)
    graded = stored_question(bytes(item.answer_key), item.options and bytes(item.options))
    part = None if whole else choose_part(graded, seed)
    if part is not None:
        return _part(graded, part, seed, visit.language)
    texts = QuestionTranslations.model_validate_json(bytes(item.translations), context=STORED)
    stem = texts.id.stem if visit.language == "id" and texts.id else item.stem
    return CardQuestion(
        item.type, stem, graded, shuffled(graded, seed), seed, passage=_passage(item)
    )


def _passage(item: QuestionItem) -> Passage | None:
    """Return the text of a reading that this other question is about."""
    return None if item.passage is None else Passage.model_validate_json(bytes(item.passage))


def _part(whole: GradedQuestion, part: QuestionPart, seed: int, language: str) -> CardQuestion:
    stem, options = in_language(part.stem, language), shuffled(part.question, seed)
    passage = TYPES[whole.key.type].front(whole.options).passage
    return CardQuestion(part.type, stem, part.question, options, seed, part.id, passage)


def ask(
    question: CardQuestion, visit: LearnerVisit, fields: Fields, problem: str = ""
) -> AskedCard:
    """Return the form of a question that is still open, with the time that it took so far."""
    spent = read_duration(first(fields, "duration_ms"))
    return AskedCard(question, _form(question, visit, fields, problem), spent_ms=spent)


def read_given(question: CardQuestion, fields: Fields) -> GivenAnswer:
    """Return the answer in a form. Raises InvalidInput, with what to do, when it is still open."""
    response = read_answer(question.type, question.stem, question.options, fields)
    spent = read_duration(first(fields, "duration_ms"))
    return GivenAnswer(response, spent, question.seed, question.part or None)


def given_again(fields: Fields) -> GivenAnswer | None:
    """Return the answer that a rating brings along; None when its card asked for none.

    Raises InvalidInput for one that cannot be read.
    """
    response = first(fields, "response")
    if not response:
        return None
    spent, seed = read_duration(first(fields, "spent_ms")), read_seed(first(fields, "shuffle_seed"))
    try:
        return GivenAnswer(
            msgspec.json.decode(response), spent, seed, first(fields, "part") or None
        )
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput(field="response") from error


def show_checked(
    question: CardQuestion, visit: LearnerVisit, given: GivenAnswer, checked: CheckedAnswer
) -> AskedCard:
    """Return the form of a question that was answered, with its feedback."""
    result = checked.answer
    response = _RESPONSES.validate_python(given.response)
    form = _form(question, visit, TYPES[response.type].write_form(response))
    is_open = not form.answer
    form = replace(
        form,
        is_graded=True,
        is_correct=result.is_correct,
        is_open=is_open,
        earned=by_id(result.parts),
    )
    return AskedCard(
        question,
        form,
        feedback=feedback_on(
            result, question.graded.key, question.options, visit.language, is_open=is_open
        ),
        response=response.model_dump_json(),
        spent_ms=given.duration_ms,
        proposed=checked.proposed_rating,
        slow_seconds=checked.slow_seconds,
    )


def _form(question: CardQuestion, visit: LearnerVisit, fields: Fields, problem: str = "") -> Form:
    return Form(
        stem=question.stem,
        options=question.options,
        key=question.graded.key,
        language=visit.language,
        fields=fields,
        passage=question.passage,
        problem=problem,
    )
