"""What the public helpers ask of their arguments: InvalidInput names the one that is wrong."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.types import TypeEngine

from app.core.errors import InvalidInput
from app.core.values import fitting


def require_whole(name: str, value: object, least: int, most: int) -> None:
    """Raise InvalidInput unless `value` is a whole number from `least` to `most`."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidInput(f"{name} must be from {least} to {most}", field=name)


def require_one_of(name: str, value: object, allowed: Sequence[str]) -> None:
    """Raise InvalidInput unless `value` is one of the words `allowed`."""
    if not isinstance(value, str) or value not in allowed:
        raise InvalidInput(f"{name} must be one of {', '.join(allowed)}", field=name)


def require_kind(name: str, value: object, kinds: Any, said: str) -> None:
    """Raise InvalidInput unless `value` is an instance of `kinds`: "`name` must be `said`"."""
    if not isinstance(value, kinds):
        raise InvalidInput(f"{name} must be {said}, not {type(value).__name__}", field=name)


def require_all(name: str, values: object, kinds: Any, said: str) -> None:
    """Raise InvalidInput unless `values` is a list (or tuple) of instances of `kinds`."""
    is_list = isinstance(values, list | tuple)
    if not is_list or not all(isinstance(each, kinds) for each in values):  # type: ignore[attr-defined]
        raise InvalidInput(f"{name} must be a list of {said}", field=name)


def fitting_argument(name: str, column_type: TypeEngine[Any], value: object) -> Any:
    """Return `value` as a column of `column_type` takes it; raise InvalidInput otherwise."""
    try:
        return fitting(column_type, value)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"{name} {error}", field=name) from error
