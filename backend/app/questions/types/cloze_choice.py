"""`cloze_choice`: gaps, each with choices of its own."""

from collections.abc import Iterator
from random import Random
from typing import Literal, Self

from pydantic import Field, model_validator

from app.questions import remarks
from app.questions.choices import (
    Choices,
    alike_errors,
    another,
    check_ids,
    choice_slips,
    from_parts,
    grade_pick,
    id_errors,
    labels_of,
    padded,
    require_distinct_ids,
    texts_of,
)
from app.questions.documents.base import ChoiceId, KeyBase, OptionsBase, ResponseBase
from app.questions.forms import Answer, Fields
from app.questions.grades import Grade
from app.questions.shuffling import in_turn
from app.questions.slips import Slip
from app.questions.stems import gap_errors, gap_instruction
from app.questions.types._gaps import check_gaps, read_gaps, write_gaps
from app.questions.types.base import Front, QuestionType


class ClozeOptions(OptionsBase):
    """What each gap of a `cloze_choice` offers, in the order of the gaps."""

    type: Literal["cloze_choice"]
    gaps: list[Choices] = Field(min_length=1, max_length=12)

    @model_validator(mode="after")
    def _check(self) -> Self:
        for number, choices in enumerate(self.gaps, start=1):
            require_distinct_ids(choices, f"gap {number}")
        return self


class ClozeKey(KeyBase):
    """For each gap, in order, the right one of its choices."""

    type: Literal["cloze_choice"]
    gaps: list[ChoiceId] = Field(min_length=1, max_length=12)


class ClozeResponse(ResponseBase):
    """The choice made for each gap, in order; a gap left open is an empty string."""

    type: Literal["cloze_choice"]
    gaps: list[ChoiceId | Literal[""]] = Field(default_factory=list, max_length=12)


class ClozeChoice(QuestionType[ClozeOptions, ClozeKey, ClozeResponse]):
    """Gaps with choices; each counts the same."""

    name = "cloze_choice"
    example = {"gaps": ["a", ""]}
    shows_key = True
    separator = " … "
    numbers_answers = True

    def grade(self, key: ClozeKey, options: ClozeOptions, response: ClozeResponse) -> Grade:
        rows = zip(
            key.gaps,
            padded(response.gaps, len(key.gaps), ""),
            padded(options.gaps, len(key.gaps), []),
            strict=True,
        )
        parts = [
            grade_pick(str(number), labels_of(choices), expected, picked)
            for number, (expected, picked, choices) in enumerate(rows, start=1)
        ]
        return from_parts(parts, remarks.GAPS_RIGHT)

    def check_response(
        self, key: ClozeKey, options: ClozeOptions, response: ClozeResponse, field: str
    ) -> None:
        check_gaps(response.gaps, len(key.gaps), field)
        for place, (picked, choices) in enumerate(zip(response.gaps, options.gaps, strict=False)):
            check_ids([picked] if picked else [], choices, f"{field}.gaps.{place}")

    def shuffle(self, key: ClozeKey, options: ClozeOptions, seed: int, place: str) -> ClozeOptions:
        gaps = [in_turn(gap, seed, f"{place}/{n}") for n, gap in enumerate(options.gaps)]
        return options.model_copy(update={"gaps": gaps})

    def key_errors(self, key: ClozeKey, options: ClozeOptions) -> Iterator[str]:
        if len(key.gaps) != len(options.gaps):
            yield f"{len(key.gaps)} gaps, the options have {len(options.gaps)}; make them agree"
            return
        for number, (chosen, choices) in enumerate(
            zip(key.gaps, options.gaps, strict=True), start=1
        ):
            yield from id_errors([chosen], choices, f"gaps[{number}]")

    def options_errors(self, options: ClozeOptions) -> Iterator[str]:
        for number, choices in enumerate(options.gaps, start=1):
            yield from alike_errors(choices, f"gaps[{number}]")

    def stem_errors(self, key: ClozeKey, stem: str) -> Iterator[str]:
        return gap_errors(stem, len(key.gaps))

    def wrong_response(self, key: ClozeKey, options: ClozeOptions, rng: Random) -> ClozeResponse:
        place = rng.randrange(len(key.gaps))
        wrong = another(options.gaps[place], key.gaps[place], rng)
        gaps = [*key.gaps[:place], wrong, *key.gaps[place + 1 :]]
        return ClozeResponse(type=key.type, gaps=gaps)

    def response_lines(
        self, options: ClozeOptions | None, response: ClozeResponse, language: str
    ) -> list[str]:
        if options is None:
            return list(response.gaps)
        rows = zip(response.gaps, options.gaps, strict=False)
        return [text for gap, choices in rows for text in texts_of([gap], choices)]

    def slips(
        self, stem: str, key: ClozeKey, options: ClozeOptions, response: ClozeResponse
    ) -> Iterator[Slip]:
        labels = [labels_of(choices) for choices in options.gaps]
        return choice_slips(stem, labels, key.gaps, response.gaps)

    def heading(self, stem: str) -> str:
        return gap_instruction(stem)

    def read_form(
        self, stem: str, options: ClozeOptions, fields: Fields, prefix: str
    ) -> Answer | None:
        return read_gaps(fields, prefix, len(options.gaps))

    def write_form(self, response: ClozeResponse) -> dict[str, list[str]]:
        return write_gaps(response.gaps)

    def front(self, options: ClozeOptions) -> Front:
        return Front([" / ".join(choice.text for choice in gap) for gap in options.gaps])
