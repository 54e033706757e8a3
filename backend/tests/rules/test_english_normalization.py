"""What is ignored when typed text is compared, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.english.normalization import tokens, typed_words, words
from app.english.numbers import read_number
from app.english.spellings import american

PIECES = [
    "I'd",
    "can't",
    "they'd've",
    "it's.",
    "Let's",
    "7",
    "12",
    "13",
    "o'clock",
    "any",
    "more",
    "any-more",
    ",",
    ";",
    "-",
    "--",
    "—",
    "”",
    "'",
    "?",
    "7:30",
    "1,2",
    "dont",
    "she's",
    "been",
    "gone",
    "a",
    "an",
    "the",
    "hundred",
    "thousand",
    "and",
    "twenty-five",
    "first",
    "1,000",
    "no",
    "one",
    "'no'",
    "U.S.",
    "all",
    "right",
    "per",
    "cent",
    "7am",
    "'s",
    "'d",
    "not",
    "better",
    "colour",
    "travelled",
    "who",
    "what",
    "he",
]
LANGUAGES = st.sampled_from(["en", "id"])


@given(st.lists(st.sampled_from(PIECES), max_size=10).map(" ".join), LANGUAGES)
def test_words_that_are_compared_are_not_changed_again(text, language):
    assert words(" ".join(words(text, language)), language) == words(text, language)


ROUGH = st.text("abcdefgh'", min_size=1, max_size=8).filter(lambda part: part.strip("'"))


@given(st.lists(ROUGH, min_size=1, max_size=8), LANGUAGES)
def test_case_spaces_and_final_marks_do_not_matter(parts, language):
    plain = " ".join(parts)
    assert words(plain, language) == words(f"  {'   '.join(parts).upper()} ?! ", language)


@given(st.text(max_size=200), LANGUAGES)
def test_every_word_knows_where_it_was_typed(text, language):
    typed = typed_words(text)
    found = tokens(text, language)
    assert bool(found) == bool(typed)
    places = [(token.first, token.last) for token in found]
    assert places == sorted(places)
    assert all(0 <= first <= last < len(typed) for first, last in places)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She doesn’t like it", "she does not like it"),
        ("They'd've left", "they would have left"),
        ("She's lived here", "she 's lived here"),
        ("She's never been here", "she has never been here"),
        ("What's he doing?", "what is he doing"),
        ("My brother's car", "my brother 's car"),
        ("I'd come", "i 'd come"),
        ("rock 'n' roll", "rock n roll"),
        ("the U.S.A. team", "the usa team"),
        ("at 12 o'clock", "at 12"),
        ("o'clock", "o'clock"),
        ("a man, a hundred", "a man 100"),
        ("?", "?"),
        ("— !", "— !"),
        ("any-more", "any-more"),
    ],
)
def test_english_is_taken_apart_like_this(text, expected):
    assert " ".join(words(text)) == expected


def test_indonesian_keeps_its_words_as_they_are():
    assert words("Don't colour 25", "id") == ["don't", "colour", "25"]
    assert words("anak- anak, buku -bukunya di rumah", "id") == [
        "anak-anak",
        "buku-bukunya",
        "di",
        "rumah",
    ]
    assert words("Jakarta - Bandung", "id") == ["jakarta", "bandung"]


UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def _spelled(number, joint):
    """Spell a number as one says it, `joint` between tens and units."""
    if number >= 1000:
        rest = number % 1000
        tail = f" {'and ' if rest < 100 else ''}{_spelled(rest, joint)}" if rest else ""
        return f"{_spelled(number // 1000, joint)} thousand{tail}"
    if number >= 100:
        tail = f" and {_spelled(number % 100, joint)}" if number % 100 else ""
        return f"{UNITS[number // 100]} hundred{tail}"
    if number < 20:
        return UNITS[number]
    tail = joint + UNITS[number % 10] if number % 10 else ""
    return TENS[number // 10 - 2] + tail


@given(st.integers(0, 999_999), st.sampled_from([" ", "-"]))
def test_every_number_is_the_same_in_words_and_in_figures(number, joint):
    spelled = _spelled(number, joint)
    assert words(spelled) == words(str(number)) == words(f"{number:,}") == [str(number)]
    assert words(spelled.replace(" and ", " ")) == [str(number)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the twenty-first", "the 21st"),
        ("the hundredth", "the hundredth"),
        ("the one hundredth", "the 100th"),
        ("eleventh twelfth thirteenth", "11th 12th 13th"),
        ("one two three", "1 2 3"),
        ("twenty twelve", "20 12"),
        ("nineteen hundred", "1900"),
        ("a thousand and one nights", "1001 nights"),
        ("between one and five", "between 1 and 5"),
        ("a thousand thousand", "1000 thousand"),
        ("nine hundred thousand thousand", "900000 thousand"),
    ],
)
def test_numbers_are_read_as_far_as_they_make_sense(text, expected):
    assert " ".join(words(text)) == expected


@given(st.lists(st.sampled_from([*UNITS, *TENS, "hundred", "thousand", "and", "a", "first"])))
def test_reading_a_number_always_goes_on(parts):
    for place in range(len(parts)):
        found = read_number(parts, place)
        assert found is None or found[1] > place


@pytest.mark.parametrize(
    ("british", "expected"),
    [
        ("colour", "color"),
        ("colourful", "color" + "ful"),
        ("kilometres", "kilometers"),
        ("centred", "centered"),
        ("organisation", "organization"),
        ("realising", "realizing"),
        ("analysed", "analyzed"),
        ("travelling", "traveling"),
        ("marvellous", "marvelous"),
        ("grey", "gray"),
        ("theatres", "theaters"),
        ("programme", "program"),
        ("tyres", "tires"),
        ("fulfil", "fulfill"),
    ],
)
def test_a_british_spelling_has_an_american_one(british, expected):
    assert american(british) == expected == american(expected)


@pytest.mark.parametrize(
    "word",
    [
        "four",
        "hour",
        "your",
        "tour",
        "flour",
        "exercise",
        "advise",
        "promise",
        "surprise",
        "wise",
        "raised",
        "noise",
        "premise",
        "rise",
        "called",
        "filled",
        "controlled",
        "excellent",
        "lift",
        "petrol",
        "advice",
        "here",
        "there",
        "mere",
    ],
)
def test_other_words_keep_their_spelling(word):
    assert american(word) == word


INDONESIAN = "nol satu dua tiga empat lima enam tujuh delapan sembilan".split()  # noqa: SIM905


def _in_indonesian(number):
    for scale, name in ((1000, "ribu"), (100, "ratus"), (10, "puluh")):
        if number >= scale and not (scale == 10 and 10 < number < 20):
            count = number // scale
            head = f"se{name}" if count == 1 else f"{_in_indonesian(count)} {name}"
            return f"{head} {_in_indonesian(number % scale)}" if number % scale else head
    if number < 10:
        return INDONESIAN[number]
    return "sebelas" if number == 11 else f"{INDONESIAN[number - 10]} belas"


@given(st.integers(0, 999_999))
def test_every_indonesian_number_is_the_same_in_words_and_in_figures(number):
    grouped = f"{number:,}".replace(",", ".")
    assert words(_in_indonesian(number), "id") == words(grouped, "id") == [str(number)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("dua tiga", "2 3"), ("pukul tujuh pagi", "pukul 7 pagi"), ("pukul 7.30", "pukul 7.30")],
)
def test_indonesian_numbers_are_read_within_a_sentence(text, expected):
    assert " ".join(words(text, "id")) == expected
