"""Why an answer is wrong, in the learner's terms: articles, tenses, word order and so on.

The grader names the reason for each word that differs (`english/reasons.py`); a cause gathers the
reasons that are practised together. A wrong choice has no reason of its own: it is compared with
the right one as if it had been typed. Where no reason is found, the type of the question tells, or
its skill. In a passage, what was not typed was not understood.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias, get_args

from app.english.answers import compare
from app.english.normalization import Language
from app.english.reasons import Reason
from app.english.sentences import is_english
from app.questions import documents as d
from app.questions.grading.choices import labels_of
from app.questions.grading.grades import GradedQuestion
from app.questions.grading.rules import grade

Cause: TypeAlias = Literal[
    "articles",
    "tense",
    "verb_form",
    "agreement",
    "plural",
    "pronouns",
    "prepositions",
    "comparison",
    "do_support",
    "word_order",
    "grammar",
    "spelling",
    "words",
    "understanding",
]
CAUSES: tuple[Cause, ...] = get_args(Cause)
"""In the order in which a grammar lists them; spelling and words last."""

_OF_REASON: dict[Reason, Cause] = {
    Reason.A_OR_AN: "articles",
    Reason.ARTICLE: "articles",
    Reason.TENSE: "tense",
    Reason.AUXILIARY: "tense",
    Reason.PARTICIPLE: "tense",
    Reason.IRREGULAR: "verb_form",
    Reason.BASE_FORM: "verb_form",
    Reason.INFINITIVE: "verb_form",
    Reason.ING: "verb_form",
    Reason.FORM: "verb_form",
    Reason.AGREEMENT: "agreement",
    Reason.THIRD_PERSON: "agreement",
    Reason.PLURAL: "plural",
    Reason.SINGULAR: "plural",
    Reason.UNCOUNTABLE: "plural",
    Reason.PRONOUN: "pronouns",
    Reason.POSSESSIVE: "pronouns",
    Reason.PREPOSITION: "prepositions",
    Reason.COMPARATIVE: "comparison",
    Reason.SUPERLATIVE: "comparison",
    Reason.ADVERB: "comparison",
    Reason.NEGATION: "do_support",
    Reason.WORD_ORDER: "word_order",
    Reason.SPELLING: "spelling",
    Reason.APOSTROPHE: "spelling",
    Reason.SPACING: "spelling",
    Reason.NUMBER: "words",
    Reason.CONFUSED: "words",
    Reason.WRONG_WORD: "words",
    Reason.MISSING_WORD: "words",
    Reason.EXTRA_WORD: "words",
}
_OF_TYPE: dict[str, Cause] = {"ordering": "word_order", "matching": "words"}
"""What a type trains that compares no words."""
_OF_SKILL: dict[str, Cause] = {"grammar": "grammar", "vocabulary": "words"}
"""What is wrong where neither words nor type tell; in every other skill, understanding."""
_DO = frozenset(("do", "does", "did", "don't", "doesn't", "didn't"))
_TYPED = {"fill_blank", "short_answer"}
_LEAST_ALIKE = 0.6
"""Below this similarity two sentences to choose from say different things: no word explains it."""


class Slip(NamedTuple):
    """What was given where something else was right; of two statements, they may be far apart."""

    accepted: Sequence[str]
    given: str
    language: Language = "en"
    exact: bool = False
    is_statement: bool = False


def causes_of(
    question: GradedQuestion, stem: str, response: d.Response, *, skill: str = "grammar"
) -> tuple[Cause, ...]:
    """Return the causes of what is wrong in `response`, in the order of CAUSES.

    `stem` is the English one, `skill` the question's. Empty when the answer is right or open, and
    for what a teacher marks. Raises InvalidInput when the response is of another type.
    """
    if question.key.type in d.MARKED_TYPES or grade(question, response).is_correct:
        return ()
    found = set(_causes(question, stem, response, skill))
    return tuple(cause for cause in CAUSES if cause in found)


def _causes(
    question: GradedQuestion, stem: str, response: d.Response, skill: str
) -> Iterator[Cause]:
    if isinstance(response, d.ReadingResponse):
        yield from _of_parts(question, response)
        return
    slips = list(_slips(question, stem, response))
    reasons = {cause for slip in slips for cause in _explained(slip)}
    yield from reasons
    if not reasons and (slips or _is_answered(response)):
        yield _OF_TYPE.get(question.key.type) or _OF_SKILL.get(skill, "understanding")


def _of_parts(question: GradedQuestion, response: d.ReadingResponse) -> Iterator[Cause]:
    assert isinstance(question.key, d.ReadingKey)
    assert isinstance(question.options, d.ReadingOptions)
    for part in question.options.parts:
        given = response.parts.get(part.id)
        if given is None or part.id not in question.key.parts:
            continue
        inner = GradedQuestion(question.key.parts[part.id], part.options)
        found = causes_of(inner, part.stem.en, given, skill="reading")
        if found and part.type not in _TYPED:
            yield "understanding"
        yield from found if part.type in _TYPED else ()


def _explained(slip: Slip) -> Iterator[Cause]:
    found = compare(slip.accepted, slip.given, exact=slip.exact, language=slip.language)
    if slip.is_statement and found.similarity < _LEAST_ALIKE:
        return
    for remark in found.reasons:
        does = _DO & set(f"{remark.expected} {remark.given}".lower().split())
        is_helper = remark.reason is Reason.AUXILIARY and bool(does)
        yield "do_support" if is_helper else _OF_REASON[remark.reason]


def _slips(question: GradedQuestion, stem: str, response: d.Response) -> Iterator[Slip]:
    """Yield what was answered wrongly, word by word where words were given."""
    match question.key, question.options, response:
        case d.FillBlankKey() as key, _, d.FillBlankResponse(gaps=gaps):
            for accepted, given in zip(key.gaps, gaps, strict=False):
                if given.strip():
                    yield Slip(accepted, given, exact=key.exact)
        case d.ShortAnswerKey() as key, _, d.ShortAnswerResponse(text=text) if text.strip():
            yield Slip(key.accepted, text, exact=key.exact)
        case (
            (d.DictationKey() | d.ErrorCorrectionKey()) as key,
            _,
            (d.DictationResponse() | d.ErrorCorrectionResponse()) as typed,
        ) if typed.text.strip():
            yield Slip(key.accepted, typed.text)
        case (
            d.TranslationKey() as key,
            d.TranslationOptions(direction=direction),
            d.TranslationResponse(text=text),
        ) if text.strip():
            yield Slip(key.accepted, text, "en" if direction == "to_english" else "id")
        case (
            d.MultipleChoiceKey(choice=right),
            d.ChoiceOptions(choices=choices),
            d.MultipleChoiceResponse(choice=given),
        ) if given:
            yield from _choices(stem, [labels_of(choices)], [right], [given])
        case d.ClozeKey(gaps=rights), d.ClozeOptions(gaps=offered), d.ClozeResponse(gaps=picked):
            yield from _choices(stem, [labels_of(choices) for choices in offered], rights, picked)


def _choices(
    stem: str, labels: Sequence[dict[str, str]], rights: Sequence[str], picked: Sequence[str]
) -> Iterator[Slip]:
    """Yield each wrong choice beside the right one, in their sentence where it has gaps.

    A single choice may fill several gaps: “drinks / is drinking”.
    """
    if len(labels) == 1 and stem.count(d.GAP) > 1:
        several = [labels[0].get(each[0], "").split(" / ") for each in (rights, picked)]
        if several[0] != several[1] and {stem.count(d.GAP)} == {len(each) for each in several}:
            yield Slip([_fill(stem, several[0])], _fill(stem, several[1]), exact=True)
            return
    model = [texts.get(right, "") for texts, right in zip(labels, rights, strict=False)]
    for place, (texts, right, given) in enumerate(zip(labels, rights, picked, strict=False)):
        chosen = texts.get(given, "")
        if given == right or not chosen or not is_english(model[place]):
            continue
        if stem.count(d.GAP) == len(model):
            filled = [*model[:place], chosen, *model[place + 1 :]]
            yield Slip([_fill(stem, model)], _fill(stem, filled), exact=True)
        else:
            yield Slip([model[place]], chosen, exact=True, is_statement=True)


def _fill(stem: str, texts: Sequence[str]) -> str:
    for text in texts:
        stem = stem.replace(d.GAP, text, 1)
    return stem


def _is_answered(response: d.Response) -> bool:
    """Return whether anything was answered at all."""
    values = response.model_dump(exclude={"type"}).values()
    return any(value not in (None, "", [], {}) and _says_something(value) for value in values)


def _says_something(value: object) -> bool:
    """Return whether a part of a response says something: a gap left out does not."""
    if isinstance(value, list):
        return any(_says_something(each) for each in value)
    return bool(value.strip()) if isinstance(value, str) else True
