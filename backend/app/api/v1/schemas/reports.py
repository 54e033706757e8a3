"""What the API of reports takes and returns."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.api.v1.schemas.answers import RESPONSE_EXAMPLES, TextsOut
from app.domain.practice.reporting import MAX_TEXT_LENGTH, Decision, Kind, Report
from app.models import ItemReport, Question
from app.questions.types import AnswerKey, Response

Words = Annotated[str, Field(max_length=MAX_TEXT_LENGTH, pattern=r"^[^\x00]*$")]
REPORT_ID = "01a20523-42ed-7032-ab00-64843a6dbde1"
QUESTION_ID = "01a20523-42ed-7032-ab00-64843a6dbdde"
COMMENT = "“Begin” dan “start” artinya sama."
REPLY = "Betul, jawabanmu kami tambahkan."


class ReportIn(BaseModel):
    """What is wrong with a question, or with the grade of an answer."""

    model_config = ConfigDict(extra="forbid")

    id: UUID = Field(description="Chosen by the client, best a UUIDv7.", examples=[REPORT_ID])
    question_id: UUID = Field(examples=[QUESTION_ID])
    kind: Kind = Field(
        description="answer: this response should be right. question: something else is wrong.",
        examples=["answer"],
    )
    response: Response | None = Field(
        None, description="The answer as it was given.", examples=RESPONSE_EXAMPLES
    )
    comment: Words | None = Field(None, examples=[COMMENT])


class DecisionIn(BaseModel):
    """An author's decision. No grade changes by it."""

    model_config = ConfigDict(extra="forbid")

    status: Decision = Field(examples=["accepted"])
    reply: Words | None = Field(None, description="A word to the learner.", examples=[REPLY])


class ReportOut(BaseModel):
    """A report, and what was decided."""

    id: UUID
    question_id: UUID
    kind: Kind = Field(examples=["answer"])
    response: Response | None = Field(examples=RESPONSE_EXAMPLES[:1])
    score: float | None = Field(description="What the answer is worth.", examples=[0.0])
    comment: str | None = Field(examples=[COMMENT])
    status: Literal["open", "accepted", "declined"] = Field(examples=["open"])
    reply: str | None = Field(examples=[REPLY])
    created_at: datetime
    settled_at: datetime | None

    @classmethod
    def of(cls, report: ItemReport) -> Self:
        """Return `report` as the API shows it. The learner is not named."""
        return cls.model_validate(report, from_attributes=True)


class ReportedQuestion(BaseModel):
    """The question that a report is about."""

    slug: str | None = Field(examples=["greetings-01"])
    type: str = Field(examples=["multiple_choice"])
    level: str = Field(examples=["A1"])
    stem: TextsOut
    answer_key: AnswerKey = Field(examples=[{"type": "multiple_choice", "choice": "b"}])

    @classmethod
    def of(cls, question: Question) -> Self:
        """Return `question` as the API shows it to authors."""
        translation = question.translations.id
        shown: dict[str, Any] = {
            "slug": question.slug,
            "type": question.type,
            "level": question.level,
            "stem": TextsOut(en=question.stem, id=translation.stem if translation else None),
            "answer_key": question.answer_key,
        }
        return cls.model_validate(shown)


class OpenReport(BaseModel):
    """An open report with its question; `reports` are open about that question in all."""

    report: ReportOut
    question: ReportedQuestion
    reports: int = Field(examples=[3])

    @classmethod
    def of(cls, found: Report) -> Self:
        """Return `found` as the API shows it."""
        return cls(
            report=ReportOut.of(found.report),
            question=ReportedQuestion.of(found.question),
            reports=found.reports,
        )
