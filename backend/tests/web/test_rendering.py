"""What the pages make of content, without a browser."""

import uuid
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import available_timezones

import pytest
from starlette.datastructures import FormData

from app.domain.progress.completion import LessonScore
from app.domain.progress.lesson_summary import LessonSummary, TypeScore, summarise
from app.domain.progress.results import LatestAnswer
from app.english.answers import DiffPiece
from app.questions import grading
from app.questions.documents.base import Bilingual
from app.questions.grades import GradedQuestion
from app.questions.grading import empty_response, model_response, parse_response
from app.questions.stems import gap_instruction, gap_text
from app.questions.types import TYPES
from app.questions.types.dictation import DictationKey, DictationOptions
from app.questions.types.ordering import RepeatedPlace
from app.questions.types.short_answer import ShortAnswerKey
from app.web.answers import fields_of, read_seed
from app.web.feedback import telling, unsaid_answer
from app.web.prose import markdown
from app.web.questions import Form
from app.web.rendering import asset, in_language, quoted, render_template
from app.web.routes.home import daytime
from app.web.time_texts import ahead_text, clock_text, date_text, number_text, wait_text
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


def html_of(form):
    return render_template("partials/question.html", form.language, form=form)


ITEMS = [item for lesson in lessons().values() for item in lesson.questions]


def read_response(item, fields):
    answer = TYPES[item.type].read_form(item.stem, item.options, fields, "")
    return answer and {"type": item.type, **answer}


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.slug)
def test_the_form_of_every_question_carries_its_right_answer(item):
    question = GradedQuestion(item.answer_key, item.options)
    right = parse_response(question, model_response(item.answer_key))
    fields = TYPES[item.type].write_form(right)
    read = read_response(item, fields)
    if item.type == "speaking":
        assert read is None  # a sample says what, but there is no recording
    elif right != empty_response(item.type):
        assert parse_response(question, read) == right
    assert read_response(item, fields_of(FormData())) is None


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.slug)
def test_every_question_is_shown_open_and_graded(item):
    key, options = item.answer_key, item.options
    fields = TYPES[item.type].write_form(model_response(key))
    for is_graded in (False, True):
        form = Form(item.stem, options, key, "id", fields, is_graded=is_graded, is_correct=True)
        html = html_of(form)
        assert "is-wrong" not in html
        assert "is-missed" not in html
        assert is_graded or "is-right" not in html
    assert all(TYPES[item.type].answer_lines(key, options, "id"))


def test_two_tokens_in_one_place_are_refused():
    item = next(item for item in ITEMS if item.type == "ordering")
    fields = {f"position-{token.id}": ["1"] for token in item.options.tokens}
    with pytest.raises(RepeatedPlace):
        read_response(item, fields)


@pytest.mark.parametrize(
    ("text", "seed"), [("0", 0), ("2147483647", 2**31 - 1), ("2147483648", None), ("-1", None)]
)
def test_the_seed_of_an_order_is_a_number_that_the_database_holds(text, seed):
    assert read_seed(text) == seed


def test_a_diff_with_little_in_common_is_not_shown():
    same, wrong = DiffPiece("same", "I am", "I am"), DiffPiece("wrong", "late", "lately")
    assert telling([same, wrong]) == [same, wrong]
    assert not telling([same])
    assert not telling([wrong])


def test_a_right_answer_that_a_remark_quotes_is_not_repeated():
    key = ShortAnswerKey(type="short_answer", accepted=["goes"])
    assert unsaid_answer(key, None, ["Yang dimaksud “goes”."], "id") == []
    assert unsaid_answer(key, None, ["Belum tepat."], "id") == ["goes"]


def question_of(kind="true_false"):
    """Return what a summary asks of a question."""
    return SimpleNamespace(id=uuid.uuid4(), type=kind)


def test_a_summary_counts_what_is_graded_and_lists_what_is_not_right():
    right, wrong, essay, unseen = (
        question_of(kind) for kind in ("ordering", "ordering", "essay", "x")
    )
    answers = {
        right.id: LatestAnswer(uuid.uuid4(), 1.0),
        wrong.id: LatestAnswer(uuid.uuid4(), 0.5),
        essay.id: LatestAnswer(uuid.uuid4(), None),
    }
    summary = summarise([right, wrong, essay, unseen], answers)
    assert summary.score == LessonScore(right=1, graded=2, waiting=1)
    assert summary.types == [TypeScore("ordering", 1, 2)]
    assert summary.to_retry == [(2, wrong)]
    assert summary.grade == "fair"


@pytest.mark.parametrize(
    ("right", "graded", "grade"),
    [(4, 4, "full"), (3, 4, "good"), (2, 4, "fair"), (1, 4, "hard"), (0, 0, "full")],
)
def test_the_end_of_a_lesson_is_put_in_words(right, graded, grade):
    assert LessonSummary(LessonScore(right, graded), [], []).grade == grade


def test_thousands_stand_apart_as_the_language_writes_them():
    assert (number_text(12_345, "id"), number_text(12_345, "en")) == ("12.345", "12,345")


@pytest.mark.parametrize(
    ("language", "number", "text"),
    [("id", 2.5, "2,5"), ("en", 2.5, "2.5"), ("id", 2.0, "2"), ("id", 1234.56, "1.234,6")],
)
def test_a_number_has_one_decimal_where_it_has_any(language, number, text):
    assert number_text(number, language) == text


def test_days_and_times_are_written_as_people_write_them():
    moment = datetime(2026, 8, 3, 0, 5, tzinfo=UTC)
    assert [date_text(moment.date(), language) for language in ("id", "en")] == [
        "3 Agu 2026",
        "3 Aug 2026",
    ]
    clocks = [clock_text(moment, "Asia/Jakarta", language) for language in ("id", "en")]
    assert clocks == ["07.05", "07:05"]
    week = [moment.date() + timedelta(days=n) for n in range(7)]
    assert [date_text(day, "id", "EEE") for day in week] == [
        "Sen",
        "Sel",
        "Rab",
        "Kam",
        "Jum",
        "Sab",
        "Min",
    ]
    months = [date_text(date(2026, n, 1), "id", "MMM") for n in range(1, 13)]
    assert months == [
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "Mei",
        "Jun",
        "Jul",
        "Agu",
        "Sep",
        "Okt",
        "Nov",
        "Des",
    ]


@pytest.mark.parametrize(
    ("seconds", "indonesian", "english"),
    [
        (-5, "1 menit", "1 minute"),
        (20, "1 menit", "1 minute"),
        (600, "10 menit", "10 minutes"),
        (3_600, "1 jam", "1 hour"),
        (3 * 3_600, "3 jam", "3 hours"),
    ],
)
def test_what_lies_ahead_is_told_in_whole_words(seconds, indonesian, english):
    now = datetime(2026, 8, 3, tzinfo=UTC)
    ahead = now + timedelta(seconds=seconds)
    assert ahead_text(ahead, now, "id") == indonesian
    assert ahead_text(ahead, now, "en") == english


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
    assert wait_text("id", days=days, seconds=seconds) == text


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil",
        "/\t/evil.example",
        "/\n\\evil",
        "",
        None,
    ],
)
def test_no_form_sends_people_to_another_site(path):
    assert local_path(path) == "/"


def test_a_path_of_this_site_is_kept():
    assert local_path("/lessons/x?y=1") == "/lessons/x?y=1"


@pytest.mark.parametrize(
    ("hour", "greeting"), [(20, "evening"), (22, "morning"), (5, "noon"), (9, "afternoon")]
)
def test_the_greeting_follows_the_learners_clock(hour, greeting):
    assert daytime(datetime(2026, 3, 2, hour, tzinfo=UTC), "Asia/Jakarta") == greeting


def test_the_present_time_zone_is_always_on_offer():
    assert "Pacific/Auckland" in dict(timezone_choices("Pacific/Auckland", "id"))
    assert timezone_choices("Asia/Jakarta", "id")[0][0] == "Asia/Jakarta"


def test_a_time_zone_is_named_by_its_city_in_the_learners_language():
    assert dict(timezone_choices("Africa/Cairo", "id"))["Africa/Cairo"] == "Kairo"
    assert dict(timezone_choices("Africa/Cairo", "en"))["Africa/Cairo"] == "Cairo"
    for zone in available_timezones():
        assert len(dict(timezone_choices(zone, "id"))[zone]) > 2


def test_a_dictation_with_a_recording_plays_it_instead_of_the_browsers_voice():
    options = DictationOptions(type="dictation", speech="I am late.", audio="late.mp3")
    key = DictationKey(type="dictation", accepted=["I am late."])
    html = html_of(Form("Dengarkan.", options, key, "id"))
    assert 'src="/static/audio/late.mp3"' in html
    assert "data-say" not in html


def test_the_cells_of_a_wide_table_name_their_columns():
    wide = markdown("| a & b | **is** | c | d |\n|---|---|---|---|\n| 1 | <i> | 3 | 4 |")
    assert 'data-label="a &amp; b">1' in wide
    assert 'data-label="is"' in wide
    assert "data-label" not in markdown("| a | b |\n|---|---|\n| 1 | 2 |")


def test_a_mistake_and_what_is_right_are_two_lines():
    html = markdown("- ✗ *She tired.* → ✓ She **is** tired.\n- Something else → else")
    assert html.count('class="contrast"') == 1
    assert '<span class="wrong">✗ <em>She tired.</em></span>' in html


def test_bold_english_has_its_own_voice_and_bold_indonesian_has_not():
    html = markdown("**I am a teacher** dan **kata kerja**")
    assert '<strong class="english" lang="en">I am a teacher</strong>' in html
    assert "<strong>kata kerja</strong>" in html


def test_a_cell_with_english_has_its_voice():
    html = markdown("| Subjek | be |\n|---|---|\n| dia | she is |")
    assert '<td class="english" lang="en">she is' in html
    assert "<td>dia" in html
    assert "<th>Subjek" in html


def test_a_passage_that_was_left_open_shows_what_is_right_in_each_part():
    item = next(
        item
        for item in ITEMS
        if item.type == "reading" and any(part.type == "matching" for part in item.options.parts)
    )
    grade = grading.grade(GradedQuestion(item.answer_key, item.options), empty_response(item.type))
    earned = {part.id: part for part in grade.parts}
    form = Form(
        item.stem, item.options, item.answer_key, "id", is_graded=True, is_open=True, earned=earned
    )
    part = next(part for part in item.options.parts if part.type == "matching")
    rights = item.answer_key.parts[part.id].pairs.values()
    texts = {choice.id: choice.text for choice in part.options.right}
    assert all(f'pair-chosen" lang="en">{texts[right]}<' in html_of(form) for right in rights)
