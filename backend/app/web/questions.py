"""The form of a question: what was entered in it and, once it is graded, how each input turned out.

`templates/questions/<type>.html` draws it, wherever questions are asked or shown again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from app.questions.documents.base import Passage
from app.questions.forms import Fields, first
from app.questions.grades import PartResult, QuestionPart
from app.questions.grading import model_response
from app.questions.types import TYPES, AnswerKey, Options
from app.questions.types.base import QuestionType
from app.web.feedback import names_answer, texts_in, unsaid_answer
from app.web.rendering import in_language

Mark: TypeAlias = Literal["", "right", "wrong", "missed"]
"""How a choice, a gap or a pair turned out; "" before grading, and where there is nothing to say.

"missed" is a right choice that was not ticked where several were to be ticked."""


@dataclass(frozen=True, slots=True)
class Form:
    """A question, or a part of a reading (whose fields begin with `prefix`), in one language.

    `options` stand in the learner's order. `earned` are the results of its gaps, pairs or parts by
    their ids, once it is graded. One that was left open (`is_open`) shows what is right instead.
    """

    stem: str
    options: Options | None
    key: AnswerKey
    language: str
    fields: Fields = field(default_factory=dict)
    prefix: str = ""
    passage: Passage | None = None
    problem: str = ""
    is_graded: bool = False
    is_correct: bool = False
    is_open: bool = False
    is_handed_in: bool = False
    earned: Mapping[str, PartResult] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """The name of the type."""
        return self.key.type

    @property
    def kind(self) -> QuestionType[Any, Any, Any]:
        """What the type says of itself."""
        return TYPES[self.key.type]

    @property
    def heading(self) -> str:
        """What stands above the inputs."""
        return self.kind.heading(self.stem)

    @property
    def answer(self) -> Mapping[str, Any]:
        """The response in the form; empty when nothing was answered."""
        return self.kind.read_form(self.stem, self.options, self._shown, self.prefix) or {}

    @property
    def _shown(self) -> Fields:
        if not (self.is_open and self.kind.shows_key):
            return self.fields
        right = self.kind.write_form(model_response(self.key))
        return {self.prefix + name: values for name, values in right.items()}

    def value(self, name: str) -> str:
        """Return what a field holds; its name is without the prefix."""
        return first(self._shown, self.prefix + name)

    def values(self, name: str) -> Sequence[str]:
        """Return what a field of several values holds."""
        return self._shown.get(self.prefix + name, ())

    def mark(self, name: str) -> Mark:
        """Return how a gap or a pair turned out, as far as the grade tells."""
        if not self.is_graded:
            return ""
        if self.is_correct:
            return "right"
        if self.is_open:
            return "missed"
        result = self.earned.get(name)
        return "" if result is None else "right" if result.is_correct else "wrong"

    def mark_choice(self, *, is_right: bool, is_chosen: bool, is_one_of_many: bool) -> Mark:
        """Return how a choice turned out."""
        if not self.is_graded:
            return ""
        if is_right:
            return "missed" if is_one_of_many and not is_chosen else "right"
        return "wrong" if is_chosen else ""

    @property
    def parts(self) -> "list[PartForm]":
        """The questions about a passage."""
        return [self._part(part) for part in self.kind.parts(self.key, self.options)]

    def _part(self, part: QuestionPart) -> "PartForm":
        result = self.earned.get(part.id)
        form = Form(
            stem=in_language(part.stem, self.language),
            options=part.question.options,
            key=part.question.key,
            language=self.language,
            fields=self._shown,
            prefix=f"part-{part.id}-",
            is_graded=result is not None,
            is_correct=result is not None and result.is_correct,
            is_open=self.is_open,
            earned=by_id(result.parts) if result else {},
        )
        if result is None or self.is_open:
            return PartForm(form)
        said = [*result.feedback, *(text for gap in result.parts for text in gap.feedback)]
        remarks = list(dict.fromkeys(texts_in(said, self.language)))
        answer = (
            []
            if result.is_correct
            else unsaid_answer(form.key, form.options, remarks, self.language)
        )
        return PartForm(form, True, remarks, answer, names_answer(remarks))


@dataclass(frozen=True, slots=True)
class PartForm:
    """A question about a passage; once it is graded, with remarks and, if need be, the answer."""

    form: Form
    is_graded: bool = False
    remarks: Sequence[str] = ()
    answer: Sequence[str] = ()
    is_another: bool = False


def by_id(results: Sequence[PartResult]) -> dict[str, PartResult]:
    """Return the results of gaps, pairs or parts by their ids."""
    return {result.id: result for result in results}
