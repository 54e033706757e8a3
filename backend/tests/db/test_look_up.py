"""Finding a word of a text in the dictionary."""

import pytest

from app.core.database import Database
from app.domain.curriculum.words import look_up
from tests.conftest import count_queries
from tests.factories import make_vocabulary
from tests.work import work_on

pytestmark = pytest.mark.each_version


@pytest.fixture
async def dictionary(db):
    """Seven entries that are easily taken for one another."""
    entries = ("go", "go to bed", "bed", "give up", "favourite", "run", "run out of")
    db.add_all(make_vocabulary(headword=headword) for headword in entries)
    db.add(make_vocabulary(headword="run", part_of_speech="verb"))
    db.add(make_vocabulary(headword="English", part_of_speech="adjective"))
    await db.flush()
    return db


async def headwords(db, word, context=""):
    return [entry.headword for entry in await look_up(work_on(db), word, context)]


@pytest.mark.parametrize(
    ("word", "context", "found"),
    [
        ("went", "", ["go"]),
        ("Goes", "Goes it well?", ["go"]),
        ("went", "She went to bed early.", ["go to bed", "go"]),
        ("bed", "“Go to bed!”", ["go to bed", "bed"]),
        ("gave", "Don’t say that he gave up.", ["give up"]),
        ("gave up", "", ["give up"]),
        ("ran", "We ran out of rice.", ["run out of", "run", "run"]),
        ("favourites", "", ["favourite"]),
        ("ENGLISH", "", ["English"]),
        ("bed’s", "", ["bed"]),
        ("bedʼs", "", ["bed"]),
        ("be\u200bd", "Go\xa0to be\u200bd!", ["go to bed", "bed"]),
        ("gave", "He gave me a book.", []),
        ("serendipity", "", []),
        ("?!", "", []),
        ("\0", "\0", []),
        ("x" * 101, "", []),
    ],
)
async def test_a_word_is_found_in_the_form_and_the_phrase_in_which_it_stands(
    dictionary, word, context, found
):
    assert await headwords(dictionary, word, context) == found


async def test_entries_of_one_spelling_follow_each_other_by_part_of_speech(dictionary):
    entries = await look_up(work_on(dictionary), "running")
    assert [(entry.headword, entry.part_of_speech) for entry in entries] == [
        ("run", "noun"),
        ("run", "verb"),
    ]


async def test_looking_up_is_one_statement_however_long_the_text(
    dictionary, worker_database: Database
):
    with count_queries(worker_database) as queries:
        await look_up(work_on(dictionary), "to", "to " * 5_000)
        assert queries.count == 1


@pytest.mark.parametrize(
    ("headword", "typed"),
    [
        ("email", ["e-mail", "e\u2011mail", "E mail", "emails", "e-mails"]),
        ("ice cream", ["ice-cream", "ice\u2010cream"]),
        ("check-in", ["check in", "check\u2013in"]),
        ("o'clock", ["o\u2019clock", "o`clock"]),
        ("cafe", ["café", "cafe\u0301"]),
    ],
)
async def test_hyphens_apostrophes_and_accents_of_a_word_looked_up_make_no_difference(
    db, headword, typed
):
    db.add(make_vocabulary(headword=headword))
    await db.flush()
    for word in [headword, *typed]:
        assert await headwords(db, word) == [headword], word
