"""“Did you mean”: the most similar text in columns that have a trigram index."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from app.core.arguments import require_all, require_kind
from app.search.limits import search_limits
from app.search.spelling import fold

SUGGESTION_SIMILARITY = 0.4
"""Least trigram similarity of a suggestion. The index itself uses pg_trgm's threshold, 0.3."""
SUGGESTION_LENGTH = range(3, 101)


async def suggest(
    session: AsyncSession, sources: Sequence[InstrumentedAttribute[str] | Select[Any]], term: str
) -> str | None:
    """Return the most similar text among `sources` ("did you mean"), or None when none is close.

    A source is a column with a trigram index, or a select of one (to leave out drafts).
    """
    require_all("sources", sources, (InstrumentedAttribute, Select), "columns or selects of one")
    require_kind("term", term, str, "text")
    wanted = fold(term)
    if len(wanted) not in SUGGESTION_LENGTH or not sources:
        return None
    closest = union_all(*(_closest(source, wanted) for source in sources)).subquery()
    query = select(closest.c.value).order_by(closest.c.similarity.desc(), closest.c.value).limit(1)
    async with search_limits(session):
        closest_text: str | None = await session.scalar(query)
    return closest_text


def _closest(source: InstrumentedAttribute[str] | Select[Any], term: str) -> Any:
    query = source if isinstance(source, Select) else select(source)
    (column,) = query.selected_columns
    similarity = func.similarity(column, term)
    best = (
        query.with_only_columns(column.label("value"), similarity.label("similarity"))
        .where(
            column.op("%", is_comparison=True)(term),  # the operator that the index serves
            similarity >= SUGGESTION_SIMILARITY,
            func.lower(column) != term.lower(),
        )
        .order_by(similarity.desc(), column)
        .limit(1)
    )
    return best.subquery().select()
