"""Texts and keys that hold what nobody sees, or HTML, are refused on every way in."""

import pytest
from pydantic import TypeAdapter, ValidationError

from app.domain.curriculum.files import QuestionItem, VocabularyItem
from app.domain.curriculum.reading import explain, load_yaml
from app.models.base import PydanticJSON
from app.questions.documents.base import STORED
from app.questions.documents.sections import Sections
from app.questions.types import AnswerKey

KEYS: TypeAdapter[AnswerKey] = TypeAdapter(AnswerKey)
BAD = [
    ("She is a teacher\u200b", "U+200B ZERO WIDTH SPACE"),
    ("\ufeffShe", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
    ("tea\xadcher", "U+00AD SOFT HYPHEN"),
    ("teacher\ufe0f", "U+FE0F VARIATION SELECTOR-16"),
    ("a\x07", "U+0007 CONTROL CHARACTER"),
    ("a\0", "U+0000 CONTROL CHARACTER"),
    ("is&nbsp;a", "HTML (&nbsp;)"),
    ("Tom &amp; Ani", "HTML (&amp;)"),
    ("it&#39;s", "HTML (&#39;)"),
    ("it&#x27;s", "HTML (&#x27;)"),
    ("<b>is</b>", "HTML (<b>)"),
    ("is<br/>a", "HTML (<br/>)"),
    ("is<BR>a", "HTML (<BR>)"),
    ('<span class="x">is', 'HTML (<span class="x">)'),
    ("</p>", "HTML (</p>)"),
    ("<!-- is -->", "HTML (<!--)"),
]
GOOD = [
    "Q&A",
    "R&B; soul",
    "5 < 6 and 7 > 6",
    "I <3 you",
    "if a<b then",
    "AT&T;",
    "salt & pepper; sugar",
    "<subject> + <verb>",
    "❤️ 👩🏽‍🏫 1️⃣",
    "5 km",
    "x <y and z> w",
    "**bold** text",
]


@pytest.mark.parametrize(("text", "named"), BAD)
def test_a_key_with_what_nobody_sees_or_html_is_refused_by_name(text, named):
    keys = [
        {"type": "short_answer", "accepted": ["fine", text]},
        {"type": "fill_blank", "gaps": [[text]]},
        {"type": "essay", "sample": text},
        {
            "type": "reading",
            "parts": {
                "a": {"type": "short_answer", "accepted": [text]},
                "b": {"type": "true_false", "value": True},
            },
        },
    ]
    for key in keys:
        with pytest.raises(ValidationError) as error:
            KEYS.validate_python(key)
        assert named in str(error.value)


@pytest.mark.parametrize("text", GOOD)
def test_plain_text_with_signs_stays_allowed(text):
    key = KEYS.validate_python({"type": "short_answer", "accepted": [text]})
    assert key.accepted == [text]


@pytest.mark.parametrize(("text", "named"), [BAD[0], BAD[6]])
def test_every_text_of_a_content_file_names_line_field_and_remedy(text, named):
    yaml = "slug: a-b\ntype: true_false\nskill: grammar\nlevel: A1\nstem: {0}\nexplanation: {0}\n"
    yaml += "answer_key: {{value: true}}\ntranslations: {{id: {{stem: {0}, explanation: {0}}}}}\n"
    data, line_of = load_yaml(yaml.format(f'"{text}"'))
    with pytest.raises(ValidationError) as error:
        QuestionItem.model_validate(data)
    problems = explain(error.value, "lesson.yaml", line_of)
    assert [(p.line, p.field) for p in problems] == [
        (5, "stem"),
        (6, "explanation"),
        (8, "translations.id.stem"),
        (8, "translations.id.explanation"),
    ]
    assert all(named in problem.message for problem in problems)
    assert all("remove it" in p.message or "write plain text" in p.message for p in problems)


def test_words_and_titles_are_held_to_it_as_well():
    word = {
        "slug": "a-b",
        "headword": "a\u200bb",
        "part_of_speech": "noun",
        "ipa": "/a\u200d/",
        "level": "A1",
        "meaning": "<i>x</i>",
        "example_en": "a&nbsp;b",
        "example_id": "a\u2060b",
    }
    with pytest.raises(ValidationError) as error:
        VocabularyItem.model_validate(word)
    fields = {details["loc"][0] for details in error.value.errors()}
    assert fields == {"headword", "ipa", "meaning", "example_en", "example_id"}


def test_what_is_stored_already_stays_readable():
    column = PydanticJSON(AnswerKey)
    stored = {"type": "short_answer", "accepted": ["She\u200b is <b>here</b>"]}
    assert column.process_result_value(stored, None).accepted == stored["accepted"]
    assert KEYS.validate_python(stored, context=STORED).accepted == stored["accepted"]
    with pytest.raises(ValidationError):
        column.process_bind_param(stored, None)


@pytest.mark.parametrize("value", [True, "3", 3.0, None])
def test_a_number_is_written_as_a_whole_number(value):
    question = {
        "slug": "a-b",
        "type": "true_false",
        "stem": "x",
        "explanation": "x",
        "answer_key": {"value": True},
        "translations": {},
        "difficulty": value,
    }
    with pytest.raises(ValidationError) as error:
        QuestionItem.model_validate(question)
    assert [details["loc"] for details in error.value.errors()] == [("difficulty",)]
    (problem,) = explain(error.value, "", lambda _: None)
    assert problem.message == "a whole number is wanted, without quotes"


@pytest.mark.parametrize("value", ["no", 1, "true"])
def test_a_verdict_is_true_or_false(value):
    with pytest.raises(ValidationError):
        KEYS.validate_python({"type": "true_false", "value": value})


def test_sections_are_held_to_it_as_well():
    both = {"en": "x<br>", "id": "x"}
    section = {"kind": "tip", "title": both, "body": {"en": "x", "id": "x\u200b"}}
    with pytest.raises(ValidationError) as error:
        TypeAdapter(Sections).validate_python([section])
    assert len(error.value.errors()) == 2
