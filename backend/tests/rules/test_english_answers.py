"""Properties of comparing typed answers: what is accepted, what is shown, and for any input."""

from itertools import permutations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.english.answers import accepts, compare
from app.english.forms import is_known, lemmas
from app.english.inflection import with_ed, with_er, with_ing, with_s
from app.english.lexicon import LEXICON
from app.english.normalization import typed_words
from app.english.normalization import words as normalized
from app.english.reasons import _TEXTS, Reason, Remark
from app.english.spellings import american
from app.english.typos import is_typo
from app.english.word_classes import _CLASSES, WordClass

words = st.sampled_from(sorted(LEXICON))
sentences = st.lists(words, min_size=1, max_size=12).map(" ".join)
languages = st.sampled_from(["en", "id"])
messy = st.text("abcs'’ -.,?!7:\"éı\u0301ß٣—_{}", max_size=60) | st.text(max_size=60)


@st.composite
def disguised(draw, text):
    """Return the same answer as somebody else would type it."""
    letters = [letter.upper() if draw(st.booleans()) else letter for letter in text]
    gaps = draw(st.sampled_from([" ", "  ", "\t", "\u3000"]))
    mark = draw(st.sampled_from(["", ".", "!", " ?", ","]))
    return gaps + "".join(letters).replace(" ", gaps) + mark


@given(st.data(), sentences)
def test_an_answer_accepts_itself_in_any_case_and_spacing(data, text):
    found = compare([text], data.draw(disguised(text)), exact=True)
    assert found.is_accepted
    assert found.similarity == 1
    assert not found.typos
    assert not found.reasons


@given(st.lists(messy, min_size=1, max_size=3), messy, st.booleans(), languages)
@example(["'s"], "'s", True, "en")
@example(["a"], "{expected} {0}", False, "en")
def test_any_text_is_compared_without_an_error(keys, answer, exact, language):
    found = compare(keys, answer, exact=exact, language=language)
    assert accepts(keys, answer, exact=exact, language=language) == found.is_accepted
    assert 0 <= found.similarity <= 1
    assert found.closest in keys
    assert all(remark.text("id") and remark.text("en") for remark in found.reasons)
    if found.is_accepted:
        assert found.similarity == 1
        assert {piece.kind for piece in found.diff} <= {"same", "typo"}
    if not typed_words(answer):
        assert not found.is_accepted


@given(messy.filter(typed_words), languages)
def test_every_text_is_its_own_answer(text, language):
    assert accepts([text], text, exact=True, language=language)


@given(sentences, sentences)
def test_the_pieces_of_a_difference_are_both_texts(key, answer):
    found = compare([key], answer)
    assert " ".join(p.expected for p in found.diff if p.expected) == key
    assert " ".join(p.given for p in found.diff if p.given) == answer
    assert all(bool(p.expected) == (p.kind != "extra") for p in found.diff)
    assert all(bool(p.given) == (p.kind != "missing") for p in found.diff)


@given(words, st.sampled_from([with_s, with_ed, with_ing, with_er]))
def test_another_form_of_a_word_is_never_a_typo(word, spell):
    form = spell(word)
    assume(is_known(form) and american(form) != american(word))
    for expected, answer in ((word, form), (form, word)):
        assert not accepts([expected], answer)


@given(words, words)
def test_a_real_word_is_never_a_typo(expected, answer):
    assert accepts([expected], answer) == (expected == answer)


@given(st.data(), words.filter(lambda word: len(word) > 4))
def test_one_wrong_letter_is_shown_and_forgiven_only_where_it_is_not_exact(data, word):
    place = data.draw(st.integers(1, len(word) - 1))
    letter = data.draw(st.sampled_from("bcdfgjkqxz"))
    typed = word[:place] + letter + word[place + 1 :]
    assume(typed != word and not is_known(typed) and lemmas(typed) == {typed})
    assume(normalized(word) == [word] and normalized(typed) == [typed])  # no contractions
    assume(is_typo(word, typed))
    found = compare([word], typed)
    assert found.is_accepted
    assert [(p.kind, p.expected, p.given) for p in found.typos] == [("typo", word, typed)]
    strict = compare([word], typed, exact=True)
    assert not strict.is_accepted
    assert strict.typos == ()
    assert strict.diff == found.diff


@pytest.mark.parametrize(
    ("expected", "given", "forgiven"),
    [
        ("library", "libary", True),  # one left out
        ("library", "librrary", True),  # one added
        ("library", "librery", True),  # one replaced
        ("library", "librayr", True),  # one swapped with its neighbour
        ("library", "ilbrary", True),  # so may the first letter be
        ("library", "xibrary", False),  # but not replaced
        ("library", "libery", False),  # two edits are too many for seven letters
        ("librarian", "liberrian", True),  # not for nine
        ("librarian", "lxbrxrxan", False),  # three are
        ("word", "wrod", False),  # short words allow none
    ],
)
def test_an_edit_is_one_letter_or_one_swap_and_long_words_allow_two(expected, given, forgiven):
    assert is_typo(expected, given) == forgiven


@given(st.data(), words.filter(lambda word: len(word) > 4 and word.isalpha()))
def test_a_long_word_allows_two_edits_and_no_word_allows_three(data, word):
    edits = 2 if len(word) > 8 else 1
    places = range(1, len(word))  # letters that no word has cannot make a real one
    wrong = data.draw(st.sets(st.sampled_from(places), min_size=1, max_size=4))
    typed = "".join("ß" if place in wrong else letter for place, letter in enumerate(word))
    assert is_typo(word, typed) == (len(wrong) <= edits)
    assert is_typo(word, word[: edits + 1] + "ß" * edits + word[edits + 1 :])
    assert not is_typo(word, word[: edits + 1] + "ß" * (edits + 1) + word[edits + 1 :])


def test_a_split_contraction_is_one_piece():
    found = compare(["I do not like it"], "I don't likes it")
    assert [(p.kind, p.expected, p.given) for p in found.diff] == [
        ("same", "I do not", "I don't"),
        ("wrong", "like", "likes"),
        ("same", "it", "it"),
    ]


def test_pieces_are_shown_as_they_were_written():
    found = compare(["Usually, Andi works."], "usually Andi  work!")
    assert [(p.kind, p.expected, p.given) for p in found.diff] == [
        ("same", "Usually, Andi", "usually Andi"),
        ("wrong", "works.", "work!"),
    ]
    assert found.reasons == (Remark(Reason.THIRD_PERSON, "wrong", "works", "work"),)


def test_the_closest_answer_is_the_one_that_shares_most_words():
    keys = ["I used to play football", "I would often play football", "My bike is new"]
    assert compare(keys, "I would play football").closest == keys[1]


def test_the_answer_with_fewer_typos_is_the_one_that_was_meant():
    found = compare(["colleague", "colleagues"], "colleauge")
    assert (found.is_accepted, found.closest) == (True, "colleague")


def test_without_accepted_answers_nothing_is_right():
    assert not compare([], "tea").is_accepted


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("he is " * 150, "is he " * 160),
        ("a b c d e f " * 40, "f e d c b a " * 80),
        (" ".join(f"word{n}" for n in range(200)), " ".join(f"word{n}" for n in range(199, 0, -1))),
        ("he's " * 150, "he's'd've'll" * 80),
        ("x", "'" * 1000),
    ],
)
def test_long_and_hostile_answers_are_compared_in_full(key, answer):
    found = compare([key.strip()], answer)
    assert not found.is_accepted
    assert " ".join(p.given for p in found.diff if p.given).split() == answer.split()
    assert len(found.reasons) <= 5


@pytest.mark.parametrize("name", WordClass)
def test_every_mistake_with_a_small_word_can_be_told(name):
    """Also "not" for "never", which random sentences hardly hold."""
    members = [*(word for word in _CLASSES if _CLASSES[word] is name), ""]
    for key, answer in permutations(members, 2):
        found = compare([f"We {key} work"], f"We {answer} work")
        assert all(remark.text("id") and remark.text("en") for remark in found.reasons)


def test_every_reason_has_its_texts_in_both_languages():
    assert set(_TEXTS) == set(Reason)
    for reason, kinds in _TEXTS.items():
        for kind, texts in kinds.items():
            assert set(texts) == {"en", "id"}
            remark = Remark(Reason(reason), kind, "one", "two")
            assert "{" not in remark.text("en") + remark.text("id")
