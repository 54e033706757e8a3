"""Between which values a number may lie, and its default: said once.

For the database's CHECK and DEFAULT, for validation, for messages and for the forms of the pages.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import Field
from sqlalchemy import CheckConstraint, TextClause, text


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number from `least` to `most`, both included; `usual` is its default."""

    least: Any
    most: Any
    usual: Any

    def check(self, column: str) -> CheckConstraint:
        """Return the CHECK that a column lies within, named after the column."""
        return CheckConstraint(f"{column} BETWEEN {self.least} AND {self.most}", name=column)

    @property
    def default(self) -> TextClause:
        """The DEFAULT of a column."""
        return text(str(self.usual))

    def field(self, **options: Any) -> Any:
        """Return the field of a change that may be left out (None)."""
        return Field(None, ge=self.least, le=self.most, **options)

    @property
    def attributes(self) -> dict[str, Any]:
        """What an `<input type="number">` says."""
        return {"min": self.least, "max": self.most, "inputmode": "numeric"}


DAILY_GOAL_MINUTES = Bounds(1, 480, 15)
DAY_CUTOFF_HOUR = Bounds(0, 23, 4)
NEW_CARDS_PER_DAY = Bounds(0, 1_000, 20)
REVIEWS_PER_DAY = Bounds(0, 9_999, 200)
DESIRED_RETENTION = Bounds(Decimal("0.70"), Decimal("0.97"), Decimal("0.90"))
MAXIMUM_INTERVAL_DAYS = Bounds(1, 36_500, 36_500)

STEP_MINUTES = Bounds(1, 1_440, None)
"""How long one learning step may be: at most a day."""
MOST_STEPS = 10
LEARNING_STEPS = (1, 10)
RELEARNING_STEPS = (10,)


def steps_check(column: str) -> CheckConstraint:
    """Return the CHECK that a column holds learning steps."""
    least, most = STEP_MINUTES.least, STEP_MINUTES.most
    return CheckConstraint(
        f"cardinality({column}) <= {MOST_STEPS}"
        f" AND {least} <= ALL ({column}) AND {most} >= ALL ({column})",
        name=column,
    )


def steps_default(steps: tuple[int, ...]) -> TextClause:
    """Return the DEFAULT of a column of learning steps."""
    return text("'{" + ",".join(map(str, steps)) + "}'")
