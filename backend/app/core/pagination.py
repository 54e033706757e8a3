"""Pages of a query: numbered pages (offset) and keyset pages with signed cursors."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar, get_args

import msgspec
from sqlalchemy import ColumnElement, Select, UnaryExpression, func, inspect, select, tuple_
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, Mapper
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BooleanClauseList

from app.core.arguments import require_all, require_kind, require_one_of, require_whole
from app.core.errors import InvalidInput
from app.core.security import signer
from app.core.values import plain_type

T = TypeVar("T")
Totals = Literal["exact", "capped", "omitted"]
MAX_PER_PAGE = 200
MAX_OFFSET = 10_000_000
TOTAL_CAP = 1_000
DEFERRED_JOIN_OFFSET = 1_000
"""From this offset on, keys are skipped first and only the page's rows are read."""
_PURPOSE = "cursor"
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


class _ByKey:
    """Lets a dataclass be read by key as well, `page["items"]`, and turned into a dict."""

    __slots__ = ()

    def __getitem__(self, key: str) -> Any:
        if key not in self.keys():
            raise KeyError(key)
        return getattr(self, key)

    def keys(self) -> list[str]:
        """Return the names of all fields."""
        return [field.name for field in fields(self)]  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Page(_ByKey, Generic[T]):
    """One numbered page. `total` and `pages` are None when not counted.

    When not `total_is_exact`, there are at least `total` rows, and `pages` is None.
    """

    items: list[T]
    total: int | None
    page: int
    per_page: int
    pages: int | None
    has_next: bool
    has_prev: bool
    total_is_exact: bool = True


@dataclass(frozen=True, slots=True)
class KeysetPage(_ByKey, Generic[T]):
    """One page of an endless list; a cursor is None where there is nothing further."""

    items: list[T]
    next_cursor: str | None
    previous_cursor: str | None


# --- numbered pages -------------------------------------------------------------------------------


async def get_paginated(
    session: AsyncSession,
    query: Select[Any],
    page: int = 1,
    per_page: int = 20,
    *,
    totals: Totals = "exact",
) -> Page[Any]:
    """Return page `page` (from 1) of `query`, with `per_page` (1 to 200) items.

    The order is made deterministic by the primary key. A query of one entity or column gives those
    as items, another one rows. `totals`: "exact" counts every match, "capped" at most 1,000,
    "omitted" none. A page after the last one is empty. The query's own limit and offset hold: its
    pages and total are those of the rows that it gives. Raises InvalidInput naming the argument.
    """
    offset = _offset(page, per_page)
    require_one_of("totals", totals, get_args(Totals))
    require_kind("query", query, Select, "a select")
    query = _whole(query.order_by(*_tie_breakers(query)))
    total = None if totals == "omitted" else await _total(session, query, totals)
    items = await _fetch(session, _slice(query, offset, per_page + 1))
    has_next = len(items) > per_page
    items = items[:per_page]
    is_exact = total is not None and (totals == "exact" or total <= TOTAL_CAP)
    if total is not None and not is_exact:
        total = max(TOTAL_CAP, offset + len(items) + has_next)
    return Page(
        items=items,
        total=total,
        page=page,
        per_page=per_page,
        pages=-(-total // per_page) if total is not None and is_exact else None,
        has_next=has_next,
        has_prev=page > 1,
        total_is_exact=is_exact,
    )


def _whole(query: Select[Any]) -> Select[Any]:
    """Return `query` without a limit of its own: one that has it becomes the keys of another."""
    if query._limit_clause is None and query._offset_clause is None:  # noqa: SLF001 - no public way
        return query
    mapper = _entity(query)
    if mapper is None:
        return select(*query.subquery().columns)
    keys = query.with_only_columns(*mapper.primary_key, maintain_column_froms=True)
    return _among(query.limit(None).offset(None), mapper, keys)


def _offset(page: int, per_page: int) -> int:
    require_whole("per_page", per_page, 1, MAX_PER_PAGE)
    require_whole("page", page, 1, MAX_OFFSET // per_page + 1)  # a cursor goes further
    return (page - 1) * per_page


def _entity(query: Select[Any]) -> Mapper[Any] | None:
    """Return the mapper when `query` selects exactly one mapped class."""
    descriptions = query.column_descriptions
    if len(descriptions) == 1 and isinstance(descriptions[0]["expr"], type):
        mapper: Mapper[Any] = inspect(descriptions[0]["expr"])
        return mapper
    return None


def _tie_breakers(query: Select[Any]) -> Sequence[ColumnElement[Any]]:
    """Return what makes any order total: the primary key, or every selected column."""
    mapper = _entity(query)
    return mapper.primary_key if mapper else list(query.selected_columns)


async def _total(session: AsyncSession, query: Select[Any], totals: Totals) -> int:
    """Count the rows; with "capped", stop after one more than the cap."""
    mapper = _entity(query)
    counted = query.order_by(None)
    if mapper is not None:
        counted = counted.with_only_columns(*mapper.primary_key, maintain_column_froms=True)
    if totals == "capped":
        counted = counted.limit(TOTAL_CAP + 1)
    total = await session.scalar(select(func.count()).select_from(counted.subquery()))
    return int(total or 0)


def _slice(query: Select[Any], offset: int, size: int) -> Select[Any]:
    """Skip to `offset`. Far away only keys are skipped, through an index where one fits."""
    mapper = _entity(query)
    if mapper is None or offset < DEFERRED_JOIN_OFFSET:
        return query.offset(offset).limit(size)
    keys = mapper.primary_key
    wanted = query.with_only_columns(*keys, maintain_column_froms=True).offset(offset).limit(size)
    return _among(query, mapper, wanted)


def _among(query: Select[Any], mapper: Mapper[Any], wanted: Select[Any]) -> Select[Any]:
    """Narrow `query` to the rows whose keys `wanted` gives."""
    keys = mapper.primary_key
    key = keys[0] if len(keys) == 1 else tuple_(*keys)
    return query.where(key.in_(select(*wanted.subquery().columns)))


async def _fetch(session: AsyncSession, query: Select[Any]) -> list[Any]:
    result = await session.execute(query)
    if _entity(query) is not None:
        return list(result.scalars().unique())  # joined collections repeat their parent
    return list(result.scalars() if len(query.column_descriptions) == 1 else result)


# --- keyset pages ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Keyset:
    """The columns that order a query (the primary key last), all in one direction."""

    query: Select[Any]
    columns: tuple[InstrumentedAttribute[Any], ...]
    is_descending: bool

    @cached_property
    def fingerprint(self) -> str:
        """What a cursor is recognised by: a digest of the query, its values and its order."""
        ordered = self.query.order_by(*self.order(backwards=False)).compile(dialect=_DIALECT)
        said = f"{ordered} {sorted(ordered.params.items())}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def beyond(self, values: Sequence[Any], *, backwards: bool) -> ColumnElement[bool]:
        """Rows after (or before) `values`, as one row comparison: the index serves it."""
        row = tuple_(*self.columns)
        return row < tuple(values) if backwards != self.is_descending else row > tuple(values)

    def order(self, *, backwards: bool) -> Iterator[ColumnElement[Any]]:
        for column in self.columns:
            yield column.desc() if backwards != self.is_descending else column.asc()

    def cursor(self, item: Any, *, backwards: bool) -> str:
        values = [getattr(item, column.key) for column in self.columns]
        return self.sign(values, backwards=backwards)

    def sign(self, values: Sequence[Any], *, backwards: bool) -> str:
        return signer().sign(
            _PURPOSE, [self.fingerprint, int(backwards), *msgspec.to_builtins(values)]
        )

    def read(self, cursor: str) -> tuple[list[Any], bool]:
        """Return the values and whether the walk goes backwards."""
        payload = signer().unsign(_PURPOSE, cursor, field="cursor")
        fingerprint, backwards, *raw = payload
        if fingerprint != self.fingerprint:
            raise InvalidInput("this cursor belongs to another list", field="cursor")
        types = [plain_type(column.type).python_type for column in self.columns]
        try:
            values = [msgspec.convert(v, t, strict=False) for v, t in zip(raw, types, strict=True)]
        except (ValueError, msgspec.ValidationError) as error:  # the columns have changed since
            raise InvalidInput("this cursor is out of date", field="cursor") from error
        return values, bool(backwards)


async def get_keyset_page(
    session: AsyncSession,
    query: Select[Any],
    order_by: Sequence[Any],
    limit: int = 20,
    cursor: str | None = None,
) -> KeysetPage[Any]:
    """Return the next (or previous) `limit` (1 to 200) items of a list that may grow without end.

    `query` selects one mapped class and has no order of its own; `order_by` holds its columns, all
    `.asc()` or all `.desc()` (a row comparison has one direction) and none nullable. The primary
    key is appended. A cursor is signed and belongs to its query, its bound values included: a
    moving value such as the present time would orphan it. Raises InvalidInput naming the argument.
    """
    require_whole("limit", limit, 1, MAX_PER_PAGE)
    require_kind("query", query, Select, "a select")
    require_all("order_by", order_by, (ColumnElement, InstrumentedAttribute), "columns")
    require_kind("cursor", cursor, str | None, "text")
    keyset = _keyset(query, order_by)
    values, backwards = keyset.read(cursor) if cursor is not None else ([], False)
    wanted = query.order_by(None).order_by(*keyset.order(backwards=backwards)).limit(limit + 1)
    if cursor is not None:
        wanted = wanted.where(keyset.beyond(values, backwards=backwards))
    items = await _fetch(session, wanted)
    has_more = len(items) > limit
    items = items[:limit]
    if backwards:
        items.reverse()
    has_next = has_more or backwards
    has_previous = has_more if backwards else cursor is not None
    if not items:  # every row beyond the cursor is gone; the way back remains
        back = keyset.sign(values, backwards=not backwards) if cursor is not None else None
        return KeysetPage([], back if backwards else None, None if backwards else back)
    return KeysetPage(
        items,
        keyset.cursor(items[-1], backwards=False) if has_next else None,
        keyset.cursor(items[0], backwards=True) if has_previous else None,
    )


def _keyset(query: Select[Any], order_by: Sequence[Any]) -> _Keyset:
    mapper = _entity(query)
    if mapper is None:
        raise InvalidInput("a keyset page needs a query of one mapped class", field="query")
    directions = {_is_descending(term) for term in order_by}
    if len(directions) > 1:
        raise InvalidInput(
            "order_by must be all ascending or all descending: rows compare in one direction",
            field="order_by",
        )
    keys = [mapper.get_property_by_column(column).class_attribute for column in mapper.primary_key]
    columns = [_attribute(mapper, term) for term in order_by]
    columns += [key for key in keys if key not in columns]
    for column in columns:
        _require_no_nulls(query, column)
    return _Keyset(query, tuple(columns), is_descending=directions == {True})


def _is_descending(term: Any) -> bool:
    return isinstance(term, UnaryExpression) and term.modifier is operators.desc_op


def _attribute(mapper: Mapper[Any], term: Any) -> InstrumentedAttribute[Any]:
    element = term.element if isinstance(term, UnaryExpression) else term
    column = mapper.local_table.columns.get(getattr(element, "name", ""))
    if column is None or not column.shares_lineage(element.expression):
        raise InvalidInput(f"order_by takes columns of {mapper.class_.__name__}", field="order_by")
    attribute: InstrumentedAttribute[Any] = mapper.get_property_by_column(column).class_attribute
    return attribute


def _require_no_nulls(query: Select[Any], column: InstrumentedAttribute[Any]) -> None:
    """Refuse a column with NULLs: a comparison with one is unknown, and its row would vanish."""
    required = column.is_not(None)
    where = query.whereclause
    clauses = where.clauses if isinstance(where, BooleanClauseList) else [where]
    is_required = any(clause is not None and required.compare(clause) for clause in clauses)
    if column.expression.nullable and not is_required:
        raise InvalidInput(
            f"order_by {column.key} may be null; add .where({column.key}.is_not(None))",
            field="order_by",
        )
