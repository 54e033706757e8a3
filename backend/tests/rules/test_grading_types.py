"""What each type of question gives for what: partial credit, parts, and what the learner is told."""

from decimal import Decimal

import pytest

from app.questions.grading import grade, parse_response
from tests.rules.questions import RUBRIC, graded


def answer(question, **response):
    return grade(question, parse_response(question, {"type": question.key.type, **response}))


def options_of(*pairs):
    return [{"id": name, "text": text} for name, text in pairs]


def told(result, language="id"):
    return [getattr(text, language) for text in result.feedback]


def pieces(result):
    return [(piece.kind, piece.expected, piece.given) for piece in result.diff]


# --- choices ------------------------------------------------------------------------------------

BE = options_of(("a", "am"), ("b", "is"), ("c", "are"), ("d", "be"))
ONE = graded("multiple_choice", {"choice": "b"}, {"choices": BE})
SEVERAL = graded("multiple_answer", {"choices": ["a", "b", "c"]}, {"choices": BE})


def test_one_choice_is_right_or_wrong_and_the_right_one_is_named():
    assert answer(ONE, choice="b").is_correct
    wrong = answer(ONE, choice="c")
    assert wrong.score == 0
    assert told(wrong) == ["Yang tepat “is”, bukan “are”."]
    assert told(answer(ONE, choice=None), "en") == ["This is still open."]


@pytest.mark.parametrize(
    ("ticked", "score"),
    [
        ("", "0"),
        ("a", "0.333"),
        ("ab", "0.667"),
        ("cba", "1"),
        ("abd", "0.333"),
        ("ad", "0"),
        ("d", "0"),
        ("abcd", "0.667"),
    ],
)
def test_wrong_ticks_cancel_right_ones(ticked, score):
    assert answer(SEVERAL, choices=list(ticked)).score == Decimal(score)


def test_missed_and_wrong_ticks_are_named():
    assert told(answer(SEVERAL, choices=["a", "d"])) == [
        "Ini juga benar: “is”, “are”.",
        "Ini tidak termasuk: “be”.",
    ]


def test_a_wrong_verdict_is_explained():
    question = graded("true_false", {"value": False})
    assert answer(question, value=False).is_correct
    assert told(answer(question, value=True)) == ["Pernyataan itu tidak benar."]


def test_each_gap_of_a_cloze_counts():
    question = graded("cloze_choice", {"gaps": ["b", "a", "c"]}, {"gaps": [BE[:3], BE[:3], BE[:3]]})
    result = answer(question, gaps=["b", "c", ""])
    assert result.score == Decimal("0.333")
    assert told(result) == ["1 dari 3 isian sudah tepat."]
    assert [(part.id, part.is_correct, part.expected.en) for part in result.parts] == [
        ("1", True, "is"),
        ("2", False, "am"),
        ("3", False, "are"),
    ]
    assert result.parts[1].feedback[0].id == "Yang tepat “am”, bukan “are”."
    assert result.parts[2].feedback[0].id == "Bagian ini belum dijawab."


def test_each_pair_counts_and_several_items_may_share_a_partner():
    question = graded(
        "matching",
        {"pairs": {"a": "x", "b": "y", "c": "x"}},
        {
            "left": options_of(("a", "he"), ("b", "I"), ("c", "she")),
            "right": options_of(("x", "is"), ("y", "am")),
        },
    )
    assert answer(question, pairs={"c": "x", "b": "y", "a": "x"}).is_correct
    result = answer(question, pairs={"a": "x", "b": "x"})
    assert result.score == Decimal("0.333")
    assert {part.id: part.is_correct for part in result.parts} == {
        "a": True,
        "b": False,
        "c": False,
    }
    assert told(result, "en") == ["1 of 3 pairs are right."]


# --- tiles --------------------------------------------------------------------------------------

TILES = options_of(("d", "coffee"), ("a", "I"), ("c", "drink"), ("b", "always"), ("x", "am"))
COFFEE = graded("ordering", {"orders": [list("abcd"), list("abdc")]}, {"tokens": TILES})


@pytest.mark.parametrize(
    ("order", "score"),
    [
        ("abcd", "1"),
        ("abdc", "1"),
        ("", "0"),
        ("a", "0"),
        ("ab", "0.333"),
        ("bcd", "0.667"),
        ("bacd", "0.333"),
        ("abcdx", "0.75"),
        ("axbcd", "0.5"),
        ("cbad", "0"),
    ],
)
def test_right_neighbours_count_and_tiles_too_many_count_against(order, score):
    assert answer(COFFEE, order=list(order)).score == Decimal(score)


@pytest.mark.parametrize(
    ("order", "remarks"),
    [
        ("bacd", ["Mulailah dengan “I”."]),
        ("acbd", ["Sesudah “I” dilanjutkan “always”."]),
        ("abc", ["Masih perlu dipakai: “coffee”."]),
        ("axbc", ["Tidak dipakai di sini: “am”.", "Masih perlu dipakai: “coffee”."]),
    ],
)
def test_the_first_step_that_differs_is_named(order, remarks):
    assert told(answer(COFFEE, order=list(order))) == remarks


def test_tiles_are_marked_one_by_one():
    assert pieces(answer(COFFEE, order=list("axbc"))) == [
        ("same", "I", "I"),
        ("extra", "", "am"),
        ("same", "always", "always"),
        ("same", "drink", "drink"),
        ("missing", "coffee", ""),
    ]


def test_tiles_with_the_same_text_are_the_same_tile():
    tokens = options_of(("a", "the"), ("b", "bigger"), ("c", "the"), ("d", "better"))
    question = graded("ordering", {"orders": [list("abcd")]}, {"tokens": tokens})
    assert answer(question, order=list("cbad")).is_correct


# --- typed text ---------------------------------------------------------------------------------


def test_gaps_count_one_by_one_and_say_why():
    question = graded("fill_blank", {"gaps": [["goes"], ["an"], ["because", "as"]]})
    result = answer(question, gaps=["GOES", "a", "becuase"])
    assert result.score == Decimal("0.667")
    right, article, typo = result.parts
    assert (right.is_correct, right.feedback) == (True, ())
    assert (article.score, article.expected.id) == (0, "an")
    assert "bunyi vokal" in article.feedback[0].id
    assert typo.is_correct
    assert pieces(typo) == [("typo", "because", "becuase")]


def test_no_typo_is_forgiven_where_the_spelling_is_taught():
    key = {"gaps": [["because"]]}
    assert answer(graded("fill_blank", key), gaps=["becuase"]).is_correct
    result = answer(graded("fill_blank", key | {"exact": True}), gaps=["becuase"])
    assert result.score == 0
    assert pieces(result) == [("typo", "because", "becuase")]


def test_what_is_said_of_the_only_gap_is_said_of_the_question():
    result = answer(graded("fill_blank", {"gaps": [["goes"]]}), gaps=["go"])
    assert result.feedback == result.parts[0].feedback
    assert "-s" in told(result)[0]


def test_a_short_answer_is_right_or_wrong_and_names_the_mistake():
    question = graded("short_answer", {"accepted": ["She is a teacher.", "She's a teacher."]})
    assert answer(question, text="she's a teacher").is_correct
    result = answer(question, text="She is teacher")
    assert result.score == 0
    assert "“a”" in told(result)[0]
    assert ("missing", "a", "") in pieces(result)


def test_a_forgiven_typo_is_right_and_shown():
    question = graded("short_answer", {"accepted": ["I like my neighbourhood."]})
    result = answer(question, text="I like my neighborhod")
    assert (result.score, result.is_correct) == (1, True)
    assert ("typo", "neighbourhood.", "neighborhod") in pieces(result)
    assert "ejaan" in told(result)[0]


NEVER = {"accepted": ["I have never been to Bali before."]}


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("translation", {"text": "Saya belum pernah ke Bali.", "direction": "to_english"}),
        ("dictation", {"speech": "I have never been to Bali before."}),
    ],
)
@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("I've never been to Bali before", "1"),
        ("I have never been to Bali", "0.857"),
        ("I never Bali before", "0.571"),
        ("I am Bali", "0"),
        (" ", "0"),
    ],
)
def test_the_share_of_right_words_counts_from_half_on(kind, options, text, score):
    assert answer(graded(kind, NEVER, options), text=text).score == Decimal(score)


def test_a_translation_into_indonesian_is_compared_as_indonesian():
    question = graded(
        "translation",
        {"accepted": ["Anak-anak itu tidak di rumah."]},
        {"text": "The children are not at home.", "direction": "to_indonesian"},
    )
    assert answer(question, text="anak - anak itu tidak di rumah").is_correct
    assert not answer(question, text="Anak itu tidak di rumah").is_correct


SCHOOL = graded(
    "error_correction",
    {"accepted": ["She goes to school every day.", "She goes to school each day."]},
    {"text": "She go to school every day."},
)
TEACHER = graded(
    "error_correction", {"accepted": ["My mother is a teacher."]}, {"text": "My mother is teacher."}
)
AGREE = graded(
    "error_correction", {"accepted": ["I agree with you."]}, {"text": "I am agree with you."}
)
RECEIVE = graded("error_correction", {"accepted": ["I received it."]}, {"text": "I recieved it."})


@pytest.mark.parametrize(
    ("question", "text", "score"),
    [
        (SCHOOL, "She goes to school every day.", "1"),
        (SCHOOL, "She goes to school each day.", "1"),
        (SCHOOL, "She goes to shcool every day.", "1"),
        (SCHOOL, "she go to school every day", "0"),
        (SCHOOL, "She went to school every day.", "0.5"),
        (SCHOOL, "She to school every day.", "0.5"),
        (SCHOOL, "She is go to school every day.", "0.5"),
        (SCHOOL, "He goes to school every day.", "0"),
        (SCHOOL, "She goes to the school every day.", "0"),
        (SCHOOL, "She", "0"),
        (TEACHER, "My mother is an teacher.", "0.5"),
        (TEACHER, "My mother is the teacher.", "0.5"),
        (TEACHER, "My mother a teacher.", "0"),
        (AGREE, "I was agree with you.", "0.5"),
        (AGREE, "I'm agree with you.", "0"),
        (RECEIVE, "I received it.", "1"),
        (RECEIVE, "I receivd it.", "0.5"),
        (RECEIVE, "I recieved it.", "0"),
    ],
)
def test_half_is_for_the_place_of_the_mistake_alone(question, text, score):
    assert answer(question, text=text).score == Decimal(score)


def test_a_corrector_is_told_how_far_they_came():
    assert told(answer(SCHOOL, text="She go to school every day.")) == [
        "Kalimatnya masih sama; masih ada yang perlu diperbaiki."
    ]
    assert told(answer(SCHOOL, text="She went to school every day."))[0].startswith("Letak")
    assert told(answer(SCHOOL, text="He goes to school every day."))[0].startswith("Ada kata")


# --- passages, and what a teacher marks ---------------------------------------------------------


def _part(name, kind, **more):
    return {"id": name, "type": kind, "stem": {"en": "?", "id": "?"}, **more}


PASSAGE = graded(
    "reading",
    {
        "parts": {
            "q1": {"type": "true_false", "value": True},
            "q2": {"type": "fill_blank", "gaps": [["rain"], ["sun"]]},
            "q3": {"type": "multiple_choice", "choice": "b"},
        }
    },
    {
        "passage": {"title": "Weather", "text": "Rain, then sun."},
        "parts": [
            _part("q2", "fill_blank"),
            _part("q1", "true_false"),
            _part("q3", "multiple_choice", options={"type": "multiple_choice", "choices": BE}),
        ],
    },
)


def test_a_passage_earns_the_mean_of_its_questions():
    q2 = {"type": "fill_blank", "gaps": ["rain", "snow"]}
    q3 = {"type": "multiple_choice", "choice": "b"}
    result = answer(PASSAGE, parts={"q2": q2, "q3": q3})
    assert result.score == Decimal("0.5")
    assert told(result) == ["1 dari 3 pertanyaan sudah tepat."]
    assert [(part.id, part.score, part.expected.id) for part in result.parts] == [
        ("q2", 0.5, "rain … sun"),
        ("q1", 0, "Benar"),
        ("q3", 1, "is"),
    ]
    assert [gap.is_correct for gap in result.parts[0].parts] == [True, False]


def test_a_passage_with_every_answer_open_says_so():
    assert told(answer(PASSAGE), "en") == ["This is still open."]


ESSAY = graded("essay", {}, {"min_words": 3, "max_words": 5, "rubric": RUBRIC})
SPEAKING = graded("speaking", {}, {"max_seconds": 60, "rubric": RUBRIC})


@pytest.mark.parametrize(
    ("text", "remarks"),
    [
        ("I like tea.", ["Jawabanmu akan dinilai oleh guru."]),
        (
            "Tea!",
            [
                "Jawabanmu akan dinilai oleh guru.",
                "Tulisanmu 1 kata; yang diminta 3 sampai 5 kata.",
            ],
        ),
    ],
)
def test_an_essay_waits_for_a_teacher_and_its_length_is_told(text, remarks):
    result = answer(ESSAY, text=text)
    assert (result.score, result.needs_marking) == (None, True)
    assert told(result) == remarks


def test_notes_without_a_recording_are_not_marked():
    result = answer(SPEAKING, notes="I would talk about tea.")
    assert (result.score, result.needs_marking) == (0, False)
    assert told(result) == ["Belum ada rekaman."]
