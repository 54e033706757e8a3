"""What the pages make of content, without a browser."""

import uuid
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from starlette.datastructures import FormData

from app.domain.practice.rules import grade
from app.domain.srs.service import Preview
from app.models import Question
from app.models.documents import Bilingual
from app.web.answers import (
    answer_lines,
    fields_from,
    fields_of,
    form_view,
    gap_instruction,
    gap_text,
    read_response,
)
from app.web.rendering import asset, in_language, markdown, quoted
from app.web.routes.home import LessonState, choose_next, daytime
from app.web.routes.reviews import _interval
from app.web.timezones import timezone_choices
from app.web.visit import local_path
from tests.web.learner import lessons


def test_markdown_shows_html_instead_of_obeying_it():
    html = markdown("<script>alert(1)</script> *fine* [x](javascript:alert(1))")
    assert "<script>" not in html
    assert "<em>fine</em>" in html
    assert 'href="javascript' not in html


def test_a_markdown_table_scrolls_in_a_box_that_the_keyboard_reaches():
    html = markdown("| a | b |\n| --- | --- |\n| 1 | 2 |")
    assert html.startswith('<div class="table" tabindex="0"><table>')


def test_quoted_passages_are_set_in_the_second_voice_and_escaped():
    assert quoted("Pilih: “a < b”") == 'Pilih: <span class="quoted">“a &lt; b”</span>'


def test_an_ending_keeps_its_hyphen_on_its_line():
    assert quoted("tanpa -d, teh-teh, 3 - 2") == "tanpa \u2011d, teh-teh, 3 - 2"
    assert "<li>" in markdown("- tanpa -ed")


def test_bilingual_text_follows_the_language():
    text = Bilingual(en="cat", id="kucing")
    assert (in_language(text, "en"), in_language(text, "id")) == ("cat", "kucing")


def test_the_address_of_a_static_file_changes_with_its_content():
    assert asset("lancar.js").startswith("/static/lancar.js?v=")


def test_a_fill_blank_stem_is_instruction_and_text():
    stem = "Lengkapi dengan do atau don't: “What time ___ you get up?” – “At five.”"
    assert gap_instruction(stem) == "Lengkapi dengan do atau don't"
    assert gap_text(stem) == "“What time ___ you get up?” – “At five.”"
    assert (gap_instruction("She ___ here."), gap_text("She ___ here.")) == ("", "She ___ here.")


def form_of(item):  # noqa: PLR0911 - a type a line
    """Return the fields that a browser sends for the right answer."""
    key = item.answer_key
    match key.type:
        case "multiple_choice":
            return [("choice", key.choice)]
        case "multiple_answer":
            return [("choices", choice) for choice in key.choices]
        case "true_false":
            return [("value", str(key.value).lower())]
        case "fill_blank":
            return [(f"gap-{n}", gap[0]) for n, gap in enumerate(key.gaps)]
        case "short_answer":
            return [("text", key.accepted[0])]
        case "matching":
            return [(f"match-{left}", right) for left, right in key.pairs.items()]
        case "ordering":
            return [(f"position-{t}", str(n)) for n, t in enumerate(key.orders[0], start=1)]


ITEMS = [item for lesson in lessons().values() for item in lesson.questions]


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.slug)
def test_the_form_of_every_question_carries_its_right_answer(item):
    question = Question(
        stem=item.stem, type=item.type, options=item.options, answer_key=item.answer_key
    )
    fields = fields_of(FormData(form_of(item)))
    assert grade(item.answer_key, read_response(question, fields)).is_correct
    assert form_view(question, item.stem, fields)
    response = read_response(question, fields)
    assert read_response(question, {"choices": [], **fields_from(response)}) == response
    assert all(answer_lines(item.answer_key, item.options, "id"))
    assert read_response(question, fields_of(FormData())) is None


@pytest.mark.parametrize(
    ("seconds", "days", "text"),
    [
        (60, 0, "1 mnt"),
        (600, 0, "10 mnt"),
        (3 * 3600, 0, "3 jam"),
        (4 * 86_400, 4, "4 hari"),
        (75 * 86_400, 75, "2,5 bln"),
        (730 * 86_400, 730, "2 thn"),
    ],
)
def test_an_interval_is_told_in_its_largest_fitting_unit(seconds, days, text):
    assert _interval(Preview(seconds, days), "id") == text


@pytest.mark.parametrize("path", ["https://evil.example", "//evil.example", "/\\evil", "", None])
def test_no_form_sends_people_to_another_site(path):
    assert local_path(path) == "/"


def test_a_path_of_this_site_is_kept():
    assert local_path("/lessons/x?y=1") == "/lessons/x?y=1"


@pytest.mark.parametrize(
    ("hour", "greeting"), [(20, "evening"), (22, "morning"), (5, "noon"), (9, "afternoon")]
)
def test_the_greeting_follows_the_learners_clock(hour, greeting):
    assert daytime(datetime(2026, 3, 2, hour, tzinfo=UTC), "Asia/Jakarta") == greeting


def path_of(*levels):
    """Return a path of one unit with a lesson a level."""
    made = [SimpleNamespace(id=uuid.uuid4(), level=level) for level in levels]
    return [SimpleNamespace(units=[SimpleNamespace(lessons=made)])], made


def test_the_next_lesson_is_the_one_begun_then_the_first_new_one_of_the_level():
    paths, (a1, a2, b1) = path_of("A1", "A2", "B1")
    states = {lesson.id: LessonState() for lesson in (a1, a2, b1)}
    assert choose_next(paths, states, "A2") is a2
    states[b1.id] = LessonState("in_progress")
    assert choose_next(paths, states, "A2") is b1
    states[b1.id] = states[a2.id] = LessonState("completed")
    assert choose_next(paths, states, "A2") is a1
    states[a1.id] = LessonState("completed")
    assert choose_next(paths, states, "A2") is None


def test_the_present_time_zone_is_always_on_offer():
    assert "Pacific/Auckland" in dict(timezone_choices("Pacific/Auckland"))
    assert timezone_choices("Asia/Jakarta")[0][0] == "Asia/Jakarta"
