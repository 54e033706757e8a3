"""Grading of all seven question types, and what an answer means for progress and streaks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.core.errors import InvalidInput
from app.domain.practice.normalization import accepts
from app.models.documents import (
    AnswerKey,
    Choice,
    ChoiceOptions,
    GapFillKey,
    GapFillResponse,
    MatchingKey,
    MatchingOptions,
    MatchingResponse,
    MultipleChoiceKey,
    MultipleChoiceResponse,
    MultipleSelectKey,
    MultipleSelectResponse,
    Options,
    OrderingKey,
    OrderingOptions,
    OrderingResponse,
    Response,
    ShortAnswerKey,
    ShortAnswerResponse,
    TrueFalseKey,
    TrueFalseResponse,
)

COMPLETE = 100
_VERDICTS = {"en": ("False", "True"), "id": ("Salah", "Benar")}


@dataclass(frozen=True, slots=True)
class Grade:
    """What an answer is worth: `score` from 0 to 1 in thousandths; right means exactly 1."""

    score: Decimal

    @property
    def is_correct(self) -> bool:
        """Whether nothing was missing."""
        return self.score == 1


def check_response(key: AnswerKey, options: Options | None, response: Response) -> None:
    """Raise InvalidInput, naming the field, for what nobody who was shown the question can answer.

    Those are choices that are not offered, the same one twice, and gaps too many or too few. Open
    questions are fine: nothing ticked, a pair or a token left out.
    """
    match options, response:
        case ChoiceOptions(), MultipleChoiceResponse():
            _check_ids([response.choice], options.choices, "response.choice")
        case ChoiceOptions(), MultipleSelectResponse():
            _check_ids(response.choices, options.choices, "response.choices")
        case OrderingOptions(), OrderingResponse():
            _check_ids(response.order, options.tokens, "response.order")
        case MatchingOptions(), MatchingResponse():
            _check_ids(response.pairs, options.left, "response.pairs")
            for right in response.pairs.values():  # two items may well be given the same partner
                _check_ids([right], options.right, "response.pairs")
        case _, GapFillResponse():
            if isinstance(key, GapFillKey) and len(response.gaps) != len(key.gaps):
                raise InvalidInput(
                    f"The question has {len(key.gaps)} gaps; send an empty text for an open one.",
                    f"Soal ini punya {len(key.gaps)} isian; kirim teks kosong untuk yang belum "
                    "diisi.",
                    field="response.gaps",
                )


def _check_ids(given: Iterable[str], offered: Iterable[Choice], field: str) -> None:
    ids = list(given)
    if not set(ids) <= {choice.id for choice in offered}:
        raise InvalidInput(
            "The question does not offer this choice.",
            "Pilihan ini tidak ada di soal.",
            field=field,
        )
    if len(set(ids)) < len(ids):
        raise InvalidInput(
            "Each choice can be given once.",
            "Setiap pilihan hanya boleh dipakai satu kali.",
            field=field,
        )


def grade(key: AnswerKey, response: Response) -> Grade:  # noqa: PLR0911 - a type a line
    """Grade a response against the answer key.

    Multiple choice, true or false, short answer and ordering are all or nothing. Multiple select
    scores right ticks minus wrong ticks, gap filling and matching the share of right gaps and
    pairs. Raises InvalidInput when the response is not for this type of question, or answers gaps
    or items that the question does not have.
    """
    match key, response:
        case MultipleChoiceKey(), MultipleChoiceResponse():
            return _all_or_nothing(response.choice == key.choice)
        case TrueFalseKey(), TrueFalseResponse():
            return _all_or_nothing(response.value == key.value)
        case ShortAnswerKey(), ShortAnswerResponse():
            return _all_or_nothing(accepts(key.accepted, response.text))
        case OrderingKey(), OrderingResponse():
            return _all_or_nothing(response.order in key.orders)
        case MultipleSelectKey(), MultipleSelectResponse():
            right, ticked = set(key.choices), set(response.choices)
            return _share(max(0, len(right & ticked) - len(ticked - right)), len(right))
        case GapFillKey(), GapFillResponse():
            return _grade_gaps(key, response)
        case MatchingKey(), MatchingResponse():
            return _grade_pairs(key, response)
        case _:
            raise InvalidInput(
                f"The question is {key.type}, the response {response.type}.",
                f"Soalnya {key.type}, jawabannya {response.type}.",
                field="response",
            )


def _grade_gaps(key: GapFillKey, response: GapFillResponse) -> Grade:
    if len(response.gaps) > len(key.gaps):
        raise InvalidInput(f"The question has {len(key.gaps)} gaps.", field="response")
    filled = zip(key.gaps, response.gaps, strict=False)  # a gap left out is a gap left open
    return _share(sum(accepts(accepted, text) for accepted, text in filled), len(key.gaps))


def _grade_pairs(key: MatchingKey, response: MatchingResponse) -> Grade:
    if not response.pairs.keys() <= key.pairs.keys():
        raise InvalidInput("A pair names an item that the question lacks.", field="response")
    return _share(len(response.pairs.items() & key.pairs.items()), len(key.pairs))


def _all_or_nothing(right: bool) -> Grade:
    return Grade(Decimal(int(right)))


def _share(right: int, total: int) -> Grade:
    return Grade((Decimal(right) / total).quantize(Decimal("0.001")))


def model_response(key: AnswerKey) -> Response:  # noqa: PLR0911 - a type a line
    """Return the response that the key itself describes; `grade(key, it)` is right."""
    match key:
        case MultipleChoiceKey():
            return MultipleChoiceResponse(type=key.type, choice=key.choice)
        case MultipleSelectKey():
            return MultipleSelectResponse(type=key.type, choices=key.choices)
        case TrueFalseKey():
            return TrueFalseResponse(type=key.type, value=key.value)
        case GapFillKey():
            return GapFillResponse(type=key.type, gaps=[gap[0] for gap in key.gaps])
        case ShortAnswerKey():
            return ShortAnswerResponse(type=key.type, text=key.accepted[0])
        case MatchingKey():
            return MatchingResponse(type=key.type, pairs=key.pairs)
        case OrderingKey():
            return OrderingResponse(type=key.type, order=key.orders[0])


def model_answer(key: AnswerKey, options: Options | None, language: str = "en") -> str:  # noqa: PLR0911 - a type a line
    """Return the right answer as one line of text to show; `language` is "id" or "en".

    Only the verdict of a true-or-false question is translated: everything else is the English
    under test. A choice id that the options lack is shown as it is.
    """
    match key:
        case MultipleChoiceKey():
            return _texts(options).get(key.choice, key.choice)
        case MultipleSelectKey():
            return "; ".join(_texts(options).get(choice, choice) for choice in key.choices)
        case TrueFalseKey():
            return _VERDICTS.get(language, _VERDICTS["en"])[key.value]
        case GapFillKey():
            return " … ".join(gap[0] for gap in key.gaps)
        case ShortAnswerKey():
            return key.accepted[0]
        case MatchingKey():
            return "; ".join(_pair_texts(key, options))
        case OrderingKey():
            return " ".join(_texts(options).get(token, token) for token in key.orders[0])


def _texts(options: Options | None) -> dict[str, str]:
    match options:
        case ChoiceOptions():
            return {choice.id: choice.text for choice in options.choices}
        case OrderingOptions():
            return {token.id: token.text for token in options.tokens}
        case _:
            return {}


def _pair_texts(key: MatchingKey, options: Options | None) -> Iterable[str]:
    left: dict[str, str] = {}
    right: dict[str, str] = {}
    if isinstance(options, MatchingOptions):
        left = {choice.id: choice.text for choice in options.left}
        right = {choice.id: choice.text for choice in options.right}
    return (f"{left.get(a, a)} → {right.get(b, b)}" for a, b in key.pairs.items())


def completion_percentage(
    *, sections_total: int, sections_read: int, questions_total: int, questions_attempted: int
) -> int:
    """Return how much of a lesson is done, 0 to 100, every section and question counting alike.

    100 means completed: every question was attempted (in a lesson without questions, every section
    was read); before that it stops at 99.
    """
    if questions_total:
        completed = questions_attempted >= questions_total
    else:
        completed = sections_read >= sections_total
    if completed:
        return COMPLETE
    done = min(sections_read, sections_total) + min(questions_attempted, questions_total)
    return min(COMPLETE - 1, done * 100 // (sections_total + questions_total))


def streak_days(active_days: Iterable[date], today: date) -> int:
    """Return how many of the learner's days in a row, up to `today`, had some practice.

    A day that is not over does not break a streak: without practice today it ends yesterday.
    """
    days = set(active_days)
    day = today if today in days else today - timedelta(days=1)
    length = 0
    while day in days:
        length += 1
        day -= timedelta(days=1)
    return length


@dataclass(frozen=True, slots=True)
class Achievement:
    """A badge: earned when `measure` (a field of the learner's totals) reaches `threshold`."""

    code: str
    measure: str
    threshold: int
    title: Mapping[str, str]


ACHIEVEMENTS = (
    Achievement(
        "first_lesson",
        "lessons_completed",
        1,
        {"en": "First lesson finished", "id": "Pelajaran pertama selesai"},
    ),
    Achievement(
        "ten_lessons",
        "lessons_completed",
        10,
        {"en": "Ten lessons finished", "id": "Sepuluh pelajaran selesai"},
    ),
    Achievement(
        "streak_7",
        "streak_days",
        7,
        {"en": "Seven days in a row", "id": "Tujuh hari berturut-turut"},
    ),
    Achievement(
        "hundred_answers",
        "answers",
        100,
        {"en": "One hundred questions answered", "id": "Seratus soal dijawab"},
    ),
    Achievement(
        "hundred_reviews",
        "reviews",
        100,
        {"en": "One hundred reviews", "id": "Seratus pengulangan"},
    ),
)


def earned(totals: Mapping[str, Any]) -> list[Achievement]:
    """Return the achievements that the learner's totals deserve, in the order of `ACHIEVEMENTS`."""
    return [badge for badge in ACHIEVEMENTS if totals[badge.measure] >= badge.threshold]
