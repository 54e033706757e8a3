"""Grading of tiles that are put in order. Tiles with the same text are the same tile."""

from collections import Counter
from decimal import Decimal
from itertools import pairwise

from app.english.answers import DiffPiece
from app.questions.documents import OrderingKey, OrderingOptions, OrderingResponse
from app.questions.grading import remarks
from app.questions.grading.choices import labels_of
from app.questions.grading.grades import (
    NOTHING,
    RIGHT,
    Grade,
    Texts,
    partial,
)


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
    """Return the tiles that stand in the right sequence, and between them too many and missing."""
    pieces: list[DiffPiece] = []
    ours = theirs = 0
    for right, mine in [*_standing(order, given), (len(order), len(given))]:
        pieces += [DiffPiece("extra", "", tile) for tile in given[theirs:mine]]
        pieces += [DiffPiece("missing", tile, "") for tile in order[ours:right]]
        pieces += [DiffPiece("same", tile, tile) for tile in order[right : right + 1]]
        ours, theirs = right + 1, mine + 1
    return tuple(pieces)


def _standing(order: list[str], given: list[str]) -> list[tuple[int, int]]:
    """Return the places (right, given) of the longest series of tiles in the right sequence."""
    places: dict[str, list[int]] = {}
    for place, tile in reversed([*enumerate(order)]):
        places.setdefault(tile, []).append(place)
    series: list[list[tuple[int, int]]] = []  # the longest that ends with each tile
    for mine, tile in enumerate(given):
        if places.get(tile):
            right = places[tile].pop()
            before = [each for each in series if each[-1][0] < right]
            series.append([*max(before, key=len, default=[]), (right, mine)])
    return max(series, key=len, default=[])
