"""Grading of tiles that are put in order. Tiles with the same text are the same tile."""

from collections import Counter
from decimal import Decimal
from itertools import pairwise

from app.domain.english.alignment import align
from app.domain.english.answers import DiffPiece
from app.domain.practice.grading import remarks
from app.domain.practice.grading.choices import labels_of
from app.domain.practice.grading.grades import (
    NOTHING,
    RIGHT,
    Grade,
    Texts,
    partial,
)
from app.models.documents import OrderingKey, OrderingOptions, OrderingResponse


def grade_ordering(key: OrderingKey, options: OrderingOptions, response: OrderingResponse) -> Grade:
    """Score the share of right neighbours; tiles too many count against it.

    Of n tiles, n - 1 pairs of neighbours are right; a longer answer is held to its own number of
    pairs. The accepted order that is closest counts.
    """
    labels = labels_of(options.tokens)
    given = [labels.get(token, token) for token in response.order]
    orders = [[labels.get(token, token) for token in order] for order in key.orders]
    if given in orders:
        return RIGHT
    if not given:
        return Grade(NOTHING, (remarks.LEFT_OPEN,))
    closest = max(orders, key=lambda order: _right_neighbours(order, given))
    pairs = max(len(closest), len(given)) - 1
    score = partial(Decimal(_right_neighbours(closest, given)) / pairs)
    return Grade(score, _feedback(closest, given), _diff(closest, given))


def _right_neighbours(order: list[str], given: list[str]) -> int:
    return (Counter(pairwise(order)) & Counter(pairwise(given))).total()


def _feedback(order: list[str], given: list[str]) -> tuple[Texts, ...]:
    """Return what to add or take away, or else the first step that differs."""
    missing, unused = Counter(order) - Counter(given), Counter(given) - Counter(order)
    feedback = [
        remark.format(items=remarks.quoted(tiles.elements()))
        for remark, tiles in ((remarks.NOT_NEEDED, unused), (remarks.STILL_MISSING, missing))
        if tiles
    ]
    if feedback:
        return tuple(feedback)
    place = next(n for n, (a, b) in enumerate(zip(order, given, strict=True)) if a != b)
    if place == 0:
        return (remarks.STARTS_WITH.format(tile=order[0]),)
    return (remarks.FOLLOWS.format(before=order[place - 1], tile=order[place]),)


def _diff(order: list[str], given: list[str]) -> tuple[DiffPiece, ...]:
    """Return the tiles that stand right, are missing, too many, or in the place of another."""
    return tuple(
        _piece("" if right is None else order[right], "" if mine is None else given[mine])
        for right, mine in align(order, given, lambda _right, _mine: False)
    )


def _piece(expected: str, given: str) -> DiffPiece:
    if expected == given:
        return DiffPiece("same", expected, given)
    if not given:
        return DiffPiece("missing", expected, "")
    return DiffPiece("wrong" if expected else "extra", expected, given)
