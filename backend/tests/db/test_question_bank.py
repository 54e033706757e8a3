"""The question bank as a file: what goes in comes out, and bad lines are named."""

import csv
import io
import json
import string
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.curriculum import bulk
from app.domain.curriculum.bulk import ImportReport, export_questions, import_questions
from app.models import Question
from tests.factories import NOW, make_question, make_user
from tests.work import work_on

pytestmark = pytest.mark.each_version

INDONESIAN = {"id": {"stem": "Lengkapi.", "explanation": "Pakai is."}}
CSV = """slug,type,level,skill,difficulty,stem,stem_id,explanation,explanation_id,tags,options,answer_key
bank-1,multiple_choice,A1,grammar,2,"She ___, I think.",Lengkapi.,Use is.,Pakai is.,to be; verbs,"{""choices"": [{""id"": ""a"", ""text"": ""am""}, {""id"": ""b"", ""text"": ""is""}]}","{""choice"": ""b""}"
bank-2,true_false,B1,reading,,Java is an island.,Benar atau salah?,It is.,Betul.,,,"{""value"": true}"
"""


def question(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "slug": f"bank-{number}",
        "type": "multiple_choice",
        "level": "A1",
        "skill": "grammar",
        "stem": f"She ___ number {number}.",
        "options": {"choices": [{"id": "a", "text": "am"}, {"id": "b", "text": "is"}]},
        "answer_key": {"choice": "b"},
        "explanation": "Use is.",
        "translations": INDONESIAN,
        "tags": ["to be"],
    } | fields


def lines(*questions: dict[str, Any] | str) -> io.BytesIO:
    texts = [q if isinstance(q, str) else json.dumps(q) for q in questions]
    return io.BytesIO("\n".join(texts).encode("utf-8", "surrogatepass"))


async def stored(db: AsyncSession) -> dict[str | None, Question]:
    db.expire_all()
    return {q.slug: q for q in await db.scalars(select(Question).order_by(Question.slug))}


def places(report: ImportReport) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.field) for problem in report.problems]


async def test_new_questions_are_drafts_of_their_author(db: AsyncSession) -> None:
    author = make_user(role="author")
    db.add(author)
    await db.flush()
    author_id = author.id
    report = await import_questions(
        work_on(db), lines(question(1), question(2)), NOW, author_id=author_id
    )
    assert (report.inserted, report.updated, report.is_written) == (2, 0, True)
    first = (await stored(db))["bank-1"]
    assert (first.status, first.author_id, first.difficulty) == ("draft", author_id, 3)
    assert first.answer_key.choice == "b"
    assert first.created_at == NOW
    assert first.id.version == 7


async def test_a_second_import_changes_only_what_differs(db: AsyncSession) -> None:
    await import_questions(work_on(db), lines(question(1), question(2)), NOW)
    db.add(make_question(slug="bank-3", translations=INDONESIAN))  # published
    await db.flush()
    later = NOW + timedelta(days=1)
    changed = question(2, stem="Is it ___?"), question(3, stem="We ___ here.")
    report = await import_questions(work_on(db), lines(question(1), *changed), later)
    assert (report.inserted, report.updated, report.unchanged) == (0, 2, 1)
    after = await stored(db)
    assert (after["bank-1"].updated_at, after["bank-2"].updated_at) == (NOW, later)
    assert after["bank-3"].status == "published"
    assert after["bank-3"].stem == "We ___ here."


async def test_what_is_exported_is_imported_unchanged(db: AsyncSession) -> None:
    await import_questions(work_on(db), lines(question(1), question(2, tags=[])), NOW)
    await import_questions(
        work_on(db), io.BytesIO(CSV.replace("bank-", "csv-").encode()), NOW, format="csv"
    )
    db.add(make_question())  # without a slug it is nobody's to name
    await db.flush()
    before = {
        slug: (q.stem, q.options, q.answer_key, q.tags) for slug, q in (await stored(db)).items()
    }
    data = b"".join([chunk async for chunk in export_questions(work_on(db))])
    assert data.count(b"\n") == 4
    report = await import_questions(work_on(db), io.BytesIO(data), NOW)
    assert (report.unchanged, report.problems) == (4, [])
    for row in (await stored(db)).values():
        if row.slug:
            await db.delete(row)
    await db.flush()
    assert (await import_questions(work_on(db), io.BytesIO(data), NOW)).inserted == 4
    after = {
        slug: (q.stem, q.options, q.answer_key, q.tags) for slug, q in (await stored(db)).items()
    }
    assert after == before


async def test_csv_spells_the_same_questions(db: AsyncSession) -> None:
    report = await import_questions(
        work_on(db), io.BytesIO(CSV.encode("utf-8-sig")), NOW, format="csv"
    )
    assert (report.inserted, report.problems) == (2, [])
    rows = await stored(db)
    assert rows["bank-1"].stem == "She ___, I think."
    assert rows["bank-1"].tags == ["to be", "verbs"]
    assert rows["bank-1"].difficulty == 2
    assert rows["bank-1"].options.choices[1].text == "is"
    assert rows["bank-2"].translations.id.explanation == "Betul."
    assert rows["bank-2"].difficulty == 3


BAD_LINES = [
    (question(2, stem=" "), "stem"),
    (question(2, colour="red"), "colour"),
    (question(2, level="C2"), "level"),
    (question(2, level=None), "level"),
    (question(2, about="bank-9"), "about"),
    (question(2, difficulty=9), "difficulty"),
    (question(2, tags=["Nope!"]), "tags[1]"),
    (question(2, type="riddle"), "type"),
    (question(2, answer_key={"choice": "c"}), "answer_key"),
    (question(2, answer_key={"value": True}), "answer_key.choice"),
    (question(2, slug="bank-1"), "slug"),
    (question(2) | {f"x{n}": 1 for n in range(50_000)}, ""),
    (question(2, tags=[1] * 50_000), "tags"),
    ('{"slug": ', ""),
    ("[1, 2]", ""),
    ("null", ""),
    (question(2, stem="nul \0"), "stem"),
    (question(2, stem="half a \ud800 pair"), "stem"),
    (question(2, difficulty=True), "difficulty"),
    (question(2, difficulty="3"), "difficulty"),
    (question(2, difficulty=3.0), "difficulty"),
    (question(2, difficulty=int("9" * 4_000)), "difficulty"),
    (question(2, difficulty=float("inf")), "difficulty"),
    (question(2, difficulty=float("nan")), "difficulty"),
    (question(2, answer_key={"choice": "b\u200b"}), "answer_key.choice"),
    (question(2, explanation="Use&nbsp;is."), "explanation"),
    ('{"slug": "bank-2", "slug": "bank-3"}', "slug"),
    ('{"slug": "bank-2", "options": {"choices": [], "choices": []}}', "choices"),
    ('{"difficulty": 1e999}', "difficulty"),
    ('{"difficulty": ' + "9" * 5_000 + "}", "difficulty"),
    ("[" * 100_000 + "]" * 100_000, ""),
    ('{"options": ' * 5_000 + "1" + "}" * 5_000, ""),
    ('"' + "x" * 200_000 + '"', ""),
    ('{"slug": "\udcff"}', ""),
]


@pytest.mark.parametrize(("bad", "field"), BAD_LINES, ids=[str(n) for n in range(len(BAD_LINES))])
async def test_a_bad_line_is_named_and_nothing_is_written(
    db: AsyncSession, bad: dict[str, Any] | str, field: str
) -> None:
    report = await import_questions(work_on(db), lines(question(1), "", bad, question(4)), NOW)
    assert not report.is_written and report.skipped == 1
    assert (3, field) in places(report)
    assert all(problem.message for problem in report.problems)
    assert await stored(db) == {}


async def test_bad_lines_can_be_left_out(db: AsyncSession) -> None:
    bad = question(2, level="C2"), question(1), question(5, stem="")
    report = await import_questions(
        work_on(db), lines(question(1), *bad, question(4)), NOW, skip_bad=True
    )
    assert (report.inserted, report.skipped, report.is_written) == (2, 3, True)
    assert [line for line, _ in places(report)] == [2, 3, 4]
    assert list(await stored(db)) == ["bank-1", "bank-4"]


async def test_a_published_question_keeps_its_indonesian(db: AsyncSession) -> None:
    db.add(make_question(slug="bank-1", translations=INDONESIAN))
    await db.flush()
    report = await import_questions(work_on(db), lines(question(1, translations={})), NOW)
    assert places(report) == [(1, "translations.id.stem")]
    assert (
        await import_questions(work_on(db), lines(question(2, translations={})), NOW)
    ).inserted == 1


async def test_many_problems_are_counted_and_the_first_spelled_out(db: AsyncSession) -> None:
    bad = [question(n, level="C2") for n in range(2_500)]
    report = await import_questions(work_on(db), lines(*bad), NOW)
    assert (report.problem_count, report.skipped, len(report.problems)) == (2_500, 2_500, 100)
    assert report.problems[-1].line == 100


@pytest.mark.parametrize("count", [0, 9, 10, 11, 30])
async def test_files_of_any_length_arrive_whole(
    db: AsyncSession, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(bulk, "CHUNK_LINES", 10)
    questions = [question(number) for number in range(count)]
    assert (await import_questions(work_on(db), lines(*questions), NOW)).inserted == count
    assert (await import_questions(work_on(db), lines(*questions), NOW)).unchanged == count


@pytest.mark.parametrize("bad", [{"level": "C2"}, {"slug": "bank-3"}])
async def test_a_bad_line_undoes_the_chunks_before_it(
    db: AsyncSession, monkeypatch: pytest.MonkeyPatch, bad: dict[str, str]
) -> None:
    monkeypatch.setattr(bulk, "CHUNK_LINES", 10)
    questions = [question(number) for number in range(35)]
    questions[25] |= bad
    report = await import_questions(work_on(db), lines(*questions), NOW)
    assert (report.inserted, report.is_written) == (0, False)
    assert [line for line, _ in places(report)] == [26]
    assert await stored(db) == {}
    report = await import_questions(work_on(db), lines(*questions), NOW, skip_bad=True)
    assert (report.inserted, report.skipped) == (34, 1)


async def test_an_endless_line_is_refused_without_reading_it_whole(db: AsyncSession) -> None:
    long = '{"slug": "' + "x" * 2_500_000 + '"}'
    report = await import_questions(work_on(db), lines(question(1), long, question(3)), NOW)
    assert [line for line, _ in places(report)] == [2]


@pytest.mark.parametrize(
    "cells",
    [
        "bank-1,true_false,A1,grammar,,Stem.,Soal.,Why.,Sebab.,,,{not json",
        'bank-1,true_false,A1,grammar,,Stem.,Soal.,Why.,Sebab.,,,"{""value"": true}",extra',
        "bank-1",
    ],
)
async def test_a_bad_csv_row_is_named(db: AsyncSession, cells: str) -> None:
    file = io.BytesIO(f"{CSV.splitlines()[0]}\n{cells}\n".encode())
    report = await import_questions(work_on(db), file, NOW, format="csv")
    assert {line for line, _ in places(report)} == {2}
    assert await stored(db) == {}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.binary(max_size=200), as_csv=st.booleans())
async def test_no_file_fails_otherwise(db: AsyncSession, data: bytes, as_csv: bool) -> None:
    header = CSV.splitlines()[0].encode() + b"\n" if as_csv else b""
    report = await import_questions(
        work_on(db), io.BytesIO(header + data), NOW, format="csv" if as_csv else "jsonl"
    )
    assert report.inserted == 0
    assert report.problems
    assert all(str(problem).isprintable() for problem in report.problems)


def long_question(number: int) -> dict[str, Any]:
    """Return a question whose words make a search vector of more than 1 MB."""
    words = map("".join, product(string.ascii_lowercase, repeat=4))

    def text(characters: int) -> str:
        return " ".join(next(words) for _ in range(characters // 5))

    def choices() -> list[dict[str, str]]:
        return [{"id": f"c{n}", "text": text(9_900)} for n in range(8)]

    parts = [
        {
            "id": f"p{n}",
            "type": "multiple_choice",
            "stem": {"en": "x", "id": "x"},
            "options": {"type": "multiple_choice", "choices": choices()},
        }
        for n in range(12)
    ]
    keys = {f"p{n}": {"choice": "c1"} for n in range(12)}
    passage = {"title": "x", "text": "x"}
    return question(
        number,
        type="reading",
        options={"passage": passage, "parts": parts},
        answer_key={"parts": keys},
    )


async def test_a_question_too_long_for_the_search_index_is_the_only_one_left_out(
    db: AsyncSession,
) -> None:
    file = question(1), long_question(2), question(3), long_question(4), question(5, level="C2")
    report = await import_questions(work_on(db), lines(*file), NOW)
    assert (report.is_written, report.skipped) == (False, 3)
    assert [line for line, _ in places(report)] == [2, 4, 5]
    assert "shorten" in report.problems[0].message
    assert await stored(db) == {}
    report = await import_questions(work_on(db), lines(*file), NOW, skip_bad=True)
    assert (report.inserted, report.skipped) == (2, 3)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "csv"),
        (b"", "jsonl"),
        (b"\n \n", "jsonl"),
        (CSV.splitlines()[0].encode(), "csv"),
        (CSV.partition("\n")[2].encode(), "csv"),
        (CSV.replace(",stem,", ",question,").encode(), "csv"),
        (CSV.encode("utf-16"), "csv"),
        (json.dumps(question(1)).encode("utf-16"), "jsonl"),
    ],
)
@pytest.mark.parametrize("skip_bad", [False, True])
async def test_a_file_that_holds_no_questions_says_why(
    db: AsyncSession, data: bytes, kind: Any, skip_bad: bool
) -> None:
    report = await import_questions(
        work_on(db), io.BytesIO(data), NOW, format=kind, skip_bad=skip_bad, name="bank.csv"
    )
    assert report.problems
    assert report.inserted == 0
    assert await stored(db) == {}


async def test_a_bad_byte_costs_one_row_and_names_its_column(db: AsyncSession) -> None:
    data = CSV.encode().replace(b"Use is.", b"Use \xe9.")
    report = await import_questions(work_on(db), io.BytesIO(data), NOW, format="csv", skip_bad=True)
    assert (report.inserted, places(report)) == (1, [(2, "explanation")])
    data = CSV.encode().replace(b"Lengkapi.", "Leng\u200bkapi.".encode())
    report = await import_questions(work_on(db), io.BytesIO(data), NOW, format="csv", skip_bad=True)
    assert places(report) == [(2, "stem_id")]
    assert "U+200B ZERO WIDTH SPACE" in report.problems[0].message


async def test_what_stands_in_content_too_is_named(db: AsyncSession) -> None:
    await import_questions(work_on(db), lines(question(1), question(2)), NOW)
    later = NOW + timedelta(days=1)
    changed = question(1), question(2, stem="Is it ___?"), question(3)
    seeded = {"bank-1", "bank-2", "bank-3", "bank-9"}
    report = await import_questions(work_on(db), lines(*changed), later, seeded=seeded)
    assert report.seeded == ["bank-2", "bank-3"]


async def test_long_lines_are_read_in_smaller_chunks(
    db: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CHUNK_CHARACTERS", 1_000)
    questions = [question(number) for number in range(30)]
    assert (await import_questions(work_on(db), lines(*questions), NOW)).inserted == 30


@pytest.mark.parametrize("form", ["csv", "excel"])
async def test_a_spreadsheet_gets_every_question_and_gives_it_back(
    db: AsyncSession, form: Any
) -> None:
    texts = ["=1+1", "-ing", "'-ing'", '"a;b", c', "a\nb", "@x"]
    questions = [
        question(n, stem=text, explanation=text, tags=["to be", "verbs"])
        | {"translations": {"id": {"stem": text, "explanation": text}}}
        for n, text in enumerate(texts)
    ]
    await import_questions(work_on(db), lines(*questions), NOW)
    data = b"".join([chunk async for chunk in export_questions(work_on(db), form)])
    assert data.startswith(b"\xef\xbb\xbfslug;type;" if form == "excel" else b"slug,type,")
    cells = list(
        csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";" if form == "excel" else ",")
    )
    assert cells[1][5] == "'=1+1"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in cells for cell in row)
    report = await import_questions(
        work_on(db), io.BytesIO(data), NOW + timedelta(days=1), format="csv"
    )
    assert (report.unchanged, report.problems) == (len(texts), [])
