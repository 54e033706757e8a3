"""The product's search: one list over lessons, vocabulary and questions, with snippets."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import load_only

from app.core.database_utils import DatabaseUtils
from app.core.errors import InvalidInput
from app.core.work import Work
from app.domain.curriculum import queries
from app.models import Lesson, Question, VocabularyEntry
from app.search.full_text import Matches
from app.search.limits import search_limits
from app.search.terms import parse_term

Kind = queries.Kind
KINDS: tuple[Kind, ...] = ("lesson", "question", "vocabulary")
MAX_HITS = 50

# Each kind: its model, the bind parameter of its ids, and what makes a row public.
_SOURCES: dict[Kind, tuple[type[Any], str, dict[str, str]]] = {
    "lesson": (Lesson, "lessons", {"status": "published"}),
    "question": (Question, "questions", {"status": "published"}),
    "vocabulary": (VocabularyEntry, "words", {}),
}
_MARKED = re.compile(f"{queries.MARK_START}(.*?){queries.MARK_STOP}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A stretch of a snippet; `is_match` where it should be highlighted."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One result. `snippet` is plain text; `fragments` are the same with the matches marked.

    `question_type` is None for what is no question.
    """

    kind: Kind
    id: UUID
    slug: str | None
    title: str
    title_id: str | None
    level: str
    lesson_slug: str | None
    question_type: str | None
    fragments: list[Fragment]

    @property
    def snippet(self) -> str:
        """The text around the match."""
        return "".join(fragment.text for fragment in self.fragments)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best hits; `total` counts all kinds, at least that many when not `total_is_exact`."""

    hits: list[SearchHit]
    total: int
    total_is_exact: bool
    suggestion: str | None


async def search(
    work: Work,
    term: str,
    *,
    kinds: Collection[Kind] = KINDS,
    level: str | None = None,
    limit: int = 20,
    language: Literal["en", "id"] = "en",
) -> SearchResult:
    """Return published content that matches `term`, in English or Indonesian, best first.

    Hits in a title come before all others, then the best of each kind take turns. Where the text
    matches in both languages, the snippet is in `language`. When nothing is found, a similar title,
    topic or headword is suggested. One statement a kind, and one for the snippets (or the
    suggestion). Raises InvalidInput for unknown kinds and for terms that `parse_term` refuses,
    SearchTooSlow when a statement takes longer than `SEARCH_TIMEOUT_MS`.
    """
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise InvalidInput(
            f"no kind {', '.join(unknown)}; there are {', '.join(KINDS)}", field="kinds"
        )
    parsed = parse_term(term)
    if not parsed:
        return SearchResult([], 0, total_is_exact=True, suggestion=None)
    limit = max(1, min(limit, MAX_HITS))
    async with search_limits(work.session):
        found = {
            kind: await _find(work, kind, term, level, limit) for kind in KINDS if kind in kinds
        }
        if not any(matches.rows for matches in found.values()):
            suggestion = await DatabaseUtils.suggest(work.session, queries.SUGGESTION_SOURCES, term)
            return SearchResult([], 0, total_is_exact=True, suggestion=suggestion)
        ids = {
            name: [row.id for row in found[kind].rows] if kind in found else []
            for kind, (_, name, _) in _SOURCES.items()
        }
        values = {**ids, "term": parsed.query, "limit": limit, "language": language}
        hits = [_hit(row) for row in await _fetch_hits(work, values)]
    totals = [matches.total for matches in found.values()]
    return SearchResult(
        hits, sum(total.value for total in totals), all(total.is_exact for total in totals), None
    )


async def _find(work: Work, kind: Kind, term: str, level: str | None, limit: int) -> Matches[Any]:
    model, _, public = _SOURCES[kind]
    filters = public | ({"level": level} if level else {})
    return await DatabaseUtils.find_matches(
        work.session, model, term, filters=filters, limit=limit, options=[load_only(model.id)]
    )


async def _fetch_hits(work: Work, values: dict[str, Any]) -> list[queries.HitRow]:
    """Run FETCH_HITS on the session's connection: outside a transaction no other has its limits."""
    statement, connection = queries.FETCH_HITS, await work.session.connection()
    found = await connection.exec_driver_sql(statement.text, tuple(statement.values(values)))
    return [statement.row(*row) for row in found]


def _hit(row: queries.HitRow) -> SearchHit:
    # Every second piece stood between the marks.
    pieces = _MARKED.split(row.snippet or "")
    fragments = [
        Fragment(piece, is_match=index % 2 == 1) for index, piece in enumerate(pieces) if piece
    ]
    return SearchHit(
        kind=row.kind,
        id=row.id,
        slug=row.slug,
        title=row.title,
        title_id=row.title_id,
        level=row.level,
        lesson_slug=row.lesson_slug,
        question_type=row.question_type,
        fragments=fragments,
    )
