"""What the accounts API takes and returns."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.domain.accounts.rules import (
    MAX_GOAL_LENGTH,
    MAX_GOALS,
    MAX_PASSWORD_LENGTH,
    MIN_PASSWORD_LENGTH,
    PreferenceChanges,
)

Email = Annotated[str, Field(max_length=254, examples=["sari@example.com"])]
Level = Annotated[Literal["A1", "A2", "B1", "B2"], Field(examples=["A2"])]
LearningGoals = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=MAX_GOAL_LENGTH)]],
    Field(
        max_length=MAX_GOALS,
        description="What the learner studies for.",
        examples=[["Job interview", "Travel"]],
    ),
]
FullName = Annotated[str, Field(min_length=1, max_length=255, examples=["Sari Dewi"])]


class SignUp(BaseModel):
    """A new learner."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    password: str = Field(
        min_length=MIN_PASSWORD_LENGTH,
        max_length=MAX_PASSWORD_LENGTH,
        description="At least 8 characters; very common passwords are refused.",
        examples=["kopi tubruk 3x sehari"],
    )
    full_name: FullName
    level: Level = "A1"
    ui_language: Literal["id", "en"] = "id"


class Credentials(BaseModel):
    """What signs somebody in."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    password: str = Field(
        max_length=MAX_PASSWORD_LENGTH, examples=["kopi tubruk 3x sehari"], repr=False
    )


class SessionStarted(BaseModel):
    """A session. The token is also set as a cookie; it is shown only here."""

    token: str = Field(
        description="Send it as `Authorization: Bearer …`.",
        examples=["cXVpdGUtcmFuZG9tLXF1aXRlLXJhbmRvbS1xdWl0ZS0"],
    )
    expires_in: int = Field(description="Seconds until the session ends.", examples=[2592000])


class Preferences(BaseModel):
    """How the learner wants to study."""

    model_config = ConfigDict(from_attributes=True)

    ui_language: Literal["id", "en"]
    theme: Literal["system", "light", "dark"]
    timezone: str = Field(description="IANA time zone.", examples=["Asia/Jakarta"])
    day_cutoff_hour: int = Field(examples=[4])
    daily_goal_minutes: int = Field(examples=[15])
    new_cards_per_day: int = Field(examples=[20])
    reviews_per_day: int = Field(examples=[200])
    desired_retention: float = Field(examples=[0.9])
    learning_steps: list[int] = Field(description="In minutes.", examples=[[1, 10]])
    relearning_steps: list[int] = Field(description="In minutes.", examples=[[10]])
    maximum_interval_days: int = Field(examples=[36500])
    review_order: Literal["due_date", "retrievability"]
    bury_siblings: bool
    show_streak: bool
    speech_enabled: bool
    email_reminders: bool


class Me(BaseModel):
    """The account that is signed in."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: Email
    full_name: FullName
    level: Level = Field(validation_alias="current_level")
    role: Literal["learner", "author", "admin"]
    is_premium: bool
    learning_goals: LearningGoals | None
    birth_year: int | None = Field(examples=[1998])
    preferences: Preferences


class MeChanges(BaseModel):
    """New values; what is absent or null stays as it is."""

    model_config = ConfigDict(extra="forbid")

    full_name: FullName | None = None
    level: Level | None = None
    learning_goals: LearningGoals | None = None
    birth_year: int | None = Field(
        None, description="Of somebody who is 5 to 120 years old.", examples=[1998]
    )
    preferences: PreferenceChanges | None = Field(
        None, examples=[{"theme": "dark", "new_cards_per_day": 10}]
    )
