"""What the statistics API returns."""

from collections.abc import Sequence
from datetime import date
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.activity.days import ActiveDay
from app.domain.srs.statistics import MATURE_DAYS, MemoryFigures


class _Figures(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ActiveDayOut(_Figures):
    """One day with practice; days without are left out."""

    day: date
    answers: int = Field(examples=[12])
    correct_answers: int = Field(examples=[10])
    reviews: int = Field(examples=[20])
    minutes: float = Field(description="Spent on questions and cards.", examples=[14.5])


class RetentionWeekOut(_Figures):
    """Reviews of learnt cards in one week."""

    monday: date
    reviews: int = Field(examples=[40])
    remembered: int = Field(examples=[36])


class ForecastDayOut(_Figures):
    """Cards that come due on one day; what is late counts today."""

    day: date
    reviews: int = Field(examples=[15])
    new: int = Field(examples=[5])


class StagesOut(_Figures):
    """Cards by how well they are known."""

    new: int = Field(examples=[30])
    learning: int = Field(examples=[8])
    young: int = Field(examples=[120])
    mature: int = Field(
        description=f"With an interval of {MATURE_DAYS} days or more.", examples=[210]
    )
    suspended: int = Field(examples=[2])


class StatisticsOut(BaseModel):
    """A learner's figures, in the learner's days."""

    days: list[ActiveDayOut]
    retention: list[RetentionWeekOut]
    forecast: list[ForecastDayOut]
    stages: StagesOut

    @classmethod
    def of(cls, days: Sequence[ActiveDay], memory: MemoryFigures) -> Self:
        """Return both kinds of figures together."""
        return cls(
            days=[ActiveDayOut.model_validate(row) for row in days],
            retention=[RetentionWeekOut.model_validate(row) for row in memory.retention],
            forecast=[ForecastDayOut.model_validate(row) for row in memory.forecast],
            stages=StagesOut.model_validate(memory.stages),
        )
