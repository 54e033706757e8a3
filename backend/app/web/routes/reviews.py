"""The review session: one card after the other until nothing is due."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form
from pydantic import TypeAdapter
from starlette.responses import Response

from app.api.deps import DB, CurrentDatabase
from app.domain.practice import service as practice
from app.domain.srs import service as srs
from app.domain.srs.service import DueCard, Preview, Rating
from app.models.base import new_id
from app.models.documents import (
    AnswerKey,
    ChoiceOptions,
    Options,
    OrderingOptions,
    QuestionTranslations,
)
from app.web.answers import answer_lines, read_duration
from app.web.i18n import translate
from app.web.visit import Learner, see_other

router = APIRouter()

_options: TypeAdapter[Options] = TypeAdapter(Options)
_answer_key: TypeAdapter[AnswerKey] = TypeAdapter(AnswerKey)
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_MONTH_DAYS, _YEAR_DAYS = 30, 365


@dataclass(frozen=True, slots=True)
class RatingButton:
    """One of the four buttons, with what it grants."""

    name: str
    value: int
    interval: str


@dataclass(frozen=True, slots=True)
class QuestionFaces:
    """A question card: what is asked, what there is to choose from, and the answer."""

    stem: str
    choices: list[str]
    answer: list[str]
    explanation: str


@router.get("/reviews")
async def show_review(
    visit: Learner, db: DB, database: CurrentDatabase, elsewhere: str = ""
) -> Response:
    """Show the card that is due first, or that nothing is due.

    `elsewhere` is "true" after a card that was reviewed in another tab or on another device.
    """
    notice = srs.AlreadyReviewed().text(visit.language) if elsewhere == "true" else ""
    queue = await srs.get_queue(database, visit.account, visit.now, limit=1)
    reviewed_today = await srs.count_reviewed_today(database, visit.account, visit.now)
    if not queue:
        await practice.get_overview(db, visit.account, visit.now)  # awards what was earned
        return visit.page(
            "review_done.html",
            section="reviews",
            reviewed_today=reviewed_today,
            notice=notice,
        )
    card = queue[0]
    counts = await srs.count_due(database, visit.account, visit.now)
    return visit.page(
        "review.html",
        section="reviews",
        card=card,
        item=_faces(card, visit.language),
        ratings=[_button(rating, card.previews[rating], visit.language) for rating in Rating],
        review_id=new_id(),
        remaining=max(1, counts.total),
        done=reviewed_today,
        notice=notice,
    )


@router.post("/reviews")
async def rate(
    visit: Learner,
    database: CurrentDatabase,
    *,
    review_id: Annotated[UUID, Form()],
    card_id: Annotated[UUID, Form()],
    rating: Annotated[Rating, Form()],
    state_token: Annotated[str, Form()] = "",
    duration_ms: Annotated[str, Form()] = "",
) -> Response:
    """Store a rating and go on. Sending the same form twice stores one review."""
    try:
        await srs.submit_review(
            database,
            visit.account,
            review_id=review_id,
            card_id=card_id,
            rating=rating,
            duration_ms=read_duration(duration_ms),
            state_token=state_token or None,
            now=visit.now,
        )
    except srs.AlreadyReviewed:
        return see_other("/reviews?elsewhere=true")
    return see_other("/reviews")


def _button(rating: Rating, preview: Preview, language: str) -> RatingButton:
    return RatingButton(rating.name.lower(), rating.value, _interval(preview, language))


def _interval(preview: Preview, language: str) -> str:
    """Return the wait in its largest fitting unit: 10 min, 3 h, 4 d, 2 mo, 1.5 y."""
    days = preview.interval_days or preview.seconds / _DAY
    if days >= _YEAR_DAYS:
        return translate(language, "interval.years", n=_short(days / _YEAR_DAYS, language))
    if days >= 2 * _MONTH_DAYS:
        return translate(language, "interval.months", n=_short(days / _MONTH_DAYS, language))
    if days >= 1:
        return translate(language, "interval.days", n=round(days))
    if preview.seconds >= _HOUR:
        return translate(language, "interval.hours", n=round(preview.seconds / _HOUR))
    return translate(language, "interval.minutes", n=max(1, round(preview.seconds / _MINUTE)))


def _short(number: float, language: str) -> str:
    """Return `number` with at most one decimal, as the language writes it."""
    text = f"{number:.1f}".removesuffix(".0")
    return text.replace(".", ",") if language == "id" else text


def _faces(card: DueCard, language: str) -> Any:
    """Return what the card's templates show: the vocabulary item itself, or a question's faces."""
    item = card.item
    if isinstance(item, srs.VocabularyItem):
        return item
    key = _answer_key.validate_json(bytes(item.answer_key))
    options = None if item.options is None else _options.validate_json(bytes(item.options))
    translation = QuestionTranslations.model_validate_json(bytes(item.translations)).id
    words = translation if language == "id" and translation else item
    return QuestionFaces(
        stem=words.stem,
        choices=_choice_texts(options),
        answer=answer_lines(key, options, language),
        explanation=words.explanation or "",
    )


def _choice_texts(options: Options | None) -> list[str]:
    """Return what the front offers to choose from; pairs and gaps are recalled freely."""
    match options:
        case ChoiceOptions():
            return [choice.text for choice in options.choices]
        case OrderingOptions():
            return [token.text for token in options.tokens]
        case _:
            return []
