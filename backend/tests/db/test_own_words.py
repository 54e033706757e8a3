"""A learner's own words are one word, however its letters, marks and spaces are typed."""

from unicodedata import normalize

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core.characters import visible
from app.core.errors import InvalidInput
from app.domain.srs import cards as srs_cards
from app.domain.srs import details, transfer
from app.domain.srs.cards import WordExists
from app.domain.srs.transfer import ImportRefused
from app.models import PersonalEntry
from tests.db.study import NOW
from tests.factories import make_vocabulary
from tests.work import work_on

SPELLINGS = [
    ("alpha", "Alpha"),
    ("alpha", " ALPHA "),
    ("alpha", "al\u200bpha\ufeff"),
    ("café", normalize("NFD", "café")),
    ("café", "CAFÉ"),
    ("I'm", "I’m"),
    ("I'm", "i‘m"),
    ("I'm", "Iʼm"),
    ("I'm", "I`m"),
    ("I'm", "I´m"),
    ("to wing it", "to\xa0wing \t it"),
    ("e-mail", "e\u2011mail"),
    ("e-mail", "E\u2013mail"),
    ("Ørsted", "ørsted"),
]


async def add(study, headword, meaning="kata"):
    async with study.session.begin_nested():
        entry = await srs_cards.add_personal_word(
            work_on(study.session), study.account, headword, meaning, None, NOW
        )
    await study.session.commit()
    return entry


@pytest.mark.parametrize(("first", "second"), SPELLINGS)
async def test_a_word_typed_another_way_is_the_same_word(study, first, second):
    for one, other in ((first, second), (second, first)):
        learner = await study.other()
        entry = await add(learner, one)
        with pytest.raises(WordExists):
            await add(learner, other)
        found = await details.find_own_word(work_on(study.session), learner.account, other)
        assert found is not None and found.id == entry


@pytest.mark.parametrize(
    ("first", "second"), [("cafe", "café"), ("email", "e-mail"), ("its", "it's"), ("go", "go to")]
)
async def test_words_that_differ_in_a_letter_or_a_mark_are_two(study, first, second):
    assert await add(study, first) != await add(study, second)


async def test_the_database_itself_refuses_a_second_spelling(study):
    for headword in ("I'm", "another"):
        await study.add(
            PersonalEntry(user_id=study.account.user_id, headword=headword, meaning="x")
        )
    with pytest.raises(IntegrityError):
        await study.add(PersonalEntry(user_id=study.account.user_id, headword="i’m", meaning="x"))
    await study.session.rollback()


@pytest.mark.parametrize("headword", ["\u200b", "\u200b \ufeff", "\u3164", "\xad"])
async def test_what_nobody_sees_is_no_word(study, headword):
    with pytest.raises(InvalidInput, match="that can be seen") as refused:
        await add(study, headword)
    assert refused.value.field == "headword"
    with pytest.raises(InvalidInput) as refused:
        await add(study, "word", headword)
    assert refused.value.field == "meaning"
    assert await details.find_own_word(work_on(study.session), study.account, headword) is None


async def test_a_word_is_stored_composed_and_without_what_nobody_sees(study):
    entry_id = await add(study, f" the {normalize('NFD', 'café')}\u200b ")
    entry = await study.session.get(PersonalEntry, entry_id)
    assert (entry.headword, entry.headword_key, entry.spelling) == ("the café", "the café", 1)


async def test_cards_are_imported_for_a_word_however_it_is_typed(study):
    await add(study, "I’m off")
    await study.add(make_vocabulary(slug="o-clock", headword="o'clock"))
    lines = ["item,ease,interval", "i'm  OFF,2.5,10", "O’Clock,2.5,10"]
    report = await transfer.import_sm2(
        work_on(study.database), study.account, "\n".join(lines), NOW
    )
    assert (report.imported, report.skipped) == (2, 0)
    with pytest.raises(ImportRefused, match="line 3, item: line 2 has this card"):
        await transfer.import_sm2(
            work_on(study.database),
            study.account,
            "item,ease,interval\nI'm off,2.5,9\nI´m off,2.5,9",
            NOW,
        )


async def test_of_two_stored_spellings_the_one_that_was_written_is_imported(study):
    user_id = study.account.user_id
    both = [
        PersonalEntry(user_id=user_id, headword=headword, meaning="x", spelling=n)
        for n, headword in enumerate(("alpha", "Alpha"), 1)
    ]
    await study.add(*both)
    content = "item,ease,interval\nAlpha,2.5,10\nALPHA,2.5,10"
    await transfer.import_sm2(work_on(study.database), study.account, content, NOW)
    cards = await srs_cards.list_cards(work_on(study.session), study.account, NOW)
    assert {card.item_id for card in cards.items} == {entry.id for entry in both}


async def test_the_key_leaves_out_exactly_what_nobody_sees(db):
    statement = text(
        "SELECT n, lancar_headword_key('x' || chr(n) || 'x') AS key FROM generate_series(1, 65535)"
        " AS n WHERE n NOT BETWEEN 55296 AND 57343 UNION ALL"
        " SELECT n, lancar_headword_key('x' || chr(n) || 'x') FROM unnest(CAST(:more AS int[])) AS n"
    )
    more = [0x110BD, 0x110CD, 0x13430, 0x1343F, 0x1D173, 0x1D17A, 0xE0001, 0xE0FFF, 0x1F600]
    for number, key in await db.execute(statement, {"more": more}):
        seen = " ".join(visible(f"x{chr(number)}x").split())
        assert (key == "xx", key == "x x") == (seen == "xx", seen == "x x"), hex(number)
