"""What makes one question fit to publish: its parts agree with each other and with the grader."""

from collections import Counter
from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from app.domain.curriculum.files import QuestionItem
from app.english.normalization import words
from app.questions.documents import (
    GAP,
    MARKED_TYPES,
    Choice,
    ChoiceOptions,
    ClozeKey,
    ClozeOptions,
    DictationKey,
    DictationOptions,
    DictationResponse,
    ErrorCorrectionKey,
    ErrorCorrectionOptions,
    EssayOptions,
    FillBlankKey,
    MatchingKey,
    MatchingOptions,
    MultipleAnswerKey,
    MultipleChoiceKey,
    OrderingKey,
    OrderingOptions,
    ReadingKey,
    ReadingOptions,
    ReadingPart,
    SpeakingOptions,
    TranslationKey,
    TranslationOptions,
    TranslationResponse,
)
from app.questions.grading.rules import GradedQuestion, grade, model_responses


def find_question_errors(question: QuestionItem) -> list[tuple[str, str]]:
    """Return (field, message) for each way in which the parts of `question` disagree."""
    graded = GradedQuestion(question.answer_key, question.options)
    errors = [("answer_key", message) for message in _key_errors(graded)]
    errors += [("options", message) for message in _options_errors(graded)]
    stems = {"stem": question.stem}
    if question.translations.id is not None:
        stems["translations.id.stem"] = question.translations.id.stem
    errors += [
        (field, message)
        for field, stem in stems.items()
        for message in _gap_errors(graded, stem, "the stem")
    ]
    return errors


# --- the key ------------------------------------------------------------------------------------


def _key_errors(question: GradedQuestion) -> Iterator[str]:  # noqa: C901 - a type a branch
    """Yield where the key names what the options lack, or the grader refuses the key."""
    match question.key, question.options:
        case MultipleChoiceKey(choice=choice), ChoiceOptions(choices=choices):
            yield from _id_errors([choice], choices, "choices")
        case MultipleAnswerKey(choices=chosen), ChoiceOptions(choices=choices):
            yield from _id_errors(chosen, choices, "choices")
        case ClozeKey() as key, ClozeOptions() as options:
            yield from _cloze_errors(key, options)
        case MatchingKey() as key, MatchingOptions() as options:
            yield from _matching_errors(key, options)
        case OrderingKey() as key, OrderingOptions() as options:
            yield from _ordering_errors(key, options)
        case ErrorCorrectionKey(accepted=accepted), ErrorCorrectionOptions(text=text):
            yield from _correction_errors(accepted, text)
        case TranslationKey(), TranslationOptions(text=text):
            copied = TranslationResponse(type="translation", text=text[:1_000])
            if grade(question, copied).is_correct:
                yield "the text is accepted as it is, untranslated; correct the key"
        case DictationKey(), DictationOptions(speech=speech):
            heard = DictationResponse(type="dictation", text=speech[:1_000])
            if not grade(question, heard).is_correct:
                yield "what is said is not accepted; list options.speech"
        case ReadingKey() as key, ReadingOptions() as options:
            yield from _part_errors(key, options)
    yield from _grader_errors(question)


def _grader_errors(question: GradedQuestion) -> Iterator[str]:
    """Yield each answer of the key that the grader does not take for right."""
    if question.key.type in MARKED_TYPES or isinstance(question.key, ReadingKey):
        return  # a teacher's, or checked part by part
    try:
        responses = model_responses(question.key)
    except ValidationError:
        yield "a learner cannot type this key's own answer: over 1,000 characters, or a NUL"
        return
    for response in responses:
        if not grade(question, response).is_correct:
            answer = response.model_dump(mode="json")
            yield f"the grader does not accept this key's own answer {answer}"


def _cloze_errors(key: ClozeKey, options: ClozeOptions) -> Iterator[str]:
    if len(key.gaps) != len(options.gaps):
        yield f"{len(key.gaps)} gaps, the options have {len(options.gaps)}; make them agree"
        return
    for number, (chosen, choices) in enumerate(zip(key.gaps, options.gaps, strict=True), start=1):
        yield from _id_errors([chosen], choices, f"gaps[{number}]")


def _matching_errors(key: MatchingKey, options: MatchingOptions) -> Iterator[str]:
    yield from _id_errors(list(key.pairs), options.left, "left")
    partners = sorted(set(key.pairs.values()))  # several left items may share one
    yield from _id_errors(partners, options.right, "right")
    unpaired = sorted({item.id for item in options.left} - key.pairs.keys())
    if unpaired:
        yield f"left {', '.join(unpaired)} has no partner; pair every left item"


def _ordering_errors(key: OrderingKey, options: OrderingOptions) -> Iterator[str]:
    for order in key.orders:
        yield from _id_errors(order, options.tokens, "tokens")
    if [token.id for token in options.tokens] in key.orders:
        yield "the tokens stand in a right order already; shuffle options.tokens"


def _correction_errors(accepted: list[str], text: str) -> Iterator[str]:
    for answer in accepted:
        if words(answer) == words(text):
            yield f"{answer!r} is the faulty sentence itself, to the grader; mend it"


def _part_errors(key: ReadingKey, options: ReadingOptions) -> Iterator[str]:
    asked = {part.id: part for part in options.parts}
    for name in sorted(key.parts.keys() - asked.keys()):
        yield f"{name!r} is not an id in options.parts ({', '.join(asked)})"
    for name, part in asked.items():
        if name not in key.parts:
            yield f"part {name} has no key; add it to answer_key.parts"
        elif key.parts[name].type != part.type:
            yield f"part {name} is {part.type}, its key {key.parts[name].type}; make them agree"
        else:
            for message in _errors_within(part, GradedQuestion(key.parts[name], part.options)):
                yield f"part {name}: {message}"


def _errors_within(part: ReadingPart, question: GradedQuestion) -> Iterator[str]:
    yield from _key_errors(question)
    yield from _options_errors(question)
    yield from _gap_errors(question, part.stem.en, "the English stem")
    yield from _gap_errors(question, part.stem.id, "the Indonesian stem")


# --- options and stems --------------------------------------------------------------------------


def _options_errors(question: GradedQuestion) -> Iterator[str]:
    """Yield choices that a learner cannot tell apart, and criteria that share an id."""
    match question.options:
        case ChoiceOptions(choices=choices):
            yield from _alike_errors(choices, "choices")
        case ClozeOptions(gaps=gaps):
            for number, choices in enumerate(gaps, start=1):
                yield from _alike_errors(choices, f"gaps[{number}]")
        case MatchingOptions(left=left, right=right):
            yield from _alike_errors(left, "left")
            yield from _alike_errors(right, "right")
        case EssayOptions(rubric=rubric) | SpeakingOptions(rubric=rubric):
            for name in _repeated(criterion.id for criterion in rubric):
                yield f"rubric: {name!r} is used twice; use each id once"


def _alike_errors(choices: list[Choice], where: str) -> Iterator[str]:
    for text in _repeated(choice.text for choice in choices):
        yield f"{where}: {text!r} is offered twice; keep one"


def _gap_errors(question: GradedQuestion, stem: str, name: str) -> Iterator[str]:
    if not isinstance(question.key, FillBlankKey | ClozeKey):
        return
    gaps = stem.count(GAP)
    if gaps != len(question.key.gaps):
        yield f"{name} has {gaps} gaps ({GAP}), the answer_key {len(question.key.gaps)}"


def _id_errors(used: list[str], offered: list[Choice], where: str) -> Iterator[str]:
    known = [choice.id for choice in offered]
    for name in used:
        if name not in known:
            yield f"{name!r} is not an id in options.{where} ({', '.join(sorted(known))})"
    for name in _repeated(used):
        yield f"{name!r} is used twice; use each id once"


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
