"""A learner's memory in and out: cards of an SM-2 program from a file, the log into one."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from app.core.bulk_export import Format, export_pages
from app.core.errors import InvalidInput
from app.core.work import Work, transactional
from app.domain.accounts.account import Account
from app.domain.srs import log_queries, transfer_queries
from app.domain.srs.deck_lines import DeckLine, LineProblem, SM2Row, read_deck
from app.domain.srs.history import append
from app.domain.srs.log import Entry, Given
from app.domain.srs.log_queries import Logged
from app.domain.srs.rules import seed_from_sm2
from app.domain.srs.transfer_queries import ImportedCard
from app.models.base import new_id

NAMED_PROBLEMS = 10


class ImportRefused(InvalidInput):
    """Lines of an import were refused, so nothing was written. `problems` names every one."""

    code = "import_refused"

    def __init__(self, problems: Sequence[LineProblem]) -> None:
        shown = [str(problem) for problem in problems[:NAMED_PROBLEMS]]
        if len(problems) > NAMED_PROBLEMS:
            shown.append(f"and {len(problems) - NAMED_PROBLEMS} more")
        super().__init__("; ".join(shown), field="content")
        self.problems = problems


class ImportReport(msgspec.Struct, frozen=True):
    """What an import did: cards made or taken over, and those left alone, reviewed here already."""

    imported: int
    skipped: int


@transactional()
async def import_sm2(
    work: Work,
    account: Account,
    content: str | bytes,
    now: datetime,
    *,
    format: Format = "csv",  # noqa: A002 - the word of the API
) -> ImportReport:
    """Take over the cards of an SM-2 program (at most MAX_IMPORTED), all of them or none.

    CSV, as any spreadsheet writes it, has a header with the fields of SM2Row, JSON Lines an object
    a line. Each card gets the memory that its numbers speak of (see `seed_from_sm2`) as an entry of
    its log, and is due one interval after its last review; one that is missing is made. What the
    learner has reviewed here stays as it is, and what was imported with the same numbers before.
    Locks the cards.

    Raises ImportRefused, which names every line and field that is wrong.
    """
    today = account.day.date_of(now)
    lines, problems = read_deck(content, format, today)
    items = await transfer_queries.find_items(
        work, account.user_id, sorted({line.row.item for line in lines})
    )
    wrong = problems + _unknown(lines, items)
    if wrong:
        raise ImportRefused(sorted(wrong))
    return await _store(work, account, lines, items, now)


def _unknown(
    lines: Sequence[DeckLine], items: Mapping[str, Sequence[transfer_queries.Item]]
) -> list[LineProblem]:
    problems, first_lines = [], dict[tuple[UUID, str], int]()
    for line in lines:
        found = items.get(line.row.item, ())
        if not found:
            problems.append(LineProblem(line.number, "item", "no word or question has this name"))
        elif len(found) > 1:
            slugs = ", ".join(sorted(item.slug for item in found))
            problems.append(LineProblem(line.number, "item", f"write one of {slugs}"))
        elif found[0].item_type == "question" and line.row.direction == "production":
            problems.append(LineProblem(line.number, "direction", "questions have no other"))
        else:
            card = found[0].item_id, line.row.direction
            first = first_lines.setdefault(card, line.number)
            if first != line.number:
                problems.append(LineProblem(line.number, "item", f"line {first} has this card"))
    return problems


async def _store(
    work: Work,
    account: Account,
    lines: Sequence[DeckLine],
    items: Mapping[str, Sequence[transfer_queries.Item]],
    now: datetime,
) -> ImportReport:
    today = account.day.date_of(now)
    wanted, dated = {}, {}
    for line in lines:
        (item,) = items[line.row.item]
        card = ImportedCard(item.item_type, item.item_id, line.row.direction, item.passage_id)
        wanted[card] = _given(account, line.row, today)
        dated[card] = line.row.last_reviewed is not None
    ids = await transfer_queries.ensure_cards(work, account.user_id, list(wanted), today, now)
    cards = await log_queries.lock_cards(work, account.user_id, list(ids.values()))
    action_id = new_id()
    entries = {
        ids[card]: Entry(
            new_id(),
            "import",
            now,
            today,
            settings_id=account.srs_settings_id,
            given=given,
            action_id=action_id,
        )
        for card, given in wanted.items()
        if _is_news(cards[ids[card]], given, is_dated=dated[card])
    }
    await append(work, account, cards, entries, now)
    return ImportReport(imported=len(entries), skipped=len(wanted) - len(entries))


def _given(account: Account, row: SM2Row, today: date) -> Given:
    stability, difficulty = seed_from_sm2(float(row.ease), row.interval)
    due_on = (row.last_reviewed or today) + timedelta(days=row.interval)
    return Given(
        due_at=account.day.start_of(due_on),
        interval=row.interval,
        ease_factor=round(row.ease, 2),
        repetitions=row.repetitions,
        stability=stability,
        difficulty=difficulty,
    )


def _is_news(card: Logged, given: Given, *, is_dated: bool) -> bool:
    """Return whether an imported row changes a card: one that was reviewed here stays as it is."""
    state = card.state
    known: tuple[Any, ...] = (state.interval, state.ease_factor, state.repetitions)
    told: tuple[Any, ...] = (given.interval, given.ease_factor, given.repetitions)
    is_known = state.stability is not None and known == told
    if is_dated:
        is_known = is_known and state.due_at == given.due_at
    return state.review_count == 0 and not is_known


async def export_reviews(
    work: Work,
    account: Account,
    format: Format = "csv",  # noqa: A002 - as import_sm2
) -> AsyncIterator[bytes]:
    """Yield the learner's whole log (every kind of entry, in time order), in constant memory.

    Items are named by slug or headword; times are UTC, days the learner's, intervals in days. Holds
    no connection while a chunk is read, and tells of what was stored when it began. Raises
    InvalidInput for another format.
    """
    query, key = transfer_queries.whole_log(account.user_id), transfer_queries.LOG_ORDER
    async for chunk in export_pages(work.database, query, key, format):
        yield chunk


def import_format(name: str) -> Format:
    """Return the format of a file by its name; CSV unless it ends in .jsonl."""
    return "jsonl" if name.lower().endswith(".jsonl") else "csv"
