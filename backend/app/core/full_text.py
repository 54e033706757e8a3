"""Full-text search over a model's stored `search_vector`, counts of matches, and "did you mean".

Matches are found through the GIN index; a bounded set of them (candidates) is checked again where
the index cannot tell, and ranked. Mapped classes arrive as arguments.
"""

import functools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import REGCONFIG, TSQUERY, TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, Mapper
from sqlalchemy.orm.interfaces import ORMOption as ExecutableOption

from app.core.errors import InvalidInput
from app.core.mapped import conditions, mapper_of, refusing_bad_values
from app.core.search_terms import SearchTerm, Unit, parse_term, visible

T = TypeVar("T")
MAX_LIMIT = 200
CANDIDATES = 1_000
CHECKED_CANDIDATES = 5_000
"""How many matches are ranked; more when they must be checked for words as typed as well."""
SUGGESTION_SIMILARITY = 0.4
"""Least trigram similarity of a suggestion. The index itself uses pg_trgm's threshold, 0.3."""
# Weights of D, C, B, A in ts_rank_cd; 1: divided by 1 + the logarithm of the length of the text.
_WEIGHTS: ColumnElement[Any] = literal_column("'{0.05, 0.1, 0.3, 1.0}'::real[]")
_RANK_NORMALIZATION: ColumnElement[Any] = literal_column("1")
_EXACT = "simple"
PARTS = "search_parts"
"""Key under which a `search_vector` column's info holds its `SearchPart`s."""
SUGGESTION_LENGTH = range(3, 101)


class SearchPart(NamedTuple):
    """One source of a `search_vector`: the field it belongs to, and what goes in with which weight.

    `source` is the SQL of a text, or of a jsonb array of texts.
    """

    field: str
    weight: str
    configuration: str
    source: str

    def vector(self, configuration: str | None = None) -> str:
        """Return the SQL of this part's tsvector, in its own or in another configuration."""
        configuration = configuration or self.configuration
        if self.source.startswith("jsonb_"):
            return f"jsonb_to_tsvector('{configuration}', {self.source}, '[\"string\"]')"
        return f"to_tsvector('{configuration}', coalesce({self.source}, ''))"


@dataclass(frozen=True, slots=True)
class Total:
    """A count; when not `is_exact`, there are at least `value`."""

    value: int
    is_exact: bool


class _Search:
    """One term against one model: the conditions, and the subqueries built from them."""

    def __init__(
        self,
        model: type[Any],
        term: SearchTerm,
        fields: Sequence[str] | None,
        filters: Mapping[str, Any] | None,
    ) -> None:
        self.mapper, self.vector, parts = _searchable(model)
        self.key = self.mapper.primary_key[0]
        self.parts = _chosen(parts, fields)
        self.term = term
        self.configurations = sorted({part.configuration for part in parts})
        self.filters = conditions(self.mapper, filters)
        weights = {part.weight for part in self.parts}
        self.is_narrowed = weights != {part.weight for part in parts}
        self.shares_weights = any(p.weight in weights for p in parts if p not in self.parts)
        self.weights = weights
        is_literal = any(unit.is_literal for units in term.alternatives for unit in units)
        self.needs_check = is_literal or self.shares_weights

    def counted(self, cap: int) -> Select[Any]:
        """Two columns: how many candidates pass, and whether there may be more of them."""
        limit = max(cap, CHECKED_CANDIDATES) if self.needs_check else cap
        found = self._matching(limit + 1).subquery("candidates")
        passed = func.count().filter(*self._checks(found)) if self.needs_check else func.count()
        return cast("Select[Any]", select(passed, func.count() > limit).select_from(found))

    def ranked(self, limit: int) -> Subquery:
        """The keys of the best `limit` matches, with their place."""
        found = self._candidates(CHECKED_CANDIDATES if self.needs_check else CANDIDATES)
        key, seen = found.c[self.key.name], self._seen(found.c[self.vector.name])
        words = self._unit(Unit(self.term.phrase or self.term.alternatives[0][0].text))
        in_title = _only(seen, {"A"}).bool_op("@@")(words)
        wanted = _any([self._query(), words])
        rank = func.ts_rank_cd(_WEIGHTS, seen, wanted, _RANK_NORMALIZATION)
        order = (in_title.desc(), rank.desc(), key)
        return (
            select(key.label("key"), func.row_number().over(order_by=order).label("place"))
            .where(*self._checks(found))
            .order_by(*order)
            .limit(limit)
            .subquery("ranked")
        )

    def _candidates(self, limit: int) -> Subquery:
        """At most `limit` matches, as the index finds them.

        A term of several words is looked up as a phrase first, so that the best matches are
        candidates even when the words are common.
        """
        if self.term.phrase is None:
            return self._matching(limit).subquery("candidates")
        is_phrase = self.vector.bool_op("@@")(self._unit(Unit(self.term.phrase)))
        adjacent = self._matching(limit, is_phrase).subquery()
        others = self._matching(limit, ~is_phrase).subquery()
        # The outer limit ends the work when the phrase alone gives enough: the others may be none,
        # and to find that out is to read every row that holds the words.
        return union_all(adjacent.select(), others.select()).limit(limit).subquery("candidates")

    def _matching(self, limit: int, *conditions: ColumnElement[bool]) -> Select[Any]:
        """Rows that match the whole term. The index serves `vector @@ query`.

        They carry what the checks read: the limit keeps the planner from checking other rows.
        """
        query = self._query()
        carried = self.mapper.local_table.columns if self.needs_check else (self.key, self.vector)
        found = select(*carried).where(self.vector.bool_op("@@")(query), *conditions, *self.filters)
        if self.is_narrowed:
            found = found.where(self._seen(self.vector).bool_op("@@")(query))
        if self.term.excluded:
            unwanted = _any([self._unit(unit) for unit in self.term.excluded])
            found = found.where(~self.vector.bool_op("@@")(unwanted))
        return found.limit(limit)

    def _checks(self, found: Subquery) -> list[ColumnElement[bool]]:
        """What must hold of a candidate beyond what the index can tell."""
        checks = []
        seen = self._seen(found.c[self.vector.name])
        if any(unit.is_literal for units in self.term.alternatives for unit in units):
            checks.append(or_(*(self._as_typed(seen, units) for units in self.term.alternatives)))
        if self.shares_weights:
            exact = literal_column(" || ".join(part.vector() for part in self.parts), TSVECTOR)
            checks.append(exact.bool_op("@@")(self._query()))
        return checks

    def _seen(self, vector: ColumnElement[Any]) -> ColumnElement[Any]:
        """The part of a search vector that is searched."""
        return _only(vector, self.weights) if self.is_narrowed else vector

    def _query(self) -> ColumnElement[Any]:
        return _any([self._all(units) for units in self.term.alternatives])

    def _all(self, units: Sequence[Unit]) -> ColumnElement[Any]:
        return _joined("&&", [self._unit(unit) for unit in units])

    def _unit(self, unit: Unit) -> ColumnElement[Any]:
        """A word or phrase, as stemmed in either language."""
        return _any([_phrase(configuration, unit.text) for configuration in self.configurations])

    def _as_typed(self, seen: ColumnElement[Any], units: Sequence[Unit]) -> ColumnElement[bool]:
        """All units match, and the literal ones as typed, within one field's text."""
        literal = [
            or_(*(_typed_in(part, unit) for part in self.parts))
            for unit in units
            if unit.is_literal
        ]
        return and_(seen.bool_op("@@")(self._all(units)), *literal)


def _searchable(model: Any) -> tuple[Mapper[Any], Any, Sequence[SearchPart]]:
    mapper = mapper_of(model)
    vector = mapper.local_table.columns.get("search_vector")
    if vector is None or PARTS not in vector.info:
        raise InvalidInput(f"{model.__name__} has no full-text search", field="model")
    return mapper, vector, vector.info[PARTS]


def _chosen(parts: Sequence[SearchPart], fields: Sequence[str] | None) -> list[SearchPart]:
    if fields is None:
        return list(parts)
    allowed = {part.field for part in parts}
    unknown = sorted({str(field) for field in fields} - allowed)
    if unknown or not fields or isinstance(fields, str):
        raise InvalidInput(
            f"no search field {', '.join(unknown) or 'given'}; there are "
            f"{', '.join(sorted(allowed))}",
            field="search_fields",
        )
    return [part for part in parts if part.field in fields]


def _phrase(configuration: str, text: str) -> ColumnElement[Any]:
    return func.phraseto_tsquery(literal_column(f"'{configuration}'", REGCONFIG), text)


def _typed_in(part: SearchPart, unit: Unit) -> ColumnElement[bool]:
    exact = literal_column(part.vector(_EXACT), TSVECTOR)
    return exact.bool_op("@@")(_phrase(_EXACT, unit.text))


def _only(vector: ColumnElement[Any], weights: Collection[str]) -> ColumnElement[Any]:
    letters = ",".join(sorted(weights)).lower()
    return func.ts_filter(vector, literal_column(f"'{{{letters}}}'::\"char\"[]"), type_=TSVECTOR)


def _any(queries: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    return _joined("||", queries)


def _joined(operator: str, queries: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    return functools.reduce(
        lambda left, right: left.op(operator, return_type=TSQUERY())(right).self_group(), queries
    )


async def search_full_text(  # noqa: PLR0917 - the specification's signature
    session: AsyncSession,
    model: type[T],
    search_term: str,
    search_fields: Sequence[str] | None = None,
    filters: Mapping[str, Any] | None = None,
    limit: int = 20,
    *,
    options: Sequence[ExecutableOption] = (),
) -> list[T]:
    """Return the rows of `model` that match, best first: a hit in the title before all others.

    The syntax is `search_terms.parse_term`'s; English and Indonesian text are both searched.
    `search_fields` (all by default) narrows to some fields, `filters` are column values (see
    `mapped.conditions`), `options` are loader options. A term without a word finds nothing.
    Raises InvalidInput, naming the argument and what is allowed, for anything else.
    """
    _require_limit(limit)
    search = _Search(model, parse_term(search_term), search_fields, filters)
    if not search.term:
        return []
    ranked = search.ranked(limit)
    query = (
        select(model)
        .join(ranked, ranked.c.key == search.key)
        .order_by(ranked.c.place)
        .options(*options)
    )
    with refusing_bad_values("filters"):
        return list(await session.scalars(query))


async def count_matches(
    session: AsyncSession,
    model: type[Any],
    search_term: str,
    search_fields: Sequence[str] | None = None,
    filters: Mapping[str, Any] | None = None,
    *,
    cap: int = 1_000,
) -> Total:
    """Return how many rows match, counting up to `cap`. Raises as `search_full_text`."""
    search = _Search(model, parse_term(search_term), search_fields, filters)
    if not search.term:
        return Total(0, is_exact=True)
    with refusing_bad_values("filters"):
        count, is_cut = (await session.execute(search.counted(cap))).one()
    return Total(min(count, cap), is_exact=count <= cap and not is_cut)


async def suggest(
    session: AsyncSession, sources: Sequence[InstrumentedAttribute[str] | Select[Any]], term: str
) -> str | None:
    """Return the most similar text among `sources` ("did you mean"), or None when none is close.

    A source is a column with a trigram index, or a select of one (to leave out drafts).
    """
    wanted = " ".join(visible(term).split())
    if len(wanted) not in SUGGESTION_LENGTH:
        return None
    closest = union_all(*(_closest(source, wanted) for source in sources)).subquery()
    query = select(closest.c.value).order_by(closest.c.similarity.desc(), closest.c.value).limit(1)
    return cast("str | None", await session.scalar(query))


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


def _require_limit(limit: int) -> None:
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MAX_LIMIT:
        raise InvalidInput(f"limit must be from 1 to {MAX_LIMIT}", field="limit")
