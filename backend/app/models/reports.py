"""What learners report about questions and answers, and what authors decided."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, PrimaryKey, PydanticJSON, Timestamps, one_of
from app.questions.types import Response

REPORT_KINDS = ("answer", "question")
REPORT_STATUSES = ("open", "accepted", "declined")


class ItemReport(Timestamps, Base):
    """A learner's report: "my answer should be right", or something is wrong with the question.

    `response` and `score` are the answer as it was given and what it was worth then; both are
    absent when nothing was answered, the score also until a teacher gives one. `reply` is the
    author's word to the learner.
    """

    __tablename__ = "item_reports"
    __table_args__ = (
        CheckConstraint(one_of("kind", REPORT_KINDS), name="kind"),
        CheckConstraint(one_of("status", REPORT_STATUSES), name="status"),
        CheckConstraint("jsonb_typeof(response) = 'object'", name="response"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
        CheckConstraint("kind <> 'answer' OR response IS NOT NULL", name="answer"),
        CheckConstraint("(status = 'open') = (settled_at IS NULL)", name="settled_at"),
        # Serves: a learner has one open report of a kind about a question; the latest one counts.
        Index(
            "item_reports_open_key",
            "user_id",
            "question_id",
            "kind",
            unique=True,
            postgresql_where=text("status = 'open'"),
        ),
        # Serves: the learner's reports, newest first, and the foreign key.
        Index("idx_item_reports_user", "user_id", text("created_at DESC")),
        # Serves: the list of open reports by question, and the foreign key.
        Index(None, "question_id"),
        # Serves: the foreign key.
        Index(None, "settled_by"),
    )

    id: Mapped[PrimaryKey]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    question_id: Mapped[UUID] = mapped_column(ForeignKey("questions.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(20))
    response: Mapped[Response | None] = mapped_column(PydanticJSON(Response))
    score: Mapped[Decimal | None] = mapped_column(Numeric(4, 3))
    comment: Mapped[str | None]
    status: Mapped[str] = mapped_column(String(20), server_default="open")
    reply: Mapped[str | None]
    settled_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    settled_at: Mapped[datetime | None]
