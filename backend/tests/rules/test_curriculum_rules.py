"""What the check of the content files accepts and refuses, and what it tells the author."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.curriculum.checking import check_content
from app.domain.curriculum.json_schemas import schemas
from app.domain.curriculum.reading import InvalidContent, load_yaml, read_content, scan_content
from tests.content_files import (
    BOTH,
    ContentFolder,
    errors,
    lesson,
    only_error,
    question,
    titled,
    word,
)
from tools.word_levels import cefr_levels, find_hard_words

CONTENT = Path(__file__).parents[3] / "content"
BE = "paths/general/1-start/be.yaml"


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
    assert level_of("teacher") == 1
    assert level_of("xylophonically") is None


def test_the_word_list_flags_hard_words_which_are_no_errors(folder: ContentFolder) -> None:
    folder.be["questions"][0]["stem"] = "A ubiquitous conundrum perplexes the bureaucracy."
    report = check_content(folder.write())
    assert report.errors == []
    assert find_hard_words(report.content, cefr_levels())
