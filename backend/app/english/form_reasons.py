"""Which rule a learner broke who wrote another form of the right word."""

from app.english.forms import analyses, attempts, is_known
from app.english.inflection import IRREGULAR_BASES, UNCOUNTABLE, Form
from app.english.reasons import Kind, Reason
from app.english.word_classes import TAKES_BASE_FORM, TAKES_PARTICIPLE, is_verb_after

_PRESENT_OF_BE = frozenset({"am", "is", "are"})
_PAST_OF_BE = frozenset({"was", "were"})
_S = {Form.PLURAL, Form.THIRD_PERSON}
_TENSES = {Form.PAST, Form.PARTICIPLE, Form.ING, Form.PRESENT, Form.THIRD_PERSON, Form.BASE}

_DEGREES = {
    Form.SUPERLATIVE: Reason.SUPERLATIVE,
    Form.COMPARATIVE: Reason.COMPARATIVE,
    Form.ADVERB: Reason.ADVERB,
}


def form_reason(expected: str, given: str, before: str) -> tuple[Reason, Kind]:
    """Return why `given` is the wrong form of `expected`, which follows the word `before`.

    The words are as they are compared, and `same_lemma` holds for them. Where a word may be a
    noun and a verb ("works"), the word before it decides.
    """
    wanted, aimed = analyses(expected), attempts(given)
    shared = {base for base, _ in wanted} & {base for base, _ in aimed}
    if "be" in shared:
        return _of_be(expected, given), "wrong"
    base = min(shared) if shared else expected
    ours = {form for b, form in wanted if b in shared}
    theirs = {form for b, form in aimed if b in shared}
    made_up = wanted & aimed and all(reading in IRREGULAR_BASES for reading in wanted & aimed)
    if Form.DOUBLE in theirs or (made_up and given != expected):
        return Reason.IRREGULAR, "wrong"
    if ours & theirs and not is_known(given):
        return Reason.SPELLING, "wrong"
    if base in UNCOUNTABLE and Form.PLURAL in theirs:
        return Reason.UNCOUNTABLE, "wrong"
    degree = _of_degree(ours, theirs)
    if degree:
        return degree, "wrong"
    return _of_noun_or_verb(base, ours, theirs, before)


def _of_be(expected: str, given: str) -> Reason:
    if {expected, given} <= _PRESENT_OF_BE or {expected, given} <= _PAST_OF_BE:
        return Reason.AGREEMENT
    if {expected, given} <= _PRESENT_OF_BE | _PAST_OF_BE:
        return Reason.TENSE
    return Reason.FORM


def _of_degree(ours: set[Form], theirs: set[Form]) -> Reason | None:
    """Return what is asked for, or what was written where no degree is."""
    named = ours & _DEGREES.keys()
    if not named and not theirs & _TENSES - {Form.BASE}:
        named = theirs & _DEGREES.keys()
    return next((reason for form, reason in _DEGREES.items() if form in named), None)


def _of_noun_or_verb(
    base: str, ours: set[Form], theirs: set[Form], before: str
) -> tuple[Reason, Kind]:
    is_noun = {Form.PLURAL} in (ours & _S, theirs & _S)
    if (ours | theirs) & _S == _S:
        is_noun = not is_verb_after(before, base)
        if is_noun and not before and Form.BASE in ours | theirs:  # "watches" alone may be both
            return Reason.FORM, "wrong"
    if is_noun and Form.PLURAL in ours | theirs and Form.BASE in ours | theirs:
        return (Reason.PLURAL if Form.PLURAL in ours else Reason.SINGULAR), "wrong"
    if Form.THIRD_PERSON in theirs and Form.BASE in ours and before not in TAKES_BASE_FORM:
        return Reason.THIRD_PERSON, "extra"
    rules = (
        (Reason.BASE_FORM, before in TAKES_BASE_FORM and Form.BASE in ours),
        (Reason.PARTICIPLE, before in TAKES_PARTICIPLE and Form.PARTICIPLE in ours),
        (Reason.ING, Form.ING in ours),
        (Reason.THIRD_PERSON, Form.THIRD_PERSON in ours and Form.BASE in theirs),
        (Reason.TENSE, bool(ours & _TENSES and theirs & _TENSES)),
    )
    return next((reason for reason, applies in rules if applies), Reason.FORM), "wrong"
