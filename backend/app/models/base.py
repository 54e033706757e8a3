"""The declarative base, naming convention and column types that every table shares."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import uuid_utils.compat
from pydantic import BaseModel, TypeAdapter
from sqlalchemy import CheckConstraint, Date, DateTime, Dialect, MetaData, String, Text, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from app.core.clock import require_utc, utcnow
from app.questions.documents.base import STORED

LEVELS = ("A1", "A2", "B1", "B2")
SKILLS = ("grammar", "vocabulary", "reading", "listening", "speaking", "writing", "pronunciation")
SLUG_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Return the SQL of a CHECK that `column` holds one of `values`."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def slug_check(column: str = "slug") -> CheckConstraint:
    """Return the CHECK that `column` holds lower-case words joined by hyphens."""
    return CheckConstraint(f"{column} ~ '{SLUG_PATTERN}'", name=column)


class UTCDateTime(TypeDecorator[datetime]):
    """TIMESTAMPTZ that refuses naive datetimes and always returns UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else require_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else require_utc(value)


class CalendarDate(TypeDecorator[date]):
    """DATE that also accepts an ISO date string, as the specification's VARCHAR column did."""

    impl = Date
    cache_ok = True

    def process_bind_param(self, value: date | str | None, dialect: Dialect) -> date | None:
        if isinstance(value, datetime):
            raise TypeError("a date is wanted here, not a datetime: whose day is it?")
        return date.fromisoformat(value) if isinstance(value, str) else value

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return self if isinstance(value, str) else super().coerce_compared_value(op, value)


class PydanticJSON(TypeDecorator[Any]):
    """JSONB validated by a Pydantic type on the way in and returned as that type."""

    impl = JSONB(none_as_null=True)
    cache_ok = False

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.adapter: TypeAdapter[Any] = TypeAdapter(shape)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        document = self.adapter.validate_python(value)
        return self.adapter.dump_python(document, mode="json", exclude_none=True)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else self.adapter.validate_python(value, context=STORED)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return self.impl_instance


def new_id() -> UUID:
    """Return a UUIDv7: time-ordered, so that index pages fill from one side."""
    return uuid_utils.compat.uuid7()


class Base(DeclarativeBase):
    """Base of all models. Names equal the ones PostgreSQL would choose itself."""

    metadata = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "ck": "%(table_name)s_%(constraint_name)s_check",
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this class attribute
        str: Text(),
        datetime: UTCDateTime(),
        date: CalendarDate(),
        UUID: Uuid(),
    }
    __mapper_args__ = {"eager_defaults": True}  # noqa: RUF012 - as above


_bound_now: Callable[[], datetime] = utcnow

PrimaryKey = Annotated[
    UUID,
    mapped_column(primary_key=True, default=new_id, server_default=func.gen_random_uuid()),
]
CreatedAt = Annotated[datetime, mapped_column(server_default=func.now())]
UpdatedAt = Annotated[datetime, mapped_column(server_default=func.now(), onupdate=_bound_now)]
Level = Annotated[str, mapped_column(String(10))]
Title = Annotated[str, mapped_column(String(255))]
SlugColumn = Annotated[str, mapped_column(String(255), unique=True)]


class Timestamps:
    """`created_at` and `updated_at`, on every record that is no log."""

    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]


class AppendOnly:
    """`created_at` alone, on logs.

    A row of a log is written once, and the application's role may neither change nor remove it: a
    correction is a new row. `updated_at` could say nothing that `created_at` does not.
    """

    created_at: Mapped[CreatedAt]


def dump(model: BaseModel) -> dict[str, Any]:
    """Return a document as the JSON that its column stores."""
    return model.model_dump(mode="json", exclude_none=True)
