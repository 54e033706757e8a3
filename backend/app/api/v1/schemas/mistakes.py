"""What the API of the mistake book and of the trial takes and returns."""

from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.api.v1.schemas.answers import ATTEMPT_ID, RESPONSE_EXAMPLES, TextsOut
from app.api.v1.schemas.cards import CardOut
from app.api.v1.schemas.reviews import DueCardOut
from app.domain.practice.mistakes import CauseBook, CauseStanding, Mistake
from app.questions.grading import model_answer
from app.questions.slips import Cause
from app.questions.types import Response
from app.questions.types.multiple_choice import MultipleChoiceResponse


class CauseOut(BaseModel):
    """How many mistakes a cause has."""

    cause: Cause = Field(examples=["articles"])
    open: int = Field(description="Questions not answered right since.", examples=[4])
    mended: int = Field(description="Questions answered right since.", examples=[2])
    words: int = Field(
        description="Words that were forgotten; with the cause “words” only.", examples=[0]
    )

    @classmethod
    def of(cls, standing: CauseStanding) -> Self:
        """Return a standing as it is sent."""
        return cls(
            cause=standing.cause,
            open=standing.open,
            mended=standing.mended,
            words=standing.words,
        )


class MistakeOut(BaseModel):
    """The latest wrong answer to a question."""

    attempt_id: UUID
    question_id: UUID
    type: str = Field(examples=["fill_blank"])
    level: str = Field(examples=["A1"])
    stem: TextsOut
    response: Response = Field(examples=RESPONSE_EXAMPLES[3:4])
    answer: TextsOut = Field(description="The right answer, to be shown.")
    causes: list[Cause] = Field(examples=[["articles"]])
    attempted_at: datetime
    is_mended: bool = Field(description="Whether a later answer was right.")
    card_id: UUID | None = Field(description="The card to practise it with.")

    @classmethod
    def of(cls, mistake: Mistake) -> Self:
        """Return a mistake as it is sent."""
        question = mistake.question
        translation = question.translations.id
        key, options = question.answer_key, question.options
        return cls(
            attempt_id=mistake.attempt_id,
            question_id=question.id,
            type=question.type,
            level=question.level,
            stem=TextsOut(en=question.stem, id=translation.stem if translation else None),
            response=mistake.response,
            answer=TextsOut(
                en=model_answer(key, options), id=model_answer(key, options, language="id")
            ),
            causes=list(mistake.causes),
            attempted_at=mistake.attempted_at,
            is_mended=mistake.is_mended,
            card_id=mistake.card_id,
        )


class CauseBookOut(BaseModel):
    """The mistakes of a cause: the open ones first, of each kind the latest."""

    cause: Cause = Field(examples=["articles"])
    mistakes: list[MistakeOut]
    words: list[CardOut] = Field(description="Words that were forgotten, the most often first.")

    @classmethod
    def of(cls, book: CauseBook) -> Self:
        """Return the book of a cause as it is sent."""
        return cls(
            cause=book.cause,
            mistakes=[MistakeOut.of(mistake) for mistake in book.mistakes],
            words=[CardOut.model_validate(word, from_attributes=True) for word in book.words],
        )


class PracticeOut(BaseModel):
    """Five minutes of one cause: what to review next, and how it went so far."""

    cause: Cause = Field(examples=["articles"])
    done: int = Field(description="Cards reviewed since it began.", examples=[3])
    mended: int = Field(description="Mistakes put right since it began.", examples=[2])
    left: int = Field(description="Cards that are left.", examples=[5])
    open: int = Field(description="Mistakes of the cause that are not put right.", examples=[4])
    is_over: bool = Field(description="Whether no card is left or five minutes have passed.")
    cards: list[DueCardOut] = Field(description="The next ones; POST /reviews/check asks them.")


class TrialAnswerIn(BaseModel):
    """A stranger's answer to a question of the trial. Nothing of it is stored."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(
        description="Chosen by the client, best a UUIDv7: to be sent again with POST /attempts "
        "once there is an account.",
        examples=[ATTEMPT_ID],
    )
    question_id: UUID = Field(examples=["01a20523-42ed-7032-ab00-64843a6dbdde"])
    response: MultipleChoiceResponse = Field(examples=RESPONSE_EXAMPLES[:1])
