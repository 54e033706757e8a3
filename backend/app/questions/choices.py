"""What is picked from choices: the choices themselves, their checks, and the grade of a pick."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Annotated, TypeVar

from pydantic import Field

from app.core.errors import InvalidInput
from app.english.sentences import is_english
from app.questions import remarks
from app.questions.documents.base import ChoiceId, Document, Text
from app.questions.grades import Grade, PartResult, Texts, share
from app.questions.slips import Slip
from app.questions.stems import GAP

Item = TypeVar("Item")


class Named(Document):
    """What answer keys and responses refer to by its id."""

    id: ChoiceId


class Choice(Named):
    """One selectable text."""

    text: Text


Choices = Annotated[list[Choice], Field(min_length=2, max_length=12)]


def padded(items: Sequence[Item], length: int, filling: Item) -> list[Item]:
    """Return `items` cut or filled up to `length`."""
    return [*items[:length], *[filling] * (length - len(items))]


def labels_of(choices: Iterable[Choice]) -> dict[str, str]:
    """Return the text of each choice by its id."""
    return {choice.id: choice.text for choice in choices}


def texts_of(ids: Iterable[str], choices: Iterable[Choice]) -> list[str]:
    """Return the texts of choices; an id that is not offered is shown as it is."""
    labels = labels_of(choices)
    return [labels.get(choice, choice) for choice in ids]


def another(choices: Iterable[Choice], right: str | None, rng: Random) -> str:
    """Return the id of any choice but the right one."""
    return rng.choice([choice.id for choice in choices if choice.id != right])


# --- checks -------------------------------------------------------------------------------------


def require_distinct_ids(choices: Iterable[Named], where: str) -> None:
    """Raise ValueError when two choices share an id."""
    if repeated(choice.id for choice in choices):
        raise ValueError(f"{where}: two choices share an id; give each its own")


def check_ids(given: Iterable[str], offered: Iterable[Named], field: str) -> None:
    """Raise InvalidInput for a choice that is not offered, and for the same one twice."""
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


def id_errors(used: list[str], offered: Iterable[Named], where: str) -> Iterator[str]:
    """Yield each id of a key that the options lack, or that the key uses twice."""
    known = [choice.id for choice in offered]
    for name in used:
        if name not in known:
            yield f"{name!r} is not an id in options.{where} ({', '.join(sorted(known))})"
    for name in repeated(used):
        yield f"{name!r} is used twice; use each id once"


def alike_errors(choices: Iterable[Choice], where: str) -> Iterator[str]:
    """Yield the texts of choices that a learner cannot tell apart."""
    for text in repeated(choice.text for choice in choices):
        yield f"{where}: {text!r} is offered twice; keep one"


def repeated(names: Iterable[str]) -> list[str]:
    """Return what occurs more than once."""
    return [name for name, count in Counter(names).items() if count > 1]


# --- grades -------------------------------------------------------------------------------------


def instead(labels: dict[str, str], expected: str, given: str | None) -> Texts:
    """Return the remark on a wrong choice, or on none."""
    if not given:
        return remarks.LEFT_OPEN
    return remarks.INSTEAD.format(
        expected=labels.get(expected, expected), given=labels.get(given, given)
    )


def grade_pick(name: str, labels: dict[str, str], expected: str, given: str | None) -> PartResult:
    """Return what one pick of several earned; `name` is that of its gap or pair."""
    label = labels.get(expected, expected)
    wanted = Texts(label, label)
    if given == expected:
        return PartResult(name, is_correct=True, score=1, expected=wanted)
    feedback = (instead(labels, expected, given),)
    return PartResult(name, is_correct=False, score=0, expected=wanted, feedback=feedback)


def from_parts(parts: list[PartResult], remark: Texts) -> Grade:
    """Return the grade of parts that are right or wrong; `remark` says how many are right.

    What is said of the only part is said of the whole.
    """
    if len(parts) == 1:
        (part,) = parts
        return Grade(share(int(part.is_correct), 1), part.feedback, part.diff, (part,))
    right = sum(part.is_correct for part in parts)
    return Grade(share(right, len(parts)), overall(parts, remark), parts=tuple(parts))


def overall(parts: Sequence[PartResult], remark: Texts) -> tuple[Texts, ...]:
    """Return what is said of parts together: that all are open, or how many are right."""
    right = sum(part.is_correct for part in parts)
    if all(part.feedback == (remarks.LEFT_OPEN,) for part in parts):
        return (remarks.LEFT_OPEN,)
    return (remark.format(right=right, total=len(parts)),) if 0 < right < len(parts) else ()


# --- slips --------------------------------------------------------------------------------------


def choice_slips(
    stem: str, labels: Sequence[dict[str, str]], rights: Sequence[str], picked: Sequence[str]
) -> Iterator[Slip]:
    """Yield each wrong choice beside the right one, in their sentence where it has gaps.

    A single choice may fill several gaps: “drinks / is drinking”.
    """
    if len(labels) == 1 and stem.count(GAP) > 1:
        several = [labels[0].get(each[0], "").split(" / ") for each in (rights, picked)]
        if several[0] != several[1] and {stem.count(GAP)} == {len(each) for each in several}:
            yield Slip([_fill(stem, several[0])], _fill(stem, several[1]), exact=True)
            return
    model = [texts.get(right, "") for texts, right in zip(labels, rights, strict=False)]
    for place, (texts, right, given) in enumerate(zip(labels, rights, picked, strict=False)):
        chosen = texts.get(given, "")
        if given == right or not chosen or not is_english(model[place]):
            continue
        if stem.count(GAP) == len(model):
            filled = [*model[:place], chosen, *model[place + 1 :]]
            yield Slip([_fill(stem, model)], _fill(stem, filled), exact=True)
        else:
            yield Slip([model[place]], chosen, exact=True, is_statement=True)


def _fill(stem: str, texts: Sequence[str]) -> str:
    for text in texts:
        stem = stem.replace(GAP, text, 1)
    return stem
