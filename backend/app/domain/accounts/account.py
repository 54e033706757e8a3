"""Who is signed in, and what their role includes."""

from dataclasses import dataclass
from uuid import UUID

from app.core.clock import LearnerDay

_ROLE_RANK = {"learner": 0, "author": 1, "admin": 2}


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in, as the session check returns it.

    Steps are in minutes. `srs_settings_id` is the version of the settings that reviews are
    scheduled with now; None stands for the defaults of `srs_settings`.
    """

    user_id: UUID
    session_id: UUID
    email: str
    full_name: str
    role: str
    level: str
    ui_language: str
    theme: str
    timezone: str
    day_cutoff_hour: int
    desired_retention: float
    new_cards_per_day: int
    reviews_per_day: int
    learning_steps: tuple[int, ...]
    relearning_steps: tuple[int, ...]
    maximum_interval_days: int
    review_order: str
    bury_siblings: bool
    daily_goal_minutes: int
    show_streak: bool
    speech_enabled: bool
    is_premium: bool
    srs_settings_id: UUID | None

    @property
    def day(self) -> LearnerDay:
        """How this learner counts days."""
        return LearnerDay(self.timezone, self.day_cutoff_hour)


def has_role(role: str, needed: str) -> bool:
    """Return whether `role` includes `needed`: an admin may do what an author may, and so on."""
    return _ROLE_RANK[role] >= _ROLE_RANK[needed]
