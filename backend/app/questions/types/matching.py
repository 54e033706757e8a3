"""`matching`: each item on the left belongs to one on the right."""

from collections.abc import Iterator
from random import Random
from typing import Literal, Self

from pydantic import Field, model_validator

from app.questions import remarks
from app.questions.choices import (
    Choices,
    alike_errors,
    check_ids,
    from_parts,
    grade_pick,
    id_errors,
    labels_of,
    require_distinct_ids,
)
from app.questions.documents.base import ChoiceId, KeyBase, OptionsBase, ResponseBase
from app.questions.forms import Answer, Fields, by_choice, filled
from app.questions.grades import Grade
from app.questions.shuffling import in_turn
from app.questions.types.base import Front, QuestionType


class MatchingOptions(OptionsBase):
    """Two columns to be paired; each left item belongs to exactly one right item."""

    type: Literal["matching"]
    left: Choices
    right: Choices

    @model_validator(mode="after")
    def _check(self) -> Self:
        require_distinct_ids(self.left, "left")
        require_distinct_ids(self.right, "right")
        return self


class MatchingKey(KeyBase):
    """Left id to right id."""

    type: Literal["matching"]
    pairs: dict[ChoiceId, ChoiceId] = Field(min_length=2, max_length=12)


class MatchingResponse(ResponseBase):
    """Left id to right id, for the pairs that were made."""

    type: Literal["matching"]
    pairs: dict[ChoiceId, ChoiceId] = Field(default_factory=dict, max_length=12)


class Matching(QuestionType[MatchingOptions, MatchingKey, MatchingResponse]):
    """Pairs; each counts the same."""

    name = "matching"
    example = {"pairs": {"l1": "r2", "l2": "r1"}}
    default_cause = "words"
    shows_key = True

    def grade(
        self, key: MatchingKey, options: MatchingOptions, response: MatchingResponse
    ) -> Grade:
        labels = labels_of(options.right)
        parts = [
            grade_pick(left, labels, right, response.pairs.get(left))
            for left, right in key.pairs.items()
        ]
        return from_parts(parts, remarks.PAIRS_RIGHT)

    def check_response(
        self, key: MatchingKey, options: MatchingOptions, response: MatchingResponse, field: str
    ) -> None:
        check_ids(response.pairs, options.left, f"{field}.pairs")
        for partner in response.pairs.values():  # two items may be given the same partner
            check_ids([partner], options.right, f"{field}.pairs")

    def shuffle(
        self, key: MatchingKey, options: MatchingOptions, seed: int, place: str
    ) -> MatchingOptions:
        return options.model_copy(update={"right": in_turn(options.right, seed, place)})

    def key_errors(self, key: MatchingKey, options: MatchingOptions) -> Iterator[str]:
        yield from id_errors(list(key.pairs), options.left, "left")
        partners = sorted(set(key.pairs.values()))  # several left items may share one
        yield from id_errors(partners, options.right, "right")
        unpaired = sorted({item.id for item in options.left} - key.pairs.keys())
        if unpaired:
            yield f"left {', '.join(unpaired)} has no partner; pair every left item"

    def options_errors(self, options: MatchingOptions) -> Iterator[str]:
        yield from alike_errors(options.left, "left")
        yield from alike_errors(options.right, "right")

    def wrong_response(
        self, key: MatchingKey, options: MatchingOptions, rng: Random
    ) -> MatchingResponse:
        (one, first), (other, second), *rest = key.pairs.items()
        pairs = {one: second, other: first, **dict(rest)}
        return MatchingResponse(type=key.type, pairs=pairs)

    def response_lines(
        self, options: MatchingOptions | None, response: MatchingResponse, language: str
    ) -> list[str]:
        left = labels_of(options.left if options else ())
        right = labels_of(options.right if options else ())
        return [f"{left.get(a, a)} → {right.get(b, b)}" for a, b in response.pairs.items()]

    def read_form(
        self, stem: str, options: MatchingOptions, fields: Fields, prefix: str
    ) -> Answer | None:
        return filled({"pairs": by_choice(fields, f"{prefix}match-", options.left)})

    def write_form(self, response: MatchingResponse) -> dict[str, list[str]]:
        return {f"match-{left}": [right] for left, right in response.pairs.items()}

    def front(self, options: MatchingOptions) -> Front:
        return Front([item.text for item in options.left])
