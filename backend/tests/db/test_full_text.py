"""Full-text search in both languages, its counts and its suggestions."""

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database import Database
from app.core.database_utils import DatabaseUtils
from app.core.errors import InvalidInput
from app.models import Lesson, Question, User, VocabularyEntry
from app.search.full_text import Total
from tests.conftest import count_queries
from tests.factories import NOW, make_lesson, make_question, make_vocabulary

pytestmark = pytest.mark.each_version

search = DatabaseUtils.search_full_text


async def add(db: AsyncSession, *rows: object) -> None:
    db.add_all(rows)
    await db.flush()


def question(stem: str, **fields: object) -> Question:
    indonesian = {"id": {"stem": "Lengkapi kalimat ini.", "explanation": "Perhatikan bentuknya."}}
    return make_question(
        **{"stem": stem, "explanation": "Mind it.", "translations": indonesian} | fields
    )


async def stems(db: AsyncSession, term: str, **arguments: object) -> list[str]:
    return [row.stem for row in await search(db, Question, term, **arguments)]


async def test_a_grammar_pattern_is_found_as_typed(db: AsyncSession) -> None:
    await add(
        db,
        question("I used to live in Bandung."),
        question("Use to-do lists; a pen is of use to me."),
        question("They use buses."),
        question("He was used, and to no end."),
    )
    assert await stems(db, "used to") == ["I used to live in Bandung."]
    assert len(await stems(db, "used to live in the city or use")) == 4, "stems otherwise"


async def test_words_the_stock_configuration_drops_are_found(db: AsyncSession) -> None:
    await add(db, question("She has been here."), question("To be or not to be."))
    assert await stems(db, "has been") == ["She has been here."]
    assert await stems(db, "to be") == ["To be or not to be."]


async def test_stems_join_the_forms_of_a_word(db: AsyncSession) -> None:
    await add(db, question("They use buses."), question("He used a pen."))
    assert set(await stems(db, "uses")) == {"They use buses.", "He used a pen."}
    assert await stems(db, '"used"') == ["He used a pen."]


async def test_indonesian_text_is_found_by_indonesian_stems(db: AsyncSession) -> None:
    text = {"id": {"stem": "Tuliskan jawabanmu.", "explanation": "Kata kerja dipakai di sini."}}
    await add(db, question("Write.", translations=text), question("Read."))
    assert await stems(db, "jawaban") == ["Write."]
    assert await stems(db, "memakai") == ["Write."]
    assert await stems(db, "write jawaban") == ["Write."], "languages can be mixed"


async def test_accents_do_not_matter(db: AsyncSession) -> None:
    await add(db, question("We met in a café."))
    assert await stems(db, "cafe") == ["We met in a café."]


@pytest.mark.parametrize(
    ("texts", "typed"),
    [
        (["e-mail", "E-mails", "email", "e mail", "e\u2011mail"], ["e\u2010mail", "e\u2013mail"]),
        (["ice-cream", "ice cream", "Ice\u2011Creams"], ["ice\u2010cream"]),
        (["co-operate", "cooperating"], ["CO-OPERATES"]),
        (["can't", "can\u2019t"], ["cant", "CAN\u02bcT"]),
        (["my brother's car", "my brother\u2019s car"], ["my brothers car"]),
        (["it's", "it\u2019s"], ["it`s"]),
        (["café", "cafe", "cafe\u0301"], ["CAFÉ"]),
    ],
)
async def test_hyphens_apostrophes_and_accents_make_no_difference(
    db: AsyncSession, texts: list[str], typed: list[str]
) -> None:
    await add(db, *(question(f"Say {text} now.") for text in texts), question("Say nothing."))
    wanted = sorted(f"Say {text} now." for text in texts)
    for word in texts + typed:
        for term in (word, f"say {word}", f"{word} or xyzzy", f'{word} "now"'):
            assert sorted(await stems(db, term)) == wanted, term


async def test_in_quotes_letter_case_hyphens_and_accents_make_no_difference_either(
    db: AsyncSession,
) -> None:
    await add(db, question("My E‑mail came to the Café."), question("Mail me."))
    for term in (
        '"my e-mail"',
        '"my e mail"',
        '"email"',
        '"e-mail came"',
        '"the cafe"',
        '"THE CAFÉ"',
    ):
        assert await stems(db, term) == ["My E‑mail came to the Café."], term
    assert await stems(db, '"e-mails"') == [], "in quotes the form counts"


async def test_what_is_two_words_is_not_found_by_one_that_means_something_else(
    db: AsyncSession,
) -> None:
    await add(db, question("It may be late."), question("Maybe it is late."))
    assert await stems(db, "maybe") == ["Maybe it is late."]


async def test_hits_in_the_stem_come_first_and_side_by_side_before_scattered(
    db: AsyncSession,
) -> None:
    await add(
        db,
        question("One.", explanation="The present perfect. " * 5),
        question("A perfect day for a birthday present."),
        question("Choose the present perfect form."),
    )
    assert await stems(db, "present perfect") == [
        "Choose the present perfect form.",
        "One.",
        "A perfect day for a birthday present.",
    ]


async def test_search_fields_narrow_exactly(db: AsyncSession) -> None:
    indonesian = {"id": {"stem": "Isi.", "explanation": "Bentuk lampau."}}
    await add(
        db,
        question("The past tense.", translations=indonesian),
        question("Fill in.", explanation="Use the past."),
    )
    assert await stems(db, "past", search_fields=["stem"]) == ["The past tense."]
    assert await stems(db, "past", search_fields=["explanation"]) == ["Fill in."]
    assert await stems(db, "lampau", search_fields=["explanation"]) == ["The past tense."]
    assert await stems(db, "lampau", search_fields=["stem"]) == [], "the weight is shared"
    count = await DatabaseUtils.count_matches(db, Question, "lampau", ["stem"])
    assert count == Total(0, is_exact=True)


async def test_filters_take_values_lists_and_none(db: AsyncSession) -> None:
    await add(
        db, question("past a"), question("past b", level="B1"), question("past c", level="B2")
    )
    assert await stems(db, "past", filters={"level": "B1"}) == ["past b"]
    assert set(await stems(db, "past", filters={"level": ["B1", "B2"]})) == {"past b", "past c"}
    assert len(await stems(db, "past", filters={"author_id": None})) == 3
    assert await stems(db, "past", filters={"author_id": str(uuid4())}) == []
    assert len(await stems(db, "past", filters={"author_id": [None, uuid4()]})) == 3
    assert await stems(db, "past", filters={"level": []}) == []
    created = (await db.scalars(select(Question.created_at))).first()
    assert created is not None
    for moment in (created, created.isoformat(), [created.isoformat()]):
        assert len(await stems(db, "past", filters={"created_at": moment})) == 3


async def test_a_filter_is_one_parameter_however_many_values_it_has(
    db: AsyncSession, worker_database: Database
) -> None:
    statements = []
    for count in (1, 1_000):
        with count_queries(worker_database) as queries:
            await search(db, Question, "past", filters={"level": ["A1"] * count})
        statements += [each for each in queries.statements if "candidates" in each]
    assert len(statements) == 2
    assert statements[0] == statements[1]


async def test_alternatives_and_exclusions(db: AsyncSession) -> None:
    await add(db, question("since monday"), question("for ages"), question("for reading books"))
    assert set(await stems(db, "since or ages")) == {"since monday", "for ages"}
    assert await stems(db, "for -ages") == ["for reading books"]
    assert await stems(db, "for -reads") == ["for ages"], "excluded by stem, in each language"


async def test_totals_are_exact_below_the_cap_and_a_floor_above(db: AsyncSession) -> None:
    await add(db, *(question(f"used to {n}") for n in range(4)), question("of use to me"))
    count = DatabaseUtils.count_matches
    assert await count(db, Question, "used to") == Total(4, is_exact=True)
    assert await count(db, Question, "use", cap=3) == Total(3, is_exact=False)
    assert await count(db, Question, "use", cap=5) == Total(5, is_exact=True)
    assert await count(db, Question, "???") == Total(0, is_exact=True)


async def test_lessons_and_vocabulary_are_searched_too(db: AsyncSession) -> None:
    lesson = make_lesson(title="Used to and would")
    word = make_vocabulary(headword="kitchen", meaning="dapur")
    await add(db, lesson, word, make_lesson())
    assert await search(db, Lesson, "used to") == [lesson]
    assert await search(db, VocabularyEntry, "dapur") == [word]
    assert await search(db, Lesson, "perkenalan", ["sections"]) == []


async def test_a_near_miss_is_offered(db: AsyncSession) -> None:
    await add(
        db,
        make_lesson(topic="present perfect"),
        make_lesson(topic="past continuous", status="draft"),
        make_vocabulary(headword="kitchen"),
    )
    sources = [select(Lesson.topic).where(Lesson.status == "published"), VocabularyEntry.headword]
    assert await DatabaseUtils.suggest(db, sources, "presnt perfect") == "present perfect"
    assert await DatabaseUtils.suggest(db, sources, "kichen") == "kitchen"
    assert await DatabaseUtils.suggest(db, sources, "past continous") is None, "a draft"
    assert await DatabaseUtils.suggest(db, sources, "Present Perfect") is None, "already right"
    for hopeless in ("", "zz", "xyzzy", "\0\ud800%_'", "😀" * 10, "x" * 10_000):
        assert await DatabaseUtils.suggest(db, sources, hopeless) is None


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"model": User}, "model"),
        ({"model": dict}, "model"),
        ({"model": "questions"}, "model"),
        ({"search_fields": ["stem", "answer_key"]}, "search_fields"),
        ({"search_fields": []}, "search_fields"),
        ({"search_fields": "stem"}, "search_fields"),
        ({"search_fields": ["stem; DROP TABLE users"]}, "search_fields"),
        ({"filters": {"colour": "red"}}, "colour"),
        ({"filters": {"answer_key": {}}}, "answer_key"),
        ({"filters": {"search_vector": "x"}}, "search_vector"),
        ({"filters": {"level": 1}}, "level"),
        ({"filters": {"level": "A\0"}}, "level"),
        ({"filters": {"level": "\ud800"}}, "level"),
        ({"filters": {"level": ["A1", 2]}}, "level"),
        ({"filters": {"difficulty": "3"}}, "difficulty"),
        ({"filters": {"difficulty": True}}, "difficulty"),
        ({"filters": {"difficulty": 10**12}}, "difficulty"),
        ({"filters": {"author_id": "nobody"}}, "author_id"),
        ({"filters": {"created_at": "yesterday"}}, "created_at"),
        ({"filters": {"created_at": "2026-01-01"}}, "created_at"),
        ({"filters": {"created_at": NOW.replace(tzinfo=None)}}, "created_at"),
        ({"filters": {"level": ["A1"] * 1_001}}, "level"),
        ({"filters": ["level"]}, "filters"),
        ({"search_fields": 5}, "search_fields"),
        ({"options": ["id"]}, "options"),
        ({"limit": 0}, "limit"),
        ({"limit": 10**9}, "limit"),
        ({"limit": "5"}, "limit"),
        ({"limit": True}, "limit"),
        ({"search_term": "x" * 10_000}, "search_term"),
        ({"search_term": None}, "search_term"),
    ],
)
async def test_a_wrong_argument_is_refused_by_name(
    db: AsyncSession, arguments: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await search(db, **{"model": Question, "search_term": "past"} | arguments)
    assert refusal.value.field == field
    assert (await db.scalars(select(Question))).all() == [], "the transaction goes on"


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="ab'\"\\:*&|!<->() -\0%_;$\ud800😀", max_size=60),
    st.sampled_from(["'; DROP TABLE users; --", "a:*", "a <-> b", "!a", "\\", "'", '"', "a & "]),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(term=HOSTILE)
async def test_no_term_fails(db: AsyncSession, term: str) -> None:
    async with db.begin_nested():
        try:
            await search(db, Question, term, ["stem"])
            await search(db, Lesson, term)
            await DatabaseUtils.count_matches(db, Question, f'"{term}" or {term}')
            await DatabaseUtils.suggest(db, [Lesson.topic], term)
        except InvalidInput:
            pass
