"""On which of the learner's days new cards are first shown. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

_DAY = timedelta(days=1)


def spread_new_cards(
    assigned: Mapping[date, int], faces: Iterable[int], today: date, per_day: int
) -> list[list[date]]:
    """Return the learner's days on which the cards of each item are first shown.

    `faces` says how many cards each item has; the next card of an item comes a day after the one
    before it at the earliest. No day is given more than `per_day` unseen cards, those `assigned`
    already included. With `per_day` 0 the learner wants no new cards, and the list is empty.
    """
    if per_day == 0:
        return []
    load = Counter(assigned)

    def take(earliest: date) -> date:
        day = earliest
        while load[day] >= per_day:
            day += _DAY
        load[day] += 1
        return day

    spread = []
    for cards in faces:
        days = [take(today)]
        while len(days) < cards:
            days.append(take(days[-1] + _DAY))
        spread.append(days)
    return spread


def show_at_once(faces: Iterable[int], today: date) -> list[list[date]]:
    """Return the same for cards that were asked for by hand: from today on, however many."""
    return [[today + n * _DAY for n in range(cards)] for cards in faces]
