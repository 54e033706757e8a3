"""What grading takes and returns, and how a share becomes a score."""

from dataclasses import dataclass
from decimal import Decimal

from app.english.answers import DiffPiece
from app.questions.documents.base import Bilingual, KeyBase, OptionsBase

NOTHING = Decimal(0)
EVERYTHING = Decimal(1)
_ALMOST = Decimal("0.999")
_THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class GradedQuestion:
    """What grading needs of a question; key and options are of the same type."""

    key: KeyBase
    options: OptionsBase | None = None


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """A part of a reading: a question of its own, with its stem in both languages."""

    id: str
    stem: Bilingual
    question: GradedQuestion

    @property
    def type(self) -> str:
        """The type of the part's own question."""
        return self.question.key.type


@dataclass(frozen=True, slots=True)
class Texts:
    """The same remark in English and in Indonesian."""

    en: str
    id: str

    def format(self, **values: object) -> "Texts":
        """Return the remark with its {fields} filled in."""
        return Texts(self.en.format(**values), self.id.format(**values))


@dataclass(frozen=True, slots=True)
class PartResult:
    """What one gap, pair or sub-question earned.

    `id`: the number of a gap from 1, the item that is paired, the id of a part of a reading.
    `score` is a number from 0 to 1, for sending; `parts` are the gaps or pairs of a sub-question.
    """

    id: str
    is_correct: bool
    score: float
    expected: Texts
    feedback: tuple[Texts, ...] = ()
    diff: tuple[DiffPiece, ...] = ()
    parts: tuple["PartResult", ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """What an answer is worth: `score` from 0 to 1 in thousandths, None until a teacher marks it.

    `feedback` says what to change and why; `diff` marks the words of a typed answer, and shows the
    typo in one that was accepted in spite of it.
    """

    score: Decimal | None
    feedback: tuple[Texts, ...] = ()
    diff: tuple[DiffPiece, ...] = ()
    parts: tuple[PartResult, ...] = ()

    @property
    def is_correct(self) -> bool:
        """Whether nothing was missing."""
        return self.score == EVERYTHING

    @property
    def needs_marking(self) -> bool:
        """Whether only a teacher can say what the answer is worth."""
        return self.score is None


RIGHT = Grade(EVERYTHING)


def share(right: Decimal | float, total: int) -> Decimal:
    """Return `right` of `total` in thousandths, not below 0; 1 only when nothing is missing."""
    if right >= total:
        return EVERYTHING
    return partial(Decimal(right) / total)


def partial(part: Decimal) -> Decimal:
    """Return what an answer earns that is not right: thousandths, not below 0 and less than 1."""
    return min(_ALMOST, max(NOTHING, part).quantize(_THOUSANDTH))
