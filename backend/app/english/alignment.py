"""Which word of an answer stands for which word of the key."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence

Pair = tuple[int | None, int | None]
"""Places in the key and in the answer; None where one of them lacks the word."""

_MOST_CELLS = 900
"""Larger stretches without a common anchor are paired in order; that bounds the time."""

_SAME, _RELATED, _OTHER, _ALONE = 0, 5, 11, 6


def align(
    key: Sequence[str], answer: Sequence[str], related: Callable[[int, int], bool]
) -> list[Pair]:
    """Pair the words of two texts, equal ones first, then related ones, then what is left between.

    `related` tells for a place in each whether these different words belong together (go and
    went). The order of both texts is kept. Equal beginnings and ends are paired at once, the rest
    at the words that each has exactly once ("patience" anchors) as long as it is large, and by
    the cheapest alignment (dynamic programming) within.
    """
    start, end = 0, 0
    most = min(len(key), len(answer))
    while start < most and key[start] == answer[start]:
        start += 1
    while end < most - start and key[-1 - end] == answer[-1 - end]:
        end += 1
    pairs: list[Pair] = [(place, place) for place in range(start)]
    i, j = start, start
    for anchor_i, anchor_j in _anchors(key, answer, start, end):
        pairs += _between(key, answer, (i, anchor_i), (j, anchor_j), related)
        pairs.append((anchor_i, anchor_j))
        i, j = anchor_i + 1, anchor_j + 1
    pairs += _between(key, answer, (i, len(key) - end), (j, len(answer) - end), related)
    pairs += [(len(key) - n, len(answer) - n) for n in range(end, 0, -1)]
    return pairs


def _anchors(
    key: Sequence[str], answer: Sequence[str], start: int, end: int
) -> list[tuple[int, int]]:
    """Return the longest rising series of places of words that are unique in both middles."""
    ours, theirs = key[start : len(key) - end], answer[start : len(answer) - end]
    if len(ours) * len(theirs) <= _MOST_CELLS:
        return []
    once = {word for word, count in Counter(ours).items() if count == 1}
    once &= {word for word, count in Counter(theirs).items() if count == 1}
    place = {word: j for j, word in enumerate(theirs) if word in once}
    candidates = [(i, place[word]) for i, word in enumerate(ours) if word in once]
    ends: list[int] = []  # the smallest last place of a series of each length
    chain: list[tuple[int, int]] = []
    for i, j in candidates:
        length = bisect_left(ends, j)
        ends[length : length + 1] = [j]
        chain.append((length, i))
    series: list[tuple[int, int]] = []
    wanted, limit = len(ends) - 1, len(theirs)
    for length, i in reversed(chain):
        j = place[ours[i]]
        if length == wanted and j < limit:
            series.append((start + i, start + j))
            wanted, limit = wanted - 1, j
    return series[::-1]


def _between(
    key: Sequence[str],
    answer: Sequence[str],
    ours: tuple[int, int],
    theirs: tuple[int, int],
    related: Callable[[int, int], bool],
) -> list[Pair]:
    """Pair the words of two stretches, given by where they begin and end."""
    rows, columns = range(*ours), range(*theirs)
    if not rows or not columns:
        return [(i, None) for i in rows] + [(None, j) for j in columns]
    if len(rows) * len(columns) > _MOST_CELLS:
        most = min(len(rows), len(columns))
        pairs: list[Pair] = list(zip(rows, columns, strict=False))
        pairs += [(i, None) for i in rows[most:]]
        return pairs + [(None, j) for j in columns[most:]]
    match = [
        [_SAME if key[i] == answer[j] else _RELATED if related(i, j) else _OTHER for j in columns]
        for i in rows
    ]
    return [
        (None if a is None else rows[a], None if b is None else columns[b])
        for a, b in _cheapest(match)
    ]


def _cheapest(match: list[list[int]]) -> list[Pair]:
    """Return the alignment of least cost; `match` is the cost of pairing row and column."""
    width = len(match[0])
    costs = [[_ALONE * j for j in range(width + 1)]]
    for costs_of_row in match:
        above = costs[-1]
        row = [above[0] + _ALONE]
        for j, cost in enumerate(costs_of_row):
            row.append(min(above[j] + cost, above[j + 1] + _ALONE, row[j] + _ALONE))
        costs.append(row)
    pairs: list[Pair] = []
    i, j = len(match), width
    while i or j:
        here = costs[i][j]
        if i and j and here == costs[i - 1][j - 1] + match[i - 1][j - 1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif j and here == costs[i][j - 1] + _ALONE:
            j -= 1
            pairs.append((None, j))
        else:
            i -= 1
            pairs.append((i, None))
    return pairs[::-1]
