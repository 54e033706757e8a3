"""The words of the pages, in Indonesian and English, from `messages.toml`.

A message may hold `{name}` fields. One with a bar is "singular|plural": the field `n` decides.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("id", "en")
DEFAULT_LANGUAGE = "id"
CATALOGUE = Path(__file__).with_name("messages.toml")

Message = dict[str, str]


@cache
def catalogue() -> dict[str, Message]:
    """Return every message by its dotted key: {"home.title": {"id": …, "en": …}}."""
    messages: dict[str, Message] = {}
    with CATALOGUE.open("rb") as file:
        _collect(tomllib.load(file), "", messages)
    return messages


def _collect(node: dict[str, Any], prefix: str, messages: dict[str, Message]) -> None:
    for key, value in node.items():
        if isinstance(value, dict) and any(language in value for language in LANGUAGES):
            messages[prefix + key] = value
        else:
            _collect(value, f"{prefix}{key}.", messages)


def translate(language: str, key: str, **values: object) -> str:
    """Return the message `key` in `language`, its fields filled from `values`.

    Raises KeyError when there is no such message: a page with a hole must not pass the tests.
    """
    message = catalogue()[key][language]
    if "|" in message:
        singular, plural = message.split("|")
        message = singular if values.get("n") == 1 else plural
    return message.format(**values) if values else message


def has_message(key: str) -> bool:
    """Return whether the catalogue has the message `key`."""
    return key in catalogue()
