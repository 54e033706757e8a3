"""Answers as learners give them: right as the key has it, or wrong in a way that people are."""

import random
import re

from app.questions import documents as d
from app.questions.grading.rules import GradedQuestion, model_response

_SWAPPED = {"is": "are", "was": "were", "has": "have", "in": "on", "on": "in", "at": "in"}
_MISTAKES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(?:a|an|the) "), ""),  # no article
    (re.compile(r"\b(\w{3,})s\b"), r"\1"),  # no -s
    (re.compile(r"\b(\w+[^e ])ed\b"), r"\1"),  # no past tense
    (re.compile(r"\b(?:have|has|had) "), ""),  # no auxiliary
    (re.compile(r"\b(\w+) (\w+)$"), r"\2 \1"),  # the last two words the other way round
    *((re.compile(rf"\b{word}\b"), other) for word, other in _SWAPPED.items()),
)


def right_answer(question: GradedQuestion) -> d.Response:
    """Return the answer that the key shows first; an essay is the sample, speaking is skipped."""
    key = question.key
    if isinstance(key, d.EssayKey):
        return d.EssayResponse(type="essay", text=key.sample or "")
    if isinstance(key, d.SpeakingKey):
        return d.SpeakingResponse(type="speaking")
    return model_response(key)


def wrong_answer(question: GradedQuestion, rng: random.Random) -> d.Response:  # noqa: PLR0911 - a type a branch
    """Return an answer with a mistake that fits the type of the question."""
    right = right_answer(question)
    match question.options, right:
        case d.ChoiceOptions(choices=choices), d.MultipleChoiceResponse(choice=choice):
            return right.model_copy(update={"choice": _another(choices, choice, rng)})
        case d.ChoiceOptions(choices=choices), d.MultipleAnswerResponse(choices=ticked):
            return right.model_copy(update={"choices": ticked[1:] or [choices[0].id]})
        case _, d.TrueFalseResponse(value=value):
            return right.model_copy(update={"value": not value})
        case d.ClozeOptions(gaps=offered), d.ClozeResponse(gaps=gaps):
            place = rng.randrange(len(gaps))
            wrong = _another(offered[place], gaps[place], rng)
            return right.model_copy(update={"gaps": [*gaps[:place], wrong, *gaps[place + 1 :]]})
        case d.MatchingOptions(), d.MatchingResponse(pairs=pairs) if len(pairs) > 1:
            (one, first), (other, second), *rest = pairs.items()
            return right.model_copy(update={"pairs": {one: second, other: first, **dict(rest)}})
        case _, d.OrderingResponse(order=order):
            return right.model_copy(update={"order": [*order[:-2], order[-1], order[-2]]})
        case _, d.FillBlankResponse(gaps=gaps):
            return right.model_copy(update={"gaps": [spoilt(gap, rng) for gap in gaps]})
        case d.ReadingOptions(parts=parts), d.ReadingResponse(parts=given):
            assert isinstance(question.key, d.ReadingKey)
            part = next(part for part in parts if part.id in given)
            inner = GradedQuestion(question.key.parts[part.id], part.options)
            return right.model_copy(update={"parts": given | {part.id: wrong_answer(inner, rng)}})
        case (
            _,
            d.ShortAnswerResponse()
            | d.TranslationResponse()
            | d.DictationResponse()
            | d.ErrorCorrectionResponse(),
        ):
            return right.model_copy(update={"text": spoilt(right.text, rng)})
        case _:
            return right


def _another(choices: list[d.Choice], right: str | None, rng: random.Random) -> str:
    return rng.choice([choice.id for choice in choices if choice.id != right])


def spoilt(text: str, rng: random.Random) -> str:
    """Return an English text with one typical mistake; one of spelling where no other fits."""
    for pattern, instead in rng.sample(_MISTAKES, len(_MISTAKES)):
        found = pattern.sub(instead, text, count=1)
        if found != text and found.strip():
            return found
    return text[:-2] + text[-1:] if len(text) > 2 else text + "s"
