"""What the check of the content files accepts and refuses, and what it tells the author."""

import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.domain.curriculum.checking import check_content
from app.domain.curriculum.files import QuestionItem, QuestionType
from app.domain.curriculum.json_schemas import schemas
from app.domain.curriculum.question_rules import find_question_errors
from app.domain.curriculum.reading import InvalidContent, load_yaml, read_content, scan_content
from app.domain.curriculum.word_levels import cefr_levels, find_hard_words
from app.domain.practice.rules import model_responses
from app.models.documents import QUESTION_TYPES, AnswerKey
from tests.content_files import (
    BOTH,
    PARTS,
    RUBRIC,
    ContentFolder,
    lesson,
    question,
    titled,
    word,
)

CONTENT = Path(__file__).parents[3] / "content"
BE = "paths/general/1-start/be.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> ContentFolder:
    return ContentFolder(tmp_path)


def errors(folder: ContentFolder) -> list[str]:
    return [str(error) for error in check_content(folder.write()).errors]


def only_error(folder: ContentFolder) -> str:
    (error,) = errors(folder)
    return error


# --- the real content ---------------------------------------------------------------------------


def test_our_own_content_has_no_errors() -> None:
    report = check_content(CONTENT)
    assert [str(error) for error in report.errors] == []
    assert report.counts["vocabulary"] >= 200
    assert report.counts["lessons"] >= 8


def test_our_own_content_has_two_lessons_a_level() -> None:
    levels = [lesson.document.level for lesson in read_content(CONTENT).lessons()]
    assert all(levels.count(level) >= 2 for level in ("A1", "A2", "B1", "B2"))


def test_the_json_schemas_are_up_to_date() -> None:
    """Renew them with `manage_db.py docs`."""
    stored = {
        file.name: file.read_text(encoding="utf-8") for file in (CONTENT / "schemas").iterdir()
    }
    assert stored == schemas()


# --- reading ------------------------------------------------------------------------------------


def test_a_valid_folder_is_read_in_full(folder: ContentFolder) -> None:
    report = check_content(folder.directory)
    assert report.errors == []
    assert report.counts == {"paths": 1, "units": 1, "lessons": 2, "questions": 20, "vocabulary": 2}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"slug": "Be Here"}, "slug: use lower-case letters and digits, joined by single hyphens"),
        ({"level": "C1"}, "level: Input should be 'A1', 'A2', 'B1' or 'B2'"),
        ({"title": 5}, "title: text is wanted; put the value in quotes"),
        ({"titel": "x"}, "titel: there is no field of this name here"),
        ({"sections": [{"kind": "poem"}]}, "does not match any of the expected tags"),
        (
            {"sections": [{"kind": "tip", "title": BOTH, "body": {"en": "Only English"}}]},
            "sections[1].body.id: this field is missing; add it",
        ),
    ],
)
def test_a_wrong_field_is_named_with_its_remedy(
    folder: ContentFolder, fields: dict[str, Any], message: str
) -> None:
    folder.be.update(fields)
    assert any(error.startswith(f"{BE}:") and message in error for error in errors(folder))


def test_a_missing_field_is_named(folder: ContentFolder) -> None:
    del folder.be["summary"]
    assert only_error(folder) == f"{BE}:1: summary: this field is missing; add it"


def test_an_error_names_the_line(folder: ContentFolder) -> None:
    folder.be["questions"][3]["difficulty"] = 9
    error = only_error(folder)
    line = int(error.split(":")[1])
    text = (folder.directory / BE).read_text().splitlines()
    assert text[line - 1].strip() == "difficulty: 9"
    assert "questions[4].difficulty" in error


def test_every_file_with_problems_is_reported_at_once(folder: ContentFolder) -> None:
    del folder.be["summary"]
    folder.words[0]["ipa"] = "no slashes"
    with pytest.raises(InvalidContent) as caught:
        read_content(folder.write())
    assert [problem.file for problem in caught.value.problems] == [BE, "vocabulary/a1.yaml"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"slug: [", "not valid YAML"),
        (b"slug: a\nslug: b\n", "the key 'slug' is written twice; keep one"),
        (b"slug: \xff", "not UTF-8 at byte 6"),
        (b"", "a group of fields is wanted"),
        (b"!!python/object/apply:os.getcwd []", "not valid YAML"),
        (b"a: &a [*a]", "there is no field of this name"),
    ],
)
def test_a_broken_file_is_explained(folder: ContentFolder, text: bytes, message: str) -> None:
    (folder.directory / "paths/general/path.yaml").write_bytes(text)
    found = [str(error) for error in check_content(folder.directory).errors]
    assert any(error.startswith("paths/general/path.yaml") and message in error for error in found)


def test_a_file_in_the_wrong_place_is_not_passed_over(folder: ContentFolder) -> None:
    folder.files["paths/general/stray.yaml"] = lesson("stray")
    assert only_error(folder).startswith("paths/general/stray.yaml: not read: lessons are")


def test_a_unit_without_its_file_is_an_error(folder: ContentFolder) -> None:
    del folder.files["paths/general/1-start/unit.yaml"]
    assert only_error(folder) == "paths/general/1-start/unit.yaml: this file is missing; add it"


@given(st.text())
def test_any_text_is_either_yaml_or_refused_as_such(text: str) -> None:
    import yaml

    try:
        _, line_of = load_yaml(text)
    except (yaml.YAMLError, ValueError, UnicodeEncodeError):
        return
    assert line_of(("a", 0)) is None or line_of(("a", 0)) >= 1


# --- meaning ------------------------------------------------------------------------------------


def test_a_slug_is_used_once_over_all_kinds(folder: ContentFolder) -> None:
    folder.words[1]["slug"] = "have"
    assert "'have' already names paths/general/1-start/have.yaml:1 slug; rename" in only_error(
        folder
    )


def test_a_headword_is_listed_once(folder: ContentFolder) -> None:
    folder.words.append(word("teacher-2", headword="teacher"))
    assert "entries[3].headword: teacher (noun) is there already" in only_error(folder)


@pytest.mark.parametrize("field", ["stem", "explanation"])
def test_a_question_needs_both_languages(folder: ContentFolder, field: str) -> None:
    translation = folder.be["questions"][0]["translations"]["id"]
    del translation[field]
    assert f"translations.id.{field}" in only_error(folder)


def test_titles_and_summaries_need_both_languages(folder: ContentFolder) -> None:
    del folder.be["translations"]["id"]["description"]
    folder.files["paths/general/path.yaml"]["translations"] = {}
    found = errors(folder)
    assert len(found) == 3
    assert all("the Indonesian" in error for error in found)


def test_a_lesson_needs_ten_questions_of_five_types(folder: ContentFolder) -> None:
    folder.be["questions"] = [question(f"be-{n}") for n in range(9)]
    assert [error.split(": ", 2)[2] for error in errors(folder)] == [
        "9 questions; a lesson needs at least 10",
        "1 question types (true_false); a lesson needs at least 5",
    ]


def test_a_vocabulary_section_names_words_that_exist(folder: ContentFolder) -> None:
    folder.be["sections"][1]["entries"] = ["teacher", "unicorn", "teacher"]
    found = errors(folder)
    assert "no vocabulary entry has the slug 'unicorn'" in found[1]
    assert "'teacher' is listed twice" in found[0]


def test_positions_are_unique_among_siblings(folder: ContentFolder) -> None:
    folder.have["position"] = 1
    assert f"position 1 is taken by {BE}" in only_error(folder)
    folder.have["position"] = 2
    folder.files["paths/general/2-next/unit.yaml"] = titled("next", 1, level="A1")
    assert "position 1 is taken by paths/general/1-start/unit.yaml" in only_error(folder)


def test_a_lesson_has_the_level_of_its_unit(folder: ContentFolder) -> None:
    folder.be["level"] = "B2"
    assert "the lesson is B2, its unit A1" in only_error(folder)


# --- one question -------------------------------------------------------------------------------


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


def test_question_types_are_named_once() -> None:
    assert QuestionType.__args__ == QUESTION_TYPES


# --- words above the level ----------------------------------------------------------------------


def test_a_word_above_the_level_is_a_warning(folder: ContentFolder) -> None:
    folder.be["questions"][0]["stem"] = "Siti discovers an ubiquitous teacher; studies daily."
    content, _ = scan_content(folder.write())
    levels = {"discovers": 2.4, "ubiquitous": 6, "teacher": 5, "studies": 1.0, "daily": 1.6}
    assert list(map(str, find_hard_words(content, levels.get))) == [
        f"{BE}:3: level: more than one level above A1: ubiquitous",
        f"{BE}:3: level: one level above A1: daily, discovers",
    ]


def test_words_that_the_lesson_explains_are_not_flagged(folder: ContentFolder) -> None:
    folder.words[0].update(headword="ubiquitous")
    folder.be["questions"][0]["stem"] = "It is ubiquitous."
    content, _ = scan_content(folder.write())
    assert find_hard_words(content, {"ubiquitous": 6.0}.get) == []


def test_the_word_list_knows_common_words() -> None:
    level_of = cefr_levels()
    assert level_of is not None
    assert level_of("teacher") == 1
    assert level_of("xylophonically") is None


def test_without_the_word_list_no_word_is_flagged(
    folder: ContentFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.be["questions"][0]["stem"] = "A ubiquitous conundrum perplexes the bureaucracy."
    assert check_content(folder.write()).warnings
    monkeypatch.setitem(sys.modules, "cefrpy", None)  # as where it is not installed
    assert check_content(folder.directory).warnings == []
