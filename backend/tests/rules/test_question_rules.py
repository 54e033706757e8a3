"""What the check of a single question accepts and refuses, and what it tells the author."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.domain.curriculum.files import QuestionItem
from app.domain.curriculum.question_rules import find_question_errors
from app.questions.grading import model_responses
from app.questions.types import QUESTION_TYPES, AnswerKey
from tests.content_files import (
    PARTS,
    RUBRIC,
    ContentFolder,
    errors,
    only_error,
    question,
)

BE = "paths/general/1-start/be.yaml"


@pytest.mark.parametrize("kind", QUESTION_TYPES)
def test_a_sound_question_of_each_type_has_no_errors(kind: str) -> None:
    item = QuestionItem.model_validate(question("question", kind))
    assert find_question_errors(item) == []


TWICE = {"choices": [{"id": "a", "text": "is"}, {"id": "b", "text": "is"}]}


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        ("multiple_choice", {"answer_key": {"choice": "z"}}, "'z' is not an id in options.choices"),
        ("multiple_choice", {"options": TWICE}, "choices: 'is' is offered twice; keep one"),
        ("multiple_answer", {"answer_key": {"choices": ["a", "z"]}}, "'z' is not an id"),
        ("multiple_answer", {"answer_key": {"choices": ["a", "a"]}}, "'a' is used twice"),
        ("fill_blank", {"stem": "She ___ here."}, "the stem has 1 gaps (___), the answer_key 2"),
        ("cloze_choice", {"answer_key": {"gaps": ["b"]}}, "1 gaps, the options have 2"),
        ("cloze_choice", {"answer_key": {"gaps": ["b", "z"]}}, "not an id in options.gaps[2]"),
        ("cloze_choice", {"stem": "No gap."}, "the stem has 0 gaps (___), the answer_key 2"),
        ("matching", {"answer_key": {"pairs": {"a": "x", "b": "z"}}}, "'z' is not an id"),
        ("matching", {"answer_key": {"pairs": {"a": "x", "z": "y"}}}, "left b has no partner"),
        ("ordering", {"answer_key": {"orders": [["a", "z"]]}}, "'z' is not an id"),
        ("ordering", {"answer_key": {"orders": [["a", "a", "b"]]}}, "'a' is used twice"),
        ("ordering", {"answer_key": {"orders": [["a", "b", "c"]]}}, "in a right order already"),
        ("categorise", {"answer_key": {"places": {"a": "x", "b": "z", "c": "y"}}}, "'z' is not an"),
        ("categorise", {"answer_key": {"places": {"a": "x", "b": "y"}}}, "word c has no group"),
        (
            "categorise",
            {"answer_key": {"places": dict.fromkeys("abc", "x")}},
            "group y has no word",
        ),
        ("error_correction", {"options": {"text": "she is here"}}, "is the faulty sentence itself"),
        ("translation", {"answer_key": {"accepted": ["Dia di sini"]}}, "untranslated"),
        ("dictation", {"options": {"speech": "She was here."}}, "what is said is not accepted"),
        ("short_answer", {"answer_key": {"accepted": ["x" * 1001]}}, "over 1,000 characters"),
        ("reading", {"answer_key": {"parts": {}}}, "at least 2 items"),
        (
            "essay",
            {"options": {**PARTS["essay"]["options"], "rubric": RUBRIC * 2}},
            "rubric: 'a' is used twice",
        ),
    ],
)
def test_an_answer_key_that_disagrees_with_its_question_is_refused(
    kind: str, fields: dict[str, Any], message: str
) -> None:
    assert any(message in error for error in question_errors(kind, **fields))


def question_errors(kind: str, **fields: Any) -> list[str]:
    try:
        item = QuestionItem.model_validate(question("question", kind, **fields))
    except ValidationError as error:
        return [str(error)]
    return [error for _, error in find_question_errors(item)]


CHOICE_KEY = {"type": "multiple_choice", "choice": "b"}


@pytest.mark.parametrize(
    ("part", "key", "message"),
    [
        ({}, {"choice": "z"}, "part b: 'z' is not an id in options.choices"),
        (
            {},
            {"type": "true_false", "value": True},
            "part b is multiple_choice, its key true_false",
        ),
        ({"id": "c"}, CHOICE_KEY, "'b' is not an id in options.parts (a, c)"),
        ({"id": "c"}, CHOICE_KEY, "part c has no key"),
        (
            {"type": "fill_blank", "options": None},
            {"gaps": [["is"]]},
            "the English stem has 0 gaps",
        ),
        (
            {"type": "fill_blank", "options": None},
            {"gaps": [["\x1f"]]},
            "the grader does not accept",
        ),
        ({"options": TWICE}, {"choice": "b"}, "part b: choices: 'is' is offered twice"),
        (
            {"type": "fill_blank", "options": None, "stem": {"en": "A ___.", "id": "A."}},
            {"gaps": [["is"]]},
            "part b: the Indonesian stem has 0 gaps",
        ),
        ({"type": "essay"}, {}, "Input should be 'multiple_choice'"),
    ],
)
def test_each_part_of_a_passage_is_checked_as_a_question(
    part: dict[str, Any], key: dict[str, Any], message: str
) -> None:
    fields = deepcopy(PARTS["reading"])
    fields["options"]["parts"][1].update(part)
    fields["answer_key"]["parts"]["b"] = key
    assert any(message in error for error in question_errors("reading", **fields))


def test_an_error_deep_in_a_passage_names_its_line(folder: ContentFolder) -> None:
    reading = question("be-01", "reading")
    reading["answer_key"]["parts"]["b"]["choice"] = "NO"
    folder.be["questions"][0] = reading
    error = only_error(folder)
    assert "questions[1].answer_key.parts.b.choice: " in error
    text = (folder.directory / BE).read_text().splitlines()
    assert text[int(error.split(":")[1]) - 1].strip() == "choice: 'NO'"


def test_the_key_of_a_part_that_is_not_there_is_explained(folder: ContentFolder) -> None:
    reading = question("be-01", "reading")
    reading["options"]["parts"][1]["id"] = "c"
    folder.be["questions"][0] = reading
    assert "answer_key.parts.b: add its type or kind" in only_error(folder)


def test_an_indonesian_stem_has_the_same_gaps(folder: ContentFolder) -> None:
    filled = question("be-01", "fill_blank")
    filled["translations"]["id"]["stem"] = "Lengkapi: she ___."
    folder.be["questions"][0] = filled
    assert "questions[1].translations.id.stem: the stem has 1 gaps" in only_error(folder)


def test_a_question_about_a_passage_names_a_reading(folder: ContentFolder) -> None:
    folder.be["questions"][0] = question("be-01", "reading")
    folder.have["questions"][0]["about"] = "be-01"
    assert errors(folder) == []
    folder.have["questions"][0]["about"] = "be-02"
    folder.have["questions"][1]["about"] = "be-99"
    lines = (folder.write() / "paths/general/1-start/have.yaml").read_text().splitlines()
    found = errors(folder)
    assert "questions[1].about: 'be-02' is a multiple_answer question; name a reading" in found[0]
    assert "questions[2].about: no question has the slug 'be-99'; name a reading" in found[1]
    assert lines[int(found[1].split(":")[1]) - 1].strip() == "about: be-99"


def test_an_answer_that_the_grader_refuses_is_an_error() -> None:
    # A separator character is text to YAML and Pydantic, but a blank answer to the grader.
    item = QuestionItem.model_validate(
        question("question", "short_answer", answer_key={"accepted": ["fine", "\x1f"]})
    )
    ((field, message),) = find_question_errors(item)
    assert field == "answer_key"
    assert "does not accept this key's own answer" in message


@given(
    st.lists(
        st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=4),
        min_size=1,
        max_size=4,
    )
)
def test_model_responses_use_every_accepted_filling(gaps: list[list[str]]) -> None:
    key: Any = TypeAdapter(AnswerKey).validate_python({"type": "fill_blank", "gaps": gaps})
    responses: list[Any] = model_responses(key)
    for number, fillings in enumerate(gaps):
        assert {response.gaps[number] for response in responses} == set(fillings)
