"""What a type of question is: its documents, what it says of itself, and what it can do.

Every type is one module beside this one, its form is `templates/questions/<name>.html`, and
`docs/adding-a-question-type.md` tells how one is added.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from random import Random
from types import NoneType
from typing import Annotated, Any, ClassVar, Generic, TypeVar, get_args
from uuid import UUID

from pydantic import Field, ValidationError

from app.core.errors import InvalidInput
from app.english.normalization import Language
from app.questions.documents.base import KeyBase, OptionsBase, Passage, ResponseBase
from app.questions.forms import Answer, Fields, Problem
from app.questions.grades import Grade, QuestionPart
from app.questions.marked import Criterion
from app.questions.slips import Cause, Slip

OptionsT = TypeVar("OptionsT", bound=OptionsBase | None)
KeyT = TypeVar("KeyT", bound=KeyBase)
ResponseT = TypeVar("ResponseT", bound=ResponseBase)


@dataclass(frozen=True, slots=True)
class Front:
    """What a card shows beside the stem, of a question that is answered in the head.

    `choices` has a line a choice, a gap or an item to be paired; `text` is what is to be changed.
    """

    choices: Sequence[str] = ()
    text: str = ""
    text_language: Language = "en"
    speech: str = ""
    passage: Passage | None = None


class QuestionType(Generic[OptionsT, KeyT, ResponseT]):
    """One type of question; its documents are the parameters of the class.

    `language` is that of the pages, "id" or "en".
    """

    name: ClassVar[str]
    options: type[OptionsT] | None
    key: type[KeyT]
    response: type[ResponseT]
    example: ClassVar[Mapping[str, Any]]
    """A response, without its type, for the documentation of the API."""

    def __init_subclass__(cls) -> None:
        documents = get_args(cls.__orig_bases__[0])  # type: ignore[attr-defined]  # as typing has it
        if not any(isinstance(each, TypeVar) for each in documents):
            options, cls.key, cls.response = documents
            cls.options = None if options is NoneType else options

    # --- what it is used for ---
    is_marked: ClassVar[bool] = False
    """A teacher marks it; every other type is graded at once."""
    needs_setting: ClassVar[bool] = False
    """It takes sound, a voice or time: the placement test leaves it out, and to skip it is not to
    say that one does not know."""
    has_parts: ClassVar[bool] = False
    """It consists of questions of its own."""
    default_cause: ClassVar[Cause | None] = None
    """What a wrong answer is put down to in the mistake book where no word explains it."""

    # --- how its page behaves ---
    has_upload: ClassVar[bool] = False
    """Its form may send a file."""
    stays_enabled: ClassVar[bool] = False
    """Its controls still work once it is graded: what was heard can be heard again."""
    shows_diff: ClassVar[bool] = False
    """Feedback marks the words of the answer."""
    marks_choices: ClassVar[bool] = False
    """The marks of the choices say what remarks on them would."""
    shows_key: ClassVar[bool] = False
    """Its form shows what is right when nothing was answered."""
    numbers_answers: ClassVar[bool] = False
    """The lines of the right answer are numbered, as its gaps are."""
    separator: ClassVar[str] = "; "
    """Stands between the lines of an answer that is shown as one."""
    explains_parts: ClassVar[bool] = False
    """There is something to say of each gap."""

    # --- grading ---
    def grade(self, key: KeyT, options: OptionsT, response: ResponseT) -> Grade:
        """Return what a response earns; what is not (any longer) offered counts as wrong."""
        raise NotImplementedError

    def grade_any(self, key: Any, options: Any, response: Any) -> Grade:
        """Grade what may be of another type. Raises InvalidInput when it is."""
        shapes = ((key, self.key), (options, self.options or object), (response, self.response))
        if not all(isinstance(document, shape) for document, shape in shapes):
            raise InvalidInput(
                f"The question is {key.type}, the response {response.type}.",
                f"Soalnya {key.type}, jawabannya {response.type}.",
                field="response.type",
            )
        return self.grade(key, options, response)

    def check_response(self, key: KeyT, options: OptionsT, response: ResponseT, field: str) -> None:
        """Raise InvalidInput for what nobody who was shown the question can answer.

        Open questions are fine: nothing ticked, a pair left out, no gap at all.
        """

    def shuffle(self, key: KeyT, options: OptionsT, seed: int, place: str) -> OptionsT:
        """Return the options in the order of `seed`; `place` is the part of a reading."""
        return options

    # --- what authors got wrong ---
    def key_errors(self, key: KeyT, options: OptionsT) -> Iterator[str]:
        """Yield where the key names what the options lack, or cannot be right."""
        yield from ()

    def options_errors(self, options: OptionsT) -> Iterator[str]:
        """Yield what a learner cannot tell apart."""
        yield from ()

    def stem_errors(self, key: KeyT, stem: str) -> Iterator[str]:
        """Yield where a stem disagrees with the key, as the end of a sentence about the stem."""
        yield from ()

    def find_errors(self, key: KeyT, options: OptionsT) -> Iterator[tuple[str, str]]:
        """Yield "answer_key" or "options", and a message, for each disagreement between them."""
        yield from (("answer_key", message) for message in self.key_errors(key, options))
        if not (self.is_marked or self.has_parts):  # a teacher's, or checked part by part
            yield from (("answer_key", message) for message in self._grader_errors(key, options))
        yield from (("options", message) for message in self.options_errors(options))

    def _grader_errors(self, key: KeyT, options: OptionsT) -> Iterator[str]:
        """Yield each answer of the key that the grader does not take for right."""
        try:
            responses = self.model_responses(key)
        except ValidationError:
            yield "a learner cannot type this key's own answer: over 1,000 characters, or a NUL"
            return
        for response in responses:
            if not self.grade(key, options, response).is_correct:
                answer = response.model_dump(mode="json")
                yield f"the grader does not accept this key's own answer {answer}"

    # --- answers ---
    def model_responses(self, key: KeyT) -> list[ResponseT]:
        """Return right responses, together using every accepted answer; the first is shown."""
        return [self.response.model_validate(key.model_dump())]

    def wrong_response(self, key: KeyT, options: OptionsT, rng: Random) -> ResponseT:
        """Return a response that is wrong as people are."""
        raise NotImplementedError

    def model_answer(self, key: KeyT, options: OptionsT | None, language: str) -> str:
        """Return the right answer as one line; empty when there is none."""
        return self.separator.join(self.answer_lines(key, options, language))

    def answer_lines(self, key: KeyT, options: OptionsT | None, language: str) -> list[str]:
        """Return the right answer, a line a gap or a pair, else one line."""
        return self.response_lines(options, self.model_responses(key)[0], language)

    def response_lines(
        self, options: OptionsT | None, response: ResponseT, language: str
    ) -> list[str]:
        """Return what was answered, a line a gap or a pair; empty when nothing was.

        An id that the options lack is shown as it is.
        """
        raise NotImplementedError

    def answer_language(self, options: OptionsT) -> Language | None:
        """Return the language of the answer; None for that of the pages."""
        return "en"

    def is_said(self, answer: Sequence[str], remarks: Sequence[str]) -> bool:
        """Return whether the remarks on an answer, or the marks in its form, say what is right."""
        return all(any(f"“{line}”" in remark for remark in remarks) for line in answer)

    def slips(self, stem: str, key: KeyT, options: OptionsT, response: ResponseT) -> Iterator[Slip]:
        """Yield what was answered wrongly, word by word where words were given."""
        yield from ()

    # --- the form ---
    def heading(self, stem: str) -> str:
        """Return what stands above the form."""
        return stem

    def read_form(self, stem: str, options: OptionsT, fields: Fields, prefix: str) -> Answer | None:
        """Return the response in a form, None when nothing was answered.

        The names of the fields begin with `prefix`. Raises InvalidInput for what cannot be read.
        """
        raise NotImplementedError

    def write_form(self, response: ResponseT) -> dict[str, list[str]]:
        """Return the fields, without a prefix, with which the form shows a response."""
        raise NotImplementedError

    def find_problem(self, options: OptionsT, answer: Answer | None) -> Problem | None:
        """Return why what was read of a form is not taken yet."""
        return Problem("question.missing") if answer is None else None

    # --- cards ---
    def front(self, options: OptionsT) -> Front:
        """Return what a card shows beside the stem."""
        return Front()

    def words_shown(self, options: OptionsT) -> int:
        """Return how many words are read, or heard, before the question is answered."""
        return 0 if options is None else _words_in(options.model_dump())

    def typed_text(self, key: KeyT) -> str:
        """Return what is typed in full; empty where little or nothing is."""
        return ""

    # --- what few types have ---
    def parts(self, key: KeyT, options: OptionsT) -> list[QuestionPart]:
        """Return the questions that this one consists of, in the order in which they are asked."""
        return []

    def answered_parts(self, response: ResponseT) -> Mapping[str, ResponseBase]:
        """Return the responses to those of them that were answered, by their ids."""
        return {}

    def rubric(self, options: OptionsT) -> list[Criterion]:
        """Return what a teacher looks at."""
        return []

    def recording(self, response: ResponseT) -> UUID | None:
        """Return the id of what was spoken."""
        return None

    def written(self, response: ResponseT) -> str:
        """Return the text that a teacher may correct."""
        return ""


def by_type(shapes: Iterable[Any]) -> Any:
    """Return the union of documents that are told apart by their type."""
    return Annotated[reduce(or_, shapes), Field(discriminator="type")]


def one_of_each(alternatives: list[list[Any]]) -> list[list[Any]]:
    """Return lists with one alternative for each place, together using every alternative."""
    longest = max(len(each) for each in alternatives)
    return [[each[min(row, len(each) - 1)] for each in alternatives] for row in range(longest)]


def _words_in(value: object) -> int:
    """Return how many words there are in every `text` of the options."""
    if isinstance(value, list):
        return sum(_words_in(item) for item in value)
    if not isinstance(value, dict):
        return 0
    own = len(value["text"].split()) if isinstance(value.get("text"), str) else 0
    return own + sum(_words_in(item) for item in value.values())
