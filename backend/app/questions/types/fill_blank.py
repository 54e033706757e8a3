"""`fill_blank`: gaps that are typed into."""

from collections.abc import Iterator
from random import Random
from typing import Annotated, Literal

from pydantic import Field

from app.english.answers import compare
from app.english.normalization import typed_words
from app.questions import remarks
from app.questions.choices import from_parts, padded
from app.questions.documents.base import AnswerText, Flag, KeyBase, ResponseBase, Text
from app.questions.forms import Answer, Fields
from app.questions.grades import Grade, PartResult, Texts
from app.questions.slips import Slip
from app.questions.stems import GAP, gap_errors, gap_instruction
from app.questions.typed import misspelt, reasons_of
from app.questions.types._gaps import check_gaps, read_gaps, write_gaps
from app.questions.types.base import QuestionType, one_of_each

MIN_GAP_SIZE = 6
MAX_GAP_SIZE = 22


class FillBlankKey(KeyBase):
    """For each gap of the stem, in order, every accepted filling (the first is shown).

    `exact`: the spelling or the form is what is taught, so no typo is forgiven.
    """

    type: Literal["fill_blank"]
    gaps: list[Annotated[list[Text], Field(min_length=1, max_length=12)]] = Field(
        min_length=1, max_length=12
    )
    exact: Flag = False


class FillBlankResponse(ResponseBase):
    """The text typed into each gap, in order; a gap left open is an empty string."""

    type: Literal["fill_blank"]
    gaps: list[AnswerText] = Field(default_factory=list, max_length=12)


class FillBlank(QuestionType[None, FillBlankKey, FillBlankResponse]):
    """Gaps that are typed into; each counts the same."""

    name = "fill_blank"
    example = {"gaps": ["is"]}
    shows_key = True
    separator = " … "
    numbers_answers = True
    explains_parts = True

    def grade(self, key: FillBlankKey, options: None, response: FillBlankResponse) -> Grade:
        texts = padded(response.gaps, len(key.gaps), "")
        parts = [
            _grade_gap(str(number), accepted, text, exact=key.exact)
            for number, (accepted, text) in enumerate(zip(key.gaps, texts, strict=True), start=1)
        ]
        return from_parts(parts, remarks.GAPS_RIGHT)

    def check_response(
        self, key: FillBlankKey, options: None, response: FillBlankResponse, field: str
    ) -> None:
        check_gaps(response.gaps, len(key.gaps), field)

    def stem_errors(self, key: FillBlankKey, stem: str) -> Iterator[str]:
        return gap_errors(stem, len(key.gaps))

    def model_responses(self, key: FillBlankKey) -> list[FillBlankResponse]:
        return [FillBlankResponse(type=key.type, gaps=gaps) for gaps in one_of_each(key.gaps)]

    def wrong_response(self, key: FillBlankKey, options: None, rng: Random) -> FillBlankResponse:
        return FillBlankResponse(type=key.type, gaps=[misspelt(gap[0], rng) for gap in key.gaps])

    def answer_lines(self, key: FillBlankKey, options: None, language: str) -> list[str]:
        return [gap[0] for gap in key.gaps]

    def response_lines(
        self, options: None, response: FillBlankResponse, language: str
    ) -> list[str]:
        return list(response.gaps)

    def slips(
        self, stem: str, key: FillBlankKey, options: None, response: FillBlankResponse
    ) -> Iterator[Slip]:
        for accepted, given in zip(key.gaps, response.gaps, strict=False):
            if given.strip():
                yield Slip(accepted, given, exact=key.exact)

    def typed_text(self, key: FillBlankKey) -> str:
        return " ".join(gap[0] for gap in key.gaps)

    def heading(self, stem: str) -> str:
        return gap_instruction(stem)

    def gap_size(self, key: FillBlankKey) -> int:
        """Return the room of each gap in characters: all alike, so that none tells of its word."""
        longest = max(len(text) for gap in key.gaps for text in gap)
        return min(MAX_GAP_SIZE, max(MIN_GAP_SIZE, longest + 1))

    def read_form(self, stem: str, options: None, fields: Fields, prefix: str) -> Answer | None:
        return read_gaps(fields, prefix, stem.count(GAP))

    def write_form(self, response: FillBlankResponse) -> dict[str, list[str]]:
        return write_gaps(response.gaps)


def _grade_gap(name: str, accepted: list[str], text: str, *, exact: bool) -> PartResult:
    expected = Texts(accepted[0], accepted[0])
    if not typed_words(text):
        feedback = (remarks.LEFT_OPEN,)
        return PartResult(name, is_correct=False, score=0, expected=expected, feedback=feedback)
    found = compare(accepted, text, exact=exact)
    return PartResult(
        name,
        is_correct=found.is_accepted,
        score=int(found.is_accepted),
        expected=expected,
        feedback=reasons_of(found),
        diff=found.diff,
    )
