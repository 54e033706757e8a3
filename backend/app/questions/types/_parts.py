"""The types of which the questions of a `reading` may be: all that are graded from a short form."""

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from app.questions.documents.base import KeyBase, OptionsBase, ResponseBase
from app.questions.types.base import QuestionType, by_type
from app.questions.types.categorise import Categorise
from app.questions.types.cloze_choice import ClozeChoice
from app.questions.types.fill_blank import FillBlank
from app.questions.types.matching import Matching
from app.questions.types.multiple_answer import MultipleAnswer
from app.questions.types.multiple_choice import MultipleChoice
from app.questions.types.ordering import Ordering
from app.questions.types.short_answer import ShortAnswer
from app.questions.types.true_false import TrueFalse

PART_TYPES: dict[str, QuestionType[Any, Any, Any]] = {
    kind.name: kind
    for kind in (
        MultipleChoice(),
        MultipleAnswer(),
        TrueFalse(),
        FillBlank(),
        ShortAnswer(),
        ClozeChoice(),
        Matching(),
        Ordering(),
        Categorise(),
    )
}
"""In the order in which lists name them."""

if TYPE_CHECKING:
    PartName: TypeAlias = str
    PartOptions: TypeAlias = OptionsBase
    PartKey: TypeAlias = KeyBase
    PartResponse: TypeAlias = ResponseBase
else:
    PartName = Literal[tuple(PART_TYPES)]
    PartOptions = by_type(kind.options for kind in PART_TYPES.values() if kind.options)
    PartKey = by_type(kind.key for kind in PART_TYPES.values())
    PartResponse = by_type(kind.response for kind in PART_TYPES.values())
