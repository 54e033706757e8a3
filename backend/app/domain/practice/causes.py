"""Why an answer is wrong, in the learner's terms: articles, tenses, word order and so on.

The grader names the reason for each word that differs (`english/reasons.py`); a cause gathers the
reasons that are practised together. A wrong choice has no reason of its own: it is compared with
the right one as if it had been typed. Where no reason is found, the type of the question tells, or
its skill. In a passage, what was not typed was not understood.
"""

from collections.abc import Iterable, Iterator, Mapping

from app.english.answers import compare
from app.english.reasons import Reason
from app.questions.grades import GradedQuestion, QuestionPart
from app.questions.grading import grade
from app.questions.slips import CAUSES, Cause, Slip
from app.questions.types import MARKED_TYPES, TYPES, Response

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
_OF_SKILL: dict[str, Cause] = {"grammar": "grammar", "vocabulary": "words"}
"""What is wrong where neither words nor type tell; in every other skill, understanding."""
_DO = frozenset(("do", "does", "did", "don't", "doesn't", "didn't"))
_LEAST_ALIKE = 0.6
"""Below this similarity two sentences to choose from say different things: no word explains it."""


def causes_of(
    question: GradedQuestion, stem: str, response: Response, *, skill: str = "grammar"
) -> tuple[Cause, ...]:
    """Return the causes of what is wrong in `response`, in the order of CAUSES.

    `stem` is the English one, `skill` the question's. Empty when the answer is right or open, and
    for what a teacher marks. Raises InvalidInput when the response is of another type.
    """
    if question.key.type in MARKED_TYPES or grade(question, response).is_correct:
        return ()
    found = set(_causes(question, stem, response, skill))
    return tuple(cause for cause in CAUSES if cause in found)


def _causes(question: GradedQuestion, stem: str, response: Response, skill: str) -> Iterator[Cause]:
    kind = TYPES[question.key.type]
    parts = kind.parts(question.key, question.options)
    if parts:
        yield from _of_parts(parts, kind.answered_parts(response))
        return
    slips = list(kind.slips(stem, question.key, question.options, response))
    reasons = {cause for slip in slips for cause in _explained(slip)}
    yield from reasons
    said = kind.response_lines(question.options, response, "en")
    if not reasons and any(line.strip() for line in said):
        yield kind.default_cause or _OF_SKILL.get(skill, "understanding")


def _of_parts(parts: Iterable[QuestionPart], answers: Mapping[str, Response]) -> Iterator[Cause]:
    for part in parts:
        given = answers.get(part.id)
        if given is None:
            continue
        found = causes_of(part.question, part.stem.en, given, skill="reading")
        is_typed = TYPES[part.type].typed_text(part.question.key)
        if found:
            yield from found if is_typed else ("understanding",)


def _explained(slip: Slip) -> Iterator[Cause]:
    found = compare(slip.accepted, slip.given, exact=slip.exact, language=slip.language)
    if slip.is_statement and found.similarity < _LEAST_ALIKE:
        return
    for remark in found.reasons:
        does = _DO & set(f"{remark.expected} {remark.given}".lower().split())
        is_helper = remark.reason is Reason.AUXILIARY and bool(does)
        yield "do_support" if is_helper else _OF_REASON[remark.reason]
