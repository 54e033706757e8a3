"""Questions of every type, and responses to them, for Hypothesis."""

from hypothesis import assume
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.core.characters import find_invisible
from app.english.normalization import typed_words, words
from app.questions.grades import GradedQuestion
from app.questions.stems import GAP
from app.questions.types import QUESTION_TYPES, AnswerKey, Options, Response
from app.questions.types._parts import PART_TYPES

KEYS: TypeAdapter[AnswerKey] = TypeAdapter(AnswerKey)
OPTIONS: TypeAdapter[Options] = TypeAdapter(Options)
RESPONSES: TypeAdapter[Response] = TypeAdapter(Response)

ids = st.text("abcdefgh0123", min_size=1, max_size=4)
# What nobody sees is refused in texts of authors.
texts = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs")), min_size=1, max_size=40
).filter(lambda text: typed_words(text) and not find_invisible(text))
sentences = st.lists(st.from_regex(r"[a-z]{2,8}", fullmatch=True), min_size=3, max_size=8).map(
    " ".join
)
RUBRIC = [{"id": "c1", "name": {"en": "Grammar", "id": "Tata bahasa"}, "points": 5}]
SIMPLE_TYPES = tuple(PART_TYPES)
MARKED = ("essay", "speaking")
GRADED_TYPES = tuple(kind for kind in QUESTION_TYPES if kind not in MARKED)


def graded(kind, key, options=None):
    """Return the question of these parts, each without its type."""
    return GradedQuestion(
        KEYS.validate_python({"type": kind, **key}),
        None if options is None else OPTIONS.validate_python({"type": kind, **options}),
    )


def choices(names):
    return [{"id": name, "text": f"text {name}"} for name in names]


@st.composite
def offered(draw, least=2, most=8):
    """Ids of choices, in the order in which they are offered."""
    return draw(st.lists(ids, min_size=least, max_size=most, unique=True))


@st.composite
def parts_of_type(draw, kind):  # noqa: C901, PLR0911, PLR0912 - a type a branch
    """Key and options, without their types, of a question as the content check wants it."""
    names = draw(offered(3))
    accepted = st.lists(texts, min_size=1, max_size=4)
    match kind:
        case "multiple_choice":
            return {"choice": draw(st.sampled_from(names))}, {"choices": choices(names)}
        case "multiple_answer":
            right = draw(st.lists(st.sampled_from(names), min_size=2, unique=True))
            return {"choices": right}, {"choices": choices(names)}
        case "true_false":
            return {"value": draw(st.booleans())}, None
        case "fill_blank":
            gaps = draw(st.lists(accepted, min_size=1, max_size=5))
            return {"gaps": gaps, "exact": draw(st.booleans())}, None
        case "short_answer":
            return {"accepted": draw(accepted), "exact": draw(st.booleans())}, None
        case "cloze_choice":
            gaps = draw(st.lists(offered(), min_size=1, max_size=5))
            right = [draw(st.sampled_from(gap)) for gap in gaps]
            return {"gaps": right}, {"gaps": [choices(gap) for gap in gaps]}
        case "matching":
            right = draw(offered())
            pairs = {name: draw(st.sampled_from(right)) for name in names}
            return {"pairs": pairs}, {"left": choices(names), "right": choices(right)}
        case "ordering":
            order = draw(st.permutations(names))[: draw(st.integers(2, len(names)))]
            return {"orders": [order]}, {"tokens": choices(names)}
        case "categorise":
            groups = draw(offered(2, 4))
            assume(len(names) >= len(groups))
            places = {name: groups[n % len(groups)] for n, name in enumerate(names)}
            named = [{"id": name, "name": {"en": name, "id": f"{name}."}} for name in groups]
            return {"places": places}, {"groups": named, "words": choices(names)}
        case "error_correction":
            sentence = draw(sentences)
            accepted_sentences = draw(st.lists(sentences, min_size=1, max_size=3))
            assume(all(words(text) != words(sentence) for text in accepted_sentences))
            return {"accepted": accepted_sentences}, {"text": sentence}
        case "translation":
            direction = draw(st.sampled_from(["to_english", "to_indonesian"]))
            return {"accepted": draw(accepted)}, {"text": "x", "direction": direction}
        case "dictation":
            return {"accepted": draw(accepted)}, {"speech": "x"}
        case "reading":
            return draw(readings())
        case "essay":
            return {"sample": None}, {"min_words": 2, "max_words": 9, "rubric": RUBRIC}
        case _:
            return {"sample": "Hello."}, {"max_seconds": 60, "rubric": RUBRIC}


@st.composite
def readings(draw):
    """Key and options of a passage with two or three questions."""
    names = draw(offered(2, 3))
    keys, parts = {}, []
    for name in names:
        kind = draw(st.sampled_from(SIMPLE_TYPES))
        key, options = draw(parts_of_type(kind))
        keys[name] = {"type": kind, **key}
        part = {"id": name, "type": kind, "stem": {"en": GAP, "id": GAP}}
        parts.append(part | ({"options": {"type": kind, **options}} if options else {}))
    return {"parts": keys}, {"passage": {"title": "A day", "text": "It rained."}, "parts": parts}


def questions(*kinds):
    """Sound questions of these types (all, when none is named)."""
    return st.sampled_from(kinds or QUESTION_TYPES).flatmap(
        lambda kind: parts_of_type(kind).map(lambda parts: graded(kind, *parts))
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | ids,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(ids | st.text(), inner, max_size=5),
    max_leaves=12,
)
_SOME_IDS = st.lists(ids | st.just(""), max_size=13)
_SHAPES = {
    "choice": ids,
    "choices": _SOME_IDS,
    "value": st.booleans(),
    "gaps": _SOME_IDS | st.lists(st.text(max_size=30), max_size=13),
    "text": st.text() | sentences,
    "places": st.dictionaries(ids, ids, max_size=13),
    "pairs": st.dictionaries(ids, ids, max_size=13),
    "order": _SOME_IDS,
    "recording": st.uuids().map(str),
    "notes": st.text(),
}


_FIELDS = {
    "multiple_choice": ["choice"],
    "multiple_answer": ["choices"],
    "true_false": ["value"],
    "fill_blank": ["gaps"],
    "cloze_choice": ["gaps"],
    "matching": ["pairs"],
    "categorise": ["places"],
    "ordering": ["order"],
    "reading": ["parts"],
    "speaking": ["recording", "notes"],
}


def nearly(kind):
    """JSON that is a response of this type, or looks much like one."""
    inner = st.sampled_from(SIMPLE_TYPES).flatmap(nearly)
    shapes = _SHAPES | {"parts": st.dictionaries(ids, inner, max_size=3)}
    fields = {name: shapes[name] | json_values for name in _FIELDS.get(kind, ["text"])}
    return st.fixed_dictionaries({"type": st.just(kind)}, optional=fields)


typed = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


@st.composite
def answers_to(draw, question):
    """JSON that a page sends for somebody who sees `question`."""
    key, options = question.key, question.options
    return {"type": key.type, **draw(_fields_of_answer(key, options))}


def _fields_of_answer(key, options):  # noqa: C901, PLR0911 - a type a branch
    match key.type:
        case "multiple_choice":
            return _fields(choice=st.none() | _one_of(options.choices))
        case "multiple_answer":
            return _fields(choices=_some_of(options.choices))
        case "true_false":
            return _fields(value=st.none() | st.booleans())
        case "fill_blank":
            return _fields(gaps=st.tuples(*(st.sampled_from(gap) | typed for gap in key.gaps)))
        case "cloze_choice":
            return _fields(gaps=st.tuples(*(st.just("") | _one_of(gap) for gap in options.gaps)))
        case "matching":
            return _fields(pairs=st.dictionaries(_one_of(options.left), _one_of(options.right)))
        case "categorise":
            words, groups = _one_of(options.words), _one_of(options.groups)
            return _fields(places=st.dictionaries(words, groups))
        case "ordering":
            return _fields(order=_some_of(options.tokens))
        case "reading":
            parts = {
                part.id: answers_to(GradedQuestion(key.parts[part.id], part.options))
                for part in options.parts
            }
            return _fields(parts=st.fixed_dictionaries({}, optional=parts))
        case "speaking":
            return _fields(recording=st.none() | st.uuids().map(str), notes=typed)
        case "essay":
            return _fields(text=typed)
        case _:
            return _fields(text=typed | sentences | st.sampled_from(key.accepted))


def _fields(**strategies):
    return st.fixed_dictionaries(strategies)


def _one_of(offered_choices):
    return st.sampled_from([choice.id for choice in offered_choices])


def _some_of(offered_choices):
    return st.lists(_one_of(offered_choices), unique=True)
