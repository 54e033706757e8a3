"""Base forms and inflected forms of English words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.english.forms import (
    analyses,
    attempts,
    is_known,
    is_wrong_form,
    lemmas,
    same_lemma,
)
from app.english.inflection import (
    IRREGULAR,
    IRREGULAR_BASES,
    Form,
    with_ed,
    with_er,
    with_ing,
    with_ly,
    with_s,
)
from app.english.lexicon import LEXICON


@pytest.mark.parametrize(
    ("word", "bases"),
    [
        ("went", "go"),
        ("Children", "child"),
        ("lives", "live life"),
        ("running", "run"),
        ("studied", "study"),
        ("left", "leave left"),
        ("better", "better good well"),
        ("is", "be"),
        ("happily", "happily happy"),
        ("dying", "die"),
        ("colours", "color"),
        ("becaks", "becak becaks"),
        ("house", "house"),
    ],
)
def test_a_tapped_word_leads_to_its_base_forms(word, bases):
    assert lemmas(word) == set(bases.split())


@pytest.mark.parametrize(
    ("spell", "pairs"),
    [
        (with_s, "watch watches study studies play plays box boxes go goes book books"),
        (with_ed, "stop stopped study studied arrive arrived play played open opened"),
        (with_ing, "write writing sit sitting die dying see seeing panic panicking be being"),
        (with_er, "big bigger easy easier nice nicer cheap cheaper"),
        (with_ly, "quick quickly happy happily gentle gently basic basically full fully"),
    ],
)
def test_regular_forms_are_spelled_by_rule(spell, pairs):
    words = pairs.split()
    assert [spell(base) for base in words[::2]] == words[1::2]


def test_every_form_of_every_listed_word_leads_back_to_it():
    spellings = {"n": [with_s], "v": [with_s, with_ing], "a": [with_er]}
    astray = [
        (word, spell(word))
        for word, classes in LEXICON.items()
        for kind in classes
        for spell in spellings[kind]
        if not (kind == "n" and (word, Form.PLURAL) in IRREGULAR_BASES)
        and not same_lemma(spell(word), word)
    ]
    assert astray == []
    assert all(word in lemmas(word) for word in LEXICON)


@given(st.sampled_from(sorted(IRREGULAR)))
def test_an_irregular_form_is_known_and_leads_to_its_base(form):
    assert is_known(form)
    assert all(base in lemmas(form) for base, _ in IRREGULAR[form])


def test_irregular_words_are_many():
    verbs = {base for rows in IRREGULAR.values() for base, form in rows if form == "past"}
    assert len(verbs) > 150


@pytest.mark.parametrize("word", ["buyed", "childs", "goed", "gooder", "childrens", "recieve"])
def test_a_form_that_does_not_exist_is_not_known(word):
    assert not is_known(word)


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        ("bought", "buyed"),
        ("children", "childs"),
        ("children", "childrens"),
        ("went", "wented"),
        ("goes", "go"),
        ("interested", "interesting"),
        ("beautiful", "beautifuly"),
        ("choose", "choosed"),
        ("worked", "works"),
    ],
)
def test_another_or_an_invented_form_is_a_wrong_form(expected, given):
    assert is_wrong_form(expected, given)
    assert same_lemma(expected, given)


@pytest.mark.parametrize(
    ("expected", "given"),
    [("stopped", "stoped"), ("writing", "writting"), ("studies", "studys"), ("house", "horse")],
)
def test_a_misspelled_right_form_is_none(expected, given):
    assert not is_wrong_form(expected, given)


@given(st.text(max_size=60))
def test_any_text_has_base_forms_or_none(text):
    assert analyses(text) <= attempts(text)
    assert lemmas(text)
