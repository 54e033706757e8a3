"""The registry: every type of question by its name, and the unions of their documents.

Whoever has a question asks `TYPES[question.type]`; nobody else lists types by name.
"""

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from app.questions.documents.base import KeyBase, OptionsBase, ResponseBase
from app.questions.types._parts import PART_TYPES
from app.questions.types.base import QuestionType, by_type
from app.questions.types.dictation import Dictation
from app.questions.types.error_correction import ErrorCorrection
from app.questions.types.essay import Essay
from app.questions.types.reading import Reading
from app.questions.types.speaking import Speaking
from app.questions.types.translation import Translation

TYPES: dict[str, QuestionType[Any, Any, Any]] = PART_TYPES | {
    kind.name: kind
    for kind in (
        ErrorCorrection(),
        Translation(),
        Dictation(),
        Reading(),
        Essay(),
        Speaking(),
    )
}
QUESTION_TYPES = tuple(TYPES)
"""Every name, in the order in which lists have them."""
TYPES_WITH_OPTIONS = tuple(name for name, kind in TYPES.items() if kind.options)
MARKED_TYPES = tuple(name for name, kind in TYPES.items() if kind.is_marked)
"""Types that a teacher marks; every other one is graded at once."""

if TYPE_CHECKING:
    TypeName: TypeAlias = str
    Options: TypeAlias = OptionsBase
    AnswerKey: TypeAlias = KeyBase
    Response: TypeAlias = ResponseBase
else:
    TypeName = Literal[QUESTION_TYPES]
    Options = by_type(kind.options for kind in TYPES.values() if kind.options)
    AnswerKey = by_type(kind.key for kind in TYPES.values())
    Response = by_type(kind.response for kind in TYPES.values())
