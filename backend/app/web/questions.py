"""What the inputs of a question show: choices, gaps, pairs and parts, marked once it is graded."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from markupsafe import Markup

from app.questions.choices import Choice
from app.questions.forms import Fields, first
from app.questions.grades import PartResult
from app.questions.grading import model_response
from app.questions.stems import gap_instruction, gap_text
from app.questions.types import TYPES, AnswerKey, Options
from app.questions.types.cloze_choice import ClozeOptions
from app.questions.types.fill_blank import FillBlankKey
from app.questions.types.matching import MatchingKey, MatchingOptions
from app.questions.types.multiple_answer import MultipleAnswerKey, MultipleAnswerOptions
from app.questions.types.multiple_choice import MultipleChoiceKey, MultipleChoiceOptions
from app.questions.types.ordering import OrderingOptions
from app.questions.types.reading import ReadingKey, ReadingOptions, ReadingPart, part_prefix
from app.questions.types.true_false import TrueFalseKey
from app.web.answers import fields_from
from app.web.feedback import names_answer, texts_in, unsaid_answer
from app.web.numbers import MAX_PLACE, read_whole
from app.web.rendering import in_language, split_gaps

MIN_GAP_SIZE = 6
MAX_GAP_SIZE = 22

Mark: TypeAlias = Literal["", "right", "wrong", "missed"]
"""How a choice, a gap or a pair turned out; "" before grading, and where there is nothing to say.

"missed" is a right choice that was not ticked among several that were to be."""


@dataclass(frozen=True, slots=True)
class Item:
    """A choice to tick or to pick."""

    id: str
    text: str
    is_chosen: bool = False
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap with the text before it; without choices it is typed into."""

    name: str
    value: str
    mark: Mark
    choices: list[Choice]
    before: Markup


@dataclass(frozen=True, slots=True)
class Pair:
    """The left side of a pair, with id and text of what was chosen for it."""

    name: str
    text: str
    value: str
    mark: Mark
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, or a part of a reading, as it is asked in one language.

    `options` stand in the learner's order. `earned` are the results of its gaps, pairs or parts
    when it is graded, by id. One that was left open (`is_open`) shows what is right instead.
    """

    type: str
    stem: str
    options: Options | None
    key: AnswerKey
    prefix: str = ""
    is_graded: bool = False
    is_correct: bool = False
    earned: dict[str, PartResult] = field(default_factory=dict)
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of one question or part, and what was answered in them."""

    type: str
    prefix: str
    stem: str
    options: Options | None
    is_graded: bool
    is_correct: bool
    is_open: bool
    text: str = ""
    notes: str = ""
    recording: str = ""
    items: list[Item] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    after: str = ""
    gap_size: int = MIN_GAP_SIZE
    pairs: list[Pair] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    parts: "list[Part]" = field(default_factory=list)

    @property
    def placed(self) -> list[str]:
        """The texts of the tokens that were given a place, in order."""
        assert isinstance(self.options, OrderingOptions)
        texts = {token.id: token.text for token in self.options.tokens}
        places = {token: read_whole(place, MAX_PLACE) for token, place in self.places.items()}
        used = sorted((place, token) for token, place in places.items() if place is not None)
        return [texts[token] for _, token in used]


@dataclass(frozen=True, slots=True)
class Part:
    """A question about a passage; once it is graded, with remarks and, if need be, the answer."""

    inputs: Inputs
    is_graded: bool
    remarks: list[str]
    answer: list[str]
    is_another: bool = False


def inputs_of(asked: Asked, fields: Fields, language: str) -> Inputs:
    """Return what the inputs of `asked` show when `fields` were answered."""
    shown: dict[str, Any] = {}
    if asked.is_open and TYPES[asked.key.type].shows_key:
        fields = fields_from(model_response(asked.key))
    stem = asked.stem
    match asked.options, asked.key:
        case MultipleChoiceOptions(choices=choices) | MultipleAnswerOptions(choices=choices), key:
            shown["items"] = _items(asked, choices, key, fields)
        case _, TrueFalseKey() as key:
            shown["items"] = _verdicts(asked, key, fields)
        case (ClozeOptions(), _) | (_, FillBlankKey()):
            stem = gap_instruction(asked.stem)
            shown |= _gap_fields(asked, fields)
        case MatchingOptions(left=left, right=right), MatchingKey():
            shown["pairs"] = [_pair(asked, item, right, fields) for item in left]
        case OrderingOptions(tokens=tokens), _:
            names = {token.id: f"{asked.prefix}position-{token.id}" for token in tokens}
            shown["places"] = {token: first(fields, name) for token, name in names.items()}
        case ReadingOptions(parts=parts), ReadingKey() as key:
            shown["parts"] = [_part(asked, part, key, fields, language) for part in parts]
    return Inputs(
        type=asked.type,
        prefix=asked.prefix,
        stem=stem,
        options=asked.options,
        is_graded=asked.is_graded,
        is_correct=asked.is_correct,
        is_open=asked.is_open,
        text=first(fields, f"{asked.prefix}text"),
        notes=first(fields, "notes"),
        recording=first(fields, "recording"),
        **shown,
    )


def _items(asked: Asked, choices: list[Choice], key: AnswerKey, fields: Fields) -> list[Item]:
    match key:
        case MultipleAnswerKey():
            name, right = "choices", set(key.choices)
        case MultipleChoiceKey():
            name, right = "choice", {key.choice}
        case _:
            name, right = "", set()
    chosen = set(fields.get(asked.prefix + name, ()))
    may_be_missed = isinstance(key, MultipleAnswerKey)
    return [
        Item(
            choice.id,
            choice.text,
            choice.id in chosen,
            _mark(asked, choice.id in right, choice.id in chosen, may_be_missed=may_be_missed),
        )
        for choice in choices
    ]


def _verdicts(asked: Asked, key: TrueFalseKey, fields: Fields) -> list[Item]:
    chosen = first(fields, f"{asked.prefix}value")
    return [
        Item(
            value,
            "",
            value == chosen,
            _mark(asked, key.value == (value == "true"), value == chosen, may_be_missed=False),
        )
        for value in ("true", "false")
    ]


def _mark(asked: Asked, is_right: bool, is_chosen: bool, *, may_be_missed: bool) -> Mark:
    if not asked.is_graded:
        return ""
    if is_right:
        return "missed" if may_be_missed and not is_chosen else "right"
    return "wrong" if is_chosen else ""


def _gap_fields(asked: Asked, fields: Fields) -> dict[str, Any]:
    *befores, after = split_gaps(gap_text(asked.stem))
    offered = asked.options.gaps if isinstance(asked.options, ClozeOptions) else []
    gaps = [
        Gap(
            name=f"{asked.prefix}gap-{place}",
            value=first(fields, f"{asked.prefix}gap-{place}"),
            mark=_earned_mark(asked, str(place + 1)),
            choices=offered[place] if place < len(offered) else [],
            before=before,
        )
        for place, before in enumerate(befores)
    ]
    return {"gaps": gaps, "after": after, "gap_size": _gap_size(asked.key)}


def _gap_size(key: AnswerKey) -> int:
    """Return the characters that every gap has room for: it must not tell how long its word is."""
    if not isinstance(key, FillBlankKey):
        return MIN_GAP_SIZE
    longest = max(len(text) for gap in key.gaps for text in gap)
    return min(MAX_GAP_SIZE, max(MIN_GAP_SIZE, longest + 1))


def _pair(asked: Asked, item: Choice, offered: list[Choice], fields: Fields) -> Pair:
    name = f"{asked.prefix}match-{item.id}"
    value = first(fields, name)
    chosen = next((choice.text for choice in offered if choice.id == value), "")
    return Pair(name, item.text, value, _earned_mark(asked, item.id), chosen)


def _earned_mark(asked: Asked, name: str) -> Mark:
    """Return how a gap or a pair turned out, as far as the grade tells."""
    if not asked.is_graded:
        return ""
    if asked.is_correct:
        return "right"
    if asked.is_open:
        return "missed"
    result = asked.earned.get(name)
    return "" if result is None else "right" if result.is_correct else "wrong"


def _part(asked: Asked, part: ReadingPart, key: ReadingKey, fields: Fields, language: str) -> Part:
    result = asked.earned.get(part.id)
    inner = Asked(
        type=part.type,
        stem=in_language(part.stem, language),
        options=part.options,
        key=key.parts[part.id],
        prefix=part_prefix(part.id),
        is_graded=result is not None,
        is_correct=result is not None and result.is_correct,
        earned=by_id(result.parts) if result else {},
        is_open=asked.is_open,
    )
    inputs = inputs_of(inner, fields, language)
    if result is None or asked.is_open:
        return Part(inputs, is_graded=False, remarks=[], answer=[])
    said = [*result.feedback, *(text for gap in result.parts for text in gap.feedback)]
    remarks = list(dict.fromkeys(texts_in(said, language)))
    is_right = result.is_correct
    answer = [] if is_right else unsaid_answer(inner.key, inner.options, remarks, language)
    return Part(inputs, True, remarks, answer, is_another=names_answer(remarks))


def by_id(results: Sequence[PartResult]) -> dict[str, PartResult]:
    """Return the results of gaps, pairs or parts by their ids."""
    return {result.id: result for result in results}
