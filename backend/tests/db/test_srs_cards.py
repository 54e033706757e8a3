"""Adding, listing and managing cards, and taking over those of another program."""

import csv
import io
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec import structs
from sqlalchemy import select

from app.core.errors import InvalidInput, NotFound
from app.domain.srs import cards as srs_cards
from app.domain.srs import transfer
from app.domain.srs.cards import CardFilter, WordExists
from app.domain.srs.rules import Rating, new_card, seed_from_sm2
from app.domain.srs.transfer import ImportRefused
from app.models import PersonalEntry, SRSCard
from app.models.base import new_id
from tests.conftest import count_queries
from tests.db.study import NOW, TODAY
from tests.factories import make_question, make_vocabulary
from tests.work import work_on

DAY = timedelta(days=1)


async def _words(study, count):
    words = [make_vocabulary() for _ in range(count)]
    await study.add(*words)
    return [("vocabulary", word.id) for word in words]


async def _add(study, items, **options):
    added = await srs_cards.add_cards(work_on(study.session), study.account, items, NOW, **options)
    await study.session.commit()
    return added


async def _days(study):
    """Return on how many days from today each card is first shown, by item and direction."""
    cards = await study.session.scalars(select(SRSCard))
    return {(card.item_id, card.direction): (card.next_review_date - TODAY).days for card in cards}


async def test_words_get_two_cards_that_wait_from_today_on(study):
    items = await _words(study, 4)
    await study.prefer(new_cards_per_day=2)
    assert await _add(study, items[:2]) == 4
    assert await _add(study, items + items) == 4
    assert await _add(study, items) == 0
    assert set((await _days(study)).values()) == {0}
    for card in await study.session.scalars(select(SRSCard)):
        assert study.account.day.date_of(card.due_at) == card.next_review_date
    assert len(await study.shown()) == 2
    assert await study.check() == []


async def test_questions_get_one_card_that_knows_its_passage(study):
    parts = [
        {"id": name, "type": "true_false", "stem": {"en": "She is up.", "id": "Dia bangun."}}
        for name in ("a", "b")
    ]
    passage = {"title": "A day", "text": "Sari gets up at six."}
    key = {"type": "true_false", "value": True}
    reading = make_question(
        id=new_id(),
        type="reading",
        options={"type": "reading", "passage": passage, "parts": parts},
        answer_key={"type": "reading", "parts": {"a": key, "b": key}},
    )
    await study.add(reading)
    about, alone = make_question(passage_id=reading.id), make_question()
    await study.add(about, alone)
    items = [("question", question.id) for question in (reading, about, alone)]
    assert await _add(study, items) == 3
    passages = {
        card.item_id: card.passage_id for card in await study.session.scalars(select(SRSCard))
    }
    assert passages == {reading.id: reading.id, about.id: reading.id, alone.id: None}


async def test_cards_need_an_item_that_exists(study):
    draft = make_question(status="draft")
    stranger = await study.other()
    entry = PersonalEntry(user_id=stranger.account.user_id, headword="x", meaning="y")
    await study.add(draft, entry)
    for item in (("vocabulary", new_id()), ("question", draft.id), ("personal", entry.id)):
        with pytest.raises(NotFound):
            await _add(study, [item])
    with pytest.raises(InvalidInput):
        await _add(study, [("lesson", new_id())])
    assert await _add(study, []) == 0


async def test_a_word_of_ones_own_has_two_cards_and_one_entry(study):
    async def add(headword, study=study):
        entry = await srs_cards.add_personal_word(
            work_on(study.session), study.account, headword, "  tanpa   persiapan ", " ", NOW
        )
        await study.session.commit()
        return entry

    entry_id = await add("wing it")
    entry = await study.session.get(PersonalEntry, entry_id)
    assert (entry.headword, entry.meaning, entry.example) == ("wing it", "tanpa persiapan", None)
    assert sorted((await _days(study)).values()) == [0, 0]
    with pytest.raises(WordExists):
        await add(" wing  it")
    await add("wing it", await study.other())
    for headword in ("", "   ", "a" * 256, "a\0"):
        with pytest.raises(InvalidInput) as error:
            await add(headword)
        assert error.value.field == "headword"


# --- the browser ----------------------------------------------------------------------------------


async def _list(study, sort="due", **wanted):
    page = await srs_cards.list_cards(
        work_on(study.session), study.account, NOW, CardFilter(**wanted), sort=sort
    )
    return [card.card_id for card in page.items]


async def test_cards_are_found_by_state_kind_and_words(study):
    memory = {"stability": 3.0, "difficulty": 5.0}
    reviewed = {"review_count": 1, "revision": 1, "last_reviewed_at": NOW - DAY}
    word = make_vocabulary(headword="Teacher's pet")
    translated = {"id": {"stem": "100 % benar?", "explanation": "Ya."}}
    question = make_question(stem="100 % right?", translations=translated)
    own = PersonalEntry(user_id=study.account.user_id, headword="teach in", meaning="x")
    await study.add(word, question, own)
    new = await study.add_card(item_id=word.id)
    steps = await study.add_card(item_id=word.id, direction="production", **memory, **reviewed)
    learnt = await study.add_card(
        item_type="question", item_id=question.id, is_learning=False, interval=3, lapses=8, **memory,
        next_review_date=TODAY + DAY,
    )  # fmt: skip
    personal = await study.add_card(item_type="personal", item_id=own.id)
    await (await study.other()).add_card(item_id=word.id)
    await study.manage("suspend", learnt)
    await study.manage("bury", steps)
    assert set(await _list(study)) == {new, steps, learnt, personal}
    assert (await _list(study))[-1] == learnt
    assert set(await _list(study, state="new")) == {new, personal}
    assert await _list(study, state="learning") == [steps]
    assert await _list(study, state="review") == [learnt]
    assert await _list(study, state="suspended") == [learnt]
    assert await _list(study, state="buried") == [steps]
    assert await _list(study, state="leech") == [learnt]
    assert await _list(study, item_type="question") == [learnt]
    assert await _list(study, direction="production") == [steps]
    assert set(await _list(study, text="TEACH")) == {new, steps, personal}
    assert await _list(study, text=" % ") == [learnt]
    assert await _list(study, text="_") == []
    assert await _list(study, text="teach\0") == []  # which no column can hold
    assert set(await _list(study, "difficulty")) == {steps, learnt}
    assert (await _list(study, "lapses"))[0] == learnt
    page = await srs_cards.list_cards(work_on(study.session), study.account, NOW)
    shown = {card.card_id: card for card in page.items}
    assert (shown[new].front, shown[new].back) == ("Teacher's pet", "guru")
    assert (shown[learnt].front, shown[learnt].back) == ("100 % right?", None)
    assert (shown[learnt].is_leech, shown[learnt].is_suspended) == (True, True)
    assert shown[steps].buried_until == TODAY + DAY


async def test_pages_of_cards_follow_each_other_in_two_statements_each(study):
    cards = [await study.add_card(next_review_date=TODAY + n * DAY) for n in range(7)]
    seen, cursor = [], None
    while True:
        with count_queries(study.database) as queries:
            page = await srs_cards.list_cards(
                work_on(study.session), study.account, NOW, limit=3, cursor=cursor
            )
        assert queries.count == 2
        seen += [card.card_id for card in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == cards


# --- managing -------------------------------------------------------------------------------------


async def test_a_reset_card_is_new_and_its_log_says_so(study):
    card_id, fresh = await study.add_card(), await study.add_card()
    await study.submit(card_id, 4)
    later = NOW + 3 * DAY
    assert await study.manage("reset", card_id, fresh, now=later) == 2
    assert await study.state(card_id) == structs.replace(
        new_card(later, study.account.day), revision=2
    )
    assert [row.kind for row in await study.log(card_id)] == ["review", "reset"]
    assert await study.log(fresh) == []  # it was new already
    assert await study.manage("reset", card_id, now=later) == 1
    assert len(await study.log(card_id)) == 2
    await study.submit(card_id, 4, now=later)
    days = await study.days()
    assert [amounts[2] for amounts in days.values()] == [1, 1]  # new on both days
    assert await study.check() == []


async def test_a_late_review_of_before_a_reset_changes_nothing_after_it(study):
    card_id = await study.add_card()
    await study.manage("suspend", card_id)
    await study.submit(card_id, 4)
    await study.manage("reset", card_id, now=NOW + 2 * DAY)
    state = await study.state(card_id)
    await study.submit(card_id, 1, reviewed_at=NOW + DAY, now=NOW + 3 * DAY)
    assert await study.state(card_id) == structs.replace(state, revision=state.revision + 1)
    assert (await study.card(card_id)).is_suspended
    assert await study.check() == []


async def test_a_rescheduled_card_is_due_on_that_day_with_the_same_memory(study):
    learnt, new = await study.add_card(), await study.add_card()
    await study.submit(learnt, 4)
    before = await study.state(learnt)
    day = TODAY + 40 * DAY
    assert await study.manage("reschedule", learnt, new, due_on=day) == 2
    for card_id in (learnt, new):
        state = await study.state(card_id)
        assert (state.next_review_date, state.due_at) == (day, study.account.day.start_of(day))
    after = await study.state(learnt)
    assert (after.stability, after.interval) == (before.stability, 40)
    assert await study.manage("reschedule", learnt, due_on=day) == 1
    assert [row.kind for row in await study.log(learnt)] == ["review", "reschedule"]
    await study.manage("reschedule", learnt, due_on=TODAY)
    assert await study.shown() == [learnt]
    assert await study.check() == []


@pytest.mark.parametrize("due_on", [None, TODAY - DAY, date.min, date.max])
async def test_no_card_is_moved_to_a_day_that_is_over(study, due_on):
    card_id = await study.add_card()
    with pytest.raises(InvalidInput) as error:
        await study.manage("reschedule", card_id, due_on=due_on)
    assert error.value.field == "due_on"


@pytest.mark.parametrize(
    "action", ["suspend", "unsuspend", "bury", "unbury", "reset", "reschedule"]
)
async def test_all_cards_are_changed_or_none(study, action):
    mine = await study.add_card()
    await study.submit(mine, 4)
    theirs = await (await study.other()).add_card()
    before = await study.card(mine)
    columns = {column.name: getattr(before, column.name) for column in SRSCard.__table__.columns}
    for other in (theirs, new_id()):
        with pytest.raises(NotFound):
            await study.manage(action, mine, other, due_on=TODAY + DAY)
    after = await study.card(mine)
    assert {name: getattr(after, name) for name in columns} == columns
    for cards in ([], [new_id() for _ in range(501)]):
        with pytest.raises(InvalidInput) as error:
            await study.manage(action, *cards, due_on=TODAY + DAY)
        assert error.value.field == "card_ids"


# --- in and out -----------------------------------------------------------------------------------


async def _import(study, content, kind="csv", now=NOW):
    return await transfer.import_sm2(
        work_on(study.database), study.account, content, now, format=kind
    )


async def test_cards_of_another_program_come_with_their_memory(study):
    words = [
        make_vocabulary(slug="teacher-noun", headword="Teacher"),
        make_vocabulary(headword="go"),
    ]
    question = make_question(slug="to-be-1")
    own = PersonalEntry(user_id=study.account.user_id, headword="Wing it", meaning="x")
    await study.add(*words, question, own)
    lines = [
        {"item": "TEACHER", "ease": 2.5, "interval": 10, "repetitions": 4,
         "last_reviewed": "2026-02-28"},
        {"item": "go", "ease": 1.3, "interval": 30, "direction": "production"},
        {"item": "to-be-1", "ease": 2.1, "interval": 2, "last_reviewed": "2026-01-02"},
        {"item": "wing it", "ease": 3.0, "interval": 5},
    ]  # fmt: skip
    content = "\n".join(json.dumps(line) for line in lines)
    report = await _import(study, content, "jsonl")
    assert (report.imported, report.skipped) == (4, 0)
    cards = {card.item_id: card for card in await study.session.scalars(select(SRSCard))}
    teacher = cards[words[0].id]
    assert (teacher.interval, teacher.ease_factor, teacher.repetitions) == (10, Decimal("2.50"), 4)
    assert (teacher.stability, teacher.difficulty) == seed_from_sm2(2.5, 10)
    assert teacher.next_review_date == date(2026, 3, 10)
    assert cards[words[1].id].direction == "production"
    assert cards[words[1].id].next_review_date == TODAY + 30 * DAY
    assert await study.shown() == [cards[question.id].id]
    (entry,) = await study.log(teacher.id)
    assert (entry.kind, entry.rating, entry.day) == ("import", None, TODAY)
    assert await study.check() == []
    assert (await _import(study, content, "jsonl")).skipped == 4
    due = study.account.day.start_of(date(2026, 3, 10))
    await study.submit(teacher.id, 3, now=due)
    assert (await study.log(teacher.id))[1].elapsed_days == 10
    again = await _import(study, content, "jsonl", now=due)
    assert (again.imported, again.skipped) == (0, 4)
    assert await study.check() == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("nothing,2.5,3,1,,", "line 3, item: no word or question has this name"),
        ("light,2.5,3,1,,", "line 3, item: write one of light-adjective, light-noun"),
        ("go,2.5,3,1,,", "line 3, item: line 2 has this card"),
        ("light-noun,1.2,3,1,,", "line 3, ease: "),
        ("light-noun,2.5,0,1,,", "line 3, interval: "),
        ("light-noun,2.5,x,1,,", "line 3, interval: "),
        ("light-noun,2.5,3,-1,,", "line 3, repetitions: "),
        ("light-noun,2.5,3,1,2026-03-03,", "line 3, last_reviewed: "),
        ("light-noun,2.5,3,1,yesterday,", "line 3, last_reviewed: "),
        ("light-noun,2.5,3,1,,sideways", "line 3, direction: "),
        ("to-be-1,2.5,3,1,,production", "line 3, direction: "),
        (",2.5,3,1,,", "line 3, item: "),
        ("light-noun,2.5,3,1,,,more", "line 3: 7 cells, but the header has 6"),
        ('"light-noun,2.5', "line 3: not CSV"),
    ],
)
async def test_a_wrong_line_is_named_with_its_field_and_nothing_is_written(study, line, problem):
    await study.add(
        make_vocabulary(headword="go"),
        make_vocabulary(slug="light-noun", headword="light"),
        make_vocabulary(slug="light-adjective", headword="light", part_of_speech="adjective"),
        make_question(slug="to-be-1"),
    )
    header = "item,ease,interval,repetitions,last_reviewed,direction"
    with pytest.raises(ImportRefused) as error:
        await _import(study, f"{header}\ngo,2.5,3,1,,\n{line}\n")
    assert any(str(found).startswith(problem) for found in error.value.problems), error.value
    assert (await study.session.scalars(select(SRSCard))).all() == []


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        ("", "csv", "the file is empty"),
        ("\n\n", "jsonl", "there are no cards"),
        ("item,ease,interval\n", "csv", "there are no cards"),
        ("item\n", "csv", "line 1, ease: the header lacks this column"),
    ],
)
async def test_an_import_of_nothing_says_so(study, content, kind, said):
    with pytest.raises(ImportRefused, match=said):
        await _import(study, content, kind)


async def test_the_whole_log_is_exported_in_time_order(study):
    card_id, other = await study.add_card(), await study.add_card()
    await study.submit(card_id, 4)
    await study.submit(other, 1, now=NOW + 2 * DAY, reviewed_at=NOW - DAY)
    await study.undo(NOW + 2 * DAY)
    await study.manage("reset", card_id, now=NOW + 3 * DAY)
    stranger = await study.other()
    await stranger.submit(await stranger.add_card())
    rows = {}
    for kind in ("csv", "jsonl"):
        chunks = [
            chunk
            async for chunk in transfer.export_reviews(work_on(study.database), study.account, kind)
        ]
        rows[kind] = b"".join(chunks).decode()
    table = list(csv.DictReader(io.StringIO(rows["csv"])))
    lines = [json.loads(line) for line in rows["jsonl"].splitlines()]
    assert [line["kind"] for line in lines] == ["review", "review", "undo", "reset"]
    assert [row["id"] for row in table] == [line["id"] for line in lines]
    assert (lines[0]["rating"], lines[0]["day"], lines[0]["state_before"]) == (
        Rating.AGAIN,
        "2026-03-01",
        "learning",
    )
    assert lines[2]["target_id"] == lines[0]["id"]
    assert all(line["item"].startswith("word-") for line in lines)
