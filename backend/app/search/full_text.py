"""Full-text search over a model's stored `search_vector`, and counts of matches.

Matches are found through the GIN index; a bounded set of them (candidates) is checked again where
the index cannot tell, and ranked. Mapped classes arrive as arguments.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import REGCONFIG, TSQUERY, TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.interfaces import ORMOption as ExecutableOption

from app.core.arguments import require_all, require_whole
from app.core.errors import InvalidInput
from app.core.mapped import conditions, mapper_of, refusing_bad_values
from app.search.limits import search_limits
from app.search.spelling import compounds, spellings
from app.search.terms import Unit, Units, parse_term

T = TypeVar("T")
MAX_LIMIT = 200
CANDIDATES = 1_000
"""How many matches are checked for words as typed, and ranked."""
# Weights of D, C, B, A in ts_rank_cd; 1: divided by 1 + the logarithm of the length of the text.
_WEIGHTS: ColumnElement[Any] = literal_column("'{0.05, 0.1, 0.3, 1.0}'::real[]")
_RANK_NORMALIZATION: ColumnElement[Any] = literal_column("1")
_EXACT = "simple"
PARTS = "search_parts"
"""Key under which a `search_vector` column's info holds its `SearchPart`s."""


class SearchPart(NamedTuple):
    """One source of a `search_vector`: the field it belongs to, and what goes in with which weight.

    `source` is the SQL of a text, or of a jsonb array of texts.
    """

    field: str
    weight: str
    configuration: str
    source: str

    def vector(self) -> str:
        """Return the SQL of this part's tsvector, as the index has it."""
        if self.source.startswith("jsonb_"):
            return f"jsonb_to_tsvector('{self.configuration}', {self.source}, '[\"string\"]')"
        return f"to_tsvector('{self.configuration}', coalesce({self.source}, ''))"

    def exact_vector(self) -> str:
        """Return the SQL of a tsvector of the words as they stand, without case and accents."""
        if self.source.startswith("jsonb_"):
            texts = f"jsonb_array_elements_text({self.source}) AS t"
            plain = f"(SELECT jsonb_agg(unaccent(t)) FROM {texts})"  # noqa: S608 - of a model
            return f"jsonb_to_tsvector('{_EXACT}', {plain}, '[\"string\"]')"
        return f"to_tsvector('{_EXACT}', unaccent(coalesce({self.source}, '')))"


@dataclass(frozen=True, slots=True)
class Total:
    """A count; when not `is_exact`, there are at least `value`."""

    value: int
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Matches(Generic[T]):
    """The best rows, and how many there are in all."""

    rows: list[T]
    total: Total


class _Search:
    """One term against one model: the conditions, and the subqueries built from them."""

    def __init__(
        self,
        model: type[Any],
        term: str,
        fields: Sequence[str] | None,
        filters: Mapping[str, Any] | None,
    ) -> None:
        self.mapper, self.vector, parts = _searchable(model)
        self.key = self.mapper.primary_key[0]
        self.parts = _chosen(parts, fields)
        self.term = parse_term(term)
        self.configurations = sorted({part.configuration for part in parts})
        self.filters = conditions(self.mapper, filters)
        weights = {part.weight for part in self.parts}
        self.is_narrowed = weights != {part.weight for part in parts}
        self.shares_weights = any(p.weight in weights for p in parts if p not in self.parts)
        self.weights = weights

    @cached_property
    def query(self) -> ColumnElement[Any]:
        """The whole term without what it excludes, in any spelling."""
        return self._any_of(self.term.readings)

    def counted(self) -> Select[Any]:
        """Two columns: how many candidates pass, and how many candidates there are."""
        found = self._matching(CANDIDATES + 1).cte("candidates")
        passed = select(func.count()).select_from(self._passed(found)).scalar_subquery()
        return select(passed, func.count()).select_from(found)

    def ranked(self, limit: int) -> Subquery:
        """The keys of the best `limit` matches with their place, and both counts of `counted`."""
        found = self._candidates(CANDIDATES + 1).cte("candidates")
        passed = self._passed(found)
        key, seen = passed.c[self.key.name], self._seen(passed.c[self.vector.name])
        words = Unit(self.term.phrase or self.term.alternatives[0][0].text)
        in_title = _only(seen, {"A"}).bool_op("@@")(self._unit(words))
        # As typed only: the cost of a rank grows with the words looked for times those in the text.
        typed = self._any_of([*self.term.ranked, (words,)], only_as_typed=True)
        rank = func.ts_rank_cd(_WEIGHTS, seen, typed, _RANK_NORMALIZATION)
        order = (in_title.desc(), rank.desc(), key)
        return (
            select(
                key.label("key"),
                func.row_number().over(order_by=order).label("place"),
                func.count().over().label("passed"),
                select(func.count()).select_from(found).scalar_subquery().label("candidates"),
            )
            .order_by(*order)
            .limit(limit)
            .subquery("ranked")
        )

    def _candidates(self, limit: int) -> Select[Any]:
        """At most `limit` matches, as the index finds them.

        A term of several words is looked up as a phrase first, so that the best matches are
        candidates even when the words are common.
        """
        if self.term.phrase is None:
            return self._matching(limit)
        is_phrase = self.vector.bool_op("@@")(self._unit(Unit(self.term.phrase)))
        adjacent = self._matching(limit, is_phrase).subquery()
        others = self._matching(limit, ~is_phrase).subquery()
        # The outer limit ends the work when the phrase alone gives enough: the others may be none,
        # and to find that out is to read every row that holds the words.
        both = union_all(adjacent.select(), others.select()).subquery()
        return select(both).limit(limit)

    def _matching(self, limit: int, *conditions: ColumnElement[bool]) -> Select[Any]:
        """Rows that match the whole term. The index serves `vector @@ query`.

        They carry what the checks read: the limit keeps the planner from checking other rows.
        """
        needs_texts = self.term.literal or self.shares_weights
        carried = self.mapper.local_table.columns if needs_texts else (self.key, self.vector)
        found = select(*carried).where(
            self.vector.bool_op("@@")(self.query), *conditions, *self.filters
        )
        if self.is_narrowed:
            found = found.where(self._seen(self.vector).bool_op("@@")(self.query))
        if self.term.excluded:
            unwanted = _any([self._unit(unit) for unit in self.term.excluded])
            found = found.where(~self.vector.bool_op("@@")(unwanted))
        return found.limit(limit)

    def _passed(self, found: CTE) -> FromClause:
        """The candidates of which holds what the index cannot tell."""
        if self.shares_weights:
            exact = literal_column(" || ".join(part.vector() for part in self.parts), TSVECTOR)
            found = select(found).where(exact.bool_op("@@")(self.query)).cte("of_these_fields")
        if not self.term.literal:
            return found
        texts = self._texts(found)
        seen = self._seen(texts.c[self.vector.name])
        as_typed = or_(*(self._as_typed(texts, seen, units) for units in self.term.readings))
        return select(texts).where(as_typed).subquery("passed")

    def _texts(self, found: CTE) -> CTE:
        """The candidates' words as they stand: each part's vector once a row, where one may match.

        Materialized, or the planner would copy each vector to every place that compares it.
        """
        literal = _any([self._unit(unit) for unit in self.term.literal])
        vector = found.c[self.vector.name]
        vectors = [
            case(
                (
                    _only(vector, {part.weight}).bool_op("@@")(literal),
                    literal_column(part.exact_vector(), TSVECTOR),
                )
            ).label(f"part_{number}")
            for number, part in enumerate(self.parts)
        ]
        texts = select(found.c[self.key.name], vector, *vectors).cte("texts")
        return texts.prefix_with("MATERIALIZED", dialect="postgresql")

    def _as_typed(self, texts: CTE, seen: ColumnElement[Any], units: Units) -> ColumnElement[bool]:
        """All units match, and the literal ones as typed, within one field's text."""
        literal = [
            or_(*(texts.c[f"part_{n}"].bool_op("@@")(_exact(unit)) for n in range(len(self.parts))))
            for unit in units
            if unit.is_literal
        ]
        return and_(seen.bool_op("@@")(self._all(units)), *literal)

    def _seen(self, vector: ColumnElement[Any]) -> ColumnElement[Any]:
        """The part of a search vector that is searched."""
        return _only(vector, self.weights) if self.is_narrowed else vector

    def _any_of(
        self, alternatives: Iterable[Units], *, only_as_typed: bool = False
    ) -> ColumnElement[Any]:
        return _any([self._all(units, only_as_typed=only_as_typed) for units in alternatives])

    def _all(self, units: Units, *, only_as_typed: bool = False) -> ColumnElement[Any]:
        return _joined("&&", [self._unit(unit, only_as_typed=only_as_typed) for unit in units])

    def _unit(self, unit: Unit, *, only_as_typed: bool = False) -> ColumnElement[Any]:
        """A word or phrase, in any spelling or one, as stemmed in either language."""
        query = unit.typed if only_as_typed else unit.query
        hyphenated = compounds(unit.text) if self.term.has_compounds and not only_as_typed else []
        wanted: list[ColumnElement[Any]] = []
        for configuration in self.configurations:
            wanted.append(func.to_tsquery(literal_column(f"'{configuration}'", REGCONFIG), query))
            if hyphenated:
                wanted.append(_one_lexeme_of(configuration, hyphenated))
        return _any(wanted)


def _searchable(model: Any) -> tuple[Mapper[Any], Any, Sequence[SearchPart]]:
    mapper = mapper_of(model)
    vector = mapper.local_table.columns.get("search_vector")
    if vector is None or PARTS not in vector.info:
        raise InvalidInput(f"{model.__name__} has no full-text search", field="model")
    return mapper, vector, vector.info[PARTS]


def _chosen(parts: Sequence[SearchPart], fields: Sequence[str] | None) -> list[SearchPart]:
    if fields is None:
        return list(parts)
    require_all("search_fields", fields, str, "names of fields")
    allowed = {part.field for part in parts}
    unknown = sorted(set(fields) - allowed)
    if unknown or not fields:
        raise InvalidInput(
            f"no search field {', '.join(unknown) or 'given'}; there are "
            f"{', '.join(sorted(allowed))}",
            field="search_fields",
        )
    return [part for part in parts if part.field in fields]


def _exact(unit: Unit) -> ColumnElement[Any]:
    """The words of a unit as they were typed, in any spelling."""
    simple = literal_column(f"'{_EXACT}'", REGCONFIG)
    words = [func.phraseto_tsquery(simple, func.unaccent(text)) for text in spellings(unit.text)]
    # A subquery is evaluated once; `unaccent`, which is not immutable, would be at each row.
    return select(_any(words)).scalar_subquery()


def _one_lexeme_of(configuration: str, words: Sequence[str]) -> ColumnElement[Any]:
    """Any of hyphenated `words` (of plain letters) as one lexeme, as the index has it: stemmed.

    `to_tsquery` would want the parts side by side as well, which only the rows can tell. So the
    lexemes with a hyphen are taken from the text of a tsvector: 'e':2 'e-mail':1 'mail':3.
    """
    vector = func.to_tsvector(literal_column(f"'{configuration}'", REGCONFIG), " ".join(words))
    whole = func.regexp_replace(cast(vector, Text), "'[^'-]+':[0-9,]+ ?", "", "g")
    alternatives = func.rtrim(func.regexp_replace(whole, ":[0-9,]+ ?", "|", "g"), "|")
    return cast(alternatives, TSQUERY)


def _only(vector: ColumnElement[Any], weights: Collection[str]) -> ColumnElement[Any]:
    letters = ",".join(sorted(weights)).lower()
    return func.ts_filter(vector, literal_column(f"'{{{letters}}}'::\"char\"[]"), type_=TSVECTOR)


def _any(queries: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    return _joined("||", queries)


def _joined(operator: str, queries: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    return reduce(
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
    matches = await find_matches(
        session, model, search_term, search_fields, filters, limit, options=options
    )
    return matches.rows


async def find_matches(  # noqa: PLR0917 - as above
    session: AsyncSession,
    model: type[T],
    search_term: str,
    search_fields: Sequence[str] | None = None,
    filters: Mapping[str, Any] | None = None,
    limit: int = 20,
    *,
    options: Sequence[ExecutableOption] = (),
) -> Matches[T]:
    """Return what `search_full_text` returns, and the total up to 1,000, in one statement."""
    require_whole("limit", limit, 1, MAX_LIMIT)
    require_all("options", options, ExecutableOption, "loader options")
    search = _Search(model, search_term, search_fields, filters)
    if not search.term:
        return Matches([], Total(0, is_exact=True))
    ranked = search.ranked(limit)
    query = (
        select(model, ranked.c.passed, ranked.c.candidates)
        .join(ranked, ranked.c.key == search.key)
        .order_by(ranked.c.place)
        .options(*options)
    )
    async with search_limits(session):
        with refusing_bad_values("filters"):
            found = (await session.execute(query)).unique().all()
    if not found:
        return Matches([], Total(0, is_exact=True))
    return Matches([row[0] for row in found], _total(*found[0][1:], cap=CANDIDATES))


async def count_matches(
    session: AsyncSession,
    model: type[Any],
    search_term: str,
    search_fields: Sequence[str] | None = None,
    filters: Mapping[str, Any] | None = None,
    *,
    cap: int = CANDIDATES,
) -> Total:
    """Return how many rows match, counting up to `cap` (1 to 1,000). As `search_full_text`."""
    require_whole("cap", cap, 1, CANDIDATES)
    search = _Search(model, search_term, search_fields, filters)
    if not search.term:
        return Total(0, is_exact=True)
    async with search_limits(session):
        with refusing_bad_values("filters"):
            passed, candidates = (await session.execute(search.counted())).one()
    return _total(passed, candidates, cap=cap)


def _total(passed: int, candidates: int, *, cap: int) -> Total:
    """Return the total up to `cap`: exact unless there are more, or candidates were left out."""
    return Total(min(passed, cap), is_exact=passed <= cap and candidates <= CANDIDATES)
